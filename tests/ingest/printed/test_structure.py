"""Documents from blocks: drafts in Word, pages of the offices, typed text, old patents."""

import io
import time
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.document import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.document import PatentDocument, Source
from ingest.errors import ReadError
from ingest.files.elements import blocks_of_docx, blocks_of_text
from ingest.printed.blocks import Block
from ingest.printed.structure import document_of_blocks
from ingest.reading import read


def of_blocks(blocks: list[Block], name: str = "draft.docx") -> PatentDocument:
    return document_of_blocks(blocks, Source(path=f"/files/{name}", format="test"), name)


def of_text(text: str, name: str = "draft.txt") -> PatentDocument:
    return of_blocks(blocks_of_text(text.encode()), name)


def of_word(document: Document, name: str = "draft.docx") -> PatentDocument:
    stream = io.BytesIO()
    document.save(stream)
    return of_blocks(blocks_of_docx(stream.getvalue()), name)


def outline(document: PatentDocument) -> list[tuple[str, str, list[str]]]:
    return [(s.kind, s.heading, [p.text for p in s.paragraphs]) for s in document.sections]


def american_draft(numbered_by_word: bool, headings_by_style: bool) -> Document:
    """A draft application; its claims numbered by Word or typed, its headings in a style or in capitals only."""
    document = docx.Document()

    def heading(text: str) -> None:
        if headings_by_style:
            document.add_heading(text, 1)
        else:
            document.add_paragraph(text)

    if headings_by_style:
        document.add_heading("Pump with a Sealed Housing", 0)
    else:
        document.add_paragraph("PUMP WITH A SEALED HOUSING")
    heading("CROSS-REFERENCE TO RELATED APPLICATIONS")
    document.add_paragraph("This application claims the benefit of an earlier one.")
    heading("BACKGROUND")
    document.add_paragraph("Pumps are known. They leak.")
    heading("SUMMARY")
    document.add_paragraph("A pump that does not leak is provided.")
    heading("BRIEF DESCRIPTION OF THE DRAWINGS")
    document.add_paragraph("FIG. 1 shows a pump.")
    heading("DETAILED DESCRIPTION")
    paragraph = document.add_paragraph("The pump 10 moves H")
    paragraph.add_run("2").font.subscript = True
    paragraph.add_run("O.")
    heading("CLAIMS")
    document.add_paragraph("What is claimed is:")
    claims = [
        "A pump comprising a housing.",
        "The pump of claim 1, wherein the housing is sealed.",
        "The pump of claim 1 or 2, wherein it is of steel.",
    ]
    for number, claim in enumerate(claims, start=1):
        document.add_paragraph(claim if numbered_by_word else f"{number}. {claim}", style="List Number" if numbered_by_word else None)
    heading("ABSTRACT OF THE DISCLOSURE")
    document.add_paragraph("A pump has a sealed housing.")
    return document


@pytest.mark.parametrize("numbered_by_word", [True, False])
@pytest.mark.parametrize("headings_by_style", [True, False])
def test_a_draft_application_in_word(numbered_by_word: bool, headings_by_style: bool) -> None:
    found = of_word(american_draft(numbered_by_word, headings_by_style), "Pump draft (v2).docx")
    assert found.title == ("Pump with a Sealed Housing" if headings_by_style else "PUMP WITH A SEALED HOUSING")
    assert found.language == "en"
    assert [(c.number, c.text, c.depends_on) for c in found.claims] == [
        (1, "A pump comprising a housing.", ()),
        (2, "The pump of claim 1, wherein the housing is sealed.", (1,)),
        (3, "The pump of claim 1 or 2, wherein it is of steel.", (1, 2)),
    ]
    assert found.abstract == "A pump has a sealed housing."
    assert outline(found) == [
        ("cross_reference", "CROSS-REFERENCE TO RELATED APPLICATIONS", ["This application claims the benefit of an earlier one."]),
        ("background", "BACKGROUND", ["Pumps are known. They leak."]),
        ("summary", "SUMMARY", ["A pump that does not leak is provided."]),
        ("drawings", "BRIEF DESCRIPTION OF THE DRAWINGS", ["FIG. 1 shows a pump."]),
        ("description", "DETAILED DESCRIPTION", ["The pump 10 moves H₂O."]),
    ]
    assert [p.number for s in found.sections for p in s.paragraphs] == ["0001", "0002", "0003", "0004", "0005"]
    assert found.number.startswith("FILE:Pump-draft-v2-")
    assert found.warnings == (f"no publication number in the file; it is kept as {found.number}",)


