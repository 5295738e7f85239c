"""Which loops a kernel has, and what is kept between them.

Sums and maxima over an index are loops; one that needs the result of another comes after it. What
a later loop needs of an earlier one is kept in scratch memory of the row when it is worth it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from harness.evaluate.fast.graph import Axis, Graph, Node, below

COSTLY = frozenset({"exp", "log", "div", "sqrt", "reduce"})


@dataclass(frozen=True)
class Loop:
    """One loop: over which axis, the reductions made in it, and what each of them reduces."""

    axis: Axis
    reductions: tuple[Node, ...]
    reduced: tuple[tuple[Node, ...], ...]

    @property
    def bodies(self) -> tuple[Node, ...]:
        """All that is reduced."""
        return tuple(body for bodies in self.reduced for body in bodies)


def loops(
    graph: Graph, roots: Collection[Node], scope: frozenset[Axis], made: Collection[Node]
) -> list[Loop]:
    """The loops that give all reductions of a scope, in order. made: reductions that are there.

    An axis that is in scope already gets another level inside of the loop that runs over it again.
    """
    stage: dict[int, int] = {}
    groups: dict[tuple[int, Axis], list[Node]] = {}
    done = {id(node) for node in made}
    for node in below(roots, made):
        depth = max((stage[id(a)] for a in node.args if id(a) in stage), default=0)
        if node.op == "reduce" and node.axes <= scope and id(node) not in done:
            axis: Axis = node.attr[1]
            groups.setdefault((depth, axis), []).append(node)
            depth += 1
        stage[id(node)] = depth
    found = []
    for depth, axis in sorted(groups):
        reductions, inner = tuple(groups[depth, axis]), axis
        while inner in scope:
            inner = replace(inner, level=inner.level + 1000)
        reduced = tuple(tuple(graph.renamed(a, axis, inner) for a in r.args) for r in reductions)
        found.append(Loop(inner, reductions, reduced))
    return found


@dataclass(frozen=True)
class Kept:
    """stored: loop number -> nodes that it writes to scratch; loaded: loop number -> nodes that it
    reads from there."""

    stored: tuple[tuple[Node, ...], ...]
    loaded: tuple[tuple[Node, ...], ...]


def kept_between(order: list[Loop]) -> Kept:
    """What the loops of a row keep for each other."""
    natural: dict[int, int] = {}
    stored: list[dict[int, Node]] = [{} for _ in order]
    loaded: list[dict[int, Node]] = [{} for _ in order]
    for number, loop in enumerate(order):
        seen: set[int] = set()
        stack = list(loop.bodies)
        while stack:
            node = stack.pop()
            if id(node) in seen or loop.axis not in node.axes:
                continue
            seen.add(id(node))
            first = natural.get(id(node))
            if first is not None and order[first].axis == loop.axis and _worth(node):
                stored[first][id(node)] = node
                loaded[number][id(node)] = node
                continue
            stack.extend(node.args)
        for node_id in seen:
            natural.setdefault(node_id, number)
    return Kept(tuple(tuple(s.values()) for s in stored), tuple(tuple(s.values()) for s in loaded))


def _worth(node: Node) -> bool:
    """Whether reading a node back is cheaper than making it again."""
    if node.truth or len(node.axes) != 1 or node.op in ("input", "const", "param", "power"):
        return False
    if node.op == "reduce" and node.attr[0] == "wide":
        return False  # it is two numbers: each is a node, and may be kept
    if node.op in COSTLY:
        return True
    if node.op in ("neg", "abs") and node.args[0].op not in ("input", "const", "param"):
        return _worth(node.args[0])
    return any(a.axes and a.op != "input" for a in node.args)
