"""Both XML families of the CNIPA, against what the source says by ElementTree."""

import re
import unicodedata
import xml.etree.ElementTree as ET
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ingest import read
from ingest.document import PatentDocument, Source
from ingest.errors import ReadError
from ingest.offices.cnipa import read_cn_patent_document, read_patent_document_and_related
from ingest.xml_text import parse_xml

FILES = ["cn_new1.xml", "cn_new2.xml", "cn_old1.xml", "cn_old2.xml", "cn_old4.xml", "cn_old_200880114428_A.xml"]
HEADINGS = {"技术领域", "背景技术", "发明内容", "附图说明", "具体实施方式", "相关申请的交叉引用", "附图简要说明", "实施例"}


def letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


def local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def named(parent: ET.Element, *names: str) -> list[ET.Element]:
    return [element for element in parent.iter() if local(element) in names]


def text_of(element: ET.Element) -> str:
    return "".join(element.itertext())


def in_order(parent: ET.Element, *path: str) -> list[ET.Element]:
    found = [parent]
    for name in path:
        found = [child for element in found for child in element if local(child) == name]
    return found


@pytest.fixture(scope="module")
def pairs(data, sample):
    """(document, root) of each real and each shipped file."""
    paths = [*(data / "cnipa" / name for name in FILES), *sorted((sample / "zh").glob("*.xml"))]
    found = []
    for path in paths:
        (document,) = read(path)
        found.append((document, ET.fromstring(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))))
    return found


def test_every_file_of_the_folder_is_read(data):
    assert sorted(path.name for path in (data / "cnipa").glob("*.xml")) == sorted(FILES)


def test_number_and_title_are_those_of_the_bibliography(pairs):
    for document, root in pairs:
        if local(root) == "cn-patent-document":
            (publication,) = in_order(root, "cn-bibliographic-data", "cn-publication-reference", "document-id")
            number = "".join(publication.findtext(name) for name in ("country", "doc-number", "kind"))
            title = in_order(root, "cn-bibliographic-data", "invention-title")[0]
        else:
            number = root.get("country") + root.get("docNumber") + root.get("kind")
            title = in_order(root, "BibliographicData", "InventionTitle")[0]
        assert document.number == number
        assert letters(document.title) == letters(text_of(title))
        assert document.language == "zh"
        assert document.source.format == local(root)


def test_dates_are_those_of_the_bibliography(pairs):
    by_number = {document.number: document.dates for document, _ in pairs}
    # read off the files by hand
    assert (by_number["CN113781974A"].filing, by_number["CN113781974A"].publication) == (date(2017, 4, 24), date(2021, 12, 10))
    assert by_number["CN113781974A"].priority == date(2016, 5, 23)
    assert by_number["CN104245143A"].filing == date(2014, 3, 28)
    assert by_number["CN104245143A"].priority == date(2013, 3, 28)
    assert by_number["CN104223590A"].priority == date(2013, 12, 24)  # of the earlier Chinese application
    assert (by_number["CN199000001A"].filing, by_number["CN199000001A"].publication) == (date(2019, 10, 15), date(2021, 4, 13))


def test_each_claim_is_read_with_all_of_its_letters(pairs):
    for document, root in pairs:
        elements = named(root, "claim", "Claim")
        assert len(document.claims) == len(elements) >= 3
        assert [claim.number for claim in document.claims] == list(range(1, len(elements) + 1))
        for claim, element in zip(document.claims, elements, strict=True):
            assert letters(claim.text) == letters(re.sub(r"^\s*\d+\s*[.、．]", "", text_of(element))), (document.number, claim.number)


def test_every_paragraph_with_text_is_a_paragraph_or_the_name_of_a_part(pairs):
    for document, root in pairs:
        (description,) = named(root, "description", "Description")
        written = [letters(text_of(p)) for p in named(description, "p", "Paragraphs") if letters(text_of(p))]
        found = [letters(p.text) for section in document.sections for p in section.paragraphs]
        headings = [text for text in written if re.sub(r"\d+$", "", text) in HEADINGS]
        assert len(found) == len(written) - len(headings), document.number
        assert found == [text for text in written if re.sub(r"\d+$", "", text) not in HEADINGS], document.number
        assert set(headings) <= {letters(s.heading) for s in document.sections}, document.number


