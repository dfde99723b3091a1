"""The architectures of published models, so that what they need can be told, and a tiny one like them made, without fetching them.

Figures are those of the models' own `config.json`.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from finetune.errors import StageError

if TYPE_CHECKING:
    from transformers import PretrainedConfig

_FIELDS = (
    "model_type", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "vocab_size",
    "max_position_embeddings", "rope_theta", "tie_word_embeddings",
)  # fmt: skip
_SHAPES: dict[str, tuple[str | int | float | bool, ...]] = {
    "Qwen/Qwen2.5-0.5B": ("qwen2", 896, 4864, 24, 14, 2, 151936, 32768, 1e6, True),
    "Qwen/Qwen2.5-1.5B": ("qwen2", 1536, 8960, 28, 12, 2, 151936, 32768, 1e6, True),
    "Qwen/Qwen2.5-3B": ("qwen2", 2048, 11008, 36, 16, 2, 151936, 32768, 1e6, True),
    "Qwen/Qwen2.5-7B": ("qwen2", 3584, 18944, 28, 28, 4, 152064, 32768, 1e6, False),
    "Qwen/Qwen2.5-14B": ("qwen2", 5120, 13824, 48, 40, 8, 152064, 32768, 1e6, False),
    "Qwen/Qwen2.5-32B": ("qwen2", 5120, 27648, 64, 40, 8, 152064, 32768, 1e6, False),
    "Qwen/Qwen2.5-72B": ("qwen2", 8192, 29568, 80, 64, 8, 152064, 32768, 1e6, False),
    "Qwen/Qwen3-8B": ("qwen3", 4096, 12288, 36, 32, 8, 151936, 40960, 1e6, False),
    "huggyllama/llama-7b": ("llama", 4096, 11008, 32, 32, 32, 32000, 2048, 1e4, False),
    "meta-llama/Llama-2-7b-hf": ("llama", 4096, 11008, 32, 32, 32, 32000, 4096, 1e4, False),
    "meta-llama/Llama-2-13b-hf": ("llama", 5120, 13824, 40, 40, 40, 32000, 4096, 1e4, False),
    "meta-llama/Llama-2-70b-hf": ("llama", 8192, 28672, 80, 64, 8, 32000, 4096, 1e4, False),
    "meta-llama/Meta-Llama-3-8B": ("llama", 4096, 14336, 32, 32, 8, 128256, 8192, 5e5, False),
}
_SAME = {"-Instruct": "", "-Chat": "", "-chat-hf": "-hf"}
"""Endings of tuned models, and that of the base with the same architecture."""


def config_of(base: Path) -> "PretrainedConfig":
    """The configuration of a model in a folder, or of a published one. Raises StageError for any other."""
    from transformers import AutoConfig

    if (base / "config.json").is_file():
        try:
            return AutoConfig.from_pretrained(base, local_files_only=True)
        except (ValueError, OSError, KeyError) as error:
            raise StageError(f"{base}: config.json names no model that can be used: {error}") from error
    name = base.as_posix()
    for ending, plain in _SAME.items():
        name = name.removesuffix(ending) + plain if name.endswith(ending) else name
    if name not in _SHAPES:
        raise StageError(f"{base}: no model is in that folder, and no published architecture has that name; known are: {', '.join(_SHAPES)}")
    shape: dict[str, Any] = dict(zip(_FIELDS, _SHAPES[name], strict=True))
    rope = {"rope_type": "default", "rope_theta": shape.pop("rope_theta")}
    return AutoConfig.for_model(shape.pop("model_type"), **shape, rope_parameters=rope)


def parameters(config: "PretrainedConfig") -> int:
    """How many weights a model of this configuration has, tied ones once."""
    import torch
    from transformers import AutoModelForCausalLM

    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config)
    return sum(p.numel() for p in model.parameters())
