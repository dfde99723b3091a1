import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.evidence import ANSWERED, FOUND, MAX_STATEMENTS, MODEL, NATIVE, PASSAGES, answer_probability, candidates
from index import Filter

MEASURES = len(NATIVE) - 1
# Each with the paragraph or claim that was read to answer it, and words of that answer.
ANSWERABLE = [
    ("How much oil does the gear case of the wind turbine contain?", "US99000001B2#p0018", "420 liters"),
    ("How much of the oil that creeps along the shaft does the slinger turn back?", "US99000001B2#p0020", "more than 97%"),
    ("With how much water is the cavity of the vapor chamber filled?", "US99000004B2#p0021", "62 g of deaerated water"),
    ("At what pressure difference does the check flap in the vent gas duct open?", "US99000004B2#p0024", "8 kPa"),
    ("Why can aluminum shells not be used with water?", "US99000004B2#p0038", "hydrogen would form"),
    ("How long is an epoch in the mesh network?", "US99000007B2#p0021", "epochs of six hours"),
    ("How many nodes can a segment hold?", "US99000007B2#p0020", "256 nodes"),
    ("How long does one hash take on the microcontroller?", "US99000007B2#p0035", "0.11 ms"),
    ("How thick is the polyimide strip of the glucose sensor?", "US99000013B2#p0019", "75 μm"),
    ("At what wavelength is the second derivative of the nitrate spectrum taken?", "US20990000022A1#p0027", "224 nm"),
    ("How long does the device with the LED listen after it is switched on?", "US99000008B2#p0027", "90 s"),
    ("How many fibres are in one membrane module?", "US99000011B2#p0018", "6,200 fibres"),
    ("How many modules may be backwashed at a time?", "US99000011B2#p0029", "Only one module"),
    ("气凝胶芯片采用什么材料？", "CN199000001A#p0020", "二氧化硅气凝胶毡"),
    ("水泵的额定流量是多少？", "CN199000005A#p0017", "70m3/h"),
    ("再分布系数的初始值是多少？", "CN199000005A#p0025", "壤土b的初始值取6.0"),
    ("凸轮轴每转一周排出多少药液？", "CN199000006B#p0019", "0.12mL"),
    ("为什么采用反向微动而不采用正向微动？", "CN199000006B#p0023", "反向微动只会使压力短暂降低"),
    ("簇头失效时由谁接替？", "CN199000007A#p0032", "簇内剩余电量最高的节点接替"),
    ("更新帧共有多少字节？", "CN199000007A#p0022", "更新帧共44字节"),
    ("一次散列在处理器上耗时多少？", "CN199000007A#p0024", "0.21ms"),
    ("为什么选择蓝色激光？", "CN199000008B#p0021", "450nm附近的强度低于红光波段"),
    ("焊枪横向摆动的频率是多少？", "CN199000008B#p0022", "2.5Hz的频率横向摆动"),
    ("前视队列的长度是多少？", "CN199000008B#p0025", "200个条目"),
    ("聚乙烯基膜的厚度是多少？", "CN199000002A#p0015", "厚度为9μm"),
    ("节流衬套采用什么材料制造？", "CN199000003B#p0026", "填充碳纤维的聚醚醚酮"),
]
UNANSWERABLE = [
    "How is the sourdough starter kept at a constant temperature while it ferments?",
    "Who won the football world cup in 1998?",
    "How are the strings of a guitar tuned automatically?",
    "Which catalyst hydrogenates vegetable oil?",
    "How does the parachute of the drone open?",
    "What dose of ibuprofen is in the tablet?",
    "牙刷的刷毛用什么材料制成？",
    "如何折叠婴儿车的车架？",
    "咖啡豆的烘焙温度是多少？",
    "这种面膜含有多少玻尿酸？",
    "电梯的钢丝绳怎样润滑？",
]
MORE = [
    "How is slurry kept away from the faces of a mechanical seal?",
    "What happens to the vent gas of a damaged cell?",
    "How is lithium plating detected?",
    "How does the irrigation controller find a leak?",
    "What does the corrosion inhibitor contain?",
    "怎样区分部分阻塞与药液粘度的变化？",
    "如何恢复相变材料的潜热？",
    "怎样防止膜的反冲洗过早结束？",
]


@pytest.fixture(scope="module")
def answers(patents):
    """The answer to every question of this module, by the question."""
    asked = [q for q, _, _ in ANSWERABLE] + UNANSWERABLE + MORE
    return {question: patents.ask(question) for question in asked}


