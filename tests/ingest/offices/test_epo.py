"""European documents of the DTDs 1.0 to 1.5.1, against what the source says by ElementTree and regular expressions."""

import re
import unicodedata
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ingest.document import PatentDocument, Source
from ingest.errors import ReadError
from ingest.offices.epo import read_epo
from ingest.section_kind import kind_of_heading
from ingest.xml_text import parse_xml, tidy

BARE = re.compile(rb"&(?!(?:#\d+|#x[0-9a-fA-F]+|amp|lt|gt|quot|apos);)")
FORMULA_SIGNS = re.compile(r"[\s^_{}|/()\u2061-\u2064]")


@dataclass(frozen=True)
class Pair:
    file: str
    raw: bytes = field(repr=False)
    root: ET.Element
    document: PatentDocument


def read(xml: str) -> PatentDocument:
    return read_epo(parse_xml(xml.encode()), Source(format="ep-patent-document"))


@pytest.fixture(scope="module")
def pairs(data):
    found = []
    for path in [*sorted((data / "epo").glob("*.xml")), *sorted((data / "epo" / "st36a").glob("*.xml"))]:
        raw = BARE.sub(b"&amp;", path.read_bytes())
        found.append(Pair(path.name, raw, ET.fromstring(raw.lstrip()), read_epo(parse_xml(raw), Source(path=str(path)))))
    assert len(found) == 19
    return found


@pytest.fixture(scope="module")
def documents(pairs):
    return {pair.file: pair.document for pair in pairs}


def text_of(element: ET.Element) -> str:
    return "".join(element.itertext())


