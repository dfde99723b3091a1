import io
import sys
from datetime import date

import pytest

from assistant.errors import ClaimError, NoDateError
from assistant.prior_art.asked import asked_for
from index import Filter, NotInIndexError
from ingest.errors import AnchorError, ReadError

ASKED = "US8000001B2"
FAMILY = {ASKED, "US20110000001A1", "US8000001A1"}
"""The same number with another kind code, and the same title with the same filing date."""
BEFORE = {"US8000002B2", "US8000003B2", "US8000005B2", "EP8000008A1", "CN8000010A"}


def numbers(hits):
    return {h.number for h in hits}


@pytest.mark.parametrize("unit", ["passage", "document"])
def test_the_document_and_its_family_are_no_hits(pumps, unit):
    found = pumps.search(like=ASKED, unit=unit, k=50)
    assert not numbers(found) & FAMILY
    assert {"US8000002B2", "US8000004B2", "US8000009B2"} <= numbers(found)
    assert [h.rank for h in found] == list(range(1, len(found) + 1))


def test_as_many_as_are_asked_for_although_the_family_comes_first(pumps):
    assert len(pumps.search(like=ASKED, k=3)) == 3
    assert len(pumps.search(like=ASKED, k=3, unit="document")) == 3


@pytest.mark.parametrize("unit", ["passage", "document"])
def test_prior_art_was_published_before_the_priority_date(pumps, unit):
    """Not on the day itself; not filed before and published after, as far as is known; not without a date."""
    found = numbers(pumps.search(like=ASKED, unit=unit, k=50, prior_art=True))
    assert found <= BEFORE
    assert {"US8000002B2", "US8000003B2", "EP8000008A1"} <= found


def test_a_date_of_ones_own(pumps):
    assert numbers(pumps.search(like=ASKED, unit="document", k=50, prior_art=date(2009, 3, 3))) <= BEFORE - {"US8000002B2", "US8000003B2"}
    assert "US8000002B2" in numbers(pumps.search(like=ASKED, unit="document", k=50, prior_art=date(2009, 3, 4)))
    assert numbers(pumps.search("slurry pump", unit="document", k=50, prior_art=date(2009, 3, 4))) <= BEFORE - {"US8000003B2"}


def test_filters_go_with_everything(pumps):
    assert numbers(pumps.search(like=ASKED, k=50, prior_art=True, where=Filter(countries=("EP",)))) == {"EP8000008A1"}
    assert numbers(pumps.search(like=ASKED, k=50, prior_art=True, where=Filter.parse("before=2006-01-01"))) <= {"US8000005B2", "EP8000008A1"}
    assert {h.passage.section for h in pumps.search(like=ASKED, k=50, where=Filter(sections=("claims",)))} == {"claims"}


def test_no_date(pumps):
    with pytest.raises(NoDateError, match=r"US8000009B2: no priority or filing date is known; .*--before"):
        pumps.search(like="US8000009B2", prior_art=True)
    with pytest.raises(NoDateError):
        pumps.search("slurry pump", prior_art=True)


def test_a_paragraph_or_a_claim_that_was_marked(pumps):
    found = pumps.search(like=f"{ASKED}#p0003", k=3)
    assert "magnetic trap" in found[0].passage.text
    assert not numbers(found) & FAMILY
    assert "stainless steel" in asked_for(pumps.index, like=f"{ASKED}#c2").query
    assert asked_for(pumps.index, like="US8000001B#c2").claim == 2


def test_one_claim_of_a_document(pumps):
    asked = asked_for(pumps.index, like=ASKED, claim=2)
    assert asked.query.startswith("A slurry pump") and asked.query.endswith("stainless steel.")
    with pytest.raises(ClaimError):
        asked_for(pumps.index, like=ASKED, claim=5)


def test_what_is_not_there(pumps):
    with pytest.raises(NotInIndexError):
        asked_for(pumps.index, like="US1234567B2")
    with pytest.raises(AnchorError):
        asked_for(pumps.index, like=f"{ASKED}#p0099")


def test_one_thing_is_asked(pumps):
    for given in ({}, {"query": " "}, {"query": "pump", "like": ASKED}, {"like": ASKED, "claims": "x.txt"}):
        with pytest.raises(ValueError, match="give one of"):
            asked_for(pumps.index, **given)


@pytest.mark.parametrize(
    "text",
    [
        "A pump comprising a strainer basket with a magnetic trap; and a rotor.",
        "1. A pump comprising a strainer basket with a magnetic trap; and a rotor.\n2. The pump of claim 1, wherein the rotor is hollow.\n",
        "What is claimed is:\n1. A pump comprising a strainer basket with a magnetic trap; and a rotor.\n",
    ],
)
def test_a_text_of_claims(pumps, tmp_path, text, monkeypatch):
    path = tmp_path / "claims.txt"
    path.write_text(text)
    asked = asked_for(pumps.index, claims=path)
    assert asked.claims[0].text == "A pump comprising a strainer basket with a magnetic trap; and a rotor."
    found = pumps.search(claims=path, k=5)
    assert "magnetic trap" in found[0].passage.text
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert pumps.search(claims="-", k=5) == found


def test_the_file_of_a_patent_has_its_own_dates_and_is_no_hit(patents, sample):
    found = patents.search(claims=sample / "en" / "US99000003B2.xml", k=30, prior_art=True, unit="document")
    assert found
    assert "US99000003B2" not in numbers(found)
    assert all(patents.show(h.number).dates.publication < date(2019, 11, 14) for h in found)


def test_scheme_entries_are_no_documents(patents):
    assert any(":" in h.number for h in patents.search("sealings F16J 15/447", k=10))
    assert not any(":" in h.number for h in patents.search(like="US99000001B2", k=100))
    assert not any(":" in r.number for r in patents.search("sealings of the labyrinth type", view="novelty", k=30))


@pytest.mark.parametrize(
    ("content", "problem"), [(b"", "empty"), (b"\x00\x01\x02", "x.bin: "), (b'<?xml version="1.0"?>\n<letter>Dear sir</letter>', "letter")]
)
def test_files_that_hold_no_claims(pumps, tmp_path, content, problem):
    path = tmp_path / "x.bin"
    path.write_bytes(content)
    with pytest.raises(ReadError, match=problem) as error:
        pumps.search(claims=path)
    assert "\n" not in str(error.value)


def test_a_file_with_many_documents(pumps, tmp_path, patents):
    path = tmp_path / "two.jsonl"
    path.write_text("".join(patents.show(n).model_dump_json() + "\n" for n in ("US99000001B2", "US99000002B2")))
    with pytest.raises(ReadError, match=r"two.jsonl: 2 documents in it; give a file with one"):
        pumps.search(claims=path)


def test_a_draft_without_claims_can_be_searched_by_and_not_held_against(pumps, tmp_path):
    path = tmp_path / "draft.txt"
    path.write_text("Pump with a trap\n\nTechnical field\n[0001] A strainer basket with a magnetic trap at the inlet of a pump.\n")
    assert "magnetic trap" in pumps.search(claims=path, k=3)[0].passage.text
    with pytest.raises(ClaimError, match=r"draft.txt: there are no claims"):
        pumps.search(claims=path, view="novelty")
