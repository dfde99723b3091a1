"""The life of an index: add, replace, remove, reopen, find, look up."""

import subprocess
import sys
from collections import Counter

import pytest

from index import Filter, IndexLockedError, NoIndexError, NotInIndexError, PatentIndex
from ingest import PatentDocument


@pytest.fixture
def index(tmp_path, encoder):
    with PatentIndex(tmp_path / "index", create=True) as made:
        made._encoder = encoder  # one for all, to save the time of loading it
        yield made


@pytest.fixture
def seal(claims_only):
    return claims_only("US99000001B2")


@pytest.fixture
def pump(claims_only):
    return claims_only("CN199000006B")


def note(number: str, text: str) -> PatentDocument:
    return PatentDocument(number=number, language="en", titles={"en": "A note"}, abstracts={"en": text})


# -- add, replace, remove


def test_added_documents_are_found(index, seal, pump):
    added = index.add([seal, pump])
    assert (added.documents, added.unchanged) == (2, 0)
    assert added.passages == added.encoded == index.status()["passages"] == len(index.passages(seal.number)) + len(index.passages(pump.number))
    assert index.status()["documents"] == 2
    assert index.status()["languages"] == {"en": 1, "zh": 1}
    assert index.search("labyrinth", 1)[0].number == seal.number
    assert index.search("阻塞", 1)[0].number == pump.number


def test_every_claim_and_the_abstract_are_passages(index, seal):
    index.add([seal])
    passages = index.passages(seal.number)
    assert [p.anchor for p in passages] == ["US99000001B2#abs", *(f"US99000001B2#c{n}" for n in range(1, 16))]
    assert [p.text for p in passages[1:]] == [c.text for c in seal.claims]


def test_the_same_again_costs_nothing(index, seal, pump):
    index.add([seal, pump])
    generation = index.catalogue.generation
    moved = seal.model_copy(update={"source": seal.source.model_copy(update={"path": "elsewhere.xml", "offset": 7})})
    added = index.add([seal, moved, pump])
    assert (added.documents, added.passages, added.unchanged, added.encoded) == (0, 0, 3, 0)
    assert index.catalogue.generation == generation
    assert index.status()["documents"] == 2


def test_a_changed_document_replaces_the_old_one(index, seal, pump):
    index.add([seal, pump])
    before = index.status()["passages"]
    changed = seal.model_copy(update={"claims": seal.claims[:2], "abstracts": {"en": "A gasket made of zirconium."}})
    added = index.add([changed])
    assert (added.documents, added.passages, added.unchanged) == (1, 3, 0)
    assert added.encoded == 1  # the two claims were encoded before
    assert index.status()["documents"] == 2
    assert index.status()["passages"] == before - 13
    assert index.document(seal.number) == changed
    for mode in ("hybrid", "lexical", "dense"):
        hits = index.search("zirconium gasket", 50, Filter(numbers=(seal.number,)), mode=mode)
        assert hits[0].anchor == "US99000001B2#abs"
        assert {h.anchor for h in hits} <= {"US99000001B2#abs", "US99000001B2#c1", "US99000001B2#c2"}
    old = index.search("oil trap dip tube cup", 50, Filter(numbers=(seal.number,)))
    assert {h.passage.text for h in old} <= {p.text for p in index.passages(seal.number)}


def test_what_is_replaced_does_not_take_the_place_of_what_is_there(index):
    """Old passages that match best must not use up the candidates: versions of one document, then a search for others."""
    claims = tuple({"number": n, "text": f"A labyrinth shaft seal with drain chamber {n}."} for n in range(1, 61))
    for kind in ("A1", "A2", "A3", "B1", "B2"):
        index.add([PatentDocument.model_validate({"number": "US1A1", "kind": kind, "language": "en", "claims": claims})])
    weaker = "A thing of many parts, one made of wood, another of brass, a third of glass, beside a garden chamber of kind"
    index.add([note(f"XX{n}A", f"{weaker} {n}") for n in range(30)])
    hits = index.search("labyrinth shaft seal drain chamber", 90, mode="lexical")
    assert len({h.anchor for h in hits}) == len(hits) == 90
    assert [h.number for h in hits[:60]] == ["US1A1"] * 60
    assert {h.number for h in hits[60:]} == {f"XX{n}A" for n in range(30)}


