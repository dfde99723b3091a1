"""The catalogue: what is written is there whole, what is replaced or removed is gone, and what damages it is named."""

import sqlite3

import numpy as np
import pytest

from index import Filter, IndexDamagedError
from index.catalogue import Catalogue, Stored, document_digest, text_digest
from ingest import Passage, PatentDocument

SIGNATURE = '{"dimension": 4}'


def stored(number: str, *texts: str, language: str = "en") -> Stored:
    document = PatentDocument(number=number, language=language, titles={language: f"Title of {number}"}, abstracts={language: "\n".join(texts)})
    passages = [Passage(anchor=f"{number}#c{i}", text=t, section="claims", language=language, tokens=len(t)) for i, t in enumerate(texts, 1)]
    vectors = np.array([[i, len(t), 0.5, -1] for i, t in enumerate(texts, 1)], dtype=np.float32).reshape(-1, 4)
    return Stored(document, document_digest(document), passages, [text_digest(t) for t in texts], vectors)


@pytest.fixture
def catalogue(tmp_path):
    found = Catalogue(tmp_path / "catalogue.sqlite", create=True)
    found.set_meta("signature", SIGNATURE)
    yield found
    found.close()


def publish(catalogue: Catalogue) -> None:
    catalogue.publish(catalogue.generation)


def texts_of(catalogue: Catalogue, number: str) -> list[str]:
    ids = catalogue.passage_ids(number)
    found = catalogue.passages(ids)
    return [found[i][0].text for i in ids if i in found]


def test_what_is_written_is_read_back(catalogue):
    item = stored("US1A1", "a seal", "a ring")
    assert catalogue.write([item]) == 1
    publish(catalogue)
    assert catalogue.document("US1A1") == item.document
    ids = catalogue.passage_ids("US1A1")
    assert [catalogue.passages(ids)[i] for i in ids] == [(p, "Title of US1A1") for p in item.passages]
    assert catalogue.vectors(ids).tolist() == item.vectors.tolist()
    assert catalogue.digests(["US1A1", "US2A1"]) == {"US1A1": item.digest}
    (owner,) = set(catalogue.owners(ids))
    assert catalogue.numbers([owner]) == {owner: "US1A1"}
    assert catalogue.sections(ids) == ["claims", "claims"]


def test_nothing_is_seen_before_it_is_searchable(catalogue):
    catalogue.write([stored("US1A1", "a seal")])
    assert texts_of(catalogue, "US1A1") == []
    assert catalogue.matching(Filter()).tolist() == []
    assert catalogue.counts() == {"documents": 0, "passages": 0, "waiting": 1, "languages": {}}
    publish(catalogue)
    assert texts_of(catalogue, "US1A1") == ["a seal"]
    assert catalogue.counts() == {"documents": 1, "passages": 1, "waiting": 0, "languages": {"en": 1}}


def test_a_replaced_document_leaves_nothing_behind(catalogue):
    catalogue.write([stored("US1A1", "a seal", "a ring", "a bore"), stored("CN1A", "密封", language="zh")])
    publish(catalogue)
    old = list(catalogue.passage_ids("US1A1"))
    catalogue.write([stored("US1A1", "a cup")])
    assert texts_of(catalogue, "US1A1") == ["a seal", "a ring", "a bore"]  # until the new one is searchable
    publish(catalogue)
    assert texts_of(catalogue, "US1A1") == ["a cup"]
    assert catalogue.passages(old) == {}
    assert catalogue.vectors(old).tolist() == [[0] * 4] * 3
    assert catalogue.owners(old) == [0, 0, 0]
    assert not set(old) & set(catalogue.matching(Filter()).tolist())  # ids are never used again
    assert catalogue.counts() == {"documents": 2, "passages": 2, "waiting": 0, "languages": {"en": 1, "zh": 1}}
    assert catalogue.vectors_of([text_digest("a ring"), text_digest("a cup")]).keys() == {text_digest("a cup")}


def test_the_same_number_twice_in_one_batch_is_there_once(catalogue):
    catalogue.write([stored("US1A1", "a seal"), stored("US1A1", "a ring")])
    publish(catalogue)
    assert texts_of(catalogue, "US1A1") == ["a ring"]
    assert [d.number for d in catalogue.documents()] == ["US1A1"]


def test_ids_are_not_used_again_after_the_last_document_is_removed(catalogue):
    catalogue.write([stored("US1A1", "a seal", "a ring")])
    publish(catalogue)
    last = max(catalogue.passage_ids("US1A1"))
    assert catalogue.remove(["US1A1", "US9A1"]) == ["US1A1"]
    catalogue.write([stored("US2A1", "a cup")])
    publish(catalogue)
    assert min(catalogue.passage_ids("US2A1")) > last


