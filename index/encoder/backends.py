"""What runs the encoder: OpenVINO, or torch where OpenVINO can't be used; in bfloat16 where the processor computes in it."""

import logging
import os
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from index.errors import EncoderError

if TYPE_CHECKING:
    from index.encoder.conversion import Converted

BACKENDS = ("auto", "openvino", "torch")
Vectors = np.ndarray[Any, np.dtype[np.float32]]
Ids = np.ndarray[Any, np.dtype[np.int64]]
_QUEUED = 2
"""Requests that wait beside those that run: a stream never stands still until Python comes round to give it the next batch."""


@dataclass(frozen=True)
class Batch:
    """`rows` says which texts stand in it; `ids` and `mask` are (n, length)."""

    rows: list[int]
    ids: Ids
    mask: Ids


class Choice(NamedTuple):
    """The name of a backend, `bf16` or `f32`, and why it is not OpenVINO, where it was not asked for."""

    name: str
    precision: str
    reason: str = ""


class Backend(Protocol):
    """Runs batches; gives them back in order, each with its texts' unit vectors (n, d), or with its tokens' vectors (n, length, d)."""

    choice: Choice

    def run(self, batches: Iterable[Batch], tokens: bool = False) -> Iterator[tuple[Batch, Vectors]]: ...


def backend_here(wanted: str = "auto") -> Choice:
    """What runs encoders on this machine; a model that OpenVINO can't convert is run by torch all the same. Raises EncoderError."""
    check_backend(wanted)
    reason = ""
    if wanted != "torch":
        try:
            import openvino

            bf16 = "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
            return Choice("openvino", "bf16" if bf16 else "f32")
        except (ImportError, RuntimeError) as error:
            reason = f"OpenVINO can't be used here ({error})"
        if wanted == "openvino":
            raise EncoderError(f"{reason}; choose --encoder-backend torch")
    return Choice("torch", "bf16" if native_bf16() else "f32", reason)


def check_backend(wanted: str) -> None:
    if wanted not in BACKENDS:
        raise EncoderError(f"{wanted!r} is not a backend; there are auto, openvino and torch")


def make_backend(wanted: str, model: "Converted") -> Backend:
    """The backend that is wanted; `auto` is OpenVINO, and torch with a warning where that is not possible. Raises EncoderError."""
    choice = backend_here(wanted)
    if choice.name == "openvino" and not model.trouble:
        return OpenVinoBackend(model.folder, "f32" if model.precision == "f32" else choice.precision)
    if choice.name == "openvino":
        if wanted == "openvino":
            raise EncoderError(f"OpenVINO can't run {model.info.name} ({model.trouble}); choose --encoder-backend torch")
        choice = Choice("torch", "bf16" if native_bf16() else "f32", f"OpenVINO can't run {model.info.name} ({model.trouble})")
    if model.precision == "f32":
        choice = choice._replace(precision="f32")
    if choice.reason:
        _warn(choice)
    return TorchBackend(model.source, model.info.pooling, choice)


@cache
def _warn(choice: Choice) -> None:
    """Once a process for each reason."""
    logging.getLogger("index.encoder").warning("%s; the encoder runs on torch, %s, which is slower", choice.reason, choice.precision)


def native_bf16() -> bool:
    """Whether the processor multiplies in bfloat16 (AVX512_BF16 or AMX)."""
    import torch

    found = torch.cpu.get_capabilities()
    return bool(found.get("avx512_bf16") or found.get("amx_bf16"))


class OpenVinoBackend:
    def __init__(self, folder: Path, precision: str) -> None:
        self.choice = Choice("openvino", precision)
        self._model = _compiled(folder / "model.xml", precision)
        self._requests = int(self._model.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")) + _QUEUED

    def run(self, batches: Iterable[Batch], tokens: bool = False) -> Iterator[tuple[Batch, Vectors]]:
        free: list[Any] = []  # requests of this call alone: one can't serve two threads
        busy: deque[tuple[Batch, Any]] = deque()

        def collect() -> tuple[Batch, Vectors]:
            batch, request = busy.popleft()
            request.wait()
            free.append(request)
            return batch, request.get_output_tensor(1 if tokens else 0).data.copy()

        try:
            for batch in batches:
                if len(busy) == self._requests:
                    yield collect()
                request = free.pop() if free else self._model.create_infer_request()
                request.start_async({0: batch.ids, 1: batch.mask})
                busy.append((batch, request))
            while busy:
                yield collect()
        finally:
            for _, request in busy:  # given up in the middle: what runs still reads the batches
                request.wait()


@cache
def _compiled(model: Path, precision: str) -> Any:
    """The model, compiled once a process and kept: it is shared by all indexes, and never torn down under a running thread. One stream
    a core: two streams of one thread encode 1.15 times as fast as one of two."""
    import openvino

    core = openvino.Core()
    threads = os.environ.get("OMP_NUM_THREADS")
    limit = {"INFERENCE_NUM_THREADS": int(threads)} if threads and threads.isdigit() else {}
    return core.compile_model(core.read_model(model), "CPU", {"PERFORMANCE_HINT": "THROUGHPUT", "INFERENCE_PRECISION_HINT": precision, **limit})


class TorchBackend:
    def __init__(self, source: Path, pooling: str, choice: Choice) -> None:
        import torch

        from index.encoder.conversion import load_transformer

        self.choice = choice
        self._torch = torch
        self._model = load_transformer(source, pooling)
        if choice.precision == "bf16":
            self._model = self._model.to(torch.bfloat16)

    def run(self, batches: Iterable[Batch], tokens: bool = False) -> Iterator[tuple[Batch, Vectors]]:
        for batch in batches:
            with self._torch.inference_mode():
                found = self._model({"input_ids": self._torch.from_numpy(batch.ids), "attention_mask": self._torch.from_numpy(batch.mask)})
                if tokens:
                    result = found["token_embeddings"].float()
                else:
                    result = self._torch.nn.functional.normalize(found["sentence_embedding"].float(), dim=1)
            yield batch, result.numpy()
