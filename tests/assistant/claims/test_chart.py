from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.claims.chart import ClaimChart, claim_chart
from assistant.errors import ClaimError, NoDateError
from index import Filter, NotInIndexError, PatentIndex
from ingest import PatentDocument
from ingest.anchor import text_at

CLAIM = (
    "A slurry pump comprising:\na rotor with a hollow ceramic shaft;\na rubber lip seal that surrounds the shaft; and\n"
    "a strainer basket with a magnetic trap at the inlet."
)
SHAFT = "The rotor of the slurry pump has a hollow ceramic shaft that is cooled from inside."
SEAL = "A rubber lip seal surrounds the shaft and keeps the slurry from the bearing."
TRAP = "At the inlet of the pump a strainer basket with a magnetic trap holds back iron particles."
RAIN = "The weather station measures rain with a tipping bucket and sends its counts by radio."
ZH_CLAIM = "一种渣浆泵，其特征在于，包括：\n转子，所述转子具有空心陶瓷轴；\n橡胶唇形密封圈，所述橡胶唇形密封圈围绕所述轴。"
ZH_TEXT = "渣浆泵的转子具有空心陶瓷轴。橡胶唇形密封圈围绕所述轴，防止渣浆进入轴承。"


def made(number, *texts, title="Pump", claims=("A pump comprising a casing.",), language="en", **dates):
    return PatentDocument.model_validate(
        {
            "number": number,
            "language": language,
            "titles": {language: title},
            "dates": dates,
            "claims": [{"number": n, "text": text} for n, text in enumerate(claims, start=1)],
            "sections": [
                {"heading": f"PART {i}", "kind": "description", "paragraphs": [{"number": f"{i:04d}", "text": t}]}
                for i, t in enumerate(texts, start=1)
            ],
        }
    )


ASKED = made(
    "US8000001B2",
    SHAFT,
    SEAL,
    TRAP,
    title="Slurry pump with trap",
    claims=(CLAIM, "The slurry pump of claim 1, wherein the strainer basket is made of stainless steel."),
    priority="2010-05-01",
    filing="2011-05-01",
    publication="2012-01-03",
)
FILE = made("US7000001B2", SHAFT, SEAL, TRAP, RAIN, title="Known pump", publication="2005-01-04")
ZH = made("CN100000001A", ZH_TEXT, title="渣浆泵", claims=(ZH_CLAIM,), language="zh", priority="2012-01-01")


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """ASKED, its earlier publication, a reference with all but the trap, one with the trap alone, later ones, a Chinese one, and rain."""
    with PatentIndex(tmp_path_factory.mktemp("charts") / "index", create=True) as opened:
        opened.add(
            [
                ASKED,
                made("US20110000001A1", SHAFT, SEAL, TRAP, title="Slurry pump with trap", priority="2010-05-01", publication="2011-11-03"),
                made("US8000002B2", SHAFT, SEAL, title="Pump with cooled shaft", filing="2007-01-01", publication="2009-03-03"),
                made("US8000003B2", TRAP, title="Inlet filter", filing="2008-01-01", publication="2010-04-30"),
                made("US8000004B2", SHAFT, SEAL, TRAP, title="Filed before, published after", filing="2009-01-01", publication="2010-06-01"),
                made("US8000006B2", SHAFT, SEAL, TRAP, title="Filed after", filing="2011-01-01", publication="2012-06-01"),
                made("US8000009B2", SHAFT, SEAL, TRAP, title="Without a date"),
                made("US8000005B2", RAIN, title="Rain gauge", publication="2001-01-02"),
                made("CN100000002A", ZH_TEXT, title="渣浆泵", language="zh", claims=("一种泵，包括壳体。",), publication="2008-01-01"),
            ]
        )
        yield opened


def verdicts(reference):
    return {c.feature.label: c.verdict for c in reference.coverages}


def numbers(chart):
    return [r.number for r in chart.references]


def test_what_retrieval_finds_before_the_priority_date(index):
    chart = claim_chart(index, ASKED)
    assert (chart.document, chart.claim, chart.language, chart.before) == ("US8000001B2", 1, "en", date(2010, 5, 1))
    assert [f.label for f in chart.features] == ["1pre", "1a", "1b", "1c"]
    assert set(numbers(chart)) <= {"US8000002B2", "US8000003B2", "CN100000002A"}
    assert chart.nearest == "US8000002B2" == chart.references[0].number
    assert verdicts(chart.references[0]) == {"1pre": "present", "1a": "present", "1b": "present", "1c": "absent"}
    assert chart.pair and (chart.pair.first.number, chart.pair.second.number, chart.pair.adds) == ("US8000002B2", "US8000003B2", ("1c",))
    assert chart.left_over == () == chart.notes


