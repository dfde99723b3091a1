"""The abstract of a patent from its claims.

Its form: at most 150 words without the legal phraseology of claims in English (37 CFR 1.72(b), MPEP 608.01(b)), at most 300 characters in
Chinese (专利审查指南, part I, chapter 1, 4.5.1).
"""

import re
from collections.abc import Callable, Iterator, Sequence

from assistant.errors import AssistantError
from assistant.tasks.metrics import bleu, mean, rouge_l
from assistant.tasks.parts import Part, language_of_document, most_that_fit
from assistant.tasks.reply import read_as
from assistant.tasks.task import DATA_ONLY, DATA_ONLY_ZH, Example, Given, Output, Reply, Task, as_data, language_of, marked, one_line
from ingest.claims.claim_reference import find_references
from ingest.document import Claim, PatentDocument

LONGEST = {"en": 150, "zh": 300}
"""Words of English, characters of Chinese."""
_WORD = re.compile(r"\S*\w\S*")
_LEGAL_EN = re.compile(r"\bsaid\b|\bwhereby the improvement\b|\bcharacteri[sz]ed in that\b|\bof the type described\b", re.IGNORECASE)
_PRAISE_EN = re.compile(r"\b(?:revolutionary|best-selling|unrivall?ed|world-class|unbeatable)\b", re.IGNORECASE)
_SAID_ZH = re.compile("所述|上述")
_LEGAL_ZH = re.compile("其特征在于|其特征是")
_PRAISE_ZH = re.compile("国际领先|国内领先|世界领先|独一无二|最畅销|首屈一指|销量第一")
MOST_SAID_ZH = 4.0
"""Times 所述 in a hundred characters, above which it reads like a claim."""


class AbstractGiven(Given):
    """Claims by their numbers."""

    claims: tuple[Claim, ...]


class AbstractReply(Reply):
    abstract: str


class Abstract(Output):
    abstract: str


def _show(given: AbstractGiven) -> str:
    return marked("claims", "\n".join(f"{claim.number}. {as_data(one_line(claim.text))}" for claim in given.claims))


def _read(reply: str, given: AbstractGiven) -> Abstract:
    return Abstract(abstract=one_line(read_as(AbstractReply, reply).abstract))


def _problems(output: Abstract, given: AbstractGiven) -> list[str]:
    return problems_of_abstract(output.abstract, given.language)


def problems_of_abstract(text: str, language: str) -> list[str]:
    """What is wrong with the form of an abstract in `en` or `zh`."""
    if not text:
        return ["the abstract is empty"]
    found = []
    if language_of(text) != language:
        found.append("the abstract is not in the language of the claims")
    length = len("".join(text.split())) if language == "zh" else len(_WORD.findall(text))
    if length > LONGEST[language]:
        found.append(f"the abstract has {length} {'characters' if language == 'zh' else 'words'}; at most {LONGEST[language]} are allowed")
    legal, praise = (_LEGAL_ZH, _PRAISE_ZH) if language == "zh" else (_LEGAL_EN, _PRAISE_EN)
    found += [f'"{word}" is the wording of a claim' for word in dict.fromkeys(legal.findall(text))]
    found += [f'"{word}" is advertising' for word in dict.fromkeys(praise.findall(text))]
    if language == "zh" and len(said := _SAID_ZH.findall(text)) > max(4, MOST_SAID_ZH * length / 100):
        found.append(f"所述 stands {len(said)} times; that is the wording of a claim")
    if find_references(text):
        found.append("the abstract refers to a claim by its number")
    return found


def _from_document(document: PatentDocument) -> AbstractGiven:
    if not document.claims:
        raise AssistantError(f"{document.number}: the document has no claims to make an abstract from")
    return AbstractGiven(claims=document.claims, language=language_of_document(document))


def _shorten(given: AbstractGiven, fits: Callable[[AbstractGiven], bool]) -> tuple[AbstractGiven, list[str]] | None:
    """The independent claims first, then as many of the others as fit."""
    parts = [
        Part(id=f"claim {c.number}", text=c.text, kind="claims" if c.independent else "description")  # the rank of what is left out first
        for c in given.claims
    ]

    def with_only(some: tuple[Part, ...]) -> AbstractGiven:
        kept = {part.id for part in some}
        return given.model_copy(update={"claims": tuple(c for c in given.claims if f"claim {c.number}" in kept)})

    fitting = most_that_fit(parts, lambda some: fits(with_only(some)))
    return (with_only(fitting[0]), fitting[1]) if fitting else None


def _examples(document: PatentDocument) -> Iterator[Example[AbstractGiven]]:
    """Of abstracts without a fault of form."""
    abstract = one_line(document.abstracts.get(document.language, ""))
    if document.claims and document.language in ("en", "zh") and not problems_of_abstract(abstract, document.language):
        yield Example(_from_document(document), AbstractReply(abstract=abstract), document.number)


def _metric(predicted: Sequence[Abstract], right: Sequence[Abstract]) -> dict[str, float]:
    said, wanted = [p.abstract for p in predicted], [r.abstract for r in right]
    language = language_of(" ".join(wanted))
    return {
        "bleu": bleu(said, wanted, language),
        "rouge_l": mean(rouge_l(p, r) for p, r in zip(said, wanted, strict=True)),
        "well_formed": mean(float(not problems_of_abstract(p, language)) for p in said),
    }


TASK = Task(
    name="abstract",
    summary="An abstract from the claims.",
    given=AbstractGiven,
    reply=AbstractReply,
    instructions={
        "en": "You write abstracts of patents. Summarise the invention of the claims in one paragraph of plain technical English, 50 to 150 words: "
        "what it is, how it is built or works, and what it is for as far as the claims say so. Do not use the wording of claims "
        f'(such as "said" or "characterised in that"), praise, or claim numbers. The reply has the form {{"abstract": "…"}}. {DATA_ONLY}',
        "zh": "你为专利撰写说明书摘要。根据权利要求用一段通顺的中文概括发明：是什么、如何构成或实施、有何用途（以权利要求所写为限），不超过300个字。"
        "少用“所述”，不得使用“其特征在于”、宣传用语或权利要求的编号。"
        f'回答的格式为 {{"abstract": "…"}}。{DATA_ONLY_ZH}',
    },
    show=_show,
    read=_read,
    metric=_metric,
    examples=_examples,
    problems=_problems,
    from_document=_from_document,
    shorten=_shorten,
)
