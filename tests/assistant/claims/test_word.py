"""The Word file: it opens, has everything of the report, and its redline is tracked changes."""

import io
import re
import time
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from assistant.claims.labels import LABELS
from assistant.claims.report import ClaimReport, claim_report
from assistant.claims.word import word
from assistant.errors import ClaimError
from assistant.pages.printable import printable
from ingest import PatentDocument, read
from tests.assistant.claims.full_report import comparison_of, full_report, without_parts


def opened(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def text_of(file: Any) -> str:
    return " ".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in file.element.iter(qn("w:p")))


def headings(file: Any) -> list[str]:
    return [p.text for p in file.paragraphs if p.style.name == "Heading 1"]


def test_hostile_text_is_text() -> None:
    data = word(*full_report())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))
    file = opened(data)
    assert "<script>alert(1)</script>" in text_of(file)
    tags = {str(e.tag) for e in file.element.iter()}
    assert tags == {str(e.tag) for e in opened(word(*full_report("plain"))).element.iter()}


def test_all_parts_are_headings() -> None:
    for language, words in LABELS.items():
        file = opened(word(*full_report("plain"), language))
        chart = f"{words['chart']}{words['colon']}{words['claim']} 1"
        parts = [*(words[w] for w in ("tree", "claims", "findings", "support")), chart, words["comparison"], words["paragraphs"]]
        assert headings(file) == parts
        assert [p.text for p in file.paragraphs if p.style.name == "Heading 2"][:3] == [f"{words['claim']} {n}" for n in (1, 2, 3)]


def test_parts_that_were_not_made_are_left_out() -> None:
    report, document = full_report("plain")
    assert headings(opened(word(without_parts(report), document))) == ["Claim tree", "Claims", "Findings"]


def test_findings_are_comments_at_their_place_and_a_table() -> None:
    report, document = full_report("plain")
    file = opened(word(report, document))
    placed = [f for f in report.findings if f.claim]
    said = [c.text for c in file.comments]
    assert len(said) == len(placed)
    for finding in placed:
        assert any(finding.message in s and finding.remedy in s and finding.basis in s for s in said)
    ranges = file.element.findall(f".//{qn('w:commentRangeStart')}")
    assert len(ranges) == len(placed)
    first = next(f for f in placed if f.quoted)
    number = next(c.comment_id for c in file.comments if first.message in c.text)
    assert commented(file, number) == first.quoted
    assert all(c.timestamp is None for c in file.comments), "the same report gives the same file"


def commented(file: Any, number: int) -> str:
    start = next(e for e in file.element.iter(qn("w:commentRangeStart")) if e.get(qn("w:id")) == str(number))
    found = ""
    for sibling in start.itersiblings():
        if sibling.tag == qn("w:commentRangeEnd") and sibling.get(qn("w:id")) == str(number):
            break
        found += "".join(t.text or "" for t in sibling.iter(qn("w:t")))
    return found


def test_the_redline_is_tracked_changes() -> None:
    report, document = full_report("plain")
    file = opened(word(report, document))
    body = file.element.body
    changes = [*body.iter(qn("w:ins")), *body.iter(qn("w:del"))]
    pieces = [p for c in comparison_of(report).changes if c.change in ("amended", "added", "removed") for p in c.redline]
    assert len(changes) == sum(p.kind != "same" for p in pieces)
    assert len({c.get(qn("w:id")) for c in changes}) == len(changes)
    assert {c.get(qn("w:author")) for c in changes} == {"US1A1"}
    assert {c.get(qn("w:date")) for c in changes} == {"2001-02-03T00:00:00Z"}
    inserted = [written(e, "w:t") for e in body.iter(qn("w:ins"))]
    assert inserted == [p.text for p in pieces if p.kind == "added"]
    deleted = [written(e, "w:delText") for e in body.iter(qn("w:del"))]
    assert deleted == [p.text for p in pieces if p.kind == "removed"]
    assert "heavy cover" in "".join(deleted)
    assert not [t for e in body.iter(qn("w:del")) for t in e.iter(qn("w:t"))], "Word calls a file with such a text broken"


def written(change: Any, tag: str) -> str:
    return "".join("\n" if e.tag == qn("w:br") else e.text or "" for e in change.iter(qn(tag), qn("w:br")))


