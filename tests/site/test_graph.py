"""The picture of the graph: columns, no overlaps, links, and a graph that is none."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from harness.site.graph import NODE_HEIGHT, Node, arranged, picture

SMALL = {"a": [], "b": ["a"], "c": ["b"], "d": ["a", "c"]}


def nodes(names: list[str]) -> list[Node]:
    return [Node(name, f"node {name}", f"pages/{name}.html", "good", "conforms") for name in names]


def test_users_stand_to_the_right_and_long_edges_have_places() -> None:
    columns = arranged(list(SMALL), SMALL)
    level = {name: k for k, column in enumerate(columns) for name in column}
    assert all(level[used] < level[user] for user, below in SMALL.items() for used in below)
    assert {"d→a@1", "d→a@2"} <= level.keys()


def test_a_picture() -> None:
    root = ElementTree.fromstring(str(picture("Graph", nodes(list(SMALL)), SMALL)))
    links = {one.attrib["data-name"]: one for one in root.iter("a")}
    assert links["d"].attrib["href"] == "pages/d.html"
    assert links["d"].attrib["aria-label"] == "node d: conforms"
    edges = [one for one in root.iter("path") if one.get("class") == "edge"]
    assert {(one.attrib["data-from"], one.attrib["data-to"]) for one in edges} == {
        ("b", "a"),
        ("c", "b"),
        ("d", "a"),
        ("d", "c"),
    }
    assert picture("Graph", [], {}) == ""


@given(st.integers(0, 12), st.data())
def test_boxes_never_overlap(count: int, data: st.DataObject) -> None:
    names = [f"n{k}" for k in range(count)]
    rests = {
        name: data.draw(st.lists(st.sampled_from(names[:k]), unique=True, max_size=3)) if k else []
        for k, name in enumerate(names)
    }
    made = picture("Graph", nodes(names), rests)
    if not names:
        return
    root = ElementTree.fromstring(str(made))
    boxes: dict[float, list[tuple[float, float]]] = {}
    for rect in root.iter("rect"):
        x, y, width = (float(rect.attrib[key]) for key in ("x", "y", "width"))
        assert x + width <= float(root.attrib["width"])
        assert y + NODE_HEIGHT <= float(root.attrib["height"])
        boxes.setdefault(x, []).append((y, width))
    for column in boxes.values():
        assert all(b[0] - a[0] >= NODE_HEIGHT for a, b in pairwise(sorted(column)))
    spans = sorted((x, x + max(w for _, w in column)) for x, column in boxes.items())
    assert all(one[1] < other[0] for one, other in pairwise(spans))


def test_a_cycle_ends() -> None:
    columns = arranged(["a", "b"], {"a": ["b"], "b": ["a"]})
    assert sorted(name for column in columns for name in column if "→" not in name) == ["a", "b"]
