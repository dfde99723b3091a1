"""How much memory a training needs, told before it starts."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from finetune.bases.published import parameters
from finetune.errors import MemoryNeeded
from finetune.training.machine import GIB
from finetune.training.settings import TrainSettings

if TYPE_CHECKING:
    from transformers import PretrainedConfig

_LINEAR = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
"""The linear layers of one block, as models name them."""
_FIXED = {"cpu": 0.1 * GIB, "cuda": 1.0 * GIB}
"""Workspaces of the libraries that compute."""


@dataclass(frozen=True)
class Shape:
    """What of a model's configuration the formulas need. `linear` is the weights of the linear layers of all blocks, `table` those of one table of
    embeddings, `total` all. `sizes` are (in, out) of the linear layers of one block."""

    hidden: int
    inner: int
    layers: int
    key_value: int
    vocabulary: int
    total: int
    tables: int
    sizes: tuple[tuple[int, int], ...]

    @property
    def table(self) -> int:
        return self.hidden * self.vocabulary

    @property
    def linear(self) -> int:
        return self.layers * sum(a * b for a, b in self.sizes)


@dataclass(frozen=True)
class Estimate:
    """Bytes on one device."""

    weights: int
    gradients: int
    optimizer: int
    activations: int
    logits: int
    fixed: int
    trained: int

    @property
    def total(self) -> int:
        return self.weights + self.gradients + self.optimizer + self.activations + self.logits + self.fixed

    def report(self) -> dict[str, Any]:
        """In GiB; `trained` is a number of weights."""
        parts = {name: round(value / GIB, 3) for name, value in asdict(self).items() if name != "trained"}
        return parts | {"total": round(self.total / GIB, 3), "trained_parameters": self.trained}


def shape_of(config: "PretrainedConfig") -> Shape:
    heads = config.num_attention_heads
    size = getattr(config, "head_dim", None) or config.hidden_size // heads
    hidden, inner, query, key_value = config.hidden_size, config.intermediate_size, heads * size, config.num_key_value_heads * size
    sizes = ((hidden, query), (hidden, key_value), (hidden, key_value), (query, hidden), (hidden, inner), (hidden, inner), (inner, hidden))
    tables = 1 if config.tie_word_embeddings else 2
    return Shape(hidden, inner, config.num_hidden_layers, key_value, config.vocab_size, parameters(config), tables, sizes)


def estimate(shape: Shape, settings: TrainSettings, device: str, bf16: bool, checkpointing: bool, scored: float = 1.0) -> Estimate:
    """What a training needs, in bytes on one device. h hidden, i inner, k keys and values, V vocabulary, T tokens of a batch (DPO: of both replies):

    - weights: 4 bytes each (2 as bfloat16; qlora: 0.53 for those of linear layers), with autocast 2 more for each of a linear layer that is
      float32; for DPO of full weights the reference once more;
    - gradients: 4 bytes for each trained weight; the optimizer (AdamW): 8;
    - activations of a layer: T (32 h + 4 k + 8 i) bytes with bf16, T (36 h + 8 k + 16 i) with float32: both norms, the inputs of the linear
      layers, queries, keys, values and what attention says, the four vectors of the feed-forward layer. With checkpointing those of one layer,
      and 4 h T for each;
    - logits: with autograd 12 V bytes (bf16: 14 V) for each token that is `scored` (their share of T); on a GPU, TRL computes them in tiles of
      0.25 GiB;
    - cut by FSDP or ZeRO-3 among the processes: weights, gradients and the optimizer.
    """
    tokens = settings.batch * settings.window * (2 if settings.method == "dpo" else 1)
    adapted = settings.weights != "full"
    trained = adapter_size(shape, settings) if adapted else shape.total
    wide = weights_dtype(settings, device, bf16) == "float32"
    four_bits = settings.weights == "qlora"
    weights = int(0.53 * shape.linear + 2 * (shape.total - shape.linear)) if four_bits else (4 if wide else 2) * shape.total
    autocast = 2 * (shape.linear + shape.table) if bf16 and wide else 0
    reference = weights if settings.method == "dpo" and not adapted else 0
    weights += autocast + reference + (4 * trained if adapted else 0)
    layer = tokens * (
        (32 * shape.hidden + 4 * shape.key_value + 8 * shape.inner) if bf16 else (36 * shape.hidden + 8 * shape.key_value + 16 * shape.inner)
    )
    if adapted:
        layer += tokens * len(shape.sizes) * settings.adapter.rank * (2 if bf16 else 4)
    activations = layer + shape.layers * tokens * 4 * shape.hidden if checkpointing else shape.layers * layer
    logits = int(tokens * scored * shape.vocabulary * (14 if bf16 else 12)) if device == "cpu" else GIB // 4
    cut = settings.distributed.processes if settings.distributed and settings.distributed.strategy != "ddp" else 1
    return Estimate(weights // cut, 4 * trained // cut, 8 * trained // cut, activations, logits, int(_FIXED[device]), trained)


def adapter_size(shape: Shape, settings: TrainSettings) -> int:
    """Trained weights beside frozen ones: r (in + out) for each linear layer (DoRA: and its outputs once), and the modules that are saved whole."""
    rank, dora, targets = settings.adapter.rank, settings.weights == "dora", settings.adapter.targets
    sizes = [size for name, size in zip(_LINEAR, shape.sizes, strict=True) if not targets or name in targets]
    low = shape.layers * sum(rank * (a + b) + (b if dora else 0) for a, b in sizes)
    return low + sum(shape.table for name in settings.adapter.save if name in ("embed_tokens", "lm_head"))


def weights_dtype(settings: TrainSettings, device: str, bf16: bool) -> str:
    if settings.dtype != "auto":
        return settings.dtype
    return "bfloat16" if device == "cuda" and bf16 and settings.weights != "full" else "float32"


def check(needed: Estimate, shape: Shape, settings: TrainSettings, device: str, bf16: bool, available: float) -> None:
    """Raises MemoryNeeded where it won't fit into `available` bytes, with what would make it fit."""
    if needed.total <= available or settings.fit == "ignore":
        return
    fitting = [words for words, changed, again in _smaller(settings) if estimate(shape, changed, device, bf16, again).total <= available]
    remedy = "; it would fit with " + ", or with ".join(fitting[:3]) if fitting else "; nothing that can be set makes it fit: take a smaller model"
    raise MemoryNeeded(
        f"the training needs about {needed.total / GIB:.1f} GiB and {available / GIB:.1f} GiB are free{remedy} (fit: ignore tries it all the same)"
    )


def _smaller(settings: TrainSettings) -> Iterator[tuple[str, TrainSettings, bool]]:
    """(in words, settings, checkpointing), those that change the training least first."""
    yield "checkpointing: on", settings, True
    small = settings.model_copy(update={"batch": 1, "accumulate": settings.batch * settings.accumulate})
    if settings.batch > 1:
        yield f"batch: 1, accumulate: {small.accumulate} and checkpointing: on", small, True
    if settings.weights == "full":
        yield "weights: lora, batch: 1 and checkpointing: on", small.model_copy(update={"weights": "lora"}), True
    half = small.model_copy(update={"window": max(8, settings.window // 2)})
    yield f"window: {half.window}, batch: 1 and checkpointing: on", half, True
    if settings.weights != "qlora":
        yield "weights: qlora (on a GPU), batch: 1 and checkpointing: on", small.model_copy(update={"weights": "qlora"}), True
