"""The tree of claims."""

from collections.abc import Callable

from assistant.claims.claim_set import ClaimSet
from assistant.claims.tree import chains, drawing, tree

Made = Callable[..., ClaimSet]
TEXTS = ("A pump with a rotor.", "The pump of claim 1, of steel.", "The pump of claim 1, of iron.", "The pump of claim 2 or 3, in red.", "A valve.")


def test_nodes(claims: Made) -> None:
    nodes = tree(claims(*TEXTS))
    assert [n.kind for n in nodes] == ["independent", "dependent", "dependent", "multiple", "independent"]
    assert nodes[0].children == (2, 3)
    assert nodes[3].parents == (2, 3)
    assert [n.depth for n in nodes] == [0, 1, 1, 2, 0]
    assert [n.root for n in nodes] == [1, 1, 1, 1, 5]
    assert nodes[0].subject == "pump"


def test_chains(claims: Made) -> None:
    nodes = tree(claims(*TEXTS))
    assert chains(nodes, 4) == [(1, 2, 4), (1, 3, 4)]
    assert chains(nodes, 5) == [(5,)]


def test_chains_are_limited(claims: Made) -> None:
    texts = ["A pump."] + [f"The pump of any one of claims 1 to {n - 1}." for n in range(2, 40)]
    assert len(chains(tree(claims(*texts)), 39, most=50)) == 50


def test_drawing(claims: Made) -> None:
    assert drawing(tree(claims(*TEXTS))) == "1 pump\n├── 2\n│   └── 4 (also 3)\n└── 3\n5 valve"


def test_wrong_references_are_no_branches(claims: Made) -> None:
    nodes = tree(claims("The pump of claim 2.", "The pump of claim 1.", "The pump of claim 9."))
    assert [n.parents for n in nodes] == [(), (1,), ()]
    assert drawing(nodes).splitlines()[0].startswith("1")


def test_a_long_chain(claims: Made) -> None:
    nodes = tree(claims("A pump.", *[f"The pump of claim {n}." for n in range(1, 1500)]))
    assert nodes[-1].depth == 1499
    assert drawing(nodes).count("\n") == 1499
