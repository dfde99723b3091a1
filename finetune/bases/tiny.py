"""A tiny model of random weights with the architecture of another, and a tokenizer; a tiny encoder: for a dry run."""

import shutil
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


def base_encoder(context: "StageContext", given: Path | None) -> Path:
    """The folder of the encoder that a setting names, by its folder or its name; the assistant's default where none is named. In a dry run a tiny
    one that reads English stands for the default, and for one that is not on this machine. Raises EncoderError."""
    from index.encoder import DEFAULT_ENCODER, encoder_name
    from index.encoder.source import model_folder

    found = context.path(given) if given else None
    if not context.dry_run or (found and (found / "modules.json").is_file()):
        return model_folder(encoder_name(str(found or DEFAULT_ENCODER)))
    folder = context.out / "tiny" / "encoder"
    if not (folder / "README.md").is_file():
        make_tiny_encoder(folder, context.seed)
    return folder


def make_tiny_encoder(folder: Path, seed: int = 0) -> None:
    """Write a BERT of two layers of width 32 with mean pooling, and a vocabulary of the English samples."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import BertWordPieceTokenizer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    learned = BertWordPieceTokenizer(lowercase=True)
    texts = [t for t in _sample_texts() if t.isascii()]
    learned.train_from_iterator(texts, vocab_size=_VOCABULARY, show_progress=False)
    body = folder / "body"
    body.mkdir(parents=True, exist_ok=True)
    vocabulary = learned.get_vocab()
    (body / "vocab.txt").write_text("\n".join(sorted(vocabulary, key=vocabulary.__getitem__)), encoding="utf-8")
    BertTokenizerFast(vocab=str(body / "vocab.txt")).save_pretrained(body)
    torch.manual_seed(seed)
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    BertModel(BertConfig(vocab_size=len(vocabulary), **sizes)).save_pretrained(body)
    model = SentenceTransformer(modules=[Transformer(str(body)), Pooling(32, "mean")], device="cpu")
    model.save_pretrained(str(folder), create_model_card=False)
    shutil.rmtree(body)
    (folder / "README.md").write_text("---\nlanguage: en\n---\nRandom weights, for a dry run.\n", encoding="utf-8")


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
