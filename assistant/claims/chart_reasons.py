"""Reasons for the verdicts of a claim chart, by a language model, each verified by the checker of grounded answers.

Asked about are the features that the nearest reference and both references of the pair have, present or partly, `FEATURES` at a time: for a claim
of twenty features, nine requests at most. The model sees each feature with the passage that the chart quotes, in whole. What it says is
shown where the checker lets it through and marked as it finds it; of a reason that fails nothing is kept. The verdicts stay the chart's own.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from assistant.answer import Statement
from assistant.claims.chart import ClaimChart, Reason
from assistant.errors import ReplyError, TooLongError
from assistant.grounding.checking import check
from assistant.llm.exchange import Exchange
from assistant.llm.language_model import LanguageModel
from assistant.prior_art.coverage import Coverage
from assistant.prior_art.references import Reference
from assistant.tasks.claim_chart import FEATURES, TASK, Chart, ChartGiven, Reasoned, around, passages_of
from assistant.tasks.grounded_answer import Source
from assistant.tasks.running import run_task
from assistant.tasks.task import Language, language_of
from ingest.anchor import text_at
from ingest.document import PatentDocument

if TYPE_CHECKING:
    from assistant.grounding.entailment import Entailment

PASSAGE = 4000
"""Characters of a passage that are shown; of a longer one, those around the quotation."""
_WORDS = {
    "en": {
        "absent": "The language model does not find {label} in the passages that were quoted.",
        "nothing to quote": "what is absent can't be quoted",
        "failed": "the language model's reason failed the check",
        "unread": "{number}: there are no reasons of the language model for {labels}.",
    },
    "zh": {
        "absent": "语言模型在所引段落中未发现{label}。",
        "nothing to quote": "未公开的内容无从引用",
        "failed": "语言模型给出的理由未通过核对",
        "unread": "{number}：语言模型未就{labels}给出理由。",
    },
}


def with_reasons(
    chart: ClaimChart, document: Callable[[str], PatentDocument], model: LanguageModel, entailment: "Entailment | None" = None
) -> Exchange[ClaimChart]:
    """The exchange that gives the chart with its reasons. `document` gives each reference by its number, as it was when the chart was made.

    What it gives no verdict on that can be read is named in the notes. Raises LanguageModelError where it can't be asked.
    """
    language = language_of(" ".join(f.text for f in chart.features))
    words = _WORDS[language]
    reasons: list[Reason] = []
    notes: list[str] = []
    for reference in _asked_about(chart):
        held = [c for c in reference.coverages if c.citation]
        missing: list[str] = []
        for start in range(0, len(held), FEATURES):
            some = {c.feature.label: c for c in held[start : start + FEATURES]}
            given = _given(list(some.values()), document(reference.number), language)
            said = yield from _said(given, some, model)
            reasons += [_reason(reference.number, some[each.label], each, given, entailment, words) for each in said]
            missing += [label for label in some if label not in {each.label for each in said}]
        if missing:
            notes.append(words["unread"].format(number=reference.number, labels=" ".join(missing)))
    return chart.model_copy(update={"reasons": tuple(reasons), "notes": (*chart.notes, *notes)})


def _said(given: ChartGiven, coverages: Mapping[str, Coverage], model: LanguageModel) -> Exchange[list[Reasoned]]:
    """What the model says of the features whose passage it was shown; nothing where its replies can't be read or its window is too small."""
    try:
        result = yield from run_task(TASK, given, model)
    except (ReplyError, TooLongError):
        return []
    assert isinstance(result.output, Chart)
    return [f for f in result.output.features if (cited := coverages[f.label].citation) and cited.anchor not in result.left_out]


def _asked_about(chart: ClaimChart) -> Iterator[Reference]:
    numbers = {chart.nearest} | ({chart.pair.first.number, chart.pair.second.number} if chart.pair else set())
    return (r for r in chart.references if r.number in numbers)


def _given(coverages: list[Coverage], document: PatentDocument, language: Language) -> ChartGiven:
    shown: dict[str, Source] = {}
    for each in coverages:
        assert each.citation
        anchor, quote = each.citation.anchor, each.citation.quote
        text = around(text_at(document, anchor), quote, PASSAGE)
        if not any(quote in s.text for s in shown.values() if s.anchor == anchor):
            shown[f"{anchor} {text}"] = Source(anchor=anchor, title=document.title, text=text)
    return ChartGiven(features=tuple(c.feature for c in coverages), sources=tuple(shown.values()), language=language)


def _reason(number: str, coverage: Coverage, said: Reasoned, given: ChartGiven, entailment: "Entailment | None", words: dict[str, str]) -> Reason:
    label = coverage.feature.label
    agrees: bool | None = said.verdict == coverage.verdict
    if said.verdict == "absent":
        statement = Statement(text=words["absent"].format(label=label), verdict="unchecked", citations=(), reason=words["nothing to quote"])
    else:
        checked = check(said.text, said.citations, passages_of(given.sources), entailment, coverage.feature.text)
        statement = Statement(text=said.text, verdict=checked.verdict, citations=said.citations, reason=checked.reason)
        if checked.verdict == "unsupported":  # neither its words nor its verdict count
            agrees, statement = None, Statement(text="", verdict="unsupported", citations=(), reason=words["failed"])
    return Reason(number=number, label=label, statement=statement, agrees=agrees)
