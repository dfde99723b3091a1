"""Documents with their wide and narrow places of a classification, each beside one that it does not stand at."""

from collections.abc import Mapping, Sequence

import numpy as np

from finetune.retrieval.negatives import Encode, with_negatives
from finetune.retrieval.pairs import Pair, Placed, hash_of
from finetune.retrieval.ranked import Known

WIDE, NARROW = "document-subclass", "document-main group"


def placed(pairs: Sequence[Pair], names: Mapping[str, Sequence[str]], known: Known, encode: Encode) -> list[Placed]:
    """Of the pairs of a document and its subclass, and its main group, those that have both; `names` are the places of each entry's text. Hard
    negatives are the subclass that the untuned encoder takes the document for, and another main group of its subclass."""
    sisters: dict[tuple[str, str], list[str]] = {}
    for pair in pairs:
        if pair.kind.startswith(NARROW):
            for name in names.get(pair.positive, ()):
                some = sisters.setdefault((pair.kind, name.split(" ")[0]), [])
                if pair.positive not in some:
                    some.append(pair.positive)
    groups = {(p.kind.removeprefix(NARROW), p.anchor): p for p in pairs if p.kind.startswith(NARROW)}
    found = []
    for kind in sorted({p.kind for p in pairs if p.kind.startswith(WIDE)}):
        wide = [p for p in pairs if p.kind == kind]
        for pair in with_negatives(wide, encode, 1, known.wrong, share=np.inf):
            group = groups.get((kind.removeprefix(WIDE), pair.anchor))
            if group is None or not pair.negatives:
                continue
            of = names[group.positive][0].split(" ")[0]
            right = known.right(group.kind, pair.anchor)
            others = [t for t in sisters[group.kind, of] if t not in right]
            others = others or [t for (k, _), some in sorted(sisters.items()) if k == group.kind for t in some if t not in right]
            if others:
                other = others[hash_of(pair.anchor) % len(others)]
                found.append(Placed(pair.anchor, pair.positive, pair.negatives[0], group.positive, other, pair.family))
    return found
