"""Whatever a file holds, reading it gives documents, skipped records and failures, and never an exception."""

import copy
import gzip
import io
import json
import random
import re
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
