import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.summaries.record import NAME, Outcome, Record
from index.errors import DiskFullError

TEXT = st.text(max_size=20)
OUTCOMES = st.lists(
    st.one_of(
        st.builds(lambda n, t: Outcome(f"US{n}A", "d", {"text": t}, {f"US{n}A#p1": t}), st.integers(1, 6), TEXT),
        st.builds(lambda n, t: Outcome(f"US{n}A", "d", failed=t or "no"), st.integers(1, 6), TEXT),
    ),
    max_size=6,
)


def last(outcomes):
    return {outcome.number: outcome for outcome in outcomes}


def held(record):
    return {o.number: o for o in record.outcomes(iter(sorted(record.places)))}


@given(outcomes=OUTCOMES, share=st.floats(0, 1), left=st.sampled_from([b"", b"\0" * 40, b'{"number": "US1A"', b"\xff\xfe"]))
def test_what_a_kill_leaves_of_a_line_is_cut_off_and_whole_lines_are_kept(tmp_path_factory, outcomes, share, left):
    folder = tmp_path_factory.mktemp("record")
    lines = [outcome.line() for outcome in outcomes]
    whole = b"".join(lines)
    cut = round(share * len(whole))
    (folder / NAME).write_bytes(whole[:cut] + left)
    kept = [o for o, end in zip(outcomes, (sum(map(len, lines[: n + 1])) for n in range(len(lines))), strict=True) if end <= cut]
    record = Record(folder)
    assert record.damaged == 0
    assert held(record) == last(kept)
    added = Outcome("CN1A", "d", {"text": "密封"}, {})
    record.add(added)
    record.close()
    again = Record(folder)
    assert held(again) == {**last(kept), "CN1A": added}
    again.close()


def test_a_damaged_line_does_not_count_and_the_others_do(tmp_path):
    good = Outcome("US1A", "d", {"text": "a"}, {})
    (tmp_path / NAME).write_bytes(b'{"number": "US2A", "dig\n' + good.line() + b"[1]\n" + json.dumps({"number": 7}).encode() + b"\n")
    record = Record(tmp_path)
    assert record.damaged == 3
    assert held(record) == {"US1A": good}
    record.close()


def test_the_last_line_of_a_document_counts(tmp_path):
    record = Record(tmp_path)
    record.add(Outcome("US1A", "d", failed="no"))
    record.add(Outcome("US1A", "e", {"text": "b"}, {}))
    assert record.places["US1A"].digest == "e"
    assert [o.made for o in record.outcomes(iter(["US1A", "US2A"]))] == [{"text": "b"}]
    record.close()


def test_a_full_disk_is_named_and_leaves_no_half_line(tmp_path):
    record = Record(tmp_path)
    record.add(Outcome("US1A", "d", {"text": "a"}, {}))
    before = (tmp_path / NAME).read_bytes()
    record._file.close()
    with Path("/dev/full").open("ab", buffering=0) as full:
        record._file = full
        with pytest.raises(DiskFullError, match="the disk is full"):
            record.add(Outcome("US2A", "d", {"text": "b"}, {}))
    assert (tmp_path / NAME).read_bytes() == before
    assert list(record.places) == ["US1A"]
