"""Extractive summaries: verbatim, cited, in reading order, of documents of every kind and length."""

import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import AssistantError
from assistant.summaries import Length, Summary, extractive
from assistant.summaries.candidates import size
from assistant.summaries.summary import LABELS, NAMES, NOTES, REASONS
from ingest import Claim, Paragraph, PatentDocument, Section, read
from ingest.anchor import text_at

EN = PatentDocument(
    number="US1A1",
    language="en",
    titles={"en": "Pump with a magnetic coupling"},
    abstracts={"en": "A pump has a magnetic coupling. The coupling needs no seal."},
    sections=(
        Section(
            heading="CROSS-REFERENCE",
            kind="cross_reference",
            paragraphs=(Paragraph(number="1", text="This application claims the benefit of 60/1."),),
        ),
        Section(
            heading="BACKGROUND",
            kind="background",
            paragraphs=(
                Paragraph(
                    number="2",
                    text="Pumps for acids are known. A drawback of known pumps is that their shaft seals leak acid into the housing of the motor.",
                ),
            ),
        ),
        Section(
            heading="SUMMARY",
            kind="summary",
            paragraphs=(
                Paragraph(number="3", text="The present invention relates to a pump with a magnetic coupling between a motor and an impeller."),
                Paragraph(
                    number="4",
                    text="The magnetic coupling transmits the torque of the motor through a closed wall. It is much smaller than other couplings.",
                ),
                Paragraph(number="5", text="The invention makes it possible to pump acids without any leakage along the shaft."),
            ),
        ),
        Section(
            heading="BRIEF DESCRIPTION OF THE DRAWINGS",
            kind="drawings",
            paragraphs=(Paragraph(number="6", text="FIG. 1 shows a section through the pump with the coupling."),),
        ),
        Section(
            heading="DETAILED DESCRIPTION",
            kind="description",
            paragraphs=(
                Paragraph(number="7", text="The outer ring of the coupling carries twelve magnets made of neodymium."),
                Paragraph(number="8", text="The inner ring turns with the impeller and is moulded into plastics that acids do not attack."),
                Paragraph(number="9", text="In one embodiment, the closed wall is made of a ceramic that is three millimetres thick."),
                Paragraph(
                    number="10",
                    text="It is to be understood that those skilled in the art may change the magnets without departing from the invention.",
                ),
            ),
        ),
    ),
    claims=(
        Claim(number=1, text="A pump, comprising:\na motor;\nan impeller; and\na magnetic coupling between the motor and the impeller."),
        Claim(number=2, text="The pump of claim 1, wherein the coupling has a ceramic wall."),
    ),
)
ZH = PatentDocument(
    number="CN1A",
    language="zh",
    titles={"zh": "一种磁力泵"},
    sections=(
        Section(heading="技术领域", kind="field", paragraphs=(Paragraph(number="1", text="本发明涉及泵技术领域，尤其涉及一种磁力泵。"),)),
        Section(
            heading="背景技术", kind="background", paragraphs=(Paragraph(number="2", text="现有的酸液泵存在轴封泄漏的问题，电机容易被酸液腐蚀。"),)
        ),
        Section(
            heading="发明内容",
            kind="summary",
            paragraphs=(
                Paragraph(number="3", text="本发明提供一种磁力泵，包括电机、叶轮以及连接电机与叶轮的磁力联轴器。"),
                Paragraph(number="4", text="本发明的有益效果是：磁力联轴器隔着封闭壁传递扭矩，避免了酸液沿轴泄漏。"),
            ),
        ),
        Section(heading="附图说明", kind="drawings", paragraphs=(Paragraph(number="5", text="图1为本发明磁力泵的剖视图。"),)),
        Section(
            heading="具体实施方式",
            kind="description",
            paragraphs=(
                Paragraph(number="6", text="磁力联轴器的外环设有十二块钕磁铁，内环与叶轮一同转动。其由塑料包覆并固定在轴上。"),
                Paragraph(number="7", text="在另一实施例中，封闭壁由厚度为三毫米的陶瓷制成。"),
                Paragraph(number="8", text="以上所述仅为本发明的较佳实施例，并不用于限制本发明的保护范围。"),
            ),
        ),
    ),
    claims=(Claim(number=1, text="一种磁力泵，其特征在于，包括：\n电机；\n叶轮；以及\n连接所述电机与所述叶轮的磁力联轴器。"),),
)
BOTH = pytest.mark.parametrize("document", [EN, ZH], ids=["en", "zh"])


