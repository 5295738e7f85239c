"""The rule of the logarithm alone, number by number: against the walk's, and against balls."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from flint import arb

from harness.evaluate.arithmetic import Rounding, named
from harness.evaluate.balls import precision
from harness.evaluate.charge import Charger
from harness.evaluate.fast import logarithm, rules
from harness.evaluate.fast.device import torch_nodes
from harness.evaluate.fast.device.torch_nodes import Chunk
from harness.evaluate.fast.graph import Graph, Node, below
from harness.evaluate.fast.outside import OUTSIDE
from harness.evaluate.fast.rules import Number, Rules
from harness.evaluate.value import FLOAT64, Value

torch = pytest.importorskip("torch")

PROMISES = {
    "float32": named("ieee").for_dtype("float32"),
    "bfloat16, elementwise": named("elementwise").for_dtype("bfloat16"),
    "float16, flushed": replace(named("flush_to_zero").for_dtype("float16"), exp_ulp=0.5),
}


def computed(nodes: list[Node], columns: list[np.ndarray]) -> list[np.ndarray]:
    """The nodes at each row of the columns."""
    arrays = [torch.from_numpy(np.ascontiguousarray(c)) for c in columns]
    chunk, values = Chunk(arrays, (), {}, {}, {}), dict[int, object]()
    for node in below(nodes):
        values[id(node)] = torch_nodes.value(node, [values[id(a)] for a in node.args], chunk)
    return [np.asarray(torch.as_tensor(values[id(n)]).expand(len(columns[0]))) for n in nodes]


def by_rule(
    rounding: Rounding, columns: list[np.ndarray], *, outside: bool = False
) -> list[np.ndarray]:
    """Value, error, doubt and whether the rule judges. columns: argument, its error, its doubt."""
    graph, largest = Graph(), float(np.finfo(float).max)
    made = Rules(graph, rounding, outside=outside)
    value = graph.input(0, (), largest)
    found = made.log(Number(value, *(graph.abs(graph.input(k, (), largest)) for k in (1, 2))))
    good = graph.truth(True)
    for check in (*made.checks, *made.own_checks):
        good = graph.both(good, check)
    return computed([found.value, found.error, found.doubt, good], columns)


def numbers(count: int, share: float, doubted: float) -> list[np.ndarray]:
    """Arguments of all sizes and about 1, errors up to that share of them, doubts up to another."""
    random = np.random.default_rng(7)
    near = 1 + random.choice([-1, 1], count) * np.exp2(random.uniform(-50, -1, count))
    a = np.concatenate([np.exp2(random.uniform(-140, 120, count)), near, [1.0, 2.0, 0.5]])
    errors = a * share * np.exp2(-random.uniform(0, 45, a.size) * random.choice([0, 1], a.size))
    doubts = a * doubted * np.exp2(-random.uniform(0, 45, a.size))
    errors[::7], doubts[::5] = 0, 0
    return [a, errors, doubts]


def by_both(rounding: Rounding) -> tuple[np.ndarray, np.ndarray]:
    """Error by the rule, by the walk; where the rule judges."""
    a, errors, doubts = numbers(3000, 0.49, 2.0**-45)
    _, error, _, good = by_rule(rounding, [a, errors, doubts])
    walked = Charger(rounding, FLOAT64, np.zeros(a.size, bool)).log(Value(a, errors, 0)).error
    assert good.sum() > 5000
    return error[good], walked[good]


@pytest.mark.parametrize("name", PROMISES)
def test_the_error_is_below_the_walks_by_less_than_the_margin(name: str) -> None:
    error, walked = by_both(PROMISES[name])
    assert (error <= walked).all()
    assert (error >= walked * (1 - rules.MARGIN)).all()


def test_a_series_that_is_not_cut_from_below_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Rules._artanh_share
    monkeypatch.setattr(
        Rules, "_artanh_share", lambda self, z: self.graph.add(right(self, z), self.graph.mul(z, z))
    )
    error, walked = by_both(PROMISES["float32"])
    assert (error > walked).any()


def farthest(numbers: list[np.ndarray]) -> float:
    """How far the kernel's number is from what it may stand for, as a share of its doubt."""
    a, errors, doubts = numbers
    value, _, doubt, good = by_rule(PROMISES["float32"], [a, errors, doubts])
    assert good.sum() > 2500
    worst = 0.0
    with precision(200):
        for k in np.flatnonzero(good & (value != 0)).tolist():
            for true in (arb(a[k]) - arb(doubts[k]), arb(a[k]) + arb(doubts[k])):
                off = abs(true.log() - arb(value[k]))
                worst = max(worst, float((off / arb(doubt[k])).abs_upper()))
    return worst


def test_the_doubt_covers_what_the_kernel_may_be_off_by() -> None:
    assert 0.9 < farthest(numbers(1500, 0.1, 2.0**-7.01)) <= 1


def test_a_doubt_that_forgets_the_kernels_own_logarithm_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(logarithm, "RELATIVE", 2.0**-60)
    assert farthest(numbers(1500, 0.1, 2.0**-7.01)) > 1


@pytest.mark.parametrize(
    ("a", "error", "doubt"),
    [
        (0.0, 0.0, 0.0),
        (-1.0, 0.0, 0.0),
        (2.0**-1001, 0.0, 0.0),
        (1.0, 0.5, 0.0),
        (1.0, 0.0, 2.0**-6.9),
        (np.nan, 0.0, 0.0),
        (-0.0, 2.0**-149, 0.0),
    ],
)
def test_what_may_not_be_positive_is_left_to_the_walk(a: float, error: float, doubt: float) -> None:
    columns = [np.array([a, 1.0]), np.array([error, 0.0]), np.array([doubt, 0.0])]
    assert by_rule(PROMISES["float32"], columns)[3].tolist() == [False, True]


def test_outside_of_calls_an_error_only_moves_the_result() -> None:
    a, errors, doubts = numbers(1000, 0.12, 2.0**-45)
    _, error, _, good = by_rule(OUTSIDE, [a, errors, doubts], outside=True)
    moved = -np.log1p(-errors / a)
    assert good.all()
    assert (error <= moved * (1 + 1e-9)).all()
    assert (error >= moved * (1 - rules.MARGIN)).all()
    # The walk has no bound from half of the argument on, and counts products of errors thrice.
    most = rules.OUTSIDE_SHARE * rules.LOG_SHARE
    columns = [np.ones(2), np.array([0.99, 1.01]) * most, np.zeros(2)]
    assert by_rule(OUTSIDE, columns, outside=True)[3].tolist() == [True, False]
