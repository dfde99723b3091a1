"""Entities of the user's own types in a text, each with its place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from assistant.entities.entity import AnnotatedText, Pair
from assistant.entities.formats import read_items, write_items
from assistant.entities.place import located
from assistant.entities.scores import entity_scores
from assistant.errors import AssistantError, NoModelError
from assistant.llm.language_model import Schema
from assistant.tasks.parts import language_of_document
from assistant.tasks.reply import object_in, read_as
from assistant.tasks.task import DATA_ONLY, DATA_ONLY_ZH, Example, Given, Language, Output, Reply, Task, language_of, marked, one_line, plain_schema
from ingest.document import PatentDocument

if TYPE_CHECKING:
    from assistant.patents import PatentAssistant

Form = Literal["json", "ampersand"]
TYPES: dict[Language, dict[str, str]] = {
    "en": {
        "device": "a device, apparatus or system",
        "part": "a part of a device",
        "substance": "a substance, material or composition",
        "process": "a method or a step of one",
        "property": "a property or a measured quantity",
        "value": "a number with its unit",
    },
    "zh": {
        "装置": "装置、设备或系统",
        "部件": "装置的组成部分",
        "物质": "物质、材料或组合物",
        "方法": "方法或步骤",
        "性能": "性能或被测量的量",
        "数值": "带单位的数值",
    },
}
"""The types where the user names none, and what they are."""


class EntitiesGiven(Given):
    """`types` are the user's own, with a description of each or ""; `form` is that of the language model's reply."""

    text: str
    types: dict[str, str] = Field(min_length=1)
    form: Form = "json"

    @field_validator("types", mode="before")
    @classmethod
    def _named(cls, types: Any) -> Any:
        """Names alone, as a list or between commas, are types without descriptions."""
        if isinstance(types, str):
            types = types.replace("，", ",").split(",")
        if isinstance(types, Mapping):
            return {str(name).strip(): description for name, description in types.items()}
        return {str(name).strip(): "" for name in types} if isinstance(types, Sequence) else types

    @field_validator("types")
    @classmethod
    def _not_empty(cls, types: dict[str, str]) -> dict[str, str]:
        if "" in types:
            raise ValueError("a type is empty")
        return types


class NamedEntity(Reply):
    type: str
    text: str


class EntitiesReply(Reply):
    entities: list[NamedEntity]


class EntitiesInItems(Reply):
    """`type_entity&type_entity`."""

    entities: str


class FoundEntity(BaseModel):
    """`text` stands at `start` to `end` of the text given; the probability is that of a model that gives one."""

    model_config = ConfigDict(frozen=True)

    type: str
    text: str
    start: int
    end: int
    probability: float | None = None


class Entities(Output):
    """By place. `missing` are those that do not stand in the text, `unreadable` the pieces of a reply that name none."""

    entities: tuple[FoundEntity, ...]
    missing: tuple[NamedEntity, ...] = ()
    unreadable: tuple[str, ...] = ()

    def items(self) -> str:
        """`type_entity&type_entity`, each pair once."""
        return write_items(dict.fromkeys(Pair(entity.type, one_line(entity.text)) for entity in self.entities))


_ASKED = {
    "en": {
        "json": 'Reply in the form {"entities": [{"type": "…", "text": "…"}]}.',
        "ampersand": 'Reply in the form {"entities": "type_entity&type_entity"}.',
    },
    "zh": {
        "json": '回答的格式为 {"entities": [{"type": "…", "text": "…"}]}。',
        "ampersand": '回答的格式为 {"entities": "类型_实体&类型_实体"}。',
    },
}


def _show(given: EntitiesGiven) -> str:
    types = "\n".join(f"{name}: {one_line(description)}" if description else name for name, description in given.types.items())
    return "\n".join([marked("types", types), marked("text", given.text), _ASKED[given.language][given.form]])


def _schema(given: EntitiesGiven) -> Schema:
    """Only the types given, where the form has a place for them."""
    if given.form == "ampersand":
        return plain_schema(EntitiesInItems)
    item = {
        "type": "object",
        "properties": {"type": {"type": "string", "enum": list(given.types)}, "text": {"type": "string"}},
        "required": ["type", "text"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"entities": {"type": "array", "items": item}},
        "required": ["entities"],
        "additionalProperties": False,
    }


def _read(reply: str, given: EntitiesGiven) -> Entities:
    """In the form that the reply has, whichever was asked for."""
    if isinstance(object_in(reply).get("entities"), str):
        written: EntitiesInItems = read_as(EntitiesInItems, reply)
        pairs, unreadable = read_items(written.entities)
    else:
        said: EntitiesReply = read_as(EntitiesReply, reply)
        pairs, unreadable = [Pair(e.type.strip(), e.text.strip()) for e in said.entities], []
    found, missing = located([pair for pair in pairs if pair.type and pair.text], given.text)
    return Entities(
        entities=tuple(FoundEntity(type=e.type, text=e.text, start=e.start, end=e.end) for e in found),
        missing=tuple(NamedEntity(type=pair.type, text=pair.text) for pair in missing),
        unreadable=tuple(unreadable),
    )


def _problems(output: Entities, given: EntitiesGiven) -> list[str]:
    named = dict.fromkeys([e.type for e in output.entities] + [e.type for e in output.missing])
    strange = [] if given.types in TYPES.values() else [each for each in named if each not in given.types]
    return [
        *(f'"{each}" names no entity; write type_entity' for each in output.unreadable),
        *(f'"{each}" is not one of the types {", ".join(given.types)}' for each in strange),
        *(f'"{each.text}" ({each.type}) does not stand in the text' for each in output.missing),
    ]


def _from_document(document: PatentDocument) -> EntitiesGiven:
    """The abstract, with types for patents of any field."""
    if not document.abstract:
        raise AssistantError(f"{document.number}: the document has no abstract to find entities in")
    language = language_of_document(document)
    return EntitiesGiven(text=document.abstract, types=TYPES[language], language=language)


def _offline(given: EntitiesGiven, assistant: "PatentAssistant | None") -> tuple[Entities, str]:
    """With all types that the tagger learned where none are named. Raises NoModelError where one that is named is none of those."""
    from assistant.entities.tagger import EntityTagger

    tagger = EntityTagger.load(given.language)
    own = given.types == TYPES[given.language]
    unknown = [] if own else [name for name in given.types if name not in tagger.types]
    if unknown:
        known = f"{', '.join(tagger.types[:12])}{f' and {len(tagger.types) - 12} more' if len(tagger.types) > 12 else ''}"
        raise NoModelError(
            f"entities: the tagger for {given.language} does not know {', '.join(unknown)}, only {known}; for other types name a "
            "language model with --llm, such as openai:MODEL@http://localhost:8000/v1"
        )
    found = tuple(
        FoundEntity(type=e.type, text=e.text, start=e.start, end=e.end, probability=e.probability)
        for e in tagger.tag(given.text)
        if own or e.type in given.types
    )
    return Entities(entities=found), "entity tagger, with the types that it learned" if own else "entity tagger"


def examples_of_texts(texts: Iterable[AnnotatedText], form: Form = "json") -> Iterator[Example[EntitiesGiven]]:
    """Of texts in which people marked entities (`assistant.entities.annotated`); the types are those of all the texts."""
    texts = list(texts)
    types = dict.fromkeys(sorted({entity.type for text in texts for entity in text.entities}), "")
    for place, text in enumerate(texts, start=1):
        pairs = list(dict.fromkeys(Pair(entity.type, one_line(entity.text)) for entity in text.entities))
        in_items, in_list = form == "ampersand", [NamedEntity(type=pair.type, text=pair.text) for pair in pairs]
        reply: Reply = EntitiesInItems(entities=write_items(pairs)) if in_items else EntitiesReply(entities=in_list)
        yield Example(EntitiesGiven(text=text.text, types=types, form=form, language=language_of(text.text)), reply, f"text {place}")


def _metric(predicted: Sequence[Entities], right: Sequence[Entities]) -> dict[str, float]:
    """Precision, recall and F1 of the sets of (type, text) of each text, over all of them (micro); what is not in the text counts as said."""

    def pairs(output: Entities) -> set[tuple[str, str]]:
        return {(e.type, one_line(e.text)) for e in output.entities} | {(e.type, one_line(e.text)) for e in output.missing}

    scores = entity_scores([pairs(p) for p in predicted], [pairs(r) for r in right])
    return {"precision": scores.precision, "recall": scores.recall, "f1": scores.f1}


TASK = Task(
    name="entities",
    summary="Entities of your own types, each with its place.",
    given=EntitiesGiven,
    reply=EntitiesReply,
    instructions={
        "en": "You find entities in patent texts. Name every entity of the given types, copied word for word from the text, with the name of its "
        f"type exactly as given; nothing of other types. An entity that occurs several times is named once. {DATA_ONLY}",
        "zh": "你在专利文本中抽取实体。列出给定类型的全部实体，实体须从文中逐字摘录，类型名称须与给定的完全一致；不要列出其他类型的实体。"
        f"多次出现的实体只列一次。{DATA_ONLY_ZH}",
    },
    show=_show,
    read=_read,
    metric=_metric,
    examples=lambda document: iter(()),  # documents have no entities marked; `examples_of_texts` takes data sets that have
    problems=_problems,
    from_document=_from_document,
    schema=_schema,
    offline=_offline,
)
