"""Everything that is asked of a claim set at once: the report, its charts against references, and its comparison with an earlier set."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, TypedDict, Unpack

from assistant.claims.chart import ClaimChart, claim_chart
from assistant.claims.chart_reasons import with_reasons
from assistant.claims.comparison import compare
from assistant.claims.report import ClaimReport, claim_report
from assistant.documents import Named, named_document
from assistant.llm.exchange import answer_one
from index.filter import Filter
from ingest.document import PatentDocument

if TYPE_CHECKING:
    from assistant.patents import PatentAssistant


class ClaimOptions(TypedDict, total=False):
    """`claims_language` is another of the document's languages, `report_language` (en or zh) that of messages. `against` are references for a
    chart; `search` takes the `k` nearest that are found `where` from before the priority date, or `before` a date; `only` are the claims charted,
    by default the first independent one. `earlier` is a claim set to compare with, `filed` the description as filed where that is not the earlier
    document's."""

    claims_language: str
    report_language: str
    against: Sequence[Named]
    search: bool
    only: Sequence[int]
    where: Filter | None
    k: int
    before: date | None
    earlier: Named | None
    filed: Named | None


def analyse(document: PatentDocument, patents: "PatentAssistant | None" = None, **asked: Unpack[ClaimOptions]) -> ClaimReport:
    """The report with what is asked for. Charts need the index of `patents`; with its language model they get reasons."""
    language = asked.get("report_language", "")
    report = claim_report(document, asked.get("claims_language", ""), language)
    against, earlier, filed = asked.get("against", ()), asked.get("earlier"), asked.get("filed")
    if against or asked.get("search"):
        assert patents is not None
        references = [named_document(each, patents) for each in against]
        k, where, before = asked.get("k", 5), asked.get("where"), asked.get("before")
        found = [claim_chart(patents.index, document, number, references, k, where, before, language) for number in asked.get("only") or (0,)]
        report = report.model_copy(update={"charts": tuple(_with_reasons(found, references, patents))})
    if earlier is not None:
        as_filed = named_document(filed, patents) if filed is not None else None
        report = report.model_copy(update={"comparison": compare(named_document(earlier, patents), document, as_filed, language)})
    return report


def _with_reasons(charts: Sequence[ClaimChart], references: Sequence[PatentDocument], patents: "PatentAssistant") -> list[ClaimChart]:
    if patents.model is None:
        return list(charts)
    named = {d.number: d for d in references}
    entailment = patents.grounding.entailment if patents.grounding else None
    exchanges = [with_reasons(c, lambda n: named.get(n) or patents.index.document(n), patents.model, entailment) for c in charts]
    return [answer_one(each, patents.model) for each in exchanges]
