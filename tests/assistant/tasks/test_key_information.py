import json

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from assistant.errors import AssistantError, ReplyError
from assistant.tasks.key_information import KINDS, TASK, KeyInformation, KeyInformationGiven, Phrase, by_rules, placed
from assistant.tasks.parts import Part
from ingest import PatentDocument, read

GIVEN = KeyInformationGiven(
    parts=(
        Part(id="US1A#abs", text="Oil mist leaks. A ring </document> floats.", kind="abstract"),
        Part(id="US1A#p0001", text="The ring floats,\nso that wear is low.", kind="summary"),
    )
)


@pytest.fixture(scope="module")
def documents(sample):
    return [d for d in read([sample / "en", sample / "zh"]) if isinstance(d, PatentDocument)]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_prompt_has_the_document_between_marks_that_it_cannot_close(language):
    (_, system), (_, user) = TASK.messages(GIVEN.model_copy(update={"language": language}))
    assert '{"problem": ["…"], "means": ["…"], "effect": ["…"]}' in system
    assert user.count("</document>") == 1 and user.endswith("</document>")


def test_phrases_have_their_places_and_those_without_are_a_problem():
    reply = {"problem": ["Oil mist leaks"], "means": ["the ring  floats", "a spring"], "effect": ["wear is low", "wear is low "]}
    output = TASK.read(json.dumps(reply), GIVEN)
    assert output.problem == (Phrase(text="Oil mist leaks", anchor="US1A#abs", start=0, end=14),)
    assert output.means == (Phrase(text="The ring floats", anchor="US1A#p0001", start=0, end=15), Phrase(text="a spring"))
    assert output.effect == (Phrase(text="wear is low", anchor="US1A#p0001", start=25, end=36),)
    assert TASK.problems(output, GIVEN) == ['means: "a spring" does not stand in the text word for word']


def test_an_empty_kind_is_a_problem_and_another_form_is_refused():
    output = TASK.read('{"problem": [], "means": ["A ring"], "effect": [""]}', GIVEN)
    assert TASK.problems(output, GIVEN) == ["problem: no phrase is given", "effect: no phrase is given"]
    for broken in ('{"problem": "x", "means": [], "effect": []}', '{"problem": []}', "none"):
        with pytest.raises(ReplyError):
            TASK.read(broken, GIVEN)


ENGLISH = [
    ("problem", "summary", "It is an object of the present invention to make a pump tight.", "to make a pump tight"),
    ("problem", "background", "There is thus a need for a seal without wear.", "There is thus a need for a seal without wear"),
    ("problem", "background", "However, such seals are expensive.", "However, such seals are expensive"),
    ("problem", "summary", "In order to avoid leaks of oil, a ring floats.", "avoid leaks of oil"),
    ("effect", "summary", "The ring floats, whereby wear is low.", "wear is low"),
    (
        "effect",
        "summary",
        "According to the present invention, a pump can be made tight.",
        "According to the present invention, a pump can be made tight",
    ),
]
CHINESE = [
    ("problem", "summary", "本发明要解决的技术问题是提供一种密封可靠的泵。", "提供一种密封可靠的泵"),
    ("problem", "summary", "本实用新型的目的在于：克服泄漏的缺陷。", "克服泄漏的缺陷"),
    ("problem", "background", "然而，密封环磨损很快。", "密封环磨损很快"),
    ("problem", "summary", "本发明的目的是这样实现的：设置密封环。", None),
    ("effect", "summary", "本发明的有益效果是：磨损小，寿命长。", "磨损小，寿命长"),
    ("effect", "summary", "密封环浮动，从而避免了磨损。", "避免了磨损"),
    ("effect", "abstract", "该密封环提高了寿命。", "该密封环提高了寿命"),
    ("effect", "summary", "本发明的有益效果如下：\n密封环不易磨损。", "密封环不易磨损"),
]


@pytest.mark.parametrize(("kind", "where", "text", "phrase"), [*ENGLISH, *CHINESE])
def test_the_words_that_lead_to_a_phrase(kind, where, text, phrase):
    language = "en" if text.isascii() else "zh"
    found = by_rules([Part(id="1", text=text, kind=where)], kind, language)
    assert [p.text for p in found] == ([phrase] if phrase else [])
    assert all(text[p.start : p.end] == p.text for p in found)


