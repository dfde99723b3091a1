import asyncio
import gzip
import json
import os
import shutil
import sqlite3

import pytest

from assistant import PatentAssistant
from index import Filter, NoIndexError, NotInIndexError, SignatureError
from ingest import PatentDocument, read
from ingest.errors import AnchorError

PUMP = "CN199000006B"
SEAL = "US99000001B2"
SEALS = {"US99000001B2", "US99000002B2", "US99000003B2", "CN199000003B"}


@pytest.fixture
def files(sample, tmp_path):
    """A folder with two patents that a test may change."""
    folder = tmp_path / "files"
    folder.mkdir()
    shutil.copy(sample / "zh" / f"{PUMP}.xml", folder)
    shutil.copy(sample / "en" / f"{SEAL}.xml", folder)
    return folder


@pytest.fixture
def own(tmp_path):
    """An assistant over a new index."""
    with PatentAssistant.open(tmp_path / "index") as opened:
        yield opened


def a_document(number="US1A", text="The ring is made of graphite."):
    return PatentDocument(number=number, language="en", titles={"en": "Ring"}, claims=[{"number": 1, "text": text}])


# -- ingest


def test_the_first_run_reads_everything_and_says_what_it_skipped_and_what_failed(own, files):
    (files / "letter.xml").write_text('<?xml version="1.0"?>\n<letter>Dear sir</letter>')
    (files / "broken.xml").write_text('<?xml version="1.0"?>\n<us-patent-grant><abstract>')
    (files / "notes.bin").write_bytes(b"\x00\x01\x02 no patent")
    (files / "empty.xml").write_bytes(b"")
    (files / ".hidden.xml").write_text("never looked at")
    report = own.ingest([files, files / "missing.xml"])
    assert report.documents == 2
    assert report.passages == own.status()["passages"] > 50
    assert dict(report.skipped) == {"letter": 1}
    assert {f.path.rpartition("/")[2] for f in report.failed} == {"broken.xml", "notes.bin", "empty.xml", "missing.xml"}
    assert all(f.reason and "\n" not in f.reason for f in report.failed)
    assert report.seconds > 0
    assert report.model_dump()["skipped"] == {"letter": 1}


def test_the_second_run_reads_nothing(own, files):
    own.ingest(files)
    again = own.ingest(files)
    assert (again.documents, again.passages, again.failed) == (0, 0, [])
    assert dict(again.skipped) == {"file unchanged since it was read": 2}


def test_a_changed_file_is_read_again_and_its_document_replaced(own, files):
    own.ingest(files)
    path = files / f"{PUMP}.xml"
    path.write_text(path.read_text("utf-8").replace("排出0.12mL", "排出0.34毫升"), "utf-8")
    report = own.ingest(files)
    assert report.documents == 1
    assert dict(report.skipped) == {"file unchanged since it was read": 1}
    assert "排出0.34毫升" in own.show(f"{PUMP}#p0019")
    assert own.status()["documents"] == 2
    answer = own.ask("凸轮轴每转一周排出多少药液？")
    assert "0.34毫升" in answer.statements[0].text


def test_a_file_that_was_only_touched_costs_nothing(own, files):
    own.ingest(files)
    os.utime(files / f"{PUMP}.xml", ns=(1, 1))
    report = own.ingest(files)
    assert (report.documents, report.passages) == (0, 0)
    assert dict(report.skipped) == {"file unchanged since it was read": 1, "document unchanged": 1}


def test_a_failure_is_forgotten_when_its_file_is_mended(own, files):
    path = files / f"{PUMP}.xml"
    whole = path.read_text("utf-8")
    path.write_text(whole[:5000], "utf-8")
    assert [f.path for f in own.ingest(files).failed] == [str(path.resolve())]
    assert [f["path"] for f in own.status()["failed"]] == [str(path.resolve())]
    path.write_text(whole, "utf-8")
    assert own.ingest(files).documents == 1
    assert own.status()["failed"] == []


def test_what_failed_is_in_the_status_with_file_place_and_reason(own, tmp_path):
    lines = [a_document().model_dump_json(), "{broken", a_document("US2A").model_dump_json()]
    path = tmp_path / "some.jsonl"
    path.write_text("\n".join(lines) + "\n")
    report = own.ingest([path, tmp_path / "missing.xml"])
    assert report.documents == 2
    broken = {"path": str(path), "offset": len(lines[0]) + 1}
    assert [broken == {k: f[k] for k in broken} for f in report.model_dump()["failed"]].count(True) == 1
    recorded = own.status()["failed"]
    assert {(f["path"].rpartition("/")[2], f["offset"]) for f in recorded} == {("some.jsonl", broken["offset"]), ("missing.xml", 0)}
    assert all(set(f) == {"path", "offset", "reason"} for f in recorded)