def test_paragraph_numbers_are_those_of_the_office(pairs):
    for document, root in pairs:
        (description,) = named(root, "description", "Description")
        written = [p for p in named(description, "p", "Paragraphs") if letters(text_of(p))]
        numbers = [p.get("num") for p in written if re.sub(r"\d+$", "", letters(text_of(p))) not in HEADINGS]
        found = [p.number for section in document.sections for p in section.paragraphs]
        assert len(set(found)) == len(found), document.number
        for number, printed in zip(found, numbers, strict=True):
            if printed is not None and numbers.count(printed) == 1:
                assert number == printed.removeprefix("n"), document.number
        assert sum(number is not None for number in numbers) > 0.9 * len(numbers), document.number


def test_the_parts_of_a_description_are_known(pairs):
    kinds = {(document.number, section.heading): section.kind for document, _ in pairs for section in document.sections}
    for number in ("CN113781974A", "CN113783949A", "CN104245143A", "CN199000001A", "CN199000005A", "CN199000006B"):
        assert kinds[number, "技术领域"] == "field"
        assert kinds[number, "背景技术"] == "background"
        assert kinds[number, "发明内容"] == "summary"
        assert kinds[number, "附图说明"] == "drawings"
        assert kinds[number, "具体实施方式"] == "description"
    assert kinds["CN113781974A", "相关申请的交叉引用"] == "cross_reference"


def test_line_breaks_and_page_comments_do_not_split_chinese_sentences(pairs):
    """The older files break the lines of a page with `br` elements and comments on the page between them."""
    document = next(document for document, _ in pairs if document.number == "CN104245143A")
    texts = [claim.text for claim in document.claims] + [p.text for s in document.sections for p in s.paragraphs]
    assert not [text for text in texts if re.search(r"[一-鿿，。；] +[一-鿿，。；]", text)]
    assert not [text for text in texts if "SIPO" in text or "<DP" in text]


def test_ipc_symbols_are_those_of_the_source(pairs):
    for document, root in pairs:
        texts = [re.match(r"\s*([A-H]\d\d[A-Z])\s*(\d+)/(\d+)", text_of(e)) for e in named(root, "text", "Text")]
        written = list(dict.fromkeys(f"{m[1]} {m[2]}/{m[3]}" for m in texts if m))
        assert [c.symbol for c in document.classifications] == written, document.number
        assert [c.first for c in document.classifications] == [True] + [False] * (len(written) - 1)


def test_applicants_and_inventors_are_those_of_the_source(pairs):
    parties = {document.number: [(p.role, p.name) for p in document.parties] for document, _ in pairs}
    assert parties["CN104223590A"] == [("applicant", "叶建鑫"), ("inventor", "叶建鑫"), ("agent", "温州高翔专利事务所"), ("agent", "陈光铁")]
    assert parties["CN113781974A"] == [
        ("applicant", "三星显示有限公司"),
        ("inventor", "金驲柱"),
        ("inventor", "田武经"),
        ("inventor", "李安洙"),
        ("agent", "北京英赛嘉华知识产权代理有限责任公司"),
        ("agent", "王达佐"),
        ("agent", "刘铮"),
    ]
    for document, root in pairs:
        inventors = len(named(root, "cn-inventor", "Inventor"))
        assert sum(p.role == "inventor" for p in document.parties) == inventors, document.number
        agencies = {text_of(e).split()[0] for group in named(root, "cn-agency", "Agency") for e in named(group, "name", "OrganizationName")}
        agents = len(named(root, "cn-agent", "Agent")) + len(agencies)
        assert sum(p.role == "agent" for p in document.parties) == agents, document.number