def order(document: PatentDocument) -> list[str]:
    return [
        f"{document.number}#abs",
        *(f"{document.number}#{s.part(p.number)}" for s in document.sections for p in s.paragraphs),
        *(f"{document.number}#c{c.number}" for c in document.claims),
    ]


def check(document: PatentDocument, summary: Summary) -> None:
    """What holds of every summary: verbatim, one place a sentence, reading order, the numbers of the coverage."""
    anchors = order(document)
    for sentence in summary.sentences():
        (citation,) = sentence.citations
        assert citation.quote and citation.quote in text_at(document, citation.anchor)
        assert sentence.text == " ".join(citation.quote.split()) + ("…" if sentence.cut else "")
    for sentences in (summary.abstract, *(part.sentences for part in summary.parts)):
        places = [(anchors.index(s.citations[0].anchor), text_at(document, s.citations[0].anchor).index(s.citations[0].quote)) for s in sentences]
        assert [place[0] for place in places] == sorted(place[0] for place in places)
    assert [part.name for part in summary.parts] == list(NAMES)
    assert [s.first for s in summary.coverage] == [a for a in anchors if a in {s.first for s in summary.coverage}]
    with_text = [anchor for anchor in anchors if not anchor.endswith("#abs") and text_at(document, anchor).strip()]
    assert sum(section.units for section in summary.coverage if section.kind != "abstract") == len(with_text)
    for section in summary.coverage:
        assert section.considered + sum(section.left_out.values()) == section.sentences
        assert section.drawn_on <= section.considered and section.units_drawn_on <= section.units_considered <= section.units
        assert set(section.left_out) <= set(REASONS["en"])
    cited = {s.citations[0].anchor for s in summary.sentences()}
    assert sum(section.units_drawn_on for section in summary.coverage) == len(cited)
    assert Summary.model_validate_json(summary.model_dump_json()) == summary


@BOTH
def test_sentences_stand_word_for_word_where_they_are_cited(document: PatentDocument) -> None:
    check(document, extractive(document))


@BOTH
def test_the_same_document_gives_the_same_summary(document: PatentDocument) -> None:
    assert extractive(document) == extractive(document)


@BOTH
def test_each_part_draws_on_what_it_is_about(document: PatentDocument) -> None:
    summary = extractive(document)
    places = {part.name: [s.citations[0].anchor.partition("#")[2] for s in part.sentences] for part in summary.parts}
    wanted = {
        "US1A1": {"field": ["p3"], "problem": ["p2"], "advantages": ["p5"], "solution": ["p4"], "claimed": ["c1"], "embodiments": ["p9"]},
        "CN1A": {"field": ["p1"], "problem": ["p2"], "advantages": ["p4"], "solution": ["p3"], "claimed": ["c1"], "embodiments": ["p7"]},
    }[document.number]
    assert {name: places[name] for name in wanted} == wanted
    assert set(places["how_it_works"]) <= {"p6", "p7", "p8"}
    assert places["how_it_works"]


@BOTH
def test_formulas_captions_and_cross_references_are_left_out_and_counted(document: PatentDocument) -> None:
    summary = extractive(document)
    text = "\n".join(s.text for s in summary.sentences())
    for phrase in ("understood", "FIG. 1", "60/1", "It is much smaller", "以上所述", "图1为", "其由塑料"):
        assert phrase not in text
    reasons = sum((Counter(section.left_out) for section in summary.coverage), Counter[str]())
    assert reasons["formula"] == reasons["drawings"] == reasons["dangling"] == 1
    if document is EN:
        assert reasons["cross_reference"] == 1


