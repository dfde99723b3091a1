"""Which of four patents matches another one, in the form of MoZIP's PatentMatch."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import Field, field_validator

from assistant.errors import AssistantError
from assistant.tasks.metrics import accuracy
from assistant.tasks.pointing import cut_to_fit, title_and_abstract
from assistant.tasks.reply import read_as
from assistant.tasks.task import DATA_ONLY, DATA_ONLY_ZH, Example, Given, Output, Reply, Task, language_of, marked
from ingest.document import PatentDocument

if TYPE_CHECKING:
    from assistant.patents import PatentAssistant

LABELS = ("A", "B", "C", "D")


class MatchGiven(Given):
    """`options` are those of A, B, C and D, which have to be given; of a document, the query is its title and abstract."""

    query: str
    options: tuple[str, ...] = ()

    @field_validator("options")
    @classmethod
    def _four(cls, options: tuple[str, ...]) -> tuple[str, ...]:
        if options and len(options) != len(LABELS):
            raise ValueError(f"there are {len(options)}, and 4 are needed")
        return options


class MatchReply(Reply):
    answer: Literal["A", "B", "C", "D"]


class Match(Output):
    """`probabilities` that each option is about the same thing; none where a language model decided."""

    answer: str
    probabilities: Mapping[str, float] = Field(default={})


def _complete(given: MatchGiven) -> MatchGiven:
    if not given.options:
        raise AssistantError('patent_match: give the four patents to choose from, such as --given \'options=["…", "…", "…", "…"]\'')
    return given


def _show(given: MatchGiven) -> str:
    options = [marked(label, text) for label, text in zip(LABELS, _complete(given).options, strict=True)]
    return "\n\n".join([marked("patent", given.query), *options])


def _read(reply: str, given: MatchGiven) -> Match:
    return Match(answer=read_as(MatchReply, reply).answer)


def _offline(given: MatchGiven, assistant: "PatentAssistant | None") -> tuple[Match, str]:
    from assistant.matching import compare
    from index.encoder import load_encoder

    found = compare(given.query, _complete(given).options, load_encoder())
    probabilities = {label: round(like.probability, 4) for label, like in zip(LABELS, found, strict=True)}
    best = max(range(len(found)), key=lambda i: found[i].probability)
    return Match(answer=LABELS[best], probabilities=probabilities), "likeness of vectors and terms"


def _from_document(document: PatentDocument) -> MatchGiven:
    text = title_and_abstract(document)
    return MatchGiven(query=text, language=language_of(text))


def _examples(document: PatentDocument) -> Iterator[Example[MatchGiven]]:
    """None: four patents are not told by one document."""
    return iter(())


def _metric(predicted: Sequence[Match], right: Sequence[Match]) -> dict[str, float]:
    return {"accuracy": accuracy([p.answer for p in predicted], [r.answer for r in right])}


def _shorten(given: MatchGiven, fits: Callable[[MatchGiven], bool]) -> tuple[MatchGiven, list[str]] | None:
    """All five texts cut to the same length."""
    longest = max(map(len, (given.query, *given.options)))

    def cut(length: int) -> MatchGiven | None:
        texts = [text if len(text) <= length else cut_to_fit(text, lambda piece: len(piece) <= length) for text in (given.query, *given.options)]
        pieces = [t if isinstance(t, str) else t[0] for t in texts if t]
        return given.model_copy(update={"query": pieces[0], "options": tuple(pieces[1:])}) if len(pieces) == len(texts) else None

    length = longest
    while (length := length * 4 // 5) > 40:
        shorter = cut(length)
        if shorter is None:
            return None
        if fits(shorter):
            return shorter, [f"what exceeds {length:,} characters of each text"]
    return None


TASK = Task(
    name="patent_match",
    summary="Which of four patents matches another one.",
    given=MatchGiven,
    reply=MatchReply,
    instructions={
        "en": "You compare patents. Which of the patents A, B, C and D is most similar in its technical content to the patent given first? "
        f'The reply has the form {{"answer": "A"}}. {DATA_ONLY}',
        "zh": f'你比较专利。A、B、C、D四件专利中，哪一件的技术内容与首先给出的专利最相近？回答的格式为 {{"answer": "A"}}。{DATA_ONLY_ZH}',
    },
    show=_show,
    read=_read,
    metric=_metric,
    examples=_examples,
    from_document=_from_document,
    shorten=_shorten,
    offline=_offline,
)
