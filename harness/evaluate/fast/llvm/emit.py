"""A kernel's source: the loops of a schedule in LLVM's language, for a chunk of rows.

`kernel(arrays, lengths, params, places, rows, scratch, octaves, flags, histogram, worst, where)`:
arrays[k] row-major, worst = {ratio, ulp}, where = {row of ratio, row of ulp, rows judged};
flags[row] = 1 where the kernel does not judge a row; histogram has one copy for each of 8 lanes.
"""

from __future__ import annotations

from collections.abc import Sequence

from harness.evaluate.fast.exponential_wide import table
from harness.evaluate.fast.graph import Graph, Node, below
from harness.evaluate.fast.llvm import instructions as ll
from harness.evaluate.fast.llvm.code import Code
from harness.evaluate.fast.llvm.instructions import LANES, kind
from harness.evaluate.fast.llvm.layout import Layout, Place
from harness.evaluate.fast.llvm.row_end import row_end
from harness.evaluate.fast.llvm.schedule import Loop, kept_between, loops
from harness.evaluate.fast.llvm.values import Values
from harness.evaluate.fast.lowered import Outcome
from harness.statement.types import Length

SIGNATURE = (
    "ptr %arrays, ptr %lengths, ptr %params, ptr %places, i64 %rows, ptr %scratch, ptr %octaves, "
    "ptr %flags, ptr %histogram, ptr %worst, ptr %where"
)


