"""A small new language model: random weights of a published architecture, or weights prepared so that copying is learned soon."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch
from transformers import AutoConfig, AutoModelForCausalLM, Qwen2ForCausalLM, set_seed

from finetune.tokenizer.settings import NewModel

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerFast

POINTERS = 99
"""Numbers of sentences, `[1]` and so on, that are single tokens where weights are prepared for them; so are the marks in ASKS."""
ASKS = "?？"


def new_model(shape: NewModel, tokenizer: "PreTrainedTokenizerFast", seed: int = 0) -> "PreTrainedModel":
    """A model of this shape for the tokenizer. Prepared weights need its pointers (`[1]` to `[99]`) to be single tokens."""
    set_seed(seed)
    config = AutoConfig.for_model(
        shape.architecture,
        vocab_size=-(-len(tokenizer) // 16) * 16,
        hidden_size=shape.hidden,
        intermediate_size=shape.inner,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.key_value_heads,
        head_dim=shape.hidden // shape.heads,
        max_position_embeddings=shape.context,
        rope_parameters={"rope_type": "default", "rope_theta": 1e6},
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    model = AutoModelForCausalLM.from_config(config)
    if shape.prepared:
        pointers = tokenizer.convert_tokens_to_ids([f"[{n}]" for n in range(1, POINTERS + 1)])
        prepare(model, pointers, [tokenizer.encode(mark)[-1] for mark in ASKS])
    return model


@torch.no_grad()
def prepare(model: Qwen2ForCausalLM, pointers: Sequence[int], asks: Sequence[int]) -> None:
    """Weights from which looking up and copying are learned in a tenth of the time; they come about in training of themselves, but late.

    Heads of the first layer look one and two tokens back, and to the last pointer. Those of the second find the places whose tokens before
    are this one and the one before it, and take what stands there (induction), or the pointer of its line. The third layer adds up the
    pointers found so from the last tokens, a question's; the fourth fetches the sum from the last question mark.
    """
    size = model.config.hidden_size // model.config.num_attention_heads
    pairs = size // 2
    speed = 1e6 ** (-torch.arange(pairs) / pairs)  # by which the rotation turns each pair of a query and a key with their distance
    slow = torch.cat([speed, speed]) < 0.005  # far tokens remain comparable
    still = pairs - 1
    token, before, second_before, pointer, found, summed = torch.eye(6 * size).view(6, size, 6 * size)  # parts of the residual stream: [size, hidden]
    mark = summed[-2:]
    embedding = model.model.embed_tokens.weight.zero_()
    embedding += 0.5 * torch.randn(len(embedding), size) @ token
    embedding[list(pointers)] += 1.4 * mark[0]
    embedding[list(asks)] += 1.4 * mark[1]
    model.model.norm.weight.fill_(0.25)
    first, second, third, fourth = (layer.self_attn for layer in model.model.layers[:4])

    def at(head: int) -> slice:
        return slice(head * size, (head + 1) * size)

    def look(attention: Any, head: int, back: float, peaks: dict[int, float]) -> None:
        """Biases by which a head prefers tokens so many places back; `peaks` is how strongly, by the pair's number."""
        strength = torch.zeros(pairs)
        strength[list(peaks)] = (torch.tensor(list(peaks.values())) * size**0.5).sqrt()
        attention.q_proj.bias[at(head)] += torch.cat([strength, torch.zeros(pairs)])
        attention.k_proj.bias[at(head)] += torch.cat([strength * (speed * back).cos(), strength * (speed * back).sin()])

    def prefer(attention: Any, head: int, mark: torch.Tensor, strength: float) -> None:
        attention.q_proj.bias[head * size + still] += strength * size**0.5
        attention.k_proj.weight[head * size + still] = mark

    def match(attention: Any, head: int, query: torch.Tensor, key: torch.Tensor) -> None:
        attention.q_proj.weight[at(head)][slow] = 2.0 * query[slow]
        attention.k_proj.weight[at(head)][slow] = 2.0 * key[slow]

    def move(attention: Any, head: int, source: torch.Tensor, target: torch.Tensor, strength: float) -> None:
        attention.v_proj.weight[at(head)] = source
        attention.o_proj.weight[:, at(head)] = strength * target.T

    for head, (back, target) in enumerate(((1, before), (2, second_before))):
        look(first, head, back, {0: 6.5, 1: 6.5, 2: 6.5})
        move(first, head, token, target, 0.2)
    look(first, 2, 0, {3: 6.0, 4: 6.0, 5: 6.0})
    prefer(first, 2, mark[0], 2.0)
    move(first, 2, token, pointer, 0.2)
    for head, (query, key) in enumerate(((token, before), (before, second_before))):
        match(second, head, query, key)
        move(second, head, token, token, 0.4)
        match(second, head + 2, query, key)
        move(second, head + 2, pointer, found, 0.4)
    look(third, 0, 4, {1: 0.7, 2: 2.0, 3: 3.0, 4: 3.0})
    move(third, 0, found, summed, 1.0)
    look(fourth, 0, 0, {4: 6.0, 5: 6.0, 6: 6.0})
    prefer(fourth, 0, mark[1], 3.0)
    move(fourth, 0, summed, token, 1.2)
