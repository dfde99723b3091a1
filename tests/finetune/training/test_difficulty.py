from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

from finetune.training.difficulty import losses_of
from finetune.training.tokenized import tokenized
from tests.finetune.training.conftest import chats


def test_the_loss_of_each_example_is_that_of_the_example_alone(model: Path, tokenizer: PreTrainedTokenizerFast, tmp_path: Path) -> None:
    examples = tokenized(chats(6, 11), "sft", tokenizer, tmp_path)
    found = losses_of(model, examples, tokenizer, "cpu", 512)
    alone = AutoModelForCausalLM.from_pretrained(model)
    for n in range(len(examples)):
        span = slice(examples.offsets[n], examples.offsets[n + 1])
        ids = torch.tensor(examples.tokens[span].tolist())[None]
        labels = ids.masked_fill(~torch.tensor(examples.said[span].tolist())[None], -100)
        assert found[n] == pytest.approx(alone(ids, labels=labels).loss.item(), abs=1e-4)
