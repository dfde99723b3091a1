"""Which tokens of a conversation are learned: those that the assistant says, with the mark that ends them, and no other."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from finetune.errors import DataError

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

PLAIN = (
    "{% for m in messages %}{% if m.role == 'assistant' %}### Response:\n{% generation %}{{ m.content }}{{ eos_token }}{% endgeneration %}"
    "{{ '\n\n' }}{% elif m.role == 'system' %}{{ m.content }}\n\n{% else %}### Instruction:\n{{ m.content }}\n\n{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}### Response:\n{% endif %}"
)
"""For a base model without a chat template: needs no tokens that it does not have. The headings are those of Stanford Alpaca. (A line's end
right behind a tag is dropped by the template engine, so one is said there.)"""


def give_template(tokenizer: "PreTrainedTokenizerFast", template: str | None) -> None:
    """Set the template of the settings, or where the tokenizer has none the plain one."""
    if template is not None:
        tokenizer.chat_template = template
    elif tokenizer.chat_template is None:
        tokenizer.chat_template = PLAIN


def conversation(tokenizer: "PreTrainedTokenizerFast", messages: Sequence[Mapping[str, str]], where: str = "") -> tuple[list[int], list[bool]]:
    """(tokens, which of them are learned), both [length].

    A template with `{% generation %}` says itself what is generated; with any other, a reply is what the whole text has after the text of the
    messages before it with the assistant's heading, up to where the next message begins, without white space at its end.
    Raises DataError where neither tells the replies.
    """
    template = str(tokenizer.chat_template)
    if "{% generation" in template or "{%- generation" in template:
        made = tokenizer.apply_chat_template(list(messages), return_dict=True, return_assistant_tokens_mask=True)
        tokens, said = list(made["input_ids"]), [bool(m) for m in made["assistant_masks"]]
    else:
        whole = _text(tokenizer, messages)
        spans = [_span(tokenizer, messages, n, whole, where) for n, m in enumerate(messages) if m["role"] == "assistant"]
        made = tokenizer(whole, add_special_tokens=False, return_offsets_mapping=True)
        tokens = list(made["input_ids"])
        said = [any(start < end and first <= start and end <= last for first, last in spans) for start, end in made["offset_mapping"]]
    if not any(said):
        raise DataError(f"{where}: the chat template marks nothing as said by the assistant; give one with chat_template that has {{% generation %}}")
    return tokens, said


def _span(tokenizer: "PreTrainedTokenizerFast", messages: Sequence[Mapping[str, str]], n: int, whole: str, where: str) -> tuple[int, int]:
    before = _text(tokenizer, messages[:n], add_generation_prompt=True)
    until = _text(tokenizer, messages[: n + 1]).rstrip()
    if not (whole.startswith(before) and whole.startswith(until) and len(until) > len(before)):
        raise DataError(
            f"{where}: the chat template writes a conversation otherwise than its beginning, so replies can't be told; "
            "give a template with chat_template that has {% generation %}"
        )
    return len(before), len(until)


def _text(tokenizer: "PreTrainedTokenizerFast", messages: Sequence[Mapping[str, str]], **options: Any) -> str:
    return str(tokenizer.apply_chat_template(list(messages), tokenize=False, **options))
