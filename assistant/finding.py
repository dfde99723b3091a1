"""The passages that a question is answered from."""

from collections.abc import Sequence

from assistant.law import named_articles, only_about_articles
from assistant.question import Question
from index.errors import NotInIndexError
from index.filter import Filter
from index.hit import Hit
from index.patent_index import PatentIndex


def find(index: PatentIndex, question: Question, where: Filter | None, k: int) -> list[Hit]:
    """The claims and the articles of laws that the question names first, then what the search finds; nothing where the document or claim it
    names is not there."""
    where = where or Filter()
    articles = named_articles(index, question, where)
    if not articles and only_about_articles(question):
        return []  # about an article that is not here
    numbers = named(index, question.numbers)
    if question.numbers and not numbers:
        return []  # about a document that is not here
    if numbers and not where.numbers:
        where = where.model_copy(update={"numbers": tuple(numbers)})
    elif question.scheme and not where.sections:
        places = where.model_copy(update={"sections": ("scheme",), "ipc": where.ipc or question.symbols})
        if len(hits := index.search(question.topic, k, places, late=True)):
            return hits
    hits = index.search(question.topic, k, where, late=True)
    wanted = {f"{n}#c{c}" for n in numbers for c in question.claims}
    if not wanted and not articles:
        return hits
    titles = {n: index.document(n).title for n in numbers}
    claims = [p for n in numbers for p in index.passages(n) if p.anchor in wanted]
    if wanted and not claims:
        return []  # about a claim that the document does not have
    first = [Hit(rank=0, passage=p, score=1.0, title=titles[p.number]) for p in claims] + articles
    given = {h.anchor for h in first} | {h.anchor.partition(".")[0] for h in articles}
    ordered = first + [h for h in hits if h.anchor not in given]
    return [h.model_copy(update={"rank": rank}) for rank, h in enumerate(ordered[:k], start=1)]


def named(index: PatentIndex, numbers: Sequence[str]) -> list[str]:
    """The full numbers of those of the documents that are in the index."""
    found = []
    for number in numbers:
        try:
            found.append(index.resolve(number))
        except NotInIndexError:
            continue
    return found
