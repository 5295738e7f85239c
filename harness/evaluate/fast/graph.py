"""The graph of a kernel: what is computed for one row, every distinct expression once.

A node is an operation on float64 numbers or on truths, at every value of the indices (`axes`) that
it depends on. Nodes are made through a `Graph` only, which folds constants and zeros and returns
the node that it already has: two equations that share a subterm share its code, and an axis has a
canonical level, so that exp (x i) and exp (x j) under two sums are one node.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from harness.evaluate.fast import logarithm
from harness.evaluate.formats import Format
from harness.statement.types import Length

INFINITE = math.inf
MOST_COORDINATES = 2.0**24
"""The greatest length that intervals of sums allow for; longer rows are not for kernels."""


@dataclass(frozen=True, order=True)
class Axis:
    """An index of the graph. level: tells apart those of one length; the lowest free is used."""

    variables: tuple[str, ...]
    offset: int
    level: int

    @property
    def length(self) -> Length:
        """How far the index runs."""
        return Length(self.variables, self.offset)


def axis_of(length: Length, level: int) -> Axis:
    """The index of that length and level."""
    return Axis(length.variables, length.offset, level)


@dataclass(frozen=True, eq=False)
class Node:
    """op(args), with what else it depends on in `attr`; low, high: an interval of its values."""

    op: str
    args: tuple[Node, ...] = field(repr=False)  # shared, so that a text would have no end
    attr: Any
    axes: frozenset[Axis]
    low: float
    high: float

    @property
    def truth(self) -> bool:
        """Whether the node is true or false, not a number."""
        return self.op in TRUTHS or (self.op == "reduce" and self.args[0].truth)


TRUTHS = frozenset({"le", "lt", "eq", "and", "or", "not", "on_grid", "true", "false"})


@dataclass(frozen=True)
class Graph:
    """Makes nodes. Two calls with the same operands give the same node."""

    _made: dict[object, Node] = field(default_factory=dict)

    # Leaves.

    def const(self, value: float) -> Node:
        """A number known when the kernel is compiled."""
        return self._node("const", (), value.hex(), low=value, high=value)

    def param(self, key: object, low: float = -INFINITE, high: float = INFINITE) -> Node:
        """A number known when the kernel is called: `key` says which (kernel.py computes it)."""
        return self._node("param", (), key, low=low, high=high)

    def input(self, slot: int, places: tuple[Axis | str | int, ...], most: float) -> Node:
        """A number of array `slot` at an axis, a literal index or an index named at the call."""
        axes = frozenset(p for p in places if isinstance(p, Axis))
        return self._node("input", (), (slot, places, most), axes=axes, low=-most, high=most)

    def truth(self, value: bool) -> Node:
        """Always, or never."""
        return self._node("true" if value else "false", (), None)

    # Numbers.

    def add(self, a: Node, b: Node) -> Node:
        """a + b."""
        if is_const(a, 0) or is_const(b, 0):
            return b if is_const(a, 0) else a
        if a.op == b.op == "const":
            return self.const(a.low + b.low)
        if b.op == "neg" or a.op == "neg":
            return self.sub(a, b.args[0]) if b.op == "neg" else self.sub(b, a.args[0])
        return self._node("add", (a, b), low=_sum(a.low, b.low), high=_sum(a.high, b.high))

    def sub(self, a: Node, b: Node) -> Node:
        """a - b; at most 0 where b is a maximum over the coordinates of a."""
        if is_const(b, 0):
            return a
        high = _sum(a.high, -b.low)
        if b.op == "reduce" and b.attr[0] == "max" and self._is_coordinate(a, b):
            high = 0.0
        return self._node("sub", (a, b), low=_sum(a.low, -b.high), high=high)

    def mul(self, a: Node, b: Node) -> Node:
        """a * b."""
        if is_const(a, 0) or is_const(b, 0):
            return self.const(0.0)
        if is_const(a, 1) or is_const(b, 1):
            return b if is_const(a, 1) else a
        if a.op == b.op == "const":
            return self.const(a.low * b.low)
        corners = [_product(p, q) for p in (a.low, a.high) for q in (b.low, b.high)]
        low = 0.0 if a is b else min(corners)
        return self._node("mul", (a, b), low=low, high=max(corners))

    def fma(self, a: Node, b: Node, c: Node) -> Node:
        """a * b + c, rounded once."""
        if is_const(c, 0) or is_const(a, 0) or is_const(b, 0) or is_const(a, 1) or is_const(b, 1):
            return self.add(self.mul(a, b), c)
        product = [_product(p, q) for p in (a.low, a.high) for q in (b.low, b.high)]
        low, high = _sum(min(product), c.low), _sum(max(product), c.high)
        return self._node("fma", (a, b, c), low=low, high=high)

    def div(self, a: Node, b: Node) -> Node:
        """a / b."""
        if is_const(a, 0):
            return a
        positive = b.low >= 0
        low = 0.0 if positive and a.low >= 0 else -INFINITE
        return self._node("div", (a, b), low=low, high=INFINITE)

    def neg(self, a: Node) -> Node:
        """-a."""
        if a.op == "neg":
            return a.args[0]
        return self._node("neg", (a,), low=-a.high, high=-a.low)

    def abs(self, a: Node) -> Node:
        """The magnitude; the node itself where its sign is known."""
        if a.low >= 0:
            return a
        if a.high <= 0:
            return self.neg(a)
        return self._node("abs", (a,), low=0.0, high=max(-a.low, a.high))

    def sqrt(self, a: Node) -> Node:
        """The square root, correctly rounded."""
        return self._node("sqrt", (a,), low=0.0, high=INFINITE)

    def max(self, a: Node, b: Node) -> Node:
        """The greater of two; NaN where b is."""
        if a is b or a.low >= b.high:
            return a
        if b.low >= a.high:
            return b
        return self._node("max", (a, b), low=max(a.low, b.low), high=max(a.high, b.high))

    def exp(self, a: Node) -> Node:
        """exp a within `exponential.RELATIVE` of it (`exponential.CLAMP` tells about the ends)."""
        high = 1.0 if a.high <= 0 else INFINITE if a.high > 700 else math.exp(a.high) * 1.001
        return self._node("exp", (a,), low=0.0, high=high)

    def log(self, a: Node) -> Node:
        """log a within `logarithm.RELATIVE` of it; that of `logarithm.LEAST` where a is less."""
        low, high = (math.log(max(end, logarithm.LEAST)) for end in (a.low, a.high))
        low, high = low - 2.0**-40 * abs(low), high + 2.0**-40 * abs(high)
        return self._node("log", (a,), low=low, high=high)

    def table(self, part: str, shifted: Node) -> Node:
        """2^(j/64), `high` or `low` part, j the lowest six bits of a shifted integer."""
        low, high = (1.0, 2.0) if part == "high" else (-1e-15, 1e-15)
        return self._node("table", (shifted,), part, low=low, high=high)

    def power(self, shifted: Node) -> Node:
        """2^k, k the other bits of a shifted integer."""
        return self._node("power", (shifted,), low=0.0)

    def select(self, condition: Node, yes: Node, no: Node) -> Node:
        """yes where the condition holds, else no."""
        if condition.op in ("true", "false") or yes is no:
            return yes if condition.op == "true" else no
        low, high = min(yes.low, no.low), max(yes.high, no.high)
        return self._node("select", (condition, yes, no), low=low, high=high)

    def inverse_ulp(self, a: Node, p: int, emin: int) -> Node:
        """1 / ulp(a) in the format of that precision and smallest exponent, or the greatest power
        of two where it is beyond."""
        return self._node("inverse_ulp", (a,), (p, max(emin, p - 1024)), low=0.0)

    # Truths.

    def le(self, a: Node, b: Node) -> Node:
        """a <= b, false for NaN."""
        return self.truth(True) if a.high <= b.low else self._node("le", (a, b))

    def finite(self, a: Node, largest: float) -> Node:
        """|a| <= largest; tested whatever the interval of a says, since inputs may be anything."""
        size = self._node("abs", (a,), low=0.0)
        return self._node("le", (size, self.const(largest)))

    def lt(self, a: Node, b: Node) -> Node:
        """a < b, false for NaN."""
        return self._node("lt", (a, b))

    def eq(self, a: Node, b: Node) -> Node:
        """a = b, false for NaN."""
        if a.op == b.op == "const":
            return self.truth(a.low == b.low)
        return self._node("eq", (a, b))

    def both(self, a: Node, b: Node) -> Node:
        """a and b."""
        if a.op in ("true", "false"):
            return b if a.op == "true" else a
        if b.op in ("true", "false"):
            return a if b.op == "true" else b
        return self._node("and", (a, b))

    def either(self, a: Node, b: Node) -> Node:
        """a or b."""
        return self.invert(self.both(self.invert(a), self.invert(b)))

    def invert(self, a: Node) -> Node:
        """not a."""
        if a.op in ("true", "false"):
            return self.truth(a.op == "false")
        return a.args[0] if a.op == "not" else self._node("not", (a,))

    def on_grid(self, a: Node, fmt: Format) -> Node:
        """Whether a is a number of the format (its greatest number aside)."""
        return self._node("on_grid", (a,), (fmt.p, fmt.emin))

    def lowest_bit(self, a: Node) -> Node:
        """The power of two of the lowest set bit, infinite for 0."""
        return self._node("lowest_bit", (a,), low=0.0)

    # Indices.

    def reduce(self, kind: str, axis: Axis, body: Node) -> Node:
        """`sum`, `max` or (of truths) `all` over an axis; a body that lacks it is repeated."""
        if kind == "sum" and is_const(body, 0):
            return body
        if axis not in body.axes and kind in ("max", "all"):
            return body
        target = _lowest(axis.length, body.axes - {axis})
        body = self.renamed(body, axis, target)
        axes = body.axes - {target}
        low, high = body.low, body.high
        if kind == "sum":
            low, high = _product(low, MOST_COORDINATES), _product(high, MOST_COORDINATES)
            low, high = min(low, body.low), max(high, body.high)
        return self._node("reduce", (body,), (kind, target), axes=axes, low=low, high=high)

    def wide_sum(self, axis: Axis, high: Node, low: Node) -> tuple[Node, Node]:
        """The double-double sum of pairs over an axis."""
        target = _lowest(axis.length, (high.axes | low.axes) - {axis})
        bodies = (self.renamed(high, axis, target), self.renamed(low, axis, target))
        axes = (high.axes | low.axes) - {axis}
        both = self._node("reduce", bodies, ("wide", target), axes=axes)
        least = 0.0 if high.low >= 0 else -INFINITE
        most = _product(max(high.high, 0.0), MOST_COORDINATES)
        return self._node("high", (both,), low=least, high=most), self._node("low", (both,))

    def renamed(self, node: Node, old: Axis, new: Axis) -> Node:
        """The node with one axis in the place of another."""
        if old is new or old == new or old not in node.axes:
            return node
        key = ("renamed", id(node), old, new)
        if key not in self._made:
            self._made[key] = self._renamed(node, old, new)
        return self._made[key]

    def _renamed(self, node: Node, old: Axis, new: Axis) -> Node:
        if node.op == "input":
            slot, places, most = node.attr
            return self.input(slot, tuple(new if p == old else p for p in places), most)
        if node.op == "reduce":
            kind, bound = node.attr
            taken = frozenset[Axis]().union(*(a.axes for a in node.args))
            free = _lowest(bound.length, taken | {new, old})
            bodies = [self.renamed(self.renamed(a, bound, free), old, new) for a in node.args]
            if kind == "wide":
                return self.wide_sum(free, *bodies)[0].args[0]
            return self.reduce(kind, free, bodies[0])
        args = tuple(self.renamed(a, old, new) for a in node.args)
        return self._node(node.op, args, node.attr, low=node.low, high=node.high)

    def _is_coordinate(self, a: Node, greatest: Node) -> bool:
        """Whether a is one of the numbers that a maximum is taken of."""
        axis: Axis = greatest.attr[1]
        body = greatest.args[0]
        return any(
            self.renamed(body, axis, other) is a for other in a.axes if other.length == axis.length
        )

    def _node(
        self,
        op: str,
        args: tuple[Node, ...],
        attr: object = None,
        *,
        axes: frozenset[Axis] | None = None,
        low: float = -INFINITE,
        high: float = INFINITE,
    ) -> Node:
        key = (op, *(id(a) for a in args), attr)
        if key not in self._made:
            if axes is None:
                axes = frozenset[Axis]().union(*(a.axes for a in args))
            self._made[key] = Node(op, args, attr, axes, low, high)
        return self._made[key]


def is_const(node: Node, value: float) -> bool:
    """Whether a node is that number."""
    return node.op == "const" and node.low == value


def below(roots: Collection[Node], cut: Collection[Node] = ()) -> Iterator[Node]:
    """The nodes that roots need, operands first; not below `cut`, which themselves are given."""
    seen: set[int] = set()
    known = {id(node) for node in cut}
    stack = [(root, False) for root in reversed(list(roots))]
    while stack:
        node, ready = stack.pop()
        if ready:
            yield node
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            if id(node) not in known:
                stack.extend((a, False) for a in reversed(node.args))


def _lowest(length: Length, taken: frozenset[Axis]) -> Axis:
    level = 0
    while axis_of(length, level) in taken:
        level += 1
    return axis_of(length, level)


def _sum(a: float, b: float) -> float:
    total = a + b
    return total if not math.isnan(total) else (INFINITE if a > 0 else -INFINITE)


def _product(a: float, b: float) -> float:
    return 0.0 if a == 0 or b == 0 else a * b