CHINESE_DRAFT = """说明书摘要
本发明公开了一种泵，包括壳体。

权利要求书
1.一种泵，其特征在于，包括：
壳体；以及
叶轮。
2.根据权利要求1所述的泵，其特征在于，所述壳体密封。
3、如权利要求1或2所述的泵，其特征在于，所述叶轮为塑料。

说明书
一种泵
技术领域
本发明涉及一种泵。
背景技术
泵是已知的，但是泄漏。
发明内容
本发明提供一种不泄漏的泵。
附图说明
图1为泵的示意图。
具体实施方式
下面结合附图说明本发明。
说明书附图
图1
"""


def test_a_chinese_draft() -> None:
    found = of_text(CHINESE_DRAFT, "泵 草稿.txt")
    assert (found.title, found.abstract, found.language) == ("一种泵", "本发明公开了一种泵，包括壳体。", "zh")
    assert [(c.number, c.text, c.depends_on) for c in found.claims] == [
        (1, "一种泵，其特征在于，包括：\n壳体；以及\n叶轮。", ()),
        (2, "根据权利要求1所述的泵，其特征在于，所述壳体密封。", (1,)),
        (3, "如权利要求1或2所述的泵，其特征在于，所述叶轮为塑料。", (1, 2)),
    ]
    assert [kind for kind, _, _ in outline(found)] == ["field", "background", "summary", "drawings", "description", "description"]
    assert found.number.startswith("FILE:泵-草稿-")


def test_a_typed_specification_with_its_claims_in_the_middle_of_a_paragraph() -> None:
    found = of_text(
        "SEALED PUMP\n\nBACKGROUND\n\nPumps are known.\n\nDETAILED DESCRIPTION\n\nThe pump is of steel. "
        "What is claimed is: 1. A pump comprising a housing. 2. The pump of claim 1, of steel.\n\nABSTRACT\n\nA pump."
    )
    assert [(c.number, c.text) for c in found.claims] == [(1, "A pump comprising a housing."), (2, "The pump of claim 1, of steel.")]
    assert outline(found)[-1][2] == ["The pump is of steel."]
    assert found.abstract == "A pump."


def test_claims_without_any_words_above_them() -> None:
    found = of_text("一种泵\n1.一种泵，其特征在于，包括壳体。\n2.根据权利要求1所述的泵，其特征在于，所述壳体密封。")
    assert [c.depends_on for c in found.claims] == [(), (1,)]
    assert of_text("Steps:\n\n1. Heat the water.\n\n2. Cool the water.").claims == ()


UNITED_STATES = [
    ("(12) United States Patent", 1),
    ("(10) Patent No.: US 8,926,509 B2", 1),
    ("(45) Date of Patent: Jan. 6, 2015", 1),
    ("(54) SEALED PUMP ASSEMBLY", 1),
    ("(22) Filed: Aug. 22, 2008", 1),
    ("(57) ABSTRACT", 1),
    ("A pump (10) with a housing (12).", 1),
    ("3 Claims, 5 Drawing Sheets", 1),
    ("SEALED PUMP ASSEMBLY", 2),
    ("BACKGROUND", 2),
    ("Pumps are known.", 2),
    ("I claim:", 3),
    ("1. A pump with a housing.", 3),
    ("2. The pump of claim 1, of steel.", 3),
    ("* * * * *", 3),
]


def test_a_printed_grant_and_the_count_of_its_claims() -> None:
    found = of_blocks([Block("paragraph", text, page) for text, page in UNITED_STATES], "x.pdf")
    assert (found.number, found.kind, found.title, found.abstract) == (
        "US8926509B2",
        "B2",
        "SEALED PUMP ASSEMBLY",
        "A pump (10) with a housing (12).",
    )
    assert (found.dates.filing, found.dates.publication, found.dates.priority) == (date(2008, 8, 22), date(2015, 1, 6), date(2008, 8, 22))
    assert [c.text for c in found.claims] == ["A pump with a housing.", "The pump of claim 1, of steel."]
    assert outline(found)[-1] == ("background", "BACKGROUND", ["Pumps are known."])
    assert found.warnings == ("the front page says 3 claims; 2 were found",)


