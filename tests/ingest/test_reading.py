"""From paths to outcomes: archives, concatenations, and everything that can be wrong with a file."""

import gzip
import io
import os
import random
import tarfile
import zipfile
from pathlib import Path

import pytest

from ingest import Failed, PatentDocument, Skipped, archives, read, records
from ingest.reading import find_files

GRANT, APPLICATION, CHINESE = "US99000001B2", "US20990000021A1", "CN199000001A"
FORMAT = "not a format that is read"


@pytest.fixture(scope="module")
def grant(sample: Path) -> bytes:
    return (sample / "en" / f"{GRANT}.xml").read_bytes()


@pytest.fixture(scope="module")
def application(sample: Path) -> bytes:
    return (sample / "en" / f"{APPLICATION}.xml").read_bytes()


@pytest.fixture(scope="module")
def chinese(sample: Path) -> bytes:
    return (sample / "zh" / f"{CHINESE}.xml").read_bytes()


@pytest.fixture
def outcomes(tmp_path: Path):
    """Writes a file and says what came of it, shortly: numbers, `skipped …` and `failed`, with the failures apart."""

    def run(name: str, data: bytes):
        path = tmp_path / name
        path.write_bytes(data)
        found = list(read(path))
        check(found, str(path))
        return short(found), [o for o in found if isinstance(o, Failed)]

    return run


def short(found) -> list[str]:
    return [o.number if isinstance(o, PatentDocument) else f"skipped {o.what}" if isinstance(o, Skipped) else "failed" for o in found]


def check(found, path: str) -> None:
    """Each outcome is one of the three, says where it was, and a failure says what is wrong in one line."""
    for outcome in found:
        assert isinstance(outcome, PatentDocument | Skipped | Failed)
        where = outcome.source if isinstance(outcome, PatentDocument) else outcome
        assert where.path == path or where.path.startswith(f"{path}!")
        assert where.offset >= 0
        if isinstance(outcome, Failed):
            assert outcome.reason.strip()
            assert "\n" not in outcome.reason
            assert len(outcome.reason) < 500
            assert "Traceback" not in outcome.reason


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


# files and folders


def test_the_sample_collection_is_read_whole(sample):
    found = list(read(sample))
    patents = sorted((*(sample / "en").glob("*.xml"), *(sample / "zh").glob("*.xml")))
    assert sorted(o.number for o in found if isinstance(o, PatentDocument) and o.kind != "IPC") == sorted(p.stem for p in patents)
    assert not [o for o in found if not isinstance(o, PatentDocument)]


def test_a_folder_is_read_in_sorted_order_without_hidden_files(tmp_path, grant, chinese):
    for name, data in [
        ("b/2.xml", grant),
        ("b/1.xml", chinese),
        ("a.xml", grant),
        (".hidden.xml", grant),
        (".git/x.xml", grant),
        ("b/.y.xml", b"junk"),
    ]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert list(find_files([tmp_path])) == [tmp_path / "a.xml", tmp_path / "b" / "1.xml", tmp_path / "b" / "2.xml"]
    assert short(read([tmp_path])) == [GRANT, CHINESE, GRANT]


def test_a_missing_path_is_a_failure_and_the_rest_is_read(sample, tmp_path):
    found = list(read([tmp_path / "missing.xml", sample / "en" / f"{GRANT}.xml"]))
    assert short(found) == ["failed", GRANT]
    assert found[0] == Failed(str(tmp_path / "missing.xml"), 0, "no such file or folder; check the path")