@pytest.mark.parametrize(("question", "anchor", "words"), ANSWERABLE)
def test_an_answerable_question_is_answered_from_its_paragraph(answers, source_text, bare, question, anchor, words):
    assert bare(words) in source_text(anchor), "the expectation itself does not stand in the source"
    answer = answers[question]
    quoted = [c.quote for s in answer.statements for c in s.citations if c.anchor == anchor]
    assert any(bare(words) in bare(q) for q in quoted), [s.text for s in answer.statements]


def test_most_answerable_questions_are_answered_and_not_only_in_part(answers):
    statuses = [answers[question].status for question, _, _ in ANSWERABLE]
    assert statuses.count("answered") >= 0.8 * len(statuses)


@pytest.mark.parametrize("question", UNANSWERABLE)
def test_an_unanswerable_question_is_not_found_and_has_no_statements(answers, question):
    answer = answers[question]
    assert (answer.status, answer.statements) == ("not_found", ())
    assert answer.question == question


def test_every_quotation_of_every_answer_stands_verbatim_at_its_anchor(patents, answers, source_text, bare):
    citations = [c for a in answers.values() for s in a.statements for c in s.citations]
    assert len(citations) > 30
    for citation in citations:
        assert citation.quote in patents.show(citation.anchor), citation
        if not citation.anchor.startswith("IPC:"):  # whose text is put together from the titles above
            assert bare(citation.quote) in source_text(citation.anchor), citation


def test_a_statement_is_its_quotation(answers):
    for answer in answers.values():
        assert answer.model == MODEL
        assert len(answer.statements) <= MAX_STATEMENTS
        for statement in answer.statements:
            assert [c.quote for c in statement.citations] == [statement.text]
            assert statement.verdict == ("supported" if answer.status == "answered" else "weak")


def test_quotations_are_pinned_to_one_paragraph(answers):
    anchors = [c.anchor for a in answers.values() for s in a.statements for c in s.citations]
    assert any("#p" in a for a in anchors)
    assert not [a for a in anchors if re.search(r"#p\d+-\d+", a)]


def test_the_citations_come_from_the_hits(answers):
    for answer in answers.values():
        seen = {h.number for h in answer.hits}
        assert {c.anchor.partition("#")[0] for s in answer.statements for c in s.citations} <= seen


def test_no_statement_is_said_twice(answers):
    for answer in answers.values():
        for one, other in itertools.combinations(answer.statements, 2):
            assert one.text not in other.text
            assert other.text not in one.text


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("At what pressure difference does the check flap in the vent gas duct open?", r"\d\s*k?(Pa|bar)"),
        ("How long does one hash take on the microcontroller?", r"\d\s*(ms|s|seconds?|minutes?|hours?|days?)\b"),
        ("聚乙烯基膜的厚度是多少？", r"\d\s*(mm|cm|nm|[μµ]m|m)"),
        ("焊枪横向摆动的频率是多少？", r"\d\s*k?Hz"),
    ],
)
def test_a_question_for_a_quantity_is_answered_with_quantities(answers, question, unit):
    assert answers[question].statements
    assert all(re.search(unit, s.text) for s in answers[question].statements)


@pytest.mark.parametrize(
    ("question", "number", "claim"),
    [
        ("What does claim 1 of US99000001B2 say?", "US99000001B2", 1),
        ("What is claimed in claim 3 of US99000004B2?", "US99000004B2", 3),
        ("Which angle is given in claim 2 of US 99,000,001 B2?", "US99000001B2", 2),
        ("What does claim 16 of US99000004 add?", "US99000004B2", 16),
        *((f"CN199000007A的权利要求{n}限定了什么？", "CN199000007A", n) for n in range(1, 11)),
        ("CN 199000006 B的权利要求第5项是什么？", "CN199000006B", 5),
    ],
)
def test_a_claim_that_is_named_is_quoted_whole(patents, source_text, bare, question, number, claim):
    answer = patents.ask(question)
    assert answer.status == "answered"
    assert {c.anchor for s in answer.statements for c in s.citations} == {f"{number}#c{claim}"}
    said = bare("".join(s.text for s in answer.statements))
    assert re.fullmatch(rf"{claim}[.．、]{re.escape(said)}", source_text(f"{number}#c{claim}"))