def test_claims_in_three_languages() -> None:
    lines = [
        ("(11) EP 1 234 567 B1", 1),
        ("(45) 12.03.2008", 1),
        ("(54) Printing apparatus", 1),
        ("Druckvorrichtung", 1),
        ("Appareil d'impression", 1),
        ("Description", 2),
        ("[0001] The invention relates to printing. [0002] A printer is known.", 2),
        ("Claims", 3),
        ("1. An apparatus comprising a drum.", 3),
        ("2. The apparatus of claim 1, wherein the drum is hot.", 3),
        ("Patentansprüche", 4),
        ("1. Vorrichtung mit einer Trommel, die in einem Gehäuse ist.", 4),
        ("2. Vorrichtung nach Anspruch 1, wobei die Trommel heiß ist.", 4),
        ("Revendications", 5),
        ("1. Appareil comprenant un tambour qui est dans un boîtier.", 5),
    ]
    found = of_blocks([Block("paragraph", text, page) for text, page in lines])
    assert found.titles == {"en": "Printing apparatus", "de": "Druckvorrichtung", "fr": "Appareil d'impression"}
    assert found.language == "en"
    assert [c.number for c in found.claims] == [1, 2]
    assert {language: len(claims) for language, claims in found.translated_claims.items()} == {"de": 2, "fr": 1}
    assert [p.number for p in found.sections[-1].paragraphs] == ["0001", "0002"]


def test_a_chinese_publication_repeats_the_heads_of_its_pages() -> None:
    lines = [
        ("(10)申请公布号 CN 104245143 A (43)申请公布日 2014.12.24", 1),
        ("(21)申请号 201380018768.0", 1),
        ("(54)发明名称 一种泵", 1),
        ("(57)摘要 一种泵。", 1),
        ("CN 104245143 A 权 利 要 求 书 1/2 页", 2),
        ("1. 一种泵，其特征在于，包括壳体。", 2),
        ("CN 104245143 A 权 利 要 求 书 2/2 页", 3),
        ("2. 根据权利要求1所述的泵，其特征在于，所述壳体密封。", 3),
        ("CN 104245143 A 说 明 书 1/2 页", 4),
        ("一种泵", 4),
        ("技术领域", 4),
        ("[0001] 本发明涉及泵。", 4),
        ("CN 104245143 A 说 明 书 2/2 页", 5),
        ("[0002] 泵泄漏。", 5),
    ]
    found = of_blocks([Block("paragraph", text, page) for text, page in lines])
    assert (found.number, found.title, found.abstract) == ("CN104245143A", "一种泵", "一种泵。")
    assert [c.number for c in found.claims] == [1, 2]
    assert outline(found)[-1] == ("field", "技术领域", ["本发明涉及泵。", "泵泄漏。"])


def test_a_search_report_after_the_drawings_is_no_claim() -> None:
    lines = [
        ("Claims", 2),
        ("1. A pump with a housing.", 2),
        ("2. The pump of claim 1, 20", 3),
        ("EUROPEAN SEARCH REPORT", 9),
        ("Documents that are relevant", 9),
    ]
    found = of_blocks([Block("paragraph", text, page) for text, page in lines])
    assert [c.text for c in found.claims] == ["A pump with a housing.", "The pump of claim 1, 20"]
    assert [p.text for s in found.sections for p in s.paragraphs] == ["EUROPEAN SEARCH REPORT", "Documents that are relevant"]


def test_an_old_patent_that_was_read_by_ocr() -> None:
    lines = [
        ("UNITED STATES", 1),
        ("PATENT OEFICE,", 1),
        ("JANE DOE, OF NEWTON, MASSACHUSETTS,", 1),
        ("IMPROVEMENT IN PUMPS.", 1),
        ("Specification forining part of Letters Patent No. 123,456, dated January 28, 1873.", 1),
        ("To dall chom it may concerºn:", 1),
        ("Be it known that I, JANE DOE, have invented a pump.", 1),
        ("Having thus described it, what! claim as new, and desire to secure. by Letters Patent, is—", 1),
        ("The pump, substantially as set forth.", 1),
        ("JANE DOE.", 1),
        ("J. E. ROE, Witnesses:", 1),
        ("A. B. COE.", 1),
    ]
    found = of_blocks([Block("heading" if text == "JANE DOE." else "paragraph", text, page) for text, page in lines])
    assert (found.number, found.title, found.dates.publication) == ("US123456", "IMPROVEMENT IN PUMPS", date(1873, 1, 28))
    assert [c.text for c in found.claims] == ["The pump, substantially as set forth."]
    assert outline(found)[-1] == ("description", "Signatures", ["JANE DOE.", "J. E. ROE, Witnesses:", "A. B. COE."])


