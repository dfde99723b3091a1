"""A public benchmark's files, answered by a language model through the tasks of the assistant, and scored."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from assistant.benchmarks.ceval import read_ceval
from assistant.benchmarks.ipbench import read_ipbench
from assistant.benchmarks.ipeval import read_ipeval
from assistant.benchmarks.item import Item, MultipleChoice
from assistant.benchmarks.mozip import read_ipqa, read_ipquiz, read_patent_match
from assistant.benchmarks.reading import BenchmarkError
from assistant.benchmarks.scoring import Scores, scores
from assistant.llm.exchange import Exchange, answer_all
from assistant.llm.language_model import LanguageModel
from assistant.tasks import multiple_choice, open_question, patent_match
from assistant.tasks.metrics import mean, rouge_l
from assistant.tasks.running import TaskResult, run_task
from assistant.tasks.task import language_of
from ingest.errors import PatentAssistantError

if TYPE_CHECKING:
    from assistant.patents import PatentAssistant

READERS: Mapping[str, Callable[[Path], Sequence[Item]]] = {
    "ipquiz": read_ipquiz,
    "patentmatch": read_patent_match,
    "ipqa": read_ipqa,
    "ipbench": read_ipbench,
    "ipeval": read_ipeval,
    "ceval": read_ceval,
}
PUBLISHED = {
    "ipquiz": "ChatGPT 49.6, MoZi-7B 39.4 (average)",
    "patentmatch": "en/zh: MoZi-7B 25.8/29.0, Qwen2-7B 31.4/47.0 (with RAG 49.2/68.2), GLM-4-9B 66.4/65.0 (with MemGraph 82.8/80.8), "
    "PatentGPT-1.0-Dense-70B 66.2/72.0",
    "ceval": "Patent-LLaMA 31.8",
}
"""Accuracy in per cent as published by others, not measured here."""


class Report(BaseModel):
    """`scores` for questions that are right or wrong; `rouge_l` for the others; `failed` are the questions without an answer, and why."""

    model_config = ConfigDict(frozen=True)

    benchmark: str
    model: str
    questions: int
    scores: Scores | None = None
    rouge_l: float | None = None
    published: str = ""
    failed: dict[str, str] = {}
    predictions: dict[str, str] = {}


def evaluate(
    benchmark: str,
    paths: Sequence[Path],
    model: LanguageModel | None,
    assistant: "PatentAssistant | None" = None,
    limit: int | None = None,
    done: Callable[[int], None] | None = None,
) -> Report:
    """Answer and score. Multiple-choice questions of law are answered from the law texts of the index of `assistant`, where it has any.

    Without a model only PatentMatch can be done. Raises BenchmarkError where a file can't be read.
    """
    items = [item for path in paths for item in READERS[benchmark](path)][:limit]
    if not items:
        raise BenchmarkError(f"{', '.join(map(str, paths))}: there are no questions")
    results = answer_all([_exchange(benchmark, item, model, assistant) for item in items], model, done)
    predictions: dict[str, str] = {}
    failed: dict[str, str] = {}
    for item, result in zip(items, results, strict=True):
        if isinstance(result, PatentAssistantError):
            failed[item.id] = str(result)
        else:
            predictions[item.id] = str(getattr(result.output, "answer", ""))
    by = next((r.by for r in results if isinstance(r, TaskResult)), model.name if model else "none")
    told: dict[str, Any] = {"published": PUBLISHED.get(benchmark, ""), "failed": failed, "predictions": predictions}
    exact = [i for i in items if isinstance(i, MultipleChoice) or i.exact]
    known = [i for i in exact if i.answer is not None]
    if known:
        told["scores"] = scores(exact, {i.id: predictions[i.id] for i in exact if i.id in predictions})
    worded = [i for i in items if i not in exact and i.answer is not None]
    if worded:
        told["rouge_l"] = mean(rouge_l(predictions.get(i.id, ""), i.answer or "") for i in worded)
    return Report(benchmark=benchmark, model=by, questions=len(items), **told)


def _exchange(benchmark: str, item: Item, model: LanguageModel | None, assistant: "PatentAssistant | None") -> Exchange[TaskResult]:
    language = language_of(item.question)
    if not isinstance(item, MultipleChoice):
        return run_task(open_question.TASK, open_question.OpenGiven(question=item.question, language=language), model)
    if benchmark == "patentmatch" and list(item.options) == list(patent_match.LABELS):
        matched = patent_match.MatchGiven(query=item.question, options=tuple(item.options.values()), language=language)
        return run_task(patent_match.TASK, matched, model, assistant)
    asked = multiple_choice.ChoiceGiven(question=item.question, options=item.options, several=item.several, language=language)
    return run_task(multiple_choice.TASK, asked, model, assistant)
