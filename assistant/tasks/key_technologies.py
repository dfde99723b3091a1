"""The key technologies of a technical field, each with where it stands in patents of the index."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.errors import AssistantError
from assistant.tasks.grounded_answer import Source, numbered
from assistant.tasks.metrics import set_scores
from assistant.tasks.pointing import Checked, pointed, show_numbered, sources_that_fit
from assistant.tasks.reply import read_as
from assistant.tasks.task import DATA_ONLY, DATA_ONLY_ZH, Example, Given, Output, Reply, Task, language_of, marked, one_line
from index.filter import SECTIONS, Filter
from index.terms import terms
from ingest.document import Citation, PatentDocument

if TYPE_CHECKING:
    from assistant.patents import PatentAssistant

TECHNOLOGIES, PLACES, PASSAGES, PER_DOCUMENT = 10, 5, 24, 3
_PATENTS = tuple(s for s in SECTIONS if s not in ("scheme", "law"))


class TechnologiesGiven(Given):
    """`sources` are passages of the index about the field."""

    field: str
    sources: tuple[Source, ...] = ()


class NamedTechnology(Reply):
    name: str
    sentences: list[int]


class TechnologiesReply(Reply):
    technologies: list[NamedTechnology]


class KeyTechnology(Output):
    """`documents` of the field have it, and it stands at `citations`; `places` are the main groups of the IPC that those documents have;
    `score` says how much it stands out, None where a language model named it."""

    name: str
    citations: tuple[Citation, ...]
    documents: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    score: float | None = None


class FieldPlace(Output):
    """A main group of the IPC, how many documents of the field have it, and how much that stands out."""

    symbol: str
    documents: int
    score: float


class KeyTechnologies(Checked):
    """`places` of the IPC stand out among the documents of the field; a language model gives none."""

    technologies: tuple[KeyTechnology, ...]
    places: tuple[FieldPlace, ...] = ()


def _show(given: TechnologiesGiven) -> str:
    return f"{show_numbered('patents', given.sources)}\n\n{marked('field', given.field)}"


def _read(reply: str, given: TechnologiesGiven) -> KeyTechnologies:
    """Technologies that point at sentences; others are left out, and said to be wrong."""
    citations = numbered(given.sources)
    found: dict[str, KeyTechnology] = {}
    wrong = []
    for each in read_as(TechnologiesReply, reply).technologies:
        name = one_line(each.name)
        cited, unknown = pointed(each.sentences, citations)
        wrong += [f"“{name[:60]}”: there is no sentence {n}" for n in unknown]
        if not cited or not name:
            wrong.append(f"“{name[:60]}”: no sentence is named that speaks of it")
            continue
        documents = tuple(dict.fromkeys(c.anchor.partition("#")[0] for c in cited))
        found.setdefault(name.casefold(), KeyTechnology(name=name, citations=cited, documents=documents))
    return KeyTechnologies(technologies=tuple(found.values()), wrong=tuple(wrong))


def _problems(output: KeyTechnologies, given: TechnologiesGiven) -> list[str]:
    found = list(output.wrong)
    if not output.technologies:
        found.append("no technology is named")
    if len(output.technologies) > TECHNOLOGIES:
        found.append(f"{len(output.technologies)} technologies are named; {TECHNOLOGIES} at most")
    return found


def _prepare(given: TechnologiesGiven, assistant: "PatentAssistant") -> TechnologiesGiven:
    """With the best passages for the field, a few of each document at most. Raises AssistantError where the index has none."""
    if given.sources:
        return given
    taken: dict[str, list[Source]] = {}
    for hit in assistant.index.search(given.field, 4 * PASSAGES, Filter(sections=_PATENTS)):
        of_document = taken.setdefault(hit.number, [])
        if len(of_document) < PER_DOCUMENT and sum(map(len, taken.values())) < PASSAGES:
            of_document.append(Source(anchor=hit.anchor, title=hit.title, text=hit.passage.text))
    sources = tuple(source for some in taken.values() for source in some)
    if not sources:
        raise AssistantError("key_technologies: the index has no patents to find a field's technologies in; ingest some")
    return given.model_copy(update={"sources": sources})


def _offline(given: TechnologiesGiven, assistant: "PatentAssistant | None") -> tuple[KeyTechnologies, str]:
    from assistant.technologies import documents_of, places, technologies

    if assistant is None:
        raise AssistantError("key_technologies: an index of patents is needed; name one with --index")
    documents = documents_of(assistant.index, given.field)
    found = technologies(assistant.index, given.field, documents, TECHNOLOGIES)
    stand_out = places(assistant.index, documents, PLACES)
    return KeyTechnologies(
        technologies=tuple(
            KeyTechnology(name=t.name, citations=tuple(t.citations), documents=tuple(t.documents), places=tuple(t.places), score=round(t.score, 2))
            for t in found
        ),
        places=tuple(FieldPlace(symbol=p.symbol, documents=p.documents, score=round(p.score, 2)) for p in stand_out),
    ), f"phrases and places of {len(documents)} documents of the field, counted against the index"


def _from_document(document: PatentDocument) -> TechnologiesGiven:
    """The field of a patent is its title."""
    if not document.title:
        raise AssistantError(f"{document.number}: the document has no title to take for its field")
    return TechnologiesGiven(field=document.title, language=language_of(document.title))


def _examples(document: PatentDocument) -> Iterator[Example[TechnologiesGiven]]:
    """None: no document says what the key technologies of its field are."""
    return iter(())


def _metric(predicted: Sequence[KeyTechnologies], right: Sequence[KeyTechnologies]) -> dict[str, float]:
    """Precision, recall and F1 of the names, compared by their terms."""
    said = [[(i, tuple(terms(t.name))) for t in p.technologies] for i, p in enumerate(predicted)]
    wanted = [[(i, tuple(terms(t.name))) for t in r.technologies] for i, r in enumerate(right)]
    return set_scores(said, wanted)


def _shorten(given: TechnologiesGiven, fits: Callable[[TechnologiesGiven], bool]) -> tuple[TechnologiesGiven, list[str]] | None:
    kept = sources_that_fit(given.sources, lambda some: fits(given.model_copy(update={"sources": some})))
    return (given.model_copy(update={"sources": kept[0]}), kept[1]) if kept else None


TASK = Task(
    name="key_technologies",
    summary="The key technologies of a technical field, from the patents of the index.",
    given=TechnologiesGiven,
    reply=TechnologiesReply,
    instructions={
        "en": "You name the key technologies of a technical field, from excerpts of patents. The excerpts are numbered sentences. Name at most "
        f'{TECHNOLOGIES} technologies that these patents rely on, the most important first, each as a short noun phrase in English; "sentences" are '
        "the numbers of the sentences that speak of it. Name nothing that the sentences do not speak of. "
        f'The reply has the form {{"technologies": [{{"name": "…", "sentences": [3, 8]}}]}}. {DATA_ONLY}',
        "zh": "你根据专利摘录归纳一个技术领域的关键技术。摘录是带编号的句子。"
        f"写出这些专利所依靠的关键技术，最多{TECHNOLOGIES}项，最重要的在前，每项用简短的中文名词短语；“sentences”是提到该技术的句子编号。"
        "句子中没有提到的不要写。"
        f'回答的格式为 {{"technologies": [{{"name": "…", "sentences": [3, 8]}}]}}。{DATA_ONLY_ZH}',
    },
    show=_show,
    read=_read,
    metric=_metric,
    examples=_examples,
    problems=_problems,
    from_document=_from_document,
    prepare=_prepare,
    shorten=_shorten,
    offline=_offline,
)
