"""A graph as the source of one kernel of Triton: a few rows at a time, nothing kept between them.

All intermediates stay in registers, so what is read and written is the arrays, once, and some bytes
for each row. A value is a block (rows, 1) or (rows, places of one axis), (1, ...) where it is the
same for all rows; an axis is padded to a power of two, and what lies behind its end is masked where
it is reduced. Operations are those of `torch_nodes.py`, with a fused step where the graph has one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.evaluate.fast import exponential, logarithm
from harness.evaluate.fast.graph import Axis, Node
from harness.evaluate.fast.reasons import NotCompiled
from harness.evaluate.fast.row_end import Outcome
from harness.evaluate.histogram import BINS, LOWEST
from harness.statement.types import Length

HEAD = """\
import triton
import triton.language as tl


@triton.jit
def two_sum(a, b):
    total = a + b
    part = total - a
    return total, (a - (total - part)) + (b - part)


@triton.jit
def wide_sum(a_high, a_low, b_high, b_low):
    high, rest = two_sum(a_high, b_high)
    low, lost = two_sum(a_low, b_low)
    rest = rest + low
    total = high + rest
    rest = lost + (rest - (total - high))
    end = total + rest
    return end, rest - (end - total)


@triton.jit
def bits(a):
    return a.to(tl.int64, bitcast=True)


@triton.jit
def power_of(exponent):
    return (exponent << 52).to(tl.float64, bitcast=True)


@triton.jit
def most(a, b):
    return tl.maximum(a, b, propagate_nan=tl.PropagateNan.ALL)


@triton.jit
def lowest_bit(a):
    mantissa = (bits(a) & ((1 << 52) - 1)) | (1 << 52)
    lowest = (mantissa & -mantissa).to(tl.float64)
    exponent = (bits(lowest) >> 52) - 1075 + ((bits(a) >> 52) & 2047)
    return tl.where(a == 0.0, float("inf"), power_of(tl.maximum(exponent, 0)))

