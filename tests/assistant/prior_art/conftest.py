"""A small index of documents about pumps, made for these tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import PatentAssistant
from ingest import PatentDocument

CLAIM = (
    "A slurry pump comprising:\na rotor with a hollow ceramic shaft;\na rubber lip seal that surrounds the shaft; and\n"
    "a strainer basket with a magnetic trap at the inlet."
)


def paragraphs(*texts: str) -> list[dict[str, object]]:
    return [
        {"heading": "DESCRIPTION", "kind": "description", "paragraphs": [{"number": f"{i:04d}", "text": t} for i, t in enumerate(texts, start=1)]}
    ]


def pump(
    number: str, *texts: str, title: str = "Pump", claim: str = "A pump comprising a casing.", language: str = "en", **dates: str
) -> PatentDocument:
    return PatentDocument.model_validate(
        {
            "number": number,
            "language": language,
            "titles": {language: title},
            "dates": dates,
            "claims": [{"number": 1, "text": claim}],
            "sections": paragraphs(*texts),
        }
    )


SHAFT = "The rotor of the slurry pump has a hollow ceramic shaft that is cooled from inside."
SEAL = "A rubber lip seal surrounds the shaft and keeps the slurry from the bearing."
TRAP = "At the inlet of the pump a strainer basket with a magnetic trap holds back iron particles."
WEATHER = "The weather station measures rain with a tipping bucket and sends its counts by radio."


@pytest.fixture(scope="session")
def pumps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PatentAssistant]:
    """The document asked about is US8000001B2, of 2010-05-01; US8000002B2 has all but the trap, US8000003B2 the trap alone."""
    folder: Path = tmp_path_factory.mktemp("pumps")
    dependent = {"number": 2, "text": "The slurry pump of claim 1, wherein the strainer basket is made of stainless steel."}
    asked = pump(
        "US8000001B2",
        SHAFT,
        SEAL,
        TRAP,
        title="Slurry pump with trap",
        claim=CLAIM,
        priority="2010-05-01",
        filing="2011-05-01",
        publication="2012-01-03",
    )
    asked = PatentDocument.model_validate({**asked.model_dump(), "claims": [asked.claims[0].model_dump(), dependent]})
    with PatentAssistant.open(folder / "index") as opened:
        opened.ingest(
            [
                asked,
                pump("US20110000001A1", SHAFT, SEAL, TRAP, title="Slurry pump with trap", claim=CLAIM, filing="2011-05-01", publication="2011-11-03"),
                pump("US8000001A1", SHAFT, SEAL, TRAP, title="Another title", claim=CLAIM, filing="2009-05-01", publication="2010-04-30"),
                pump("US8000002B2", SHAFT, SEAL, title="Pump with cooled shaft", filing="2007-01-01", publication="2009-03-03"),
                pump("US8000003B2", TRAP, title="Inlet filter", filing="2008-01-01", publication="2010-04-30"),
                pump("US8000004B2", SHAFT, SEAL, TRAP, title="Pump of the same day", filing="2009-01-01", publication="2010-05-01"),
                pump("US8000005B2", WEATHER, title="Rain gauge", claim="A rain gauge comprising a tipping bucket.", publication="2001-01-02"),
                pump("US20120000006", SHAFT, SEAL, TRAP, title="Published in 2012", filing="2009-01-01"),
                pump("EP8000007A1", SHAFT, SEAL, TRAP, title="Filed a month before", filing="2010-04-01"),
                pump("EP8000008A1", SHAFT, TRAP, title="Filed long before", filing="2005-04-01"),
                pump("US8000009B2", SHAFT, SEAL, TRAP, title="Without a date"),
                pump(
                    "CN8000010A",
                    "泵的转子具有空心陶瓷轴。橡胶唇形密封圈围绕所述轴。",
                    title="渣浆泵",
                    language="zh",
                    claim="一种泵，包括转子。",
                    publication="2008-01-01",
                ),
            ]
        )
        yield opened