def test_removed_documents_are_not_found(index, seal, pump):
    index.add([seal, pump])
    assert index.remove([seal.number, "US1A1"]) == [seal.number]
    assert index.status()["documents"] == 1
    with pytest.raises(NotInIndexError):
        index.document(seal.number)
    with pytest.raises(NotInIndexError):
        index.passages(seal.number)
    for mode in ("hybrid", "lexical", "dense"):
        assert {h.number for h in index.search("labyrinth seal 阻塞", 50, mode=mode)} <= {pump.number}
    assert index.search("labyrinth", 5, Filter(numbers=(seal.number,))) == []
    sides = index.sides.current()
    lexical, vectors = sides.passages, sides.vectors
    assert vectors.size == index.status()["passages"]
    assert lexical.search(Counter(["labyrinth"]), 100, Filter()) == []


def test_a_removed_document_can_come_back(index, seal):
    index.add([seal])
    first = index.search("labyrinth", 5)
    index.remove([seal.number])
    assert index.add([seal]).documents == 1
    assert [(h.anchor, h.score) for h in index.search("labyrinth", 5)] == [(h.anchor, pytest.approx(h.score, rel=1e-4)) for h in first]


def test_removing_lets_the_file_be_read_again(index, seal, pump):
    for document in (seal, pump):
        index.catalogue.journal.set_done(document.source.path, 1, 2, 1)
    index.add([seal, pump])
    index.remove([seal.number])
    assert not index.catalogue.journal.done(seal.source.path, 1, 2)
    assert index.catalogue.journal.done(pump.source.path, 1, 2)


def test_the_same_number_twice_in_one_run(index, seal):
    changed = seal.model_copy(update={"claims": seal.claims[:1]})
    added = index.add([seal, changed, changed])
    assert index.status()["documents"] == 1
    assert index.document(seal.number) == changed
    assert added.unchanged == 1
    assert index.status()["passages"] == 2
    index.add([seal, changed])  # back and forth ends where the last one says
    assert index.document(seal.number) == changed


def test_nothing_to_add_or_to_remove(index):
    assert index.add([]).documents == 0
    assert index.remove([]) == []
    assert index.search("seal", 5) == []
    assert index.search_documents("seal", 5) == []
    assert index.status()["documents"] == 0


def test_a_document_without_a_day_or_a_country(index):
    index.add([note("X1", "A labyrinth seal."), note("US1A1", "A labyrinth seal of another kind.")])
    assert {h.number for h in index.search("labyrinth", 5)} == {"X1", "US1A1"}
    assert [h.number for h in index.search("labyrinth", 5, Filter(countries=("US",)))] == ["US1A1"]
    assert index.search("labyrinth", 5, Filter(after="1900-01-01")) == []
    assert index.search("labyrinth", 5, Filter(before="2100-01-01")) == []


def test_the_day_is_that_of_filing_where_publication_is_unknown(index, seal):
    index.add([seal.model_copy(update={"dates": seal.dates.model_copy(update={"publication": None})})])
    assert str(seal.dates.filing) == "2017-05-18"
    assert index.search("labyrinth", 1, Filter(after="2017-05-18", before="2017-05-19"))
    assert not index.search("labyrinth", 1, Filter(before="2017-05-18"))
    assert not index.search("labyrinth", 1, Filter(after="2017-05-19"))


def test_an_error_in_the_middle_keeps_what_was_written(index, seal, claims_only):
    def documents():
        yield from (note(f"US{n}A1", "seal " * 3) for n in range(1100))  # more than a batch
        raise RuntimeError("the source failed")

    with pytest.raises(RuntimeError, match="the source failed"):
        index.add(documents())
    status = index.status()
    assert status["documents"] == status["passages"] >= 1024
    assert index.catalogue.counts()["waiting"] == 0
    assert index.search("seal", 3)
    assert index.add([seal]).documents == 1  # and the lock is free


