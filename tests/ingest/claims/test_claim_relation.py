"""How a reference stands to its claim: the subject itself, a part of it, or only its aim."""

import pytest

from ingest.claims.claim_reference import find_references
from ingest.claims.claim_relation import relations_of


def relations(text: str, earlier: dict[int, str] | None = None) -> list[str]:
    return relations_of(text, find_references(text, 50), earlier or {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The pump of claim 1, wherein", ["head"]),
        ("A vehicle comprising the pump of claim 1", ["part"]),
        ("A tool for assembling the pump of claim 1", ["aim"]),
        ("A controller adapted to control the pump of claim 1", ["aim"]),
        ("The pump of claim 1 comprising the seal of claim 2 and a tool for carrying out the method of claim 3", ["head", "part", "aim"]),
        ("A pump as claimed in claim 1 comprising the seal of claim 2, and suitable for carrying out the method of claim 3", ["head", "part", "aim"]),
        ("A vector comprising the gene of claim 1 or the plasmid of claim 2", ["part", "part"]),
        ("A method for assembling the pump of claim 1", ["part"]),
        ("A wheel (12) according to claim 1", ["head"]),
        ("Fahrzeug, umfassend eine Pumpe nach Anspruch 1", ["part"]),
        ("Pompe selon la revendication 1 ou pompe selon la revendication 2", ["head", "head"]),
        ("一种车辆，包括权利要求1所述的泵", ["part"]),
        ("請求項１に記載のポンプ又は請求項２に記載のポンプ。", ["head", "head"]),
        ("Nothing is named here.", []),
    ],
)
def test_relations_in_the_order_of_the_references(text, expected):
    assert relations(text) == expected


def test_other_claims_that_say_nothing_of_the_subject_change_nothing():
    assert relations("The pump of claim 1", {1: ""}) == ["head"]
    assert relations("The pump of claim 1", {7: "A pump"}) == ["head"]
    assert relations("A vehicle comprising the pump of claim 1", {1: ""}) == ["part"]