def test_the_abstract_is_read_whole(pairs):
    for document, root in pairs:
        (abstract,) = named(root, "abstract", "Abstract")
        assert letters(document.abstract) == letters(text_of(abstract)), document.number


def test_every_character_of_the_description_arrives_in_its_order(pairs):
    for document, root in pairs:
        (description,) = named(root, "description", "Description")
        titles = named(description, "invention-title", "InventionTitle")
        written = letters(text_of(description).replace(text_of(titles[0]), "", 1) if titles else text_of(description))
        found = letters("".join(s.heading.replace(" / ", "") + "".join(p.text for p in s.paragraphs) for s in document.sections))
        assert found == written, document.number


def expanded(claim: int, text: str) -> tuple[int, ...]:
    """The reference in the first words of a claim, by code of the test's own."""
    match = re.match(r"(?:根据|如|一种\w*?)?权利要求(\d+)(?:(至|-|或|、)(?:权利要求)?(\d+))?(?:、(\d+))?", text)
    if not match:
        return ()
    first, how, last, third = match.groups()
    if how in ("至", "-"):
        return tuple(range(int(first), int(last) + 1))
    return tuple(int(n) for n in (first, last, third) if n)


def test_the_claims_that_begin_with_a_reference_depend_on_it(pairs):
    count = 0
    for document, _ in pairs:
        for claim in document.claims:
            expected = expanded(claim.number, claim.text)
            if expected and "1-23或40" in claim.text[:20]:
                expected = (*range(1, 24), 40)
            if not expected or claim.text.startswith("一种"):
                continue
            # the use or the method of what another claim has is a claim of its own
            if not re.match("[^，,]*(?:应用|用途|方法)[，,]", claim.text) or document.claim(expected[0]).category == claim.category:
                assert claim.depends_on == expected, (document.number, claim.number, claim.text[:60])
                count += 1
    assert count > 150


@pytest.mark.parametrize(
    ("number", "independent"),
    [
        ("CN199000001A", [1, 8]),  # 8: a method for the module of claim 1
        ("CN199000002A", [1, 6, 10]),  # 6: a method of making the separator of claim 1; 10: a battery that includes it
        ("CN199000003B", [1, 8, 9]),  # 8: a pump that includes the structure of claims 1 to 7; 9: a method that uses it
        ("CN199000004A", [1, 8]),
        ("CN199000005A", [1, 9]),
        ("CN199000006B", [1, 8]),
        ("CN199000007A", [1, 9, 10]),  # a node and a medium that perform the method
        ("CN199000008B", [1, 8]),
    ],
)
def test_the_independent_claims_of_the_sample_collection(sample_documents, number, independent):
    assert [claim.number for claim in sample_documents[number].claims if claim.independent] == independent


def test_the_categories_of_real_chinese_claims(pairs):
    """As a reader would label them: 所述 in the body of a claim must not hide its subject."""
    documents = {document.number: document for document, _ in pairs}
    expected = {
        ("CN104245143A", 1): "method",
        ("CN104245143A", 26): "apparatus",
        ("CN113783949A", 1): "method",
        ("CN113781974A", 1): "apparatus",
        ("CN103492414A", 10): "composition",
        ("CN103492414A", 31): "use",
        ("CN103492414A", 38): "method",
        ("CN103492414A", 39): "method",
    }
    assert {key: documents[key[0]].claim(key[1]).category for key in expected} == expected


def test_a_table_in_a_claim_keeps_its_cells_apart(pairs):
    document = next(document for document, _ in pairs if document.number == "CN113783949A")
    assert "字段 | 含义" in document.claim(4).text.split("\n")


def old(body: str, number: str = "104245143") -> PatentDocument:
    return read_cn_patent_document(
        parse_xml(
            f"<cn-patent-document><cn-bibliographic-data><cn-publication-reference><document-id><country>CN</country><doc-number>{number}</doc-number>"
            "<kind>A</kind></document-id></cn-publication-reference><invention-title>泵</invention-title></cn-bibliographic-data>"
            f"<application-body>{body}</application-body></cn-patent-document>".encode()
        ),
        Source(),
    )


