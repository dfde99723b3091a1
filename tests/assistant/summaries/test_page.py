import csv
import io
import json
from itertools import pairwise
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from assistant.pages.quotations import pieces
from assistant.summaries import outputs
from assistant.summaries.batch import summarize_into
from assistant.summaries.making import make
from assistant.summaries.manifest import Asked
from assistant.summaries.outputs import write_outputs
from assistant.summaries.page import Shown, page
from assistant.summaries.record import Outcome
from ingest import Claim, PatentDocument, read
from ingest.transfer import pack

EVIL = '<script>alert(1)</script>" onclick="x'


@pytest.fixture(scope="module")
def outcomes(sample):
    documents = [d for d in read([sample / "en", sample / "zh"]) if isinstance(d, PatentDocument)]
    return [make(Asked(), pack(d)) for d in (*documents[:3], *documents[-2:])]


def answer(number, status="answered", text="It is of graphite.", quote="The ring is of graphite."):
    statements = [{"text": text, "verdict": "supported", "reason": "", "citations": [{"anchor": f"{number}#p0002", "quote": quote}]}]
    made = {
        "number": number,
        "title": "A seal",
        "question": "What is it of?",
        "status": status,
        "statements": statements if text else [],
        "missing": "",
        "unread": [],
    }
    return Outcome(number, "d", made, {f"{number}#p0002": f"Here. {quote} There."} if text else {})


def parsed(text):
    return html.fromstring(text.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8"))


def links(tree):
    return [unquote(a.get("href")) for a in tree.iter("a")]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_citation_leads_to_its_paragraph_in_the_page(outcomes, language):
    tree = parsed(page([Shown.of(o) for o in outcomes], language))
    ids = [e.get("id") for e in tree.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    cited = {link for link in links(tree) if "-" in link}
    assert len(cited) > 20
    assert {link[1:] for link in links(tree)} <= set(ids)
    assert tree.get("lang") == language


def test_quotations_are_marked_in_the_paragraphs_word_for_word(outcomes):
    tree = parsed(page([Shown.of(outcomes[0])], "en"))
    for anchor, text in outcomes[0].cited.items():
        found = tree.get_element_by_id(anchor.replace("#", "-"))
        assert "".join(found.itertext())[len(anchor.partition("#")[2]) :] == text
        assert found.find("mark") is not None


def test_text_of_documents_is_never_markup():
    document = PatentDocument(
        number="US1A", titles={"en": EVIL}, claims=(Claim(number=1, text=f"A seal of a pump, comprising a ring {EVIL} and a shaft that turns."),)
    )
    tree = parsed(page([Shown.of(make(Asked(), pack(document)))], "en", question=""))
    assert not list(tree.iter("script"))
    assert not [e for e in tree.iter() if any(name.startswith("on") for name in e.attrib)]
    assert EVIL in "".join(tree.find(".//article/h2").itertext())
    table = page([Shown.of(answer("US1A", text=EVIL, quote=EVIL))], "en", question=EVIL)
    assert "<script" not in table
    assert "default-src 'none'" in table


def test_many_documents_have_a_page_each_and_a_table_that_leads_to_them(outcomes, tmp_path, monkeypatch):
    monkeypatch.setattr(outputs, "WHOLE", 4)
    write_outputs(tmp_path, lambda: iter(outcomes), Asked())
    table = parsed((tmp_path / "summaries.html").read_text(encoding="utf-8"))
    assert len(table.findall(".//tbody/tr")) == len(outcomes)
    for link in links(table):
        path, _, part = link.partition("#")
        assert parsed((tmp_path / path).read_text(encoding="utf-8")).get_element_by_id(part) is not None
    assert links(parsed((tmp_path / "pages" / f"{outcomes[0].number}.html").read_text(encoding="utf-8")))[0] == "../summaries.html"
    write_outputs(tmp_path, lambda: iter(outcomes[:2]), Asked())
    assert not (tmp_path / "pages").exists()
    assert {p.stem for p in (tmp_path / "markdown").iterdir()} == {o.number for o in outcomes[:2]}


def test_answers_are_a_table_with_a_row_a_document_in_each_format(tmp_path):
    rows = [answer("US1A"), answer("CN2A", "not_found", text=""), answer("US3A", "partly", text="=SUM(A1)", quote="a|b")]
    write_outputs(tmp_path, lambda: iter(rows), Asked(question="What is it of?"))
    assert {p.name for p in tmp_path.iterdir()} == {"answers.jsonl", "answers.md", "answers.html", "answers.csv"}
    assert [json.loads(line) for line in (tmp_path / "answers.jsonl").read_text().splitlines()] == [r.made for r in rows]
    table = list(csv.DictReader(io.StringIO((tmp_path / "answers.csv").read_text(encoding="utf-8-sig"))))
    assert [row["status"] for row in table] == ["answered", "not_found", "partly"]
    assert table[0]["quotations"] == "The ring is of graphite."
    assert table[0]["anchors"] == "US1A#p0002"
    assert table[2]["What is it of?"] == "'=SUM(A1)"  # a spreadsheet takes it for a text
    lines = (tmp_path / "answers.md").read_text().splitlines()
    assert lines[4].count("|") == 5
    assert "“The ring is of graphite.” [p0002]" in lines[4]
    assert len(lines) == 4 + len(rows)
    page = parsed((tmp_path / "answers.html").read_text(encoding="utf-8"))
    assert [row.find("td").text_content() for row in page.findall(".//tbody/tr")] == ["US1A", "CN2A", "US3A"]
    assert "#US1A-p0002" in links(page)
    assert not [link for link in links(page) if "CN2A" in link]  # which cites nothing


def test_a_sentence_that_is_not_supported_is_marked(outcomes):
    made = json.loads(json.dumps(outcomes[0].made))
    made["abstract"][0].update(verdict="weak", reason="no such number")
    weak = page([Shown.of(Outcome(outcomes[0].number, "d", made, outcomes[0].cited))], "en")
    assert weak.count("weakly supported") == 1
    assert "weakly supported" not in page([Shown.of(outcomes[0])], "en")


def test_only_the_formats_that_were_asked_for_are_written(sample, tmp_path):
    summarize_into(tmp_path, [sample / "en" / "US99000001B2.xml"], formats=["html"])
    assert {p.name for p in tmp_path.iterdir()} == {"manifest.json", "record.jsonl", "failed.jsonl", "summaries.jsonl", "summaries.html", ".lock"}


@given(text=st.text(max_size=30), spans=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=4))
def test_pieces_are_the_text_and_what_is_marked_is_quoted(text, spans):
    quotes = [text[a:b] for a, b in spans]
    cut = pieces(text, quotes)
    assert "".join(piece for piece, _ in cut) == text
    assert all(piece for piece, _ in cut)
    assert all(a[1] != b[1] for a, b in pairwise(cut))
    assert any(marked for _, marked in cut) == any(quotes)
