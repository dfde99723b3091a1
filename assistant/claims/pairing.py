"""Which claim of one set has become which of another: an optimal assignment on how much of the wording two claims share.

The words of a claim weigh by how few claims have them; references to other claims and the status that US amendments print ("(Currently
amended)", 37 CFR 1.121(c)) are no words. Where two claims read alike, the claims that they depend on and their order decide.
"""

import re
from collections import Counter
from collections.abc import Mapping
from math import log
from typing import TYPE_CHECKING

from assistant.claims.claim_set import ClaimSet
from index.terms import terms
from ingest.document import Claim

if TYPE_CHECKING:
    from numpy import ndarray

STATUS = re.compile(
    r"^\s*[(（\[]\s*(?:original|currently\s+amended|previously\s+(?:presented|amended)|withdrawn(?:\s*[-–—,]\s*[\w\s]+)?|new|not\s+entered"
    r"|原始|原权利要求|修改|新增|未修改)\s*[)）\]]\s*",
    re.IGNORECASE,
)
_LEAST = 0.5
_BOTH, _OTHER_KIND = 0.4, 0.25
_PARENTS, _CATEGORY, _ORDER = 0.3, 0.1, 0.04
_SAME_WORDS = 0.5
"""For two claims that differ in their references alone."""
_ROUNDS = 3
_UNSEEN = 4
"""Claims that are thought to be there besides, so that in a set of one claim its words still weigh something."""


def pairs(old: ClaimSet, new: ClaimSet) -> dict[int, int]:
    """The number of the old claim for each new one that comes from an old one."""
    if not old.claims or not new.claims:
        return {}
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    alike = _alike(old, new)
    ours, theirs = ([" ".join(own_words(claims, c).split()) for c in claims.claims] for claims in (old, new))
    extra = (
        _order(old, new)
        + _CATEGORY * np.array([[a.category == b.category for b in new.claims] for a in old.claims])
        + _SAME_WORDS * np.array([[a == b for b in theirs] for a in ours])
    )
    found: dict[int, int] = {}
    for _ in range(_ROUNDS):
        gain = np.where(alike >= _LEAST, alike + extra + _PARENTS * _same_parents(old, new, found), 0.0)
        rows, columns = linear_sum_assignment(gain, maximize=True)
        last, found = found, {new.claims[j].number: old.claims[i].number for i, j in zip(rows, columns, strict=True) if alike[i, j] >= _LEAST}
        if found == last:
            break
    return found


def own_words(claims: ClaimSet, claim: Claim) -> str:
    """The text of a claim without its status and without what names other claims."""
    kept, at = [], 0
    for reference, _ in claims.references(claim):
        kept.append(claim.text[at : max(at, reference.start)])
        at = max(at, reference.end)
    return STATUS.sub("", " ".join([*kept, claim.text[at:]]))


def weights(old: ClaimSet, new: ClaimSet) -> dict[str, float]:
    """What a term of the claims weighs: the logarithm of how few of all claims have it, and next to nothing where all have it."""
    counts = Counter(t for claims in (old, new) for c in claims.claims for t in set(terms(own_words(claims, c))))
    total = len(old.claims) + len(new.claims)
    return {t: log((total + _UNSEEN) / n) for t, n in counts.items()}


def _alike(old: ClaimSet, new: ClaimSet) -> "ndarray":
    """Of each old claim with each new one, from 0 to 1: the weight of what they share, of both and of the shorter of the two."""
    import numpy as np

    weigh = weights(old, new)
    places = {t: i for i, t in enumerate(weigh)}
    matrices = []
    for claims in (old, new):
        matrix = np.zeros((len(claims.claims), len(places)), dtype=np.float32)
        for row, claim in enumerate(claims.claims):
            for term, count in Counter(terms(own_words(claims, claim))).items():
                matrix[row, places[term]] = weigh[term] * count**0.5
        matrices.append(matrix)
    ours, theirs = matrices
    weight_old, weight_new = ours.sum(axis=1), theirs.sum(axis=1)
    found = np.zeros((len(ours), len(theirs)))
    for i, words in enumerate(ours):
        used = np.flatnonzero(words)
        shared = np.minimum(words[used], theirs[:, used]).sum(axis=1)
        both = 2 * shared / np.maximum(weight_old[i] + weight_new, 1e-9)
        shorter = shared / np.maximum(np.minimum(weight_old[i], weight_new), 1e-9)
        kind = np.array([old.claims[i].independent == c.independent for c in new.claims])
        found[i] = both * _BOTH + shorter * (1 - _BOTH) * np.where(kind, 1, _OTHER_KIND)
    return found


def _order(old: ClaimSet, new: ClaimSet) -> "ndarray":
    import numpy as np

    rank_old = np.arange(len(old.claims))[:, None] / max(1, len(old.claims) - 1)
    rank_new = np.arange(len(new.claims))[None, :] / max(1, len(new.claims) - 1)
    same = np.array([[a.number == b.number for b in new.claims] for a in old.claims])
    return np.asarray(_ORDER * (1 - np.abs(rank_old - rank_new)) + _ORDER / 2 * same)


def _same_parents(old: ClaimSet, new: ClaimSet, found: Mapping[int, int]) -> "ndarray":
    """Where the parents of two claims have been found to be the same; nothing in the first round."""
    import numpy as np

    theirs = [frozenset(found.get(p, -p) for p in c.depends_on) for c in new.claims]
    return np.array([[bool(found) and frozenset(a.depends_on) == b for b in theirs] for a in old.claims], dtype=float)
