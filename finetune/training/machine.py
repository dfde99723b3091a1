"""What this machine can do for a training: its device, bf16, FlashAttention, Liger, memory."""

import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import torch

GIB = 2**30


@dataclass(frozen=True)
class Machine:
    """`memory` is what is free, in bytes, of the GPU or of the CPU."""

    device: str
    name: str
    devices: int
    bf16: bool
    flash_attention: bool
    liger: bool
    four_bit: bool
    memory: int


def this_machine(device: str = "auto") -> Machine:
    """`device` is auto or cpu."""
    if device == "auto" and torch.cuda.is_available():
        free, _ = torch.cuda.mem_get_info()
        return Machine(
            "cuda",
            torch.cuda.get_device_name(),
            torch.cuda.device_count(),
            torch.cuda.is_bf16_supported(),
            find_spec("flash_attn") is not None,
            find_spec("liger_kernel") is not None,
            find_spec("bitsandbytes") is not None,
            free,
        )
    # without these instructions bf16 is emulated, and slower than float32
    bf16 = bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())
    return Machine("cpu", f"CPU, {torch.get_num_threads()} threads", 1, bf16, False, False, False, free_memory())


def free_memory() -> int:
    """Bytes of memory that a new process can have."""
    try:
        with Path("/proc/meminfo").open(encoding="ascii") as lines:
            return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def begin_peak(device: str) -> int:
    """Start measuring the most memory that is used; returns what is used now, in bytes."""
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()
        return 0
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the high-water mark of this process begins anew
    except OSError:
        return 0
    return _status("VmRSS")


def peak(device: str, before: int) -> int:
    """The most memory used since, in bytes, less what was used before; 0 where this system does not tell."""
    return torch.cuda.max_memory_allocated() if device == "cuda" else max(0, _status("VmHWM") - before)


def _status(name: str) -> int:
    try:
        with Path("/proc/self/status").open(encoding="ascii") as lines:
            return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))
    except (OSError, StopIteration):
        return 0