@BOTH
def test_the_gist_names_the_invention(document: PatentDocument) -> None:
    gist = extractive(document).gist
    assert gist is not None
    assert ("magnetic coupling" if document is EN else "磁力泵") in gist.text
    assert size(gist.text, document.language) <= Length().of("gist", document.language)


def test_the_abstract_is_no_source_but_where_there_is_nothing_else() -> None:
    assert all("#abs" not in s.citations[0].anchor for s in extractive(EN).sentences())
    assert extractive(EN).coverage[0].left_out == {"abstract": 2}
    alone = EN.model_copy(update={"sections": (), "claims": ()})
    summary = extractive(alone)
    check(alone, summary)
    assert {s.citations[0].anchor for s in summary.abstract} == {"US1A1#abs"}


@BOTH
def test_claims_alone(document: PatentDocument) -> None:
    alone = document.model_copy(update={"sections": ()})
    summary = extractive(alone)
    check(alone, summary)
    assert [s.citations[0].anchor for s in summary.part("claimed")] == [f"{document.number}#c1"]
    assert summary.abstract
    assert [note.text("en") for note in summary.notes] == ["nothing found for: Field, Problem, Solution, How it works, Advantages, Embodiments"]
    assert summary.notes[0].text("zh").startswith("未找到：技术领域、解决的问题")


def test_a_document_without_headings() -> None:
    paragraphs = tuple(p for s in EN.sections if s.kind != "cross_reference" for p in s.paragraphs)
    plain = EN.model_copy(update={"sections": (Section(paragraphs=paragraphs),)})
    summary = extractive(plain)
    check(plain, summary)
    assert [s.citations[0].anchor for s in summary.part("problem")] == ["US1A1#p2"]
    assert all(summary.part(name) for name in ("field", "solution", "how_it_works", "claimed"))


def test_a_title_alone_can_not_be_summarised() -> None:
    with pytest.raises(AssistantError, match="US2A1: the document has no abstract, claims or description to summarise"):
        extractive(PatentDocument(number="US2A1", titles={"en": "Pump"}))


def test_where_no_sentence_can_be_read_alone_all_may_be_chosen() -> None:
    document = PatentDocument(number="US3A1", language="en", sections=(Section(paragraphs=(Paragraph(number="1", text="It turns."),)),))
    summary = extractive(document)
    check(document, summary)
    assert [s.text for s in summary.abstract] == ["It turns."]


def test_what_is_said_twice_is_chosen_once() -> None:
    said = "The magnetic coupling transmits the torque of the motor through a closed wall."
    twice = EN.sections[2].model_copy(update={"paragraphs": tuple(Paragraph(number=f"2{i}", text=said) for i in range(4))})
    document = EN.model_copy(update={"sections": (*EN.sections[:2], twice, *EN.sections[3:])})
    summary = extractive(document)
    assert [s.text for s in summary.abstract].count(said) <= 1
    assert [s.text for s in summary.part("solution")].count(said) == 1
    assert next(section for section in summary.coverage if section.kind == "summary").left_out == {"repeated": 3}


@BOTH
def test_lengths(document: PatentDocument) -> None:
    length = Length(gist=12, gist_characters=30, abstract=25, abstract_characters=60, claim=20, claim_characters=40, sentences=1)
    short = extractive(document, length)
    check(document, short)
    assert sum(size(s.citations[0].quote, document.language) for s in short.abstract) <= length.of("abstract", document.language)
    assert all(len(part.sentences) <= 1 for part in short.parts)
    assert short.gist and size(short.gist.citations[0].quote, document.language) <= length.of("gist", document.language)
    assert len("".join(s.text for s in extractive(document).abstract)) > len("".join(s.text for s in short.abstract))


