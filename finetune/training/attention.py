"""Attention inside each of several texts that stand one after the other in one row, without padding and without looking across.

With FlashAttention its own kernel for rows of several lengths is used; everywhere else torch's causal kernel on each text by itself, so that
no mask of the whole row is computed. Both are told the borders by the batch (`cu_seq_lens_q`: where texts begin, [texts + 1]).
"""

from typing import TYPE_CHECKING, Any

import torch

from finetune.errors import StageError

if TYPE_CHECKING:
    from transformers import PretrainedConfig

NAME = "text_by_text"


def attention_for(config: "PretrainedConfig", device: str, bf16: bool, window: int) -> str:
    """The name of the attention to load a model with. Raises StageError where neither kind computes what the model does."""
    from transformers import AttentionInterface
    from transformers.utils import is_flash_attn_2_available

    if device == "cuda" and bf16 and is_flash_attn_2_available():
        return "flash_attention_2"
    sliding = getattr(config, "sliding_window", None)
    if sliding is not None and getattr(config, "use_sliding_window", True) and sliding < window:
        raise StageError(
            f"the model looks back {sliding} tokens only, less than the window of {window}; install flash-attn, or set window to {sliding}"
        )
    AttentionInterface.register(NAME, _text_by_text)
    return NAME


def _text_by_text(
    module: torch.nn.Module, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, attention_mask: torch.Tensor | None,
    dropout: float = 0.0, scaling: float | None = None, cu_seq_lens_q: torch.Tensor | None = None, **_: Any,
) -> tuple[torch.Tensor, None]:  # fmt: skip
    """query [1, heads, length, size], key and value [1, key-value heads, length, size]; returns [1, length, heads, size]."""
    if cu_seq_lens_q is None or attention_mask is not None:
        raise ValueError(f"the attention {NAME} is for packed batches with their borders; load the model with sdpa for anything else")
    lengths = cu_seq_lens_q.diff().tolist()
    parts = zip(*(torch.split(t, lengths, dim=2) for t in (query, key, value)), strict=True)
    grouped = key.shape[1] != query.shape[1]
    attended = [
        torch.nn.functional.scaled_dot_product_attention(q, k, v, dropout_p=dropout, is_causal=True, scale=scaling, enable_gqa=grouped)
        for q, k, v in parts
    ]
    return torch.cat(attended, dim=2).transpose(1, 2).contiguous(), None