def test_progress_is_told_after_each_batch(index):
    told = []
    index.add((note(f"US{n}A1", "a seal") for n in range(1300)), lambda added: told.append((added.documents, index.catalogue.counts()["waiting"])))
    assert [n for n, _ in told][-1] == 1300
    assert len(told) == 2
    assert all(n == waiting for n, waiting in told)  # durable when it is told, though not yet searchable


# -- opening


def test_reopened_it_is_the_same(tmp_path, seal, pump):
    with PatentIndex(tmp_path / "index", create=True) as index:
        index.add([seal, pump])
        before = [(h.anchor, h.score) for q in ("labyrinth", "阻塞") for h in index.search(q, 10)]
        status = index.status()
    with PatentIndex(str(tmp_path / "index")) as index:
        assert [(h.anchor, h.score) for q in ("labyrinth", "阻塞") for h in index.search(q, 10)] == before
        assert {**index.status(), "bytes": 0} == {**status, "bytes": 0}
        assert index.document(seal.number) == seal
        assert index.add([seal]).unchanged == 1


def test_there_is_no_index(tmp_path):
    with pytest.raises(NoIndexError, match="patent ingest") as caught:
        PatentIndex(tmp_path / "missing")
    assert str(tmp_path / "missing") in str(caught.value)
    assert not (tmp_path / "missing").exists()  # looking makes nothing
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoIndexError):
        PatentIndex(tmp_path / "empty")
    assert list((tmp_path / "empty").iterdir()) == []


def test_two_open_indexes_write_in_turn(tmp_path, seal, pump, claims_only):
    """A service that has the index open, and an ingest beside it: neither keeps the other from writing when it is done itself."""
    third = claims_only("US99000005B2")
    with PatentIndex(tmp_path / "index", create=True) as first, PatentIndex(tmp_path / "index") as second:
        first.add([seal])
        second.add([pump])
        assert {h.number for h in first.search("labyrinth", 3)} == {seal.number}
        assert {h.number for h in first.search("阻塞", 3)} == {pump.number}
        first.add([third])
        second.remove([seal.number])
        for index in (first, second):
            assert index.status()["documents"] == 2
            assert index.search("labyrinth", 3, mode="lexical") == []
            assert {h.number for h in index.search("separator 阻塞", 40, mode="lexical")} == {pump.number, third.number}
    with PatentIndex(tmp_path / "index") as index:
        assert {h.number for h in index.search("separator 阻塞", 40, mode="lexical")} == {pump.number, third.number}


WRITER = """
import sys
from index import PatentIndex
from ingest import PatentDocument

def documents():
    yield PatentDocument(number="US1A1", language="en", abstracts={"en": "A gasket."})
    print("writing", flush=True)
    sys.stdin.readline()

with PatentIndex(sys.argv[1]) as index:
    index.add(documents())
"""


def test_one_process_writes_at_a_time(tmp_path, seal, pump):
    folder = tmp_path / "index"
    with PatentIndex(folder, create=True) as index:
        index.add([seal])
    with subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout.readline() == "writing\n"
        with PatentIndex(folder) as index:
            with pytest.raises(IndexLockedError, match="another process is writing") as caught:
                index.add([pump])
            assert str(folder) in str(caught.value)
            assert index.search("labyrinth", 1)[0].number == seal.number  # reading goes on
            writer.stdin.write("\n")
            writer.stdin.flush()
            assert writer.wait(30) == 0
            assert index.search("gasket", 1)[0].number == "US1A1"  # what it wrote is seen without opening again
            assert index.add([pump]).documents == 1


# -- finding. Each paragraph was read; its words stand in no other of the sample.