def test_a_link_that_leads_nowhere_is_a_failure(tmp_path, grant):
    (tmp_path / "a.xml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "b.xml").write_bytes(grant)
    assert short(read(tmp_path)) == ["failed", GRANT]


def test_one_path_may_be_given_as_a_text(sample):
    assert short(read(str(sample / "en" / f"{GRANT}.xml"))) == [GRANT]


def test_a_file_name_that_is_not_unicode_can_be_written_out_again(tmp_path, grant):
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.xml")).write_bytes(grant)
    except OSError:
        pytest.skip("this file system takes Unicode names only")
    for outcome in read(tmp_path):
        assert isinstance(outcome, PatentDocument)
        assert outcome.model_dump_json()


# good input in every wrapping


def test_concatenated_documents_of_several_offices_are_told_apart(outcomes, grant, application, chinese):
    assert outcomes("all.xml", grant + application + chinese) == ([GRANT, APPLICATION, CHINESE], [])


def test_offsets_are_those_of_the_file(tmp_path, grant, application, chinese):
    (tmp_path / "all.xml").write_bytes(grant + b"\r\n\r\n" + application + chinese)
    found = [o.source.offset for o in read(tmp_path)]
    assert found == [0, len(grant) + 4, len(grant) + 4 + len(application)]


def test_a_declaration_that_lies_across_two_chunks_still_begins_a_document(tmp_path, grant, chinese):
    for shift in range(8):
        padding = b"<!--" + b"x" * (8192 - len(grant) % 8192 - 7 - shift) + b"-->"
        first = grant.rstrip() + padding
        (tmp_path / "all.xml").write_bytes(first + chinese)
        assert [(o.number, o.source.offset) for o in read(tmp_path)] == [(GRANT, 0), (CHINESE, len(first))]


def test_a_byte_order_mark_and_leading_blank_lines_are_no_matter(outcomes, grant, chinese):
    assert outcomes("bom.xml", b"\xef\xbb\xbf" + grant)[0] == [GRANT]
    assert outcomes("blank.xml", b"\n \n" + grant)[0] == [GRANT]
    assert outcomes("both.xml", b"\xef\xbb\xbf" + grant + b"\xef\xbb\xbf" + chinese)[0] == [GRANT, CHINESE]


def test_the_encoding_that_the_xml_declares_is_used(outcomes, chinese):
    text = chinese.decode().replace("UTF-8", "GB18030", 1)
    assert outcomes("gb.xml", text.encode("gb18030"))[0] == [CHINESE]


def test_a_comment_with_a_tag_before_the_root_does_not_hide_the_document(outcomes, grant):
    assert outcomes("comment.xml", grant.replace(b"<us-patent-grant", b"<!-- was <old-root> --><us-patent-grant", 1))[0] == [GRANT]


def test_gzip_zip_and_one_in_the_other(outcomes, grant, chinese):
    archive = zipped({"a.xml": grant, "deep/b.xml": chinese})
    assert outcomes("a.xml.gz", gzip.compress(grant))[0] == [GRANT]
    assert outcomes("two.gz", gzip.compress(grant) + gzip.compress(chinese))[0] == [GRANT, CHINESE]
    assert outcomes("a.zip", archive)[0] == [GRANT, CHINESE]
    assert outcomes("stored.zip", zipped({"a.xml": grant}, zipfile.ZIP_STORED))[0] == [GRANT]
    assert outcomes("zip.gz", gzip.compress(archive))[0] == [GRANT, CHINESE]
    assert outcomes("gz.zip", zipped({"a.xml.gz": gzip.compress(grant), "b.xml": chinese}))[0] == [GRANT, CHINESE]
    assert outcomes("zip.zip", zipped({"in.zip": archive, "c.xml": grant}))[0] == [GRANT, GRANT, CHINESE]  # in the order of the names
    assert outcomes("gz.gz", gzip.compress(gzip.compress(grant)))[0] == [GRANT]


def test_the_content_and_not_the_name_decides(outcomes, grant):
    assert outcomes("grant.txt", grant)[0] == [GRANT]
    assert outcomes("grant.jsonl", gzip.compress(grant))[0] == [GRANT]


def test_where_a_document_of_an_archive_was(tmp_path, grant, chinese):
    (tmp_path / "a.zip").write_bytes(zipped({"deep/b.xml": grant + chinese}))
    found = [(o.source.path, o.source.offset) for o in read(tmp_path / "a.zip")]
    assert found == [(f"{tmp_path / 'a.zip'}!deep/b.xml", 0), (f"{tmp_path / 'a.zip'}!deep/b.xml", len(grant))]


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_tar_archives_are_opened_like_zip(tmp_path, sample, mode):
    """The design: `patent ingest` takes files, folders and zip or tar archives."""
    with tarfile.open(tmp_path / "some.tar", mode) as archive:
        archive.add(sample / "en" / f"{GRANT}.xml", "deep/a.xml")
        archive.add(sample / "zh" / f"{CHINESE}.xml", "b.xml")
    assert short(read(tmp_path)) == [GRANT, CHINESE]


# what is not a patent


def test_other_xml_is_skipped_by_the_name_of_its_root(outcomes, grant):
    other = b'<?xml version="1.0"?>\n<sequence-cwu id="x"><a/></sequence-cwu>\n'
    assert outcomes("mixed.xml", other + grant + other)[0] == ["skipped sequence-cwu", GRANT, "skipped sequence-cwu"]
    assert outcomes("ns.xml", b'<x:svg xmlns:x="urn:x"/>')[0] == ["skipped svg"]


FORMS = {
    "uspto/greenbook": ("greenbook", 2),
    "uspto/sgml": ("PATDOC", 2),
    "uspto/pap": ("patent-application-publication", 2),
    "epo": ("ep-patent-document", 19),
    "jpo": ("jp-official-gazette", 3),
    "st96": ("PatentPublication", 1),
}


@pytest.mark.parametrize("folder", FORMS)
def test_every_file_of_every_office_is_a_document(data, folder):
    """What the documents hold is compared with their sources in the tests of the readers and in test_golden."""
    form, count = FORMS[folder]
    found = list(read(data / folder))
    assert [o for o in found if not isinstance(o, PatentDocument)] == []
    assert [o.source.format for o in found] == [form] * count


def test_the_three_files_that_are_not_well_formed_are_mended_and_say_so(data):
    mended = {Path(o.source.path).name: o.warnings for o in read(data / "epo") if any(w.startswith("mended") for w in o.warnings)}
    assert sorted(mended) == ["v1-2-A1.xml", "v1-4-A1-1.xml", "v1-4-A1.xml"]
    for name, line in (("v1-2-A1.xml", 93), ("v1-4-A1-1.xml", 118), ("v1-4-A1.xml", 96)):
        assert f"line {line}" in mended[name][0]


def test_a_greenbook_week_has_a_header_and_many_patents(outcomes, data):
    two = (data / "uspto/greenbook/US04347903.greenbook").read_bytes(), (data / "uspto/greenbook/US03932709.greenbook").read_bytes()
    week = b"HHHHHT        APS1 ISSUE -  820907\n" + b"".join(one.rstrip(b"\n") + b"\n" for one in two)
    assert outcomes("pftaps.txt", week)[0] == ["skipped header of a Greenbook file", "US4347903A", "US3932709A"]


def test_undeclared_entities_are_characters(outcomes, data):
    record = (data / "uspto/sgml/US06336130.xml").read_bytes()
    assert b"&lsqb;" in record or b"&lsquo;" in record
    [document] = read(data / "uspto/sgml/US06336130.xml")
    assert "&" not in document.model_dump_json().replace("&amp;", "").replace(" & ", "")


# what is broken


BROKEN = {
    "empty.xml": (b"", "empty"),
    "blank.xml": (b" \r\n\t" * 10, "empty"),
    "old.doc": (b"\xd0\xcf\x11\xe0" + random.Random(1).randbytes(3000), "save it as .docx"),
    "sheet.xlsx": (zipped({"xl/workbook.xml": b"<a/>"}), "Excel"),
    "broken.docx": (zipped({"word/document.xml": b"<a"}), "docx"),
    "random.bin": (random.Random(2).randbytes(50_000), FORMAT),
    "paper.pdf": (b"%PDF-1.7\n" + random.Random(3).randbytes(500), "PDF"),
    "wordless.txt": (b"12 34 56 78\n" * 4, "no words"),
    "zeros": (bytes(10_000), FORMAT),
    "declaration.xml": (b'<?xml version="1.0"?>\n', "root"),
    "bracket.xml": (b"<", "root"),
    "page.html": (b"<!doctype html><html><body><p> </body></html>", "web page"),
    "zip": (b"PK\x03\x04" + random.Random(4).randbytes(200), "zip"),
    "gz": (b"\x1f\x8b" + random.Random(5).randbytes(200), "gzip"),
    "short.gz": (gzip.compress(b"<a/>", mtime=0)[:6], "gzip"),
    "deep.jsonl": (b'{"number":' + b"[" * 100_000, "not JSON"),
    "deep.xml": (b"<a>" * 100_000 + b"</a>" * 100_000, "line 1"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_can_not_be_read_is_one_clear_failure(outcomes, name):
    data, said = BROKEN[name]
    found, failed = outcomes(name, data)
    assert found == ["failed"]
    assert said in failed[0].reason


def test_pictures_beside_documents_are_skipped(outcomes, grant):
    archive = zipped({"a.xml": grant, "a-D00001.TIF": b"II*\x00" + bytes(100), "b.png": b"\x89PNG\r\n" + bytes(50), "c.dtd": b"<!ELEMENT a (b)>"})
    assert outcomes("one.zip", archive)[0] == ["skipped picture", GRANT, "skipped picture", "skipped DTD"]


def test_truncated_xml_fails_with_its_line_and_the_documents_before_it_are_read(outcomes, grant, chinese):
    found, failed = outcomes("cut.xml", grant + chinese[:9000])
    assert found == [GRANT, "failed"]
    assert failed[0].offset == len(grant)
    assert "line " in failed[0].reason


def test_a_document_that_breaks_off_does_not_take_the_next_with_it(outcomes, grant, application, chinese):
    found, failed = outcomes("cut.xml", grant + application[:9000] + chinese)
    assert found == [GRANT, "failed", CHINESE]
    assert failed[0].offset == len(grant)


def test_rubbish_between_documents_costs_no_more_than_the_one_before_it(outcomes, grant, application, chinese):
    found, _ = outcomes("rubbish.xml", grant + application + b"\n<<< rubbish >>>\n" + chinese)
    assert found[0] == GRANT
    assert found[-1] == CHINESE
    assert len(found) == 3


def test_a_broken_member_is_a_failure_and_the_others_are_read(outcomes, grant, application, chinese):
    archive = bytearray(zipped({"a.xml": grant, "b.xml": application, "c.xml": chinese}))
    start = zipfile.ZipFile(io.BytesIO(archive)).infolist()[1].header_offset
    for i in range(start + 100, start + 400):
        archive[i] ^= 0x5A
    found, failed = outcomes("broken.zip", bytes(archive))
    assert found[0] == GRANT
    assert found[-1] == CHINESE
    assert "failed" in found
    assert failed[0].path.endswith("broken.zip!b.xml")
    assert "other members" in failed[0].reason


def test_a_member_with_a_wrong_checksum_is_a_failure(outcomes, grant, chinese):
    archive = bytearray(zipped({"a.xml": grant, "b.xml": chinese}, zipfile.ZIP_STORED))
    archive[archive.index(b"Labyrinth shaft seal")] ^= 0x01
    found, failed = outcomes("checksum.zip", bytes(archive))
    assert "failed" in found
    assert found[-1] == CHINESE
    assert failed[0].path.endswith("!a.xml")


def test_an_encrypted_member_is_a_failure_and_the_others_are_read(outcomes, grant, chinese):
    archive = bytearray(zipped({"a.xml": grant, "b.xml": chinese}))
    archive[6] |= 1  # the flag in the member's own header, and in the directory's
    archive[archive.index(b"PK\x01\x02") + 8] |= 1
    found, failed = outcomes("secret.zip", bytes(archive))
    assert found == ["failed", CHINESE]
    assert "encrypted" in failed[0].reason


def test_archives_are_opened_to_a_depth_of_two(outcomes, grant, chinese):
    inner = zipped({"a.xml": grant})
    found, failed = outcomes("deep.zip", zipped({"1.zip": zipped({"2.zip": inner}), "b.xml": chinese}))
    assert found == ["failed", CHINESE]
    assert "an archive in an archive" in failed[0].reason
    found, failed = outcomes("deep.gz", gzip.compress(gzip.compress(gzip.compress(gzip.compress(gzip.compress(grant))))))
    assert found == ["failed"]
    assert "an archive in an archive" in failed[0].reason


def test_an_archive_bomb_is_refused_and_the_other_members_are_read(outcomes, grant):
    found, failed = outcomes("bomb.zip", zipped({"zeros.xml": bytes(65 << 20), "zz.xml": grant}))
    assert found == ["failed", GRANT]
    assert "bomb" in failed[0].reason


def test_a_bomb_in_gzip_is_refused_too(outcomes):
    bomb = gzip.compress(b'<?xml version="1.0"?><a>' + b" " * (80 << 20) + b"</a>", 9)
    assert archives.RATIO_LIMIT * len(bomb) < (80 << 20)
    found, failed = outcomes("bomb.gz", bomb)
    assert found == ["failed"]
    assert "bomb" in failed[0].reason


def test_a_large_member_that_packs_well_but_not_absurdly_is_read(outcomes, chinese):
    """Real bulk files pack some ten times."""
    assert outcomes("many.zip", zipped({"a.xml": chinese * 40}))[0] == [CHINESE] * 40


def test_an_archive_without_files_says_so(outcomes):
    found, failed = outcomes("none.zip", zipped({}))
    assert found == ["failed"]
    assert "empty" in failed[0].reason or "no files" in failed[0].reason


def test_gzip_that_breaks_off_gives_what_came_before(outcomes, grant, application, chinese):
    data = grant + application + chinese
    found, failed = outcomes("cut.gz", gzip.compress(data)[:-3000])
    assert found[:2] == [GRANT, APPLICATION]
    assert found[-1] == "failed"
    assert any("gzip" in f.reason for f in failed)


def test_gzip_followed_by_rubbish_gives_what_came_before(outcomes, grant):
    found, failed = outcomes("tail.gz", gzip.compress(grant) + b"rubbish")
    assert found == [GRANT, "failed"]
    assert "gzip" in failed[0].reason


@pytest.mark.parametrize(
    ("kind", "before", "broken", "after"),
    [
        ("xml", 30_000, 3 << 20, 30_000),
        ("xml", 0, 3 << 20, 30_000),
        ("xml", 30_000, 3 << 20, 0),
        ("jsonl", 30_000, 3 << 20, 30_000),
    ],
)
def test_a_record_over_the_limit_is_a_failure_at_its_own_offset(outcomes, monkeypatch, kind, before, broken, after):
    monkeypatch.setattr(records, "RECORD_LIMIT", 1 << 20)

    def record(number: str, size: int) -> bytes:
        if size and kind == "xml":
            return b'<?xml version="1.0"?>\n<other>' + b"x" * size + b"</other>\n"
        return b'{"number": "%s", "titles": {"en": "%s"}}\n' % (number.encode(), b"x" * size) if size else b""

    data = record("US1A", before) + record("US2A", broken) + record("US3A", after)
    start = len(record("US1A", before))
    found, failed = outcomes(f"long.{kind}", data)
    name = {"US1A": "skipped other", "US3A": "skipped other"} if kind == "xml" else {}
    expected = [name.get("US1A", "US1A")] * bool(before) + ["failed"] + [name.get("US3A", "US3A")] * bool(after)
    assert found == expected
    assert "MiB" in failed[0].reason
    assert failed[0].offset == start


# hostile XML


def with_subset(grant: bytes, subset: str, title: str) -> bytes:
    """The grant with an internal subset in its document type, and words before its title."""
    text = grant.decode()
    start, end = text.index("<!DOCTYPE"), text.index("]>") + 2
    text = f"{text[:start]}<!DOCTYPE us-patent-grant [{subset}]>{text[end:]}"
    return text.replace(">Labyrinth shaft seal", f">{title} Labyrinth shaft seal", 1).encode()


@pytest.mark.parametrize(
    "subset",
    [
        '<!ENTITY x SYSTEM "file:///etc/passwd">',
        '<!ENTITY x PUBLIC "-//x" "file:///etc/passwd">',
        '<!ENTITY % p SYSTEM "file:///etc/passwd"> %p; <!ENTITY x "y">',
        '<!ENTITY x SYSTEM "http://127.0.0.1:9/x">',
    ],
)
def test_an_external_entity_is_not_read(tmp_path, grant, subset):
    (tmp_path / "hostile.xml").write_bytes(with_subset(grant, subset, "&x;"))
    (outcome,) = read(tmp_path)
    assert "root:" not in repr(outcome)
    assert "/bin/" not in repr(outcome)
    if isinstance(outcome, PatentDocument):
        assert outcome.title.endswith("Labyrinth shaft seal with drain chamber for a wind turbine gearbox")


def test_a_document_type_elsewhere_is_not_fetched(outcomes, grant, tmp_path):
    (tmp_path / "evil.dtd").write_text('<!ENTITY x "expanded">')
    hostile = with_subset(grant, "", "").replace(b"us-patent-grant []", f'us-patent-grant SYSTEM "{tmp_path / "evil.dtd"}"'.encode())
    assert outcomes("grant.xml", hostile)[0] == [GRANT]


@pytest.mark.parametrize("place", ["text", "attribute"])
def test_entities_that_grow_are_not_expanded(outcomes, grant, place):
    """A billion laughs: ten levels of ten."""
    entities = '<!ENTITY a0 "laugh ">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    hostile = with_subset(grant, entities, "&a9;" if place == "text" else "")
    if place == "attribute":
        hostile = hostile.replace(b'<invention-title id="', b'<invention-title id="&a9;', 1)
    found, _ = outcomes("laughs.xml", hostile + grant)
    assert len(found) == 2
    assert found[1] == GRANT
    assert "laugh laugh" not in repr(found)


def test_the_root_is_the_first_element_and_not_what_an_entity_holds(outcomes, grant):
    assert outcomes("entity.xml", with_subset(grant, '<!ENTITY x "<foo>bar</foo>">', ""))[0] == [GRANT]


def test_a_document_may_not_give_its_text_a_million_levels(outcomes, grant):
    deep = grant.replace(b"<claim-text>", b"<claim-text>" + b"<b>" * 1500 + b"deep" + b"</b>" * 1500, 1)
    found, _ = outcomes("deep.xml", deep + grant)
    assert found[1] == GRANT
    assert found[0] in (GRANT, "failed")
