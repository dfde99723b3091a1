import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from assistant.tasks.parts import IMPORTANCE, Part, most_that_fit, paragraph_parts, parts_of_text, runs
from ingest import PatentDocument, read


def part(number, kind="description", text="x"):
    return Part(id=f"US1A#p{number:04d}", text=text, kind=kind)


def test_paragraphs_have_their_anchors_and_the_kinds_of_their_sections(sample):
    [document] = [d for d in read([sample / "en" / "US99000001B2.xml"]) if isinstance(d, PatentDocument)]
    parts = paragraph_parts(document)
    assert len(parts) == sum(len(s.paragraphs) for s in document.sections) > 30
    assert parts[0].id.startswith("US99000001B2#p")
    assert {p.kind for p in parts} == {"cross_reference", "field", "background", "summary", "drawings", "description"}


def test_a_bare_text_is_cut_at_its_lines_and_headings():
    text = "TECHNICAL FIELD\n\nPumps leak.\nSUMMARY\n[0005] A ring floats.\nIt is tight."
    assert parts_of_text(text) == (
        Part(id="1", text="Pumps leak.", kind="field", heading="TECHNICAL FIELD"),
        Part(id="2", text="A ring floats.", kind="summary", heading="SUMMARY"),
        Part(id="3", text="It is tight.", kind="summary", heading="SUMMARY"),
    )
    assert parts_of_text("发明内容\n提供一种泵。") == (Part(id="1", text="提供一种泵。", kind="summary", heading="发明内容"),)
    assert parts_of_text([]) == []


def test_the_less_important_is_left_out_first_and_named():
    parts = [part(1, "field"), part(2, "background"), part(3, "summary"), part(4, "drawings"), part(5, "drawings"), part(6), part(7, "summary")]
    kept, left_out = most_that_fit(parts, lambda some: len(some) <= 4)
    assert [p.id[-1] for p in kept] == ["1", "2", "3", "7"]
    assert left_out == ["US1A#p0004-0006"]
    assert most_that_fit(parts, lambda some: not some) is None


def test_runs_stop_where_something_is_kept_or_is_no_paragraph():
    every = ["US1A#abs", "US1A#c1", "US1A#c2", "US1A#p0001", "US1A#p0002", "US1A#p0003", "US1A#p0003a"]
    assert runs(every, every) == ["US1A#abs", "US1A#c1", "US1A#c2", "US1A#p0001-0003", "US1A#p0003a"]
    assert runs(["US1A#p0001", "US1A#p0003"], every) == ["US1A#p0001", "US1A#p0003"]
    assert runs(["2", "3", "4"], ["1", "2", "3", "4"]) == ["2-4"]


@hypothesis_given(st.lists(st.tuples(st.sampled_from(IMPORTANCE), st.integers(1, 30)), min_size=1, max_size=12), st.integers(0, 200))
def test_what_fits_is_never_cut_and_nothing_is_lost(sizes, room):
    parts = [Part(id=str(i), text="x" * size, kind=kind) for i, (kind, size) in enumerate(sizes, start=1)]
    fitting = most_that_fit(parts, lambda some: sum(len(p.text) for p in some) <= room)
    if fitting is None:
        first = min(parts, key=lambda p: IMPORTANCE.index(p.kind))
        assert len(first.text) > room
        return
    kept, left_out = fitting
    assert sum(len(p.text) for p in kept) <= room
    assert all(p in parts for p in kept)
    gone = sum(int(b) - int(a) + 1 for a, _, b in (run.partition("-") if "-" in run else (run, "", run) for run in left_out))
    assert gone + len(kept) == len(parts)


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_a_text_without_words_has_no_parts(text):
    assert parts_of_text(text) == ()
