from pathlib import Path

import pytest
from lxml import etree

from ingest.printed.latin_language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("A pump comprising a housing in which an impeller is arranged.", "en"),
        ("Pumpe mit einem Gehäuse, in dem ein Laufrad angeordnet ist.", "de"),
        ("Pompe comprenant un boîtier dans lequel est disposée une roue.", "fr"),
        ("Bomba según la reivindicación 1, en la que el rodete es de plástico.", "es"),
        ("Pompa secondo la rivendicazione 1, in cui la girante è di plastica.", "it"),
        ("Bomba de acordo com a reivindicação 1, em que o rotor é de plástico.", "pt"),
        ("Pomp volgens conclusie 1, waarin het schoepenrad van kunststof is.", "nl"),
        ("一种泵，包括壳体。", "zh"),
        ("ポンプであって、ハウジングを備える。", "ja"),
        ("하우징을 포함하는 펌프.", "ko"),
        ("LED 5V", "en"),
        ("12 34 --", ""),
    ],
)
def test_languages(text: str, language: str) -> None:
    assert language_of(text) == language


def test_the_parts_of_european_patents(data: Path) -> None:
    told = []
    for path in sorted((data / "epo").glob("*.xml")):
        root = etree.parse(path, etree.XMLParser(recover=True, resolve_entities=False, load_dtd=False)).getroot()
        for part in root.iter("claims", "description"):
            language = (part.get("lang") or "").lower()
            pieces = [" ".join("".join(piece.itertext()).split()) for piece in part.iter("claim", "p")]
            told += [(language, language_of(piece)) for piece in pieces if language in ("de", "en", "fr") and len(piece) > 80]
    assert len(told) > 1000
    assert sum(declared == found for declared, found in told) / len(told) > 0.99
