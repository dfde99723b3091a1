import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from lxml import etree
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer

from assistant.llm import LanguageModel
from finetune.errors import DataError
from finetune.evaluation.making import evaluate
from finetune.evaluation.settings import EvaluateSettings
from finetune.running import StageContext
from tests.finetune.evaluation.conftest import rows_of, write

Contexts = Callable[..., StageContext]


@pytest.fixture
def held_out(tmp_path: Path) -> Path:
    plain = {
        "messages": [{"role": "user", "content": "什么是密封环？"}, {"role": "assistant", "content": "一种零件。"}],
        "task": "general",
        "language": "zh",
    }
    return write(tmp_path / "held_out.jsonl", [*rows_of("title", 4), *rows_of("grounded_answer", 4), plain])


def settings(tiny: Path, held_out: Path, **more: object) -> EvaluateSettings:
    given = {
        "kind": "evaluate",
        "models": {"base": tiny, "tuned": tiny},
        "held_out": (held_out,),
        "max_tokens": 12,
        "resamples": 100,
        "guided": False,
    }
    return EvaluateSettings.model_validate(given | more)


def test_base_and_tuned_side_by_side(tiny: Path, held_out: Path, context: Contexts) -> None:
    figures = evaluate(settings(tiny, held_out, majority=(held_out,)), context())
    folder = context().folder
    report = json.loads((folder / "report.json").read_text())
    tasks = {(t["task"], t["language"]): t for t in report["tasks"]}
    pointing = tasks["grounded_answer", "en"]
    assert {"base", "tuned", "majority", "overlap"} <= pointing["scores"].keys() and 0 < pointing["chance"] < 1
    assert pointing["scores"]["tuned"][pointing["first"]]["gain"] == 0.0
    assert tasks["general", "zh"]["jieba"].keys() == {"base", "tuned"}
    assert any("grounded_answer" in name for name in figures)
    text = (folder / "report.md").read_text()
    assert "## grounded_answer (en)" in text and "Not measured here" in text and "PatentGPT" in text
    assert etree.parse(folder / "report.svg").getroot().tag.endswith("svg")


def test_an_interrupted_evaluation_asks_only_what_is_missing(tiny: Path, held_out: Path, context: Contexts, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = settings(tiny, held_out, models={"base": tiny})
    evaluate(chosen, context())
    path = context().folder / "replies.jsonl"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:-2]) + lines[-2][:20])
    asked: list[int] = []
    replies = LanguageModel.replies

    def counted(self: LanguageModel, prompts: list[object], schema: object = None) -> object:
        asked.append(len(prompts))
        return replies(self, prompts, schema)  # type: ignore[arg-type]

    monkeypatch.setattr(LanguageModel, "replies", counted)
    evaluate(chosen, context())
    assert sum(asked) == 2
    assert sorted(path.read_text().splitlines()) == sorted(line.rstrip("\n") for line in lines)


def test_an_adapter_and_the_loss_of_texts(tiny: Path, held_out: Path, context: Contexts, tmp_path: Path) -> None:
    adapter = tmp_path / "adapter"
    torch.manual_seed(1)
    adapted = get_peft_model(AutoModelForCausalLM.from_pretrained(tiny), LoraConfig(r=2, target_modules=["q_proj"], task_type="CAUSAL_LM"))
    for name, weight in adapted.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.5)
    adapted.save_pretrained(adapter)
    AutoTokenizer.from_pretrained(tiny).save_pretrained(adapter)
    texts = tmp_path / "held_out.jsonl.gz"
    with gzip.open(texts, "wt", encoding="utf-8") as file:
        for language, text in (("en", "The ring is made of graphite."), ("zh", "密封环由石墨制成。")):
            file.write(json.dumps({"text": text, "language": language}, ensure_ascii=False) + "\n")
    evaluate(settings(tiny, held_out, models={"base": tiny, "tuned": adapter}, tasks=("title",), texts=(texts,)), context())
    found = json.loads((context().folder / "report.json").read_text())["texts"]
    assert found["base"].keys() == {"en", "zh"} and found["base"] != found["tuned"]
    tokenizer, model = AutoTokenizer.from_pretrained(tiny), AutoModelForCausalLM.from_pretrained(tiny)
    ids = torch.tensor([tokenizer.encode("The ring is made of graphite.")])
    bits = model(input_ids=ids, labels=ids).loss.item() * (ids.shape[1] - 1) / 0.6931471805599453
    assert found["base"]["en"] == pytest.approx(bits / len("The ring is made of graphite."), abs=1e-3)


def test_what_is_wrong_is_said(tiny: Path, held_out: Path, context: Contexts, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no example of ipc; there are"):
        evaluate(settings(tiny, held_out, tasks=("ipc",)), context())
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"messages": []}\n')
    with pytest.raises(DataError, match="line 1"):
        evaluate(settings(tiny, broken), context())
    with pytest.raises(DataError, match="line 1"):
        evaluate(settings(tiny, held_out, majority=(broken,)), context())


def test_a_dry_run_asks_a_tiny_model_two_examples_of_each(held_out: Path, context: Contexts) -> None:
    evaluate(settings(Path("Qwen/Qwen2.5-7B"), held_out), context(dry_run=True))
    report = json.loads((context().folder / "report.json").read_text())
    assert all(t["examples"] <= 2 for t in report["tasks"])
