"""Measures of texts: BLEU by sacrebleu, ROUGE-L, and ROUGE-1/2/L and BLEU-4 over words by jieba, as tutorials of Chinese LLaMA tuning print them."""

import json
import logging
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

from assistant.tasks.metrics import bleu, mean, rouge_l


def text_of(reply: str) -> str:
    """What a reply says: the texts of its JSON object, in order; the reply itself where it is none."""
    try:
        return "\n".join(_strings(json.loads(reply)))
    except ValueError:
        return reply


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


def text_scores(predicted: Sequence[str], right: Sequence[str], language: str) -> dict[str, float]:
    """bleu (corpus) and rouge_l (mean), 0 to 1."""
    return {"bleu": bleu(predicted, right, language), "rouge_l": mean(rouge_l(p, r) for p, r in zip(predicted, right, strict=True))}


def jieba_scores(predicted: Sequence[str], right: Sequence[str]) -> dict[str, float]:
    """rouge_1, rouge_2, rouge_l (F1) of words by jieba, and bleu_4 of characters with smoothing method 3 (Chen and Cherry, 2014), means, 0 to 1.

    These are the measures of the ChatGLM and Chinese LLaMA tutorials, kept as they are so that figures can be held beside theirs.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
        from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu
        from rouge_chinese import Rouge
    jieba.setLogLevel(logging.WARNING)
    rouge, smooth = Rouge(), SmoothingFunction().method3
    rows = []
    for p, r in zip(predicted, right, strict=True):
        words, wanted = " ".join(jieba.cut(p)), " ".join(jieba.cut(r))
        if not words.strip() or not wanted.strip():
            rows.append((0.0, 0.0, 0.0, 0.0))
            continue
        found = rouge.get_scores(words, wanted)[0]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of texts of fewer than four characters
            four = sentence_bleu([list(r)], list(p), smoothing_function=smooth)
        rows.append((found["rouge-1"]["f"], found["rouge-2"]["f"], found["rouge-l"]["f"], float(four)))
    return {name: mean(row[n] for row in rows) for n, name in enumerate(("rouge_1", "rouge_2", "rouge_l", "bleu_4"))}