def test_documents_and_paths_may_be_given_together(own, files):
    report = own.ingest([a_document(), str(files / f"{SEAL}.xml"), a_document("US2A")])
    assert report.documents == 3
    assert {d.number for d in own.export()} == {"US1A", "US2A", SEAL}


def test_the_same_document_is_not_stored_twice_and_another_one_with_its_number_replaces_it(own):
    assert own.ingest([a_document(), a_document()]).documents == 1
    assert dict(own.ingest([a_document()]).skipped) == {"document unchanged": 1}
    assert own.ingest([a_document(text="The ring is made of bronze.")]).documents == 1
    assert [d.claims[0].text for d in own.export()] == ["The ring is made of bronze."]
    assert [h.passage.text for h in own.search("graphite ring")] == ["The ring is made of bronze."]


def test_progress_goes_from_nothing_to_all_bytes(own, files):
    seen = []
    own.ingest(files, seen.append)
    assert seen
    assert seen[-1].documents == 2
    assert seen[-1].total == sum(p.stat().st_size for p in files.iterdir())
    assert all(0 <= p.done <= p.total for p in seen)
    assert [p.done for p in seen] == sorted(p.done for p in seen)


# -- ask and search


def test_the_asynchronous_forms_give_the_same(patents):
    question = "How long is an epoch in the mesh network?"

    async def both():
        return await asyncio.gather(patents.aask(question), patents.asearch(question, 4), patents.asearch(question, 2, unit="document"))

    answer, hits, documents = asyncio.run(both())
    assert answer == patents.ask(question)
    assert hits == patents.search(question, 4)
    assert documents == patents.search(question, 2, unit="document")


def test_many_questions_at_once_give_the_same_as_one_by_one(patents):
    questions = [
        "How many nodes can a segment hold?",
        "更新帧共有多少字节？",
        "How is a cake baked?",
        "How long does one hash take on the microcontroller?",
    ] * 3

    async def all_of_them():
        return await asyncio.gather(*(patents.aask(q) for q in questions))

    assert asyncio.run(all_of_them()) == [patents.ask(q) for q in questions]


def test_search_gives_k_passages_or_documents_best_first(patents):
    hits = patents.search("labyrinth seal with drain", 7)
    assert [h.rank for h in hits] == list(range(1, 8))
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert hits[0].number == SEAL
    documents = patents.search("labyrinth seal with drain", 3, unit="document")
    assert [d.rank for d in documents] == [1, 2, 3]
    assert documents[0].number == SEAL
    assert len({d.number for d in documents}) == 3


@pytest.mark.parametrize(
    ("where", "holds"),
    [
        (
            Filter(ipc=["F16J"]),
            lambda h: h.number in {"US99000001B2", "US99000002B2", "US99000003B2", "CN199000003B"} or h.number.startswith("IPC:F16J"),
        ),
        (Filter(countries=["CN"]), lambda h: h.number.startswith("CN")),
        (Filter(languages=["zh"]), lambda h: h.passage.language == "zh"),
        (Filter(sections=["claims"]), lambda h: "#c" in h.anchor),
        (Filter(numbers=[PUMP]), lambda h: h.number == PUMP),
        (Filter(before="2019-04-01", countries=["US"]), lambda h: h.number == SEAL),  # published on 2019-03-12, and no other US one before April
    ],
)
def test_ask_and_search_stay_inside_the_filter(patents, where, holds):
    hits = [*patents.search("seal of the pump", 5, where), *patents.ask("泵轴怎样密封？", where).hits]
    assert len(hits) >= 10
    assert all(holds(h) for h in hits)


def test_k_is_the_number_of_passages_that_an_answer_sees(patents):
    assert len(patents.ask("How is the pump sealed?", k=3).hits) == 3
    assert len(patents.ask("What does claim 2 of US99000001B2 say?", k=3).hits) == 3


def test_an_empty_index_answers_that_nothing_is_found(own):
    answer = own.ask("How is the seal kept dry?")
    assert (answer.status, answer.statements, answer.hits) == ("not_found", (), ())
    assert own.search("seal") == []
    assert own.search("seal", unit="document") == []
    assert list(own.export()) == []


# -- show


@pytest.mark.parametrize(
    "anchor",
    [
        f"{SEAL}#c1",
        f"{SEAL}#c15",
        f"{SEAL}#p0018",
        f"{SEAL}#p0018-0020",
        f"{SEAL}#abs",
        f"{PUMP}#c9",
        f"{PUMP}#p0001",
        f"{PUMP}#p0035-0036",
        f"{PUMP}#abs",
    ],
)
def test_show_gives_the_text_at_an_anchor(patents, source_text, bare, anchor):
    shown = bare(patents.show(anchor))
    assert len(shown) > 10
    assert source_text(anchor) in (shown, f"{anchor.partition('#c')[2]}.{shown}")


