"""Measures of outputs against right ones. Each takes (predicted, right) pairs in order."""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

from ingest.language import CJK

_TOKEN = re.compile(rf"[{CJK}]|\w+")


def mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0


def accuracy(predicted: Sequence[Hashable], right: Sequence[Hashable]) -> float:
    return mean(float(p == r) for p, r in zip(predicted, right, strict=True))


def set_scores(predicted: Sequence[Iterable[Hashable]], right: Sequence[Iterable[Hashable]]) -> dict[str, float]:
    """Precision, recall and F1 of sets, over all of them together (micro)."""
    pairs = [(set(p), set(r)) for p, r in zip(predicted, right, strict=True)]
    hit = sum(len(p & r) for p, r in pairs)
    said, wanted = sum(len(p) for p, _ in pairs), sum(len(r) for _, r in pairs)
    precision, recall = hit / said if said else 0.0, hit / wanted if wanted else 0.0
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / (precision + recall) if hit else 0.0}


def overlap_scores(predicted: Sequence[Iterable[str]], right: Sequence[Iterable[str]]) -> dict[str, float]:
    """Precision, recall and F1 of the words (characters of Chinese) of some phrases, over all items together; a word counts as often as it occurs."""
    hit = said = wanted = 0
    for p, r in zip(predicted, right, strict=True):
        a, b = Counter(_TOKEN.findall("\n".join(p).lower())), Counter(_TOKEN.findall("\n".join(r).lower()))
        hit, said, wanted = hit + (a & b).total(), said + a.total(), wanted + b.total()
    precision, recall = hit / said if said else 0.0, hit / wanted if wanted else 0.0
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / (precision + recall) if hit else 0.0}


def f1_at(predicted: Sequence[Sequence[str]], right: Sequence[Iterable[str]], k: int) -> float:
    """F1 of the first k of each list against a set, by exact match, a mean over the lists (macro)."""
    return mean(set_scores([p[:k]], [r])["f1"] for p, r in zip(predicted, right, strict=True))


def rouge_l(predicted: str, right: str) -> float:
    """ROUGE-L F1 (Lin, 2004) over words, and over characters of Chinese."""
    a, b = _TOKEN.findall(predicted.lower()), _TOKEN.findall(right.lower())
    if not a or not b:
        return 0.0
    row = [0] * (len(b) + 1)
    for word in a:
        diagonal = 0
        for j, other in enumerate(b, start=1):
            diagonal, row[j] = row[j], diagonal + 1 if word == other else max(row[j], row[j - 1])
    common = row[-1]
    return 2 * common / (len(a) + len(b))


def bleu(predicted: Sequence[str], right: Sequence[str], language: str) -> float:
    """Corpus BLEU by sacrebleu (its tokenizer `zh` for Chinese, `13a` else), 0 to 1."""
    from sacrebleu.metrics.bleu import BLEU

    return float(BLEU(tokenize="zh" if language == "zh" else "13a", effective_order=False).corpus_score(list(predicted), [list(right)]).score) / 100
