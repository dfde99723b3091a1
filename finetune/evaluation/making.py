"""The stage `evaluate`: ask every model every held-out example once, score the replies, and report base and tuned side by side."""

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from assistant.errors import LanguageModelError
from assistant.llm import LanguageModel, ModelSettings, language_model
from finetune.bases.tiny import base_model
from finetune.errors import StageError
from finetune.evaluation.baselines import by_overlap, chance, majority, rules
from finetune.evaluation.examples import Asked, read_examples
from finetune.evaluation.report import markdown, plot
from finetune.evaluation.scoring import GENERATIVE, jieba_of, measure_of, with_intervals
from finetune.evaluation.settings import EvaluateSettings
from finetune.export.merging import base_of, is_adapter
from finetune.lines import json_lines
from finetune.running import StageContext

_DRY, _DRY_TOKENS = 2, 24
"""Examples of each task and language in a dry run, and tokens of a reply."""


def evaluate(settings: EvaluateSettings, context: StageContext) -> dict[str, Any]:
    """Writes `report.json`, `report.md`, `report.svg` and `replies.jsonl`. Returns the first measure of each task for every model.

    Replies are kept as they come: an evaluation that was interrupted asks only what was not answered.
    """
    held_out = [context.path(path) for path in settings.held_out]
    examples = read_examples(held_out, settings.tasks, _DRY if context.dry_run else settings.most)
    if not examples:
        raise StageError(f"stage {context.name}: {', '.join(map(str, held_out))}: there are no examples")
    replies = {name: _replies(name, path, examples, settings, context) for name, path in settings.models.items()}
    commonest = majority(context.path(path) for path in settings.majority)
    resamples = 100 if context.dry_run else settings.resamples
    tasks = []
    for (task, language), group in groupby(enumerate(examples), key=lambda each: (each[1].task, each[1].language)):
        places, some = zip(*group, strict=True)
        said = {name: [found[p] for p in places] for name, found in replies.items()}
        tasks.append(_task(task, language, some, said, commonest, resamples, context))
    report: dict[str, Any] = {"models": {n: str(p) for n, p in settings.models.items()}, "examples": len(examples), "tasks": tasks}
    if settings.texts:
        report["texts"] = _texts(settings, context)
    (context.folder / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (context.folder / "report.md").write_text(markdown(report), encoding="utf-8")
    plot(report, context.folder / "report.svg")
    return {
        f"{t['task']} ({t['language']}), {t['first']}": {n: m[t["first"]]["value"] for n, m in t["scores"].items() if t["first"] in m} for t in tasks
    }


def _task(
    task: str,
    language: str,
    examples: Sequence[Asked],
    said: dict[str, list[str]],
    commonest: dict[tuple[str, str], str],
    resamples: int,
    context: StageContext,
) -> dict[str, Any]:
    """Scores of one task in one language: of the models, and of what can be had without them."""
    made = examples[0].given is not None
    measures = {}
    for name, replies in said.items():
        measures[name] = measure_of(examples, replies, [e.read(r) if made else None for e, r in zip(examples, replies, strict=True)])
    if made and (outputs := rules(examples)) is not None:
        measures["rules"] = measure_of(examples, [None] * len(examples), outputs)
    if (reply := commonest.get((task, language))) is not None:
        measures["majority"] = measure_of(examples, [reply] * len(examples), [e.read(reply) if made else None for e in examples])
    if task == "grounded_answer" and made:
        picked = [by_overlap(e.given) for e in examples]
        measures["overlap"] = measure_of(examples, picked, [e.read(r) for e, r in zip(examples, picked, strict=True)])
    base = next(iter(said))
    scores = with_intervals(measures, len(examples), resamples, base, context.seed)
    found = {"task": task, "language": language, "examples": len(examples), "first": next(iter(scores[base])), "scores": scores}
    if task == "grounded_answer" and made:
        found["chance"] = round(sum(chance(e.given) for e in examples) / len(examples), 4)
    if not made or task in GENERATIVE:
        found["jieba"] = {name: {k: round(v, 4) for k, v in jieba_of(examples, replies).items()} for name, replies in said.items()}
    return found


def _replies(name: str, path: Path, examples: Sequence[Asked], settings: EvaluateSettings, context: StageContext) -> list[str]:
    """What a model says to each example, in their order."""
    kept = _kept(context.folder / "replies.jsonl")
    missing = [e for e in examples if (name, e.id) not in kept]
    if missing:
        model = _model(path, settings, context)
        try:
            with (context.folder / "replies.jsonl").open("a", encoding="utf-8") as file:
                done = len(examples) - len(missing)
                for batch in _batches(missing, settings.batch):
                    said = model.replies([e.prompt for e in batch], batch[0].schema if settings.guided else None)
                    for example, reply in zip(batch, said, strict=True):
                        if isinstance(reply, LanguageModelError) and "too long" not in str(reply):
                            raise reply
                        kept[name, example.id] = "" if isinstance(reply, LanguageModelError) else reply
                        row = {"model": name, "task": example.task, "id": example.id, "reply": kept[name, example.id], "right": example.reply}
                        file.write(json.dumps(row, ensure_ascii=False) + "\n")
                    file.flush()
                    done += len(batch)
                    context.tell(f"{name}: {done:,} of {len(examples):,} examples")
        finally:
            model.close()
    return [kept[name, e.id] for e in examples]


def _kept(path: Path) -> dict[tuple[str, str], str]:
    """Replies of an interrupted evaluation; a line that was not written to its end is dropped."""
    if not path.exists():
        return {}
    whole, _, torn = path.read_text(encoding="utf-8").rpartition("\n")
    if torn:
        path.write_text(whole + "\n" if whole else "", encoding="utf-8")
    return {(row["model"], row["id"]): row["reply"] for _, row in json_lines(path)} if whole else {}


def _batches(examples: Sequence[Asked], size: int) -> Iterator[list[Asked]]:
    """With one schema each, the longest prompts first, so that what does not fit into memory shows at once."""
    ordered = sorted(examples, key=lambda e: (json.dumps(e.schema, sort_keys=True), -sum(len(text) for _, text in e.prompt), e.id))
    for _, group in groupby(ordered, key=lambda e: json.dumps(e.schema, sort_keys=True)):
        some = list(group)
        yield from (some[i : i + size] for i in range(0, len(some), size))


def _model(path: Path, settings: EvaluateSettings, context: StageContext) -> LanguageModel:
    folder = base_model(context, path)
    engine = "transformers" if context.dry_run else settings.engine
    spec = f"{engine}:{folder}"
    if is_adapter(folder):
        spec = f"{engine}:{base_model(context, base_of(folder))}+adapter={folder}"
    most = min(settings.max_tokens, _DRY_TOKENS) if context.dry_run else settings.max_tokens
    return language_model(spec, ModelSettings(max_tokens=most, guided=settings.guided, seed=context.seed))


def _texts(settings: EvaluateSettings, context: StageContext) -> dict[str, dict[str, float]]:
    """Loss per byte of held-out texts, by language, for every model."""
    from finetune.evaluation.likelihood import bits_per_byte

    files = [context.path(path) for path in settings.texts]
    return {name: bits_per_byte(base_model(context, path), files, context) for name, path in settings.models.items()}
