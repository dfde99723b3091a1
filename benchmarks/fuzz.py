"""Damaged and hostile input through every reader: python benchmarks/fuzz.py --count 100000 --seconds 900

Real files, the sample, and files made here are changed (bytes, slices, tags, numbers, entities, depth, the shape of the XML, the
members of archives) and go the way that files go: `open_stream`, `outcomes_of`. A defect is an exception, a crash, no outcome, a reason
that is not one line in words, more than 20 s, a file written, a program started, a connection, what a file beside holds, or a document
that can't be written as JSON. Defects are listed with the number of their input; `--only NUMBER --seed SEED` makes that input again.
Scans are not read by OCR here: PATH is empty.
"""

import argparse
import copy
import faulthandler
import gzip
import io
import multiprocessing
import os
import pickle
import random
import re
import resource
import signal
import sys
import tarfile
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from collection import DATA
from lxml import etree

from ingest import Failed, PatentDocument, Skipped, read
from ingest.archives import open_stream
from ingest.forms import outcomes_of
from ingest.records import Record

SAMPLE = Path(__file__).resolve().parents[1] / "assistant" / "sample"
LARGEST = 60_000
SECONDS_EACH = 20
MEMORY = 4 << 30
SECRET = "xyzzy-canary-7461"
Seeds = dict[str, list[bytes]]
WEIGHTS = {"xml": 60, "json": 9, "greenbook": 7, "scheme": 6, "titles": 4, "html": 4, "text": 4, "docx": 3, "pdf": 3}


class Late(BaseException):
    """Not an Exception, so that the edge of the readers does not catch it."""


def make_seeds() -> Seeds:
    seeds: Seeds = {form: [] for form in WEIGHTS}
    folders = [SAMPLE / "en", SAMPLE / "zh", *(DATA / name for name in ("epo", "cnipa", "jpo", "st96", "uspto"))]
    for path in sorted(path for folder in folders for path in folder.rglob("*.xml")):
        data = path.read_bytes()
        if path.parent.name == "bulk":
            data = data[: data.find(b"<?xml", 10)]
        seeds["xml"] += [_cut_back(data), data[:LARGEST]][: 1 + (len(seeds["xml"]) % 4 == 0)]
    for path in sorted([*DATA.rglob("*.greenbook"), *DATA.rglob("pftaps*.txt")]):
        seeds["greenbook"].append(path.read_bytes()[:LARGEST])
    seeds["greenbook"].append(
        b"PATN\nWKU  039327099\nSRC  5\nAPN  4567894\nTTL  Pump\nISD  19760106\nABST\nPAL  A pump.\nCLMS\nNUM  1.\nPAR  1. A pump.\n" * 3
    )
    documents = [outcome for outcome in read([SAMPLE / "en", SAMPLE / "zh"]) if isinstance(outcome, PatentDocument)]
    seeds["json"] = ["\n".join(d.model_dump_json() for d in documents[i : i + 2]).encode()[:LARGEST] for i in range(0, len(documents), 2)]
    for path in sorted((DATA / "us_applications").glob("part-0.jsonl.gz")):
        with gzip.open(path) as lines:
            seeds["json"] += [next(lines)[:LARGEST] for _ in range(4)]
    seeds["scheme"] = [_cut_back(path.read_bytes(), 6) for path in sorted((SAMPLE / "ipc").glob("*.xml"))]
    for path in sorted(DATA.glob("*/*.zip")):
        with zipfile.ZipFile(path) as archive:
            names = [m.filename for m in archive.infolist() if m.filename.endswith(".xml")][:3]
            seeds["scheme"] += [_cut_back(archive.read(name), 6) for name in names]
    seeds["titles"] = [path.read_bytes()[:8000] for path in sorted((DATA / "ipc" / "titles").rglob("*.tsv"))]
    seeds["titles"].append("".join(f"A{n:02d}B {m}/00\ttitle {m}（见 H04L9/08）\n" for n in range(1, 9) for m in range(1, 9)).encode())
    texts = [_plain(document) for document in documents[::4]]
    seeds["text"] = [text.encode() for text in texts] + [texts[0].encode("utf-16"), texts[-1].encode("gb18030")]
    seeds["html"] = [_html(text) for text in texts]
    seeds["docx"] = [_docx(text) for text in texts]
    seeds["pdf"] = [_pdf(text) for text in texts if text.isascii()] or [_pdf("A pump. " * 200)]
    return seeds


