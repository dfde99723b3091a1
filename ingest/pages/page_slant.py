"""A scanned page set straight: its slant taken out, the dirt that OCR took for text, and the wrong sizes of its letters."""

import re
import statistics
from dataclasses import replace
from itertools import pairwise

import numpy as np

from ingest.pages.page import Page, Word

_DIRT = re.compile(r"[|!:;.,'‘’\"“”`_~^*•·»«¦\\<>-]+")
"""What OCR makes of specks and of the rule between columns."""


def straightened(page: Page) -> Page:
    """A scanned page with its slant taken out, and with letters no higher than its lines are apart, whatever its text layer says."""
    page = replace(page, words=[w for w in page.words if not _DIRT.fullmatch(w.text)])
    if not page.words:
        return page
    slopes = []
    for a, b in pairwise(page.words):
        run = b.left - a.left
        if run > 0 and abs(b.base - a.base) < 0.3 * min(a.size, b.size):
            slopes.append(((b.base - a.base) / run, run))
    slope, slant, middle = _weighted_median(slopes), _slant(page.words), statistics.fmean(w.base for w in page.words)
    words = []
    for w in page.words:
        shift = slant * (w.base - middle)
        words.append(Word(w.text, w.left + shift, w.right + shift, w.base - slope * w.left, w.size, w.bold))
    pitch, size = _pitch(words), statistics.median(w.size for w in words)
    if pitch and size > 1.1 * pitch:
        for w in words:
            w.size *= pitch / size
    return replace(page, words=words)


def _slant(words: list[Word]) -> float:
    """By how much a line's beginning has to move to the right for each point further down, so that as many as can be stand under one another."""
    lefts, bases = np.array([w.left for w in words]), np.array([w.base for w in words])

    def sharpness(slant: float) -> float:
        places = (lefts + slant * (bases - bases.mean())) / 2
        return float((np.bincount(np.clip(places, 0, 5000).astype(int)).astype(float) ** 2).sum())

    upright = sharpness(0.0)
    best = max((step / 400 for step in range(-16, 17)), key=sharpness)
    return best if sharpness(best) > 1.1 * upright else 0.0


def _weighted_median(values: list[tuple[float, float]]) -> float:
    values.sort()
    half = sum(weight for _, weight in values) / 2
    for value, weight in values:
        half -= weight
        if half <= 0:
            return value
    return 0.0


def _pitch(words: list[Word]) -> float:
    """The usual distance from one line to the next in the left half of a page, 0 where it has few lines."""
    middle = statistics.median(w.left for w in words)
    bases: list[float] = []
    for base in sorted(w.base for w in words if w.left < middle):
        if not bases or base - bases[-1] > 3:
            bases.append(base)
    return statistics.median(b - a for a, b in pairwise(bases)) if len(bases) > 8 else 0.0
