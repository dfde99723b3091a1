import json
from pathlib import Path

import pytest

from assistant.tasks import grounded_answer
from assistant.tasks.grounded_answer import GroundedGiven, GroundedReply, PointedStatement, Source
from finetune.bases.tiny import make_tiny
from finetune.instructions.sampled import verdict
from tests.finetune.instructions.conftest import Making, rows_of

GIVEN = GroundedGiven(
    question="What is the ring made of?",
    sources=(Source(anchor="US1A#p0001", title="A ring", text="The ring is made of graphite. The lever holds the roller. The spring is 5 mm long."),),
)


def reply(*statements: tuple[list[int], str], missing: str = "") -> str:
    return GroundedReply(statements=[PointedStatement(sentences=n, text=t) for n, t in statements], missing=missing).model_dump_json()


RIGHT = reply(([1], "The ring is made of graphite."))
NONE = reply(missing="A sentence that says it.")


@pytest.mark.parametrize(
    ("said", "right", "expected"),
    [
        (RIGHT, RIGHT, "right"),
        (reply(([1], "The ring is made of gold and silver and copper.")), RIGHT, "refused"),
        (reply(([2], "The lever holds the roller.")), RIGHT, "something else"),
        (reply(([1], "The ring is made of graphite."), ([2], "The lever holds the roller.")), RIGHT, "partly"),
        (NONE, RIGHT, "no answer"),
        (NONE, NONE, "right"),
        (reply(([2], "The lever holds the roller.")), NONE, "answered without"),
        ("I don't know", RIGHT, "unreadable"),
        (reply(([9], "The ring is made of graphite.")), RIGHT, "unreadable"),
    ],
)
def test_what_becomes_of_a_reply(said: str, right: str, expected: str) -> None:
    task = grounded_answer.TASK
    assert verdict(task, said, GIVEN, task.read(right, GIVEN)) == expected


def test_a_model_is_asked_and_its_wrong_replies_are_rejected(sample: Path, tmp_path: Path, making: Making) -> None:
    make_tiny(Path("Qwen/Qwen2.5-7B"), tmp_path / "tiny")
    folder, _ = making(
        documents=[{"name": "zh", "paths": [sample / "zh"], "limit": 3}],
        tasks={"grounded_answer": {}},
        questions={"least": 200, "most": 400, "quoted": 0.0},
        preferences={"share": 0.0, "model": tmp_path / "tiny", "prompts": 3, "samples": 2, "max_tokens": 40},
        held_out=0.0,
    )
    pairs = rows_of(folder / "preferences.jsonl")
    assert all(p["source"].endswith(" sampled") and p["chosen"] != p["rejected"] for p in pairs)
    statistics = json.loads((folder / "statistics.json").read_text(encoding="utf-8"))
    assert sum(statistics["sampled"].values()) == 6
    assert "of a model" in (folder / "card.md").read_text(encoding="utf-8")
