"""The tree of claims: which are independent, every claim's parents and depth, multiple dependency; and its drawing as text."""

from collections.abc import Sequence
from typing import Literal

from assistant.claims.claim_set import ClaimSet
from ingest.claims.category import claim_head
from ingest.document import Frozen

_LONGEST_SUBJECT = 60


class Node(Frozen):
    """One claim in the tree. `parents` are the claims that it depends on, `children` those that depend on it, `mentions` claims that it names
    besides.

    `depth` is the length of the longest chain above it, `root` the independent claim at the start of its first chain; `subject` is what it is about.
    """

    number: int
    kind: Literal["independent", "dependent", "multiple"]
    category: str
    subject: str
    parents: tuple[int, ...] = ()
    children: tuple[int, ...] = ()
    mentions: tuple[int, ...] = ()
    depth: int = 0
    root: int


def tree(claims: ClaimSet) -> list[Node]:
    """A node for each claim, in their order. A claim that it names but that is not there, or not before it, is no parent."""
    numbers = set(claims.by_number)
    parents = {c.number: tuple(n for n in c.depends_on if n in numbers and n < c.number) for c in claims.claims}
    children: dict[int, list[int]] = {}
    depth: dict[int, int] = {}
    root: dict[int, int] = {}
    for number in sorted(parents):
        depth[number] = 1 + max(depth[p] for p in parents[number]) if parents[number] else 0
        root[number] = root[parents[number][0]] if parents[number] else number
        for parent in parents[number]:
            children.setdefault(parent, []).append(number)
    return [
        Node(
            number=c.number,
            kind="independent" if not c.depends_on else "multiple" if len(c.depends_on) > 1 else "dependent",
            category=c.category,
            subject=claim_head(c.text, claims.language)[:_LONGEST_SUBJECT].rstrip(" .。"),
            parents=parents[c.number],
            children=tuple(children.get(c.number, ())),
            mentions=c.mentions,
            depth=depth[c.number],
            root=root[c.number],
        )
        for c in claims.claims
    ]


def drawing(nodes: Sequence[Node]) -> str:
    """The tree as text, a claim a line under the first of its parents; the others are named after it.

    ```
    1 pump
    ├── 2
    │   └── 4 (also 3)
    └── 3
    ```
    """
    by_number = {n.number: n for n in nodes}
    lines: list[str] = []
    waiting = [(n.number, "", "") for n in reversed(nodes) if not n.parents]
    while waiting:
        number, before, under = waiting.pop()
        node = by_number[number]
        others = f" (also {', '.join(map(str, node.parents[1:]))})" if len(node.parents) > 1 else ""
        lines.append(f"{before}{number}{others}" + (f" {node.subject}" if not node.parents and node.subject else ""))
        below = [c for c in node.children if by_number[c].parents[0] == number]
        for child in reversed(below):
            last = child == below[-1]
            waiting.append((child, under + ("└── " if last else "├── "), under + ("    " if last else "│   ")))
    return "\n".join(lines)


def chains(nodes: Sequence[Node], number: int, most: int = 100) -> list[tuple[int, ...]]:
    """Every chain from an independent claim to this one, at most `most` of them: claims that depend on many others have thousands."""
    by_number = {n.number: n for n in nodes}
    found: list[tuple[int, ...]] = []
    waiting: list[tuple[int, ...]] = [(number,)]
    while waiting and len(found) < most:
        chain = waiting.pop()
        parents = by_number[chain[0]].parents
        if not parents:
            found.append(chain)
        waiting += [(parent, *chain) for parent in reversed(parents)]
    return found
