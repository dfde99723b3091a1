import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.tasks import task_named
from finetune.bases.tiny import make_tiny, sample_documents
from finetune.running import StageContext


def rows_of(task_name: str, most: int = 8) -> list[dict[str, Any]]:
    """Rows as the instructions stage writes them, from the sample collection."""
    task, rows = task_named(task_name), []
    for document in sample_documents():
        for example in task.examples(document):
            said = [{"role": "user" if role == "human" else role, "content": text} for role, text in task.messages(example.given)]
            reply = json.dumps(example.reply.model_dump(), ensure_ascii=False)
            rows.append(
                {
                    "messages": [*said, {"role": "assistant", "content": reply}],
                    "task": task.name,
                    "language": example.given.language,
                    "source": example.source,
                    "family": document.number,
                    "given": example.given.model_dump(mode="json"),
                    "reply": example.reply.model_dump(mode="json"),
                }
            )
            if len(rows) == most:
                return rows
    return rows


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evaluation") / "tiny"
    make_tiny(Path("Qwen/Qwen2.5-7B"), folder)
    return folder


@pytest.fixture
def context(tmp_path: Path) -> Callable[..., StageContext]:
    def made(dry_run: bool = False) -> StageContext:
        folder = tmp_path / "out" / "evaluate"
        folder.mkdir(parents=True, exist_ok=True)
        return StageContext("evaluate", folder, tmp_path / "out", dry_run=dry_run, tell=lambda line: None)

    return made
