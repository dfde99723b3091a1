"""What a section of a description is, from its heading or from the office's own mark."""

import re

_HEADINGS = (
    (
        "cross_reference",
        r"cross.?reference|related\s+(?:u\.?s\.?\s+)?(?:patent\s+)?applications?|priority\s+claim|government|federally|sponsored"
        r"|statement\s+(?:of|regarding)\s+(?:fed|gov)|sequence\s+listing|相关申请|交叉引用|优先权",
    ),
    ("description", r"detailed\s+description|embodiments?|best\s+mode|modes?\(?s?\)?\s+for\s+carrying|^examples?|具体实施|实施方式|实施例"),
    ("drawings", r"descriptions?\s+of\s+(?:the\s+|several\s+|accompanying\s+)*(?:drawings?|figures?|views?)|^drawings?$|附图说明|附图的?简要说明"),
    ("background", r"background|prior\s+art|related\s+art|背景技术|现有技术"),
    ("field", r"^(?:\W*\d+\W*)?(?:technical\s+)?field(?:\s+(?:of|and)\b.*)?\W*$|技术领域"),
    (
        "summary",
        r"summary|disclosure|^(?:\W*\d+\W*)?objects?(?:\s+(?:of|and)\b.*)?\W*$|advantageous\s+effects?|technical\s+(?:solution|problem)"
        r"|^solution\s+to|发明内容|实用新型内容|发明概述|发明目的",
    ),
)
_MARKS = {
    "RELAPP": "cross_reference",
    "GOVINT": "cross_reference",
    "BRFSUM": "summary",
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
}


def kind_of_mark(name: str) -> str | None:
    """The kind that an element or a processing instruction names, or None."""
    return _MARKS.get(name)


def kind_of_heading(heading: str) -> str | None:
    """The kind that a heading names, or None where it names none."""
    for kind, pattern in _HEADINGS:
        if re.search(pattern, heading.strip(), re.IGNORECASE):
            return kind
    return None
