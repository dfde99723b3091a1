"""Whether two texts are about the same thing."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from assistant.errors import AssistantError
from assistant.tasks.metrics import accuracy, set_scores
from assistant.tasks.pointing import Checked, cut_to_fit, place_of, title_and_abstract
from assistant.tasks.reply import read_as
from assistant.tasks.task import DATA_ONLY, DATA_ONLY_ZH, Example, Given, Reply, Task, language_of, marked
from index.terms import terms
from ingest.document import PatentDocument

if TYPE_CHECKING:
    from assistant.patents import PatentAssistant

WORDS = 10
SAME = 0.5
"""The probability from which on two texts count as being about the same thing; benchmarks/matching.py says how often that is right."""


class SameGiven(Given):
    """Both have to be given; of a document, the first is its title and abstract."""

    first: str
    second: str = ""


class SameReply(Reply):
    same: Literal["yes", "no"]
    words: list[str]


class Same(Checked):
    """`probability` is None where a language model decided; `words` of the first text say what both have."""

    same: bool
    probability: float | None = None
    words: tuple[str, ...] = ()


def _complete(given: SameGiven) -> SameGiven:
    if not given.first.strip() or not given.second.strip():
        raise AssistantError("same_subject: give both texts, such as --given second=…")
    return given


def _show(given: SameGiven) -> str:
    _complete(given)
    return f"{marked('first', given.first)}\n\n{marked('second', given.second)}"


def _read(reply: str, given: SameGiven) -> Same:
    said = read_as(SameReply, reply)
    found = [(words, place_of(words, given.first, {})) for words in said.words]
    wrong = [f"“{words[:60]}” does not stand in the first text" for words, at in found if at is None]
    return Same(same=said.same == "yes", words=tuple(dict.fromkeys(at.quote for _, at in found if at)), wrong=tuple(wrong))


def _problems(output: Same, given: SameGiven) -> list[str]:
    missing = ["no words are given that say what both texts are about"] if output.same and not output.words and not output.wrong else []
    return [*output.wrong, *missing]


def _offline(given: SameGiven, assistant: "PatentAssistant | None") -> tuple[Same, str]:
    from assistant.matching import compare
    from index.encoder import load_encoder

    (found,) = compare(_complete(given).first, [given.second], load_encoder())
    words = _telling(found.words, assistant)
    return Same(same=found.probability >= SAME, probability=round(found.probability, 4), words=words), "likeness of vectors and terms"


def _telling(words: Sequence[str], assistant: "PatentAssistant | None") -> tuple[str, ...]:
    """The words that are rarest in the index, or without one the longest; in their order."""
    rarity = assistant.index.term_weights({t for w in words for t in terms(w)}) if assistant else {}
    kept = sorted(words, key=lambda w: (-max((rarity.get(t, 0.0) for t in terms(w)), default=0.0), -len(w)))[:WORDS]
    return tuple(w for w in words if w in kept)


def _from_document(document: PatentDocument) -> SameGiven:
    text = title_and_abstract(document)
    return SameGiven(first=text, language=language_of(text))


def _examples(document: PatentDocument) -> Iterator[Example[SameGiven]]:
    """The abstract and the first claim of a document, and its abstract in two languages, are about the same thing. What is about another one is not
    told by one document."""
    claim = next((c for c in document.claims if c.independent), None)
    title, abstracts = document.title.strip(), list(document.abstracts.values())
    pairs = [(abstracts[0], claim.text)] if claim and abstracts else []
    pairs += [(abstracts[0], other) for other in abstracts[1:]]
    for first, second in pairs:
        at = place_of(title, first, {}) if title else None
        if at:
            yield Example(
                SameGiven(first=first, second=second, language=language_of(first)), SameReply(same="yes", words=[at.quote]), document.number
            )


def _metric(predicted: Sequence[Same], right: Sequence[Same]) -> dict[str, float]:
    """Accuracy, and precision, recall and F1 of those that are the same."""
    said = [[i] if p.same else [] for i, p in enumerate(predicted)]
    wanted = [[i] if r.same else [] for i, r in enumerate(right)]
    return {"accuracy": accuracy([p.same for p in predicted], [r.same for r in right]), **set_scores(said, wanted)}


def _shorten(given: SameGiven, fits: Callable[[SameGiven], bool]) -> tuple[SameGiven, list[str]] | None:
    """The longer text first, down to the length of the other; then both alike."""
    left_out = []
    for name in sorted(("first", "second"), key=lambda n: -len(getattr(given, n))):
        text = getattr(given, name)
        other = len(given.second if name == "first" else given.first)

        def fits_or_short(piece: str, name: str = name, other: int = other, now: SameGiven = given) -> bool:
            return fits(now.model_copy(update={name: piece})) or len(piece) <= other // 2

        cut = cut_to_fit(text, fits_or_short)
        if cut is None:
            return None
        given = given.model_copy(update={name: cut[0]})
        left_out.append(f"the {name} text from “{cut[1]}” on")
        if fits(given):
            return given, left_out
    return None


TASK = Task(
    name="same_subject",
    summary="Whether two texts are about the same thing.",
    given=SameGiven,
    reply=SameReply,
    instructions={
        "en": "You compare texts of patents. Say whether both texts are about the same invention, even in other words or in another language. "
        '"words" are words of the first text, copied exactly, that name what both have in common; none where they have nothing. '
        f'The reply has the form {{"same": "yes", "words": ["…"]}}, with "yes" or "no". {DATA_ONLY}',
        "zh": "你比较专利文本。判断两段文本是否针对同一发明，措辞或语言可以不同。"
        "“words”是第一段文本中表明两者共同之处的词语，须原样照抄；没有共同之处时为空。"
        f'回答的格式为 {{"same": "yes", "words": ["…"]}}，其中same为"yes"或"no"。{DATA_ONLY_ZH}',
    },
    show=_show,
    read=_read,
    metric=_metric,
    examples=_examples,
    problems=_problems,
    from_document=_from_document,
    shorten=_shorten,
    offline=_offline,
)
