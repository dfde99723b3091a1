"""Translation of claims and abstracts between Chinese and English, with a list of terms that is enforced.

Code checks that each part is there once under its own number, and that nothing is lost in it (`assistant.tasks.translation_checks`).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from assistant.errors import AssistantError, ReplyError
from assistant.tasks.metrics import bleu
from assistant.tasks.parts import language_of_document, runs
from assistant.tasks.reply import read_as
from assistant.tasks.task import DATA_ONLY, DATA_ONLY_ZH, Example, Given, Language, Output, Reply, Task, language_of, marked, one_line
from assistant.tasks.translation_checks import occurs, wrong_translation
from ingest.document import PatentDocument

_PRINTED_NUMBER = re.compile(r"^\s*(\d{1,4})\s*[.)、．]\s*(?!\d)")


class TextPart(BaseModel):
    """`id` is the number of a claim, or another name such as `abstract`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    text: str


def _parts_of_text(text: object) -> object:
    """A bare text as one part."""
    return (TextPart(id="text", text=text),) if isinstance(text, str) and text.strip() else text


class TranslationGiven(Given):
    """`language` is that of the parts, which are translated into the other one; `terms` maps terms of theirs to the translations to be used."""

    parts: Annotated[tuple[TextPart, ...], BeforeValidator(_parts_of_text)] = Field(min_length=1)
    terms: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _language_of_parts(cls, data: Any) -> Any:
        if isinstance(data, dict) and "language" not in data:
            data = {**data, "language": language_of(" ".join(_texts(data.get("parts"))))}
        return data

    @model_validator(mode="after")
    def _distinct(self) -> "TranslationGiven":
        if len({part.id for part in self.parts}) != len(self.parts):
            raise ValueError("two parts have the same id")
        if any(not source.strip() or not target.strip() for source, target in self.terms.items()):
            raise ValueError("a term or its translation is empty")
        return self

    @property
    def into(self) -> Language:
        return "en" if self.language == "zh" else "zh"


def _texts(parts: Any) -> list[str]:
    """Of parts that are not validated yet."""
    listed = parts if isinstance(parts, list | tuple) else [parts]
    return [str(each.get("text", "") if isinstance(each, dict) else getattr(each, "text", each)) for each in listed]


class TranslatedPart(Reply):
    id: str
    text: str


class TranslationReply(Reply):
    parts: list[TranslatedPart]


class Translation(Output):
    parts: tuple[TextPart, ...]


def _show(given: TranslationGiven) -> str:
    shown = [marked("parts", "\n".join(f"[{part.id}] {one_line(part.text)}" for part in given.parts))]
    needed = {source: target for source, target in given.terms.items() if any(occurs(source, part.text) for part in given.parts)}
    if needed:
        shown.append(marked("terms", "\n".join(f"{one_line(source)} = {one_line(target)}" for source, target in needed.items())))
    return "\n".join(shown)


def _read(reply: str, given: TranslationGiven) -> Translation:
    """In the order of the source where the parts are the same. Raises ReplyError where there is none of them."""
    said: TranslationReply = read_as(TranslationReply, reply)
    order = {part.id: i for i, part in enumerate(given.parts)}
    parts = [TextPart(id=part.id.strip(" []"), text=_text(part)) for part in said.parts]
    if not any(part.id in order for part in parts):
        raise ReplyError("the reply translates none of the parts")
    return Translation(parts=tuple(sorted(parts, key=lambda part: order.get(part.id, len(order)))))


def _text(part: TranslatedPart) -> str:
    """On one line, without a number that is printed before it once more."""
    printed = _PRINTED_NUMBER.match(part.text)
    return one_line(part.text[printed.end() :] if printed and printed[1] == part.id.strip(" []") else part.text)


def _problems(output: Translation, given: TranslationGiven) -> list[str]:
    said = [part.id for part in output.parts]
    wanted = {part.id: part.text for part in given.parts}
    found = [f"part {each} is not translated" for each in wanted if each not in said]
    found += [f"part {each} is not in the source" for each in dict.fromkeys(said) if each not in wanted]
    found += [f"part {each} is translated {said.count(each)} times" for each in dict.fromkeys(said) if said.count(each) > 1]
    for part in output.parts:
        if part.id in wanted:
            found += [f"part {part.id}: {wrong}" for wrong in wrong_translation(wanted[part.id], part.text, given.into, part.id, given.terms)]
    return found


