"""Claims from a description or a disclosure: independent ones, each followed by its dependents, and their form checked.

The form is that of 37 CFR 1.75 and MPEP 608.01(m) (one sentence a claim, consecutive numbers), and of 专利法实施细则, articles 22 to 25: a
claim refers only to earlier ones, and a multiple dependent claim is no basis for another.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated

from pydantic import BeforeValidator

from assistant.errors import AssistantError, ReplyError
from assistant.tasks.metrics import mean, rouge_l, set_scores
from assistant.tasks.parts import Part, language_of_document, most_that_fit, paragraph_parts, parts_of_text, shown
from assistant.tasks.reply import read_as
from assistant.tasks.task import DATA_ONLY, DATA_ONLY_ZH, Example, Given, Output, Reply, Task, language_of, marked
from ingest.claims.claim_reference import find_references
from ingest.claims.dependency import claim_references
from ingest.document import Claim, PatentDocument

_PRINTED_NUMBER = re.compile(r"^\s*(\d{1,4})\s*[.)、．]\s*(?!\d)")
_CLOSED = {"en": re.compile(r"\.[\"”’')\]]*$"), "zh": re.compile(r"[。．.][”’」』）)]*$")}
_NEXT_SENTENCE = {
    "en": re.compile(
        r"(?<=[a-z]{3})(?<!\bapprox)(?<!\bresp)(?<!\bFigs)(?<!\bwherein)[.?!]\s+(?=(?:The|A|An|This|It|In|Each|Said|When|If|Further|Preferably)\s)"
    ),
    "zh": re.compile(r"。(?![”’」』）)\]]?\s*$)(?=\s*\S)"),
}


class ClaimsGiven(Given):
    """`description` may also be given as one text, a paragraph a line."""

    description: Annotated[tuple[Part, ...], BeforeValidator(parts_of_text)]


class WrittenClaim(Reply):
    number: int
    text: str


class ClaimsReply(Reply):
    claims: list[WrittenClaim]


class Claims(Output):
    """As the claim parser reads them: what each depends on and mentions, and its category."""

    claims: tuple[Claim, ...]


def _show(given: ClaimsGiven) -> str:
    return marked("description", shown(given.description))


def _read(reply: str, given: ClaimsGiven) -> Claims:
    written: ClaimsReply = read_as(ClaimsReply, reply)
    wrong = [claim.number for claim in written.claims if not 1 <= claim.number <= 9999]
    if wrong:
        raise ReplyError(f"{wrong[0]} is no number of a claim; number the claims from 1")
    return Claims(claims=parsed_claims([(claim.number, _text(claim)) for claim in written.claims]))


def _text(claim: WrittenClaim) -> str:
    """Without a number that is printed before it once more."""
    printed = _PRINTED_NUMBER.match(claim.text)
    text = claim.text[printed.end() :] if printed and int(printed[1]) == claim.number else claim.text
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))


def parsed_claims(written: Sequence[tuple[int, str]]) -> tuple[Claim, ...]:
    """Claims from (number, text), of which two may have the same number."""
    texts: dict[int, str] = {}
    for number, text in written:
        texts.setdefault(number, text)
    claims = []
    for number, text in written:
        depends_on, mentions = claim_references(text, number, earlier=texts)
        claims.append(Claim(number=number, text=text, depends_on=depends_on, mentions=mentions))
    return tuple(claims)


def _problems(output: Claims, given: ClaimsGiven) -> list[str]:
    return problems_of_claims(output.claims, given.language)


def problems_of_claims(claims: Sequence[Claim], language: str) -> list[str]:
    """What is wrong with the form of claims in `en` or `zh`."""
    if not claims:
        return ["there are no claims"]
    found = _wrong_numbers(claims)
    if claims[0].depends_on or claims[0].mentions:
        found.append(f"claim {claims[0].number} stands first and refers to another claim; begin with an independent one")
    first: dict[str, int] = {}
    for claim in claims:
        if not claim.text.strip():
            found.append(f"claim {claim.number} is empty")
            continue
        found += [f"claim {claim.number} {wrong}" for wrong in _wrong_text(claim.text, language)]
        if (same := first.setdefault(claim.text, claim.number)) != claim.number:
            found.append(f"claim {claim.number} is the same as claim {same}")
    return found + _wrong_references(claims, language)


def _wrong_numbers(claims: Sequence[Claim]) -> list[str]:
    wrong = next(((expected, claim.number) for expected, claim in enumerate(claims, start=1) if claim.number != expected), None)
    return [f"claim {wrong[1]} stands where claim {wrong[0]} is expected; number them from 1 without gaps"] if wrong else []


def _wrong_text(text: str, language: str) -> Iterator[str]:
    if language_of(text) != language:
        yield "is not in the language of the description"
    if not _CLOSED[language].search(text.rstrip()):
        yield "does not end with a full stop"
    if _NEXT_SENTENCE[language].search(text):
        yield "has more than one sentence"


def _wrong_references(claims: Sequence[Claim], language: str) -> list[str]:
    found = []
    by_number = {claim.number: claim for claim in claims}
    multiple = {claim.number for claim in claims if len(claim.depends_on) > 1}
    for claim in claims:
        named = sorted({*claim.depends_on, *claim.mentions})
        if any(reference.numbers == (claim.number,) for reference in find_references(claim.text)):
            found.append(f"claim {claim.number} refers to itself")
        for number in named:
            if number not in by_number:
                found.append(f"claim {claim.number} refers to claim {number}, which is not there")
            elif number > claim.number:
                circle = claim.number in _basis(number, by_number)
                found.append(f"claim {claim.number} refers to claim {number}, {'which depends on it' if circle else 'which comes after it'}")
        basis = sorted(multiple.intersection(claim.depends_on)) if language == "zh" and claim.number in multiple else []
        if basis:
            both = f"claim {claim.number} depends on several claims, and so does claim {basis[0]} among them"
            found.append(f"{both}, which 专利法实施细则第二十五条 forbids")
    return found


def _basis(number: int, by_number: dict[int, Claim]) -> set[int]:
    """All the claims that a claim depends on, directly or not."""
    found: set[int] = set()
    waiting = [number]
    while waiting:
        claim = by_number.get(waiting.pop())
        new = set(claim.depends_on) - found if claim else set()
        found |= new
        waiting += new
    return found


def _from_document(document: PatentDocument) -> ClaimsGiven:
    parts = paragraph_parts(document)
    if not parts:
        raise AssistantError(f"{document.number}: the document has no description to make claims from")
    return ClaimsGiven(description=tuple(parts), language=language_of_document(document))


def _shorten(given: ClaimsGiven, fits: Callable[[ClaimsGiven], bool]) -> tuple[ClaimsGiven, list[str]] | None:
    fitting = most_that_fit(given.description, lambda parts: fits(given.model_copy(update={"description": parts})))
    return (given.model_copy(update={"description": fitting[0]}), fitting[1]) if fitting else None


def _examples(document: PatentDocument) -> Iterator[Example[ClaimsGiven]]:
    """Of claims without a fault of form: cancelled ones and lost formulae are no examples to follow."""
    described = any(s.paragraphs for s in document.sections)
    if document.language in ("en", "zh") and described and not problems_of_claims(document.claims, document.language):
        written = [WrittenClaim(number=claim.number, text=claim.text) for claim in document.claims]
        yield Example(_from_document(document), ClaimsReply(claims=written), document.number)


def _metric(predicted: Sequence[Claims], right: Sequence[Claims]) -> dict[str, float]:
    """ROUGE-L of the claims as one text; the claims that depend on which, by number; and how many sets of claims have no fault of form."""

    def dependencies(output: Claims) -> set[tuple[int, int]]:
        return {(claim.number, number) for claim in output.claims for number in claim.depends_on or (0,)}

    pairs = list(zip((_whole(p) for p in predicted), (_whole(r) for r in right), strict=True))
    edges = set_scores([_numbered(i, dependencies(p)) for i, p in enumerate(predicted)], [_numbered(i, dependencies(r)) for i, r in enumerate(right)])
    return {
        "rouge_l": mean(rouge_l(p, r) for p, r in pairs),
        "dependency_f1": edges["f1"],
        "well_formed": mean(float(not problems_of_claims(p.claims, language_of(_whole(r)))) for p, r in zip(predicted, right, strict=True)),
    }


def _whole(output: Claims) -> str:
    return "\n".join(claim.text for claim in output.claims)


def _numbered(place: int, edges: set[tuple[int, int]]) -> set[tuple[int, int, int]]:
    return {(place, *edge) for edge in edges}


TASK = Task(
    name="claims",
    summary="Claims from the description or a disclosure, checked for form.",
    given=ClaimsGiven,
    reply=ClaimsReply,
    instructions={
        "en": "You draft patent claims. Write a set of claims for the invention of the description, supported by it and by nothing else. Begin with "
        "the independent claim of broadest scope; let the dependent claims that refer to it follow, then any further independent claim with its "
        "dependents. Number the claims from 1 without gaps. Each claim is one sentence and ends with a full stop; a claim refers only to claims "
        f'before it ("The pump of claim 1, wherein …"). The reply has the form {{"claims": [{{"number": 1, "text": "…"}}]}}; the text has no number '
        f"before it. {DATA_ONLY}",
        "zh": "你撰写专利的权利要求书。根据说明书为发明撰写一组权利要求，只写说明书支持的内容。"
        "先写保护范围最宽的独立权利要求，随后写引用它的从属权利要求，再写其他独立权利要求及其从属权利要求。从1起连续编号。每项权利要求只用一句话，以句号结尾；只能引用在前的权利要求"
        "（“根据权利要求1所述的……，其特征在于，……”），引用多项权利要求的权利要求不得再被引用多项的权利要求引用。"
        f'回答的格式为 {{"claims": [{{"number": 1, "text": "…"}}]}}，text中不写编号。{DATA_ONLY_ZH}',
    },
    show=_show,
    read=_read,
    metric=_metric,
    examples=_examples,
    problems=_problems,
    from_document=_from_document,
    shorten=_shorten,
)
