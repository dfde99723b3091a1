"""What the tests of reading share: the same XML as the standard library reads it, and ways to count tokens."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ingest import Failed, PatentDocument, Skipped, read

CountTokens = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True)
class Record:
    """One XML document of a file, as ElementTree reads it, and what `read` made of it."""

    file: str
    offset: int
    source: bytes = field(repr=False)
    root: ET.Element
    outcome: PatentDocument | Skipped | Failed | None = field(repr=False)

    @property
    def is_patent(self) -> bool:
        return self.root.tag.startswith("us-patent-")


def records_of(path: Path) -> list[Record]:
    data = path.read_bytes()
    starts = [match.start() for match in re.finditer(rb"<\?xml\s", data)]
    outcomes = {o.source.offset if isinstance(o, PatentDocument) else o.offset: o for o in read(path)}
    return [
        Record(path.name, start, data[start:end], ET.fromstring(data[start:end]), outcomes.get(start))
        for start, end in zip(starts, [*starts[1:], len(data)], strict=True)
    ]


@pytest.fixture(scope="session")
def bulk(data: Path) -> dict[str, list[Record]]:
    """The weekly grant files, by name."""
    return {path.name: records_of(path) for path in sorted((data / "uspto" / "bulk").glob("*.xml"))}


@pytest.fixture(scope="session")
def grants(bulk: dict[str, list[Record]], data: Path) -> list[Record]:
    """Every patent of the weekly files, and the single files of the same formats of other years."""
    singles = [p for p in sorted((data / "uspto").glob("*/*.xml")) if p.name.startswith(("ipa", "ipg")) or p.parent.name.startswith("xml")]
    records = [record for records in bulk.values() for record in records]
    records += [record for path in singles if path.parent.name != "bulk" for record in records_of(path)]
    return [record for record in records if record.is_patent]


@pytest.fixture(scope="session")
def sample_records(sample: Path) -> list[Record]:
    """The American documents that the project ships."""
    return [record for path in sorted((sample / "en").glob("*.xml")) for record in records_of(path)]


@pytest.fixture(scope="session")
def sample_documents(sample: Path) -> dict[str, PatentDocument]:
    """The patent documents that the project ships, by number."""
    return {o.number: o for o in read([sample / "en", sample / "zh"]) if isinstance(o, PatentDocument)}


@pytest.fixture(scope="session")
def count_words() -> CountTokens:
    return lambda texts: [len(text.split()) for text in texts]


@pytest.fixture(scope="session")
def count_tokens() -> CountTokens:
    """The count of the encoder that the project ships."""
    from index.encoder import load_encoder

    count = load_encoder().count_tokens
    return lambda texts: list(count(texts))


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the whole session, which hypothesis may write to again and again."""
    return tmp_path_factory.mktemp("scratch")