def _cut_back(data: bytes, most: int = 12) -> bytes:
    """The document with few children left in each element, so that it is small and still well formed."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True))
    except etree.XMLSyntaxError:
        return data[:LARGEST]
    for element in list(root.iter("*")):
        del element[most:]
    small = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return small if len(small) <= 2 * LARGEST else small[:LARGEST]


def _plain(document: PatentDocument) -> str:
    paragraphs = [f"[{p.number}] {p.text}" for s in document.sections for p in s.paragraphs][:6]
    claims = [f"{c.number}. {c.text}" for c in document.claims][:5]
    return "\n\n".join([document.number, document.title, "Abstract", document.abstract, "Description", *paragraphs, "Claims", *claims])


def _html(text: str) -> bytes:
    body = "".join(f"<p>{part.replace('&', '&amp;').replace('<', '&lt;')}</p>" for part in text.split("\n\n"))
    head = "<head><title>US9A - Pump</title><meta name='DC.type' content='patent'></head>"
    return f"<!DOCTYPE html><html>{head}<body><nav>menu</nav><main>{body}<table><tr><td>1<td>2</table></main></body></html>".encode()


def _docx(text: str) -> bytes:
    import docx

    document = docx.Document()
    for part in text.split("\n\n"):
        document.add_heading(part) if len(part) < 30 else document.add_paragraph(part)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _pdf(text: str) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    stream = io.BytesIO()
    canvas = Canvas(stream, pageCompression=0)
    words = text.split()[:500]
    for row in range(0, len(words), 10):
        canvas.drawString(72, 800 - 14 * (row // 10), " ".join(words[row : row + 10]))
    canvas.save()
    return stream.getvalue()


# changes


_TAG = re.compile(rb"</?[A-Za-z][\w:.-]*")
_NUMBER = re.compile(rb"\d+")
_SNIPPETS = [
    b"<?xml version='1.0'?>", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"&x;", b"&alpha;", b"&#0;", b"&#x110000;", b"&#xD800;",
    b"\x00", b"\n", b"\r", b'"', b"{", b"}", b"[", b"]", b":", b"\\ud800", b"\xef\xbb\xbf", b"\xff\xfe", b"PK\x03\x04", b"\x1f\x8b\x08",
    b"\x1b", b"\x01\x02\x0b\x0c\x1f\x7f", b"\xe2\x80\xa8", b"\xc2\x85", b"\xc0\x80", b"\xed\xa0\x80",
    b"PATN\n", b"CLMS\nNUM  1.\nPAR  ", b"<br/>", b"<sup>", b"<math>", b"<tables>", b"%PDF-1.4", b"<p num='-1'>",
    b"<claim id='c' num='0'>", b"<claim-ref idref='CLM-99999'>", b"<table><tgroup cols='99999999'>", b"claims 1 to 999999999",
    "根据权利要求1至999999999任一项所述的".encode(), "①②٣१".encode(),
    b" " * 3000, b"(" * 2000, b"a" * 5000, b"1." * 1000, b"\t" * 500, b"<" * 500,
]  # fmt: skip
_VALUES = [
    "",
    " ",
    "x",
    "0",
    "-1",
    "9" * 5000,
    "1e999",
    "一种泵",
    "\u2028",
    "1. ",
    "#",
    "权利要求99",
    "claims 1 to 9999",
    "20200230",
    "US",
    "0042",
    "(a)" * 300,
    "\ud7ff",
]


def change_bytes(data: bytes, other: bytes, chance: random.Random, canary: Path) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 5, 20])):
        at = chance.randrange(len(changed) or 1)
        length = chance.choice([1, 2, 10, 100, 1000])
        match chance.randrange(13):
            case 0:
                changed[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del changed[at : at + length]
            case 2:
                changed[at:at] = chance.randbytes(chance.choice([1, 4, 50]))
            case 3:
                changed[at:at] = changed[at : at + length] * chance.choice([1, 1, 2, 20])
            case 4:
                start = chance.randrange(len(other) or 1)
                changed[at : at + length] = other[start : start + length]
            case 5 if chance.random() < 0.3:
                del changed[at:]
            case 6 | 7:
                changed[at:at] = chance.choice(_SNIPPETS)
            case 8 if chance.random() < 0.3:
                del changed[:at]
            case 9 if tags := list(_TAG.finditer(changed, at, at + 4000)):
                changed[slice(*chance.choice(tags).span())] = chance.choice(tags).group()
            case 10 if (number := _NUMBER.search(changed, at)) is not None:
                changed[slice(*number.span())] = chance.choice([b"0", b"-1", b"9" * 30, b"9" * 5000, b"1e400", b"", b"00000000", b"4294967296"])
            case 11:
                changed[:] = _with_entity(bytes(changed), chance, canary)
            case 12 if chance.random() < 0.3:
                depth = chance.choice([50, 300, 5000])
                opening, closing = chance.choice(
                    [(b"<b>", b"</b>"), (b"[", b"]"), (b'{"a":', b"}"), (b"<claim-text>", b"</claim-text>"), (b"<div>", b"</div>")]
                )
                changed[at:at] = opening * depth + b"x" + closing * depth
    return bytes(changed)


def _with_entity(data: bytes, chance: random.Random, canary: Path) -> bytes:
    """A document type with entities that name a file, an address, or grow; and a reference in the text."""
    match = re.search(rb"<([A-Za-z][\w:.-]*)[ >]", data)
    if match is None:
        return data
    entities = chance.choice(
        [
            f'<!ENTITY x SYSTEM "{canary.as_uri()}">',
            f'<!ENTITY % p SYSTEM "{canary.as_uri()}"> %p;',
            '<!ENTITY x SYSTEM "http://127.0.0.1:9/x">',
            '<!ENTITY a "laugh"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x "&b;&b;&b;&b;">',
            '<!ENTITY x "&x;">',
            '<!ENTITY x "<claim>y</claim>">',
        ]
    ).encode()
    body = re.sub(rb"<!DOCTYPE[^\[>]*(?:\[[^\]]*\])?\s*>", b"", data, count=1)
    start = max(body.find(match.group()), 0)
    at = body.find(b">", start + chance.randrange(3000)) + 1
    return body[:start] + b"<!DOCTYPE " + match.group(1) + b" [" + entities + b"]>" + body[start:at] + b"&x;" + body[at:]


def change_shape(data: bytes, chance: random.Random) -> bytes:
    """Still well formed: elements are emptied, doubled, renamed, moved and wrapped, and attributes are changed."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True))
    except etree.XMLSyntaxError:
        return data
    elements = list(root.iter("*"))
    for _ in range(chance.choice([1, 3, 10, 40])):
        element = chance.choice(elements)
        match chance.randrange(8):
            case 0:
                element.clear()
            case 1:
                element.text = chance.choice(_VALUES)
            case 2 if len(element):
                element.append(copy.deepcopy(chance.choice(list(element))))
            case 3:
                element.tag = chance.choice(elements).tag
            case 4 if element.attrib:
                element.set(chance.choice(list(element.attrib)), chance.choice(_VALUES))
            case 5:
                for child in list(element)[: chance.randrange(3)]:
                    element.remove(child)
            case 6 if len(element):
                chance.choice(elements).insert(0, copy.deepcopy(chance.choice(list(element))))
            case 7:
                element.tail = chance.choice(_VALUES)
    encoding: str = chance.choice(["UTF-8", "UTF-8", "UTF-16", "ISO-8859-1", "ASCII"])
    return bytes(etree.tostring(root, encoding=encoding, xml_declaration=True)[: 10 * LARGEST])