def test_page_comments_and_instructions_do_not_split_a_sentence():
    document = old(
        "<description><p num='0001'>本发明涉及一<!-- SIPO <DP n=\"10\"> -->\n<!-- 2/9 -->种泵，其具<br/>\n有<!--x-->叶轮。</p></description>"
        "<claims><claim num='0001'><claim-text>1.一种泵，<!-- SIPO <DP n='11'> --><br/>包括叶<?page 3?>轮。</claim-text></claim></claims>"
    )
    assert document.sections[0].paragraphs[0].text == "本发明涉及一种泵，其具有叶轮。"
    assert document.claims[0].text == "一种泵，包括叶轮。"


def test_formulas_lists_and_loose_text_of_a_description_arrive():
    document = old(
        "<description><technical-field><p num='0001'>功率为<maths num='0001'><math><mi>P</mi><mo>=</mo><mi>U</mi><mi>I</mi></math></maths>。</p>散文"
        "<ul><li>甲</li><li>乙</li></ul></technical-field></description>"
    )
    assert [p.text for s in document.sections for p in s.paragraphs] == ["功率为 P=UI 。", "散文", "甲\n乙"]
    assert {s.kind for s in document.sections} == {"field"}


def test_titles_and_abstracts_of_the_newer_family_are_kept_by_language():
    document = read_patent_document_and_related(
        parse_xml(
            '<b:PatentDocumentAndRelated xmlns:b="urn:b" country="CN" docNumber="113781974" kind="A"><b:BibliographicData>'
            '<b:InventionTitle lang="zh">泵</b:InventionTitle><b:InventionTitle lang="en">Pump</b:InventionTitle></b:BibliographicData>'
            '<b:Abstract lang="zh"><b:Paragraphs>一种泵。</b:Paragraphs></b:Abstract>'
            '<b:Abstract lang="en"><b:Paragraphs>A pump.</b:Paragraphs></b:Abstract>'
            "</b:PatentDocumentAndRelated>".encode()
        ),
        Source(),
    )
    assert (document.number, document.titles) == ("CN113781974A", {"zh": "泵", "en": "Pump"})
    assert document.abstracts == {"zh": "一种泵。", "en": "A pump."}


@pytest.mark.parametrize("reader", [read_cn_patent_document, read_patent_document_and_related])
def test_a_document_without_a_number_is_an_error_that_says_so(reader):
    with pytest.raises(ReadError, match="no number"):
        reader(parse_xml(b"<cn-patent-document/>"), Source())


@settings(deadline=None)
@given(st.data())
def test_a_mutated_document_is_read_or_refused(data):
    raw = bytearray(
        "<cn-patent-document><cn-bibliographic-data><cn-publication-reference><document-id><country>CN</country><doc-number>104245143</doc-number>"
        "<kind>A</kind></document-id></cn-publication-reference><invention-title>泵</invention-title><cn-parties><cn-agents><cn-agent><cn-agency>"
        "<name>甲 1</name></cn-agency><name>乙</name></cn-agent></cn-agents></cn-parties></cn-bibliographic-data><application-body><description>"
        "<p num='0001'>技术领域</p><p num='0002'>甲。</p></description><claims><claim num='0001'><claim-text>1.一种泵。</claim-text></claim></claims>"
        "</application-body>"
        "</cn-patent-document>".encode()
    )
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(raw) - 1))
        end = min(len(raw), start + data.draw(st.integers(0, 12)))
        raw[start:end] = data.draw(
            st.one_of(st.binary(max_size=6), st.just(bytes(raw[start:end]) * 2), st.sampled_from([b"", b"&", b"num=''", b"<p>"]))
        )
        if not raw:
            break
    try:
        document = read_cn_patent_document(parse_xml(bytes(raw)), Source())
    except (ReadError, ValidationError):
        return
    assert document.language == "zh"
