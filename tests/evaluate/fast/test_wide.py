"""Double-double arithmetic in kernels, against balls."""

from __future__ import annotations

import ctypes
from collections.abc import Callable

import numpy as np
import pytest
from flint import arb

from harness.evaluate.balls import precision
from harness.evaluate.fast import exponential_wide, wide
from harness.evaluate.fast.graph import Graph
from harness.evaluate.fast.llvm.code import Code
from harness.evaluate.fast.llvm.emit import SIGNATURE, tables
from harness.evaluate.fast.llvm.layout import Layout, Place
from harness.evaluate.fast.llvm.machine import compiled
from harness.evaluate.fast.llvm.values import Values

Operation = Callable[..., wide.Pair]


def computed(operation: Operation, columns: np.ndarray) -> np.ndarray:
    """(rows, 2): an operation on pairs, whose parts are the columns of each row."""
    g, count = Graph(), columns.shape[1]
    parts = [g.input(k, (), np.inf) for k in range(count)]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    code = Code()
    values = Values(code, Layout("double", ((),) * count, (), (), (), 0))
    array = code.put("load ptr, ptr %arrays")
    first = code.put(f"mul i64 %i, {count}")
    for k in range(count):
        at = code.put(f"add i64 {first}, {k}")
        code.do(f"%in{k} = getelementptr double, ptr {array}, i64 {at}")
    for k, node in enumerate(operation(g, *pairs)):
        value = values.value(node, Place(frozenset(), None, {}))
        at = code.put(f"add i64 {code.put('mul i64 %i, 2')}, {k}")
        place = code.put(f"getelementptr double, ptr %scratch, i64 {at}")
        code.do(f"store double {value}, ptr {place}")
    text = "\n".join(
        [
            *tables(),
            *sorted(code.declared),
            f"define void @kernel({SIGNATURE}) {{\nentry:\n  br label %head\nhead:",
            "  %i = phi i64 [0, %entry], [%next, %body]",
            "  %more = icmp slt i64 %i, %rows\n  br i1 %more, label %body, label %done\nbody:",
            *code.lines,
            "  %next = add i64 %i, 1\n  br label %head\ndone:\n  ret void\n}",
        ]
    )
    given = np.ascontiguousarray(columns, np.float64)
    found = np.zeros((len(given), 2))
    pointer = (ctypes.c_void_p * 1)(given.ctypes.data)
    rest = (found.ctypes.data, *[None] * 5)
    compiled(text)(pointer, None, None, None, len(given), *rest)
    return found


def pairs(rows: int, seed: int, spread: float = 40) -> np.ndarray:
    random = np.random.default_rng(seed)
    high = random.normal(size=rows) * 2.0 ** random.uniform(-spread, spread, rows)
    low = high * random.uniform(-1, 1, rows) * 2.0**-54
    return np.stack([high, low], axis=1)


def two_pairs() -> np.ndarray:
    """The operands of `OPERATIONS`; in some rows their sum cancels."""
    columns = np.concatenate([pairs(3000, 1), pairs(3000, 2)], axis=1)
    columns[:1000, 2:] = -columns[:1000, :2] * (1 + 2.0**-20)  # cancels
    return columns


OPERATIONS = pytest.mark.parametrize(
    ("operation", "exact", "allowed"),
    [
        (wide.add, lambda a, b: a + b, wide.UNIT),
        (wide.multiply, lambda a, b: a * b, wide.UNIT),
        (wide.divide, lambda a, b: a / b, wide.QUOTIENT),
    ],
)
"""Operations on two numbers, what they are exactly, and the relative error that they may have."""


def worst(got: np.ndarray, columns: np.ndarray, exact: Callable[..., arb]) -> float:
    """The greatest relative error."""
    found = 0.0
    with precision(300):
        for row, (high, low) in zip(columns.tolist(), got.tolist(), strict=True):
            numbers = [arb(one) + arb(two) for one, two in zip(row[::2], row[1::2], strict=True)]
            error = abs((arb(high) + arb(low)) / exact(*numbers) - 1)
            found = max(found, float(error.abs_upper()))
    return found


@OPERATIONS
def test_operations_are_as_near_as_charged(
    operation: Operation, exact: Callable[..., arb], allowed: float
) -> None:
    columns = two_pairs()
    found = worst(computed(operation, columns), columns, exact)
    assert 2.0**-110 < found < allowed


def test_the_square_root_is_as_near_as_charged() -> None:
    columns = abs(pairs(2000, 3))
    found = worst(computed(wide.sqrt, columns), columns, lambda a: a.sqrt())
    assert 2.0**-110 < found < wide.QUOTIENT


def test_the_exponential_is_as_near_as_charged() -> None:
    low, high = exponential_wide.CLAMP
    random = np.random.default_rng(4)
    columns = pairs(6000, 5, 2)
    columns[:3000, 0] = random.uniform(low, high, 3000)
    columns[:3000, 1] = columns[:3000, 0] * random.uniform(-1, 1, 3000) * 2.0**-54
    found = worst(computed(wide.exp, columns), columns, lambda a: a.exp())
    assert 2.0**-108 < found < exponential_wide.RELATIVE < 2.0**-98


def test_exact_arguments_and_the_ends() -> None:
    columns = np.array([[0.0, 0.0], [-1e300, -1e284], [-601.0, 0.0], [1e300, 1e284]])
    got = computed(wide.exp, columns)
    assert got[0].tolist() == [1.0, 0.0]
    assert (got[1:3, 0] > 0).all() and (got[1:3, 0] < exponential_wide.CLAMPED).all()
    assert np.isfinite(got).all() and got[3, 0] > 1e299


def test_a_step_with_a_wrong_part_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two, three = exponential_wide.step()
    monkeypatch.setattr(exponential_wide, "step", lambda: (one, two, three * (1 + 2.0**-20)))
    columns = np.array([[500.25, 0.0], [-500.25, 0.0]])
    found = worst(computed(wide.exp, columns), columns, lambda a: a.exp())
    assert found > exponential_wide.RELATIVE
