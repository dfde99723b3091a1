import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from finetune.running import StageContext

TEXTS = {
    "en": "The sealing ring of the pump is pressed against the housing by a spring. The pump housing has a bore for the shaft. ",
    "zh": "所述密封环由弹簧压紧在壳体上。泵的壳体设有用于轴的通孔，所述弹簧由不锈钢制成。",
}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus as the corpus stage writes it."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name, times in (("train-00000.jsonl.gz", 40), ("held_out.jsonl.gz", 2)):
        with gzip.open(folder / name, "wt", encoding="utf-8") as file:
            for _ in range(times):
                for language, text in TEXTS.items():
                    file.write(json.dumps({"text": text * 3, "language": language}, ensure_ascii=False) + "\n")
    return folder


@pytest.fixture
def context(tmp_path: Path) -> Callable[..., StageContext]:
    def made(name: str = "tokenizer", dry_run: bool = False) -> StageContext:
        folder = tmp_path / "out" / name
        folder.mkdir(parents=True, exist_ok=True)
        return StageContext(name, folder, tmp_path / "out", dry_run=dry_run, tell=lambda line: None)

    return made
