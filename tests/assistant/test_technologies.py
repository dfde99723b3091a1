import math

import pytest

from assistant import PatentAssistant
from assistant.technologies import documents_of, log_likelihood, places, technologies
from ingest import PatentDocument


def test_the_ratio_of_a_known_table():
    """10 of 100 against 10 of 900: 2 * sum of observed * ln(observed / expected) over the four cells."""
    cells = [(10, 2), (90, 98), (10, 18), (890, 882)]
    assert log_likelihood(10, 100, 20, 1000) == pytest.approx(2 * sum(o * math.log(o / e) for o, e in cells))


@pytest.mark.parametrize("table", [(1, 100, 100, 1000), (10, 100, 100, 1000), (0, 0, 5, 10), (5, 10, 5, 10)])
def test_what_does_not_stand_out_has_none(table):
    assert log_likelihood(*table) == 0


def document(number, text, symbol="H01M 10/00", language="en", title=""):
    return PatentDocument.model_validate(
        {
            "number": number,
            "language": language,
            "titles": {language: title or f"Battery {number}"},
            "abstracts": {language: text},
            "classifications": [{"scheme": "ipc", "symbol": symbol, "first": True}],
        }
    )


@pytest.fixture(scope="module")
def batteries(tmp_path_factory):
    cells = [
        document("US1A", "A battery with a vapor chamber that cools the battery cells."),
        document("US2A", "The battery module is cooled by a vapor chamber below its battery cells."),
        document("US3A", "A battery pack in which vapor chambers spread heat of the battery.", symbol="H01M 50/20"),
        document("US4A", "A battery with a separator.", title="Battery US3A"),
        document("CN5A", "一种电池模组，均热板设置在电芯之间，均热板冷却电池。", language="zh", title="电池模组"),
        document("CN6A", "一种电池，其均热板与壳体相连，冷却电芯。", language="zh", title="电池"),
    ]
    others = [document(f"US9{i}A", f"A pump number {i} with a rotor for slurry and water.", "F04D 29/00", title=f"Pump {i}") for i in range(12)]
    with PatentAssistant.open(tmp_path_factory.mktemp("batteries") / "index") as opened:
        opened.ingest([*cells, *others])
        yield opened.index


def test_what_the_documents_of_a_field_have_and_others_do_not(batteries):
    found = documents_of(batteries, "cooling of a battery")
    assert {d.number for d in found} <= {"US1A", "US2A", "US3A", "US4A", "CN5A", "CN6A"} and len({d.title for d in found}) == len(found)
    stand_out = technologies(batteries, "cooling of a battery", found, 5)
    chamber = next(t for t in stand_out if t.name.lower().startswith("vapor chamber"))
    assert chamber.score > 0 and {"US1A", "US2A"} <= set(chamber.documents)
    assert all("vapor chamber" in c.quote and c.anchor.endswith("#abs") for c in chamber.citations)
    assert chamber.places[0] == "H01M 10/00"
    assert all("pump" not in t.name and "slurry" not in t.name for t in stand_out)


def test_the_fields_own_name_is_no_technology_of_it(batteries):
    found = documents_of(batteries, "vapor chamber of a battery")
    assert all("vapor chamber" not in t.name for t in technologies(batteries, "vapor chamber of a battery", found, 10))


def test_places_that_stand_out(batteries):
    found = documents_of(batteries, "cooling of a battery")
    assert places(batteries, found, 3)[0].symbol == "H01M 10/00"
    assert "F04D 29/00" not in {p.symbol for p in places(batteries, found, 9)}


def test_nothing_found(batteries):
    assert technologies(batteries, "battery", [], 5) == [] and places(batteries, [], 5) == []