@pytest.mark.parametrize(
    ("question", "number", "words"),
    [
        ("At what slope does the vent duct rise from the drain chamber?", "US99000001B2", "at a slope of no less than 10°"),
        ("How often must the wire mesh pad be exchanged?", "US99000001B2", "An exchange interval of five years has been found sufficient"),
        ("How much oil was found outboard of the seal in the run of 500 hours?", "US99000001B2", "0.4 ml of oil were collected outboard"),
        ("How long does the reversal with sodium chloride brine last?", "US99000012B2", "The reversal lasts for 6 minutes"),
        ("What cut-off does the nanofiltration stage have?", "US99000012B2", "a cut-off of 400 g/mol"),
        ("How much heat and electricity are consumed per cubic metre of product water?", "US99000012B2", "31 kWh of heat and 1.9 kWh of electricity"),
        ("Can a drone serve as the border router?", "US99000007B2", "such as a drone or a vehicle passing by"),
        ("为什么采用反向微动而不采用正向微动？", "CN199000006B", "之所以采用反向微动而不采用正向微动"),
        ("阻塞后抽回多少体积以避免回血？", "CN199000006B", "控制蠕动机构110反转抽回0.9倍的Vb"),
        ("化学强化反冲洗时次氯酸钠的有效氯浓度是多少？", "CN199000004A", "有效氯浓度为200mg/L"),
        ("多套膜组并联时反冲洗队列如何放行？", "CN199000004A", "依次放行"),
        ("气凝胶芯片的常温导热系数是多少？", "CN199000001A", "常温导热系数为0.021W/(m·K)"),
        ("循环泵启动时的流量是多少？", "CN199000001A", "流量为6L/min"),
    ],
)
def test_a_question_finds_its_paragraph(sample_index, question, number, words):
    hits = sample_index.search(question, 5)
    assert hits[0].number == number
    assert [h.rank for h in hits if words in h.passage.text], [h.anchor for h in hits]


def test_a_question_in_other_words_finds_its_document(sample_index):
    """Of these words only "rotating" stands in the claims found: the dense side must have found them."""
    hits = sample_index.search("preventing lubricant from escaping along a rotating axle", 3, Filter(sections=("claims",)), mode="dense")
    assert hits[0].number == "US99000001B2"


def test_hits_say_where_they_come_from(sample_index, documents):
    for hit in sample_index.search("slope of the drain chamber floor", 10):
        document = documents[hit.number]
        assert hit.title == document.title
        assert hit.anchor.startswith(f"{document.number}#")
        assert hit.scores
        assert hit.passage in sample_index.passages(hit.number)


def test_chinese_is_read_by_its_gloss(sample_index):
    assert sample_index.understand("a seal").native
    query = sample_index.understand("输液泵阻塞检测")
    assert not query.native
    assert 0 < query.trust <= 1
    assert query.encoded.isascii()
    assert all(h.number.startswith("CN") and "dense" in h.scores for h in sample_index.search("输液泵阻塞检测", 5))
    assert all("dense" in h.scores for h in sample_index.search("infusion pump occlusion", 3))


def test_across_languages(sample_index):
    """Without a word in common."""
    for query, language, title in (
        ("occlusion of an infusion pump is detected by pressure", "zh", "输液泵"),
        ("带排水腔的迷宫密封", "en", "Labyrinth"),
    ):
        assert title in sample_index.search(query, 5, Filter(languages=(language,)))[0].title


def test_a_side_can_be_chosen(sample_index):
    assert all(h.scores.keys() == {"lexical"} for h in sample_index.search("infusion pump occlusion", 10, mode="lexical"))
    assert all(h.scores.keys() == {"dense"} for h in sample_index.search("infusion pump occlusion", 10, mode="dense"))
    assert sample_index.search("nosuchterm", 10, mode="lexical") == []


def test_the_dense_score_is_the_cosine(sample_index):
    query = sample_index.encoder.encode(["infusion pump occlusion"])[0]
    for hit in sample_index.search("infusion pump occlusion", 5, mode="dense"):
        heading = f" - {hit.passage.heading}" if hit.passage.heading and len(hit.passage.heading) < 60 else ""
        text = hit.passage.text if hit.passage.section == "scheme" else f"{hit.title[:120]}{heading}\n{hit.passage.text}"
        assert hit.scores["dense"] == pytest.approx(float(sample_index.encoder.encode([text])[0] @ query), abs=5e-3)