def test_a_long_claim_is_cut_where_an_element_ends() -> None:
    claim = Claim(number=1, text="A pump, comprising:\n" + "\n".join(f"a part {i} that holds the part {i + 1} of the pump;" for i in range(40)))
    document = PatentDocument(number="US4A1", language="en", titles={"en": "Pump"}, claims=(claim,))
    summary = extractive(document)
    check(document, summary)
    (claimed,) = summary.part("claimed")
    assert claimed.cut and claimed.text.endswith(" of the pump;…")
    assert size(claimed.citations[0].quote, "en") <= Length().claim
    assert summary.gist and summary.gist.cut


def test_independent_claims_that_are_not_quoted_are_named() -> None:
    claims = tuple(Claim(number=i, text=f"A device of kind {i}, comprising a part {'x' * i}.") for i in range(1, 6))
    document = PatentDocument(number="US5A1", language="en", claims=claims)
    summary = extractive(document, Length(sentences=2))
    check(document, summary)
    quoted = [s.citations[0].anchor for s in summary.part("claimed")]
    assert len(quoted) == 2 and quoted[0] == "US5A1#c1"
    missing = [f"c{i}" for i in range(1, 6) if f"US5A1#c{i}" not in quoted]
    assert f"independent claims that are not quoted: {', '.join(missing)}" in [note.text("en") for note in summary.notes]


def test_other_languages_are_read_by_terms_and_say_so() -> None:
    document = PatentDocument(
        number="DE1A1",
        language="de",
        titles={"de": "Pumpe mit Magnetkupplung"},
        sections=(
            Section(
                heading="Beschreibung",
                kind="summary",
                paragraphs=(
                    Paragraph(number="1", text="Die Pumpe hat eine Magnetkupplung zwischen dem Motor und dem Laufrad."),
                    Paragraph(number="2", text="Das Laufrad besteht aus Kunststoff und dreht sich in einem Gehäuse."),
                ),
            ),
        ),
    )
    summary = extractive(document)
    check(document, summary)
    assert summary.part("solution") and not summary.part("problem")
    assert summary.notes[0].text("en").startswith("language de: chosen by sections, places and terms alone")


@pytest.mark.parametrize(
    ("language", "text"),
    [("ja", "ポンプは磁気継手を有する。羽根車は樹脂からなる。"), ("ko", "펌프는 자기 커플링을 가진다. 임펠러는 수지로 이루어진다.")],
)
def test_languages_of_which_not_even_the_terms_are_known_give_sentences(language: str, text: str) -> None:
    document = PatentDocument(number="XX1A1", language=language, sections=(Section(paragraphs=(Paragraph(number="1", text=text),)),))
    summary = extractive(document)
    check(document, summary)
    assert summary.abstract and summary.notes


def test_the_samples(sample: Path) -> None:
    documents = [
        document for document in read(sorted([*(sample / "en").iterdir(), *(sample / "zh").iterdir()])) if isinstance(document, PatentDocument)
    ]
    assert len(documents) >= 20
    for document in documents:
        summary = extractive(document)
        check(document, summary)
        assert summary.gist and summary.abstract and summary.part("claimed")


def test_chinese_applications(data: Path) -> None:
    documents = [document for document in read(data / "cnipa") if isinstance(document, PatentDocument)]
    assert documents
    for document in documents:
        check(document, extractive(document))


def test_a_document_of_300_pages_is_read_in_seconds_and_from_end_to_end() -> None:
    words = "pump motor impeller magnet ring wall shaft acid seal torque sensor valve spring plate housing".split()
    sections = tuple(
        Section(
            heading=f"Example {s}",
            paragraphs=tuple(
                Paragraph(
                    number=f"{s:03d}{p:03d}",
                    text=" ".join(
                        f"The {words[(s + p + i) % 15]} of part {s * p + i} moves the {words[(s * i) % 15]} along the {words[(p * i) % 15]}."
                        for i in range(12)
                    ),
                )
                for p in range(25)
            ),
        )
        for s in range(45)
    )
    document = EN.model_copy(update={"sections": sections})
    assert sum(len(p.text.split()) for s in sections for p in s.paragraphs) > 145_000
    began = time.process_time()
    summary = extractive(document)
    assert time.process_time() - began < 100
    check(document, summary)
    assert len(summary.coverage) == 47 and all(section.considered for section in summary.coverage[1:])
    examples = [s.citations[0].anchor.partition("#p")[2][:3] for s in summary.part("embodiments")]
    assert len(examples) >= 2 and len(set(examples)) == len(examples)


