from transformers import PreTrainedTokenizerFast

from finetune.training.preferences import pairs
from tests.finetune.training.conftest import preferred


def test_pairs_that_are_too_long_are_counted(tokenizer: PreTrainedTokenizerFast) -> None:
    rows = preferred(5, 0)
    rows[2] = {**rows[2], "rejected": [{"role": "assistant", "content": "no " * 500}]}
    found = pairs(rows, tokenizer, 128)
    assert found.dropped == 1 and list(found.rows) == [*rows[:2], *rows[3:]]
    data = found.dataset([3, 0])
    assert data[0]["chosen"] == rows[4]["chosen"] and data[1]["prompt"] == rows[0]["prompt"]
    for row, length in zip(found.rows, found.lengths.tolist(), strict=True):
        assert length == sum(
            len(tokenizer.apply_chat_template([*row["prompt"], *row[n]], return_dict=True)["input_ids"]) for n in ("chosen", "rejected")
        )
