"""Wrong replies made of right ones: another number, another thing, another sentence pointed at, an invented quotation, an answer where there is none,
a refusal where there is an answer. What the checker would let pass is no wrong reply, unless it answers something else."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from assistant.grounding.checking import check
from assistant.tasks.grounded_answer import GroundedReply
from assistant.tasks.quoted_answer import Quotation, QuotedReply, QuotedStatement
from assistant.tasks.task import one_line
from finetune.instructions.questions.excerpts import Asked, passages_of

_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]*\])")
Alteration = Callable[[Asked, random.Random], Asked | None]


def _quantity(asked: Asked, chance: random.Random) -> Asked | None:
    """A number of the statement changed."""
    text = asked.told[0]
    at = text.find(asked.fact.answer)
    found = [m for m in _NUMBER.finditer(text) if at <= m.start() < at + len(asked.fact.answer)] if at >= 0 else []
    if not found:
        return None
    match = chance.choice(found)
    value, other = match.group(), ""
    while not other or other in asked.fact.sentence:
        other = (
            f"{float(value) * chance.choice((0.5, 2, 3)) + 1:g}" if "." in value else str(int(value) * chance.choice((2, 3)) + chance.randint(1, 99))
        )
    return _saying(asked, f"{text[: match.start()]}{other}{text[match.end() :]}")


def _thing(asked: Asked, chance: random.Random) -> Asked | None:
    """What is said replaced by what another sentence says."""
    text, answer = asked.told[0], asked.fact.answer
    others = [one_line(c.quote).strip(".。;；,，") for n, c in enumerate(asked.given.sentences(), start=1) if c.quote and n not in asked.right[0]]
    if answer not in text or not others:
        return None
    other = chance.choice(others)
    size = max(1, min(len(answer.split()), 8)) if asked.fact.language == "en" else max(2, min(len(answer), 14))
    words = other.split()[-size:] if asked.fact.language == "en" else [other[-size:]]
    return _saying(asked, text.replace(answer, (" " if asked.fact.language == "en" else "").join(words), 1))


def _pointing(asked: Asked, chance: random.Random) -> Asked | None:
    """The right statement with another sentence to prove it."""
    right = {n for numbers in asked.right for n in numbers}
    others = [n for n, c in enumerate(asked.given.sentences(), start=1) if c.quote and n not in right]
    return replace(asked, right=((chance.choice(others),),), told=asked.told[:1]) if others else None


def _answered(asked: Asked, chance: random.Random) -> Asked | None:
    """An answer where none is: what the sentence that is not shown says, or what another sentence says of something else."""
    others = [(n, one_line(c.quote)) for n, c in enumerate(asked.given.sentences(), start=1) if c.quote and len(c.quote) < 400]
    if not others:
        return None
    number, quote = chance.choice(others)
    return replace(asked, right=((number,),), told=(asked.told[0] if chance.random() < 0.5 else quote,))


def _refused(asked: Asked, chance: random.Random) -> Asked | None:
    return replace(asked, right=(), told=asked.told[:1])


def _saying(asked: Asked, text: str) -> Asked:
    return replace(asked, right=asked.right[:1], told=(text,))


_ANSWERABLE: dict[str, Alteration] = {"quantity": _quantity, "thing": _thing, "pointing": _pointing, "refusal": _refused}
_UNANSWERABLE: dict[str, Alteration] = {"answered": _answered}
_BY_CONSTRUCTION = ("refusal", "answered")
"""Wrong whatever the checker says: whether a question is answered is no matter of the statement's proof."""


def altered(asked: Asked, seed: int, most: int) -> Iterator[tuple[str, GroundedReply]]:
    """(what was altered, a wrong reply), at most so many; different kinds as far as there are."""
    chance = random.Random(f"{seed} altered {asked.given.question} {asked.told}")
    kinds = list((_ANSWERABLE if asked.right else _UNANSWERABLE).items())
    chance.shuffle(kinds)
    made = 0
    for name, alter in kinds:
        other = alter(asked, chance) if made < most else None
        if other is not None and (name in _BY_CONSTRUCTION or _is_refused(other)):
            made += 1
            yield name, other.pointing()


def altered_quotation(asked: Asked, seed: int) -> tuple[str, QuotedReply] | None:
    """The right reply with a quotation that doesn't stand there: some words of it changed for others of the excerpts."""
    chance = random.Random(f"{seed} quotation {asked.given.question} {asked.told}")
    other = (_quantity(asked, chance) or _thing(asked, chance)) if asked.right else None
    if other is None:
        return None
    right = asked.quoting()
    first = right.statements[0]
    invented = Quotation(anchor=first.quotations[0].anchor, quote=other.told[0])
    if any(one_line(invented.quote) in one_line(text) for text in passages_of(asked.given).values()):
        return None
    return "quotation", QuotedReply(statements=[QuotedStatement(quotations=[invented], text=first.text), *right.statements[1:]])


def _is_refused(asked: Asked) -> bool:
    """By the checker: none of the statements that it gives is supported."""
    known, passages = asked.given.sentences(), passages_of(asked.given)
    return all(
        check(text, [known[n - 1] for n in numbers], passages, question=asked.given.question).verdict in ("unsupported", "weak")
        for numbers, text in zip(asked.right, asked.told, strict=True)
    )
