"""The whole report."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.claims.report import ClaimReport, claim_report
from assistant.claims.rules import RULES
from assistant.errors import ClaimError
from ingest import PatentDocument, read
from ingest.document import Claim, Paragraph, Section

Made = Callable[..., PatentDocument]


def test_a_report_is_json_and_back(document: Made) -> None:
    report = claim_report(document("A pump comprising a rotor, wherein the seal is soft.", "The pump of claim 1, of steel"))
    assert ClaimReport.model_validate_json(report.model_dump_json()) == report
    assert report.practice == "us"
    assert report.counts == {"antecedent-basis": 1, "no-full-stop": 1}
    assert report.drawing == "1 pump\n└── 2"
    assert [f.anchor for f in report.findings] == ["US1A1#c1", "US1A1#c2"]


def test_findings_are_in_order_and_exact(document: Made) -> None:
    made = document("A pump, wherein the seal is about 5 mm, such as rubber.", "The method of claim 1, wherein the lid opens. The lid shuts.")
    findings = claim_report(made).findings
    assert len(findings) >= 5
    assert [(f.claim, f.start) for f in findings] == sorted((f.claim, f.start) for f in findings)
    assert all(made.claims[f.claim - 1].text[f.start : f.end] == f.quoted for f in findings)


def test_a_translation(document: Made) -> None:
    made = document("一种泵，所述转子转动。", practice="cn").model_copy(
        update={"translated_claims": {"en": (Claim(number=1, text="A pump, wherein the rotor turns."),)}}
    )
    report = claim_report(made, claims_language="en", report_language="en")
    assert [(f.quoted, f.anchor) for f in report.findings] == [("the rotor", "CN1A#c1-en")]
    assert report.practice == "cn"
    assert [f.quoted for f in claim_report(made).findings] == ["所述转子"]


def test_what_cannot_be_checked_is_said(document: Made) -> None:
    assert "description" in claim_report(document("A pump.")).unchecked[0]
    assert claim_report(document("A pump.", description="A pump.")).unchecked == ()
    assert "Japan" in claim_report(document("A pump.", practice="jp")).unchecked[0]
    design = claim_report(document("The ornamental design for a chair, as shown and described."))
    assert design.findings == ()
    assert "design" in design.unchecked[0]
    german = claim_report(document("Pumpe mit einem Rotor, wobei der Deckel aus Stahl ist.", "Pumpe nach Anspruch 7.", practice="ep"))
    assert [f.rule for f in german.findings] == ["unknown-claim"]
    assert "English and Chinese" in german.unchecked[0]


def test_no_claims_and_an_unknown_language(document: Made) -> None:
    with pytest.raises(ClaimError, match="no claims"):
        claim_report(PatentDocument(number="US1A1", titles={"en": "A pump"}))
    with pytest.raises(ClaimError, match="en or zh"):
        claim_report(document("A pump."), report_language="fr")


def test_every_rule_is_whole() -> None:
    assert len({r.name for r in RULES}) == len(RULES) >= 18
    for rule in RULES:
        assert rule.basis
        assert set(rule.basis) <= {"us", "ep", "cn"}
        assert set(rule.message) == set(rule.remedy) == {"en", "zh"}


WORDS = st.sampled_from(
    "the said a first second pump rotor of claim claims 1 2 3 and or to any wherein comprising about such as 5 mm"
    " 至 . , ; 。 ， 所述 该 第一 第二 齿轮 根据权利要求 1 或 2 的"
    " 一种 方法 包括 等 约 % - pump's"
    " (12) as shown in FIG. 2 ® method".split(" ")
)
CLAIM = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=25).map(" ".join), st.lists(WORDS, max_size=25).map("".join))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(CLAIM, min_size=1, max_size=4),
    st.sampled_from(["US1A1", "EP1B1", "CN1A", "JP1A", "X"]),
    st.text(max_size=30),
    st.sampled_from(["en", "zh", ""]),
)
def test_any_claims(texts: list[str], number: str, description: str, language: str) -> None:
    made = PatentDocument(
        number=number,
        language="en",
        titles={"en": "t"},
        claims=tuple(Claim(number=n, text=t, depends_on=None) for n, t in enumerate(texts, 1)),
        sections=(Section(paragraphs=(Paragraph(number="1", text=description),)),),
    )
    report = claim_report(made, report_language=language)
    assert len(report.tree) == len(report.elements) == len(texts)
    for finding in report.findings:
        if finding.claim:
            assert made.claims[finding.claim - 1].text[finding.start : finding.end] == finding.quoted
        assert finding.message
        assert finding.basis


def test_the_sample_collection_has_few_findings(sample: Path) -> None:
    """The samples are written as good claims are."""
    documents = [d for d in read([sample]) if isinstance(d, PatentDocument) and d.claims]
    assert documents
    for made in documents:
        report = claim_report(made)
        assert [f for f in report.findings if f.severity == "error"] == []
        assert "".join(e.text for c in report.elements for e in c.elements) == "".join(c.text for c in made.claims)


def test_a_hundred_claims_and_a_long_description_take_less_than_two_seconds(document: Made) -> None:
    texts = ["A pump comprising a housing, a rotor and a seal."] + [
        f"The pump of claim {n}, further comprising a part {n} in the housing, wherein the rotor and the seal touch the part and the lid."
        for n in range(1, 100)
    ]
    made = document(*texts, description="The pump has a housing with a rotor and a seal of rubber. " * 4600)
    claim_report(made)
    start = time.process_time()
    claim_report(made)
    assert time.process_time() - start < 10
