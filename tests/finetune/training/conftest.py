import gzip
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedTokenizerFast

from finetune.running import StageContext
from finetune.tokenizer.new import new_tokenizer
from finetune.training.settings import TrainSettings

PARTS = ("ring", "pump", "shaft", "valve", "spring", "housing", "seal", "bearing")
CHINESE = ("密封环", "泵", "轴", "阀", "弹簧", "壳体", "轴承")


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """So that sums are always in the same order."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def sentence(r: random.Random, language: str) -> str:
    if language == "zh":
        a, b = r.sample(CHINESE, 2)
        return f"所述{a}与{b}连接。"
    a, b, c = r.sample(PARTS, 3)
    return f"The {a} is held by the {b} next to the {c}. "


def texts(count: int, seed: int, longest: int = 12) -> list[dict[str, Any]]:
    r = random.Random(seed)
    languages = [("en", "zh")[n % 2] for n in range(count)]
    return [{"text": "".join(sentence(r, x) for _ in range(r.randint(1, longest))), "language": x} for x in languages]


def chats(count: int, seed: int) -> list[dict[str, Any]]:
    r = random.Random(seed)
    made = []
    for _ in range(count):
        part = r.choice(PARTS)
        symbols = r.sample(["F16J", "F04D 29/10", "H", "F16C 33/00"], r.randint(1, 3))
        asked = f"{sentence(r, 'en') * r.randint(1, 5)}Which class has the {part}?"
        reply = {"symbols": symbols, "part": part}
        messages = [
            {"role": "system", "content": "Answer."},
            {"role": "user", "content": asked},
            {"role": "assistant", "content": json.dumps(reply)},
        ]
        made.append({"messages": messages, "task": "made_up", "language": "en", "source": "x", "family": "x", "given": None, "reply": reply})
    return made


def preferred(count: int, seed: int) -> list[dict[str, Any]]:
    r = random.Random(seed)
    made = []
    for _ in range(count):
        part = r.choice(PARTS)
        made.append(
            {
                "prompt": [{"role": "user", "content": f"Where is the {part}?"}],
                "chosen": [{"role": "assistant", "content": f"The {part} is in the housing."}],
                "rejected": [{"role": "assistant", "content": f"Nobody knows of a {part} at all, I fear."}],
            }
        )
    return made


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") if path.suffix == ".gz" else path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return path


@pytest.fixture(scope="session")
def tokenizer() -> PreTrainedTokenizerFast:
    r = random.Random(1)
    return new_tokenizer([sentence(r, language) for _ in range(200) for language in ("en", "zh")], 400)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory, tokenizer: PreTrainedTokenizerFast) -> Path:
    """A Qwen2 of 70,000 weights, keys and values shared by two heads each."""
    folder = tmp_path_factory.mktemp("model")
    config = AutoConfig.for_model(
        "qwen2", vocab_size=len(tokenizer), hidden_size=48, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        max_position_embeddings=1024, tie_word_embeddings=True, bos_token_id=None, eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )  # fmt: skip
    torch.manual_seed(0)
    AutoModelForCausalLM.from_config(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the corpus and the instructions stages write it, in one."""
    folder = tmp_path_factory.mktemp("data")
    write(folder / "train-00000.jsonl.gz", texts(120, 1))
    write(folder / "held_out.jsonl.gz", texts(20, 2))
    write(folder / "train.jsonl", chats(80, 3))
    write(folder / "held_out.jsonl", chats(12, 4))
    write(folder / "preferences.jsonl", preferred(40, 5))
    write(folder / "preferences_held_out.jsonl", preferred(10, 6))
    return folder


@pytest.fixture
def settings(model: Path, data: Path) -> Callable[..., TrainSettings]:
    """Of a training of a second or two."""

    def made(method: str = "cpt", **changed: Any) -> TrainSettings:
        given = {
            "kind": "train", "method": method, "model": model, "data": (data,), "window": 128, "batch": 2, "steps": 12, "learning_rate": 5e-3,
            "precision": "float32", "threads": 1, "save_every": 5, "evaluate_every": 6,
        }  # fmt: skip
        return TrainSettings.model_validate(given | changed)

    return made


@pytest.fixture
def context(tmp_path: Path) -> Callable[..., StageContext]:
    def made(name: str = "train", dry_run: bool = False, **more: Any) -> StageContext:
        folder = tmp_path / "out" / name
        folder.mkdir(parents=True, exist_ok=True)
        return StageContext(name, folder, tmp_path / "out", dry_run=dry_run, tell=more.pop("tell", lambda line: None), **more)

    return made
