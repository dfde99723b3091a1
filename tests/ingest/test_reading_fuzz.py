"""Whatever a file holds, reading it gives documents, skipped records and failures, and never an exception."""

import copy
import gzip
import io
import json
import random
import re
import tarfile
import xml.etree.ElementTree as ET
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import Failed, PatentDocument, Skipped, cut, read
from ingest.anchor import text_at


def check(path, data: bytes) -> list:
    path.write_bytes(data)
    found = list(read(path))
    for outcome in found:
        assert isinstance(outcome, PatentDocument | Skipped | Failed)
        if isinstance(outcome, Failed):
            assert outcome.reason.strip()
            assert "\n" not in outcome.reason
            assert not re.match(r"\w+(Error|Exception)\b", outcome.reason), outcome.reason  # says it in words
        elif isinstance(outcome, PatentDocument):
            assert outcome.model_dump_json()
    for document in [o for o in found if isinstance(o, PatentDocument)][:3]:
        for passage in cut(document, lambda texts: [len(text.split()) for text in texts], 256):
            assert text_at(document, passage.anchor)
    return found


@pytest.fixture(scope="module")
def originals(sample, sample_documents) -> dict[str, bytes]:
    """A file of every format that is read."""
    files = {path.name: path.read_bytes() for path in [sample / "en" / "US99000001B2.xml", sample / "zh" / "CN199000001A.xml"]}
    files["new.xml"] = (sample / "zh" / "CN199000005A.xml").read_bytes()
    files["scheme.xml"] = (sample / "ipc" / "ipc_excerpt_zh.xml").read_bytes()[:30_000]
    files["three.xml"] = b"".join(files.values())[:100_000]
    files["lines.jsonl"] = "\n".join(d.model_dump_json() for d in list(sample_documents.values())[:3]).encode()
    files["titles.tsv"] = "".join(f"A{n:02d}B {m}/00\ttitle {m}（见 H04L9/08）\n" for n in range(1, 20) for m in range(1, 20)).encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("US99000001B2.xml", "lines.jsonl"):
            archive.writestr(name, files[name])
    files["archive.zip"] = stream.getvalue()
    files["lines.jsonl.gz"] = gzip.compress(files["lines.jsonl"])
    return files


@pytest.fixture(scope="module")
def others(originals, sample_documents) -> dict[str, bytes]:
    """A small file of every form that is slower to read, or older."""
    document = sample_documents["US99000001B2"]
    paragraphs = [f"[{p.number}] {p.text}" for s in document.sections for p in s.paragraphs][:4]
    claims = [f"{c.number}. {c.text}" for c in document.claims][:4]
    parts = [document.number, document.title, "Abstract", document.abstract, "Description", *paragraphs, "What is claimed is:", *claims]
    body = "".join(f"<p>{part}</p>" for part in parts)
    greenbook = "HHHHHT  APS1\n" + "PATN\nWKU  039327099\nSRC  5\nTTL  Pump\nISD  19760106\nABST\nPAL  A pump.\nCLMS\nNUM  1.\nPAR  1. A pump.\n" * 2
    patdoc = "<!DOCTYPE PATDOC><PATDOC><SDOBI><B100><B110><DNUM><PDAT>06000001</PDAT></DNUM></B110><B130><PDAT>B2</PDAT></B130><B190><PDAT>US</PDAT>"
    patdoc += "</B190></B100><B500><B540><STEXT><PDAT>Pump</PDAT></STEXT></B540></B500></SDOBI><SDOCL><CL><CLM ID='C1'><PARA><PTEXT><PDAT>1. A pump."
    patdoc += "</PDAT></PTEXT></PARA></CLM></CL></SDOCL></PATDOC>"
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        member = tarfile.TarInfo("a.xml")
        member.size = len(originals["CN199000001A.xml"])
        archive.addfile(member, io.BytesIO(originals["CN199000001A.xml"]))
    return {
        "text.txt": "\n\n".join(parts).encode(),
        "wide.txt": "\n\n".join(parts).encode("utf-16"),
        "wide.xml": originals["CN199000001A.xml"].decode().replace("UTF-8", "UTF-16", 1).encode("utf-16"),
        "page.html": f"<!DOCTYPE html><html><head><title>{document.title}</title></head><body><main>{body}</main></body></html>".encode(),
        "word.docx": word_file(parts),
        "printed.pdf": pdf_file(parts),
        "week.txt": greenbook.encode(),
        "patdoc.xml": patdoc.encode(),
        "archive.tar": tar.getvalue(),
    }


