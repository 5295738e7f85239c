"""The value of a node where code is being written: found, or its instruction written there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.evaluate.fast.graph import Axis, Node
from harness.evaluate.fast.llvm import instructions as ll
from harness.evaluate.fast.llvm.code import Code
from harness.evaluate.fast.llvm.instructions import LANES, kind
from harness.evaluate.fast.llvm.layout import Layout, Place
from harness.statement.types import Length

LITERALS = frozenset({"const", "true", "false"})
"""What is written where it is used."""


@dataclass(frozen=True)
class Values:
    """Writes nodes into `code`; the arrays are as `layout` says."""

    code: Code
    layout: Layout

    def find(self, node: Node, place: Place | None) -> str | None:
        """The value where it has been written, here or around."""
        while place is not None:
            if id(node) in place.made:
                return place.made[id(node)]
            place = place.above
        return None

    def value(self, node: Node, place: Place) -> str:
        """The value of a node, written here if it is not there yet."""
        found = self.find(node, place)
        if found is not None:
            return found
        # Operands first, and no recursion: a sum of quotients in float64 is hundreds deep.
        for part in self._missing(node, place):
            place.made[id(part)] = self._compute(part, place)
        return place.made[id(node)]

    def _missing(self, node: Node, place: Place) -> Iterator[Node]:
        """What has to be written for a node, operands first, itself last."""
        seen: set[int] = set()
        stack = [(node, False)]
        while stack:
            part, ready = stack.pop()
            if ready:
                yield part
                continue
            literal = part is not node and part.op in LITERALS
            if literal or id(part) in seen or self.find(part, place) is not None:
                continue
            if part.op == "reduce":
                raise AssertionError("a loop was not scheduled")
            seen.add(id(part))
            stack.append((part, True))
            stack.extend((a, False) for a in reversed(part.args))

    def in_lanes(self, node: Node, place: Place) -> bool:
        """Whether a node has a value for each lane."""
        return place.lanes is not None and place.lanes in node.axes

    def operand(self, node: Node, place: Place, lanes: bool) -> str:
        """A node as an operand of an operation on lanes (or not)."""
        if node.op == "const":
            return ll.double(node.low, lanes)
        if node.op in ("true", "false"):
            return f"splat (i1 {node.op})" if lanes else node.op
        value = self.value(node, place)
        if lanes and not self.in_lanes(node, place):
            if value not in place.splats:
                place.splats[value] = ll.splat(self.code, value, node.truth)
            return place.splats[value]
        return value

    def _compute(self, node: Node, place: Place) -> str:
        code, lanes = self.code, self.in_lanes(node, place)
        if node.op == "input":
            return self._input(node, place)
        if node.op == "param":
            return f"%param{self.layout.params.index(node.attr)}"
        if node.op in ("high", "low"):  # of a wide sum, whose parts are there
            return self.value(node.args[0], place).split(";")[node.op == "low"]
        a = [self.operand(arg, place, lanes) for arg in node.args]
        t, b = kind(lanes), kind(lanes, True)
        match node.op:
            case "const":
                return code.put(f"fadd {t} {ll.double(node.low, lanes)}, {ll.double(-0.0, lanes)}")
            case "true" | "false":
                return code.put(f"or i1 {node.op}, false")
            case "add" | "sub" | "mul" | "div":
                return code.put(f"f{node.op} {t} {a[0]}, {a[1]}")
            case "fma":
                return ll.fma(code, a[0], a[1], a[2], lanes)
            case "neg":
                return code.put(f"fneg {t} {a[0]}")
            case "abs":
                return ll.unary_intrinsic(code, "fabs", a[0], lanes)
            case "sqrt":
                return ll.unary_intrinsic(code, "sqrt", a[0], lanes)
            case "max":
                return ll.greater(code, a[0], a[1], lanes)
            case "exp":
                return ll.exp(code, a[0], lanes, above=node.args[0].high > 700)
            case "log":
                return ll.log(code, a[0], lanes)
            case "select":
                one = b if node.args[0].axes & {place.lanes} or lanes else "i1"
                return code.put(f"select {one} {a[0]}, {t} {a[1]}, {t} {a[2]}")
            case "le" | "lt" | "eq":
                compared = {"le": "ole", "lt": "olt", "eq": "oeq"}[node.op]
                return code.put(f"fcmp {compared} {t} {a[0]}, {a[1]}")
            case "and":
                return code.put(f"and {b} {a[0]}, {a[1]}")
            case "not":
                return code.put(f"xor {b} {a[0]}, {'splat (i1 true)' if lanes else 'true'}")
            case "on_grid":
                p, emin = node.attr
                return ll.on_grid(code, a[0], p, emin, lanes)
            case "table":
                return ll.table(code, f"root_{node.attr}", a[0], lanes)
            case "power":
                return ll.power(code, a[0], lanes)
            case "lowest_bit":
                return ll.lowest_bit(code, a[0], lanes)
            case "inverse_ulp":
                p, emin = node.attr
                return ll.inverse_ulp(code, a[0], p, emin, lanes)
        raise AssertionError(f"no instruction for {node.op}")

    def _input(self, node: Node, place: Place) -> str:
        code, layout = self.code, self.layout
        slot, places, _ = node.attr
        storage, double = layout.storage, layout.storage == "double"
        shape, offset, gathered = layout.arrays[slot], "0", False
        for length, at in zip(shape, places, strict=True):
            offset = code.put(f"mul i64 {offset}, {self.length(length)}")
            offset = code.put(f"add i64 {offset}, {self._index(at, place)}")
        pointer = code.put(f"getelementptr {storage}, ptr %in{slot}, i64 {offset}")
        if not self.in_lanes(node, place):
            value = code.put(f"load {storage}, ptr {pointer}")
            return value if double else code.put(f"fpext float {value} to double")
        many = f"<{LANES} x {storage}>"
        gathered = place.lanes != places[-1] or places.count(place.lanes) > 1
        suffix = f"v{LANES}f{64 if double else 32}"
        size = 8 if double else 4
        if gathered:
            value = self._gathered(pointer, slot, places, place, many, suffix, size)
        elif not place.mask:
            value = code.put(f"load {many}, ptr {pointer}, align {size}")
        else:
            value = code.call(
                f"llvm.masked.load.{suffix}.p0",
                many,
                ("ptr", pointer),
                ("i32", str(size)),
                (ll.TRUE_LANES, place.mask),
                (many, "zeroinitializer"),
            )
        return value if double else code.put(f"fpext {many} {value} to {ll.VECTOR}")

    def _gathered(
        self,
        pointer: str,
        slot: int,
        places: Sequence[object],
        place: Place,
        many: str,
        suffix: str,
        size: int,
    ) -> str:
        """Numbers that do not lie side by side."""
        code, stride = self.code, "0"
        shape = self.layout.arrays[slot]
        for k, at in enumerate(places):
            if at == place.lanes:
                step = "1"
                for length in shape[k + 1 :]:
                    step = code.put(f"mul i64 {step}, {self.length(length)}")
                stride = code.put(f"add i64 {stride}, {step}")
        offsets = [code.put(f"mul i64 {stride}, {k}") for k in range(LANES)]
        vector = "poison"
        for k, offset in enumerate(offsets):
            vector = code.put(f"insertelement {ll.WHOLE} {vector}, i64 {offset}, i64 {k}")
        where = code.put(f"getelementptr {self.layout.storage}, ptr {pointer}, {ll.WHOLE} {vector}")
        pointers = f"<{LANES} x ptr>"
        return code.call(
            f"llvm.masked.gather.{suffix}.v{LANES}p0",
            many,
            (pointers, where),
            ("i32", str(size)),
            (ll.TRUE_LANES, place.mask or "splat (i1 true)"),
            (many, "zeroinitializer"),
        )

    def _index(self, at: object, place: Place) -> str:
        if isinstance(at, Axis):
            return place.indices[at]
        if isinstance(at, str):
            return f"%place{self.layout.places.index(at)}"
        return str(at)

    def length(self, length: Length) -> str:
        """A length, loaded when the kernel begins."""
        return f"%length{self.layout.lengths.index(length)}"