def test_a_japanese_application() -> None:
    text = (
        "【発明の名称】ポンプ\n【特許請求の範囲】\n【請求項１】\nハウジングを備えるポンプ。\n【請求項２】請求項１に記載のポンプ。\n"
        "【発明の詳細な説明】\n【技術分野】\n【０００１】\nこの発明はポンプに関する。"
    )
    found = of_text(text)
    assert (found.title, found.language) == ("ポンプ", "ja")
    assert [c.number for c in found.claims] == [1, 2]
    assert found.sections[-1].paragraphs[-1].number == "0001"


def test_a_second_set_of_claims_is_kept() -> None:
    found = of_text("PUMP\n\nClaims\n\n1. A pump.\n\n2. The pump of claim 1.\n\nDescription\n\nA pump is shown.\n\nClaims\n\n1. A valve.")
    assert [c.text for c in found.claims] == ["A pump.", "The pump of claim 1."]
    assert "1. A valve." in [p.text for s in found.sections for p in s.paragraphs]
    assert any("second set" in warning for warning in found.warnings)


def test_text_that_is_no_patent_is_a_document_all_the_same() -> None:
    found = of_text("第一章 总则\n第一条 为了保护专利权人的合法权益，制定本法。\n第二条 本法所称的发明创造是指发明。", "law.txt")
    assert found.claims == () and found.titles == {} and found.language == "zh"
    assert outline(found) == [("description", "第一章总则", ["第一条为了保护专利权人的合法权益，制定本法。", "第二条本法所称的发明创造是指发明。"])]
    assert len(found.warnings) == 2


@pytest.mark.parametrize("blocks", [[], [Block("paragraph", "  ")], [Block("paragraph", "12 -- 34"), Block("table", "1 | 2")]])
def test_a_file_without_words_is_an_error(blocks: list[Block]) -> None:
    with pytest.raises(ReadError, match="no words"):
        of_blocks(blocks)


@pytest.mark.parametrize("name", ["a b#c<d>.txt", "泵（草稿）.docx", "....", "x" * 300 + ".pdf", "草稿", "-.txt", "a\nb.txt"])
def test_the_number_of_a_file_is_a_key_and_depends_on_its_path(name: str) -> None:
    def number(folder: str) -> str:
        return document_of_blocks([Block("paragraph", "A pump.")], Source(path=f"{folder}/{name}"), name).number

    assert number("/a") == number("/a") != number("/b")
    assert len(number("/a")) <= 128


def test_what_is_known_from_elsewhere_takes_precedence() -> None:
    found = document_of_blocks(
        [Block("paragraph", text, page) for text, page in UNITED_STATES],
        Source(),
        "x",
        {"number": "US1B1", "title": "Another", "claim_count": 2},
        ["page 4 was hard to read"],
    )
    assert (found.number, found.title) == ("US1B1", "Another")
    assert found.warnings == ("page 4 was hard to read",)


def test_the_number_may_stand_alone_on_the_page() -> None:
    found = of_text("CN104245143A\n\n权利要求书\n\n1.一种泵，其特征在于，包括壳体。")
    assert (found.number, found.kind) == ("CN104245143A", "A")


