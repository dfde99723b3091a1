"""Reading from many threads while another writes."""

import threading
import traceback
from contextlib import contextmanager

import numpy as np
import pytest

from index import Filter, NotInIndexError, PatentIndex
from index.catalogue import Catalogue, Stored, document_digest, text_digest
from ingest import Passage, PatentDocument


@contextmanager
def running(*works):
    """Each work again and again in its own thread until the block ends. Raises what went wrong in any of them."""
    stop, wrong, turns = threading.Event(), [], [0] * len(works)

    def run(at: int) -> None:
        try:
            while not stop.is_set():
                works[at]()
                turns[at] += 1
        except BaseException:  # a panic of a Rust library is no Exception
            wrong.append(traceback.format_exc())

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(works))]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert not wrong, "\n".join(wrong)
    assert all(turns), turns


def test_readers_beside_a_writer_see_whole_documents(sample_copy, claims_only):
    clones = [claims_only(n, f"XX{i}A") for i, n in enumerate(("CN199000004A", "CN199000006B", "US99000001B2", "US99000012B2"), 1)]
    with PatentIndex(sample_copy) as writer, PatentIndex(sample_copy) as other:
        writer.add(clones)
        whole = {d.number: writer.passages(d.number) for d in clones}
        anchors = {number: {p.anchor for p in passages} for number, passages in whole.items()}
        there = writer.status()["documents"]
        numbers = tuple(d.number for d in clones)

        def search(index, query, mode):
            def once():
                found: dict[str, set] = {}
                for hit in index.search(query, 200, Filter(numbers=numbers), mode=mode):
                    assert hit.passage in whole[hit.number]
                    found.setdefault(hit.number, set()).add(hit.anchor)
                if mode != "lexical":  # which finds those alone that have the words
                    for number in found:
                        assert found[number] == anchors[number], number

            return once

        def look_up():
            for number in numbers:
                try:
                    assert other.document(number).number == number
                    assert other.passages(number) == whole[number]
                except NotInIndexError:
                    continue

        def status():
            assert there - len(clones) <= other.status()["documents"] <= there

        with running(
            search(writer, "反冲洗触发阈值", "hybrid"),
            search(other, "输液泵 seal chamber", "lexical"),
            search(other, "draw solution", "dense"),
            look_up,
            status,
        ):
            for _ in range(12):
                assert len(writer.remove(numbers)) == len(clones)
                assert writer.add(clones).documents == len(clones)
        assert {h.number for h in other.search("反冲洗", 5, Filter(numbers=numbers), mode="lexical")} == {"XX1A"}


def test_each_passage_keeps_its_own_score_beside_removals(tmp_path, encoder):
    """Large enough that one thread is still searching the vectors when another takes some out."""
    documents, each, folder = 40, 500, tmp_path / "index"
    vectors = np.random.default_rng(11).standard_normal((documents * each, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    PatentIndex(folder, create=True).close()
    catalogue = Catalogue(folder / "catalogue.sqlite")
    stored = []
    for d in range(documents):
        document = PatentDocument(number=f"XX{d}A", language="en", abstracts={"en": "a seal"})
        rows = range(d * each, (d + 1) * each)
        passages = [Passage(anchor=f"XX{d}A#p{i}", text=f"seal {i}", section="description", language="en", tokens=2) for i in rows]
        stored.append(Stored(document, document_digest(document), passages, [text_digest(p.text) for p in passages], vectors[rows.start : rows.stop]))
    catalogue.write(stored)
    catalogue.close()
    query = encoder.encode(["a ring"])[0]
    exact = vectors @ query

    with PatentIndex(folder) as index:

        def search():
            for hit in index.search("a ring", 20, mode="dense"):
                assert hit.scores["dense"] == pytest.approx(exact[int(hit.anchor.partition("#p")[2])], abs=5e-3), hit.anchor

        search()
        with running(search, search):
            for d in range(0, documents, 2):
                index.remove([f"XX{d}A"])
        assert index.status()["passages"] == documents * each // 2


class Forgetful(PatentIndex):
    """An index from which a document is removed at the worst moment: after its number was found."""

    def resolve(self, number):
        found = super().resolve(number)
        self.remove([found])
        return found


def test_a_document_that_is_removed_while_it_is_looked_up(tmp_path, claims_only):
    with Forgetful(tmp_path / "index", create=True) as index:
        for look_up in (index.document, index.passages):
            index.add([claims_only("CN199000004A")])
            with pytest.raises(NotInIndexError):
                look_up("CN199000004A")