def word_file(parts: list[str]) -> bytes:
    import docx

    document = docx.Document()
    for part in parts:
        document.add_paragraph(part)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def pdf_file(parts: list[str]) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    stream = io.BytesIO()
    canvas = Canvas(stream, pageCompression=0)
    words = " ".join(parts).split()[:400]
    for row in range(0, len(words), 10):
        canvas.drawString(72, 800 - 14 * (row // 10), " ".join(words[row : row + 10]))
    canvas.save()
    return stream.getvalue()


def test_the_others_are_good(others, scratch):
    for name, data in others.items():
        assert any(isinstance(o, PatentDocument) for o in check(scratch / name, data)), name


@pytest.mark.parametrize(
    "name", ["text.txt", "wide.txt", "wide.xml", "page.html", "word.docx", "printed.pdf", "week.txt", "patdoc.xml", "archive.tar"]
)
def test_damaged_bytes_in_every_other_form(others, originals, scratch, monkeypatch, name):
    monkeypatch.setenv("PATH", "")  # a page that lost its text is not read by OCR here
    chance = random.Random(name)
    for number in range(25):
        data = mutate(others[name], others[chance.choice(sorted(others))], chance)
        assert check(scratch / f"damaged-{number}-{name}", data)


def test_damage_inside_the_members_of_a_word_file(others, scratch):
    """Packed anew, so that what is damaged is its XML and not the archive."""
    chance = random.Random(4)
    for number in range(40):
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(others["word.docx"])) as whole, zipfile.ZipFile(stream, "w") as changed:
            for member in whole.namelist():
                data = whole.read(member)
                changed.writestr(member, mutate(data, data, chance) if member == "word/document.xml" or chance.random() < 0.05 else data)
        check(scratch / f"members-{number}.docx", stream.getvalue())


def test_an_empty_attribute_or_an_entity_in_a_word_file_is_said_in_words(others, scratch):
    for old, new in [(b"<w:p>", b"<w:p><w:pPr><w:pStyle/></w:pPr>"), (b"</w:t>", b"&x;</w:t>"), (b"<w:body>", b"<w:body><")]:
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(others["word.docx"])) as whole, zipfile.ZipFile(stream, "w") as changed:
            for member in whole.namelist():
                data = whole.read(member)
                changed.writestr(member, data.replace(old, new) if member == "word/document.xml" else data)
        check(scratch / "word.docx", stream.getvalue())


@pytest.mark.parametrize("kind", ["tar", "tar.gz", "zip"])
def test_every_form_inside_an_archive(others, originals, scratch, kind):
    """Of a stream that can only be read forward, as a member of a tar is."""
    files = {**others, **originals}
    stream = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(stream, "w") as archive:
            for name in sorted(files):
                archive.writestr(name, files[name])
    else:
        with tarfile.open(fileobj=stream, mode="w:gz" if kind == "tar.gz" else "w") as archive:
            for name in sorted(files):
                member = tarfile.TarInfo(name)
                member.size = len(files[name])
                archive.addfile(member, io.BytesIO(files[name]))
    found = check(scratch / f"all.{kind}", stream.getvalue())
    paths = {(o.source.path if isinstance(o, PatentDocument) else o.path).split("!")[1] for o in found}
    assert paths == set(files)
    broken = {o.path.split("!")[1] for o in found if isinstance(o, Failed)}
    assert broken <= {"scheme.xml", "three.xml"}  # these two are cut off


def test_the_originals_are_good(originals, scratch):
    for name, data in originals.items():
        if name not in ("scheme.xml", "three.xml"):  # these two are cut off
            assert {type(o) for o in check(scratch / name, data)} == {PatentDocument}


