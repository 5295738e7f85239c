"""A graph as the source of one kernel of Triton: a few rows at a time, nothing kept between them.

All intermediates stay in registers, so what is read and written is the arrays, once, and some bytes
for each row. A value is a block (rows, one place for each axis), of length 1 where it does not
depend on the axis; an axis is padded to a power of two, and what lies behind its end is masked
where it is reduced. Operations are those of `torch_nodes.py`, fused steps where the graph has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.evaluate.fast import exponential, logarithm
from harness.evaluate.fast.graph import Axis, Node
from harness.evaluate.fast.lowered import Outcome
from harness.evaluate.histogram import BINS, LOWEST
from harness.statement.types import Length

HEAD = """\
import triton
import triton.language as tl


@triton.jit
def widened(a):
    if a.dtype == tl.int16:  # the bits of bfloat16, whose subnormals not every conversion keeps
        a = (a.to(tl.int32) << 16).to(tl.float32, bitcast=True)
    return a.to(tl.float64)


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


@triton.jit
def inverse_ulp(a, smallest: tl.constexpr, turned: tl.constexpr):
    power = most((bits(a) & (2047 << 52)).to(tl.float64, bitcast=True), smallest)
    return (turned - bits(power)).to(tl.float64, bitcast=True)

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

    lengths, params, places: what the numbers of those names are, in order; axes: those of the
    blocks after the rows, in the order of the B.
    """

    text: str
    lengths: tuple[Length, ...]
    params: tuple[object, ...]
    places: tuple[str, ...]
    axes: tuple[Axis, ...]


def written(
    order: Sequence[Node], outcome: Outcome, arrays: Sequence[tuple[Length, ...]]
) -> Written:
    """The kernel of a graph. order: its nodes, operands first; arrays: their shapes, without
    rows."""
    return _Writer(order, outcome, arrays).written()


class _Writer:
    """Writes one kernel; `names` are the variables that nodes have."""

    def __init__(
        self, order: Sequence[Node], outcome: Outcome, arrays: Sequence[tuple[Length, ...]]
    ) -> None:
        self.order, self.outcome, self.arrays = order, outcome, arrays
        reduced = {n.attr[1] for n in order if n.op == "reduce"}
        self.axes = tuple(sorted(reduced.union(*(n.axes for n in order))))
        shapes = [length for shape in arrays for length in shape]
        self.lengths = tuple(dict.fromkeys([*(axis.length for axis in self.axes), *shapes]))
        self.one = f"({', '.join('1' for _ in range(1 + len(self.axes)))},)"
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
                f"@triton.jit(do_not_specialize={self._any_number()})",
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

    def _any_number(self) -> list[str]:
        """What is not compiled anew for 1 and for multiples of 16."""
        return ["rows", *(f"place{k}" for k in range(len(self.places)))]

    def _indices(self) -> list[str]:
        lines = [
            f"row = (block * R + tl.arange(0, R))[{self._only(0)}].to(tl.int64)",
            "here = row < rows",
        ]
        for k, axis in enumerate(self.axes):
            lines.append(f"j{k} = tl.arange(0, B{k})[{self._only(k + 1)}]")
            lines.append(f"m{k} = j{k} < length{self.lengths.index(axis.length)}")
        return lines

    def _only(self, dimension: int) -> str:
        """The subscript that makes a block of one dimension one of all."""
        return ", ".join(":" if k == dimension else "None" for k in range(1 + len(self.axes)))

    def _shape(self, axes: frozenset[Axis]) -> list[str]:
        """Of a block of all rows."""
        return ["R", *(f"B{k}" if axis in axes else "1" for k, axis in enumerate(self.axes))]

    def _end(self) -> list[str]:
        outcome = self.outcome
        ratio = self.names[id(outcome.ratio)]
        row = ", ".join(self._shape(frozenset()))
        lines = []
        for name, node in (
            ("good", outcome.good),
            ("ratio", outcome.greatest_ratio),
            ("ulps", outcome.greatest_ulps),
        ):
            kind = "tl.int8" if node.truth else "tl.float64"
            value = f"tl.broadcast_to({self.names[id(node)]}, ({row},)).to({kind})"
            lines.append(f"tl.store({name} + row, {value}, mask=here)")
        shape = self._shape(outcome.ratio.axes)
        mask = " & ".join(["here", *(f"m{self.axes.index(a)}" for a in outcome.ratio.axes)])
        lowest, highest = 2.0**LOWEST, 2.0 ** (LOWEST + BINS - 1)
        good = self.names[id(outcome.good)]
        lines += [
            f"kept = tl.minimum(most({ratio}, {lowest!r}), {highest!r})",
            f"bin = (bits(kept) >> 52) - {1023 + LOWEST}",
            # What is not counted goes behind the bins.
            f"bin = tl.where({mask} & {good}, bin, {2 * BINS - 1}).to(tl.int32)",
            f"bin = tl.broadcast_to(bin, ({', '.join(shape)},))",
            f"bin = tl.reshape(bin, ({' * '.join(shape)},))",
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
                return self._constant(node.low)
            case "param":
                at = f"tl.full({self.one}, {self.params.index(node.attr)}, tl.int32)"
                return f"tl.load(params + {at})"
            case "true" | "false":
                return f"tl.full({self.one}, {int(node.op == 'true')}, tl.int1)"
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
                return self._on_grid(args[0], *node.attr)
            case "inverse_ulp":
                p, emin = node.attr
                turned = (2046 + p - 1) << 52
                turned -= (1 << 64) if turned >= 1 << 63 else 0
                return f"inverse_ulp({args[0]}, {2.0**emin!r}, {turned})"
        return SIMPLE[node.op].format(*args)

    def _input(self, node: Node) -> str:
        slot, places, _ = node.attr
        offset, masks = "row", ["here"]
        for length, place in zip(self.arrays[slot], places, strict=True):
            if isinstance(place, Axis):
                k = self.axes.index(place)
                at = f"j{k}"
                masks.append(f"m{k}")
            else:
                at = str(place) if isinstance(place, int) else f"place{self.places.index(place)}"
            offset = f"({offset} * length{self.lengths.index(length)} + {at})"
        mask = " & ".join(masks)
        return f"widened(tl.load(array{slot} + {offset}, mask={mask}, other=0))"

    def _reduced(self, node: Node, bodies: Sequence[str]) -> str:
        how, axis = node.attr
        k = self.axes.index(axis)
        end = f"{k + 1}, keep_dims=True)"
        if how == "all":
            return f"tl.min(tl.where(m{k}, ({bodies[0]}).to(tl.int32), 1), {end} != 0"
        if how == "max":
            return f"tl.max(tl.where(m{k}, {bodies[0]}, float('-inf')), {end}"
        parts = [f"tl.where(m{k}, {body}, 0.0)" for body in bodies]
        if how == "sum":
            return f"tl.sum({parts[0]}, {end}"
        # Both of one shape, also where the low parts are 0.
        shape = ", ".join(self._shape(node.axes | {axis}))
        high, low = (f"tl.broadcast_to({part}, ({shape},))" for part in parts)
        return f"tl.reduce(({high}, {low}), {end.replace(',', ', wide_sum,', 1)}"

    def _constant(self, number: float) -> str:
        text = repr(number) if abs(number) < float("inf") else f"float('{number}')"
        return f"tl.full({self.one}, {text}, tl.float64)"

    def _on_grid(self, a: str, p: int, emin: int) -> str:
        if (p, emin) == (24, -126):
            return f"({a}).to(tl.float32).to(tl.float64) == {a}"
        short = f"((bits({a}) & {(1 << (53 - p)) - 1}) == 0)"
        if emin < -1000:
            return short
        coarse = self._constant(1.5 * 2.0 ** (52 + emin - p + 1))
        multiple = f"((({a} + {coarse}) - {coarse}) == {a})"
        return f"{short} & ({multiple} | (tl.abs({a}) >= {2.0**emin!r}))"