def test_every_quotation_stands_in_its_place(index):
    for chart in (claim_chart(index, ASKED), claim_chart(index, ASKED, against=[FILE, "CN100000002A"])):
        cited = [(r.number, c) for r in chart.references for c in r.coverages if c.verdict in ("present", "partly")]
        assert cited
        for number, each in cited:
            document = FILE if number == FILE.number else index.document(number)
            assert each.citation and each.citation.quote in text_at(document, each.citation.anchor)


def test_one_reference_shown_still_leaves_nothing_over_that_another_has(index):
    chart = claim_chart(index, ASKED, k=1)
    assert numbers(chart) == ["US8000002B2", "US8000003B2"]
    assert chart.left_over == ()


def test_what_no_reference_has_is_left_over(index):
    chart = claim_chart(index, ASKED, against=["US8000002B2", "US8000005B2"])
    assert (chart.nearest, chart.pair, chart.left_over) == ("US8000002B2", None, ("1c",))
    assert numbers(chart) == ["US8000002B2", "US8000005B2"]  # also one that has nothing, since it was named


def test_nothing_found(index):
    chart = claim_chart(index, ASKED, before=date(1990, 1, 1))
    assert (chart.references, chart.nearest, chart.pair) == ((), "", None)
    assert chart.left_over == tuple(f.label for f in chart.features)
    assert chart.notes == ("Nothing that was published before 1990-01-01 was found to disclose any feature.",)


def test_references_that_disclose_nothing_have_no_nearest(index):
    chart = claim_chart(index, ASKED, against=["US8000005B2"])
    assert (numbers(chart), chart.nearest, chart.left_over) == (["US8000005B2"], "", ("1pre", "1a", "1b", "1c"))


def test_a_filter_limits_the_search(index):
    assert numbers(claim_chart(index, ASKED, where=Filter(numbers=("US8000003B2",)))) == ["US8000003B2"]


def test_a_dependent_claim_has_the_features_of_its_parents(index):
    chart = claim_chart(index, ASKED, claim=2)
    assert (chart.claim, [f.label for f in chart.features]) == (2, ["1pre", "1a", "1b", "1c", "2a"])
    assert chart.left_over in ((), ("2a",))


def test_a_reference_from_a_file_is_charted_as_if_it_were_in_the_index(index, tmp_path):
    [from_file] = claim_chart(index, ASKED, against=[FILE]).references
    with PatentIndex(tmp_path / "index", create=True) as other:
        other.add([*index.catalogue.documents(), FILE])
        [ingested] = claim_chart(other, ASKED, against=[FILE.number]).references
    assert verdicts(from_file) == verdicts(ingested) == dict.fromkeys(("1pre", "1a", "1b", "1c"), "present")
    for one, two in zip(from_file.coverages, ingested.coverages, strict=True):
        assert one.score == pytest.approx(two.score, abs=0.05)  # the terms' rarity is that of another index
    with pytest.raises(NotInIndexError):
        index.document(FILE.number)


def test_a_file_takes_the_place_of_what_the_index_has_by_its_number(index):
    other = made("US8000005B2", SHAFT, SEAL, TRAP, title="Another text", publication="2001-01-02")
    assert claim_chart(index, ASKED, against=[other]).nearest == "US8000005B2"
    assert claim_chart(index, ASKED, against=["US8000005B2"]).nearest == ""


def test_the_document_of_the_claim_need_not_be_in_the_index(index):
    draft = made("draft", claims=(CLAIM,), filing="2010-05-01")
    assert claim_chart(index, draft).nearest == "US8000002B2"


def test_the_earlier_publication_of_the_document_is_nearest_where_it_is_named(index):
    chart = claim_chart(index, ASKED, against=["US8000003B2", "US8000002B2", "US20110000001A1"])
    assert (chart.nearest, chart.pair, chart.before) == ("US20110000001A1", None, None)
    assert chart.notes == (
        "US20110000001A1: of the family of the document whose claim this is.",
        "US20110000001A1: published on 2011-11-03, not before 2010-05-01.",
    )


@pytest.mark.parametrize(
    ("number", "note"),
    [
        ("US8000006B2", "published on 2012-06-01, not before 2010-05-01."),
        ("US8000004B2", "published on 2010-06-01, not before 2010-05-01, but filed before it"),
        ("US8000009B2", "its publication date is not known"),
    ],
)
def test_a_named_reference_that_is_not_earlier_is_charted_with_a_note(index, number, note):
    chart = claim_chart(index, ASKED, against=[number])
    assert chart.nearest == number
    [said] = chart.notes
    assert said.startswith(f"{number}: {note}")
    [zh] = claim_chart(index, ASKED, against=[number], report_language="zh").notes
    assert zh.startswith(f"{number}：") and "公开日" in zh


def test_earlier_references_have_no_notes(index):
    assert claim_chart(index, ASKED, against=["US8000002B2", FILE]).notes == ()


