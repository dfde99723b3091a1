"""The stage `tokenizer`: a new tokenizer or an extended one, a model for it, and how much shorter texts have become."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from finetune.bases.tiny import base_model
from finetune.errors import DataError, StageError
from finetune.lines import json_lines
from finetune.running import StageContext
from finetune.tokenizer.settings import TokenizerSettings

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

_HELD_OUT = "held_out.jsonl.gz"
_MEASURED = 400_000
"""Characters of a language by which tokenizers are compared."""


def make(settings: TokenizerSettings, context: StageContext) -> dict[str, Any]:
    """Writes `tokenizer/`, `model/` where there is one, `report.json` and `report.md`. Returns {tokens, added, <language>: tokens per character}."""
    files = [f for given in settings.corpus for f in _files(context.path(given))]
    characters = min(settings.characters, 1_000_000) if context.dry_run else settings.characters
    training = [f for f in files if f.name != _HELD_OUT] or files
    measured = [f for f in files if f.name == _HELD_OUT] or files
    context.tell(f"reading up to {characters:,} characters of {len(training)} files")
    texts = (text for text, _ in _read(training, characters))
    tokenizer, report = _new(settings, texts, context) if settings.base is None else _extended(settings, texts, context)
    before = report.pop("before")
    lengths = _lengths({"after": tokenizer} | ({"before": before} if before else {}), _read(measured, 10 * _MEASURED))
    report |= {"tokens": len(tokenizer), "tokens_per_character": lengths}
    tokenizer.save_pretrained(context.folder / "tokenizer")
    (context.folder / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (context.folder / "report.md").write_text(_markdown(report), encoding="utf-8")
    figures = {f"tokens_per_character_{language}": row["after"] for language, row in lengths.items()}
    return {"tokens": len(tokenizer), "added": len(report["added"]), **figures}


def _new(settings: TokenizerSettings, texts: Iterable[str], context: StageContext) -> "tuple[PreTrainedTokenizerFast, dict[str, Any]]":
    from finetune.bases.small import ASKS, POINTERS, new_model
    from finetune.tokenizer.new import new_tokenizer

    prepared = settings.model is not None and settings.model.prepared
    whole = [*([*(f"[{n}]" for n in range(1, POINTERS + 1)), *ASKS] if prepared else []), *(_prompts() if settings.prompts else [])]
    tokenizer = new_tokenizer(texts, settings.tokens, whole)
    if settings.model:
        model = new_model(settings.model, tokenizer, context.seed)
        model.save_pretrained(context.folder / "model")
        tokenizer.save_pretrained(context.folder / "model")
    return tokenizer, {"base": None, "added": [], "before": None}


def _extended(settings: TokenizerSettings, texts: Iterable[str], context: StageContext) -> "tuple[PreTrainedTokenizerFast, dict[str, Any]]":
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from finetune.tokenizer.extended import extend_model, extended

    assert settings.base is not None
    folder = base_model(context, settings.base)
    try:
        base = AutoTokenizer.from_pretrained(folder, local_files_only=folder.is_dir())
    except (OSError, ValueError) as error:
        raise StageError(f"stage {context.name}: {settings.base}: no tokenizer can be loaded from it: {str(error).splitlines()[0]}") from error
    made = extended(base, texts, settings.tokens, settings.least, settings.longest)
    if (folder / "config.json").is_file() or not folder.exists():
        model = AutoModelForCausalLM.from_pretrained(folder, dtype="auto", local_files_only=folder.is_dir())
        rows = extend_model(model, made)
        context.tell(f"{len(made.added):,} tokens added; the model has {rows:,} rows for them")
        model.save_pretrained(context.folder / "model")
        made.tokenizer.save_pretrained(context.folder / "model")
    return made.tokenizer, {"base": str(settings.base), "added": list(made.added), "before": base}


def _prompts() -> list[str]:
    """The lines of the tasks' instructions, and the names of fields as they stand in replies. vLLM can't hold such a model's replies to a schema
    (`guided=false`): the mask of xgrammar 0.2 forbids tokens that hold a whole name, though its matcher takes them."""
    from assistant.tasks import TASKS, task_named

    tasks = [task_named(name) for name in TASKS]
    lines = {line for task in tasks for text in task.instructions.values() for line in text.split("\n") if len(line) > 20}
    return sorted(lines | {f'"{field}":' for task in tasks for field in _fields(task.reply.model_json_schema())})


def _fields(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
    for value in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from _fields(value)


def _files(path: Path) -> list[Path]:
    found = sorted(p for pattern in ("*.jsonl", "*.jsonl.gz") for p in path.glob(pattern)) if path.is_dir() else [path] if path.is_file() else []
    if not found:
        raise DataError(f"{path}: there are no JSON lines (.jsonl, .jsonl.gz) with texts")
    return found


def _read(files: Sequence[Path], characters: int) -> Iterator[tuple[str, str]]:
    """(text, language) of the rows, from all files in turn, up to so many characters."""
    left = characters
    streams = [_rows(file) for file in files]
    while streams and left > 0:
        for stream in list(streams):
            row = next(stream, None)
            if row is None:
                streams.remove(stream)
                continue
            yield row
            left -= len(row[0])
            if left <= 0:
                return


def _rows(file: Path) -> Iterator[tuple[str, str]]:
    for where, row in json_lines(file):
        try:
            yield str(row["text"]) if "text" in row else "\n".join(m["content"] for m in row["messages"]), str(row.get("language", ""))
        except (KeyError, TypeError) as error:
            raise DataError(f"{where}: no JSON object with `text` or `messages`; mend or remove the line") from error


def _lengths(tokenizers: "dict[str, PreTrainedTokenizerFast]", rows: Iterable[tuple[str, str]]) -> dict[str, dict[str, float]]:
    """Tokens per character of each language, by each tokenizer."""
    texts: dict[str, list[str]] = {}
    read: Counter[str] = Counter()
    for text, language in rows:
        if read[language] < _MEASURED:
            texts.setdefault(language or "all", []).append(text)
            read[language] += len(text)
    found = {}
    for language, some in sorted(texts.items()):
        size = sum(map(len, some))
        found[language] = {"characters": size} | {
            name: round(sum(len(ids) for ids in t(some, add_special_tokens=False)["input_ids"]) / size, 4) for name, t in tokenizers.items()
        }
    return found


def _markdown(report: dict[str, Any]) -> str:
    lines = [f"# Tokenizer: {report['tokens']:,} tokens" + (f", {len(report['added']):,} more than {report['base']}" if report["base"] else ""), ""]
    rows = report["tokens_per_character"].items()
    if report["base"]:
        lines += ["| language | characters | tokens per character before | after | shorter by |", "|---|---:|---:|---:|---:|"]
        lines += [f"| {name} | {r['characters']:,} | {r['before']} | {r['after']} | {1 - r['after'] / r['before']:.1%} |" for name, r in rows]
        lines += ["", "The first of the new tokens: " + ", ".join(f"`{t.strip()}`" for t in report["added"] if "\\x" not in t)[:2000]]
    else:
        lines += ["| language | characters | tokens per character |", "|---|---:|---:|"]
        lines += [f"| {name} | {r['characters']:,} | {r['after']} |" for name, r in rows]
    return "\n".join(lines) + "\n"
