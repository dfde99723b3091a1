import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from finetune.corpus.making import make
from finetune.corpus.settings import CorpusSettings
from finetune.running import StageContext
from ingest.document import PatentDocument

Maker = Callable[..., dict[str, Any]]
NOUNS = "valve spring shaft bearing rotor housing piston flange gasket nozzle lever cam pulley bracket hinge clamp".split()
VERBS = "presses turns guides holds seals drives supports carries locks releases".split()


def document(number: int, words: int = 120, language: str = "en", **given: Any) -> PatentDocument:
    """A made-up document; different numbers have different texts."""
    if language == "zh":
        parts = ((chr(0x4E00 + (number * 37 + n * 101) % 3000), chr(0x4E00 + (number * 91 + n * 53) % 3000)) for n in range(words // 6))
        text = "".join(f"第{one}部件与{other}壳体连接，" for one, other in parts)
    else:
        subjects = [f"{NOUNS[(number * 7 + n) % 16]} {(number * 131 + n * 17) % 997}" for n in range(words // 6)]
        text = " ".join(f"The {s} {VERBS[(number + n * 3) % 10]} the {NOUNS[(number * 5 + n * n) % 16]}." for n, s in enumerate(subjects))
    stem = f"{'CN' if language == 'zh' else 'US'}{9_000_000 + number}"
    values: dict[str, Any] = {
        "number": f"{stem}A1",
        "language": language,
        "titles": {language: f"Device {number}"},
        "abstracts": {language: text[: len(text) // 2]},
        "sections": [{"heading": "Field", "paragraphs": [{"number": "0001", "text": text[len(text) // 2 :]}]}],
        "classifications": [{"symbol": f"{'ABCDEFGH'[number % 8]}01B 1/00"}],
    }
    return PatentDocument.model_validate(values | given)


def write(path: Path, rows: Sequence[Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (r.model_dump_json() if isinstance(r, PatentDocument) else json.dumps(r, ensure_ascii=False) for r in rows)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture
def corpus(tmp_path: Path) -> Maker:
    """Makes a corpus of paths or of whole sources in `tmp_path/out`, `name` being its folder; the report, with `folder`, `rows` and `removed`."""

    def made(*sources: Path | dict[str, Any], name: str = "out", dry_run: bool = False, seed: int = 0, **settings: Any) -> dict[str, Any]:
        given = [s if isinstance(s, dict) else {"name": f"source-{n}", "paths": [s]} for n, s in enumerate(sources)]
        folder = tmp_path / name / "corpus"
        folder.mkdir(parents=True, exist_ok=True)
        checked = CorpusSettings.model_validate({"kind": "corpus", "held_out": 0, "sources": given} | settings)
        report = make(checked, StageContext("corpus", folder, tmp_path / name, seed, dry_run, tell=lambda line: None))
        lost = json.loads((folder / "removed.json").read_text(encoding="utf-8"))
        return report | {"folder": folder, "rows": rows(folder), "lost": lost, "statistics": json.loads((folder / "statistics.json").read_text())}

    return made


def rows(folder: Path, pattern: str = "train-*.jsonl.gz") -> list[dict[str, Any]]:
    import gzip

    return [json.loads(line) for f in sorted(folder.glob(pattern)) for line in gzip.open(f, "rt", encoding="utf-8")]