def test_several_claims_that_are_named_are_all_quoted(patents):
    answer = patents.ask("What do claims 2 and 3 of US99000001B2 say?")
    assert {c.anchor for s in answer.statements for c in s.citations} == {"US99000001B2#c2", "US99000001B2#c3"}


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("In US99000004B2, at which pressure does the vent tear?", "US99000004B2"),
        ("In US99000004, at which pressure does the vent tear?", "US99000004B2"),
        ("According to US 99,000,004 B2, at which pressure does the vent tear?", "US99000004B2"),
        ("What is the drain chamber of US99000003B2 for?", "US99000003B2"),
        ("Which membrane area has a module according to US 2099/0000021 A1?", "US20990000021A1"),
        ("CN199000001A中气凝胶芯片采用什么材料？", "CN199000001A"),
        ("请问CN 199000006 B中凸轮轴每转一周排出多少药液？", "CN199000006B"),
        ("CN199000006B中气凝胶芯片采用什么材料？", "CN199000006B"),
    ],
)
def test_a_question_that_names_a_document_sees_only_that(patents, question, number):
    answer = patents.ask(question)
    assert {h.number for h in answer.hits} == {number}
    assert {c.anchor.partition("#")[0] for s in answer.statements for c in s.citations} <= {number}


def test_a_question_that_names_its_document_is_answered_from_it(patents):
    for question, words in [
        ("In US99000004B2, at which pressure does the vent tear?", "tears at 0.85 MPa"),
        ("CN199000001A中气凝胶芯片采用什么材料？", "二氧化硅气凝胶毡"),
    ]:
        assert words in patents.ask(question).statements[0].text


def test_the_filter_comes_before_the_document_that_the_question_names(patents):
    answer = patents.ask("How is the shaft sealed in US99000001B2?", Filter(numbers=("US99000002B2",)))
    assert {h.number for h in answer.hits} == {"US99000002B2"}


@pytest.mark.parametrize(
    ("question", "entry"),
    [  # entries of the IPC: F16J 15/447 Labyrinth packings, 迷宫式填料; H04L 9/08 Key distribution, 密钥分配
        ("What does F16J 15/447 cover?", "IPC:F16J15/447@en#p1"),
        ("H04L 9/08是什么？", "IPC:H04L9/08@zh#p1"),
        ("Where in the IPC are labyrinth packings classified?", "IPC:F16J15/447@en#p1"),
        ("Which IPC symbol is for key distribution?", "IPC:H04L9/08@en#p1"),
        ("迷宫式填料的分类号是什么？", "IPC:F16J15/447@zh#p1"),
    ],
)
def test_a_question_about_the_classification_is_answered_from_the_scheme(patents, question, entry):
    answer = patents.ask(question)
    assert {h.passage.section for h in answer.hits} == {"scheme"}
    assert entry in {c.anchor for s in answer.statements for c in s.citations}


def test_a_question_about_what_an_invention_classifies_is_not_about_the_scheme(patents):
    assert {h.passage.section for h in patents.ask("How does the robot classify the soil?").hits} != {"scheme"}


def test_candidates_are_ordered_and_their_measures_stand_between_0_and_1(patents):
    question = "How long is an epoch in the mesh network?"
    found = candidates(question, patents.search(question, 12), patents.index)
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)
    assert {c.hit.rank for c in found} <= set(range(1, PASSAGES + 1))
    for candidate in found:
        assert candidate.quote in candidate.hit.passage.text
        for measure in (candidate.coverage, candidate.around, candidate.similarity):
            assert 0 <= measure <= 1 + 1e-6


@given(st.lists(st.floats(0, 1), min_size=MEASURES, max_size=MEASURES), st.integers(0, MEASURES - 1), st.floats(0, 1), st.booleans())
@settings(max_examples=100, deadline=None)
def test_more_evidence_never_makes_an_answer_less_probable(measured, which, more, readable):
    raised = [max(m, more) if i == which else m for i, m in enumerate(measured)]
    low, high = answer_probability(measured, readable), answer_probability(raised, readable)
    assert 0 < low <= high < 1


def test_no_evidence_is_no_answer():
    for readable in (True, False):
        assert answer_probability([0] * MEASURES, readable) < FOUND < ANSWERED
        assert answer_probability([1] * MEASURES, readable) > ANSWERED


@pytest.mark.parametrize(
    ("question", "needed"),
    [("How is a soufflé baked?", "a passage with “soufflé”, “baked”"), ("谁支付专利年费？", "含有“谁”、“支付”、“专利”、“年费”的段落")],
)
def test_what_is_not_found_names_the_words_that_no_passage_holds(patents, question, needed):
    answer = patents.ask(question)
    assert (answer.status, answer.missing) == ("not_found", needed)