def change_members(data: bytes, change: Callable[[bytes], bytes], chance: random.Random) -> bytes:
    """A zip archive (a Word file is one) whose members were changed, packed anew."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(stream, "w") as changed:
        for member in archive.namelist():
            inner = archive.read(member)
            often = 0.8 if member == "word/document.xml" else 0.05
            changed.writestr(member, change(inner) if chance.random() < often else inner)
    return stream.getvalue()


def packed(data: bytes, other: bytes, chance: random.Random) -> bytes:
    match chance.randrange(3):
        case 0:
            return gzip.compress(data, 1)
        case 1:
            stream = io.BytesIO()
            with zipfile.ZipFile(stream, "w", chance.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])) as archive:
                archive.writestr("../a", data)
                archive.writestr("b.xml", other)
            return stream.getvalue()
        case _:
            stream = io.BytesIO()
            with tarfile.open(fileobj=stream, mode="w") as archive:
                for name, content in (("/a", data), ("b", other)):
                    member = tarfile.TarInfo(name)
                    member.size = len(content)
                    archive.addfile(member, io.BytesIO(content))
            tarred = stream.getvalue()
            return gzip.compress(tarred, 1) if chance.random() < 0.5 else tarred


def make_input(seeds: Seeds, seed: int, number: int, canary: Path) -> tuple[str, bytes]:
    """The form of the file that was changed, and what became of it; the same for the same seed and number."""
    chance = random.Random(f"{seed}/{number}")
    forms = [form for form in WEIGHTS if seeds[form]]
    form = chance.choices(forms, [WEIGHTS[form] for form in forms])[0]
    data = chance.choice(seeds[form])
    other = chance.choice(seeds[chance.choice(["xml", "json", form])])

    def change(data: bytes) -> bytes:
        if data.lstrip(b"\xef\xbb\xbf").startswith(b"<") and form != "html" and chance.random() < 0.6:
            data = change_shape(data, chance)
            if chance.random() < 0.8:
                return data
        return change_bytes(data, other, chance, canary)

    data = change_members(data, change, chance) if form == "docx" and chance.random() < 0.9 else change(data)
    if chance.random() < 0.05:
        data += other
    if chance.random() < 0.08:
        data = packed(data, other, chance)
        if chance.random() < 0.5:
            data = change_bytes(data, other, chance, canary)
        form = f"{form}, packed"
    return form, data


# what must be so


_BY_NAME = re.compile(r"\w*(Error|Exception)\b")
_touched: list[str] = []


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    """Remembers what reading must not do: write a file, start a program, connect."""
    if event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.remove", "os.rename", "os.mkdir"):
        _touched.append(f"{event} {arguments[0]!s:.200}")
    elif event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR) and "__pycache__" not in str(arguments[0]):
        _touched.append(f"writes {arguments[0]!s:.200}")


def _late(signum: int, frame: FrameType | None) -> None:
    raise Late


def examine(name: str, data: bytes) -> tuple[list[tuple[str, str]], list[str]]:
    """The outcomes as (form or kind, reason), and the defects."""
    outcomes: list[tuple[str, str]] = []
    defects: list[str] = []
    _touched.clear()
    signal.setitimer(signal.ITIMER_REAL, SECONDS_EACH)
    faulthandler.dump_traceback_later(3 * SECONDS_EACH, exit=True)  # where C code does not let the signal through
    try:
        for piece in open_stream(io.BytesIO(data), name):
            found = outcomes_of(piece) if isinstance(piece, Record) else [piece]
            form = piece.form if isinstance(piece, Record) else "none"
            before = len(outcomes)
            for outcome in found:
                if isinstance(outcome, Failed):
                    outcomes.append((f"{form}: failed", outcome.reason))
                    if not outcome.reason.strip() or len(outcome.reason.splitlines()) != 1 or _BY_NAME.match(outcome.reason):
                        defects.append(f"reason {outcome.reason!r:.300}")
                elif isinstance(outcome, Skipped):
                    outcomes.append((f"{form}: skipped", ""))
                else:
                    outcomes.append((f"{form}: document", ""))
                    if SECRET in outcome.model_dump_json():
                        defects.append("what another file holds is in the document")
            if len(outcomes) == before:
                defects.append(f"a record of {form} without an outcome")
    except Late:
        defects.append(f"over {SECONDS_EACH} s")
    except Exception as error:
        defects.append(f"raises {type(error).__name__}: {error}"[:300])
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        faulthandler.cancel_dump_traceback_later()
    if not outcomes and not defects and data.strip():
        defects.append("no outcome")
    return outcomes, defects + [f"touches: {what}" for what in _touched]


class Results:
    """What a process found: counts, the slowest input, defects, and how far it came."""

    def __init__(self) -> None:
        self.forms: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.slowest = (0.0, 0, "")
        self.defects: list[tuple[int, str, str]] = []
        self.inputs = self.bytes = self.memory = 0

    def add(self, other: "Results") -> None:
        self.forms += other.forms
        self.outcomes += other.outcomes
        self.reasons += other.reasons
        self.slowest = max(self.slowest, other.slowest)
        self.defects += other.defects
        self.inputs += other.inputs
        self.bytes += other.bytes
        self.memory = max(self.memory, other.memory)


def work(seeds: Seeds, seed: int, numbers: range, until: float, canary: Path, folder: Path, part: int) -> None:
    os.environ["PATH"] = ""
    signal.signal(signal.SIGALRM, _late)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    results = Results()
    for form in WEIGHTS:  # what a reader loads at its first record is no part of the first input
        for data in seeds[form][:1]:
            examine("warm", data)
    sys.addaudithook(_watch)
    with (folder / f"at-{part}").open("wb", buffering=0) as at:
        for number in numbers:
            os.pwrite(at.fileno(), b"%12d" % number, 0)
            form, data = make_input(seeds, seed, number, canary)
            began = time.perf_counter()
            outcomes, defects = examine(f"{number}", data)
            taken = time.perf_counter() - began
            results.inputs += 1
            results.bytes += len(data)
            results.forms[form] += 1
            results.outcomes.update(kind for kind, _ in outcomes)
            results.reasons.update(re.sub(r"\d+", "0", reason)[:100] for _, reason in outcomes if reason)
            results.slowest = max(results.slowest, (taken, number, f"{form}, {len(data):,} bytes"))
            results.defects += [(number, form, defect) for defect in defects]
            if time.time() > until:
                break
    results.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    (folder / f"results-{part}").write_bytes(pickle.dumps(results))


def run(seeds: Seeds, seed: int, count: int, seconds: float, processes: int) -> Results:
    """A process that a native library takes down is a defect of the input it was at; another goes on after it."""
    total, until = Results(), time.time() + seconds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        canary = folder / "canary"
        canary.write_text(SECRET)
        context = multiprocessing.get_context("fork")
        waiting = [range(start, count, processes) for start in range(processes)]
        running: list[tuple[int, range, multiprocessing.context.ForkProcess]] = []
        part = 0
        while waiting or running:
            while waiting and len(running) < processes:
                numbers, part = waiting.pop(), part + 1
                process = context.Process(target=work, args=(seeds, seed, numbers, until, canary, folder, part))
                process.start()
                running.append((part, numbers, process))
            done, numbers, process = running.pop(0)
            process.join(1)
            if process.is_alive():
                running.append((done, numbers, process))
            elif process.exitcode == 0:
                total.add(pickle.loads((folder / f"results-{done}").read_bytes()))
            else:
                at = int((folder / f"at-{done}").read_bytes())
                total.defects.append((at, "", f"the process ended with {process.exitcode}; what it had counted is lost"))
                if time.time() < until:
                    waiting.append(range(at + processes, count, processes))
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=900)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", type=int, help="make this input alone, write it to standard output, and say what becomes of it")
    arguments = parser.parse_args()
    seeds = make_seeds()
    if arguments.only is not None:
        with tempfile.TemporaryDirectory() as folder:
            form, data = make_input(seeds, arguments.seed, arguments.only, Path(folder) / "canary")
        sys.stdout.buffer.write(data)
        signal.signal(signal.SIGALRM, _late)
        print(form, *examine("only", data), sep="\n", file=sys.stderr)
        return
    began = time.time()
    found = run(seeds, arguments.seed, arguments.count, arguments.seconds, arguments.processes)
    taken = time.time() - began
    files = sum(map(len, seeds.values()))
    print(f"{found.inputs:,} inputs of {files} files, {found.bytes / 1e6:,.0f} MB, in {taken:.0f} s: {found.inputs / taken:.0f} a second")
    print(f"slowest: {found.slowest[0]:.2f} s, input {found.slowest[1]} ({found.slowest[2]}); memory of a process at most {found.memory >> 20} MiB")
    print("inputs: " + ", ".join(f"{form} {n:,}" for form, n in found.forms.most_common()))
    print("outcomes: " + ", ".join(f"{kind} {n:,}" for kind, n in found.outcomes.most_common()))
    print("reasons:")
    for reason, n in found.reasons.most_common(10):
        print(f"{n:>9,}  {reason}")
    print(f"defects: {len(found.defects)}")
    for number, form, defect in found.defects[:40]:
        print(f"  input {number} ({form}): {defect}")


if __name__ == "__main__":
    main()