def test_a_batch_is_written_whole_or_not_at_all(catalogue):
    catalogue.write([stored("US1A1", "a seal")])
    good, bad = stored("US1A1", "a ring"), stored("US2A1", "a cup")
    bad = Stored(bad.document, bad.digest, bad.passages, [], bad.vectors)  # a digest too few
    with pytest.raises(ValueError):
        catalogue.write([good, bad])
    publish(catalogue)
    assert catalogue.generation == 1
    assert texts_of(catalogue, "US1A1") == ["a seal"]
    assert catalogue.document("US2A1") is None


def test_changes_since_a_generation(catalogue):
    first = catalogue.write([stored("US1A1", "a seal"), stored("US2A1", "a ring")])
    publish(catalogue)
    ids = {n: catalogue.passage_ids(n) for n in ("US1A1", "US2A1")}
    second = catalogue.write([stored("US1A1", "a cup", "a lid")])
    catalogue.remove(["US2A1"])
    third = catalogue.generation
    assert [(d.number, [p.text for _, p in held]) for _, d, held in catalogue.rows_since(0, third)] == [("US1A1", ["a cup", "a lid"])]
    assert list(catalogue.rows_since(second, third)) == []
    assert [d.number for _, d, _ in catalogue.rows_since(first, second)] == ["US1A1"]
    assert [(a, b) for _, a, b in catalogue.removed_since(first, third)] == [(r[0], r[-1]) for r in ids.values()]
    assert [(a, b) for _, a, b in catalogue.removed_since(second, third)] == [(ids["US2A1"][0], ids["US2A1"][-1])]
    held = list(catalogue.vectors_since(first, third, 4))
    publish(catalogue)
    assert [i.tolist() for i, _ in held] == [list(catalogue.passage_ids("US1A1"))]
    assert held[0][1].tolist() == [[1, 5, 0.5, -1], [2, 5, 0.5, -1]]


def test_numbers_by_their_beginning(catalogue):
    catalogue.write([stored(n, "a seal") for n in ("US8926509B2", "US8926509A1", "US89%B2", "US89_B2", "US89\\B2")])
    publish(catalogue)
    assert catalogue.numbers_like("US8926509") == ["US8926509A1", "US8926509B2"]
    assert catalogue.numbers_like("US89%") == ["US89%B2"]
    assert catalogue.numbers_like("US89_") == ["US89_B2"]
    assert catalogue.numbers_like("US89\\") == ["US89\\B2"]
    assert catalogue.numbers_like("EP") == []


def test_long_lists_of_ids(catalogue):
    """More than SQLite takes as parameters of one statement of ours."""
    catalogue.write([stored(f"US{n}A1", "a seal", "a ring") for n in range(700)])
    publish(catalogue)
    ids = catalogue.matching(Filter())
    assert len(ids) == 1400
    assert len(catalogue.passages(ids)) == 1400
    numbers = catalogue.numbers(catalogue.owners(ids))
    assert [numbers[o] for o in catalogue.owners(ids)] == [f"US{n}A1" for n in range(700) for _ in range(2)]
    assert catalogue.vectors(ids).shape == (1400, 4)
    assert len(catalogue.digests([f"US{n}A1" for n in range(800)])) == 700


def test_the_digest_of_a_document_leaves_out_where_it_was_read(patents):
    document = patents["US99000001B2"]
    elsewhere = document.model_copy(update={"source": document.source.model_copy(update={"path": "elsewhere", "offset": 9})})
    assert document_digest(elsewhere) == document_digest(document)
    assert document_digest(document.model_copy(update={"kind": "B1"})) != document_digest(document)


def test_another_connection_sees_what_was_written(catalogue, tmp_path):
    other = Catalogue(tmp_path / "catalogue.sqlite")
    catalogue.write([stored("US1A1", "a seal")])
    publish(catalogue)
    assert texts_of(other, "US1A1") == ["a seal"]
    other.close()


@pytest.mark.parametrize(
    "content", [b"", b"garbage" * 1000, b"SQLite format 3\x00", b"SQLite format 3\x00" + bytes(8176)], ids=["empty", "garbage", "header", "zeros"]
)
def test_a_file_that_is_no_catalogue(tmp_path, content):
    path = tmp_path / "catalogue.sqlite"
    path.write_bytes(content)
    with pytest.raises(IndexDamagedError, match="can't be read") as caught:
        Catalogue(path)
    assert str(path) in str(caught.value)
    assert "restore it from a backup" in str(caught.value)


def test_a_database_of_something_else(tmp_path):
    path = tmp_path / "catalogue.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE songs (name)")
    connection.commit()
    connection.close()
    with pytest.raises(IndexDamagedError, match="no such table"):
        Catalogue(path)
