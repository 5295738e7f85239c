"""The generators' bits in torch are numpy's, on the processor and on CUDA where torch sees one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from harness.cells import draws, on_torch
from harness.cells.cell import Cell
from harness.cells.inputs import RELATED, inputs
from harness.cells.on_numpy import NUMPY
from harness.cells.on_torch import FEW, OnTorch
from harness.cells.regimes import REGIMES
from harness.cells.tangents import AXIS, TANGENTS
from harness.evaluate.formats import FORMATS, round_to
from tests.cells.golden import VARIABLES

torch = pytest.importorskip("torch")

KEYS = (0, 1, (1 << 128) - 1, draws.key_of("test", 1), draws.key_of("test", 2))
DEVICES = [
    "cpu",
    pytest.param(
        "cuda",
        marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="torch sees no CUDA device"),
    ),
]


def bits(numbers: Any) -> Any:
    here = numbers.cpu().numpy() if isinstance(numbers, torch.Tensor) else numbers
    return np.ascontiguousarray(here).view(np.int64)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("few", [0, 4, FEW])
def test_words_are_those_of_philox_in_numpy(device: str, key: int, few: int) -> None:
    for lane in (0, 1, 92, (1 << 63) - 1):
        for shape in ((1,), (4,), (5,), (2, 3, 7), (1001,), (0,)):
            here, there = (make.words(key, lane, shape) for make in (NUMPY, OnTorch(device, few)))
            assert there.device.type == device and tuple(there.shape) == shape
            assert np.array_equal(bits(there), here)


def test_only_more_than_a_few_words_are_made_on_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    right, asked = on_torch.philox, list[int]()

    def watched(key: int, lane: int, count: int, device: str) -> Any:
        asked.append(count)
        return right(key, lane, count, device)

    monkeypatch.setattr(on_torch, "philox", watched)
    short, long = (OnTorch("cpu").words(1, 0, (count,)) for count in (FEW, FEW + 1))
    assert asked == [FEW + 1] and torch.equal(long[:FEW], short)


@pytest.mark.parametrize("device", DEVICES)
def test_shifts_bring_in_zeros(device: str) -> None:
    words, counts = NUMPY.words(7, 0, (200,)), NUMPY.arange(200) % 63 + 1
    words[:4] = (-1, 0, np.iinfo(np.int64).min, np.iinfo(np.int64).max)
    make = OnTorch(device)
    there, places = (torch.from_numpy(a).to(device) for a in (words, counts))
    assert np.array_equal(bits(make.shifted(there, places)), NUMPY.shifted(words, counts))
    exact = [((int(word) & ((1 << 64) - 1)) >> 12) for word in words]
    assert make.shifted(there, 12).tolist() == NUMPY.shifted(words, 12).tolist() == exact


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", FORMATS)
def test_rounding_is_to_nearest_ties_to_even_and_once(device: str, dtype: str) -> None:
    fmt = FORMATS[dtype]
    steps = np.arange(-40, 41) / 4
    exponents = range(fmt.emin - 4, fmt.emin + 5) if dtype != "float64" else range(-2, 3)
    about = [(2.0 ** (fmt.p - 1) + steps) * 2.0 ** (e - fmt.p + 1) for e in (*exponents, 0, 3)]
    small = np.concatenate([steps, steps * (1 + 2.0**-40)]) * fmt.eta
    numbers = np.concatenate([*about, small, [0.0, -0.0, fmt.largest, -fmt.largest]])
    if dtype == "float16":  # by way of float32 this is a tie
        numbers = np.append(numbers, 1 + 2.0**-11 + 2.0**-40)
    numbers = np.concatenate([numbers, -numbers])
    there = OnTorch(device).rounded(torch.from_numpy(numbers).to(device), fmt)
    assert np.array_equal(bits(there), bits(round_to(numbers, fmt)))


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", FORMATS)
@pytest.mark.parametrize("regime", REGIMES)
def test_inputs_are_the_same_bits(device: str, dtype: str, regime: str) -> None:
    make, place = OnTorch(device, few=0), list(REGIMES).index(regime)
    tangents = (*TANGENTS, AXIS.name)  # fewer than the regimes, so that each dtype meets all
    for k, n in enumerate((1, 2, 7, 65)):
        # The rows of maps are many numbers: up to n = 8 they are enough.
        sampled = VARIABLES if n <= 8 else VARIABLES[:-1]
        tangent = tangents[(place + k) % len(tangents)]
        cell = Cell(1 + k, dtype, n, regime, tangent, 16 + k, (13,))
        here, there = inputs(cell, sampled), inputs(cell, sampled, make)
        assert here.keys() == there.keys()
        for name, numbers in here.items():
            assert there[name].device.type == device
            assert np.array_equal(bits(there[name]), bits(numbers)), (name, tangent, n)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("shard", (0, 1, *RELATED))
def test_shards_that_follow_from_others_are_the_same_bits(device: str, shard: int) -> None:
    cell = Cell(1, "float32", 7, "normal", "cancelling", shard, (6,))
    here, there = inputs(cell, VARIABLES), inputs(cell, VARIABLES, OnTorch(device, few=0))
    assert all(np.array_equal(bits(there[name]), bits(here[name])) for name in here)


@pytest.mark.parametrize("device", DEVICES)
def test_a_cell_of_a_campaign_is_the_same_bits(device: str) -> None:
    for regime in REGIMES:
        cell = Cell(1, "float32", 8, regime, "normal", 16, (16385,))
        sampled = VARIABLES[:4]
        here, there = inputs(cell, sampled), inputs(cell, sampled, OnTorch(device))
        assert all(np.array_equal(bits(there[name]), bits(here[name])) for name in here), regime


def test_without_vectors_nothing_is_long() -> None:
    make = OnTorch("cpu", few=0)
    cell = Cell(1, "float32", 0, "normal", "normal", 0, (3,))
    found = inputs(cell, VARIABLES, make)
    assert tuple(found["x"].shape) == (3, 0) and tuple(found["c"].shape) == (3,)