def test_a_change_without_a_date_has_none() -> None:
    report, document = full_report("plain")
    undated = document.model_copy(update={"dates": document.dates.model_copy(update={"publication": None})})
    changes = list(opened(word(report, undated)).element.body.iter(qn("w:ins"), qn("w:del")))
    assert changes
    assert all(c.get(qn("w:date")) is None for c in changes)


def test_links_go_to_the_paragraphs_quoted() -> None:
    file = opened(word(*full_report("plain")))
    names = [b.get(qn("w:name")) for b in file.element.iter(qn("w:bookmarkStart"))]
    targets = [h.get(qn("w:anchor")) for h in file.element.iter(qn("w:hyperlink"))]
    assert targets
    assert set(targets) <= set(names)
    assert len(names) == len(set(names))
    identifiers = [e.get(qn("w:id")) for e in file.element.iter(qn("w:bookmarkStart"), qn("w:ins"), qn("w:del"))]
    assert len(identifiers) == len(set(identifiers))


def test_the_picture_of_the_tree_fits_on_the_page_and_has_a_description() -> None:
    file = opened(word(*full_report("plain")))
    (picture,) = file.inline_shapes
    assert picture.width.cm <= 17.01
    assert picture._inline.docPr.get("descr") == "Claim tree"


def test_chinese_has_a_chinese_font() -> None:
    report, document = full_report("水泵")
    file = opened(word(report, document, "zh"))
    fonts = list(file.styles.element.iter(qn("w:rFonts")))
    assert {f.get(qn("w:eastAsia")) for f in fonts} == {"SimSun", "SimHei"}
    assert not [name for f in fonts for name in f.attrib if "Theme" in name], "a font of the theme would win"
    assert "权利要求" in text_of(file)


def test_wide_charts_are_cut_into_tables_that_fit() -> None:
    file = opened(word(*full_report("plain")))
    for table in file.tables:
        assert sum(c.width.cm for c in table.columns) <= 17.05
    heads = " ".join(t.rows[0].cells[-1].text for t in file.tables)
    assert "US12A" in heads
    assert "US15A" in heads, "the seventh reference is in a second table"


def test_the_same_report_gives_the_same_bytes() -> None:
    first = word(*full_report())
    time.sleep(2.1)  # a zip archive counts in two seconds
    assert word(*full_report()) == first
    assert date.today().isoformat() not in etree.tostring(opened(first).core_properties._element).decode()


def test_another_language_is_an_error() -> None:
    with pytest.raises(ClaimError, match="en or zh"):
        word(*full_report("plain"), "de")


@pytest.fixture(scope="module")
def bare() -> tuple[ClaimReport, PatentDocument]:
    report, document = full_report("plain")
    return without_parts(report), document


@given(text=st.text(max_size=80))
@settings(max_examples=15, deadline=None)
def test_any_text_is_read_back(bare: tuple[ClaimReport, PatentDocument], text: str) -> None:
    report, document = bare[0].model_copy(update={"title": f"a{text}b"}), bare[1]
    shown = opened(word(report, document)).paragraphs[0].text
    assert " ".join(shown.split()) == " ".join(f"US1A1 a{printable(text)}b".split())


@given(st.text(max_size=50))
@settings(deadline=None)
def test_printable_text_is_xml_and_as_long(text: str) -> None:
    shown = printable(text)
    assert len(shown) == len(text)
    assert etree.fromstring(f"<a>{re.sub('[<&]|]]>', ' ', shown)}</a>") is not None
    assert printable(shown) == shown
    assert printable("\x0b\x00\x7f\x85\ufffe\ud800\ufdd0 ok\t\n水😀") == "\ufffd\ufffd\ufffd\x85\ufffd\ufffd\ufffd ok\t\n水😀"


def test_real_documents(data: Path) -> None:
    done = 0
    for folder in ("uspto/bulk", "cnipa"):
        for document in read([data / folder]):
            if isinstance(document, PatentDocument) and document.claims and document.sections:
                report = claim_report(document)
                file = opened(word(report, document))
                shown = "".join(text_of(file).split())
                assert all("".join(printable(e.text).split()) in shown for c in report.elements for e in c.elements)
                assert len(list(file.comments)) == sum(f.claim > 0 for f in report.findings)
                done += 1
                if done % 3 == 0:
                    break
    assert done == 6
