"""What is written for people: the report of a stage, and the card in a model's folder."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from finetune.retrieval.gathering import write_json
from finetune.retrieval.settings import FromDocuments

Figures = Mapping[str, Mapping[str, Mapping[str, float]]]
"""By kind of pairs, by side, by measure."""


def write_report(folder: Path, title: str, report: Mapping[str, Any], kinds: Figures, sides: tuple[str, str], measures: Sequence[str]) -> None:
    """`report.json` and `report.md`."""
    write_json(folder / "report.json", {**report, "kinds": kinds})
    told = "Measured on families of which nothing was learned: for each query its right texts among all texts of the kind."
    lines = [f"# {title}", "", f"{told} An encoder that has no Chinese is given the English gloss of it, as the assistant does it.", ""]
    names = [f"{measure} {side}" for measure in measures for side in sides]
    lines += [f"| kind | queries | texts | {' | '.join(names)} |", "|---|---:|---:|" + "---:|" * len(names)]
    for kind, row in kinds.items():
        cells = [f"{row[side][measure]:.3f}" for measure in measures for side in sides]
        lines.append(f"| {kind} | {row[sides[0]]['queries']} | {row[sides[0]]['texts']} | {' | '.join(cells)} |")
    means = [f"{sum(row[side][m] for row in kinds.values()) / len(kinds):.3f}" for m in measures for side in sides]
    lines += [f"| mean | | | {' | '.join(means)} |", ""]
    lines += [f"- {name}: {value}" for name, value in report.items()]
    (folder / "report.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_card(folder: Path, what: str, settings: FromDocuments, base: str, languages: Sequence[str]) -> None:
    """`README.md` of a model: its languages, from which an index knows what an encoder reads, its base, and what was learned from."""
    told = f"language: [{', '.join(languages)}]" if languages else "language: multilingual"
    sources = [f"- {source.name}: {source.licence}" for source in settings.documents]
    lines = [
        "---",
        told,
        "library_name: sentence-transformers",
        "---",
        "",
        f"{what} for patents, made from {base} with pairs from these documents:",
    ]
    (folder / "README.md").write_text("\n".join([*lines, "", *sources]) + "\n", encoding="utf-8")