"""

SIMPLE = {
    "add": "{} + {}",
    "sub": "{} - {}",
    "mul": "{} * {}",
    "div": "{} / {}",
    "neg": "-{}",
    "abs": "tl.abs({})",
    "sqrt": "tl.sqrt({})",
    "max": "most({}, {})",
    "select": "tl.where({}, {}, {})",
    "le": "{} <= {}",
    "lt": "{} < {}",
    "eq": "{} == {}",
    "and": "{} & {}",
    "not": "{} == 0",
    "fma": "tl.fma({}, {}, {})",
    "lowest_bit": "lowest_bit({})",
}
"""Operation of the graph -> expression of its operands."""


@dataclass(frozen=True)
class Written:
    """A kernel as text. `kernel(arrays ..., params, table_high, table_low, good, ratio, ulps,
    histogram, rows, lengths ..., places ..., R, B ...)`.

    lengths, params, places: what the numbers of those names are, in order; axes: the lengths whose
    axes are padded, in the order of the B.
    """

    text: str
    lengths: tuple[Length, ...]
    params: tuple[object, ...]
    places: tuple[str, ...]
    axes: tuple[Length, ...]


def written(
    order: Sequence[Node], outcome: Outcome, arrays: Sequence[tuple[Length, ...]]
) -> Written:
    """The kernel of a graph. order: its nodes, operands first; arrays: their shapes, without rows.

    NotCompiled, with the reason, where numbers depend on two indices at once.
    """
    return _Writer(order, outcome, arrays).written()


class _Writer:
    """Writes one kernel; `names` are the variables that nodes have."""

    def __init__(
        self, order: Sequence[Node], outcome: Outcome, arrays: Sequence[tuple[Length, ...]]
    ) -> None:
        self.order, self.outcome, self.arrays = order, outcome, arrays
        reduced = [n.attr[1] for n in order if n.op == "reduce"]
        if any(len(n.axes) > 1 for n in order) or any(
            len(a.axes | {n.attr[1]}) > 1 for n in order if n.op == "reduce" for a in n.args
        ):
            raise NotCompiled("numbers depend on two indices at once")
        found = [axis.length for n in order for axis in sorted(n.axes)]
        self.axes = tuple(dict.fromkeys([*found, *(axis.length for axis in reduced)]))
        shapes = [length for shape in arrays for length in shape]
        self.lengths = tuple(dict.fromkeys([*self.axes, *shapes]))
        self.params = tuple(dict.fromkeys(n.attr for n in order if n.op == "param"))
        inputs = [n for n in order if n.op == "input"]
        named = [p for n in inputs for p in n.attr[1] if isinstance(p, str)]
        self.places = tuple(dict.fromkeys(named))
        self.names: dict[int, str] = {}

    def written(self) -> Written:
        lines = [f"{self._named(node)} = {self._expression(node)}" for node in self.order]
        body = [*self._indices(), *lines, *self._end()]
        text = "\n".join(
            [
                HEAD,
                "@triton.jit",
                f"def kernel({', '.join(self._parameters())}):",
                f"    counted = tl.zeros(({2 * BINS},), tl.int32)",
                "    for block in range(tl.program_id(0), tl.cdiv(rows, R), tl.num_programs(0)):",
                *(f"        {line}" for line in body),
                f"    bin = tl.arange(0, {2 * BINS})",
                "    tl.atomic_add(histogram + bin, counted.to(tl.int64))",
                "",
            ]
        )
        return Written(text, self.lengths, self.params, self.places, self.axes)

    def _parameters(self) -> list[str]:
        return [
            *(f"array{k}" for k in range(len(self.arrays))),
            *("params", "table_high", "table_low", "good", "ratio", "ulps", "histogram", "rows"),
            *(f"length{k}" for k in range(len(self.lengths))),
            *(f"place{k}" for k in range(len(self.places))),
            "R: tl.constexpr",
            *(f"B{k}: tl.constexpr" for k in range(len(self.axes))),
        ]

    def _indices(self) -> list[str]:
        lines = [
            "row = (block * R + tl.arange(0, R))[:, None].to(tl.int64)",
            "here = row < rows",
        ]
        for k, length in enumerate(self.axes):
            lines.append(f"j{k} = tl.arange(0, B{k})[None, :]")
            lines.append(f"m{k} = j{k} < length{self.lengths.index(length)}")
        return lines

    def _end(self) -> list[str]:
        outcome = self.outcome
        ratio = self.names[id(outcome.ratio)]
        lines = []
        for name, node in (
            ("good", outcome.good),
            ("ratio", outcome.greatest_ratio),
            ("ulps", outcome.greatest_ulps),
        ):
            kind = "tl.int8" if node.truth else "tl.float64"
            value = f"tl.broadcast_to({self.names[id(node)]}, (R, 1)).to({kind})"
            lines.append(f"tl.store({name} + row, {value}, mask=here)")
        shape, mask = "(R, 1)", "here"
        if outcome.ratio.axes:
            (axis,) = outcome.ratio.axes
            k = self.axes.index(axis.length)
            shape, mask = f"(R, B{k})", f"here & m{k}"
        lowest, highest = 2.0**LOWEST, 2.0 ** (LOWEST + BINS - 1)
        good = self.names[id(outcome.good)]
        lines += [
            f"kept = tl.minimum(most({ratio}, {lowest!r}), {highest!r})",
            f"bin = (bits(kept) >> 52) - {1023 + LOWEST}",
            # What is not counted goes behind the bins.
            f"bin = tl.where({mask} & {good}, bin, {2 * BINS - 1}).to(tl.int32)",
            f"bin = tl.reshape(tl.broadcast_to(bin, {shape}), ({shape[1:-1].replace(', ', ' * ')},))",
            f"counted += tl.histogram(bin, {2 * BINS})",
        ]
        return lines

    def _named(self, node: Node) -> str:
        name = f"v{len(self.names)}"
        if node.op == "reduce" and node.attr[0] == "wide":
            self.names[id(node)] = name
            return f"{name}_high, {name}_low"
        self.names[id(node)] = name
        return name

    def _expression(self, node: Node) -> str:
        args = [self.names[id(a)] for a in node.args]
        match node.op:
            case "const":
                return _constant(node.low)
            case "param":
                at = f"tl.full((1, 1), {self.params.index(node.attr)}, tl.int32)"
                return f"tl.load(params + {at})"
            case "true" | "false":
                return f"tl.full((1, 1), {int(node.op == 'true')}, tl.int1)"
            case "input":
                return self._input(node)
            case "exp":
                low, high = exponential.CLAMP
                return f"tl.exp(tl.minimum(most({args[0]}, {low!r}), {high!r}))"
            case "log":
                return f"tl.log(most({args[0]}, {logarithm.LEAST!r}))"
            case "reduce":
                return self._reduced(node, args)
            case "high" | "low":
                return f"{args[0]}_{node.op}"
            case "table":
                return f"tl.load(table_{node.attr} + (bits({args[0]}) & 63))"
            case "power":
                return f"power_of(((bits({args[0]}) & -64) >> 6) + 1023)"
            case "on_grid":
                return _on_grid(args[0], *node.attr)
            case "inverse_ulp":
                p, emin = node.attr
                turned = (2046 + p - 1) << 52
                turned -= (1 << 64) if turned >= 1 << 63 else 0
                power = f"most((bits({args[0]}) & {2047 << 52}).to(tl.float64, bitcast=True), {2.0**emin!r})"
                return f"({turned} - bits({power})).to(tl.float64, bitcast=True)"
        return SIMPLE[node.op].format(*args)

    def _input(self, node: Node) -> str:
        slot, places, _ = node.attr
        offset, mask = "row", "here"
        for length, place in zip(self.arrays[slot], places, strict=True):
            if isinstance(place, Axis):
                k = self.axes.index(place.length)
                at, mask = f"j{k}", f"here & m{k}"
            else:
                at = str(place) if isinstance(place, int) else f"place{self.places.index(place)}"
            offset = f"({offset} * length{self.lengths.index(length)} + {at})"
        return f"tl.load(array{slot} + {offset}, mask={mask}, other=0.0).to(tl.float64)"

    def _reduced(self, node: Node, bodies: Sequence[str]) -> str:
        how, axis = node.attr
        mask = f"m{self.axes.index(axis.length)}"
        if how == "all":
            body = f"tl.where({mask}, ({bodies[0]}).to(tl.int32), 1)"
            return f"tl.min({body}, 1, keep_dims=True) != 0"
        if how == "max":
            return f"tl.max(tl.where({mask}, {bodies[0]}, float('-inf')), 1, keep_dims=True)"
        parts = [f"tl.where({mask}, {body}, 0.0)" for body in bodies]
        if how == "sum":
            return f"tl.sum({parts[0]}, 1, keep_dims=True)"
        return f"tl.reduce(({parts[0]}, {parts[1]}), 1, wide_sum, keep_dims=True)"


def _constant(number: float) -> str:
    text = repr(number) if abs(number) < float("inf") else f"float('{number}')"
    return f"tl.full((1, 1), {text}, tl.float64)"


def _on_grid(a: str, p: int, emin: int) -> str:
    if (p, emin) == (24, -126):
        return f"({a}).to(tl.float32).to(tl.float64) == {a}"
    short = f"((bits({a}) & {(1 << (53 - p)) - 1}) == 0)"
    if emin < -1000:
        return short
    coarse = _constant(1.5 * 2.0 ** (52 + emin - p + 1))
    multiple = f"((({a} + {coarse}) - {coarse}) == {a})"
    return f"{short} & ({multiple} | (tl.abs({a}) >= {2.0**emin!r}))"


def sizes_padded(lengths: Mapping[Length, int]) -> dict[Length, int]:
    """The power of two that an axis of each length is padded to."""
    return {length: 1 << max(0, n - 1).bit_length() for length, n in lengths.items()}