def test_a_document_without_a_date(index):
    undated = made("draft", claims=(CLAIM,))
    with pytest.raises(NoDateError, match="draft: no priority or filing date"):
        claim_chart(index, undated)
    assert claim_chart(index, undated, before=date(2010, 5, 1)).nearest == "US8000002B2"
    assert claim_chart(index, undated, against=["US8000002B2"]).notes == (
        "draft: no priority or filing date is known; whether the references are earlier was not checked.",
    )


def test_a_chinese_claim_against_references_in_both_languages(index):
    chart = claim_chart(index, ZH, against=["CN100000002A", "US8000002B2"])
    assert chart.language == "zh" and chart.nearest == "CN100000002A"
    assert set(verdicts(chart.references[0]).values()) == {"present"}
    assert {"present", "partly"} & set(verdicts(chart.references[1]).values())


def test_an_english_claim_against_a_chinese_file(index):
    reference = made("CN100000003A", ZH_TEXT, title="渣浆泵", language="zh", claims=("一种泵，包括壳体。",), publication="2008-01-01")
    chart = claim_chart(index, ASKED, against=[reference])
    assert "unchecked" not in verdicts(chart.references[0]).values()
    assert verdicts(chart.references[0])["1c"] == "absent"
    assert {"present", "partly"} & set(verdicts(chart.references[0]).values())


def test_a_language_that_is_not_read_is_unchecked_and_left_over(index):
    greek = made(
        "GR1000001B", "Η αντλία έχει κοίλο κεραμικό άξονα.", title="Αντλία", language="el", claims=("Αντλία με περίβλημα.",), publication="2001-01-01"
    )
    chart = claim_chart(index, ASKED, against=[greek])
    assert set(verdicts(chart.references[0]).values()) == {"unchecked"}
    assert (chart.nearest, chart.left_over) == ("", ("1pre", "1a", "1b", "1c"))
    assert chart.notes == ("GR1000001B: in a language in which the features can't be looked for.",)


def test_what_can_not_be_charted(index):
    with pytest.raises(ClaimError, match="there is no claim 9"):
        claim_chart(index, ASKED, claim=9)
    with pytest.raises(NotInIndexError):
        claim_chart(index, ASKED, against=["US1B1"])
    with pytest.raises(ClaimError, match="two different references have this number"):
        claim_chart(index, ASKED, against=[FILE, FILE.model_copy(update={"titles": {"en": "Other"}})])
    with pytest.raises(ClaimError, match="en or zh"):
        claim_chart(index, ASKED, report_language="de")
    with pytest.raises(ClaimError, match="there are no claims"):
        claim_chart(index, ASKED.model_copy(update={"claims": ()}))


def test_a_reference_that_is_named_twice_is_charted_once(index):
    assert numbers(claim_chart(index, ASKED, against=["US8000002B2", "US8000002B2", "US8000002"])) == ["US8000002B2"]


def test_what_programs_read(index):
    record = claim_chart(index, ASKED).model_dump(mode="json")
    assert list(record) == [
        "document", "claim", "language", "before", "features", "references", "nearest", "pair", "left_over", "notes", "reasons",
    ]  # fmt: skip
    assert record["before"] == "2010-05-01"
    assert record["features"][1] == {"label": "1a", "text": "a rotor with a hollow ceramic shaft"}
    assert record["references"][0]["features"][0].keys() == {"label", "text", "verdict", "score", "anchor", "quote"}
    assert record["pair"]["adds"] == ["1c"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    claim=st.lists(st.sampled_from([SHAFT, SEAL, TRAP, RAIN, ZH_TEXT, "x", "!?"]) | st.text(min_size=1, max_size=40), min_size=1, max_size=4),
    texts=st.lists(st.sampled_from([SHAFT, SEAL, TRAP, RAIN, ZH_TEXT]) | st.text(max_size=40), max_size=3),
    named=st.sets(st.sampled_from(["US8000002B2", "US8000003B2", "US8000005B2", "CN100000002A"])),
)
def test_any_claim_against_any_references(index, claim, texts, named):
    document = made("draft", claims=("A pump comprising:\n" + ";\n".join(claim),), filing="2011-01-01")
    chart = claim_chart(index, document, against=[made("file", *texts), *sorted(named)])
    assert isinstance(chart, ClaimChart)
    assert [r.rank for r in chart.references] == list(range(1, len(named) + 2))
    assert set(chart.left_over) == {f.label for f in chart.features if all(verdicts(r)[f.label] in ("absent", "unchecked") for r in chart.references)}
    assert (chart.nearest == "") == (len(chart.left_over) == len(chart.features) or not any(c.citation for c in chart.references[0].coverages))
    if chart.pair:
        assert set(chart.pair.adds)
