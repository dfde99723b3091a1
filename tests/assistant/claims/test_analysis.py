import pytest

from assistant.documents import named_document
from assistant.errors import ClaimError
from index.errors import NotInIndexError
from ingest.document import Claim, PatentDocument
from ingest.errors import ReadError

NUMBER = "US99000001B2"


@pytest.fixture
def earlier(patents):
    """The same document with another first claim."""
    document = patents.index.document(NUMBER)
    first, *rest = document.claims
    shorter = Claim(number=1, text=first.text.split(";")[0].rstrip(" ;,") + ".", depends_on=None)
    return document.model_copy(update={"claims": (shorter, *rest), "number": "US20990000001A1", "kind": "A1"})


def test_the_report_has_the_support_of_every_element(patents):
    report = patents.claims(NUMBER)
    assert {s.claim for s in report.support} == {n.number for n in report.tree}
    assert not report.charts and report.comparison is None
    for each in report.support:
        for place in each.places:
            assert place.citation.quote in patents.show(place.citation.anchor)


def test_a_chart_against_what_is_found(patents):
    (chart,) = patents.claims(NUMBER, search=True, k=2).charts
    assert chart.document == NUMBER and chart.claim == 1 and chart.before is not None
    assert all(r.day is None or r.day < chart.before for r in chart.references)
    assert NUMBER not in {r.number for r in chart.references}


def test_charts_of_several_claims_against_a_reference_that_is_named(patents):
    other = next(d for d in patents.export() if d.country == "US" and d.number != NUMBER and d.claims)
    charts = patents.claims(NUMBER, against=[other.number], only=[1, 2]).charts
    assert [c.claim for c in charts] == [1, 2]
    assert all([r.number for r in c.references] == [other.number] and c.before is None for c in charts)
    for coverage in charts[0].references[0].coverages:
        if coverage.citation:
            assert coverage.citation.quote in patents.show(coverage.citation.anchor)


def test_the_comparison_with_an_earlier_set(patents, earlier):
    comparison = patents.claims(NUMBER, earlier=earlier).comparison
    first = next(c for c in comparison.changes if c.new == 1)
    assert (comparison.old, comparison.new, first.change, first.effect) == ("US20990000001A1", NUMBER, "amended", "narrowed")
    assert comparison.filed == "US20990000001A1" and not first.added_matter


def test_what_is_not_there_is_said(patents, tmp_path):
    with pytest.raises(NotInIndexError):
        patents.claims("US1A")
    with pytest.raises(NotInIndexError):
        patents.claims(NUMBER, against=["US1A"])
    with pytest.raises(ClaimError):
        patents.claims(NUMBER, search=True, only=[99])
    empty = tmp_path / "empty.txt"
    empty.write_text("")
    with pytest.raises(ReadError):
        named_document(empty)


def test_a_file_with_several_documents_is_no_one_document(patents, tmp_path):
    path = tmp_path / "two.jsonl"
    path.write_text("".join(d.model_dump_json() + "\n" for d, _ in zip(patents.export(), range(2), strict=False)))
    with pytest.raises(ReadError, match="2 documents"):
        named_document(path, patents)
    path.write_text(next(iter(patents.export())).model_dump_json() + "\n")
    assert isinstance(named_document(path, patents), PatentDocument)
