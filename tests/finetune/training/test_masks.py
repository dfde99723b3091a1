import copy
from typing import Any

import pytest
from transformers import PreTrainedTokenizerFast

from finetune.errors import DataError
from finetune.training.masks import PLAIN, conversation, give_template

CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
MESSAGES = [
    {"role": "system", "content": "Answer."},
    {"role": "user", "content": "Where is the ring?"},
    {"role": "assistant", "content": "In the housing."},
    {"role": "user", "content": "弹簧在哪里？"},
    {"role": "assistant", "content": "在壳体上。"},
]


def said_by(tokenizer: Any, template: str | None) -> list[str]:
    """The stretches that are learned, as text."""
    tokenizer = copy.deepcopy(tokenizer)
    if template is not None:
        tokenizer.chat_template = template
    tokens, said = conversation(tokenizer, MESSAGES)
    assert len(tokens) == len(said)
    stretches: list[list[int]] = []
    for n, (token, learned) in enumerate(zip(tokens, said, strict=True)):
        if learned and (n == 0 or not said[n - 1]):
            stretches.append([])
        if learned:
            stretches[-1].append(token)
    return [tokenizer.decode(s) for s in stretches]


@pytest.mark.parametrize("template", [None, CHATML, PLAIN])
def test_replies_with_their_end_are_learned_and_nothing_else(template: str | None, tokenizer: PreTrainedTokenizerFast) -> None:
    """The tokenizer's own template marks what is generated; the second does not; the third is that for bases without one."""
    assert said_by(tokenizer, template) == ["In the housing.<|im_end|>", "在壳体上。<|im_end|>"]


def test_both_ways_give_the_same(tokenizer: PreTrainedTokenizerFast) -> None:
    marked, other = copy.deepcopy(tokenizer), copy.deepcopy(tokenizer)
    end = "{% if m.role == 'assistant' %}{% generation %}{{ m.content }}<|im_end|>{% endgeneration %}{% else %}{{ m.content }}<|im_end|>{% endif %}"
    marked.chat_template = CHATML.replace("{{ m.content }}<|im_end|>\n", end + "{{ '\n' }}")
    other.chat_template = CHATML
    assert conversation(marked, MESSAGES) == conversation(other, MESSAGES)


def test_a_base_without_a_template_gets_the_plain_one(tokenizer: PreTrainedTokenizerFast) -> None:
    bare = copy.deepcopy(tokenizer)
    bare.chat_template = None
    give_template(bare, None)
    assert bare.chat_template == PLAIN
    give_template(bare, CHATML)
    assert bare.chat_template == CHATML


def test_templates_that_do_not_tell_are_refused(tokenizer: PreTrainedTokenizerFast) -> None:
    other = copy.deepcopy(tokenizer)
    other.chat_template = "{{ messages | length }}: {% for m in messages %}{{ m.content }}{% endfor %}"
    with pytest.raises(DataError, match=r"row 3: .*otherwise than its beginning"):
        conversation(other, MESSAGES, "row 3")
    other.chat_template = "{% for m in messages %}{{ m.content }}{% endfor %}{% if false %}{% generation %}{% endgeneration %}{% endif %}"
    with pytest.raises(DataError, match="marks nothing"):
        conversation(other, MESSAGES)
