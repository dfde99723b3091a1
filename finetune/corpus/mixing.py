"""How many characters of each source the result has, so that their shares are the weights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from finetune.corpus.settings import CorpusSource


@dataclass(frozen=True)
class Mix:
    """`quotas`: characters of each source by its place; None where there are no weights and all is taken once. `limit`: the source for want of
    which the result isn't longer, "" where `characters` says how long it is."""

    quotas: dict[int, float] | None
    limit: str = ""


def mixed(sources: Sequence[CorpusSource], available: Mapping[int, int], characters: int | None) -> Mix:
    """`available`: characters of each source by its place. A source of which there is nothing has no share.

    With `characters`, one that has less than its share, repeated as often as it may be, gives what it has. Without, the result is as long as it
    can be with exact shares.
    """
    weights = {n: s.weight for n, s in enumerate(sources) if s.weight is not None}
    if not weights:
        return Mix(None)
    there = {n: weight for n, weight in weights.items() if available.get(n)}
    if not there:
        return Mix({})
    shares = {n: weight / sum(there.values()) for n, weight in there.items()}
    most = {n: sources[n].repeat * available[n] for n in there}
    if characters is not None:
        return Mix({n: min(characters * share, most[n]) for n, share in shares.items()})
    shortest = min(there, key=lambda n: (most[n] / shares[n], n))
    total = most[shortest] / shares[shortest]
    return Mix({n: total * share for n, share in shares.items()}, sources[shortest].name)