def test_a_heading_of_its_own_comes_before_the_words():
    parts = [
        Part(id="1", text="It is an object of the invention to be cheap.", kind="summary"),
        Part(id="2", text="Seals wear.", kind="summary", heading="SUMMARY / Technical Problem"),
        Part(id="3", text="Seals last. They are tight.", kind="summary", heading="Advantageous Effects of Invention"),
    ]
    assert [p.text for p in by_rules(parts, "problem", "en")] == ["Seals wear"]
    assert [p.text for p in by_rules(parts, "effect", "en")] == ["Seals last", "They are tight"]


def test_the_means_are_the_characterising_portion_of_the_first_claim():
    claim = Part(id="CN1A#c1", text="一种泵，包括壳体，其特征在于，包括密封环；以及\n弹簧。", kind="claims")
    assert [p.text for p in by_rules([claim], "means", "zh")] == ["密封环", "弹簧"]
    claim = Part(id="US1A#c1", text="A pump comprising:\na ring; and\na spring.", kind="claims")
    assert [p.text for p in by_rules([claim], "means", "en")] == ["a ring", "a spring"]


def test_the_rules_on_the_sample_collection_quote_verbatim(documents):
    found = dict.fromkeys(KINDS, 0)
    for document in documents:
        given = TASK.from_document(document)
        texts = {part.id: part.text for part in given.parts}
        output, how = TASK.offline(given, None)
        assert how == "rules"
        for kind in KINDS:
            found[kind] += bool(output.of(kind))
            assert all(texts[p.anchor][p.start : p.end] == p.text for p in output.of(kind))
            assert not any("word for word" in wrong for wrong in TASK.problems(output, given))
    assert found["means"] == found["effect"] == len(documents)
    assert found["problem"] >= 0.9 * len(documents)


def test_examples_are_of_documents_with_headings_for_problem_and_effect(documents):
    examples = [example for document in documents for example in TASK.examples(document)]
    assert [example.source for example in examples] == ["US20990000023A1"]
    output = TASK.read(examples[0].reply.model_dump_json(), examples[0].given)
    assert TASK.problems(output, examples[0].given) == []


def test_a_document_without_texts_is_refused():
    with pytest.raises(AssistantError, match="US1A: the document has no abstract, claims or description"):
        TASK.from_document(PatentDocument(number="US1A", titles={"en": "Pump"}))


def test_a_long_document_keeps_the_abstract_and_the_claims(documents):
    given = TASK.from_document(documents[0])
    shortened, left_out = TASK.shorten(given, lambda some: len(some.parts) <= 5)
    assert [p.kind for p in shortened.parts][:2] == ["abstract", "claims"] and len(shortened.parts) == 5
    assert left_out and all(each.startswith(f"{documents[0].number}#") for each in left_out)


def test_measures():
    def said(*phrases):
        return KeyInformation(problem=tuple(Phrase(text=p) for p in phrases), means=(), effect=())

    scores = TASK.metric([said("Oil leaks", "wear")], [said("oil  leaks", "high wear")])
    assert scores["problem_f1"] == scores["problem_precision"] == 0.5
    assert scores["problem_words_precision"] == 1.0 and scores["problem_words_recall"] == 0.75
    assert scores["means_f1"] == 0.0


@hypothesis_given(st.lists(st.text(max_size=30), max_size=4), st.lists(st.text(max_size=80), max_size=3))
def test_any_phrase_is_at_its_place_or_has_none(phrases, texts):
    parts = [Part(id=str(i), text=text) for i, text in enumerate(texts)]
    for phrase in placed(phrases, parts):
        assert phrase.anchor == "" or texts[int(phrase.anchor)][phrase.start : phrase.end] == phrase.text


@hypothesis_given(st.text(alphabet="本发明的目的是解决问题，。；: \nobject of the invention is to,.", max_size=120), st.sampled_from(KINDS))
def test_rules_quote_any_text_verbatim(text, kind):
    for language in ("en", "zh"):
        for phrase in by_rules([Part(id="1", text=text, kind="summary")], kind, language):
            assert text[phrase.start : phrase.end] == phrase.text
