"""Writing in batches, the next ones read, cut and encoded ahead of the one that is written."""

import threading
from contextlib import closing

import pytest

from index import PatentIndex
from index.writing import _Ahead
from ingest import Claim, PatentDocument, Source

ONE_BATCH = 1040
"""So many documents of one passage are a batch, and the last 16 of them the beginning of the next."""


def note(number: str, text: str) -> PatentDocument:
    return PatentDocument(number=number, language="en", claims=(Claim(number=1, text=text),))


@pytest.fixture
def index(tmp_path, encoder):
    with PatentIndex(tmp_path / "index", create=True) as made:
        made._encoder = encoder  # one for all, to save the time of loading it
        yield made


def notes(count: int, text: str = "a seal"):
    return [note(f"US{n}A1", text) for n in range(count)]


def test_items_come_in_order_and_one_is_made_Ahead():
    made = []

    def items():
        for i in range(20):
            made.append(i)
            yield i

    given = []
    with closing(_Ahead(items())) as run:
        for i in run:
            given.append(i)
            assert len(made) <= len(given) + 2  # one waits, one is being made
    assert given == made == list(range(20))


def test_an_error_comes_after_the_items_before_it():
    def items():
        yield from (1, 2, 3)
        raise KeyError("four")

    run = _Ahead(items())
    assert [next(run), next(run), next(run)] == [1, 2, 3]
    with pytest.raises(KeyError, match="four"):
        next(run)
    assert list(run) == []
    run.close()


def test_a_caller_that_leaves_off_stops_the_thread_and_closes_its_source():
    closed = threading.Event()

    def items():
        try:
            while True:
                yield 0
        finally:
            closed.set()

    before = threading.active_count()
    run = _Ahead(items())
    next(run)
    run.close()
    assert closed.is_set()
    assert threading.active_count() == before


def test_ticks_tell_what_is_stored_and_not_what_is_read_Ahead(index):
    taken = []

    def documents():
        for each in notes(3 * ONE_BATCH):
            taken.append(each.number)
            yield each

    told = []

    def tick(added):
        assert index.catalogue.counts()["waiting"] + index.catalogue.counts()["documents"] == added.documents == added.given <= len(taken)
        told.append((added.given, threading.current_thread() is threading.main_thread()))

    added = index.add(documents(), tick)
    assert len(told) >= 3 and told[-1] == (3 * ONE_BATCH, True)
    assert all(in_caller for _, in_caller in told)
    assert (added.documents, added.passages, added.given, added.unchanged) == (3 * ONE_BATCH, 3 * ONE_BATCH, 3 * ONE_BATCH, 0)
    assert added.encoded == 1  # the text of all, which no batch waited for to be in the catalogue


def test_a_document_that_comes_again_in_a_later_batch(index):
    """The same is known although its batch may not be written yet; a changed one replaces it."""
    first = notes(ONE_BATCH)
    added = index.add([*first, *first[:20], note("US0A1", "a pump"), *notes(3 * ONE_BATCH)[ONE_BATCH:], note("US1A1", "a valve")])
    assert (added.documents, added.unchanged, added.given) == (3 * ONE_BATCH + 2, 20, 3 * ONE_BATCH + 22)
    assert index.status()["documents"] == 3 * ONE_BATCH
    assert [index.document(n).claims[0].text for n in ("US0A1", "US1A1", "US2A1")] == ["a pump", "a valve", "a seal"]


def test_a_printed_copy_in_a_later_batch_does_not_replace_the_offices_data(index):
    printed = note("US0A1", "a seai").model_copy(update={"source": Source(path="US0A1.txt", format="text")})
    assert printed.printed and not notes(1)[0].printed
    added = index.add([*notes(2 * ONE_BATCH), printed])
    assert (added.kept, added.documents) == (1, 2 * ONE_BATCH)
    assert index.document("US0A1").claims[0].text == "a seal"


def test_an_interrupt_keeps_what_was_told_and_leaves_no_thread(index):
    def tick(added):
        raise KeyboardInterrupt

    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        index.add(iter(notes(4 * ONE_BATCH)), tick)
    assert threading.active_count() == before
    assert ONE_BATCH - 16 <= index.status()["documents"] < 2 * ONE_BATCH
    stored = index.status()["documents"]
    assert index.add(notes(4 * ONE_BATCH)).unchanged == stored


def test_an_error_of_the_encoder_reaches_the_caller(index, encoder, monkeypatch):
    encode = type(encoder).encode

    def failing(self, texts):
        if any("valve" in t for t in texts):
            raise RuntimeError("no memory")
        return encode(self, texts)

    monkeypatch.setattr(type(encoder), "encode", failing)
    with pytest.raises(RuntimeError, match="no memory"):
        index.add([*notes(ONE_BATCH), *(note(f"EP{n}A1", "a valve") for n in range(ONE_BATCH))])
    assert ONE_BATCH - 16 <= index.status()["documents"] <= ONE_BATCH


def test_the_next_batch_is_read_while_the_encoder_works(index, encoder, monkeypatch):
    """The encoder waits in its first batch until documents of the next are taken, which without reading ahead would be never."""
    encode, second = type(encoder).encode, threading.Event()

    def waiting(self, texts):
        assert second.wait(60)
        return encode(self, texts)

    def documents():
        for i, each in enumerate(notes(3 * ONE_BATCH)):
            if i == ONE_BATCH:
                second.set()
            yield each

    monkeypatch.setattr(type(encoder), "encode", waiting)
    assert index.add(documents()).documents == 3 * ONE_BATCH
