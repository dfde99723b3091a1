"""A tiny model of random weights with the architecture of another, and a tokenizer: for a dry run."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from finetune.bases.published import config_of

if TYPE_CHECKING:
    from finetune.running import StageContext
    from ingest.document import PatentDocument

_VOCABULARY = 1200


def base_model(context: "StageContext", given: Path) -> Path:
    """The model or adapter that a setting names: what a stage made, a folder, or the id of one on a hub. In a dry run one that is not on this
    machine is replaced by a tiny one like it."""
    found = context.path(given)
    if not context.dry_run or any((found / name).is_file() for name in ("config.json", "adapter_config.json")):
        return found
    folder = context.out / "tiny" / found.as_posix().replace("/", "--")
    if not (folder / "config.json").is_file():
        make_tiny(found, folder, context.seed)
    return folder


def make_tiny(base: Path, folder: Path, seed: int = 0) -> None:
    """Write a model like `base`, two layers of width 64, with a tokenizer of its own, into a folder. Raises StageError for an unknown base."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    from finetune.tokenizer.new import new_tokenizer

    like = config_of(base)
    tokenizer = new_tokenizer(_sample_texts(), _VOCABULARY)
    config = AutoConfig.for_model(
        like.model_type,
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2 if like.num_key_value_heads < like.num_attention_heads else 4,
        head_dim=16,
        max_position_embeddings=min(4096, like.max_position_embeddings),
        tie_word_embeddings=like.tie_word_embeddings,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    torch.manual_seed(seed)
    AutoModelForCausalLM.from_config(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def sample_documents() -> "Iterator[PatentDocument]":
    """The sample collection that comes with the program, English and Chinese in turn."""
    from importlib.resources import files
    from itertools import chain, zip_longest

    from assistant.documents import documents_in
    from ingest.document import PatentDocument

    def of(language: str) -> Iterator[PatentDocument]:
        for path in sorted(Path(str(files("assistant") / "sample" / language)).iterdir()):
            yield from (d for d in documents_in(path) if isinstance(d, PatentDocument))

    yield from (d for d in chain.from_iterable(zip_longest(of("en"), of("zh"))) if d is not None)


def _sample_texts() -> Iterator[str]:
    for document in sample_documents():
        yield from document.abstracts.values()
        yield from (claim.text for claim in document.claims)
        yield from (p.text for s in document.sections for p in s.paragraphs)
