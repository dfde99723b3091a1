"""Scores of replies, with intervals: percentile bootstrap over the examples, the same examples for all models (Koehn, 2004)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from assistant.tasks import task_named
from finetune.evaluation.examples import Asked, blank
from finetune.evaluation.texts import jieba_scores, text_of, text_scores

Measure = Callable[[Sequence[int]], dict[str, float]]
GENERATIVE = ("abstract", "claims", "consultation", "open_question", "summary", "title", "translation", "standalone_question")


def measure_of(examples: Sequence[Asked], replies: Sequence[str | None], outputs: Sequence[Any]) -> Measure:
    """The scores of some of the examples, by their places: the task's metric, the share of readable replies, and of generated texts their own."""
    first = examples[0]
    texts = [text_of(reply or "") for reply in replies]
    right_texts = [text_of(e.reply) for e in examples]
    filled = [o if o is not None else blank(e.right) for e, o in zip(examples, outputs, strict=True)] if first.given is not None else []
    plain = first.given is None or first.task in GENERATIVE

    def measure(places: Sequence[int]) -> dict[str, float]:
        found: dict[str, float] = {}
        if first.given is not None:
            found |= task_named(first.task).metric([filled[p] for p in places], [examples[p].right for p in places])
            found["readable"] = sum(outputs[p] is not None for p in places) / len(places)
        if plain and any(reply is not None for reply in replies):
            some, wanted = [texts[p] for p in places], [right_texts[p] for p in places]
            found |= {f"text_{name}": value for name, value in text_scores(some, wanted, first.language).items()}
        return found

    return measure


def jieba_of(examples: Sequence[Asked], replies: Sequence[str | None]) -> dict[str, float]:
    """Of the whole alone: cutting words is slow."""
    found = jieba_scores([text_of(reply or "") for reply in replies], [text_of(e.reply) for e in examples])
    return {f"jieba_{name}": value for name, value in found.items()}


def with_intervals(measures: Mapping[str, Measure], count: int, resamples: int, base: str, seed: int) -> dict[str, dict[str, dict[str, float]]]:
    """{model: {measure: {value, low, high, and for others than the base: gain, gain_low, gain_high}}}."""
    random = np.random.default_rng(seed)
    drawn = [random.integers(0, count, count).tolist() for _ in range(resamples)]
    whole = {name: measure(range(count)) for name, measure in measures.items()}
    sampled = {name: [measure(places) for places in drawn] for name, measure in measures.items()}
    found: dict[str, dict[str, dict[str, float]]] = {}
    for name, scores in whole.items():
        found[name] = {}
        for key, value in scores.items():
            values = np.array([s.get(key, np.nan) for s in sampled[name]])
            row = {"value": value, "low": _percentile(values, 2.5), "high": _percentile(values, 97.5)}
            if name != base and key in whole.get(base, {}):
                gains = values - np.array([s.get(key, np.nan) for s in sampled[base]])
                row |= {"gain": value - whole[base][key], "gain_low": _percentile(gains, 2.5), "gain_high": _percentile(gains, 97.5)}
            found[name][key] = {k: round(float(v), 4) for k, v in row.items()}
    return found


def _percentile(values: "np.ndarray[Any, np.dtype[np.float64]]", share: float) -> float:
    return float(np.nanpercentile(values, share)) if not np.isnan(values).all() else float("nan")
