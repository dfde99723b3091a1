"""A report that has every part, on claims with hostile text in them."""

from datetime import date

from assistant.answer import Statement
from assistant.claims.chart import ClaimChart, Reason
from assistant.claims.comparison import ClaimComparison, compare
from assistant.claims.report import ClaimReport, claim_report
from assistant.claims.support import ElementSupport, SupportPlace
from assistant.prior_art.coverage import Coverage, Verdict
from assistant.prior_art.features import Feature
from assistant.prior_art.references import Pair, Reference
from ingest.document import Citation, Claim, Dates, Paragraph, PatentDocument, Section

HOSTILE = (
    "</script></style></table></svg><script>alert(1)</script><img src=x onerror=alert(1)> & \" ' {{ 7*7 }} \x0b\x00\x1b \ufffe \u202eelur <!-- ]]>"
)
LONG_WORD = "x" * 3000


def hostile_document(hostile: str = HOSTILE) -> PatentDocument:
    claims = (
        f"A pump, comprising: a rotor (12) with {hostile}; means for sealing said shaft about 5 to 10 mm; and a seal selected from the "
        "group consisting of rubber, cork and wax",
        f"The pump of claim 1, wherein the {LONG_WORD} lid is {hostile}.",
        "The pump of claim 1 or 2, wherein\nthe rotor turns.",
    )
    return PatentDocument(
        number="US1A1",
        language="en",
        dates=Dates(publication=date(2001, 2, 3)),
        titles={"en": f"Pump {hostile}"},
        claims=tuple(Claim(number=n, text=t, depends_on=None) for n, t in enumerate(claims, start=1)),
        sections=(
            Section(
                heading=f"Field {hostile}",
                paragraphs=(
                    Paragraph(number="0001", text=f"A rotor turns. {hostile} It is of steel."),
                    Paragraph(number="0002", text="Nothing quoted."),
                ),
            ),
        ),
    )


def full_report(hostile: str = HOSTILE, report_language: str = "") -> tuple[ClaimReport, PatentDocument]:
    document = hostile_document(hostile)
    amended = document.claims[1].text.replace("lid", "heavy cover")
    old = document.model_copy(update={"number": "US0A1", "claims": (document.claims[0], document.claims[1].model_copy(update={"text": amended}))})
    report = claim_report(document, report_language=report_language)
    return report.model_copy(update={"support": _support(hostile), "charts": (_chart(hostile),), "comparison": compare(old, document)}), document


def _support(hostile: str) -> tuple[ElementSupport, ...]:
    place = SupportPlace(citation=Citation(anchor="US1A1#p0001", quote="A rotor turns."), score=0.91)
    return (
        ElementSupport(claim=1, label="1a", text=f"a rotor {hostile}", verdict="supported", score=0.91, places=(place,)),
        ElementSupport(claim=2, label="2a", text="the lid", verdict="unsupported", score=0.04, places=()),
        ElementSupport(claim=3, label="3a", text="the rotor turns", verdict="unchecked", score=0.0),
    )


def _chart(hostile: str, references: int = 7) -> ClaimChart:
    features = (Feature(label="1pre", text="A pump"), Feature(label="1a", text=f"a rotor {hostile}"))
    cited = Citation(anchor="US9A#p0003", quote=f"the rotor {hostile}")
    found = [_reference(i, features, cited, hostile) for i in range(1, references + 1)]
    return ClaimChart(
        document="US1A1",
        claim=1,
        language="en",
        before=date(2000, 1, 1),
        features=features,
        references=tuple(found),
        nearest=found[0].number,
        pair=Pair(rank=1, first=found[0], second=found[1], share=0.9, coverages=found[0].coverages, adds=("1a",)),
        left_over=("1pre",),
        notes=(f"US9A: {hostile}",),
        reasons=(Reason(number="US9A", label="1a", statement=Statement(text=hostile, verdict="weak", citations=(), reason=hostile), agrees=False),),
    )


def _reference(rank: int, features: tuple[Feature, ...], cited: Citation, hostile: str) -> Reference:
    verdicts: tuple[Verdict, ...] = ("absent", "present") if rank % 2 else ("partly", "unchecked")
    coverages = tuple(
        Coverage(feature=f, verdict=v, score=0.6, citation=cited if v in ("present", "partly") else None)
        for f, v in zip(features, verdicts, strict=True)
    )
    day = date(1990 + rank, 1, 1) if rank != 3 else None
    return Reference(rank=rank, number=f"US{8 + rank}A", title=hostile, day=day, dated="published" if day else "", share=0.5, coverages=coverages)


def without_parts(report: ClaimReport) -> ClaimReport:
    """The deterministic report alone."""
    return report.model_copy(update={"support": (), "charts": (), "comparison": None})


def comparison_of(report: ClaimReport) -> ClaimComparison:
    assert report.comparison is not None
    return report.comparison
