"""The same task as `grounded_answer` for models that are to type their quotations, and not to point at numbered sentences.

It is kept for comparison (docs/measurements.md) and for models trained so: a retyped quotation costs the tokens of its text, and is lost
where one character of it is wrong.
"""

from collections.abc import Iterator

from pydantic import Field

from assistant.tasks import grounded_answer as pointing
from assistant.tasks.grounded_answer import WITHHELD, Grounded, GroundedGiven, Said
from assistant.tasks.orders import orders
from assistant.tasks.reply import object_in
from assistant.tasks.task import Example, Reply, Task, as_data, one_line
from ingest.document import Citation, PatentDocument
from ingest.sentences import sentences


class Quotation(Reply):
    anchor: str
    quote: str


class QuotedStatement(Reply):
    quotations: list[Quotation] = Field(min_length=1)
    text: str


class QuotedReply(Reply):
    statements: list[QuotedStatement]
    missing: str = ""


_POINT = {
    "en": '"sentences" are the numbers of the sentences that prove it, as few as do.',
    "zh": "“sentences”是能证明它的句子的编号，够用即可。",
}
_QUOTE = {
    "en": '"quotations" are the excerpts that prove it: the anchor in brackets before a text, and words of it, copied exactly.',
    "zh": "“quotations”是能证明它的引文：方括号中的锚点，以及逐字抄录的原文。",
}


def _instructions(language: str) -> str:
    said = pointing.INSTRUCTIONS[language].replace(_POINT[language], _QUOTE[language])
    said = said.replace('{"sentences": [4], ', '{"quotations": [{"anchor": "US1A#c4", "quote": "…"}], ')
    return said.replace("The excerpts are numbered sentences", "The excerpts are texts, each with its anchor in brackets,").replace(
        "带编号的句子", "的文本，各以方括号中的锚点开头"
    )


def _show(given: GroundedGiven) -> str:
    lines = [f"[{as_data(s.anchor)}] {one_line(as_data(_without_orders(s.text)))}" for s in given.sources]
    asked = pointing.QUESTION[given.language].format(question=one_line(as_data(given.question)))
    return "<excerpts>\n" + "\n".join(lines) + "\n</excerpts>\n\n" + asked


def _without_orders(text: str) -> str:
    return "\n".join(WITHHELD if orders(each) else each for each in sentences(text))


def _read(reply: str, given: GroundedGiven) -> Grounded:
    """The statements with at least one quotation; whether it stands where it is said to is the checker's to find out. Raises ReplyError."""
    found = object_in(reply, partial=True)
    statements: list[Said] = []
    unreadable = 0
    listed = found.get("statements")
    for each in listed if isinstance(listed, list) else []:
        quotations = each.get("quotations") if isinstance(each, dict) else None
        citations = tuple(
            Citation(anchor=str(q["anchor"]).strip("[] "), quote=str(q["quote"]))
            for q in (quotations if isinstance(quotations, list) else [])
            if isinstance(q, dict) and {"anchor", "quote"} <= set(q)
        )
        text = each.get("text") if isinstance(each, dict) else None
        if citations and isinstance(text, str) and len(text.strip()) > 3:
            statements.append(Said(text=one_line(text), citations=citations))
        else:
            unreadable += 1
    return Grounded(statements=tuple(statements), missing=pointing.missing_of(found), unreadable=unreadable)


def _examples(document: PatentDocument) -> Iterator[Example[GroundedGiven]]:
    for each in pointing.examples(document):
        numbered = each.given.sentences()
        reply = each.reply
        assert isinstance(reply, pointing.GroundedReply)
        statements = [
            QuotedStatement(
                quotations=[Quotation(anchor=numbered[n - 1].anchor, quote=one_line(numbered[n - 1].quote)) for n in s.sentences], text=s.text
            )
            for s in reply.statements
        ]
        yield Example(each.given, QuotedReply(statements=statements, missing=reply.missing), each.source)


TASK = Task(
    name="quoted_answer",
    summary="The same, with quotations typed by the model.",
    given=GroundedGiven,
    reply=QuotedReply,
    instructions={language: _instructions(language) for language in ("en", "zh")},
    show=_show,
    read=_read,
    metric=pointing.metric,
    examples=_examples,
)
