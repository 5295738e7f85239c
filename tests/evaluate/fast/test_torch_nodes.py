"""Single operations on torch's CPU device against exact ones."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from flint import arb

from harness.evaluate import histogram
from harness.evaluate.balls import precision
from harness.evaluate.fast import exponential, exponential_wide, logarithm, wide
from harness.evaluate.fast.device import torch_nodes
from harness.evaluate.fast.device.torch_nodes import Chunk
from harness.evaluate.fast.graph import Graph, Node, axis_of, below
from harness.evaluate.fast.judged import param
from harness.evaluate.formats import FORMATS, round_to
from harness.statement.types import Length
from tests.evaluate.fast.test_logarithm import farthest, hard_arguments
from tests.evaluate.fast.test_wide import OPERATIONS, pairs, two_pairs, worst

torch = pytest.importorskip("torch")

FIRST, SECOND = (axis_of(Length(("n",)), level) for level in (0, 1))


def one(node: Node, numbers: np.ndarray) -> np.ndarray:
    """An operation on the numbers."""
    there = torch.from_numpy(numbers)
    chunk = Chunk([there], (), {}, {}, {})
    return np.asarray(torch_nodes.value(node, [there], chunk))


def any_numbers(count: int = 2000) -> np.ndarray:
    random = np.random.default_rng(5)
    sizes = np.exp2(random.uniform(-160, 120, count)) * random.choice([-1, 1], count)
    return np.concatenate([sizes, round_to(sizes, FORMATS["bfloat16"]), [0.0, 1.0, 3.0, -0.5]])


@pytest.mark.parametrize("name", ["float32", "float16", "bfloat16"])
def test_the_grid_of_a_format_is_what_rounding_leaves(name: str) -> None:
    fmt = FORMATS[name]
    numbers = any_numbers()
    for values in (numbers, round_to(numbers, fmt)):
        values = values[np.abs(values) <= fmt.largest]  # its greatest number aside
        graph = Graph()
        told = one(graph.on_grid(graph.param("x"), fmt), values)
        assert np.array_equal(told, round_to(values, fmt) == values)


def test_the_lowest_bit_is_a_power_that_divides_and_its_double_does_not() -> None:
    graph = Graph()
    numbers = any_numbers()
    for number, power in zip(
        numbers.tolist(), one(graph.lowest_bit(graph.param("x")), numbers).tolist(), strict=True
    ):
        if number == 0:
            assert power == math.inf
        else:
            assert (Fraction(number) / Fraction(power)).denominator == 1
            assert (Fraction(number) / Fraction(2 * power)).denominator == 2


def test_the_inverse_ulp_is_that_of_the_binade() -> None:
    graph, fmt = Graph(), FORMATS["float32"]
    numbers = np.array([1.0, 1.5, -3.0, 2.0**-126, 2.0**-140, 0.0, 2.0**100])
    ulps = 1 / one(graph.inverse_ulp(graph.param("x"), fmt.p, fmt.emin), numbers)
    binades = [0, 0, 1, -126, -126, -126, 100]
    assert ulps.tolist() == [2.0 ** (binade - 23) for binade in binades]
    fmt = FORMATS["float64"]
    inverse = one(graph.inverse_ulp(graph.param("x"), fmt.p, fmt.emin), numbers * 2.0**-900)
    # Of what is smaller it is beyond float64.
    assert inverse[:3].tolist() == [2.0**952, 2.0**952, 2.0**951]
    assert inverse[3:6].tolist() == [2.0**1023] * 3


def test_the_exponential_of_this_device_is_as_near_as_is_assumed() -> None:
    random = np.random.default_rng(3)
    low, high = exponential.CLAMP
    arguments = np.concatenate(
        [random.uniform(low, high, 3000), random.normal(size=1000), [0.0, low, high]]
    )
    graph, worst = Graph(), 0.0
    values = one(graph.exp(graph.param("x")), arguments)
    with precision(100):
        for argument, value in zip(arguments.tolist(), values.tolist(), strict=True):
            worst = max(worst, float(abs(arb(value) / arb(argument).exp() - 1).abs_upper()))
    assert worst < exponential.RELATIVE
    beyond = one(graph.exp(graph.param("x")), np.array([-1e300, -np.inf, 701.0, np.inf]))
    assert (beyond[:2] <= exponential.CLAMPED).all() and (beyond[2:] > 1e300).all()


def test_the_logarithm_of_this_device_is_as_near_as_is_assumed() -> None:
    arguments = hard_arguments()
    graph = Graph()
    node = graph.log(graph.param("x"))
    assert farthest(arguments, one(node, arguments)) < logarithm.RELATIVE
    beyond = one(node, np.array([-np.inf, -1.0, -0.0, 0.0, 5e-324, np.inf]))
    assert (beyond >= node.low).all() and (beyond[:5] < -693).all() and beyond[5] > 709


@pytest.mark.parametrize("n", range(10))
def test_reductions_of_every_length(n: int) -> None:
    numbers = np.random.default_rng(n).integers(-9, 9, (4, n)).astype(np.float64)
    graph = Graph()
    chunk = Chunk([torch.from_numpy(numbers)], (FIRST,), {FIRST: n}, {}, {})
    x = graph.input(0, (FIRST,), 9.0)
    read = torch_nodes.value(x, [], chunk)
    total = torch_nodes.value(graph.reduce("sum", FIRST, x), [read], chunk)
    assert total.reshape(-1).tolist() == numbers.sum(axis=1).tolist()
    most = torch_nodes.value(graph.reduce("max", FIRST, x), [read], chunk)
    assert most.reshape(-1).tolist() == numbers.max(axis=1, initial=-np.inf).tolist()
    positive = graph.le(graph.const(0.0), x)
    every = torch_nodes.value(graph.reduce("all", FIRST, positive), [read >= 0], chunk)
    assert every.reshape(-1).tolist() == (numbers >= 0).all(axis=1).tolist()


def test_a_number_that_lacks_the_axis_is_repeated_in_a_sum() -> None:
    chunk = Chunk([torch.zeros(2, 3, dtype=torch.float64)], (FIRST,), {FIRST: 3}, {"k": 2.5}, {})
    graph = Graph()
    k = graph.param("k")
    read = torch_nodes.value(k, [], chunk)
    assert float(torch_nodes.value(graph.reduce("sum", FIRST, k), [read], chunk)) == 7.5


def test_arrays_are_read_at_their_indices() -> None:
    numbers = np.arange(2 * 3 * 3, dtype=np.float64).reshape(2, 3, 3)
    chunk = Chunk([torch.from_numpy(numbers)], (FIRST, SECOND), {FIRST: 3, SECOND: 3}, {}, {"i": 2})
    graph = Graph()

    def read(*places: object) -> np.ndarray:
        node = graph.input(0, places, 99.0)  # type: ignore[arg-type]
        return np.asarray(torch_nodes.value(node, [], chunk))

    assert np.array_equal(read(FIRST, SECOND), numbers)
    assert np.array_equal(read(SECOND, FIRST), numbers.swapaxes(1, 2))
    assert np.array_equal(read("i", SECOND), numbers[:, 2][:, None, :])
    assert np.array_equal(read(FIRST, 1), numbers[:, :, 1][:, :, None])
    assert np.array_equal(read(SECOND, SECOND)[:, 0], np.diagonal(numbers, axis1=1, axis2=2))


def test_bins_are_those_of_the_histogram() -> None:
    ratios = np.concatenate([[0.0, 2.0**-80, 2.0**-63, 0.5, 1.0, 7.0], np.exp2(-np.arange(60.0))])
    bins = torch_nodes.binade(torch.from_numpy(ratios), histogram.BINS)
    found = np.bincount(np.asarray(bins), minlength=histogram.BINS)
    assert found.tolist() == histogram.counts(ratios).tolist()


def wide_one(operation: Callable[..., wide.Pair], columns: np.ndarray) -> np.ndarray:
    """(rows, 2): an operation on pairs, whose parts are the columns of each row."""
    graph, arrays = Graph(), [torch.from_numpy(np.ascontiguousarray(c)) for c in columns.T]
    parts = [graph.input(k, (), math.inf) for k in range(len(arrays))]
    pair = operation(graph, *zip(parts[::2], parts[1::2], strict=True))
    chunk = Chunk(arrays, (), {}, {}, {})
    values: dict[int, object] = {}
    for node in below(pair):
        values[id(node)] = torch_nodes.value(node, [values[id(a)] for a in node.args], chunk)
    rows = [torch.as_tensor(values[id(node)]).expand(len(columns)) for node in pair]
    return np.stack([np.asarray(row) for row in rows], axis=1)


@OPERATIONS
def test_double_doubles_are_as_near_as_charged(
    operation: Callable[..., wide.Pair], exact: Callable[..., arb], allowed: float
) -> None:
    columns = two_pairs()
    found = worst(wide_one(operation, columns), columns, exact)
    assert 2.0**-110 < found < allowed


def test_a_double_double_of_products_that_are_rounded_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(torch_nodes, "_halves", lambda a: (a, 0 * a))
    columns = np.concatenate([pairs(300, 1), pairs(300, 2)], axis=1)
    assert worst(wide_one(wide.multiply, columns), columns, lambda a, b: a * b) > wide.UNIT


def test_double_double_roots_and_exponentials_are_as_near_as_charged() -> None:
    columns = abs(pairs(2000, 3))
    found = worst(wide_one(wide.sqrt, columns), columns, lambda a: a.sqrt())
    assert 2.0**-110 < found < wide.QUOTIENT
    low, high = exponential_wide.CLAMP
    columns = pairs(6000, 5, 2)
    columns[:3000, 0] = np.random.default_rng(4).uniform(low, high, 3000)
    columns[:3000, 1] = columns[:3000, 0] * 2.0**-55
    found = worst(wide_one(wide.exp, columns), columns, lambda a: a.exp())
    assert 2.0**-108 < found < exponential_wide.RELATIVE


@pytest.mark.parametrize("n", [1, 2, 3, 8, 9, 65])
def test_sums_of_double_doubles_are_as_near_as_charged(n: int) -> None:
    given = np.stack([pairs(40, seed) for seed in range(n)], axis=1)
    arrays = [torch.from_numpy(np.ascontiguousarray(given[..., k])) for k in range(2)]
    graph, chunk = Graph(), Chunk(arrays, (FIRST,), {FIRST: n}, {}, {})
    high, low = (graph.input(k, (FIRST,), math.inf) for k in range(2))
    total = graph.wide_sum(FIRST, high, low)[0].args[0]
    read = [torch_nodes.value(node, [], chunk) for node in (high, low)]
    found = [part.reshape(-1).tolist() for part in torch_nodes.value(total, read, chunk)]
    unit = param(("own wide", Length(("n",))), {"n": n})
    with precision(300):
        for row, *parts in zip(given.tolist(), *found, strict=True):
            numbers = [arb(one) + arb(two) for one, two in row]
            size = sum((abs(number) for number in numbers), arb(0))
            off = abs(sum(map(arb, parts), arb(0)) - sum(numbers, arb(0)))
            assert float((off / size).abs_upper()) <= unit
