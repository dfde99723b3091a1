"""The articles of laws that a question is answered from."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.errors import AssistantError
from assistant.tasks.grounded_answer import Source
from index.filter import Filter
from ingest.anchor import text_at
from ingest.document import Citation, PatentDocument
from ingest.laws.provision import place_of

if TYPE_CHECKING:
    from index.patent_index import PatentIndex

LAW = "law"
NO_LAW = "there is no law text in the index; ingest the law that the question is about, such as: patent ingest patent_law.txt"


def has_law(index: "PatentIndex") -> bool:
    return len(index.catalogue.matching(Filter(sections=(LAW,)))) > 0


def articles_for(index: "PatentIndex", question: str, k: int) -> tuple[Source, ...]:
    """The k articles that a question names or leads to, whole, best first. Raises AssistantError where the index has no law."""
    from assistant.law import look_up

    if not has_law(index):
        raise AssistantError(NO_LAW)
    found: dict[str, Source] = {}
    for hit in look_up(index, question, k):
        found.setdefault(hit.anchor, Source(anchor=hit.anchor, title=hit.title, text=text_at(index.document(hit.number), hit.anchor)))
    return tuple(found.values())


def at_part(citation: Citation, sources: Sequence[Source]) -> Citation:
    """The citation with the anchor of the paragraph or item of the article that it quotes: `art26` to `art26.4`."""
    source = next((s for s in sources if s.anchor == citation.anchor), None)
    if source is None or "." in citation.anchor.partition("#art")[2]:
        return citation
    return citation.model_copy(update={"anchor": ".".join((citation.anchor, *place_of(source.text, citation.quote)))})


def articles_of(document: PatentDocument) -> Iterator[tuple[str, Source]]:
    """(number, article) of a law; nothing of another document."""
    for section in document.sections:
        if section.kind == LAW:
            for paragraph in section.paragraphs:
                if paragraph.number[:1].isdigit() and paragraph.number != "0":
                    yield (
                        paragraph.number,
                        Source(anchor=f"{document.number}#{section.part(paragraph.number)}", title=document.title, text=paragraph.text),
                    )
