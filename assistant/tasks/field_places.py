"""The places of a technical field in the IPC."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pydantic import PrivateAttr

from assistant.errors import AssistantError
from assistant.tasks.metrics import mean
from assistant.tasks.pointing import Checked
from assistant.tasks.reply import read_as
from assistant.tasks.symbols import LEVELS, Candidate, Scheme, at_level, place_problems, place_scores, show_candidates, standard_or_none
from assistant.tasks.task import DATA_ONLY, DATA_ONLY_ZH, Example, Given, Output, Reply, Task, language_of, marked
from index.filter import Filter
from ingest.document import PatentDocument
from ingest.language import detect_language

if TYPE_CHECKING:
    from assistant.patents import PatentAssistant

PLACES, CANDIDATES = 5, 15


class FieldGiven(Given):
    """`field` is a phrase, such as "key distribution in sensor networks"; `candidates` come from the index."""

    field: str
    candidates: tuple[Candidate, ...] = ()
    _scheme: Scheme | None = PrivateAttr(None)


class FieldReply(Reply):
    symbols: list[str]


class FieldPlace(Output):
    """`title` with those above it; `in_scheme` is None where the index has no scheme to look in."""

    symbol: str
    title: str = ""
    score: float | None = None
    in_scheme: bool | None = None


class FieldPlaces(Checked):
    """The best place first."""

    places: tuple[FieldPlace, ...]

    @property
    def symbols(self) -> list[str]:
        return [p.symbol for p in self.places]


def _show(given: FieldGiven) -> str:
    field = marked("field", given.field)
    return f"{field}\n\n{show_candidates(given.candidates)}" if given.candidates else field


def _read(reply: str, given: FieldGiven) -> FieldPlaces:
    known = {c.symbol: c for c in given.candidates}
    places: dict[str, FieldPlace] = {}
    wrong = []
    for written in read_as(FieldReply, reply).symbols:
        symbol = standard_or_none(written)
        if symbol is None:
            wrong.append(f"{written[:40]!r} is not a symbol of the IPC")
            continue
        scheme, candidate = given._scheme, known.get(symbol) or Candidate(symbol=symbol)
        title = candidate.title or (scheme.title(symbol, given.language) if scheme else "")
        places[symbol] = FieldPlace(symbol=symbol, title=title, score=candidate.score, in_scheme=scheme.has(symbol) if scheme else None)
    return FieldPlaces(places=tuple(places.values()), wrong=tuple(wrong))


def _problems(output: FieldPlaces, given: FieldGiven) -> list[str]:
    return [*output.wrong, *place_problems(output.places, PLACES)]


def _prepare(given: FieldGiven, assistant: "PatentAssistant") -> FieldGiven:
    """With the entries of the scheme that a search for the field finds: the IPC's, or the CPC's where the index has no other."""
    scheme = Scheme(assistant.index)
    found: dict[str, Candidate] = {}
    for hit in assistant.index.search(given.field, 4 * CANDIDATES, Filter(sections=("scheme",)), late=True):
        kind, _, rest = hit.number.partition(":")
        symbol = standard_or_none(rest.partition("@")[0])
        if symbol and symbol not in found and len(symbol) > 1 and (kind == "IPC" or not scheme):
            found[symbol] = Candidate(symbol=symbol, title=scheme.title(symbol, given.language), score=round(hit.score, 4))
    prepared = given.model_copy(update={"candidates": tuple(found.values())[:CANDIDATES]})
    prepared._scheme = scheme if scheme else None
    return prepared


def _offline(given: FieldGiven, assistant: "PatentAssistant | None") -> tuple[FieldPlaces, str]:
    if not given.candidates:
        raise AssistantError(
            "field_places: no entry of the IPC in the index fits; ingest the scheme (docs/formats.md says which files), or name a language model"
        )
    in_scheme = True if given._scheme else None
    return FieldPlaces(
        places=tuple(FieldPlace(symbol=c.symbol, title=c.title, score=c.score, in_scheme=in_scheme) for c in given.candidates[:PLACES])
    ), "search in the scheme's entries"


def _from_document(document: PatentDocument) -> FieldGiven:
    """The field of a patent is its title."""
    if not document.title:
        raise AssistantError(f"{document.number}: the document has no title to take for its field")
    return FieldGiven(field=document.title, language=language_of(document.title))


def _examples(document: PatentDocument) -> Iterator[Example[FieldGiven]]:
    """The title of an entry of the IPC, with its symbol."""
    if not document.number.startswith("IPC:") or document.number.endswith("-def"):
        return
    symbol = document.classifications[0].symbol
    for language, written in document.titles.items():
        title = written.removeprefix(symbol).strip()
        if title and language in ("en", "zh") and detect_language(title) == language:
            yield Example(FieldGiven(field=title, language=language_of(title)), FieldReply(symbols=[symbol]), document.number)


def _metric(predicted: Sequence[FieldPlaces], right: Sequence[FieldPlaces]) -> dict[str, float]:
    """`place_scores`, and by level how often the first right place is among those named (`found_group`)."""
    scores = place_scores([p.symbols for p in predicted], [r.symbols for r in right])
    for level in LEVELS:
        pairs = [({at_level(s, level) for s in p.symbols}, at_level(r.symbols[0], level)) for p, r in zip(predicted, right, strict=True) if r.symbols]
        scores[f"found_{level}"] = mean(float(first in said) for said, first in pairs if first)
    return scores


TASK = Task(
    name="field_places",
    summary="The places of a technical field in the IPC.",
    given=FieldGiven,
    reply=FieldReply,
    instructions={
        "en": "You know the International Patent Classification (IPC). Name the places where inventions of the technical field are classified, the "
        f"best one first, {PLACES} at most, as specific as the field. Where candidates are given, choose among them; name another place only where "
        f'it fits better, and only one that exists. The reply has the form {{"symbols": ["H04L 9/08"]}}. {DATA_ONLY}',
        "zh": f"你熟悉国际专利分类表（IPC）。写出该技术领域的发明所属的分类位置，最合适的在前，最多{PLACES}个，其详细程度与该领域相当。"
        "给出候选位置时，从中选择；只有当其他位置更合适且确实存在时，才写其他位置。"
        f'回答的格式为 {{"symbols": ["H04L 9/08"]}}。{DATA_ONLY_ZH}',
    },
    show=_show,
    read=_read,
    metric=_metric,
    examples=_examples,
    problems=_problems,
    from_document=_from_document,
    prepare=_prepare,
    offline=_offline,
)
