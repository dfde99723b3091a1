"""Places in the IPC: learned from the sample collection's patents and scheme, in both languages."""

import numpy as np
import pytest

from assistant import PatentAssistant
from assistant.classification.classifier import Classifier
from assistant.classification.material import main_group, material_of, symbols_of
from assistant.classification.model import LEVELS, Model
from assistant.errors import AssistantError
from ingest import PatentDocument

SEAL = "A labyrinth seal with a drain chamber for the shaft of a gearbox."
PUMP_ZH = "一种渣浆泵的机械密封，冲洗环把清水引到密封面。"


@pytest.mark.parametrize(("text", "subclass"), [(SEAL, "F16J"), ("Lithium-ion cell with a ceramic coated separator", "H01M")])
def test_the_likeliest_subclass(patents, text, subclass):
    places = patents.classify(text, k=3)
    assert places[0].symbol == subclass
    assert [p.probability for p in places] == sorted((p.probability for p in places), reverse=True)
    assert 0 < sum(p.probability for p in places) <= 1.0001
    assert all(p.level == "subclass" and len(p.symbol) == 4 for p in places)


def test_chinese_finds_its_place_and_english_patents_as_reasons(patents):
    places = patents.classify(PUMP_ZH, k=2)
    assert {"F16J", "F04D"} & {p.symbol for p in places}
    assert {r.number[:2] for p in places for r in p.reasons} == {"CN", "US"}
    assert any("\u4e00" <= character <= "\u9fff" for character in places[0].title)


def test_main_groups_with_the_titles_of_the_scheme(patents):
    (place,) = patents.classify(SEAL, "group", 1)
    assert place.symbol == "F16J 15/00"
    assert "SEALINGS" in place.title
    for reason in place.reasons:
        assert reason.symbols
        assert reason.anchor.startswith(f"{reason.number}#")
        assert patents.show(reason.anchor)


def test_a_patent_of_the_index_is_no_reason_for_itself(patents):
    document = patents.index.document("US99000001B2")
    places = patents.classify(document, k=5)
    assert document.number not in {r.number for p in places for r in p.reasons}
    assert [p.symbol for p in places if p.assigned] == [p.symbol for p in places if p.symbol in {s[:4] for s in symbols_of(document)}]


def test_what_was_fitted_is_kept_and_gives_the_same(patents):
    classifier = Classifier(patents.index)
    first = classifier.classify(SEAL)
    assert classifier.path.exists()
    assert Classifier(patents.index).classify(SEAL) == first
    assert Model.load(classifier.path, "another generation") is None


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04"])
def test_a_damaged_file_is_made_again(patents, content):
    classifier = Classifier(patents.index)
    before = classifier.classify(SEAL)
    classifier.path.write_bytes(content)
    assert Classifier(patents.index).classify(SEAL) == before


def test_a_ranking_fitted_to_the_index_itself(patents):
    """As for a large index, here with few patents."""
    material = material_of(patents.index)
    model = Model.fit(material, few=1)
    asked = model.asked(material.wordings[:5], material.vectors[:5], material.numbers[:5])
    for level in LEVELS:
        for places in model.probabilities(asked, level):
            assert np.isclose(sum(p for _, p in places), 1, atol=1) and all(0 <= p <= 1 for _, p in places)


def test_nothing_to_learn_from(tmp_path):
    with PatentAssistant.open(tmp_path / "index") as empty:
        empty.ingest([PatentDocument(number="US1A1", titles={"en": "Seal"}, abstracts={"en": "A seal."})])
        with pytest.raises(AssistantError, match="nothing to classify by"):
            empty.classify(SEAL)


@pytest.mark.parametrize(
    ("symbol", "group"), [("H04L 9/08", "H04L 9/00"), ("H04L", "H04L"), ("H04", ""), ("Y02E 10/72", ""), ("nothing", ""), ("", "")]
)
def test_main_groups(symbol, group):
    assert main_group(symbol) == group


@pytest.mark.parametrize("text", ["", "?!", "x" * 20_000, "\ud800", "のための"])
def test_any_text(patents, text):
    assert all(0 <= p.probability <= 1 for p in patents.classify(text))