CLASSIC = {
    "us-132-davenport-electric-motor": ("US132", 1),
    "us-135245-pasteur-fermentation": ("US135245", 3),
    "us-157124-glidden-barbed-wire-reviewed": ("US157124", 1),
    "us-1781541-einstein-refrigerator-reviewed": ("US1781541", 5),
    "us-223898-edison-lightbulb-reviewed": ("US223898", 4),
    "us-233692-pelton-water-wheel": ("US233692", 2),
    "us-247804-delaval-separator-reviewed": ("US247804", 4),
    "us-319596-maxim-machine-gun": ("US319596", 0),
    "us-36836-gatling-gun-reviewed": ("US36836", 5),
    "us-470918-reno-escalator": ("US470918", 0),
    "us-621195-zeppelin-airship": ("US621195", 0),
    "us-6469-lincoln-buoy": ("US6469", 1),
    "us-78317-nobel-dynamite": ("US78317", 2),
    "us-808897-carrier-air-conditioner": ("US808897", 0),
    "us-879532-de-forest-audion-reviewed": ("US879532", 21),
    "gb-1420-cort-puddling-rolling-reviewed": ("GB178401420", 0),
    "gb-913-watt-separate-condenser-reviewed": ("GB176900913", 0),
    "gb-931-arkwright-water-frame-reviewed": ("GB176900931", 4),
}
"""The number and the count of claims of each transcript, read by eye."""


@pytest.mark.parametrize("name", CLASSIC)
def test_transcripts_of_old_patents(data: Path, name: str) -> None:
    raw = (data / "pdf" / "classic" / f"{name}.txt").read_bytes()
    found = of_blocks(blocks_of_text(raw), f"{name}.txt")
    number, claims = CLASSIC[name]
    assert found.number == number
    assert [c.number for c in found.claims] == list(range(1, claims + 1))
    assert found.title and found.parties
    for claim in found.claims:
        assert not any(word in claim.text.lower() for word in ("witness", "testimony", "signed by me"))
    said = sorted(c for c in raw.decode().lower() if c.isalnum())
    kept = [*found.titles.values(), *(c.text for c in found.claims), *(p.text for s in found.sections for p in s.paragraphs)]
    kept += [s.heading for s in found.sections] + [p.name for p in found.parties]
    assert len("".join(c for text in kept for c in text if c.isalnum())) > 0.9 * len(said)


def test_a_transcript_without_a_number(data: Path) -> None:
    raw = (data / "pdf" / "classic" / "us-2495429-spencer-microwave.txt").read_bytes()
    found = of_blocks(blocks_of_text(raw), "us-2495429-spencer-microwave.txt")
    assert found.number.startswith("FILE:us-2495429-spencer-microwave-")
    assert found.dates.filing == date(1945, 10, 8)


def test_law_texts_are_kept_word_for_word(data: Path) -> None:
    for path in sorted((data / "law" / "zh").glob("*.txt")):
        raw = path.read_bytes()
        found = of_blocks(blocks_of_text(raw), path.name)
        assert found.language == "zh" and found.claims == ()
        said = "".join(raw.decode().split())
        kept = "".join(s.heading.replace(" / ", "") + "".join(p.text for p in s.paragraphs) for s in found.sections)
        assert "".join(kept.split()) == said


WORD_LIST = ("alpha", "beta", "gamma", "delta", "一种", "泵体")
WORDS = st.sampled_from(WORD_LIST)
SENTENCES = st.lists(WORDS, min_size=3, max_size=9).map(lambda words: f"The {' '.join(words)} is shown.")
PIECES = st.lists(
    st.one_of(
        SENTENCES.map(lambda text: Block("paragraph", text)),
        SENTENCES.map(lambda text: Block("item", f"- {text}")),
        st.builds(lambda n, text: Block("paragraph", f"{n}. {text}"), st.integers(1, 4), SENTENCES),
        st.builds(lambda n, text: Block("paragraph", f"[{n:04d}] {text}"), st.integers(1, 4), SENTENCES),
        st.lists(WORDS, min_size=2, max_size=2).map(lambda row: Block("table", " | ".join(row))),
        st.lists(WORDS, min_size=1, max_size=4).map(lambda words: Block("heading", " ".join(words).title())),
        st.sampled_from(["CLAIMS", "ABSTRACT", "BACKGROUND", "Description", "权利要求书", "What is claimed is:", "Witnesses:", "JANE DOE."]).map(
            lambda text: Block("heading", text)
        ),
    ),
    min_size=1,
    max_size=14,
    unique_by=lambda block: "".join(c for c in block.text.lower() if c.isalpha()),  # a title that is repeated is told once
)


