"""The end of a row: whether the kernel judges it, and what is counted then."""

from __future__ import annotations

from harness.evaluate.fast.graph import below
from harness.evaluate.fast.llvm import instructions as ll
from harness.evaluate.fast.llvm.code import Code
from harness.evaluate.fast.llvm.instructions import LANES
from harness.evaluate.fast.llvm.layout import Place
from harness.evaluate.fast.llvm.values import Values
from harness.evaluate.fast.lowered import Outcome
from harness.evaluate.histogram import BINS


def row_end(values: Values, row: Place, outcome: Outcome) -> None:
    """Count the row, or mark it for the walk."""
    code = values.code
    roots = (outcome.good, outcome.greatest_ratio, outcome.greatest_ulps)
    known = [node for node in below(roots) if values.find(node, row) is not None]
    for node in below(roots, known):
        values.value(node, row)  # operands first: a row may have hundreds of checks in a chain
    good = values.operand(outcome.good, row, False)
    ratio = values.operand(outcome.greatest_ratio, row, False)
    ulps = values.operand(outcome.greatest_ulps, row, False)
    length = "1"
    if outcome.ratio.axes:
        (axis,) = outcome.ratio.axes
        length = values.length(axis.length)
    else:
        one = ll.octave(code, values.operand(outcome.ratio, row, False), False)
        code.do(f"store i8 {one}, ptr %octaves, align 1")
    code.do(f"br i1 {good}, label %good, label %look")
    code.start("look")
    flag = code.put("getelementptr i8, ptr %flags, i64 %row")
    code.do(f"store i8 1, ptr {flag}")
    code.do("br label %row.tail")
    code.start("good")
    _count_row(code)
    for k, amount in enumerate((ratio, ulps)):
        _keep_worst(code, k, amount)
    code.do("br label %bin.head")
    _fill_histogram(code, length)
    code.start("row.tail")
    code.do("%row.next = add i64 %row, 1")
    code.do("br label %row.head")


def _count_row(code: Code) -> None:
    at = code.put("getelementptr i64, ptr %where, i64 2")
    count = code.put(f"load i64, ptr {at}")
    code.do(f"store i64 {code.put(f'add i64 {count}, 1')}, ptr {at}")


def _keep_worst(code: Code, k: int, amount: str) -> None:
    at = code.put(f"getelementptr double, ptr %worst, i64 {k}")
    row = code.put(f"getelementptr i64, ptr %where, i64 {k}")
    best, known = code.put(f"load double, ptr {at}"), code.put(f"load i64, ptr {row}")
    more = code.put(f"fcmp ogt double {amount}, {best}")
    value = code.put(f"select i1 {more}, double {amount}, double {best}")
    where = code.put(f"select i1 {more}, i64 %row, i64 {known}")
    code.do(f"store double {value}, ptr {at}")
    code.do(f"store i64 {where}, ptr {row}")


def _fill_histogram(code: Code, length: str) -> None:
    before = code.block
    code.start("bin.head")
    code.lines.append(f"  %j = phi i64 [ 0, %{before} ], [ %j.next, %bin.body ]")
    code.do(f"%j.more = icmp slt i64 %j, {length}")
    code.do("br i1 %j.more, label %bin.body, label %row.tail")
    code.start("bin.body")
    at = code.put("getelementptr i8, ptr %octaves, i64 %j")
    low = code.put(f"zext i8 {code.put(f'load i8, ptr {at}')} to i64")
    octave = code.put(f"sub i64 {low}, {ll.FIRST_OCTAVE}")
    copy = code.put(f"mul i64 {code.put(f'and i64 %j, {LANES - 1}')}, {BINS}")
    bin_at = code.put(
        f"getelementptr i64, ptr %histogram, i64 {code.put(f'add i64 {copy}, {octave}')}"
    )
    count = code.put(f"load i64, ptr {bin_at}")
    code.do(f"store i64 {code.put(f'add i64 {count}, 1')}, ptr {bin_at}")
    code.do("%j.next = add i64 %j, 1")
    code.do("br label %bin.head")
