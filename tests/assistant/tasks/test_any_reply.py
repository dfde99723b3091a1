"""Whatever a model replies is an output with its problems, or a ReplyError; nothing else, and nothing that was not shown is cited."""

import json
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import ReplyError

SOURCE = {"anchor": "US1A#c1", "title": "Pump", "text": "A pump with a rotor. The rotor is hollow."}
GIVENS = {
    "ipc": {"text": "A pump with a rotor.", "candidates": [{"symbol": "F04D", "title": "Pumps"}]},
    "field_places": {"field": "pumps"},
    "key_technologies": {"field": "pumps", "sources": [SOURCE]},
    "patent_kind": {"text": "A pump with a rotor."},
    "same_subject": {"first": "A pump with a rotor.", "second": "A rotor of a pump."},
    "entailment": {"claim": "A pump comprising:\na rotor; and\na seal.", "text": "A pump with a rotor."},
    "patent_match": {"query": "A pump.", "options": ["A pump.", "A key.", "A lamp.", "A cell."]},
    "multiple_choice": {"question": "How long?", "options": {"A": "ten years", "B": "twelve years"}, "articles": [SOURCE]},
    "consultation": {"question": "How long?", "articles": [SOURCE]},
}
WORDS = st.sampled_from(["", "rotor", "A pump", "H04L 9/08", "F04D", "Y02E", "1a", "1pre", "present", "yes", "A", "AB", "invention", "</text>", "九"])
NAMES = st.sampled_from(
    """
    places symbols symbol words reason technologies name sentences kind same features label verdict answer articles statements text missing""".split()
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 9) | st.just(1e9) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


def forms(schema, root):
    """Replies that follow a schema, with any values in it."""
    if "$ref" in schema:
        return forms(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema.get("type") == "object":
        return st.fixed_dictionaries({name: forms(each, root) for name, each in schema["properties"].items()})
    if schema.get("type") == "array":
        return st.lists(forms(schema["items"], root), max_size=4)
    return st.integers(-2, 5) if schema.get("type") == "integer" else WORDS


@pytest.mark.parametrize("name", GIVENS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_reply(name, data):
    task = import_module(f"assistant.tasks.{name}").TASK
    asked = task.given.model_validate(GIVENS[name])
    schema = task.reply_schema(asked)
    written = json.dumps(data.draw(ANYTHING | st.dictionaries(NAMES, ANYTHING, max_size=5) | forms(schema, schema)), ensure_ascii=False)
    try:
        output = task.read(written, asked)
    except ReplyError:
        return
    assert all(isinstance(problem, str) and problem for problem in task.problems(output, asked))
    shown = json.dumps(asked.model_dump(), ensure_ascii=False)
    assert all(quote in shown for quote in quotes(output.model_dump()))


def quotes(value):
    if isinstance(value, dict):
        return [v for k, v in value.items() if k == "quote"] + [q for v in value.values() for q in quotes(v)]
    return [q for v in value for q in quotes(v)] if isinstance(value, list | tuple) else []
