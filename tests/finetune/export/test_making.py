import json
from pathlib import Path

import pytest
import torch
from peft import LoraConfig, get_peft_model
from pydantic import ValidationError
from transformers import AutoModelForCausalLM, AutoTokenizer

from finetune.bases.tiny import make_tiny
from finetune.errors import StageError
from finetune.export.delta import apply_delta
from finetune.export.making import export
from finetune.export.settings import Card, ExportSettings
from finetune.running import StageContext, digest

CARD = Card(title="A tiny patent model", licence="apache-2.0", credits=("Somebody's patents (CC-BY)",))


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "base"
    make_tiny(Path("Qwen/Qwen2.5-7B"), folder)
    return folder


@pytest.fixture(scope="session")
def adapter(base: Path) -> Path:
    """An adapter that changes what the model says."""
    folder = base.parent / "adapter"
    torch.manual_seed(1)
    adapted = get_peft_model(AutoModelForCausalLM.from_pretrained(base), LoraConfig(r=4, target_modules="all-linear", task_type="CAUSAL_LM"))
    for name, weight in adapted.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.2)
    adapted.save_pretrained(folder)
    return folder


@pytest.fixture
def context(tmp_path: Path) -> StageContext:
    folder = tmp_path / "out" / "export"
    folder.mkdir(parents=True)
    return StageContext("export", folder, tmp_path / "out", tell=lambda line: None)


def made(context: StageContext, **settings: object) -> dict[str, object]:
    return export(ExportSettings.model_validate({"kind": "export", "card": CARD, "dtype": "float32"} | settings), context)


def test_an_adapter_is_merged_and_says_the_same(base: Path, adapter: Path, context: StageContext) -> None:
    report = made(context, trained=adapter)
    assert report["merged"] and report["parity_same_choice"] == 1.0 and report["parity_largest"] < 1e-3
    model, tokenizer = AutoModelForCausalLM.from_pretrained(context.folder / "model"), AutoTokenizer.from_pretrained(context.folder / "model")
    ids = torch.tensor([tokenizer.encode("a sealing ring 密封环")])
    assert not torch.allclose(model(ids).logits, AutoModelForCausalLM.from_pretrained(base)(ids).logits, atol=1e-3)
    sums = json.loads((context.folder / "checksums.json").read_text())
    assert sums["model.safetensors"] == digest(context.folder / "model" / "model.safetensors")
    card = (context.folder / "MODEL_CARD.md").read_text()
    assert card.startswith("---\n") and "A tiny patent model" in card and sums["model.safetensors"] in card and "CC-BY" in card
    assert f"vllm serve {context.folder / 'model'}" in (context.folder / "serve.md").read_text()


def test_a_model_that_says_something_else_fails_loudly(adapter: Path, context: StageContext, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_the_adapter(base: Path, adapter: Path, folder: Path, dtype: str) -> None:
        AutoModelForCausalLM.from_pretrained(base).save_pretrained(folder)
        AutoTokenizer.from_pretrained(base).save_pretrained(folder)

    monkeypatch.setattr("finetune.export.making.merge", without_the_adapter)
    with pytest.raises(StageError, match="not the trained one"):
        made(context, trained=adapter)
    assert not (context.folder / "MODEL_CARD.md").exists()


def test_full_weights_and_their_delta(base: Path, context: StageContext, tmp_path: Path) -> None:
    tuned = tmp_path / "tuned"
    model = AutoModelForCausalLM.from_pretrained(base)
    with torch.no_grad():
        for weight in model.parameters():
            weight += 0.01
    model.save_pretrained(tuned)
    AutoTokenizer.from_pretrained(base).save_pretrained(tuned)
    made(context, trained=tuned, base=base, delta=True, dtype="bfloat16", parity=5.0)
    apply_delta(context.folder / "delta", base, tmp_path / "again")
    assert (tmp_path / "again" / "model.safetensors").read_bytes() == (context.folder / "model" / "model.safetensors").read_bytes()
    assert AutoModelForCausalLM.from_pretrained(tmp_path / "again").dtype == torch.bfloat16


def test_an_adapter_that_brings_a_vocabulary(base: Path, context: StageContext, tmp_path: Path) -> None:
    adapter = tmp_path / "extended"
    model = AutoModelForCausalLM.from_pretrained(base)
    rows = model.get_input_embeddings().weight.shape[0] + 64
    model.resize_token_embeddings(rows)
    config = LoraConfig(r=2, target_modules=["q_proj"], modules_to_save=["embed_tokens", "lm_head"], task_type="CAUSAL_LM")
    get_peft_model(model, config).save_pretrained(adapter, save_embedding_layers=True)
    AutoTokenizer.from_pretrained(base).save_pretrained(adapter)
    made(context, trained=adapter, base=base)
    assert AutoModelForCausalLM.from_pretrained(context.folder / "model").get_input_embeddings().weight.shape[0] == rows


@pytest.mark.slow
def test_gguf_is_made_by_the_converter_that_is_installed(
    adapter: Path, context: StageContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("LLAMA_CPP", raising=False)
    assert str(made(context, trained=adapter, gguf="f16")["gguf"]).startswith("not made: python convert_hf_to_gguf.py")
    script = tmp_path / "convert_hf_to_gguf.py"
    script.write_text("import pathlib, sys\npathlib.Path(sys.argv[sys.argv.index('--outfile') + 1]).write_bytes(b'GGUF')\n")
    monkeypatch.setenv("LLAMA_CPP", str(tmp_path))
    assert Path(str(made(context, trained=adapter, gguf="f16")["gguf"])).read_bytes() == b"GGUF"
    script.write_text("raise SystemExit('unknown architecture')\n")
    with pytest.raises(StageError, match="unknown architecture"):
        made(context, trained=adapter, gguf="f16")
    with pytest.raises(StageError, match="is not there"):
        made(context, trained=adapter, gguf="f16", converter=tmp_path / "none.py")


def test_what_can_not_be_loaded_is_said(adapter: Path, context: StageContext, tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="name the base"):
        ExportSettings(kind="export", trained=adapter, delta=True, card=CARD)
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "config.json").write_text("{}")
    with pytest.raises(StageError, match="can't be loaded"):
        made(context, trained=broken)


def test_the_card_tells_the_stages_and_scores(base: Path, adapter: Path, context: StageContext, tmp_path: Path) -> None:
    evaluation = tmp_path / "report.json"
    evaluation.write_text("{}")
    evaluation.with_suffix(".md").write_text("# Scores\n\n| task | base | tuned |\n")
    data = tmp_path / "card.md"
    data.write_text("# 30 examples\n")
    made(context, trained=adapter, evaluation=evaluation, data=(data,))
    card = (context.folder / "MODEL_CARD.md").read_text()
    assert "### Scores" in card and "### 30 examples" in card
    with pytest.raises(Exception, match=r"none\.md"):
        made(context, trained=adapter, data=(tmp_path / "none.md",))
