import pytest

from finetune.instructions.questions.fact import Fact, facts_in


def only(text: str, language: str = "en", claim: int | None = None) -> Fact:
    [fact] = facts_in(text, language, claim)  # type: ignore[arg-type]
    return fact


@pytest.mark.parametrize(
    ("sentence", "question", "lack"),
    [
        ("The sealing ring 12 is preferably made of graphite.", "What is the sealing ring 12 made of?", "what the sealing ring 12 is made of"),
        ("In one embodiment, the housing comprises a lid and a base.", "What does the housing comprise?", "what the housing comprises"),
        ("The pump may be driven by an electric motor.", "What may the pump be driven by?", "what the pump may be driven by"),
        (
            "The inlet of the valve is connected to the tank 3.",
            "What is the inlet of the valve connected to?",
            "what the inlet of the valve is connected to",
        ),
        ("The sensor is disposed between the two plates.", "Where is the sensor disposed?", "where the sensor is disposed"),
        ("The blades are configured to cut the film.", "What are the blades configured to do?", "what the blades are configured to do"),
        ("The coating has a thickness of 2 to 5 mm.", "What thickness does the coating have?", "what thickness the coating has"),
        ("The molar ratio of the acid is between 2 and 5.", "What is the molar ratio of the acid?", "what the molar ratio of the acid is"),
        ("FIG. 3 is a perspective view of the pump.", "What does FIG. 3 show?", "what FIG. 3 shows"),
        ("As used herein, the term “film” refers to a layer below 1 mm.", "What does the term “film” refer to?", "what the term “film” refers to"),
        ("Reference numeral 12 denotes a lever.", "What does reference numeral 12 denote?", "what reference numeral 12 denotes"),
        ("The present invention relates to a pump.", "What does the present invention relate to?", "what the present invention relates to"),
        (
            "Examples of suitable solvents include water and ethanol.",
            "What are examples of suitable solvents?",
            "what examples of suitable solvents are",
        ),
    ],
)
def test_english_sentences_answer_their_questions(sentence: str, question: str, lack: str) -> None:
    fact = only(sentence)
    assert (fact.question, fact.lack) == (question, lack)
    assert fact.answer and fact.answer.rstrip(".") in sentence


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("所述密封环由石墨制成。", "所述密封环由什么制成？"),
        ("如图1所示，所述壳体包括上盖和底座。", "所述壳体包括什么？"),
        ("所述涂层的厚度为2~5mm。", "所述涂层的厚度是多少？"),
        ("所述泵与水箱相连。", "所述泵与什么相连？"),
        ("所述弹簧设置在阀座和滑块之间。", "所述弹簧设置在哪里？"),
        ("所述传感器位于壳体内。", "所述传感器位于哪里？"),
        ("所述底座上设有凹槽。", "所述底座上设有什么？"),
        ("所述控制器用于调节阀门的开度。", "所述控制器用于做什么？"),
        ("图2为本发明的结构示意图。", "图2示出什么？"),
        ("本发明涉及一种水泵。", "本发明涉及什么？"),
        ("“薄膜”是指厚度小于1mm的层。", "“薄膜”是指什么？"),
        ("所述溶剂选自水、乙醇和丙酮。", "所述溶剂选自什么？"),
    ],
)
def test_chinese_sentences_answer_their_questions(sentence: str, question: str) -> None:
    fact = only(sentence, "zh")
    assert fact.question == question
    assert fact.answer and fact.answer in sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "It is made of graphite.",
        "The ring that surrounds the shaft is made of graphite.",
        "If the ring is made of graphite, wear is low.",
        "The same is provided in accordance with the invention.",
        "The result includes all of the above.",
        "The method can be described by way of example.",
        "A H2O control was used.",
    ],
)
def test_what_is_no_plain_english_statement_of_a_thing_is_no_question(sentence: str) -> None:
    assert not list(facts_in(sentence, "en"))


@pytest.mark.parametrize("sentence", ["其用于调节开度。", "当所述阀打开时，水流出。", "通过加热得到产物。", "所述方法包括以下步骤。", "优选为2mm。"])
def test_what_is_no_plain_chinese_statement_of_a_thing_is_no_question(sentence: str) -> None:
    assert not list(facts_in(sentence, "zh"))


def test_a_claim_is_asked_by_its_number() -> None:
    fact = only("The pump of claim 1, wherein the ring is made of graphite.", claim=3)
    assert fact.question == "According to claim 3, what is the ring made of?"
    assert fact.lack == "what the ring is made of according to claim 3"
    assert fact.clause == "The ring is made of graphite."
    zh = only("根据权利要求1所述的泵，其特征在于，所述环由石墨制成。", "zh", 3)
    assert zh.question == "根据权利要求3，所述环由什么制成？"
    assert zh.clause == "所述环由石墨制成。"


def test_other_words_end_the_question_and_the_lack() -> None:
    fact = only("The lid comprises a hinge.")
    assert ("What does the lid include?", "what the lid includes") in fact.reworded
    claimed = only("The box of claim 1, wherein the lid comprises a hinge.", claim=2)
    assert ("According to claim 2, what does the lid contain?", "what the lid contains according to claim 2") in claimed.reworded
    modal = only("The lid may comprise a hinge.")
    assert ("What may the lid include?", "what the lid may include") in modal.reworded
    assert ("所述盖包含什么？", "所述盖包含什么") in only("所述盖包括铰链。", "zh").reworded


def test_a_sentence_with_the_thing_and_the_relation_might_answer() -> None:
    fact = only("The frame holds the ring.")
    assert fact.might_answer("Then the frame also holds a shaft.")
    assert fact.might_answer("In the frame there is the ring.")  # it has what was said
    assert not fact.might_answer("The box holds a shaft.")
    assert not fact.might_answer("The frame is red.")


def test_a_sentence_whose_relation_is_of_another_thing_does_not_answer() -> None:
    fact = only("The ring comprises a groove.")
    other = "The upper frame comprises the ring."
    assert fact.might_answer(other)
    assert not fact.might_answer(other, list(facts_in(other, "en")))
    both = "The upper frame comprises the ring and the ring contains a seal."
    assert fact.might_answer(both, list(facts_in(both, "en")))
