"""Japanese gazettes, against what the source says by ElementTree."""

import re
import time
import unicodedata
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ingest.document import PatentDocument, Source
from ingest.errors import ReadError
from ingest.offices.jpo import HEADINGS, read_jpo
from ingest.section_kind import kind_of_mark
from ingest.xml_text import parse_xml

JP = "{http://www.jpo.go.jp}"
FILES = ["2021193879.xml", "jp_example3.xml", "jp_example4.xml"]
LABEL = re.compile(r"【(?:図|特許文献|非特許文献|数|化|表)[０-９]+】")


@pytest.fixture(scope="module")
def pairs(data):
    found = []
    for name in FILES:
        raw = (data / "jpo" / name).read_bytes()
        found.append((read_jpo(parse_xml(raw), Source(path=name)), ET.fromstring(raw)))
    return found


@pytest.fixture(scope="module")
def documents(pairs):
    return {document.number: document for document, _ in pairs}


def text_of(element: ET.Element) -> str:
    return "".join(element.itertext())


def signs(text: str) -> str:
    """What the file has: no blanks, no labels, scripts on the line."""
    text = unicodedata.normalize("NFKC", LABEL.sub("", text)).replace("−", "-")
    return re.sub(r"[\s^_{}]", "", text)


def read(
    body: str, root: str = 'kind-of-jp="A" kind-of-st16="A" lang="ja" country="JP"', kind: str = "公開特許公報(A)", number: str = "2021000001"
) -> PatentDocument:
    return read_jpo(
        parse_xml(
            f'<jp-official-gazette {root} xmlns:jp="http://www.jpo.go.jp"><bibliographic-data><publication-reference><document-id><country>JP</country>'
            f"<doc-number>{number}</doc-number><kind>{kind}</kind><date>20210104</date></document-id></publication-reference>"
            f"<invention-title>ポンプ</invention-title></bibliographic-data>{body}</jp-official-gazette>".encode()
        ),
        Source(format="jp-official-gazette"),
    )


def test_every_file_of_the_folder_is_read(data):
    assert sorted(path.name for path in (data / "jpo").glob("*.xml")) == FILES


def test_number_title_and_dates_are_those_of_the_bibliography(pairs):
    for document, root in pairs:
        bibliography = root.find("bibliographic-data")
        identity = bibliography.find("publication-reference/document-id")
        assert document.number == f"JP{identity.findtext('doc-number')}A"
        assert (document.kind, document.language) == ("A", "ja")
        assert document.titles == {"ja": bibliography.findtext("invention-title").strip()}
        days = {
            "publication": identity.findtext("date"),
            "filing": bibliography.findtext("application-reference/document-id/date"),
            "priority": min(
                [
                    bibliography.findtext("application-reference/document-id/date"),
                    *(d.text for d in bibliography.iterfind("priority-claims/priority-claim/date")),
                ]
            ),
        }
        assert {name: getattr(document.dates, name).strftime("%Y%m%d") for name in days} == days
    assert [document.number for document, _ in pairs] == ["JP2021193879A", "JP2021041306A", "JP2021509175A"]


def test_the_abstract_keeps_its_labels_on_lines(pairs, documents):
    for document, root in pairs:
        assert signs(document.abstracts["ja"]) == signs(text_of(root.find("abstract")))
    lines = documents["JP2021193879A"].abstract.split("\n")
    assert [line[:6] for line in lines] == ["【課題】練り", "【解決手段】", "【選択図】図"]


def test_claims_are_those_of_the_source(pairs):
    for document, root in pairs:
        written = root.findall("claims/claim")
        assert [c.number for c in document.claims] == [int(c.get("num")) for c in written]
        assert [signs(c.text) for c in document.claims] == [signs(text_of(c)) for c in written]
        stated = root.findtext("bibliographic-data/number-of-claims")
        assert stated is None or len(document.claims) == int(stated)
    assert [len(document.claims) for document, _ in pairs] == [15, 8, 20]


def test_claims_depend_on_what_they_name(documents):
    document = documents["JP2021509175A"]
    assert document.claim(1).depends_on == ()
    assert document.claim(2).depends_on == (1,)
    assert document.claim(2).text.endswith("請求項１に記載の体積測定装置。")


def test_the_lines_of_a_claim_are_its_parts(documents):
    lines = documents["JP2021193879A"].claim(1).text.split("\n")
    assert len(lines) == 3
    assert lines[1].startswith("前記温度条件を取得し、")
    assert lines[2] == "を備える練り製品管理装置。"


