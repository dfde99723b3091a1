"""What a section of a description is, from its heading or from the office's own mark."""

import re

_HEADINGS = (
    (
        "cross_reference",
        r"cross.?reference|related\s+(?:u\.?s\.?\s+)?(?:patent\s+)?applications?|priority\s+claim|government|federally|sponsored"
        r"|statement\s+(?:of|regarding)\s+(?:fed|gov)|sequence\s+listing|相关申请|交叉引用|优先权"
        r"|querverweis|verwandte\s+anmeldung|demandes?\s+(?:connexes?|apparent[eé]es?)|関連出願",
    ),
    (
        "description",
        r"detailed\s+description|embodiments?|best\s+mode|modes?\(?s?\)?\s+for\s+carrying|^examples?|具体实施|实施方式|实施例"
        r"|^description\s+of\s+the\s+(?:present\s+)?invention\W*$"
        r"|(?:detaillierte|ausführliche)\s+beschreibung|ausführungs(?:beispiel|form)|^beispiele?\b"
        r"|description\s+détaillée|modes?\s+de\s+réalisation|manières?\s+de\s+réaliser|^exemples?\b"
        r"|実施するための|実施の形態|実施形態|実施例|産業上の利用",
    ),
    (
        "drawings",
        r"descriptions?\s+of\s+(?:the\s+|several\s+|accompanying\s+)*(?:drawings?|figures?|views?)|^drawings?$|附图说明|附图的?简要说明"
        r"|beschreibung\s+der\s+(?:zeichnung|figur|abbildung)|figurenbeschreibung|^zeichnung(?:en)?\W*$"
        r"|(?:description|présentation|liste)\s+(?:\w+\s+)?des\s+(?:dessins|figures)|図面の簡単な説明",
    ),
    (
        "background",
        r"background|prior\s+art|related\s+art|背景技术|现有技术|stand\s+der\s+technik|^(?:\W*\d+\W*)?hintergrund"
        r"|[eé]tat\s+de\s+la\s+technique|art\s+antérieur|technique\s+antérieure|arri[eè]re-plan|背景技術|従来の技術|先行技術",
    ),
    (
        "field",
        r"^(?:\W*\d+\W*)?(?:technical\s+)?field(?:\s+(?:of|and)\b.*)?\W*$|技术领域"
        r"|^(?:\W*\d+\W*)?(?:technisches\s+)?gebiet(?:\s+der\b.*)?\W*$|^(?:\W*\d+\W*)?domaine(?:\s+(?:technique|de)\b.*)?\W*$|技術分野",
    ),
    (
        "summary",
        r"summary|disclosure|^(?:\W*\d+\W*)?objects?(?:\s+(?:of|and)\b.*)?\W*$|advantageous\s+effects?|technical\s+(?:solution|problem)"
        r"|^solution\s+to|发明内容|实用新型内容|发明概述|发明目的"
        r"|^(?:\W*\d+\W*)?(?:technische\s+)?(?:aufgabe|lösung)(?:\s+der\b.*)?\W*$|technisches\s+problem|zusammenfassung|offenbarung"
        r"|(?:darstellung|kurze\s+beschreibung|gegenstand)\s+der\s+erfindung|probl[eè]me\s+technique"
        r"|^(?:\W*\d+\W*)?(?:exposé|résumé|objet|but|divulgation)\s+(?:\w+\s+)?de\s+l|発明の(?:概要|開示|効果)|課題",
    ),
)
_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _HEADINGS)
_MARKS = {
    "RELAPP": "cross_reference",
    "GOVINT": "cross_reference",
    "BRFSUM": "summary",
    "DRWDESC": "drawings",
    "PARN": "cross_reference",
    "GOVT": "cross_reference",
    "BSUM": "summary",
    "DRWD": "drawings",
    "DETD": "description",
    "brief-description-of-sequences": "description",
    "brief-description-of-drawings": "drawings",
    "DETDESC": "description",
    "cross-reference-to-related-applications": "cross_reference",
    "federal-research-statement": "cross_reference",
    "background-of-invention": "background",
    "summary-of-invention": "summary",
    "detailed-description": "description",
    "technical-field": "field",
    "TechnicalField": "field",
    "background-art": "background",
    "BackgroundArt": "background",
    "disclosure": "summary",
    "Disclosure": "summary",
    "description-of-drawings": "drawings",
    "DrawingsDescription": "drawings",
    "mode-for-invention": "description",
    "InventionMode": "description",
    "best-mode": "description",
    "citation-list": "background",
    "patent-literature": "background",
    "non-patent-literature": "background",
    "tech-problem": "summary",
    "tech-solution": "summary",
    "advantageous-effects": "summary",
    "description-of-embodiments": "description",
    "embodiments-example": "description",
    "industrial-applicability": "description",
    "reference-signs-list": "description",
    "reference-to-deposited-biological-material": "description",
    "sequence-list-text": "description",
    "CitationBag": "background",
    "PatentCitationBag": "background",
    "NPLCitationBag": "background",
    "InventionSummary": "summary",
    "TechnicalProblem": "summary",
    "TechnicalSolution": "summary",
    "AdvantageousEffects": "summary",
    "DrawingDescription": "drawings",
    "BestMode": "description",
    "EmbodimentDescription": "description",
    "EmbodimentExample": "description",
    "IndustrialApplicability": "description",
    "ReferenceSignBag": "description",
}


def kind_of_mark(name: str) -> str | None:
    """The kind that an element or a processing instruction names, or None."""
    return _MARKS.get(name)


def kind_of_heading(heading: str) -> str | None:
    """The kind that a heading names, or None where it names none."""
    heading = heading.strip()
    for kind, pattern in _PATTERNS:
        if pattern.search(heading):
            return kind
    return None