def _from_document(document: PatentDocument) -> TranslationGiven:
    """The abstract and the claims."""
    parts = [TextPart(id="abstract", text=document.abstract)] if document.abstract else []
    parts += [TextPart(id=str(claim.number), text=claim.text) for claim in document.claims]
    if not parts:
        raise AssistantError(f"{document.number}: the document has no abstract and no claims to translate")
    return TranslationGiven(parts=tuple(parts), language=language_of_document(document))


def _shorten(given: TranslationGiven, fits: Callable[[TranslationGiven], bool]) -> tuple[TranslationGiven, list[str]] | None:
    """The first parts that fit."""

    def first(count: int) -> TranslationGiven:
        return given.model_copy(update={"parts": given.parts[:count]})

    low, high = 0, len(given.parts)
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(first(middle)) else (low, middle)
    ids = [part.id for part in given.parts]
    return (first(low), runs(ids[low:], ids)) if low else None


def _examples(document: PatentDocument) -> Iterator[Example[TranslationGiven]]:
    """Both ways, of titles and abstracts together, and of claims; only of translations in which nothing is lost."""
    titled = [
        (TextPart(id=name, text=texts["zh"]), TextPart(id=name, text=texts["en"]))
        for name, texts in (("title", document.titles), ("abstract", document.abstracts))
        if texts.get("zh", "").strip() and texts.get("en", "").strip()
    ]
    own = "zh" if document.language == "zh" else "en"
    claims = {own: {c.number: c.text for c in document.claims}} | {
        language: {c.number: c.text for c in translated} for language, translated in document.translated_claims.items()
    }
    claimed = [
        (TextPart(id=str(number), text=text), TextPart(id=str(number), text=claims["en"][number]))
        for number, text in claims.get("zh", {}).items()
        if number in claims.get("en", {})
    ]
    for pairs in (titled, claimed):
        for way in (pairs, [(english, chinese) for chinese, english in pairs]):
            if way:
                yield from _example(way, document.number)


def _example(pairs: Sequence[tuple[TextPart, TextPart]], source: str) -> Iterator[Example[TranslationGiven]]:
    given = TranslationGiven(parts=tuple(before for before, _ in pairs))
    output = Translation(parts=tuple(TextPart(id=after.id, text=one_line(after.text)) for _, after in pairs))
    if not _problems(output, given):
        yield Example(given, TranslationReply(parts=[TranslatedPart(id=part.id, text=part.text) for part in output.parts]), source)


def _metric(predicted: Sequence[Translation], right: Sequence[Translation]) -> dict[str, float]:
    """Corpus BLEU over the parts; a part that is missing counts as empty."""
    said, wanted = [], []
    for p, r in zip(predicted, right, strict=True):
        texts = {part.id: part.text for part in p.parts}
        said += [texts.get(part.id, "") for part in r.parts]
        wanted += [part.text for part in r.parts]
    return {"bleu": bleu(said, wanted, language_of(" ".join(wanted)))}


TASK = Task(
    name="translation",
    summary="Claims and abstract between Chinese and English, with your own list of terms.",
    given=TranslationGiven,
    reply=TranslationReply,
    instructions={
        "en": "You translate patents from English into Chinese. Translate every part, each under its own id, completely and exactly, as patents "
        'are worded. Keep the numbers of claims that a claim refers to (根据权利要求1所述的 for "according to claim 1"), all numbers with '
        "their units, and the reference signs in brackets. Translate a term the same way throughout; where a list of terms is given, use its "
        "translations. The reply has the form "
        f'{{"parts": [{{"id": "1", "text": "…"}}]}}; the text does not begin with the id. {DATA_ONLY}',
        "zh": "你把中文专利译成英文。每个部分都要在其原有id下完整、准确地翻译，使用专利文献的用语。"
        "保留所引用的权利要求编号（“根据权利要求1所述的”译为 according to claim 1）、"
        "全部数字及其单位和括号中的附图标记。同一术语前后译法一致；给出术语表时，必须使用其中的译法。"
        f'回答的格式为 {{"parts": [{{"id": "1", "text": "…"}}]}}，text不以id开头。{DATA_ONLY_ZH}',
    },
    show=_show,
    read=_read,
    metric=_metric,
    examples=_examples,
    problems=_problems,
    from_document=_from_document,
    shorten=_shorten,
)
