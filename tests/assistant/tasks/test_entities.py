import json

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st
from pydantic import ValidationError

from assistant.entities import AnnotatedText, Entity
from assistant.errors import AssistantError, NoModelError, ReplyError
from assistant.tasks.entities import TASK, TYPES, Entities, EntitiesGiven, FoundEntity, NamedEntity, examples_of_texts
from ingest import PatentDocument, read

TEXT = "The ring of graphite floats. A ring </text> cracks."
GIVEN = EntitiesGiven(text=TEXT, types={"part": "of a device", "material": ""})
ITEMS = GIVEN.model_copy(update={"form": "ampersand"})


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_prompt_names_the_types_and_the_form(language):
    (_, _), (_, user) = TASK.messages(GIVEN.model_copy(update={"language": language}))
    assert "<types>\npart: of a device\nmaterial\n</types>" in user
    assert user.count("</text>") == 1 and '{"type": "…", "text": "…"}' in user
    (_, _), (_, user) = TASK.messages(ITEMS.model_copy(update={"language": language}))
    assert {"en": "type_entity&type_entity", "zh": "类型_实体&类型_实体"}[language] in user


def test_types_may_be_names_alone():
    assert EntitiesGiven(text="x", types=["part", " material "]).types == {"part": "", "material": ""}
    assert EntitiesGiven(text="x", types="部件，材料").types == {"部件": "", "材料": ""}
    for wrong in ([], {}, "a,,b", [""]):
        with pytest.raises(ValidationError):
            EntitiesGiven(text="x", types=wrong)


def test_the_schema_holds_the_model_to_the_types():
    item = TASK.reply_schema(GIVEN)["properties"]["entities"]["items"]
    assert item["properties"]["type"]["enum"] == ["part", "material"]
    assert TASK.reply_schema(ITEMS)["properties"] == {"entities": {"type": "string"}}


@pytest.mark.parametrize(
    "reply",
    [
        '{"entities": [{"type": "part", "text": "Ring"}, {"type": "material", "text": "graphite"}]}',
        '{"entities": "part_Ring&material_graphite"}',
    ],
)
def test_every_place_of_an_entity_is_found_in_either_form(reply):
    output = TASK.read(reply, GIVEN)
    assert [(e.type, e.text, e.start, e.end) for e in output.entities] == [
        ("part", "ring", 4, 8),
        ("material", "graphite", 12, 20),
        ("part", "ring", 31, 35),
    ]
    assert output.items() == "part_ring&material_graphite"
    assert TASK.problems(output, GIVEN) == []


def test_what_is_not_in_the_text_or_of_another_type_is_a_problem():
    output = TASK.read('{"entities": "part_spring&colour_graphite&ring"}', ITEMS)
    assert output.missing == (NamedEntity(type="part", text="spring"),)
    assert TASK.problems(output, ITEMS) == [
        '"ring" names no entity; write type_entity',
        '"colour" is not one of the types part, material',
        '"spring" (part) does not stand in the text',
    ]


@pytest.mark.parametrize("reply", ["part_ring", '{"entities": [{"text": "ring"}]}', '{"entities": 3}', "{}"])
def test_another_form_is_refused(reply):
    with pytest.raises(ReplyError):
        TASK.read(reply, GIVEN)


def test_the_tagger_finds_the_types_that_it_knows_and_names_those_it_does_not():
    text = "A magnetic head has a thin film coil on a substrate of alumina."
    output, how = TASK.offline(EntitiesGiven(text=text, types=["Component", "Material"]), None)
    assert how == "entity tagger" and output.entities
    assert all(text[e.start : e.end] == e.text and e.type in ("Component", "Material") and 0 < e.probability <= 1 for e in output.entities)
    with pytest.raises(NoModelError, match=r"does not know part, only .*Component"):
        TASK.offline(EntitiesGiven(text=text, types=["part", "Component"]), None)


def test_what_goes_in_from_a_document(sample):
    [document] = list(read([sample / "zh" / "CN199000003B.xml"]))
    given = TASK.from_document(document)
    assert given.text == document.abstract and given.types == TYPES["zh"] and given.language == "zh"
    assert list(TASK.examples(document)) == []
    with pytest.raises(AssistantError, match="US1A: the document has no abstract"):
        TASK.from_document(PatentDocument(number="US1A", titles={"en": "Pump"}))


@pytest.mark.parametrize("form", ["json", "ampersand"])
def test_examples_of_annotated_texts(form):
    texts = [AnnotatedText("A ring & seal.", (Entity("ring & seal", "part", 2, 13),)), AnnotatedText("石墨环。", (Entity("石墨", "材料", 0, 2),))]
    first, second = examples_of_texts(texts, form)
    assert first.given.types == {"part": "", "材料": ""} and second.given.language == "zh"
    for example, text in zip((first, second), texts, strict=True):
        output = TASK.read(example.reply.model_dump_json(), example.given)
        assert [(e.start, e.end, e.type) for e in output.entities] == [(e.start, e.end, e.type) for e in text.entities]
        assert TASK.problems(output, example.given) == []


def test_measures():
    right = Entities(entities=(FoundEntity(type="part", text="ring", start=0, end=4), FoundEntity(type="part", text="ring", start=9, end=13)))
    assert TASK.metric([right], [right]) == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    said = right.model_copy(update={"missing": (NamedEntity(type="part", text="spring"),)})
    assert TASK.metric([said], [right])["precision"] == 0.5


@hypothesis_given(st.text(max_size=60), st.lists(st.tuples(st.sampled_from(["part", "material"]), st.text(min_size=1, max_size=8)), max_size=5))
def test_entities_are_at_their_places_whatever_is_said(text, pairs):
    reply = json.dumps({"entities": [{"type": kind, "text": entity} for kind, entity in pairs]})
    output = TASK.read(reply, EntitiesGiven(text=text, types=["part", "material"]))
    assert all(text[e.start : e.end] == e.text for e in output.entities)
    named = {(kind, entity.strip()) for kind, entity in pairs if entity.strip()}
    assert {(e.type, e.text) for e in output.missing} <= named
