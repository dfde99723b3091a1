"""Documents as texts that read from top to bottom: a text for each language, with headings."""

from collections.abc import Iterator, Sequence

from ingest.document import Claim, Paragraph, PatentDocument

_HEADINGS = {
    "en": ("Abstract", "Claims", "Description"),
    "zh": ("摘要", "权利要求书", "说明书"),
    "ja": ("要約", "特許請求の範囲", "明細書"),
    "de": ("Zusammenfassung", "Ansprüche", "Beschreibung"),
    "fr": ("Abrégé", "Revendications", "Description"),
}


def texts_of(document: PatentDocument) -> Iterator[tuple[str, str]]:
    """(language, text) for each language that the document has, its own first. An entry of a scheme is its path, references and notes."""
    if is_scheme(document):
        yield document.language, "\n".join(line for s in document.sections for line in ([s.heading] if s.heading else []) + _paragraphs(s.paragraphs))
        return
    others = {*document.titles, *document.abstracts, *(name for name in document.translated_claims if len(name) == 2)}
    for language in dict.fromkeys((document.language, *sorted(others))):
        text = _laid_out(document, language)
        if text:
            yield language, text


def is_scheme(document: PatentDocument) -> bool:
    return bool(document.sections) and all(s.kind == "scheme" for s in document.sections)


def sections_of(document: PatentDocument) -> str:
    """The sections of the IPC (and of the CPC, which has the same, and Y) that the document stands in: `AG`."""
    return "".join(sorted({c.symbol[0] for c in document.classifications if c.scheme in ("ipc", "cpc") and "A" <= c.symbol[:1] <= "Y"}))


def _laid_out(document: PatentDocument, language: str) -> str:
    abstract, claims, description = _HEADINGS.get(language, _HEADINGS["en"])
    own = language == document.language
    blocks: list[str] = []
    if document.titles.get(language):
        blocks.append(f"# {_line(document.titles[language])}")
    if document.abstracts.get(language):
        blocks += [f"## {abstract}", document.abstracts[language]]
    claimed = document.claims if own else document.translated_claims.get(language, ())
    if claimed:
        blocks += [f"## {claims}", *_claims(claimed)]
    if own and document.sections:
        blocks.append(f"## {description}")
        for section in document.sections:
            if section.heading:
                blocks.append(f"### {_line(section.heading)}")
            blocks += _paragraphs(section.paragraphs)
    return "\n\n".join(blocks)


def _claims(claims: Sequence[Claim]) -> list[str]:
    return [f"{c.number}. {c.text}" for c in claims if c.text.strip()]


def _paragraphs(paragraphs: Sequence[Paragraph]) -> list[str]:
    return [p.text for p in paragraphs if p.text.strip()]


def _line(text: str) -> str:
    return " ".join(text.split())
