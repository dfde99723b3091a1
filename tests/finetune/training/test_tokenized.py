from pathlib import Path

import numpy as np
import pytest
from transformers import PreTrainedTokenizerFast

from finetune.errors import DataError
from finetune.training.tokenized import reply_figures, tokenized
from tests.finetune.training.conftest import texts


@pytest.mark.parametrize(
    ("reply", "figures"),
    [
        ({"symbols": ["H"]}, (1, 1)),
        ({"symbols": ["F16", "F16J"]}, (2, 3)),
        ({"symbols": ["F04D 29/00"]}, (1, 4)),
        ({"symbols": ["H01L 21/336", "H01L"], "part": "gate", "none": None}, (3, 5)),
        ({"answer": "B", "why": ""}, (1, 1)),
        ({"text": "no symbol here"}, (1, 0)),
        ({}, (0, 0)),
    ],
)
def test_labels_and_depth_of_a_reply(reply: dict[str, object], figures: tuple[int, int]) -> None:
    assert reply_figures({"reply": reply}) == figures


def test_a_reply_is_read_from_the_conversation() -> None:
    messages = [{"role": "user", "content": "?"}, {"role": "assistant", "content": '{"symbols": ["F16J 15/34", "F16J"]}'}]
    assert reply_figures({"messages": messages, "reply": None}) == (2, 5)
    assert reply_figures({"chosen": [{"role": "assistant", "content": "just text, no JSON"}]}) == (1, 0)
    assert reply_figures({"text": "a"}) == (0, 0)


def test_what_was_tokenized_is_not_tokenized_again(tokenizer: PreTrainedTokenizerFast, tmp_path: Path) -> None:
    rows = texts(10, 0)
    first = tokenized(rows, "cpt", tokenizer, tmp_path)
    again = tokenized(iter(()), "cpt", tokenizer, tmp_path)
    assert np.array_equal(first.tokens, again.tokens) and np.array_equal(first.offsets, again.offsets)
    assert first.lengths.sum() == len(first.tokens) == len(first.said)


def test_what_was_interrupted_is_tokenized_again(tokenizer: PreTrainedTokenizerFast, tmp_path: Path) -> None:
    def broken() -> object:
        yield texts(1, 0)[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tokenized(broken(), "cpt", tokenizer, tmp_path)  # type: ignore[arg-type]
    assert len(tokenized(texts(10, 0), "cpt", tokenizer, tmp_path)) == 10
    with pytest.raises(DataError, match="no row"):
        tokenized([], "cpt", tokenizer, tmp_path / "empty")
