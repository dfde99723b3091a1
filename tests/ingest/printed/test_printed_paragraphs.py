from hypothesis import given
from hypothesis import strategies as st

from ingest.printed.printed_paragraphs import Numbering


def split(*texts: str) -> list[tuple[str, str]]:
    numbering = Numbering(texts)
    return [piece for text in texts for piece in numbering.split(text)]


def test_printed_numbers_are_taken_off() -> None:
    assert split("[0001] A pump.", "[0002]A seal.", "【０００３】甲。", "[ 0004 ] End.") == [
        ("0001", "A pump."),
        ("0002", "A seal."),
        ("0003", "甲。"),
        ("0004", "End."),
    ]


def test_paragraphs_without_a_number_between_numbered_ones() -> None:
    assert split("[0001] A pump.", "A table", "[0002] A seal.") == [("0001", "A pump."), ("", "A table"), ("0002", "A seal.")]


def test_a_number_in_a_block_of_its_own() -> None:
    assert split("[0001]", "A pump.", "[0002] A seal.") == [("0001", "A pump."), ("0002", "A seal.")]


def test_paragraphs_run_together_are_separated_where_the_number_is_the_next() -> None:
    assert split("[0007] A pump. [0008] A seal, see [0012]. [0010] odd") == [("0007", "A pump."), ("0008", "A seal, see [0012]. [0010] odd")]


def test_short_numbers_count_only_in_their_order() -> None:
    assert split("[1] A pump.", "[2] A seal.") == [("0001", "A pump."), ("0002", "A seal.")]
    assert split("A pump.", "[7] Smith, On pumps.") == [("0001", "A pump."), ("0002", "[7] Smith, On pumps.")]


def test_paragraphs_without_any_number_are_counted() -> None:
    assert split("A pump.", "", "A seal.") == [("0001", "A pump."), ("0002", "A seal.")]


@given(st.lists(st.text(alphabet="ab []【】0123. ", max_size=30), max_size=12))
def test_no_word_is_lost(texts: list[str]) -> None:
    kept = "".join(text for _, text in split(*texts))
    assert "".join(c for c in kept if c in "ab") == "".join(c for text in texts for c in text if c in "ab")
