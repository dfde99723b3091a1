"""Packed or alone: the same losses, the same gradients, and no look across."""

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

from finetune.errors import StageError
from finetune.training.attention import NAME, attention_for
from finetune.training.batches import IGNORED, Windows, as_dataset, collator
from finetune.training.packing import plan
from finetune.training.tokenized import Tokenized, tokenized
from tests.finetune.training.conftest import chats, texts


@pytest.fixture
def examples(tokenizer: PreTrainedTokenizerFast, tmp_path: Path) -> Tokenized:
    return tokenized(chats(9, 7), "sft", tokenizer, tmp_path / "tokens")


def loaded(folder: Path, attention: str) -> Any:
    return AutoModelForCausalLM.from_pretrained(folder, attn_implementation=attention).train()


def test_packed_losses_and_gradients_are_those_of_examples_alone(model: Path, examples: Tokenized) -> None:
    packed, alone = loaded(model, attention_for(loaded(model, "sdpa").config, "cpu", False, 256)), loaded(model, "sdpa")
    windows = Windows(examples, plan(range(len(examples)), examples.lengths, 512, False))
    batch = collator(0)([windows[n] for n in range(len(windows))])
    assert batch["input_ids"].shape == (1, int(examples.lengths.sum()))
    labels = batch.pop("labels")
    logits = packed(**batch, use_cache=False).logits
    place = 0
    total = torch.zeros(())
    for pieces in windows.windows:
        for example, start, end in pieces:
            ids = torch.tensor(examples.tokens[examples.offsets[example] : examples.offsets[example + 1]].tolist())[None]
            own = alone(ids, use_cache=False).logits[0]
            assert torch.allclose(logits[0, place : place + end - start], own, atol=1e-5)
            said = torch.tensor(examples.said[examples.offsets[example] : examples.offsets[example + 1]].tolist())
            total = total + torch.nn.functional.cross_entropy(own[:-1][said[1:]], ids[0, 1:][said[1:]], reduction="sum")
            place += end - start
    loss = torch.nn.functional.cross_entropy(logits[0, :-1], labels[0, 1:], ignore_index=IGNORED, reduction="sum")
    assert loss.item() == pytest.approx(total.item(), rel=1e-5)
    loss.backward()
    total.backward()
    for (name, one), other in zip(packed.named_parameters(), alone.parameters(), strict=True):
        assert torch.allclose(one.grad, other.grad, atol=1e-3, rtol=1e-4), name


def test_transformers_own_mask_for_packed_rows_gives_the_same(model: Path, examples: Tokenized) -> None:
    """Against another implementation: torch's attention with a mask of the whole row, that transformers makes of the positions."""
    attention_for(loaded(model, "sdpa").config, "cpu", False, 256)
    windows = Windows(examples, plan(range(len(examples)), examples.lengths, 256, False))
    batch = collator(0)([windows[0]])
    batch.pop("labels")
    ours, theirs = loaded(model, NAME)(**batch), loaded(model, "sdpa")(input_ids=batch["input_ids"], position_ids=batch["position_ids"])
    assert torch.allclose(ours.logits, theirs.logits, atol=1e-5)


def test_tokens_in_are_tokens_out(tokenizer: PreTrainedTokenizerFast, tmp_path: Path) -> None:
    rows = texts(60, 9, longest=40)
    examples = tokenized(rows, "cpt", tokenizer, tmp_path / "tokens")
    expected = [tokenizer(row["text"])["input_ids"] for row in rows]
    assert examples.size.tolist() == [len(row["text"].encode()) for row in rows]
    windows = Windows(examples, plan(range(len(examples)), examples.lengths, 64, True))
    data = as_dataset(windows)
    pieces: dict[int, dict[int, list[int]]] = {}
    learned = 0
    for n, found in enumerate(windows.windows):
        row, place = data[n], 0
        assert len(row["input_ids"]) == sum(row["seq_lengths"]) <= 64
        for example, start, end in found:
            pieces.setdefault(example, {})[start] = row["input_ids"][place : place + end - start]
            place += end - start
        learned += sum(label != IGNORED for label in collator(0)([row])["labels"][0].tolist())
    end = tokenizer.eos_token_id
    for n, ids in enumerate(expected):
        assert [t for start in sorted(pieces[n]) for t in pieces[n][start]] == [end, *ids, end]
    first = sum(len(p) - 1 for p in pieces.values())  # of a later piece, which has nothing before it
    assert learned == sum(map(len, expected)) + len(rows) - first


def test_labels_are_those_of_replies(tokenizer: PreTrainedTokenizerFast, examples: Tokenized) -> None:
    windows = Windows(examples, plan(range(len(examples)), examples.lengths, 256, False))
    for n in range(len(windows)):
        labels = collator(0)([windows[n]])["labels"][0].tolist()
        said = tokenizer.decode([label for label in labels if label != IGNORED])
        assert said.count("<|im_end|>") == len(windows.windows[n])
        assert "<|im_start|>" not in said and "Which class" not in said


def test_attention_that_looks_back_less_than_the_window_is_refused(model: Path) -> None:
    config = loaded(model, "sdpa").config
    config.use_sliding_window, config.sliding_window = True, 64
    with pytest.raises(StageError, match="set window to 64"):
        attention_for(config, "cpu", False, 256)
    packed = loaded(model, NAME)
    with pytest.raises(ValueError, match="load the model with sdpa"):
        packed(torch.ones(2, 5, dtype=torch.long))
