"""The place of an invention in the International Patent Classification, with the words that put it there."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic import Field, PrivateAttr

from assistant.errors import AssistantError
from assistant.tasks.pointing import Checked, cut_to_fit, place_of, text_of
from assistant.tasks.reply import read_as
from assistant.tasks.symbols import Candidate, Scheme, place_problems, place_scores, show_candidates, standard_or_none
from assistant.tasks.task import DATA_ONLY, DATA_ONLY_ZH, Example, Given, Output, Reply, Task, language_of, marked, one_line
from ingest.document import Citation, PatentDocument
from ingest.schemes.symbol import Symbol

if TYPE_CHECKING:
    from assistant.patents import PatentAssistant

PLACES = 3
SUBCLASSES, GROUPS = 4, 10
"""So many candidates of each level are shown."""


class IpcGiven(Given):
    """`starts` tells where in `text` the parts with these anchors begin; `document` is the number of the one that it is from, if any. `candidates`
    come from the index."""

    text: str
    document: str = ""
    starts: Mapping[str, int] = Field(default={})
    candidates: tuple[Candidate, ...] = ()
    _scheme: Scheme | None = PrivateAttr(None)


class ReasonedPlace(Reply):
    symbol: str
    words: list[str]
    reason: str


class IpcReply(Reply):
    places: list[ReasonedPlace]


class IpcPlace(Output):
    """`words` of the text that put it there, `reason` in a sentence; `probability` and `like` (anchors of similar patents that are there)
    where the classifier says so; `in_scheme` is None where the index has no scheme to look in."""

    symbol: str
    title: str = ""
    reason: str = ""
    words: tuple[Citation, ...] = ()
    probability: float | None = None
    like: tuple[str, ...] = ()
    in_scheme: bool | None = None


class Ipc(Checked):
    """The place for the first code first; without a language model, the likeliest subclasses in turn, each by its likeliest main group."""

    places: tuple[IpcPlace, ...]

    @property
    def symbols(self) -> list[str]:
        return [p.symbol for p in self.places]


def _show(given: IpcGiven) -> str:
    text = marked("text", given.text)
    return f"{text}\n\n{show_candidates(given.candidates)}" if given.candidates else text


def _read(reply: str, given: IpcGiven) -> Ipc:
    known = {c.symbol: c for c in given.candidates}
    places: dict[str, IpcPlace] = {}
    wrong = []
    for each in read_as(IpcReply, reply).places:
        symbol = standard_or_none(each.symbol)
        if symbol is None:
            wrong.append(f"{each.symbol[:40]!r} is not a symbol of the IPC")
            continue
        if not Symbol(symbol).subclass:
            wrong.append(f"{symbol} stands above the subclasses; name a subclass or a group")
        found = [place_of(words, given.text, given.starts) for words in each.words]
        wrong += [f"{symbol}: “{words[:60]}” does not stand in the text" for words, at in zip(each.words, found, strict=True) if at is None]
        if not each.words:
            wrong.append(f"{symbol}: no words of the text are given for it")
        candidate = known.get(symbol) or Candidate(symbol=symbol)
        scheme = given._scheme
        places.setdefault(
            symbol,
            IpcPlace(
                symbol=symbol,
                title=candidate.title or (scheme.title(symbol, given.language) if scheme else ""),
                reason=one_line(each.reason),
                words=tuple(at for at in found if at),
                probability=candidate.score,
                like=candidate.like,
                in_scheme=scheme.has(symbol) if scheme else None,
            ),
        )
    return Ipc(places=tuple(places.values()), wrong=tuple(wrong))


def _problems(output: Ipc, given: IpcGiven) -> list[str]:
    return [*output.wrong, *place_problems(output.places, PLACES)]


def _from_document(document: PatentDocument) -> IpcGiven:
    text, starts = text_of(document)
    if not text:
        raise AssistantError(f"{document.number}: the document has no title, abstract or claims to classify it by")
    return IpcGiven(text=text, document=document.number, starts=starts, language=language_of(text))


def _prepare(given: IpcGiven, assistant: "PatentAssistant") -> IpcGiven:
    """With the classifier's candidates, where the index has anything to learn from. A document of the index does not count for itself."""
    document = assistant.index.catalogue.document(given.document) if given.document else None
    found: list[Candidate] = []
    try:
        places = [*assistant.classify(document or given.text, "subclass", SUBCLASSES), *assistant.classify(document or given.text, "group", GROUPS)]
    except AssistantError:
        places = []
    for place in places:
        like = tuple(r.anchor for r in place.reasons if ":" not in r.number)
        found.append(Candidate(symbol=place.symbol, title=place.title, score=round(place.probability, 4), like=like))
    prepared = given.model_copy(update={"candidates": tuple(found)})
    scheme = Scheme(assistant.index)
    prepared._scheme = scheme if scheme else None
    return prepared


