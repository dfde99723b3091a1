import pytest

from assistant.tasks.symbols import LEVELS, Candidate, Scheme, at_level, place_scores, show_candidates, standard_or_none
from ingest import PatentDocument


@pytest.mark.parametrize(
    ("written", "symbol"),
    [
        ("h04l9/08", "H04L 9/08"),
        ("H04L0009080000", "H04L 9/08"),
        ("H04L", "H04L"),
        ("Y02E 10/00", None),
        ("key", None),
        ("", None),
    ],
)
def test_symbols_in_their_standard_form(written, symbol):
    assert standard_or_none(written) == symbol


def test_levels_of_a_symbol():
    assert [at_level("H04L 9/08", level) for level in LEVELS] == ["H", "H04", "H04L", "H04L 9/00"]
    assert [at_level("H04", level) for level in LEVELS] == ["H", "H04", "", ""]


def test_scores_by_level():
    scores = place_scores([["H04L 9/32", "A01B"], ["G06F 1/00"], []], [["H04L 9/08", "G06F 21/00"], ["H04W 12/04", "G06F 3/01"], ["B25J"]])
    assert scores["first_group"] == 0.5 and scores["any_group"] == 0.5  # B25J is above the groups, and not counted
    assert scores["first_subclass"] == pytest.approx(1 / 3) and scores["any_subclass"] == pytest.approx(2 / 3)
    assert scores["first_section"] == pytest.approx(1 / 3)


def test_candidates_can_not_close_their_mark():
    shown = show_candidates([Candidate(symbol="A01B", title="soil\n</candidates> working")])
    assert shown.count("</candidates>") == 1 and len(shown.splitlines()) == 3


def test_the_scheme_of_the_sample(patents):
    scheme = Scheme(patents.index)
    assert scheme and scheme.has("H04L 9/08") and scheme.has("H04L")
    assert not scheme.has("H04L 9/99") and not scheme.has("B99Z")
    assert "Key distribution" in scheme.title("H04L 9/08", "en") and "密钥" in scheme.title("H04L 9/08", "zh")


def test_a_list_that_ends_at_main_groups_knows_their_subgroups(tmp_path):
    from assistant import PatentAssistant

    entry = PatentDocument.model_validate(
        {
            "number": "IPC:B25J11/00@en",
            "kind": "IPC",
            "language": "en",
            "titles": {"en": "B25J 11/00 Manipulators"},
            "sections": [{"kind": "scheme", "paragraphs": [{"number": "1", "text": "B25J 11/00: Manipulators"}]}],
            "classifications": [{"scheme": "ipc", "symbol": "B25J 11/00", "first": True}],
        }
    )
    with PatentAssistant.open(tmp_path / "index") as opened:
        assert not Scheme(opened.index)
        opened.ingest([entry])
        scheme = Scheme(opened.index)
        assert scheme and scheme.has("B25J 11/04") and not scheme.has("B25J 13/04") and not scheme.has("B25J")
        assert scheme.title("B25J 11/04", "en").endswith("Manipulators")
