"""The picture of the claim tree: every claim once, well-formed, bounded."""

import struct
import zlib
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from assistant.claims.claim_set import claim_set
from assistant.claims.picture import WIDTH, layout, png, svg
from assistant.claims.tree import Node, tree
from tests.assistant.claims.conftest import made

SVG = "{http://www.w3.org/2000/svg}"


def node(number: int, *parents: int, subject: str = "pump") -> Node:
    kind = "multiple" if len(parents) > 1 else "dependent" if parents else "independent"
    return Node(number=number, kind=kind, category="apparatus", subject=subject, parents=parents, depth=0, root=number)


@st.composite
def trees(draw: st.DrawFn) -> list[Node]:
    """Claims in any order of dependency that is possible, with any subjects."""
    nodes = []
    for number in range(1, draw(st.integers(1, 60)) + 1):
        parents = draw(st.lists(st.integers(1, number - 1), max_size=5, unique=True)) if number > 1 else []
        nodes.append(node(number, *parents, subject=draw(st.text(max_size=60))))
    return nodes


@settings(max_examples=60, deadline=None)
@given(trees(), st.sampled_from(["en", "zh"]))
def test_any_tree_is_drawn_well_formed_and_without_overlap(nodes: list[Node], language: str) -> None:
    root = etree.fromstring(svg(nodes, language))
    assert [link.get("href") for link in root.iter(f"{SVG}a")] == [f"#c{n.number}" for n in nodes]
    picture = layout(nodes)
    assert picture.width <= WIDTH + 60
    boxes = sorted(picture.places.values())
    assert all(abs(x1 - x2) >= 34 or abs(y1 - y2) >= 18 for (x1, y1), (x2, y2) in combinations(boxes, 2))
    assert all(x >= 0 and x + 34 <= picture.width and 9 <= y <= picture.height - 9 for x, y in boxes)


def test_a_claim_stands_right_of_the_one_that_it_depends_on() -> None:
    places = layout(tree(claim_set(made("A pump.", "The pump of claim 1, wet.", "The pump of claim 2, hot.", "A method of pumping.")))).places
    assert places[1][0] < places[2][0] < places[3][0]
    assert places[4][1] == places[1][1], "a second tree stands beside the first"


def test_further_dependencies_are_dashed_up_to_three() -> None:
    drawn = svg([node(1), node(2, 1), node(3, 1, 2), node(4, 1, 2, 3, 5)])
    paths = etree.fromstring(drawn).findall(f"{SVG}path")
    assert len(paths) == 1
    assert paths[0].get("stroke-dasharray")
    frames = [rect for rect in etree.fromstring(drawn).iter(f"{SVG}rect") if rect.get("stroke-dasharray")]
    assert len(frames) == 2, "the frame says that 4 depends on several, too"


def test_a_hundred_claims_on_one_stay_on_one_screen() -> None:
    assert layout([node(1), *(node(n, 1) for n in range(2, 101))]).height < 640


def test_a_chain_of_a_hundred_keeps_within_the_width() -> None:
    picture = layout([node(1), *(node(n, n - 1) for n in range(2, 101))])
    assert picture.width <= WIDTH + 60
    assert len({y for _, y in picture.places.values()}) == 100


def test_the_worst_finding_is_a_dot() -> None:
    dots = list(etree.fromstring(svg([node(1), node(2, 1)], marks={2: "warning"})).iter(f"{SVG}circle"))
    assert [dot.get("class") for dot in dots] == ["warning"]


@pytest.mark.parametrize("subject", ["</title><script>alert(1)</script>", "\x0b\x00 pump", "水泵" * 30, "\u202eelur"])
def test_subjects_are_text(subject: str) -> None:
    root = etree.fromstring(svg([node(1, subject=subject), node(2, 1)]))
    assert {str(e.tag).removeprefix(SVG) for e in root.iter()} <= {"svg", "a", "title", "rect", "text", "polyline"}


def pixels(data: bytes) -> bytes:
    length = struct.unpack(">I", data[54:58])[0]  # after the signature, IHDR and pHYs
    assert data[58:62] == b"IDAT"
    return zlib.decompress(data[62 : 62 + length])


def test_the_png_has_the_size_of_the_layout_and_ink_in_it() -> None:
    nodes = [node(1), node(2, 1), node(3, 1, 2)]
    data = png(nodes, {3: "error"})
    assert data == png(nodes, {3: "error"})
    width, height = struct.unpack(">II", data[16:24])
    picture = layout(nodes)
    assert abs(width - 2 * picture.width) <= 2
    assert abs(height - 2 * picture.height) <= 2
    assert bytes.fromhex("b42318") in pixels(data), "the finding is drawn"
    assert bytes.fromhex("b42318") not in pixels(png(nodes))
    assert png([node(1, subject="a"), node(2, 1)]) != png([node(1, subject="b"), node(2, 1)])


def test_a_very_deep_tree_makes_no_huge_png() -> None:
    nodes = [node(1), *(node(n, n - 1) for n in range(2, 2001))]
    width, height = struct.unpack(">II", png(nodes)[16:24])
    assert width * height <= 12_500_000


def test_no_claims_make_an_empty_picture() -> None:
    assert etree.fromstring(svg([])).get("class") == "tree"
