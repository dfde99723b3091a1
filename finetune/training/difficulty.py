"""How difficult each example is for a model: its loss per learned token."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from finetune.training.attention import attention_for
from finetune.training.batches import IGNORED, Windows, collator
from finetune.training.curriculum import Numbers
from finetune.training.packing import plan
from finetune.training.tokenized import Tokenized

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast


@torch.no_grad()
def losses_of(model_folder: Path, examples: Tokenized, tokenizer: "PreTrainedTokenizerFast", device: str, window: int) -> Numbers:
    """Nats per learned token of each example [examples], by a model. Of an example longer than `window`, the mean over its windows."""
    from transformers import AutoConfig, AutoModelForCausalLM

    config = AutoConfig.from_pretrained(model_folder, local_files_only=True)
    attention = attention_for(config, device, False, window)
    model = AutoModelForCausalLM.from_pretrained(model_folder, attn_implementation=attention, local_files_only=True).to(device).eval()
    windows = Windows(examples, plan(range(len(examples)), examples.lengths, window, split=True))
    collate = collator(tokenizer.pad_token_id or 0)
    nats, counted = np.zeros(len(examples)), np.zeros(len(examples))
    for n, pieces in enumerate(windows.windows):
        batch = {name: value.to(device) if isinstance(value, torch.Tensor) else value for name, value in collate([windows[n]]).items()}
        labels = batch.pop("labels")[0]
        places = (labels != IGNORED).nonzero().squeeze(1)
        if not len(places):
            continue
        logits = model(**batch, logits_to_keep=places - 1, use_cache=False).logits[0]
        each = torch.nn.functional.cross_entropy(logits.float(), labels[places], reduction="none")
        owners = np.repeat(_examples(pieces), [end - start for _, start, end in pieces])[places.cpu().numpy()]
        np.add.at(nats, owners, each.cpu().numpy())
        np.add.at(counted, owners, 1)
    return np.asarray(nats / np.maximum(counted, 1), np.float64)


def _examples(pieces: Sequence[tuple[int, int, int]]) -> list[int]:
    return [example for example, _, _ in pieces]
