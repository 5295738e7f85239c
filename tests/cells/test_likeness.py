"""A device that gives other bits is found, by the regimes that show it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from harness.cells.likeness import unlike, unlike_on
from harness.cells.maker import Numbers, Shape
from harness.cells.on_numpy import OnNumpy
from harness.cells.on_torch import OnTorch
from harness.cells.regimes import REGIMES
from harness.cells.tangents import AXIS, TANGENTS
from harness.evaluate.formats import FORMATS, Format

torch = pytest.importorskip("torch")

DEVICES = [
    "cpu",
    pytest.param(
        "cuda",
        marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="torch sees no CUDA device"),
    ),
]


@dataclass(frozen=True)
class Flushing(OnTorch):
    """Loses subnormal numbers of the format."""

    def rounded(self, values: Numbers, fmt: Format) -> Numbers:
        right = super().rounded(values, fmt)
        return torch.where(abs(right) < fmt.smallest_normal, 0.0 * right, right)


@dataclass(frozen=True)
class Miscounting(OnTorch):
    """Draws every block of random words from the counter after."""

    def words(self, key: int, lane: int, shape: Shape) -> Numbers:
        return super().words(key, lane + 1, shape)


@dataclass(frozen=True)
class Contracting(OnNumpy):
    """Off by a unit in the last place where a product is followed by a sum."""

    def rounded(self, values: Numbers, fmt: Format) -> Numbers:
        return super().rounded(values * (1 + 2.0**-52), fmt)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", FORMATS)
def test_every_regime_is_alike(device: str, dtype: str) -> None:
    assert unlike(device, dtype) == frozenset()


def test_what_is_flushed_is_seen_in_the_regimes_that_have_it() -> None:
    assert unlike_on(Flushing("cpu"), "float32") == {"tiny", "raw_bits"}


def test_other_words_are_seen_in_all_regimes() -> None:
    assert unlike_on(Miscounting("cpu"), "float16") == {*REGIMES, *TANGENTS, AXIS.name}


def test_one_unit_in_the_last_place_is_seen_in_float64() -> None:
    found = unlike_on(Contracting(), "float64")
    assert {"normal", "exp_range", "large_offset", "cancelling"} <= found
