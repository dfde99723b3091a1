"""Going on with the merges of a BPE: more tokens for an old tokenizer, which cuts what it has no new token for as it did before.

New merges come after the old ones in rank, so that a text is first cut by the base, and neighbours of its pieces are joined then.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

Pair = tuple[str, str]


def more_merges(words: Mapping[tuple[str, ...], int], most: int, least: int, allowed: Callable[[str], bool], known: frozenset[str]) -> list[Pair]:
    """The pairs to join, in order. `words` are pieces with how often they stand; a pair is joined where it stands `least` times and the token
    that comes of it is `allowed` and not `known`.

    A tie is broken by the pieces themselves, so that the result depends on nothing else.
    """
    pieces = [list(word) for word in words]
    counts = list(words.values())
    pairs: Counter[Pair] = Counter()
    where: dict[Pair, set[int]] = defaultdict(set)
    for number, word in enumerate(pieces):
        for pair in pairwise(word):
            pairs[pair] += counts[number]
            where[pair].add(number)
    waiting = [(-count, pair) for pair, count in pairs.items() if count >= least]
    heapq.heapify(waiting)
    found: list[Pair] = []
    made = set(known)
    while waiting and len(found) < most:
        negative, pair = heapq.heappop(waiting)
        if pairs[pair] != -negative or "".join(pair) in made or not allowed("".join(pair)):
            continue
        found.append(pair)
        made.add("".join(pair))
        changed = _join(pair, where.pop(pair), pieces, counts, pairs, where)
        for each in changed:
            if pairs[each] >= least:
                heapq.heappush(waiting, (-pairs[each], each))
    return found


def _join(
    pair: Pair, numbers: set[int], pieces: list[list[str]], counts: Sequence[int], pairs: Counter[Pair], where: dict[Pair, set[int]]
) -> set[Pair]:
    """Join a pair in the words that have it; returns the pairs whose counts have changed."""
    changed: set[Pair] = set()
    for number in numbers:
        word = pieces[number]
        joined: list[str] = []
        i = 0
        while i < len(word):
            if i + 1 < len(word) and (word[i], word[i + 1]) == pair:
                joined.append(word[i] + word[i + 1])
                i += 2
            else:
                joined.append(word[i])
                i += 1
        before, after = list(pairwise(word)), list(pairwise(joined))
        for each in before:
            pairs[each] -= counts[number]
        for each in after:
            pairs[each] += counts[number]
            where[each].add(number)
        for each in set(before) - set(after):
            where[each].discard(number)
        changed.update(before, after)
        pieces[number] = joined
    changed.discard(pair)
    return changed
