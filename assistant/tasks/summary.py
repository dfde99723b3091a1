"""A short summary of a document, each sentence with the numbered paragraphs that it is taken from."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from assistant.errors import AssistantError, ReplyError
from assistant.tasks.metrics import mean, rouge_l, set_scores
from assistant.tasks.parts import Part, abstract_part, claim_part, language_of_document, most_that_fit, paragraph_parts, parts_of_text
from assistant.tasks.reply import read_as
from assistant.tasks.task import DATA_ONLY, DATA_ONLY_ZH, Given, Output, Reply, Task, as_data, language_of, one_line
from ingest.document import PatentDocument

About = Literal["field", "problem", "solution", "advantages", "claimed"]
MOST = 10
LONGEST = {"en": 60, "zh": 150}
"""Words, characters of a sentence."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class SummaryGiven(Given):
    """What is summarised, in the order in which it is numbered from 1; it may also be given as one text, a paragraph a line."""

    parts: Annotated[tuple[Part, ...], BeforeValidator(parts_of_text)] = Field(min_length=1)


class SummarySentence(Reply):
    about: About
    text: str
    paragraphs: list[int]


class SummaryReply(Reply):
    sentences: list[SummarySentence]


class PointedSentence(BaseModel):
    """`anchors` are those of the parts that it is taken from; `unknown` the numbers that the model named and that no part has."""

    model_config = ConfigDict(frozen=True)

    about: About
    text: str
    anchors: tuple[str, ...]
    unknown: tuple[int, ...] = ()


class Summary(Output):
    sentences: tuple[PointedSentence, ...]


def _show(given: SummaryGiven) -> str:
    lines = [f"[{number}] {as_data(one_line(part.text))}" for number, part in enumerate(given.parts, start=1)]
    return "<document>\n" + "\n".join(lines) + "\n</document>"


def _read(reply: str, given: SummaryGiven) -> Summary:
    said: SummaryReply = read_as(SummaryReply, reply)
    if not said.sentences:
        raise ReplyError("the summary has no sentence")
    ids = {number: part.id for number, part in enumerate(given.parts, start=1)}
    sentences = []
    for sentence in said.sentences:
        numbers = list(dict.fromkeys(sentence.paragraphs))
        anchors, unknown = tuple(ids[n] for n in numbers if n in ids), tuple(n for n in numbers if n not in ids)
        sentences.append(PointedSentence(about=sentence.about, text=one_line(sentence.text), anchors=anchors, unknown=unknown))
    return Summary(sentences=tuple(sentences))


def _problems(output: Summary, given: SummaryGiven) -> list[str]:
    texts = {part.id: part.text for part in given.parts}
    found = []
    if len(output.sentences) > MOST:
        found.append(f"the summary has {len(output.sentences)} sentences; at most {MOST} are asked for")
    about = {sentence.about for sentence in output.sentences}
    found += [f"there is no sentence about the {each}" for each in ("problem", "solution") if each not in about]
    for number, sentence in enumerate(output.sentences, start=1):
        found += [f"sentence {number} {wrong}" for wrong in _wrong(sentence, texts, given.language)]
    return found


def _wrong(sentence: PointedSentence, texts: dict[str, str], language: str) -> Iterator[str]:
    if not sentence.text:
        yield "is empty"
        return
    length = len(sentence.text) if language == "zh" else len(sentence.text.split())
    if length > LONGEST[language]:
        yield f"has {length} {'characters' if language == 'zh' else 'words'}; at most {LONGEST[language]} are asked for"
    if language_of(sentence.text) != language:
        yield f"is not in {'Chinese' if language == 'zh' else 'English'}"
    if sentence.unknown:
        yield f"names paragraph {', '.join(map(str, sentence.unknown))}, which is not there"
    if not sentence.anchors:
        yield "names no paragraph that it is taken from"
        return
    held = _numbers("\n".join(texts[anchor] for anchor in sentence.anchors))
    if invented := sorted(_numbers(sentence.text) - held):
        yield f"has the numbers {', '.join(invented)}, which its paragraphs do not have"


def _numbers(text: str) -> set[str]:
    return {number.replace(",", "") for number in _NUMBER.findall(unicodedata.normalize("NFKC", text))}


def _from_document(document: PatentDocument) -> SummaryGiven:
    """The abstract, the independent claims and the description."""
    claims = [claim_part(document, claim) for claim in document.claims if claim.independent]
    parts = [*abstract_part(document), *claims, *paragraph_parts(document)]
    if not parts:
        raise AssistantError(f"{document.number}: the document has no abstract, claims or description to summarise")
    return SummaryGiven(parts=tuple(parts), language=language_of_document(document))


def _shorten(given: SummaryGiven, fits: Callable[[SummaryGiven], bool]) -> tuple[SummaryGiven, list[str]] | None:
    fitting = most_that_fit(given.parts, lambda parts: fits(given.model_copy(update={"parts": parts})))
    return (given.model_copy(update={"parts": fitting[0]}), fitting[1]) if fitting else None


def _metric(predicted: Sequence[Summary], right: Sequence[Summary]) -> dict[str, float]:
    """ROUGE-L of the texts, and F1 of the parts pointed at."""
    whole = [(" ".join(s.text for s in p.sentences), " ".join(s.text for s in r.sentences)) for p, r in zip(predicted, right, strict=True)]
    anchors = [[{(i, anchor) for s in o.sentences for anchor in s.anchors} for i, o in enumerate(outputs)] for outputs in (predicted, right)]
    return {"rouge_l": mean(rouge_l(p, r) for p, r in whole), "pointing_f1": set_scores(anchors[0], anchors[1])["f1"]}


TASK = Task(
    name="summary",
    summary="A short summary, each sentence with the paragraphs that it is taken from.",
    given=SummaryGiven,
    reply=SummaryReply,
    instructions={
        "en": "You summarise patents for examiners. Write 4 to 8 short sentences in English: the technical field, the problem, the solution, its "
        "advantages, and what is claimed, as far as the document says so, with nothing of your own and no praise. Give each sentence the numbers of "
        "the paragraphs (in brackets before them) that it is taken from, as few as prove it. The reply has the form "
        '{"sentences": [{"about": "field|problem|solution|advantages|claimed", "text": "…", "paragraphs": [1]}]}. ' + DATA_ONLY,
        "zh": "你为专利审查员概括专利文献。用中文写4至8个短句：技术领域、所要解决的问题、技术方案、有益效果、要求保护的内容，"
        "以文中所写为限，不得添加自己的看法或赞美之词。"
        "为每句给出其依据的段落编号（段落前方括号中的数字），够用即可。回答的格式为 "
        '{"sentences": [{"about": "field|problem|solution|advantages|claimed", "text": "…", "paragraphs": [1]}]}，'
        "about依次表示技术领域、问题、方案、效果、保护内容。" + DATA_ONLY_ZH,
    },
    show=_show,
    read=_read,
    metric=_metric,
    examples=lambda document: iter(()),  # no document says what a summary of it with paragraphs is
    problems=_problems,
    from_document=_from_document,
    shorten=_shorten,
)