def mutate(data: bytes, other: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 5, 20])):
        at = chance.randrange(len(changed) or 1)
        length = chance.choice([1, 2, 10, 100, 1000])
        match chance.randrange(8):
            case 0:
                changed[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del changed[at : at + length]
            case 2:
                changed[at:at] = chance.randbytes(chance.choice([1, 4, 50]))
            case 3:
                changed[at:at] = changed[at : at + length]
            case 4:
                start = chance.randrange(len(other))
                changed[at : at + length] = other[start : start + length]
            case 5:
                del changed[at:]
            case 6:
                snippets = [
                    b"<?xml version='1.0'?>",
                    b"]]>",
                    b"<!--",
                    b"&x;",
                    b"\x00",
                    b"\n",
                    b'"',
                    b"{",
                    b"]",
                    b"<us-patent-grant>",
                    b"\xef\xbb\xbf",
                    b"PK\x03\x04",
                ]
                changed[at:at] = chance.choice(snippets)
            case 7:
                del changed[:at]
    return bytes(changed)


@pytest.mark.parametrize("seed", range(6))
def test_files_with_damaged_bytes(originals, scratch, seed):
    chance = random.Random(seed)
    names = sorted(originals)
    kinds = set()
    for _ in range(70):
        name = chance.choice(names)
        found = check(scratch / f"damaged-{seed}-{name}", mutate(originals[name], originals[chance.choice(names)], chance))
        kinds |= {type(o) for o in found}
    assert kinds >= {PatentDocument, Failed}


def restructured(text: str, chance: random.Random) -> str:
    """Still well-formed: elements are emptied, doubled, renamed, moved, and attributes are changed."""
    root = ET.fromstring(text)
    elements = list(root.iter())
    for _ in range(chance.choice([1, 3, 10, 40])):
        element = chance.choice(elements)
        match chance.randrange(7):
            case 0:
                element.clear()
            case 1:
                element.text = chance.choice(["", " ", "x", "0", "-1", "9" * 400, "一种泵", "\u2028", "1. ", "#", "权利要求99", "claims 1 to 9999"])
            case 2 if len(element):
                element.append(chance.choice(list(element)))
            case 3:
                element.tag = chance.choice(elements).tag
            case 4 if element.attrib:
                element.set(chance.choice(list(element.attrib)), chance.choice(["", "0", "-3", "x y", "9" * 400, "٣", "#"]))
            case 5:
                for child in list(element)[: chance.randrange(3)]:
                    element.remove(child)
            case 6 if len(element):
                chance.choice(elements[: len(elements) // 2]).insert(0, copy.deepcopy(chance.choice(list(element))))
    return ET.tostring(root, encoding="unicode")


@pytest.mark.parametrize("seed", range(6))
def test_well_formed_xml_of_another_shape(originals, sample, scratch, seed):
    chance = random.Random(seed)
    texts = {name: originals[name].decode() for name in ("US99000001B2.xml", "CN199000001A.xml", "new.xml")}
    texts["ipc.xml"] = (sample / "ipc" / "ipc_excerpt_en.xml").read_text()
    for _ in range(30):
        name = chance.choice(sorted(texts))
        check(scratch / f"shape-{seed}-{name}", restructured(texts[name], chance).encode())


scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from(["1", "2020-01-01", "权利要求1", "claim 1"])
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["number", "text", "title", "paragraphs", "subsections", "depends_on", "kind", "en", "heading"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)
FIELDS = "number kind language dates titles abstracts claims sections classifications parties citations source id title abstract date".split()


@settings(deadline=None, derandomize=True, max_examples=400)
@given(fields=st.dictionaries(st.sampled_from(FIELDS), values, max_size=6), good=st.booleans())
def test_json_of_any_types(scratch, fields, good):
    base = {"number": "US1A", "titles": {"en": "Pump"}} if good else {"id": "US1", "claims": ["1. A pump."]}
    check(scratch / "any.jsonl", json.dumps({**base, **fields}).encode())


@settings(deadline=None, derandomize=True, max_examples=300)
@given(
    data=st.binary(max_size=300),
    head=st.sampled_from([b"", b"<", b"<?xml ", b"{", b"[", b"PK\x03\x04", b"\x1f\x8b\x08", b"A01B\t", b"\xef\xbb\xbf", b"\xff\xfe<"]),
)
def test_any_bytes(scratch, data, head):
    found = check(scratch / "any.bin", head + data)
    assert len(found) >= 1