def test_show_gives_the_title_and_the_document(patents):
    assert patents.show(f"{SEAL}#title") == "Labyrinth shaft seal with drain chamber for a wind turbine gearbox"
    document = patents.show(SEAL)
    assert isinstance(document, PatentDocument)
    assert (document.number, len(document.claims)) == (SEAL, 15)
    assert patents.show("US99000001") == document
    assert patents.show("US99000001#c2") == patents.show(f"{SEAL}#c2")


@pytest.mark.parametrize("anchor", [f"{SEAL}#c16", f"{SEAL}#c0", f"{SEAL}#p9999", f"{SEAL}#p0002-0001", f"{SEAL}#nonsense", f"{SEAL}#abs-zh"])
def test_an_anchor_that_the_document_does_not_have_is_an_error_in_one_line(patents, anchor):
    with pytest.raises(AnchorError) as caught:
        patents.show(anchor)
    assert SEAL in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("number", "says"), [("US1A", "not in the index"), ("US9900000", "which of"), ("US1A#c1", "not in the index")])
def test_a_number_that_is_not_there_or_not_unique_is_an_error_in_one_line(patents, number, says):
    with pytest.raises(NotInIndexError, match=says) as caught:
        patents.show(number)
    assert "\n" not in str(caught.value)


# -- remove, export, status, open


def test_a_removed_document_is_gone_and_can_be_read_again(own, files):
    own.ingest(files)
    assert own.remove(["US99000001"]) == [SEAL]
    assert [d.number for d in own.export()] == [PUMP]
    assert {h.number for h in own.search("labyrinth seal with drain", 20)} == {PUMP}
    with pytest.raises(NotInIndexError):
        own.show(SEAL)
    again = own.ingest(files)
    assert again.documents == 1
    assert own.show(SEAL).number == SEAL


def test_nothing_is_removed_where_one_number_is_not_there(own, files):
    own.ingest(files)
    with pytest.raises(NotInIndexError, match="US1A"):
        own.remove([SEAL, "US1A"])
    assert own.status()["documents"] == 2


def test_export_gives_back_what_the_readers_gave(own, files):
    own.ingest(files)
    assert list(own.export()) == sorted(read(files), key=lambda d: d.number)


def test_what_is_exported_can_be_ingested_without_loss(own, files, tmp_path):
    own.ingest(files)
    documents = list(own.export())
    path = tmp_path / "documents.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(d.model_dump(mode="json"), ensure_ascii=False) + "\n" for d in documents)
    assert dict(own.ingest(path).skipped) == {"document unchanged": 2}
    with PatentAssistant.open(tmp_path / "other") as other:
        assert other.ingest(path).documents == 2
        assert [d.model_copy(update={"source": e.source}) for d, e in zip(other.export(), documents, strict=True)] == documents


def test_the_status_counts_what_is_in_the_index(own, files):
    own.ingest(files)
    status = own.status()
    assert (status["documents"], status["languages"], status["failed"]) == (2, {"en": 1, "zh": 1}, [])
    with sqlite3.connect(own.index.directory / "catalogue.sqlite") as database:
        assert status["passages"] == database.execute("SELECT count(*) FROM passages").fetchone()[0]
    assert all(size > 0 for kind, size in status["bytes"].items() if kind != "vectors")


def test_an_index_that_is_not_there_is_made_only_where_that_is_asked(tmp_path):
    with pytest.raises(NoIndexError, match="patent ingest"):
        PatentAssistant.open(tmp_path / "none", create=False)
    assert not (tmp_path / "none").exists()
    PatentAssistant.open(tmp_path / "new").close()
    PatentAssistant.open(tmp_path / "new", create=False).close()


def test_what_was_ingested_is_there_when_the_index_is_opened_again(files, tmp_path):
    with PatentAssistant.open(tmp_path / "index") as first:
        first.ingest(files)
        answer = first.ask("凸轮轴每转一周排出多少药液？")
    with PatentAssistant.open(tmp_path / "index", create=False) as second:
        assert second.ask("凸轮轴每转一周排出多少药液？") == answer
        assert dict(second.ingest(files).skipped) == {"file unchanged since it was read": 2}


def test_an_index_opened_with_another_encoder_is_an_error_that_names_the_difference(collection):
    with pytest.raises(SignatureError, match="encoder"):
        PatentAssistant.open(collection, encoder="another-encoder", create=False)
