"""How long a training takes on other hardware, from its operations.

Kaplan et al. 2020 (arXiv:2001.08361) for their number, Chowdhery et al. 2022 (arXiv:2204.02311) for the share of the peak that is reached.
"""

from typing import Any

from finetune.training.memory import Shape, adapter_size
from finetune.training.settings import TrainSettings


def operations(shape: Shape, settings: TrainSettings, checkpointing: bool) -> float:
    """Floating-point operations for one token. N weights that multiply (all but the table of the input), A of the adapter: 6 N where all are trained;
    4 N + 6 A with an adapter; 2 N more with checkpointing, or for the reference of DPO. Attention over the window, which is causal:
    2 · layers · hidden · window forward, twice that backward."""
    multiplied = shape.total - (shape.table if shape.tables == 2 else 0)
    adapted = settings.weights != "full"
    of_weights = 4 * multiplied + 6 * adapter_size(shape, settings) if adapted else 6 * multiplied
    attention = 2 * shape.layers * shape.hidden * settings.window
    passes = int(checkpointing) + int(settings.method == "dpo")
    return float(of_weights + 3 * attention + passes * (2 * multiplied + attention))


def time_needed(shape: Shape, settings: TrainSettings, checkpointing: bool, tokens: int | None) -> dict[str, Any]:
    """Hours on the hardware of the settings, with how they were estimated; where the number of tokens isn't known, for a thousand million."""
    devices = settings.distributed.processes if settings.distributed else 1
    each = operations(shape, settings, checkpointing)
    hardware = settings.hardware
    rate = devices * hardware.peak * 1e12 * hardware.utilization / each
    counted = tokens or 1_000_000_000
    return {
        "tokens": counted,
        "tokens_known": tokens is not None,
        "hours": round(counted / rate / 3600, 2),
        "tokens_per_second": round(rate),
        "operations_per_token": each,
        "estimated": f"operations per token at {hardware.utilization:.0%} of {hardware.peak:g} TFLOP/s (bf16), {devices} x {hardware.name}",
    }