class Emitter:
    """Writes one kernel."""

    def __init__(
        self, graph: Graph, outcome: Outcome, storage: str, arrays: Sequence[tuple[Length, ...]]
    ) -> None:
        self.graph = graph
        self.outcome = outcome
        roots = (outcome.good, outcome.greatest_ratio, outcome.greatest_ulps)
        self.order = loops(graph, roots, frozenset(), ())
        self.kept = kept_between(self.order)
        self.slot: dict[int, int] = {}
        for stored in self.kept.stored:
            for node in stored:
                self.slot.setdefault(id(node), len(self.slot))
        nodes = list(below(roots))
        params = tuple(dict.fromkeys(n.attr for n in nodes if n.op == "param"))
        indices = [p for n in nodes if n.op == "input" for p in n.attr[1] if isinstance(p, str)]
        lengths = [n.attr[1].length for n in nodes if n.op == "reduce"]
        lengths += [length for shape in arrays for length in shape]
        self.layout = Layout(
            storage,
            tuple(arrays),
            tuple(dict.fromkeys(lengths)),
            params,
            tuple(dict.fromkeys(indices)),
            len(self.slot),
        )
        self.code = Code()
        self.values = Values(self.code, self.layout)
        self.row = Place(frozenset(), None, {})

    def text(self) -> str:
        """The module."""
        code = self.code
        code.start("entry")
        self._load_arguments()
        code.do("br label %row.head")
        code.start("row.head")
        code.lines.append("  %row = phi i64 [ 0, %entry ], [ %row.next, %row.tail ]")
        code.do("%more = icmp slt i64 %row, %rows")
        code.do("br i1 %more, label %row.body, label %done")
        code.start("row.body")
        self._row_pointers()
        for number, loop in enumerate(self.order):
            self._loop(self.row, loop, number)
        row_end(self.values, self.row, self.outcome)
        code.start("done")
        code.do("ret void")
        head = f"define void @kernel({SIGNATURE}) {{"
        roots = tables() if any("@root_" in line for line in code.lines) else []
        return "\n".join([*roots, *sorted(code.declared), "", head, *code.lines, "}", ""])

    def _load_arguments(self) -> None:
        code, layout = self.code, self.layout
        for k, length in enumerate(layout.lengths):
            at = code.put(f"getelementptr i64, ptr %lengths, i64 {k}")
            code.do(f"%length{k} = load i64, ptr {at}  ; {length}")
        for k, key in enumerate(layout.params):
            at = code.put(f"getelementptr double, ptr %params, i64 {k}")
            code.do(f"%param{k} = load double, ptr {at}  ; {_shown(key)}")
        for k, name in enumerate(layout.places):
            at = code.put(f"getelementptr i64, ptr %places, i64 {k}")
            code.do(f"%place{k} = load i64, ptr {at}  ; {name}")
        for k, shape in enumerate(layout.arrays):
            at = code.put(f"getelementptr ptr, ptr %arrays, i64 {k}")
            code.do(f"%array{k} = load ptr, ptr {at}")
            size = "1"
            for length in shape:
                size = code.put(f"mul i64 {size}, {self.values.length(length)}")
            code.do(f"%size{k} = add i64 {size}, 0")
        longest = "0"
        for k in range(len(layout.lengths)):
            more = code.put(f"icmp sgt i64 %length{k}, {longest}")
            longest = code.put(f"select i1 {more}, i64 %length{k}, i64 {longest}")
        padded = code.put(f"add i64 {longest}, {LANES - 1}")
        code.do(f"%padded = and i64 {padded}, -{LANES}")

    def _row_pointers(self) -> None:
        code = self.code
        for k in range(len(self.layout.arrays)):
            offset = code.put(f"mul i64 %row, %size{k}")
            code.do(f"%in{k} = getelementptr {self.layout.storage}, ptr %array{k}, i64 {offset}")

    def _loop(self, place: Place, loop: Loop, number: int | None = None) -> None:
        """One loop over an axis; number: of the row's own, which run along the lanes.

        Along the lanes full blocks come first, then what is left of the row under a mask.
        """
        code = self.code
        known = [n for n in below(loop.bodies) if self.values.find(n, place) is not None]
        for node in below(loop.bodies, known):
            if node.axes <= place.axes and node.op != "reduce":
                self.values.value(node, place)
        wide = place.lanes is None
        label, length = code.name("loop"), self.values.length(loop.axis.length)
        groups = self._accumulators(place, loop)
        lanes = [wide or self.values.in_lanes(group[0], place) for group in groups]
        starts = [_neutral(group[0], many) for group, many in zip(groups, lanes, strict=True)]
        types = [kind(many, g[0].truth) for g, many in zip(groups, lanes, strict=True)]
        index = f"%{label}.i"
        names = [
            tuple(f"%{label}.acc{k}.{part}" for part in range(len(group[0].args)))
            for k, group in enumerate(groups)
        ]
        end = code.put(f"and i64 {length}, -{LANES}") if wide else length
        before = code.block
        code.do(f"br label %{label}.head")
        code.start(f"{label}.head")
        head = len(code.lines)  # the phis are written when the new values have their names
        more = code.put(f"icmp slt i64 {index}, {end}")
        code.do(f"br i1 {more}, label %{label}.body, label %{label}.over")
        code.start(f"{label}.body")
        new = self._block(place, loop, number, index, place.mask, names)
        following = code.put(f"add i64 {index}, {LANES if wide else 1}")
        latch = code.block
        code.do(f"br label %{label}.head")
        phis = [f"  {index} = phi i64 [ 0, %{before} ], [ {following}, %{latch} ]"]
        for t, start, group_names, values in zip(types, starts, names, new, strict=True):
            for name, value in zip(group_names, values, strict=True):
                phis.append(f"  {name} = phi {t} [ {start}, %{before} ], [ {value}, %{latch} ]")
        code.lines[head:head] = phis
        code.start(f"{label}.over")
        if wide:
            names = self._rest(place, loop, number, label, end, length, names, types)
        for group, parts in zip(groups, names, strict=True):
            parts = ll.across(code, group[0].attr[0], parts) if wide else parts
            for reduction in group:
                place.made[id(reduction)] = ";".join(parts)

    def _rest(
        self,
        place: Place,
        loop: Loop,
        number: int | None,
        label: str,
        end: str,
        length: str,
        names: Sequence[tuple[str, ...]],
        types: Sequence[str],
    ) -> list[tuple[str, ...]]:
        """What is left of a row after its full blocks."""
        code = self.code
        some = code.put(f"icmp slt i64 {end}, {length}")
        code.do(f"br i1 {some}, label %{label}.rest, label %{label}.exit")
        code.start(f"{label}.rest")
        mask = self._lane_mask(end, length)
        rest = self._block(place, loop, number, end, mask, names)
        last = code.block
        code.do(f"br label %{label}.exit")
        code.start(f"{label}.exit")
        return [
            tuple(
                code.put(f"phi {t} [ {name}, %{label}.over ], [ {value}, %{last} ]")
                for name, value in zip(group_names, values, strict=True)
            )
            for t, group_names, values in zip(types, names, rest, strict=True)
        ]

    def _block(
        self,
        place: Place,
        loop: Loop,
        number: int | None,
        index: str,
        mask: str,
        names: Sequence[tuple[str, ...]],
    ) -> list[tuple[str, ...]]:
        """The body of a loop, at an index; returns what the accumulators become."""
        wide = place.lanes is None
        inner = Place(
            place.axes | {loop.axis},
            loop.axis if wide else place.lanes,
            {**place.indices, loop.axis: index},
            mask,
            place,
        )
        if number is not None:
            for node in self.kept.loaded[number]:
                inner.made[id(node)] = self._load_slot(node, index)
        made = [n for n in below(loop.bodies) if self.values.find(n, inner) is not None]
        for nested in loops(self.graph, loop.bodies, inner.axes, made):
            self._loop(inner, nested)
        reduced = {id(r): b for r, b in zip(loop.reductions, loop.reduced, strict=True)}
        new = []
        for group, name in zip(self._accumulators(place, loop), names, strict=True):
            value = name
            for reduction in group:
                bodies = reduced[id(reduction)]
                value = self._accumulated(reduction, bodies, value, inner, mask if wide else "")
            new.append(value)
        if number is not None:
            self._store_slots(number, inner, index)
            if self.outcome.ratio.axes and self.outcome.greatest_ratio in loop.reductions:
                self._store_octaves(inner, index)
        return new

    def _accumulators(self, place: Place, loop: Loop) -> list[tuple[Node, ...]]:
        """The reductions by accumulator: truths share one, since all of them must hold."""
        groups: list[tuple[Node, ...]] = [(r,) for r in loop.reductions if not r.truth]
        for along in (False, True):
            truths = [r for r in loop.reductions if r.truth]
            same = tuple(r for r in truths if self.values.in_lanes(r, place) == along)
            groups += [same] if same else []
        return groups

    def _accumulated(
        self,
        reduction: Node,
        bodies: tuple[Node, ...],
        value: tuple[str, ...],
        inner: Place,
        mask: str,
    ) -> tuple[str, ...]:
        code, how, truth = self.code, reduction.attr[0], reduction.truth
        along = inner.above is not None and inner.above.lanes is None
        lanes = along or self.values.in_lanes(reduction, inner)
        terms = [self.values.operand(body, inner, lanes) for body in bodies]
        t = kind(lanes, truth)
        if how == "all":
            if mask:
                outside = code.put(f"xor {t} {mask}, splat (i1 true)")
                terms = [code.put(f"or {t} {term}, {outside}") for term in terms]
            return (code.put(f"and {t} {value[0]}, {terms[0]}"),)
        if mask:
            neutral = _neutral(reduction, lanes)
            chosen = f"select {ll.TRUE_LANES} {mask}, {t}"
            terms = [code.put(f"{chosen} {term}, {t} {neutral}") for term in terms]
        if how == "wide":
            return ll.wide_sum(code, t, (value[0], value[1]), (terms[0], terms[1]))
        if how == "sum":
            return (code.put(f"fadd {t} {value[0]}, {terms[0]}"),)
        return (ll.greater(code, value[0], terms[0], lanes),)

    def _lane_mask(self, index: str, length: str) -> str:
        code = self.code
        places = ll.WHOLE
        first = code.put(f"insertelement {places} poison, i64 {index}, i64 0")
        every = code.put(
            f"shufflevector {places} {first}, {places} poison, <{LANES} x i32> zeroinitializer"
        )
        steps = ", ".join(f"i64 {k}" for k in range(LANES))
        at = code.put(f"add {places} {every}, <{steps}>")
        end = code.put(f"insertelement {places} poison, i64 {length}, i64 0")
        ends = code.put(
            f"shufflevector {places} {end}, {places} poison, <{LANES} x i32> zeroinitializer"
        )
        return code.put(f"icmp slt {places} {at}, {ends}")

    # Memory of the row.

    def _slot_pointer(self, node: Node, index: str) -> str:
        code = self.code
        base = code.put(f"mul i64 %padded, {self.slot[id(node)]}")
        at = code.put(f"add i64 {base}, {index}")
        return code.put(f"getelementptr double, ptr %scratch, i64 {at}")

    def _load_slot(self, node: Node, index: str) -> str:
        return self.code.put(f"load {ll.VECTOR}, ptr {self._slot_pointer(node, index)}, align 8")

    def _store_slots(self, number: int, inner: Place, index: str) -> None:
        for node in self.kept.stored[number]:
            value = self.values.value(node, inner)
            pointer = self._slot_pointer(node, index)
            self.code.do(f"store {ll.VECTOR} {value}, ptr {pointer}, align 8")

    def _store_octaves(self, inner: Place, index: str) -> None:
        ratio = self.values.value(self.outcome.ratio, inner)
        octaves = ll.octave(self.code, ratio, True)
        pointer = self.code.put(f"getelementptr i8, ptr %octaves, i64 {index}")
        self.code.do(f"store <{LANES} x i8> {octaves}, ptr {pointer}, align 1")


def _neutral(reduction: Node, lanes: bool) -> str:
    how = reduction.attr[0]
    if how == "all":
        return "splat (i1 true)" if lanes else "true"
    return ll.double(float("-inf") if how == "max" else 0.0, lanes)


def _shown(key: object) -> str:
    return " ".join(str(part) for part in key[:2]) if isinstance(key, tuple) else str(key)


def tables() -> list[str]:
    """2^(j/64) in double-double."""
    lines = []
    for part, name in enumerate(("high", "low")):
        numbers = ", ".join(f"double {ll.double(pair[part], False)}" for pair in table())
        count = len(table())
        lines.append(f"@root_{name} = internal constant [{count} x double] [{numbers}], align 64")
    return lines
