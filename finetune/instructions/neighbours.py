"""Examples that need several documents: texts of different inventions, and which of four patents another one matches."""

from collections.abc import Iterator

from assistant.tasks import patent_match, same_subject
from assistant.tasks.parts import language_of_document
from assistant.tasks.patent_match import LABELS, MatchGiven, MatchReply
from assistant.tasks.pointing import title_and_abstract
from assistant.tasks.same_subject import SameGiven, SameReply
from assistant.tasks.task import Example, Language, Task
from finetune.instructions.collection import Collection, Item, Near
from finetune.instructions.families import fraction
from ingest.document import PatentDocument


def examples(collection: Collection, item: Item, document: PatentDocument, wanted: set[str], seed: int) -> Iterator[tuple[Task, Example]]:  # type: ignore[type-arg]
    """Of the tasks `same_subject` (the negatives) and `patent_match`."""
    language = language_of_document(document)
    body = document.abstracts.get(language, "")
    if not body or not wanted & {"same_subject", "patent_match"} or language not in ("en", "zh"):
        return
    near = [n for n in collection.near(f"{document.title}\n{body}", item, 4, language, ("abstract", "claims")) if n.text.strip()]
    if "same_subject" in wanted and near:
        other = near[min(len(near) - 1, int(fraction(f"{seed} {document.number} other") * len(near)))]
        given = SameGiven(first=body, second=other.text, language=language)
        yield same_subject.TASK, Example(given, SameReply(same="no", words=[]), document.number)
    claim = next((c for c in document.claims if c.independent), None)
    if "patent_match" in wanted and claim and (match := _match(collection, document, claim.text, near, language, seed)):
        yield patent_match.TASK, Example(match[0], match[1], document.number)


def _match(
    collection: Collection, document: PatentDocument, claim: str, near: list[Near], language: Language, seed: int
) -> tuple[MatchGiven, MatchReply] | None:
    """The first claim of the patent among those of the nearest others."""
    others = []
    for each in near:
        found = collection.document(each.member)
        first = next((c.text for c in found.claims if c.independent), "")
        if first and language_of_document(found) == language and first != claim:
            others.append(first)
    if len(others) < len(LABELS) - 1:
        return None
    place = int(fraction(f"{seed} {document.number} place") * len(LABELS))
    options = [*others[:place], claim, *others[place : len(LABELS) - 1]]
    given = MatchGiven(query=title_and_abstract(document), options=tuple(options), language=language)
    return given, MatchReply(answer=LABELS[place])  # type: ignore[arg-type]