@pytest.mark.parametrize(
    "query", ["", " ", "?!", "of the", "的", "\x00", "a" * 5000, "seal " * 2000, "\ud800", "AND OR NOT (", "text:seal^2 [a TO b]"]
)
def test_any_query_is_answered(sample_index, query):
    assert len(sample_index.search(query, 3)) <= 3


def test_no_hits_are_asked_for(sample_index):
    assert sample_index.search("seal", 0) == []
    assert sample_index.search_documents("seal", 0) == []


def test_documents_with_their_best_passages(sample_index, documents):
    found = sample_index.search_documents("occlusion detection of an infusion pump", 5)
    assert len(found) == 5 == len({d.number for d in found})
    assert found[0].number == "US99000014B2"
    assert [d.rank for d in found] == [1, 2, 3, 4, 5]
    assert [d.score for d in found] == sorted((d.score for d in found), reverse=True)
    for each in found:
        assert each.title == documents[each.number].title
        assert 1 <= len(each.passages) <= 5
        assert {p.number for p in each.passages} == {each.number}
        assert [p.score for p in each.passages] == sorted((p.score for p in each.passages), reverse=True)


def test_term_weights_are_higher_for_rarer_terms(sample_index):
    weights = sample_index.term_weights(["labyrinth", "compris", "nosuchterm"])
    assert weights["nosuchterm"] > weights["labyrinth"] > weights["compris"] > 0


# -- looking up


def test_the_whole_document_comes_back(sample_index, documents):
    assert list(sample_index.catalogue.documents()) == [documents[n] for n in sorted(documents)]


@pytest.mark.parametrize("written", ["US99000001B2", "US99000001", "US 99,000,001 B2", "  US99000001B2 "])
def test_a_number_is_resolved(sample_index, written):
    assert sample_index.resolve(written) == "US99000001B2"
    assert sample_index.document(written).number == "US99000001B2"


def test_a_number_that_begins_several_names_them(sample_index):
    with pytest.raises(NotInIndexError, match=r"US9900000: which of US99000001B2, US99000005B2, US99000007B2"):
        sample_index.resolve("US9900000")


@pytest.mark.parametrize("number", ["US1A1", "US99000001B3", "", "%", "us"])
def test_a_number_that_is_not_there(sample_index, number):
    with pytest.raises(NotInIndexError):
        sample_index.document(number)


def test_a_number_that_begins_another_is_itself(index):
    index.add([note("US1A", "a seal"), note("US1A1", "a ring")])
    assert index.resolve("US1A") == "US1A"


def test_status_tells_sizes_and_failures(tmp_path, seal):
    with PatentIndex(tmp_path / "index", create=True) as index:
        index.add([seal])
        index.catalogue.journal.add_failures([("/a.xml", 3, "broken")])
        status = index.status()
    assert status.keys() == {"directory", "signature", "documents", "passages", "languages", "failed", "warnings", "bytes"}
    assert status["directory"] == str(tmp_path / "index")
    assert status["failed"] == [{"path": "/a.xml", "offset": 3, "reason": "broken"}]
    assert status["bytes"]["catalogue"] > 0
    assert status["bytes"]["lexical"] > 0
    assert status["signature"]["encoder"] == "all-MiniLM-L6-v2"


def test_every_passage_fits_the_window_with_what_is_embedded_with_it(sample_index):
    window = sample_index.encoder.info.window
    for document in sample_index.catalogue.documents():
        for passage in sample_index.passages(document.number):
            assert passage.tokens <= window - 40


def test_what_was_read_off_pages_does_not_replace_the_office_s_own_data(tmp_path, seal):
    printed = seal.model_copy(update={"titles": {"en": "SEA L"}, "source": seal.source.model_copy(update={"format": "pdf"})})
    better = seal.model_copy(update={"titles": {"en": "A seal, again"}})
    with PatentIndex(tmp_path / "index", create=True) as index:
        assert index.add([printed]).documents == 1
        assert index.add([seal, printed]).kept == 1  # in one batch
        assert index.add([printed]).kept == 1
        assert index.document(seal.number).title == seal.title
        assert index.add([better]).documents == 1
        assert index.document(seal.number).title == "A seal, again"
