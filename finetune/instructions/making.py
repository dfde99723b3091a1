"""Making supervised examples and preference pairs.

First all that the sources give goes to disk with its families; then batch by batch rows are made, each batch a file, so that an interrupted run
goes on with the next; last the rows are chosen, held-out ones first, and written in an order that a hash gives.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.tasks import TASKS, grounded_answer, quoted_answer, task_named
from assistant.tasks.parts import language_of_document
from assistant.tasks.task import Example, Reply
from finetune.corpus.contamination import Evaluated, gathered, stem
from finetune.errors import DataError
from finetune.instructions import neighbours
from finetune.instructions.altered import altered, altered_quotation
from finetune.instructions.card import write_card
from finetune.instructions.choosing import chosen
from finetune.instructions.collection import Collection, Item
from finetune.instructions.families import fraction
from finetune.instructions.questions.excerpts import Asked, Asking
from finetune.instructions.reading import given_by
from finetune.instructions.rows import Row, Rows, written
from finetune.instructions.settings import InstructionsSettings, Published
from finetune.running import StageContext, digest
from ingest.language import detect_language

BATCH = 32
_SKIPPED = "skipped.json"


def make(settings: InstructionsSettings, context: StageContext) -> dict[str, Any]:
    """Write `train.jsonl`, `held_out.jsonl`, `preferences.jsonl`, `preferences_held_out.jsonl`, `statistics.json` and `card.md`. The report says how
    many rows there are of each task and language, and what was left out. Raises StageError, DataError."""
    partial = context.folder / "partial"
    (partial / "rows").mkdir(parents=True, exist_ok=True)
    share = max(settings.held_out, 0.2) if context.dry_run and settings.held_out else settings.held_out  # so that something is held out of the few
    collection = Collection(partial / "collection", share, context.seed, settings.near)
    try:
        skipped = _fill(collection, settings, context, partial)
        against = [p for p in map(context.path, settings.against) if p.exists() or not context.dry_run]
        evaluated = gathered(against, settings.contamination, partial / "against") if against else None
        files = _make_rows(collection, settings, context, partial, evaluated)
    finally:
        collection.close()
    if not files:
        raise DataError(f"stage {context.name}: the sources hold nothing to make examples of; mend their paths")
    context.tell("choosing rows")
    statistics = chosen(files, settings, context, evaluated)
    statistics["skipped"] = skipped
    if settings.preferences and settings.preferences.model:
        from finetune.instructions.sampled import add_sampled

        statistics["sampled"] = add_sampled(settings.preferences, context)
    statistics["files"] = {
        name: digest(context.folder / name) for name in ("train.jsonl", "held_out.jsonl", "preferences.jsonl", "preferences_held_out.jsonl")
    }
    write_card(settings, context, statistics)
    return {k: statistics[k] for k in ("train", "held_out", "preferences", "preferences_held_out", "families", "held_out_families", "removed")} | {
        "rows": statistics["rows"]
    }


def _fill(collection: Collection, settings: InstructionsSettings, context: StageContext, partial: Path) -> dict[str, int]:
    """Read the sources once; what of them can't be read, by source and reason."""
    path = partial / _SKIPPED
    if not path.is_file():
        context.tell("reading the sources")
        skipped: Counter[tuple[str, str]] = Counter()
        collection.fill(given_by(settings.sources, context, skipped))
        _replace(path, json.dumps({f"{source}: {why}": n for (source, why), n in sorted(skipped.items())}, ensure_ascii=False))
    found: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _make_rows(
    collection: Collection, settings: InstructionsSettings, context: StageContext, partial: Path, evaluated: Evaluated | None
) -> list[Path]:
    total = len(collection)
    files = []
    types = _entity_types(collection)
    for first in range(0, total, BATCH):
        path = partial / "rows" / f"{first // BATCH:06d}.jsonl"
        files.append(path)
        if path.is_file():
            continue
        maker = Maker(collection, settings, context.seed, types, evaluated)
        lines = [json.dumps(made, ensure_ascii=False) for item in collection.items(first, first + BATCH) for made in maker.of(item)]
        refused = {"refused": [[task, why, n] for (task, why), n in sorted(maker.rows.refused.items())]}
        _replace(path, "\n".join([*lines, json.dumps(refused, ensure_ascii=False)]) + "\n")
        if (first // BATCH) % 10 == 0:
            context.tell(f"{min(first + BATCH, total)} of {total} documents and rows of data sets")
    return files


def _entity_types(collection: Collection) -> dict[str, list[str]]:
    """Of each data set of entities, the types of all its rows."""
    found: dict[str, set[str]] = {}
    for item in collection.items():
        if item.kind == "entities":
            found.setdefault(item.source, set()).update(str(e.get("type", e.get("label"))) for e in item.row()["entities"])
    return {source: sorted(types) for source, types in found.items()}


class Maker:
    """Makes all rows of a document or of a row of a data set: {"row", "held_out", "pairs", "source", "reworded"}."""

    def __init__(
        self, collection: Collection, settings: InstructionsSettings, seed: int, types: dict[str, list[str]], evaluated: Evaluated | None
    ) -> None:
        self.collection, self.settings, self.seed, self.types, self.evaluated = collection, settings, seed, types, evaluated
        self.rows = Rows(settings, seed)
        self.sources = {s.name: s for s in settings.sources}

    def of(self, item: Item) -> Iterator[dict[str, Any]]:
        if self.evaluated and item.kind == "document" and stem(item.name) in self.evaluated.numbers:
            self.rows.refused["all", "a document of an evaluation set"] += 1
            return
        weight = self.sources[item.source].weight
        if item.kind == "published":
            source = self.sources[item.source]
            assert isinstance(source, Published)
            messages = item.row()["messages"]
            language = "zh" if detect_language("\n".join(m["content"] for m in messages if m["role"] != "system")) == "zh" else "en"
            made = [(row, list[Row]()) for row in self.rows.published(messages, source.task, language, item, weight)]
        elif item.kind == "document":
            made = [*self._of_document(item, item.document(), weight)]
        else:
            made = [(row, []) for row in self._of_data_set(item, weight)]
        for row, pairs in made:
            yield {"row": row, "held_out": item.held_out, "pairs": pairs, "source": item.source, "reworded": _reworded(row)}

    def _wanted(self) -> set[str]:
        return {name for name in TASKS if (share := self.settings.share(name)) is not None and share.weight > 0 and share.most != 0}

    def _of_data_set(self, item: Item, weight: float) -> Iterator[Row]:
        from assistant.entities.annotated import annotated
        from assistant.tasks.entities import examples_of_texts
        from assistant.tasks.keyphrases import examples_of_rows

        if item.kind not in self._wanted():
            return
        row = item.row()
        if item.kind == "keyphrases":
            examples: list[Example[Any]] = list(examples_of_rows([row]))
        else:
            source = self.sources[item.source]
            types = dict.fromkeys(self.types[item.source], "")
            form = "ampersand" if getattr(source, "ampersand", False) else "json"
            examples = [
                Example(e.given.model_copy(update={"types": types}), e.reply, e.source)
                for e in examples_of_texts([annotated(row)], form)  # type: ignore[arg-type]
            ]
        for example in examples:
            yield from self.rows.of(task_named(item.kind), Example(example.given, example.reply, item.name), item, weight)

    def _of_document(self, item: Item, document: Any, weight: float) -> Iterator[tuple[Row, list[Row]]]:
        wanted = self._wanted()
        for name in sorted(wanted):
            task = task_named(name)
            for example in task.examples(document):
                yield from ((row, []) for row in self.rows.of(task, example, item, weight))
        for other, example in neighbours.examples(self.collection, item, document, wanted, self.seed):
            yield from ((row, []) for row in self.rows.of(other, example, item, weight))
        language = language_of_document(document)
        if not wanted & {"grounded_answer", "quoted_answer"} or ":" in document.number or language not in self.settings.languages:
            return
        asking = Asking(self.collection, item, document, language, self.settings.questions, self.seed)
        for several in asking.asked():
            yield from self._questions(several, item, wanted, weight)

    def _questions(self, several: list[Asked], item: Item, wanted: set[str], weight: float) -> Iterator[tuple[Row, list[Row]]]:
        good = [each for each in several if each.supported()]
        if len(good) < len(several):
            self.rows.refused["grounded_answer", "the checker does not support the statement"] += len(several) - len(good)
        if not good:
            return
        quoted = fraction(f"{self.seed} quoted {item.name} {good[0].given.question}") < self.settings.questions.quoted
        name = "quoted_answer" if (quoted and "quoted_answer" in wanted) or "grounded_answer" not in wanted else "grounded_answer"
        task = quoted_answer.TASK if name == "quoted_answer" else grounded_answer.TASK
        turns: list[tuple[Any, Reply]] = [(each.given, each.quoting() if name == "quoted_answer" else each.pointing()) for each in good]
        last = good[-1]
        known = last.given.sentences()
        source = known[last.right[0][0] - 1].anchor if last.right else item.name
        made = self.rows.of_turns(task, turns, source, item, weight)
        pairs = [pair for n, each in enumerate(good) for pair in self._pairs(each, written(turns[n][1]), name, item)] if made else []
        for n, row in enumerate(made):
            yield row, pairs if n == 0 else []

    def _pairs(self, asked: Asked, right: str, name: str, item: Item) -> Iterator[Row]:
        """Pairs in the assistant's own words."""
        wanted = self.settings.preferences
        if wanted is None or fraction(f"{self.seed} pairs {item.name} {asked.given.question}") >= wanted.share:
            return
        task = task_named(name)
        prompt = [{"role": "user" if role == "human" else role, "content": text} for role, text in task.messages(asked.given)]
        found: list[tuple[str, Reply]]
        if name == "quoted_answer":
            found = [made] if (made := altered_quotation(asked, self.seed)) else []
        else:
            found = list(altered(asked, self.seed, wanted.each))
        for kind, wrong in found:
            yield {
                "prompt": prompt,
                "chosen": [{"role": "assistant", "content": right}],
                "rejected": [{"role": "assistant", "content": written(wrong)}],
                "task": name,
                "language": asked.given.language,
                "source": f"{item.name} {kind}",
                "family": item.family,
            }


def _reworded(row: Row) -> bool:
    """Whether the task is told in other words than the assistant's."""
    return row["given"] is not None and row["messages"][0]["content"] != task_named(row["task"]).instructions[row["language"]]


def _replace(path: Path, text: str) -> None:
    """Write a file as a whole or not at all."""
    beside = path.with_name(f".{path.name}")
    with beside.open("w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
