"""The rows that stay: not of an evaluation set, not there already, not in the held-out rows, and not more of a task than wanted."""

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from finetune.corpus.contamination import Evaluated, gathered
from finetune.corpus.duplicates import digest_of
from finetune.corpus.runs import words_of
from finetune.corpus.settings import Duplicates
from finetune.instructions.families import Families, fraction
from finetune.instructions.rows import Row
from finetune.instructions.settings import InstructionsSettings
from finetune.running import StageContext


@dataclass(frozen=True, order=True)
class _Place:
    """Where a row stands; the order is that of the result."""

    order: float
    file: int
    offset: int
    task: str = field(compare=False)
    language: str = field(compare=False)


def chosen(files: Sequence[Path], settings: InstructionsSettings, context: StageContext, evaluated: Evaluated | None) -> dict[str, Any]:
    """Write the rows and pairs that stay, and say how many there are."""
    removed: Counter[str] = Counter()
    sides = _places(files, context.seed, removed)
    seen = _Seen(context.folder / "partial" / "seen", settings.near)
    tallies = {}
    inside: Evaluated | None = None
    for held_out in (True, False):
        name = "held_out" if held_out else "train"
        tallies[name] = _written(files, sorted(sides[held_out]), settings, context.folder, name, seen, [e for e in (evaluated, inside) if e], removed)
        if held_out:
            inside = _runs_of(context.folder / "held_out.jsonl", settings, context.folder / "partial" / "held_out_runs")
    seen.close()
    whole = tallies["train"].counts + tallies["held_out"].counts
    return {
        "train": sum(tallies["train"].counts.values()),
        "held_out": sum(tallies["held_out"].counts.values()),
        "preferences": sum(tallies["train"].pairs.values()),
        "preferences_held_out": sum(tallies["held_out"].pairs.values()),
        "families": len(tallies["train"].families),
        "held_out_families": len(tallies["held_out"].families),
        "rows": {
            f"{task} {language}": {"train": tallies["train"].counts[task, language], "held_out": tallies["held_out"].counts[task, language]}
            for task, language in sorted(whole)
        },
        "pairs": dict(sorted((tallies["train"].pairs + tallies["held_out"].pairs).items())),
        "characters": {
            f"{task} {language}": _spread(tallies["train"].characters[task, language]) for task, language in sorted(tallies["train"].characters)
        },
        "other_wording": tallies["train"].reworded,
        "unanswerable": tallies["train"].unanswerable,
        "sources": dict(sorted((tallies["train"].sources + tallies["held_out"].sources).items())),
        "removed": dict(sorted(removed.items())),
    }


@dataclass
class _Tally:
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    pairs: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    families: set[str] = field(default_factory=set)
    characters: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    reworded: int = 0
    unanswerable: int = 0

    def add(self, row: Row, pairs: Sequence[Row], source: str) -> None:
        key = row["task"], row["language"]
        self.counts[key] += 1
        self.families.add(row["family"])
        self.sources[source] += 1
        self.characters.setdefault(key, []).append(sum(len(m["content"]) for m in row["messages"]))
        self.unanswerable += bool(row["reply"] and row["reply"].get("missing") and not row["reply"]["statements"])
        for pair in pairs:
            self.pairs[pair["source"].rpartition(" ")[2]] += 1


class _Seen:
    """Rows that are there: the same words for any task, nearly the same for their own."""

    def __init__(self, folder: Path, near: Duplicates | None) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.folder, self.near = folder, near
        self.digests: set[bytes] = set()
        self.tasks: dict[str, tuple[sqlite3.Connection, Families]] = {}

    def add(self, row: Row) -> str:
        """ "" for a new row, or why it is none."""
        exact = digest_of(words_of("\n".join(m["content"] for m in row["messages"])))
        if exact in self.digests:
            return "the same as another row"
        self.digests.add(exact)
        if self.near is None:
            return ""
        if row["task"] not in self.tasks:
            store = sqlite3.connect(self.folder / f"{len(self.tasks)}.sqlite")
            store.execute("PRAGMA synchronous = OFF")
            self.tasks[row["task"]] = store, Families(store, self.near)
        families = self.tasks[row["task"]][1]
        member = families.add([], [(row["language"], told_apart_by(row))])
        return "" if families.of(member) == member else "nearly the same as another row of its task"

    def close(self) -> None:
        for store, _ in self.tasks.values():
            store.close()