def test_paragraphs_have_the_numbers_and_letters_of_the_source(pairs):
    for document, root in pairs:
        written = list(root.find("description").iter("p"))
        found = [p for s in document.sections for p in s.paragraphs]
        assert [p.number for p in found] == [p.get("num") for p in written]
        assert [signs(p.text) for p in found] == [signs(text_of(p)) for p in written], document.number
    assert [sum(len(s.paragraphs) for s in document.sections) for document, _ in pairs] == [56, 71, 190]


def test_parts_have_their_kinds_and_the_headings_that_are_printed(pairs):
    for document, root in pairs:
        parents = {child: parent for parent in root.iter() for child in parent}
        kinds = {p.number: (s.kind, s.heading) for s in document.sections for p in s.paragraphs}
        for p in root.find("description").iter("p"):
            part = parents[p].tag
            assert kinds[p.get("num")][0] == kind_of_mark(part), part
            assert kinds[p.get("num")][1].endswith(HEADINGS[part])


def test_figures_documents_formulas_and_tables_have_their_labels(pairs, documents):
    for document, root in pairs:
        text = "\n".join(p.text for s in document.sections for p in s.paragraphs)
        for tag, label in (("figref", "図"), ("patcit", "特許文献"), ("maths", "数"), ("tables", "表")):
            numbers = [unicodedata.normalize("NFKC", n) for n in re.findall(f"^【{label}([０-９]+)】", text, re.MULTILINE)]
            assert numbers == [e.get("num") for e in root.find("description").iter(tag)], (document.number, tag)
    drawings = next(s for s in documents["JP2021509175A"].sections if s.kind == "drawings").paragraphs[0].text.split("\n")
    assert len(drawings) == 27
    assert drawings[6] == "【図７】図６の部分拡大図。"


def test_a_list_of_signs_is_a_list_and_a_wrapped_line_is_a_sentence(documents):
    signs_list = documents["JP2021193879A"].sections[-1]
    assert (signs_list.heading, signs_list.paragraphs[0].text.split("\n")[:2]) == ("符号の説明", ["１０ データ記憶部", "２０ モデル生成装置"])
    text = "\n".join(p.text for s in documents["JP2021041306A"].sections for p in s.paragraphs)
    assert "第３級ブタノール及び第３級アミルアルコール" in text
    assert "袋体、深絞り包装体" in text


def test_subscripts_in_wide_digits_stay_apart(documents):
    text = "\n".join(p.text for s in documents["JP2021509175A"].sections for p in s.paragraphs)
    assert re.search("Ｐ(?:₁|_１)は第１地点での圧力", text)


def test_classifications_are_those_of_the_source(pairs):
    for document, root in pairs:
        group = root.find("bibliographic-data/classification-ipc")
        written = [re.match(r"(\w{4})\s*(\d+)/(\d+)", e.text) for tag in ("main-clsf", "further-clsf") for e in group.iter(tag)]
        assert [c.symbol for c in document.classifications] == [f"{m[1]} {m[2]}/{m[3]}" for m in written]
        assert [c.first for c in document.classifications] == [True] + [False] * (len(written) - 1)


def test_parties_are_names_and_not_numbers(pairs, documents):
    for document, root in pairs:
        for tag, role in ((".//applicant", "applicant"), (".//inventor", "inventor"), (".//agent", "agent")):
            written = [" ".join(e.findtext("addressbook/name").split()) for e in root.iterfind(tag)]
            assert [p.name for p in document.parties if p.role == role] == written
    assert ("applicant", "シージー バイオ カンパニー，リミテッド") in {(p.role, p.name) for p in documents["JP2021509175A"].parties}


def test_what_overflowed_from_the_title_page_is_left_out(pairs, documents):
    overflowing = [root for _, root in pairs if root.find(f"{JP}overflow") is not None]
    assert len(overflowing) == 2
    text = documents["JP2021509175A"].model_dump_json()
    assert "指定国・地域" not in text
    assert "A23L 3/358" in {c.symbol for c in documents["JP2021041306A"].classifications}  # what overflowed stands in its place as well


