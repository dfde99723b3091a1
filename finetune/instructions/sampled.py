"""Preference pairs from a model's own replies: what the assistant's checker supports is chosen, what it refuses is rejected."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.errors import ReplyError
from assistant.grounding.checking import check
from assistant.tasks import task_named
from assistant.tasks.grounded_answer import Grounded, GroundedGiven
from finetune.instructions.questions.excerpts import passages_of
from finetune.instructions.rows import Row
from finetune.instructions.settings import Preferences
from finetune.running import StageContext

_AT_ONCE = 8
_DRY = 2
_TASKS = ("grounded_answer", "quoted_answer")


def add_sampled(settings: Preferences, context: StageContext) -> dict[str, int]:
    """Add pairs to `preferences.jsonl`, and say what became of the replies. The replies are kept in `partial/sampled`, a file a batch."""
    folder = context.folder / "partial" / "sampled"
    folder.mkdir(parents=True, exist_ok=True)
    rows = list(_asked(context.folder / "train.jsonl", _DRY if context.dry_run else settings.prompts))
    replies = _replies(rows, settings, context, folder)
    counts: Counter[str] = Counter()
    with (context.folder / "preferences.jsonl").open("a", encoding="utf-8") as file:
        for row, said in zip(rows, replies, strict=True):
            for pair in _pairs(row, said, counts):
                file.write(json.dumps(pair, ensure_ascii=False) + "\n")
    return dict(sorted(counts.items()))


def _asked(path: Path, most: int) -> Iterator[Row]:
    """The first rows with one question over excerpts."""
    found = 0
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["task"] in _TASKS and len(row["messages"]) == 3 and found < most:
                found += 1
                yield row


def _replies(rows: Sequence[Row], settings: Preferences, context: StageContext, folder: Path) -> list[list[str]]:
    found: list[list[str]] = []
    model = None
    for start in range(0, len(rows), _AT_ONCE):
        path = folder / f"{start:06d}.json"
        if not path.is_file():
            if model is None:
                model = _model(settings, context, start)
            some = rows[start : start + _AT_ONCE]
            said = []
            for row in some:
                task = task_named(row["task"])
                given = task.given.model_validate(row["given"])
                answers = model.replies([task.messages(given)] * settings.samples, task.reply_schema(given))
                said.append([a for a in answers if isinstance(a, str)])
            beside = path.with_name(f".{path.name}")
            beside.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
            beside.replace(path)
            context.tell(f"{start + len(some)} of {len(rows)} prompts asked of the model")
        found += json.loads(path.read_text(encoding="utf-8"))
    return found


def _model(settings: Preferences, context: StageContext, start: int) -> Any:
    from assistant.llm import ModelSettings, language_model
    from finetune.bases.tiny import base_model

    assert settings.model is not None
    how = ModelSettings(temperature=settings.temperature, seed=context.seed + start, max_tokens=settings.max_tokens, guided=settings.guided)
    return language_model(f"transformers:{base_model(context, settings.model)}", how)


def _pairs(row: Row, replies: Sequence[str], counts: Counter[str]) -> Iterator[Row]:
    """The best of the model's right replies (or the row's own) with each different wrong one."""
    task = task_named(row["task"])
    given = task.given.model_validate(row["given"])
    right: Grounded = task.read(row["messages"][-1]["content"], given)
    verdicts = {reply: verdict(task, reply, given, right) for reply in dict.fromkeys(replies)}
    counts.update(verdicts[reply] for reply in replies)
    good = next((reply for reply, each in verdicts.items() if each == "right"), row["messages"][-1]["content"])
    for reply, each in verdicts.items():
        if each in ("refused", "something else", "no answer", "answered without"):
            yield {
                "prompt": row["messages"][:-1],
                "chosen": [{"role": "assistant", "content": good}],
                "rejected": [{"role": "assistant", "content": reply}],
                "task": row["task"],
                "language": row["language"],
                "source": f"{row['source']} sampled",
                "family": row["family"],
            }


def verdict(task: Any, reply: str, given: GroundedGiven, right: Grounded) -> str:
    """`right`: the checker supports all statements, and they are proved by the sentences that answer. Else `unreadable`, `no answer` where there
    is one, `answered without` where there is none, `refused` by the checker, `something else` with sentences that don't answer, or `partly`."""
    try:
        output: Grounded = task.read(reply, given)
    except ReplyError:
        return "unreadable"
    if not output.statements:
        return "unreadable" if output.unreadable else "right" if not right.statements else "no answer"
    if not right.statements:
        return "answered without"
    passages = passages_of(given)
    verdicts = [check(s.text, s.citations, passages, question=given.question).verdict for s in output.statements]
    if "unsupported" in verdicts:
        return "refused"
    answers = {(c.anchor, " ".join(c.quote.split())) for s in right.statements for c in s.citations}
    said = {(c.anchor, " ".join(c.quote.split())) for s in output.statements for c in s.citations}
    if not said & answers:
        return "something else"
    return "right" if said == answers and set(verdicts) == {"supported"} else "partly"