@settings(max_examples=300, deadline=None)
@given(PIECES)
def test_no_word_is_lost_and_none_is_doubled(blocks: list[Block]) -> None:
    try:
        found = of_blocks(blocks)
    except ReadError:
        assert not any(word in block.text.lower() for block in blocks for word in WORD_LIST)
        return
    kept = [*found.titles.values(), *found.abstracts.values(), *(c.text for c in found.claims)]
    kept += [c.text for claims in found.translated_claims.values() for c in claims]
    kept += [text for s in found.sections for text in (s.heading, *(p.text for p in s.paragraphs))]
    joined = " ".join(kept).lower()
    for word in WORD_LIST:
        assert joined.count(word) == sum(block.text.lower().count(word) for block in blocks), word


ANY_BLOCK = st.builds(
    Block,
    st.sampled_from(["heading", "paragraph", "item", "table"]),
    st.one_of(
        st.text(max_size=40),
        st.sampled_from(
            [
                "(54) A",
                "(10) US 1 B2",
                "(57)",
                "[0001]",
                "1.",
                "1. A",
                "CLAIMS",
                "摘要",
                "UNITED STATES PATENT OFFICE",
                "I claim",
                "No. 7",
                "Witnesses:",
            ]
        ),
    ),
    st.integers(0, 3),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(ANY_BLOCK, max_size=12))
def test_any_blocks_give_a_document_or_a_read_error(blocks: list[Block]) -> None:
    try:
        found = of_blocks(blocks)
    except ReadError:
        return
    assert found.number


def test_the_time_grows_with_the_length() -> None:
    blocks = [Block("paragraph", f"[{n:05d}] The pump (10) is shown in FIG. {n}. What is claimed is not this.") for n in range(20_000)]
    begin = time.perf_counter()
    of_blocks(blocks)
    assert time.perf_counter() - begin < 5


def typed(document: PatentDocument, words: tuple[str, str, str]) -> str:
    """The document as somebody types it: abstract, claims and description under the words for them."""
    abstract, claims, description = words
    lines = [abstract, document.abstract, claims]
    lines += [f"{claim.number}. {line}" if i == 0 else line for claim in document.claims for i, line in enumerate(claim.text.split("\n"))]
    lines += [description, document.title]
    for section in document.sections:
        lines += [section.heading] if section.heading else []
        lines += [f"[{p.number}] {' '.join(p.text.split())}" for p in section.paragraphs]
    return "\n\n".join(line for line in lines if line)


def compact(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("folder", "words"),
    [
        ("cnipa", ("说明书摘要", "权利要求书", "说明书")),
        ("uspto/xml2014", ("ABSTRACT", "CLAIMS", "DESCRIPTION")),
        ("uspto/bulk/ipg070102.small.xml", ("ABSTRACT", "What is claimed is:", "DESCRIPTION")),
    ],
)
def test_real_patents_typed_as_text_are_read_back(data: Path, folder: str, words: tuple[str, str, str]) -> None:
    originals = [o for o in read([data / folder]) if isinstance(o, PatentDocument)]
    assert originals
    for original in originals:
        found = of_text(typed(original, words))
        assert compact(found.title) == compact(original.title)
        assert compact(found.abstract) == compact(original.abstract)
        assert [(c.number, compact(c.text)) for c in found.claims] == [(c.number, compact(c.text)) for c in original.claims]
        numbered = {p.number: compact(p.text) for s in found.sections for p in s.paragraphs}
        expected = {p.number: compact(p.text) for s in original.sections for p in s.paragraphs if p.number.isdigit() and len(p.number) == 4}
        assert {number: numbered.get(number) for number in expected} == expected


@pytest.mark.parametrize(
    ("name", "doubtful"), [("us-36836-gun.pdf", True), ("US0099123456B2.pdf", False), ("scan.pdf", False), ("2024-99123456.txt", False)]
)
def test_a_number_that_is_not_the_one_in_the_file_s_name_is_doubtful(name, doubtful):
    blocks = [Block("paragraph", "(10) Patent No.: US 99,123,456 B2"), Block("paragraph", "(54) PUMP"), Block("paragraph", "A pump with a seal.")]
    made = document_of_blocks(blocks, Source(path=f"/x/{name}"), name)
    assert made.number == "US99123456B2"
    assert any("check which is right" in warning for warning in made.warnings) is doubtful