def test_cited_documents_are_numbered_like_documents(documents):
    assert documents["JP2021193879A"].citations == ("JPH089932A",)
    assert documents["JP2021041306A"].citations == ("JP6020757B",)
    cited = read(
        "<description><citation-list><patent-literature><p num='0003'><patcit num='1'><text>特開２００７－２９０９号公報</text></patcit>"
        "<patcit num='2'><text>特表2010−512345号公報、国際公開第２０１９／１２３４５号</text></patcit>"
        "<patcit num='3'><text>米国特許出願公開第２００８／１９７９５５号明細書、米国特許第５９４８６３４号、特開昭61-1234号</text></patcit>"
        "</p></patent-literature></citation-list></description>"
    )
    assert cited.citations == ("JP2007002909A", "JP2010512345A", "WO2019012345", "US20080197955", "US5948634", "JPS611234A")


@pytest.mark.parametrize(
    ("root", "kind", "number", "expected"),
    [
        ('kind-of-jp="T" kind-of-st16="A"', "公表特許公報(A)", "2021509175", "JP2021509175A"),
        ('kind-of-jp="B" kind-of-st16="B2"', "特許公報（Ｂ２）", "6020757", "JP6020757B2"),
        ('kind-of-jp="S" kind-of-st16="A1"', "再公表特許(A1)", "WO2019/123456", "JPWO2019123456A1"),
        ('kind-of-jp="U" kind-of-st16="U"', "登録実用新案公報", "3200001", "JP3200001U"),
        ("", "", "2021000001", "JP2021000001"),
    ],
)
def test_the_kind_code_is_the_one_that_is_printed(root, kind, number, expected):
    assert read("", root, kind, number).number == expected


def test_breaks_that_only_wrap_a_line_are_closed_and_others_are_lines():
    wrapped = "あ" * 40
    document = read(
        f"<description><p num='0001'>{wrapped}<br/>\nい。<br/>\n　　う<br/>え<br/>・お</p><p num='0002'>{wrapped}<br/>\n・か</p>"
        f"<p num='0003'>{wrapped}。<br/>\nき</p><p num='0004'>{wrapped}<br/>{wrapped}<br/>く</p></description>"
    )
    assert [p.text for s in document.sections for p in s.paragraphs] == [
        f"{wrapped}い。\nう\nえ\n・お",
        f"{wrapped}\n・か",
        f"{wrapped}。\nき",
        f"{wrapped}{wrapped}く",
    ]


def test_many_breaks_take_time_in_proportion():
    started = time.perf_counter()
    document = read(f"<description><p num='0001'>{('あ' * 40 + '<br/>') * 20_000}</p></description>")
    assert document.sections[0].paragraphs[0].text == "あ" * 800_000
    assert time.perf_counter() - started < 10


def test_labels_are_not_printed_twice():
    document = read("<description><p num='0001'><figref num='1'>図１</figref>と<figref num='2'>【図２】乙</figref></p></description>")
    assert document.sections[0].paragraphs[0].text == "図１と【図２】乙"


@pytest.mark.parametrize("xml", ["<jp-official-gazette/>", "<jp-official-gazette><bibliographic-data/></jp-official-gazette>"])
def test_a_document_without_a_number_is_an_error_that_says_so(xml):
    with pytest.raises(ReadError, match="no number"):
        read_jpo(parse_xml(xml.encode()), Source())


WHOLE = (
    '<jp-official-gazette kind-of-st16="A" lang="ja"><bibliographic-data><publication-reference><document-id><country>JP</country>'
    "<doc-number>2021000001</doc-number><kind>公開特許公報(A)</kind><date>20210104</date></document-id></publication-reference>"
    "<invention-title>ポンプ</invention-title><parties><inventors><inventor><addressbook><name>山田　太郎</name></addressbook></inventor></inventors>"
    "</parties></bibliographic-data><description><technical-field><p num='0001'>甲<br/>乙</p></technical-field></description>"
    "<claims><claim num='1'><claim-text>ポンプ。</claim-text></claim></claims></jp-official-gazette>"
).encode()


@settings(deadline=None)
@given(st.data())
def test_a_mutated_document_is_read_or_refused(data):
    raw = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(raw) - 1))
        end = min(len(raw), start + data.draw(st.integers(0, 12)))
        raw[start:end] = data.draw(
            st.one_of(st.binary(max_size=6), st.just(bytes(raw[start:end]) * 2), st.sampled_from([b"", b"&", b"num=''", b"<br/>"]))
        )
        if not raw:
            break
    try:
        document = read_jpo(parse_xml(bytes(raw)), Source())
    except (ReadError, ValidationError):
        return
    assert re.search(r"\d", document.number)
