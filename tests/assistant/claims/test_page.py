"""The HTML page: everything of the report is in it, and text is never markup."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from assistant.claims.added_matter import AddedMatter
from assistant.claims.arranged import Stretch, numbers, quoted, stretches
from assistant.claims.elements import Element
from assistant.claims.finding import Finding
from assistant.claims.labels import LABELS
from assistant.claims.page import page
from assistant.claims.report import claim_report
from assistant.errors import ClaimError
from ingest import PatentDocument, read
from tests.assistant.claims.full_report import HOSTILE, LONG_WORD, comparison_of, full_report, hostile_document, without_parts


def parsed(text: str) -> html.HtmlElement:
    return html.document_fromstring(text, parser=html.HTMLParser(encoding="utf-8", huge_tree=True))


def elements(text: str) -> set[str]:
    return {str(e.tag) for e in parsed(text.replace("<!DOCTYPE html>", "")).iter()}


def test_hostile_text_is_text() -> None:
    shown = page(*full_report())
    plain = page(*full_report("plain"))
    assert elements(shown) == elements(plain)
    assert not {"script", "img", "iframe", "link", "object"} & elements(shown)
    assert "7*7 }}" in shown, "text is no template either"
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe]", shown)
    assert shown.count("<!--") == 0
    attributes = {name for e in parsed(shown).iter() for name in e.attrib}
    assert not [name for name in attributes if name.startswith("on")]


def test_nothing_is_fetched() -> None:
    shown = page(*full_report("plain"))
    assert "default-src 'none'" in shown
    found = parsed(shown)
    assert not found.xpath("//@src")
    assert all(target.startswith("#") for target in found.xpath("//@href"))
    assert "url(" not in shown
    assert "@import" not in shown


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_link_has_its_place_once(language: str) -> None:
    found = parsed(page(*full_report("plain"), language))
    places = found.xpath("//@id")
    assert len(places) == len(set(places))
    assert {target[1:] for target in found.xpath("//@href")} <= set(places)
    assert {"c1", "c2", "c3", "f1", "p0001", "s2a", "e1a"} <= set(places)


def test_each_part_is_there_in_both_languages() -> None:
    report, document = full_report("plain")
    for language, words in LABELS.items():
        text = " ".join(parsed(page(report, document, language)).text_content().split())
        for word in (
            "tree",
            "claims",
            "findings",
            "support",
            "chart",
            "comparison",
            "paragraphs",
            "means",
            "markush",
            "signs",
            "quantity",
            "multiple",
        ):
            assert words[word] in text, word
        assert all(f.message in text and f.basis in text for f in report.findings)


def test_parts_that_were_not_made_are_left_out() -> None:
    report, document = full_report("plain")
    found = parsed(page(without_parts(report), document))
    assert found.xpath("//section/@id") == ["tree", "claims", "findings"]


def test_findings_are_marked_at_their_place() -> None:
    report, document = full_report("plain")
    found = parsed(page(report, document))
    for number, finding in enumerate(report.findings, start=1):
        if finding.claim and finding.quoted:
            marks = found.xpath(f"//tbody[@id='c{finding.claim}']//a[starts-with(@class, 'mark')][contains(@title, $said)]", said=finding.message)
            text = "".join(t for m in marks for t in m.xpath("text()"))
            assert " ".join(finding.quoted.split()) in " ".join(text.split()), number


def test_unsupported_elements_come_first_and_paragraphs_are_whole() -> None:
    report, document = full_report("plain")
    found = parsed(page(report, document))
    assert found.xpath("//section[@id='support']//tr/@id") == ["s2a", "s3a", "s1a"]
    quoted_text = found.xpath("//details[@id='p0001']/p")[0]
    assert quoted_text.text_content() == document.sections[0].paragraphs[0].text
    assert quoted_text.xpath("mark/text()") == ["A rotor turns."]
    assert not found.xpath("//details[@id='p0002']"), "only what is quoted"


def test_the_redline_gives_both_texts() -> None:
    report, document = full_report("plain")
    redline = parsed(page(report, document)).xpath("//p[@class='redline']")[0]
    old = "".join(redline.xpath("text()|del/text()"))
    new = "".join(redline.xpath("text()|ins/text()"))
    assert "heavy cover" in old
    assert " ".join(new.split()) == " ".join(document.claims[1].text.split())


def test_the_matrix_has_a_cell_for_each_feature_and_reference() -> None:
    cells = parsed(page(*full_report("plain"))).xpath("//table[@class='matrix']//td[contains(@class, 'cell')]")
    assert [c.get("class") for c in cells[:4]] == ["cell absent", "cell partly", "cell absent", "cell partly"]
    assert len(cells) == 3 * 7


def test_the_same_report_gives_the_same_page() -> None:
    assert page(*full_report()) == page(*full_report())


def test_language_of_the_labels() -> None:
    report, document = full_report("plain")
    assert '<html lang="en">' in page(report, document)
    assert '<html lang="zh">' in page(report.model_copy(update={"practice": "cn"}), document)
    with pytest.raises(ClaimError, match="en or zh"):
        page(report, document, "fr")


def test_all_words_are_in_both_languages() -> None:
    assert LABELS["en"].keys() == LABELS["zh"].keys()
    assert all(text for words in LABELS.values() for text in words.values())
    assert all(re.search(r"[\u4e00-\u9fff：]", text) for text in LABELS["zh"].values())


def test_every_severity_can_be_hidden() -> None:
    shown = page(*full_report("plain"))
    for box in parsed(shown).xpath("//input/@id"):
        assert f"body:has(#{box}:not(:checked))" in shown


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70)), max_size=6), st.integers(0, 60))
@settings(deadline=None)
def test_stretches_are_the_text(text: str, places: list[tuple[int, int]], cut: int) -> None:
    findings = [(n, finding(min(p), max(p))) for n, p in enumerate(places, start=1)]
    cut = min(cut, len(text))
    both = [Element(label="1a", kind="element", start=s, end=e, text=text[s:e]) for s, e in ((0, cut), (cut, len(text))) if s < e]
    found = [s for element in both for s in stretches(element, findings, last=element is both[-1])]
    assert "".join(s.text for s in found) == text
    if both:
        shown = {n for s in found for n, _ in s.findings}
        assert shown == {n for n, _ in findings}, "none is lost, wherever it points"
    at = 0
    for stretch in found:
        for n, f in stretch.findings:
            assert not stretch.text or f.start <= at < f.end, n
        at += len(stretch.text)


def finding(start: int, end: int) -> Finding:
    return Finding(rule="r", severity="note", claim=1, anchor="US1A1#c1", start=start, end=end, quoted="", message="m", remedy="", basis="")


def test_overlapping_findings_show_the_worst() -> None:
    element = Element(label="1a", kind="element", start=10, end=20, text="abcdefghij")
    worse = finding(13, 15).model_copy(update={"severity": "error"})
    found = stretches(element, [(1, finding(12, 18)), (2, worse)])
    assert [(s.text, [n for n, _ in s.findings]) for s in found] == [("ab", []), ("c", [1]), ("de", [2, 1]), ("fgh", [1]), ("ij", [])]
    assert stretches(element, []) == [Stretch("abcdefghij")]


def test_what_is_said_twice_is_shown_once() -> None:
    report, document = full_report("plain")
    comparison = comparison_of(report)
    matter = AddedMatter(claim=2, start=0, end=3, text="x", nearest=None, message="x is new", basis="b")
    change = comparison.changes[1].model_copy(update={"added_matter": (matter, matter.model_copy(update={"start": 9})), "narrowing": ("x", "x")})
    report = report.model_copy(update={"comparison": comparison.model_copy(update={"changes": (change,)})})
    text = parsed(page(report, document)).xpath("//section[@id='comparison']")[0].text_content()
    assert text.count("x is new") == 1
    assert "(2×)" in text
    assert "x | x" not in text


def test_numbers_are_joined() -> None:
    assert numbers([1, 2, 4, 5, 6, 9]) == "1, 2, 4–6, 9"
    assert numbers([]) == ""


@pytest.fixture(scope="module")
def plain() -> set[str]:
    return elements(page(*full_report("plain")))


@given(text=st.text(max_size=80))
@settings(max_examples=10, deadline=None)
def test_any_text_leaves_the_structure_as_it_is(plain: set[str], text: str) -> None:
    assert elements(page(*full_report("plain" + text))) == plain


def test_a_citation_of_nowhere_is_shown_without_a_link() -> None:
    report, document = full_report("plain")
    elsewhere = report.support[0].model_copy(
        update={
            "places": (
                report.support[0]
                .places[0]
                .model_copy(update={"citation": report.support[0].places[0].citation.model_copy(update={"anchor": "US1A1#p9999"})}),
            )
        }
    )
    report = report.model_copy(update={"support": (elsewhere,), "comparison": None})
    assert quoted(report, document) == []
    shown = page(report, document)
    assert "p9999" in shown
    assert "#p9999" not in shown


def test_long_words_and_hostile_titles_do_not_stop_it() -> None:
    document = hostile_document()
    shown = page(claim_report(document), document)
    assert LONG_WORD in parsed(shown).xpath("//tbody[@id='c2']")[0].text_content().translate({ord(d): None for d in "0123456789, \n"})
    assert HOSTILE not in shown


def test_real_documents(data: Path) -> None:
    done = 0
    for folder in ("uspto/bulk", "cnipa"):
        for document in read([data / folder]):
            if isinstance(document, PatentDocument) and document.claims and document.sections:
                report = claim_report(document)
                found = parsed(page(report, document))
                assert len(found.xpath("//tr[@class='claim']")) == len(report.tree)
                assert {t[1:] for t in found.xpath("//@href")} <= set(found.xpath("//@id"))
                done += 1
                if done % 5 == 0:
                    break
    assert done == 10
