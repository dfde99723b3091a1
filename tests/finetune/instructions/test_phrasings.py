import re

import pytest

from assistant.tasks import TASKS, task_named
from finetune.errors import DataError
from finetune.instructions.phrasings import form_of, phrasings


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", TASKS)
def test_every_task_has_other_wordings_with_the_same_form_of_the_reply(name: str, language: str) -> None:
    own = task_named(name).instructions[language]
    others = phrasings(name, language)
    assert 3 <= len(others) == len({*others, own}) - 1
    form = form_of(own, language)
    assert "JSON" in form and len(form) > 40
    named = set(re.findall(r'[“"]([a-z_]+)[”"]', own[: -len(form)])) - {"said", "new", "improved"}
    for other in others:
        assert other.endswith(form)
        said = other[: -len(form)]
        assert named <= set(re.findall(r"[a-z_]+", said)), f"{named} must be told of"
        assert own.count("\n") == other.count("\n")
        assert ("<excerpts>" in own) == ("<excerpts>" in other)


def test_instructions_without_a_form_are_refused() -> None:
    with pytest.raises(DataError, match="no form"):
        form_of("Do as you like.", "en")