@given(
    st.lists(st.text(alphabet=st.sampled_from("ab cAB.;:,\n其泵电机，。；图1 ((|“é\u3000\x1f"), min_size=1, max_size=120), min_size=1, max_size=8),
    st.lists(st.text(max_size=60), max_size=3),
    st.sampled_from(["", "en", "zh", "de", "ja"]),
    st.integers(1, 3),
)
@settings(max_examples=150, deadline=None)
def test_any_document(texts: list[str], claims: list[str], language: str, most: int) -> None:
    if not any(text.strip() for text in [*texts, *claims]):
        return
    kinds = ("field", "background", "summary", "drawings", "description", "cross_reference")
    document = PatentDocument(
        number="US6A1",
        language=language,
        sections=tuple(Section(kind=kinds[i % 6], paragraphs=(Paragraph(number=str(i), text=text),)) for i, text in enumerate(texts)),
        claims=tuple(Claim(number=i, text=text) for i, text in enumerate(claims, start=1)),
    )
    check(document, extractive(document, Length(abstract=20, abstract_characters=40, sentences=most)))


def test_labels_and_reasons_are_there_in_both_languages() -> None:
    assert set(LABELS["en"]) == set(LABELS["zh"]) == {*NAMES, "gist", "abstract", "coverage"}
    assert set(REASONS["en"]) == set(REASONS["zh"])
    assert set(NOTES["en"]) == set(NOTES["zh"])


TRANSLATED = ZH.model_copy(
    update={
        "titles": {"zh": "一种磁力泵", "en": "Magnetic pump"},
        "abstracts": {
            "zh": "一种磁力泵，设有磁力联轴器。",
            "en": "A magnetic pump has a coupling with magnets. The coupling needs no seal at the shaft.",
        },
        "translated_claims": {"en": (Claim(number=1, text="A magnetic pump comprising a coupling with twelve magnets around a shaft."),)},
    }
)


def test_in_another_language_the_documents_own_abstract_and_claims_are_read():
    summary = extractive(TRANSLATED, language="en")
    assert (summary.language, summary.title) == ("en", "Magnetic pump")
    assert {c.anchor for s in summary.sentences() for c in s.citations} <= {"CN1A#abs-en", "CN1A#c1-en"}
    assert summary.part("claimed")[0].citations[0].anchor == "CN1A#c1-en"
    assert all(c.quote in text_at(TRANSLATED, c.anchor) for s in summary.sentences() for c in s.citations)
    assert {note.kind: note.about for note in summary.notes}["in_translation"] == ("zh",)
    described = [section for section in summary.coverage if section.kind not in ("abstract", "claims")]
    assert described and all(section.left_out == {"unread": section.sentences} and not section.considered for section in described)


def test_an_abstract_alone_gives_a_summary_in_its_language():
    document = TRANSLATED.model_copy(update={"translated_claims": {}})
    summary = extractive(document, language="en")
    assert summary.abstract and {c.anchor for s in summary.sentences() for c in s.citations} == {"CN1A#abs-en"}


def test_a_language_that_the_document_does_not_have_is_an_error_that_says_what_to_do():
    with pytest.raises(AssistantError, match="CN1A: the document has no abstract or claims in 'en'; name a language model"):
        extractive(ZH, language="en")
    assert extractive(ZH, language="zh") == extractive(ZH)
    assert all(sentence.verdict == "supported" for sentence in extractive(ZH).sentences())