def signs(text: str) -> str:
    """What a reader sees, without blanks, brackets and the marks that formulas add; one minus for all."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).replace("–", "-"))
    return FORMULA_SIGNS.sub("", text.replace("−", "-").replace("–", "-"))


def arrived(written: str, found: str) -> float:
    """The share of the characters that are found, in their order, none more than 60 characters on."""
    written, found = signs(written), signs(found)
    at = count = 0
    for c in written:
        place = found.find(c, at, at + 60)
        if place >= 0:
            at, count = place + 1, count + 1
    return count / len(written) if written else 1.0


def first(raw: bytes, pattern: str) -> str:
    match = re.search(pattern.encode(), raw, re.DOTALL)
    return match[1].decode().strip() if match else ""


def day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))


def test_numbers_are_those_of_the_publication_and_not_of_the_application(pairs):
    for pair in pairs:
        number, kind = re.sub(r"^0+", "", first(pair.raw, r"<B110>\s*(\w+)")), first(pair.raw, r"<B130>\s*(\w+)")
        assert pair.document.number == f"EP{number}{kind}", pair.file
        assert pair.document.kind == pair.root.get("kind")
        assert pair.document.language == pair.root.get("lang")
    assert {p.document.number for p in pairs} >= {"EP1325900A1", "EP560858A1", "EP546210B2", "EP3882354A2"}


def test_dates_are_those_of_the_tags(pairs):
    for pair in pairs:
        dates = pair.document.dates
        assert dates.publication == day(first(pair.raw, r"<B140>\s*<date>(\d{8})"))
        assert dates.filing == day(first(pair.raw, r"<B220>\s*<date>(\d{8})"))
        priorities = [day(d.decode()) for d in re.findall(rb"<B320>\s*<date>(\d{8})", pair.raw)]
        assert dates.priority == min([dates.filing, *priorities]), pair.file


def test_titles_are_kept_by_language(pairs):
    for pair in pairs:
        written = re.findall(r"<B541>\s*(\w\w)\s*</B541>\s*<B542>(.*?)</B542>", pair.raw.decode(), re.DOTALL)
        assert {language: signs(title) for language, title in pair.document.titles.items()} == {
            language: signs(ET.fromstring(f"<t>{title}</t>").text) for language, title in written
        }
        assert set(pair.document.titles) == {"de", "en", "fr"}
        assert pair.document.title == pair.document.titles[pair.root.get("lang")]


def test_claims_are_kept_by_language(pairs):
    several = 0
    for pair in pairs:
        sets = pair.root.findall("claims")
        several += len(sets) > 1
        assert {group.get("lang") for group in sets} == {
            *([pair.document.language] if pair.document.claims else []),
            *pair.document.translated_claims,
        }
        for group in sets:
            language = group.get("lang")
            claims = pair.document.claims if language == pair.document.language else pair.document.translated_claims[language]
            written = [re.sub(r"^\s*\d+\s*\.", "", text_of(claim)) for claim in group.findall("claim")]
            assert len(claims) == len(written) > 0, pair.file
            if all(claim.get("num") for claim in group):
                assert [claim.number for claim in claims] == [int(claim.get("num")) for claim in group]
            for claim, text in zip(claims, written, strict=True):
                assert signs(claim.text) == signs(text), (pair.file, language, claim.number)
    assert several == 9


def test_each_part_of_a_claim_is_on_a_line_of_its_own(pairs):
    count = 0
    for pair in pairs:
        for group in pair.root.findall("claims"):
            claims = pair.document.claims if group.get("lang") == pair.document.language else pair.document.translated_claims[group.get("lang")]
            for claim, element in zip(claims, group.findall("claim"), strict=True):
                outer = element.find("claim-text")
                inner = [part for part in outer.findall("claim-text") if text_of(part).strip()]
                flat = outer.find("claim-text/claim-text") is None and len(inner) == len(outer) and not any((p.tail or "").strip() for p in inner)
                if inner and flat and len(element) == 1:
                    assert [signs(line) for line in claim.text.split("\n")[-len(inner) :]] == [signs(text_of(part)) for part in inner]
                    count += 1
    assert count > 40


def test_claims_that_the_applicant_numbered_wrongly_keep_their_printed_numbers(documents):
    """Two claims are printed as 5; claim 9 refers to claim 8, which is the procedure."""
    document = documents["v1-2-A1.xml"]
    assert [claim.number for claim in document.claims] == [1, 2, 3, 4, 5, 11, 6, 7, 8, 9, 10]
    assert document.claim(8).text.startswith("Manufacturing procedure")
    assert document.claim(9).depends_on == (8,)
    assert [w for w in document.warnings if "numbered 5" in w and "claim 11 here" in w]


def test_abstracts_are_read_whole_and_patents_have_none(pairs):
    for pair in pairs:
        written = {e.get("lang"): signs(text_of(e)) for e in pair.root.findall("abstract")}
        assert {language: signs(text) for language, text in pair.document.abstracts.items()} == written
        if pair.document.kind.startswith("B"):
            assert pair.document.abstracts == {}


def test_paragraphs_have_the_numbers_of_the_office(pairs):
    total = 0
    for pair in pairs:
        written = [(p.get("num"), signs(text_of(p))) for p in pair.root.iterfind("description/p")]
        found = [(p.number, signs(p.text)) for s in pair.document.sections for p in s.paragraphs]
        assert [number for number, _ in found] == [number for number, text in written if text], pair.file
        for (number, text), (_, expected) in zip(found, [w for w in written if w[1]], strict=True):
            assert text == expected or arrived(expected, text) == 1.0, (pair.file, number)
        total += len(found)
    assert total > 1500


def test_headings_stand_where_they_stood(pairs):
    for pair in pairs:
        written = [signs(text_of(e)) for e in pair.root.iterfind("description/heading")]
        found = [signs(part) for s in pair.document.sections if s.heading for part in s.heading.split(" / ")]
        assert found == [heading for heading in written if heading], pair.file


def test_the_list_of_references_is_no_part_of_the_description(pairs):
    lists = 0
    for pair in pairs:
        for group in pair.root.iterfind("ep-reference-list"):
            lists += 1
            text = " ".join(p.text for s in pair.document.sections for p in s.paragraphs)
            assert "does not form part of the European patent document" not in text
            assert "nicht Bestandteil des europäischen Patentdokumentes" not in text
            for cited in group.iter("patcit"):
                identity = [cited.findtext(f"document-id/{name}", "").strip() for name in ("country", "doc-number", "kind")]
                assert [
                    c for c in pair.document.citations if c.startswith(identity[0]) and c.endswith((identity[1][-4:] + identity[2], identity[1][-4:]))
                ]
    assert lists == 10


def test_every_character_arrives_in_its_order(pairs):
    """The measure of the whole: at least 99.9 % of what is written, by a plain count over the source."""
    for pair in pairs:
        found = "".join(s.heading + "".join(p.text for p in s.paragraphs) for s in pair.document.sections)
        assert arrived("".join(text_of(e) for e in pair.root.iterfind("description")), found) >= 0.999, pair.file
        for group in pair.root.iterfind("claims"):
            claims = pair.document.claims if group.get("lang") == pair.document.language else pair.document.translated_claims[group.get("lang")]
            written = "".join(re.sub(r"^\s*\d+\s*\.", "", text_of(claim)) for claim in group)
            assert arrived(written, "".join(claim.text for claim in claims)) >= 0.999, pair.file


def test_classifications_with_position_and_value(pairs, documents):
    for pair in pairs:
        source = pair.raw.decode()
        written = re.findall(r"<classification-ipcr[^>]*>\s*<text>([A-H]\d\d[A-Z])\s*(\d+)/\s*(\d+)", source)
        written += re.findall(r"<B51[12]>\s*\d?([A-H]) (\d\d[A-Z])\s*(\d+)/\s*(\d+)", source)
        symbols = list(dict.fromkeys(f"{''.join(w[:-2])} {int(w[-2])}/{w[-1]}" for w in written))
        assert [c.symbol for c in pair.document.classifications if c.scheme == "ipc"] == symbols, pair.file
        assert sum(c.first for c in pair.document.classifications if c.scheme == "ipc") == 1
    assert [(c.symbol, c.first, c.inventive) for c in documents["v1-4-B2.xml"].classifications] == [
        ("C07D 498/06", True, True),
        ("A61K 31/5383", False, True),
        ("C07D 265/00", False, False),
        ("C07D 221/00", False, False),
    ]
    assert [(c.symbol, c.first) for c in documents["v1-5-1-A2.xml"].classifications if c.scheme == "cpc"][:4] == [
        ("C12N 9/88", False),
        ("C12N 9/1051", False),
        ("C12Y 204/01", False),
        ("C12N 9/1048", True),
    ]


def test_parties_have_their_roles(pairs, documents):
    for pair in pairs:
        for tag, role in (("B711", "applicant"), ("B721", "inventor"), ("B731", "assignee"), ("B741", "agent")):
            assert sum(p.role == role for p in pair.document.parties) == len(pair.root.findall(f".//{tag}")), (pair.file, role)
    assert [(p.role, p.name) for p in documents["v1-5-B1.xml"].parties] == [
        ("assignee", "General Electric Technology GmbH"),
        ("inventor", "HARTHUM, Jörg"),
        ("inventor", "STIRL, Tobias"),
        ("agent", "Freigutpartners IP Law Firm"),
    ]
    assert [p.name for p in documents["DOC00001.xml"].parties if p.role == "inventor"] == ["Yoshida, Naoki", "Kasahara, Hiroyuki"]


def test_citations_have_the_numbers_of_the_cited_documents(documents):
    assert documents["v1-5-B1.xml"].citations == ("EP3109871A1", "FR84247E", "GB693448A", "US20080197955A1")
    assert documents["v1-0-B1.xml"].citations == ("WO03008444A", "US5948634A")
    assert documents["v1-2-B2.xml"].citations[0] == "WO9005789A"
    assert documents["v1-3-B1.xml"].citations == ("WO0192999A", "WO9835291A", "US545396A", "WO0244858A2", "US583301A")
    assert documents["v1-1-A2.xml"].citations == ()


def test_the_parts_of_a_german_description_are_known(documents):
    assert {s.heading: s.kind for s in documents["v1-5-B2.xml"].sections if s.heading} == {
        "Stand der Technik": "background",
        "Technisches Problem": "summary",
        "Lösung": "summary",
        "Kurze Beschreibung der Figuren": "drawings",
        "Detaillierte Beschreibung": "description",
    }


@pytest.mark.parametrize(
    ("kind", "headings"),
    [
        ("field", ["Technisches Gebiet", "Gebiet der Erfindung", "Domaine technique", "DOMAINE DE L'INVENTION", "技術分野"]),
        ("background", ["STAND DER TECHNIK", "Hintergrund der Erfindung", "Etat de la technique", "État de la technique antérieure", "Arrière-plan"]),
        ("background", ["Art antérieur", "背景技術", "先行技術文献"]),
        (
            "summary",
            ["Aufgabe der Erfindung", "Zusammenfassung der Erfindung", "Exposé de l'invention", "Résumé de l'invention", "Objet de l'invention"],
        ),
        ("summary", ["発明の概要", "発明が解決しようとする課題", "課題を解決するための手段", "発明の効果"]),
        (
            "drawings",
            ["Beschreibung der Zeichnungen", "Kurze Beschreibung der Zeichnungen", "Description des dessins", "Brève description des figures"],
        ),
        ("drawings", ["Liste des figures", "Figurenbeschreibung", "図面の簡単な説明"]),
        (
            "description",
            ["Ausführungsbeispiele", "Beschreibung der Ausführungsformen", "Description détaillée", "Modes de réalisation", "Beispiel 1"],
        ),
        ("description", ["DESCRIPTION OF THE INVENTION", "発明を実施するための形態", "実施例１"]),
        (None, ["Exposed parts", "Lösungsmittel"]),
    ],
)
def test_headings_in_three_more_languages(kind, headings):
    assert {heading: kind_of_heading(heading) for heading in headings} == dict.fromkeys(headings, kind)


def ep(body: str, attributes: str = 'lang="en" country="EP" doc-number="1000001" kind="B1"') -> str:
    return f"<ep-patent-document {attributes}><SDOBI><B500><B540><B541>en</B541><B542>Pump</B542></B540></B500></SDOBI>{body}</ep-patent-document>"


def claims(number: int, language: str, text: str, kind: str = "") -> str:
    declared = f' claim-type="{kind}"' if kind else ""
    return f'<claims id="claims0{number}" lang="{language}"{declared}><claim num="0001"><claim-text>{text}</claim-text></claim></claims>'


def test_claims_for_other_states_are_further_sets_of_their_language():
    document = read(
        ep(
            claims(1, "en", "A pump.", "Claim(s) for the following Contracting State(s): AT, BE")
            + claims(2, "en", "A small pump.", "Claim(s) for the following Contracting State(s): GB")
            + claims(3, "de", "Pumpe.", "Patentansprüche für folgende Vertragsstaaten: AT, BE")
            + claims(4, "de", "Kleine Pumpe.", "Patentansprüche für folgenden Vertragsstaat: GB")
        )
    )
    assert [c.text for c in document.claims] == ["A pump."]
    assert {key: [c.text for c in found] for key, found in document.translated_claims.items()} == {
        "en-x-b": ["A small pump."],
        "de": ["Pumpe."],
        "de-x-b": ["Kleine Pumpe."],
    }
    assert "claims en-x-b: Claim(s) for the following Contracting State(s): GB" in document.warnings
    assert len(document.warnings) == 4
    assert document.claim(1, "en-x-b").text == "A small pump."


def test_sets_without_end_have_names_of_their_own():
    document = read(ep("".join(claims(n, "en", f"Pump {n}.") for n in range(60))))
    assert len(document.translated_claims) == 59
    assert sorted(c.text for found in [document.claims, *document.translated_claims.values()] for c in found) == sorted(
        f"Pump {n}." for n in range(60)
    )


def test_amended_claims_and_the_statement_about_them_are_kept_apart():
    document = read(
        ep(
            '<description lang="en"><p num="0001">Text.</p></description>'
            + claims(1, "en", "A pump.")
            + '<amended-claims id="aclaims" lang="en" amend-claim-type="EPC"><heading>Amended claims in accordance with Rule 137(2) EPC.</heading>'
            '<claim num="0001"><claim-text>A new pump.</claim-text></claim></amended-claims>'
            '<amended-claims-statement lang="en"><claims-statement><heading>Statement under Art. 19.1 PCT</heading>'
            '<p num="0001">It is new.</p></claims-statement></amended-claims-statement>'
        )
    )
    assert [c.text for c in document.claims] == ["A pump."]
    assert [c.text for c in document.translated_claims["en-x-amended"]] == ["A new pump."]
    assert "claims en-x-amended: Amended claims in accordance with Rule 137(2) EPC." in document.warnings
    assert [(s.heading, [(p.number, p.text) for p in s.paragraphs]) for s in document.sections] == [
        ("", [("0001", "Text.")]),
        ("Statement under Art. 19.1 PCT", [("0001a", "It is new.")]),
    ]


def test_the_printed_numbers_of_formulas_stand_beside_them():
    document = read(
        ep(
            '<description lang="en"><p num="0001">so that <maths num="(5)"><math><mi>a</mi><mo>=</mo><mn>2</mn></math><img file="x"/></maths>'
            " holds, and "
            '<chemistry num="0001"><img file="y"/></chemistry>follows</p></description>'
        )
    )
    assert next(p.text for s in document.sections for p in s.paragraphs) == "so that a=2 (5) holds, and follows"


def test_lists_tables_and_text_between_paragraphs_arrive():
    document = read(
        ep(
            '<description lang="en">Loose. <p num="0001">List:<ul><li>one</li><li>two</li></ul><dl><dt>A</dt><dd>is b</dd></dl></p>'
            "<tables><table><title>T1</title><tgroup><tbody><row><entry>a</entry><entry>1</entry></row></tbody></tgroup></table></tables>"
            "<technical-field><p num='0002'>Pumps.</p></technical-field></description>"
        )
    )
    assert [(p.number, p.text) for s in document.sections for p in s.paragraphs] == [
        ("0000", "Loose."),
        ("0001", "List:\none\ntwo\nA\nis b"),
        ("0001a", "T1\na | 1"),
        ("0002", "Pumps."),
    ]


def test_number_and_kind_fall_back_on_the_tags():
    document = read(
        '<ep-patent-document lang="DE"><SDOBI><B100><B110>0000123</B110><B130>A1</B130><B140><date>19800101</date></B140><B190>EP</B190></B100>'
        "<B500><B540><B542>Pumpe</B542></B540></B500></SDOBI></ep-patent-document>"
    )
    assert (document.number, document.language, document.titles) == ("EP123A1", "de", {"de": "Pumpe"})
    assert document.dates.publication == date(1980, 1, 1)


def test_parties_and_classifications_in_other_forms():
    document = read(
        ep("").replace(
            "</SDOBI>",
            "<B500><B510EP><classification-ipcr><section>F</section><class>04</class><subclass>D</subclass><main-group>29</main-group>"
            "<subgroup>42</subgroup><symbol-position>F</symbol-position><classification-value>N</classification-value></classification-ipcr></B510EP></B500>"
            "<B700><B720><B721><B725EP><text>The inventor has waived</text></B725EP></B721><B721><snm>Roe</snm><fnm>Ann</fnm></B721></B720>"
            "<B710><B711><onm>Pump Ltd</onm></B711></B710></B700></SDOBI>",
        )
    )
    assert [(c.symbol, c.first, c.inventive) for c in document.classifications] == [("F04D 29/42", True, False)]
    assert [(p.role, p.name) for p in document.parties] == [("applicant", "Pump Ltd"), ("inventor", "Roe, Ann")]


def test_references_of_the_description_and_the_search_report():
    document = read(
        ep(
            '<description lang="en"><p num="0001">See <patcit dnum="US5605793A"><text>US 5,605,793</text></patcit> and '
            '<patcit dnum="unknown"><text>another</text></patcit>.</p></description>'
            "<search-report-data><srep-for-pub><srep-citations><citation><patcit><document-id><country>WO</country><doc-number>00/05789</doc-number>"
            "<kind>A1</kind></document-id></patcit></citation></srep-citations></srep-for-pub></search-report-data>"
        )
    )
    assert document.citations == ("WO0005789A1", "US5605793A")


@pytest.mark.parametrize(
    "xml",
    [
        "<ep-patent-document/>",
        '<ep-patent-document lang="en" country="EP" kind="A1" id="EP07704233A1"/>',
        '<ep-patent-document doc-number="?"><SDOBI/></ep-patent-document>',
    ],
)
def test_a_document_without_a_number_is_an_error_that_says_so(xml):
    with pytest.raises(ReadError, match="no number"):
        read(xml)


WHOLE = ep(
    '<abstract lang="en"><p num="0001">A pump.</p></abstract><description lang="en"><heading>FIELD</heading><p num="0001">Pumps '
    '<maths num="(1)"><math>'
    "<mi>a</mi></math></maths>.</p></description>" + claims(1, "en", "A pump.") + claims(2, "de", "Pumpe.") + "<ep-reference-list><p><ul><li>"
    '<patcit dnum="EP1A"><document-id><country>EP</country><doc-number>1</doc-number></document-id></patcit></li></ul></p></ep-reference-list>'
)


@settings(deadline=None)
@given(st.data())
def test_a_mutated_document_is_read_or_refused(data):
    """Bytes replaced, cut out or doubled: a document, or an error that the edge knows."""
    raw = bytearray(WHOLE.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(raw) - 1))
        end = min(len(raw), start + data.draw(st.integers(0, 12)))
        raw[start:end] = data.draw(
            st.one_of(st.binary(max_size=6), st.just(bytes(raw[start:end]) * 2), st.sampled_from([b"", b"&", b"num=''", b"<p>"]))
        )
        if not raw:
            break
    try:
        document = read_epo(parse_xml(bytes(raw)), Source())
    except (ReadError, ValidationError):
        return
    assert document.number.startswith(document.country)
    assert document.title == tidy(document.title)
