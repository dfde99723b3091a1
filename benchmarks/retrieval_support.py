"""Which paragraphs of its own description support claim 1: a gold standard by rule, since nobody has marked it.

A claim is split at semicolons, line breaks and commas into features. A paragraph supports a feature when 60 % of the feature's words stand in it in
runs of four or more consecutive words of the feature, in the feature's order; it supports the claim when the features that it supports have a
quarter of the claim's words. The order of words decides, so that this is not what BM25 or an encoder measures; what is said
in other words than the claim's is missed, as in every such rule. At most the ten paragraphs with the largest share are gold.
"""

import re

from ingest import PatentDocument

RUN = 4
FEATURE = 0.6
CLAIM = 0.25
MOST = 10
_FEATURES = re.compile(r"[;\n]|,(?!\s?(?:and|or)\s)")
_WORDS = re.compile(r"[a-z0-9]+")
Words = list[str]


def supporting_paragraphs(document: PatentDocument) -> list[str]:
    """The anchors of the paragraphs that support claim 1 of an English document, the best first."""
    if not document.claims:
        return []
    claim = features(document.claims[0].text)
    shares = {}
    for section in document.sections:
        for paragraph in section.paragraphs:
            if (share := supported(claim, _words(paragraph.text))) >= CLAIM:
                shares[f"{document.number}#p{paragraph.number}"] = share
    return sorted(shares, key=lambda anchor: -shares[anchor])[:MOST]


def features(claim: str) -> list[Words]:
    """The features of more than a run, as words; all of a claim as one where it has no such feature."""
    found = [words for piece in _FEATURES.split(claim) if len(words := _words(piece)) > RUN]
    return found or [_words(claim)]


def supported(claim: list[Words], paragraph: Words) -> float:
    """The share of the claim's words that are in features which the paragraph supports."""
    runs = {tuple(paragraph[i : i + RUN]) for i in range(len(paragraph) - RUN + 1)}
    total = sum(map(len, claim))
    return sum(len(feature) for feature in claim if _covered(feature, runs) >= FEATURE) / total if total else 0.0


def _covered(feature: Words, runs: set[tuple[str, ...]]) -> float:
    covered: set[int] = set()
    for i in range(len(feature) - RUN + 1):
        if tuple(feature[i : i + RUN]) in runs:
            covered.update(range(i, i + RUN))
    return len(covered) / len(feature)


def _words(text: str) -> Words:
    return _WORDS.findall(text.lower())