def _offline(given: IpcGiven, assistant: "PatentAssistant | None") -> tuple[Ipc, str]:
    """The likeliest subclasses, each with the likeliest of its main groups, where one is among the likeliest."""
    if not given.candidates:
        raise AssistantError(
            "ipc: nothing to classify by: without a language model, an index with classified patents, or with the IPC, is needed; "
            "ingest some (docs/formats.md says which files)"
        )
    groups = [c for c in given.candidates if len(c.symbol) > 4]
    chosen = []
    for subclass in [c for c in given.candidates if len(c.symbol) == 4][:PLACES]:
        best = next((g for g in groups if g.symbol.startswith(subclass.symbol)), subclass)
        chosen.append(IpcPlace(symbol=best.symbol, title=best.title, reason=_reason(best, given), probability=best.score, like=best.like))
    scheme = given._scheme
    return Ipc(places=tuple(p.model_copy(update={"in_scheme": scheme.has(p.symbol) if scheme else None}) for p in chosen)), "classifier"


def _reason(place: Candidate, given: IpcGiven) -> str:
    numbers = list(dict.fromkeys(anchor.partition("#")[0] for anchor in place.like))
    if not numbers:
        return {"en": "Its wording is like that of the place's titles.", "zh": "其用语与该位置的类名相近。"}[given.language]
    return {"en": f"Patents like it are there: {', '.join(numbers)}.", "zh": f"相近的专利属于该位置：{'、'.join(numbers)}。"}[given.language]


def _examples(document: PatentDocument) -> Iterator[Example[IpcGiven]]:
    """The document's own symbols; the words are its title, which says what the invention is."""
    symbols = [s for c in sorted(document.classifications, key=lambda c: not c.first) if c.scheme == "ipc" and (s := standard_or_none(c.symbol))]
    symbols = list(dict.fromkeys(s for s in symbols if Symbol(s).subclass))
    if not symbols or not document.title or ":" in document.number or not (document.abstract or document.claims):
        return
    given = _from_document(document)
    title = one_line(document.title)
    reason = {"en": f"The invention is: {title}.", "zh": f"该发明是{title}。"}[given.language]
    places = [ReasonedPlace(symbol=s, words=[document.title], reason=reason) for s in symbols[:PLACES]]
    yield Example(given, IpcReply(places=places), document.number)


def _metric(predicted: Sequence[Ipc], right: Sequence[Ipc]) -> dict[str, float]:
    return place_scores([p.symbols for p in predicted], [r.symbols for r in right])


def _shorten(given: IpcGiven, fits: Callable[[IpcGiven], bool]) -> tuple[IpcGiven, list[str]] | None:
    def with_text(text: str) -> IpcGiven:
        return given.model_copy(update={"text": text})

    cut = cut_to_fit(given.text, lambda text: fits(with_text(text)))
    return (with_text(cut[0]), [f"the text from “{cut[1]}” on"]) if cut else None


TASK = Task(
    name="ipc",
    summary="The places of an invention in the IPC, with reasons.",
    given=IpcGiven,
    reply=IpcReply,
    instructions={
        "en": "You classify inventions in the International Patent Classification (IPC). Name the places where the invention of the text belongs, "
        f"that of the first code first, {PLACES} at most. Where candidates are given, choose among them; name another place only where it fits "
        'better, and only one that exists. "words" are words of the text that put it there, copied exactly; "reason" is one short sentence in '
        f'English. The reply has the form {{"places": [{{"symbol": "H04L 9/08", "words": ["…"], "reason": "…"}}]}}. {DATA_ONLY}',
        "zh": "你按照国际专利分类表（IPC）对发明进行分类。写出该文本中的发明所属的分类位置，主分类号在前，"
        f"最多{PLACES}个。给出候选位置时，从中选择；只有当其他位置更合适且确实存在时，才写其他位置。"
        "“words”是文本中据以分类的词语，须原样照抄；“reason”是一句简短的中文理由。"
        f'回答的格式为 {{"places": [{{"symbol": "H04L 9/08", "words": ["…"], "reason": "…"}}]}}。{DATA_ONLY_ZH}',
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