def told_apart_by(row: Row) -> str:
    """What two rows of a task must not have in common: of questions over excerpts the questions and replies, of others all but the instructions."""
    given = row["given"] or {}
    said = [m["content"] for m in row["messages"] if m["role"] == ("assistant" if "question" in given else m["role"]) and m["role"] != "system"]
    asked = [m["content"].rpartition("\n\n")[2] for m in row["messages"] if m["role"] == "user"] if "question" in given else []
    return "\n".join([*asked, *said])


def _places(files: Sequence[Path], seed: int, removed: Counter[str]) -> dict[bool, list[_Place]]:
    """Of all rows that were made; those that were refused are counted."""
    sides: dict[bool, list[_Place]] = {True: [], False: []}
    for number, path in enumerate(files):
        with path.open("rb") as file:
            offset = 0
            for line in file:
                made = json.loads(line)
                for task, why, count in made.get("refused", ()):
                    removed[f"{task}: {why}"] += count
                if "row" in made:
                    row = made["row"]
                    order = fraction(
                        f"{seed} order {row['task']} {row['source']} {row['messages'][0]['content']} {row['messages'][-1]['content']} {offset}"
                    )
                    sides[made["held_out"]].append(_Place(order, number, offset, row["task"], row["language"]))
                offset += len(line)
    return sides


def _written(
    files: Sequence[Path],
    places: Iterable[_Place],
    settings: InstructionsSettings,
    folder: Path,
    name: str,
    seen: _Seen,
    evaluated: Sequence[Evaluated],
    removed: Counter[str],
) -> _Tally:
    tally = _Tally()
    pairs_name = "preferences.jsonl" if name == "train" else "preferences_held_out.jsonl"
    with (folder / f"{name}.jsonl").open("w", encoding="utf-8") as rows_file, (folder / pairs_name).open("w", encoding="utf-8") as pairs_file:
        for place in places:
            share = settings.share(place.task)
            if share and share.most is not None and tally.counts[place.task, place.language] >= share.most:
                removed[f"{place.task}: more than wanted"] += 1
                continue
            made = _at(files[place.file], place.offset)
            row, pairs = made["row"], made["pairs"]
            why = _in_evaluated(row, evaluated, settings) or seen.add(row)
            if why:
                removed[f"{place.task}: {why}"] += 1
                continue
            rows_file.write(json.dumps(row, ensure_ascii=False) + "\n")
            for pair in pairs:
                pairs_file.write(json.dumps(pair, ensure_ascii=False) + "\n")
            tally.add(row, pairs, made["source"])
            tally.reworded += made["reworded"]
    return tally


def _at(path: Path, offset: int) -> dict[str, Any]:
    with path.open("rb") as file:
        file.seek(offset)
        found: dict[str, Any] = json.loads(file.readline())
    return found


def _in_evaluated(row: Row, evaluated: Sequence[Evaluated], settings: InstructionsSettings) -> str:
    if not evaluated:
        return ""
    words = words_of("\n".join(m["content"] for m in row["messages"] if m["role"] != "system"))
    for each in evaluated:
        if each.held(words, row["language"], settings.contamination):
            return (
                "has a line of the held-out rows"
                if each is evaluated[-1] and each.names[0].endswith("held_out.jsonl")
                else "has a line of an evaluation set"
            )
    return ""


def _runs_of(path: Path, settings: InstructionsSettings, folder: Path) -> Evaluated:
    """Of what is said in held-out rows, but for the instructions, which all rows have."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    texts = folder / "held_out.jsonl"
    with texts.open("w", encoding="utf-8") as file:
        for said in _said(path):
            file.write(json.dumps(said, ensure_ascii=False) + "\n")
    return gathered([texts], settings.contamination, folder)


def _said(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield [m["content"] for m in json.loads(line)["messages"] if m["role"] != "system"]


def _spread(lengths: Sequence[int]) -> dict[str, int]:
    """Characters of rows: the median, and of the longest."""
    ordered = sorted(lengths)
    return {"median": ordered[len(ordered) // 2], "most": ordered[-1], "all": sum(ordered)}
