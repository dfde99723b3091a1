"""Fixtures of the index tests: documents of the sample collection, and one index over them."""

import shutil
from pathlib import Path

import pytest

from index import Encoder, Filter, PatentIndex, load_encoder
from ingest import PatentDocument, read

CHOSEN = (
    "US20990000024A1 US99000001B2 US99000005B2 US99000007B2 US99000012B2 US99000014B2 "
    "CN199000001A CN199000002A CN199000004A CN199000006B CN199000008B"
).split()


@pytest.fixture(scope="session")
def documents(sample) -> dict[str, PatentDocument]:
    """Some patents of the sample collection, and its classification entries, by number."""
    files = [sample / ("zh" if n.startswith("CN") else "en") / f"{n}.xml" for n in CHOSEN]
    outcomes = list(read([*files, sample / "ipc"]))
    assert all(isinstance(o, PatentDocument) for o in outcomes)
    return {d.number: d for d in outcomes}


@pytest.fixture(scope="session")
def patents(documents) -> dict[str, PatentDocument]:
    """The patents alone."""
    return {n: d for n, d in documents.items() if not n.startswith("IPC:")}


@pytest.fixture(scope="session")
def sample_folder(documents, tmp_path_factory) -> Path:
    """The directory of an index over `documents`, closed. Copy it before changing it."""
    folder = tmp_path_factory.mktemp("index") / "sample"
    with PatentIndex(folder, create=True) as index:
        index.add(documents.values())
        index.search("labyrinth seal", 1, mode="dense")  # leaves a snapshot of the vectors
    return folder


@pytest.fixture(scope="session")
def sample_index(sample_folder):
    """The index over `documents`, for reading."""
    with PatentIndex(sample_folder) as index:
        yield index


@pytest.fixture
def sample_copy(sample_folder, tmp_path) -> Path:
    """The directory of an index over `documents`, for one test to change."""
    return Path(shutil.copytree(sample_folder, tmp_path / "copy"))


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return load_encoder()


@pytest.fixture(scope="session")
def claims_only(patents):
    """A function: a patent's claims and abstract alone, which are quick to index, under its own number or another."""

    def brief(number: str, as_number: str = "", **changes) -> PatentDocument:
        return patents[number].model_copy(update={"number": as_number or number, "sections": (), **changes})

    return brief


@pytest.fixture(scope="session")
def selected(sample_index):
    """A function: the ids of the passages that a filter names, found one by one in the documents themselves."""
    everything = []
    for document in sample_index.catalogue.documents():
        ids = sample_index.catalogue.passage_ids(document.number)
        everything += [(i, document, p) for i, p in zip(ids, sample_index.passages(document.number), strict=True)]

    def under(symbol: str, place: str) -> bool:
        if "/" not in place:  # a section, class or subclass
            return symbol.startswith(place)
        if set(place.partition("/")[2]) == {"0"}:  # a main group, with all of its subgroups
            return symbol.partition("/")[0] == place.partition("/")[0]
        return symbol == place

    def classified(document: PatentDocument, scheme: str, places) -> bool:
        return any(under(c.symbol, place) for c in document.classifications if c.scheme == scheme for place in places)

    def select(where: Filter) -> list[int]:
        found = []
        for identity, document, passage in everything:
            day = document.dates.publication or document.dates.filing
            if (
                (not where.numbers or document.number in where.numbers)
                and (not where.countries or document.number[:2] in where.countries)
                and (not where.languages or passage.language in where.languages)
                and (not where.sections or passage.section in where.sections)
                and (not where.ipc or classified(document, "ipc", where.ipc))
                and (not where.cpc or classified(document, "cpc", where.cpc))
                and (not where.before or (day is not None and day < where.before))
                and (not where.after or (day is not None and day >= where.after))
            ):
                found.append(identity)
        return found

    return lambda where: sorted(select(where))
