import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from pydantic import ValidationError
from tokenizers import Tokenizer, decoders, models, normalizers, trainers
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerFast

from finetune.errors import DataError, StageError
from finetune.running import StageContext
from finetune.tokenizer.extended import extended, readable
from finetune.tokenizer.making import make
from finetune.tokenizer.new import new_tokenizer
from finetune.tokenizer.settings import NewModel, TokenizerSettings
from tests.finetune.tokenizer.conftest import TEXTS

Contexts = Callable[..., StageContext]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A byte-level BPE of English, and a model for it with a table of its own for the output."""
    folder = tmp_path / "base"
    tokenizer = new_tokenizer(["the pump and the ring of the seal " * 20], 320)
    config = AutoConfig.for_model(
        "qwen2", vocab_size=336, hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2, num_key_value_heads=1,
        tie_word_embeddings=False,
    )  # fmt: skip
    torch.manual_seed(0)
    AutoModelForCausalLM.from_config(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def test_an_extended_tokenizer_is_shorter_and_loses_nothing(corpus: Path, base: Path, context: Contexts) -> None:
    report = make(TokenizerSettings(kind="tokenizer", base=base, corpus=(corpus,), tokens=400, least=5), context())
    folder = context().folder
    old, new = AutoTokenizer.from_pretrained(base), AutoTokenizer.from_pretrained(folder / "tokenizer")
    lengths = json.loads((folder / "report.json").read_text())["tokens_per_character"]
    for language, text in TEXTS.items():
        assert new.decode(new.encode(text)) == text
        assert len(new.encode(text)) < 0.6 * len(old.encode(text))
        assert lengths[language]["after"] < 0.6 * lengths[language]["before"]
    assert report["added"] == len(new) - len(old) > 0
    assert {"弹簧", "壳体", " housing"} <= {readable(t) for t in new.get_vocab()}
    assert new.encode("xyz 123 <|im_end|>") == old.encode("xyz 123 <|im_end|>")
    assert "shorter by" in (folder / "report.md").read_text()


def test_new_embeddings_are_the_mean_of_their_pieces(corpus: Path, base: Path, context: Contexts) -> None:
    make(TokenizerSettings(kind="tokenizer", base=base, corpus=(corpus,), tokens=300, least=5), context())
    old_tokenizer, new_tokenizer_ = AutoTokenizer.from_pretrained(base), AutoTokenizer.from_pretrained(context().folder / "model")
    old, new = AutoModelForCausalLM.from_pretrained(base), AutoModelForCausalLM.from_pretrained(context().folder / "model")
    (number,) = new_tokenizer_.encode(" housing")
    pieces = old_tokenizer.encode(" housing")
    assert len(pieces) > 1
    for name in ("get_input_embeddings", "get_output_embeddings"):
        before, after = getattr(old, name)().weight, getattr(new, name)().weight
        assert torch.allclose(after[number], before[pieces].mean(dim=0), atol=1e-6)
        assert torch.equal(after[: len(old_tokenizer)], before[: len(old_tokenizer)])
        assert len(after) >= len(new_tokenizer_)


def test_a_tokenizer_that_falls_back_to_bytes_gets_characters_first(corpus: Path, tmp_path: Path) -> None:
    tokenizer = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>", fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    specials = ["<unk>", *(f"<0x{n:02X}>" for n in range(256))]
    tokenizer.train_from_iterator([TEXTS["en"]], trainers.BpeTrainer(vocab_size=340, special_tokens=specials, show_progress=False))
    base = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>")
    made = extended(base, [TEXTS["zh"] * 10, TEXTS["en"] * 10], 120, 5, 8)
    text = TEXTS["zh"]
    assert {"密", "弹簧", "壳体"} <= set(made.added)
    assert len(made.tokenizer.encode(text)) < len(text) < len(base.encode(text))
    assert made.tokenizer.decode(made.tokenizer.encode(text)) == text
    by_token = dict(zip(made.added, made.pieces, strict=True))
    assert by_token["密"][1] == tuple(base.convert_tokens_to_ids(f"<0x{b:02X}>") for b in "密".encode())


def test_other_kinds_of_tokenizers_are_refused() -> None:
    tokenizer = Tokenizer(models.WordPiece({"[UNK]": 0, "a": 1}, unk_token="[UNK]"))
    with pytest.raises(StageError, match="WordPiece"):
        extended(PreTrainedTokenizerFast(tokenizer_object=tokenizer), ["a"], 5, 1, 5)


def test_a_new_tokenizer_and_a_model_for_it(corpus: Path, context: Contexts) -> None:
    shape = NewModel(hidden=96, layers=4, heads=6, key_value_heads=6, inner=64, prepared=True)
    settings = TokenizerSettings(kind="tokenizer", corpus=(corpus,), tokens=400, prompts=True, model=shape)
    report = make(settings, context())
    folder = context().folder / "model"
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModelForCausalLM.from_pretrained(folder)
    assert report["tokens"] == len(tokenizer) <= model.get_input_embeddings().weight.shape[0]
    assert tokenizer.decode(tokenizer.encode(TEXTS["zh"] + TEXTS["en"])) == TEXTS["zh"] + TEXTS["en"]
    messages = [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "[4] Because."}]
    made = tokenizer.apply_chat_template(messages, return_dict=True, return_assistant_tokens_mask=True)
    said = [token for token, mask in zip(made["input_ids"], made["assistant_masks"], strict=True) if mask]
    assert tokenizer.decode(said) == "[4] Because.<|im_end|>"
    assert torch.isfinite(model(torch.tensor([made["input_ids"]])).logits).all()
    again = context("again")
    make(settings, again)
    assert (again.folder / "model" / "model.safetensors").read_bytes() == (folder / "model.safetensors").read_bytes()


def test_a_dry_run_takes_a_tiny_model_like_the_base(corpus: Path, context: Contexts) -> None:
    dry = context(dry_run=True)
    make(TokenizerSettings(kind="tokenizer", base=Path("meta-llama/Llama-2-7b-hf"), corpus=(corpus,), tokens=20, least=5), dry)
    assert AutoConfig.from_pretrained(dry.folder / "model").model_type == "llama"


def test_what_is_wrong_is_said(corpus: Path, tmp_path: Path, context: Contexts) -> None:
    with pytest.raises(ValidationError, match="exclude"):
        TokenizerSettings(kind="tokenizer", base=tmp_path, corpus=(corpus,), model=NewModel())
    with pytest.raises(ValidationError, match="300 at least"):
        TokenizerSettings(kind="tokenizer", corpus=(corpus,), tokens=100)
    with pytest.raises(ValidationError, match="multiple of heads"):
        NewModel(hidden=30, heads=4)
    with pytest.raises(DataError, match="no JSON lines"):
        make(TokenizerSettings(kind="tokenizer", corpus=(tmp_path / "none",), tokens=400), context())
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"text": "a"}\n{"words": "b"}\n')
    with pytest.raises(DataError, match="line 2"):
        make(TokenizerSettings(kind="tokenizer", corpus=(broken,), tokens=400), context())
