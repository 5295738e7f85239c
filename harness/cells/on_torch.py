"""Arrays of torch for the generators, on any device: the bits that numpy gives on the processor.

torch has no arithmetic of unsigned 64-bit numbers: words are int64 patterns, products are made of
halves. That float64 rounds as IEEE 754 says on the device, one operation at a time, is assumed;
`likeness.py` looks whether it does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from harness.cells.maker import Numbers, Shape
from harness.cells.on_numpy import NUMPY
from harness.evaluate.formats import Format

_MULTIPLIERS = (0xD2E7470EE14C6C93, 0xCA5A826395121157)
_STEPS = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)
_ROUNDS = 10
_LOW = (1 << 32) - 1
_MOST = (1 << 63) - 1

FEW = 1 << 16
"""Words that are made in numpy and copied: on a device each call takes some two hundred operations,
however few the words are. Reckoned, not measured on a GPU."""


@dataclass(frozen=True)
class OnTorch:
    """As in `Maker`; tensors of float64, int64 and bool. device: of torch, `cpu`, `cuda`, ....;
    few: up to how many random words come from numpy."""

    device: str
    few: int = FEW

    def words(self, key: int, lane: int, shape: Shape) -> Numbers:
        """A few from numpy, more from `philox`."""
        import torch

        count = math.prod(shape)
        if count <= self.few:
            return torch.from_numpy(NUMPY.words(key, lane, shape)).to(self.device)
        return philox(key, lane, count, self.device).reshape(shape)

    def shifted(self, words: Numbers, count: Numbers | int) -> Numbers:
        """The first place takes the sign away."""
        return ((words >> 1) & _MOST) >> (count - 1)

    def arange(self, count: int) -> Numbers:
        """int64."""
        import torch

        return torch.arange(count, dtype=torch.int64, device=self.device)

    def full(self, shape: Shape, value: float) -> Numbers:
        """int64 or float64."""
        import torch

        kind = torch.int64 if isinstance(value, int) else torch.float64
        return torch.full(shape, value, dtype=kind, device=self.device)

    def reals(self, whole: Numbers) -> Numbers:
        """Exact."""
        import torch

        return whole.to(torch.float64)

    def of_bits(self, patterns: Numbers) -> Numbers:
        """The same memory."""
        import torch

        return patterns.view(torch.float64)

    def where(self, condition: Numbers, yes: Numbers | float, no: Numbers | float) -> Numbers:
        """A new tensor."""
        import torch

        # Two numbers of Python would be float32.
        return torch.where(condition, self.full((), yes) if isinstance(yes, float) else yes, no)

    def choose(self, index: Numbers, options: Sequence[Numbers]) -> Numbers:
        """A new tensor."""
        import torch

        chosen = options[-1]
        for place, option in enumerate(options[:-1]):
            chosen = torch.where(index == place, option, chosen)
        return chosen

    def clipped(self, values: Numbers, low: float, high: float) -> Numbers:
        """A new tensor."""
        import torch

        return torch.clamp(values, low, high)

    def ascending(self, values: Numbers) -> Numbers:
        """A new tensor."""
        import torch

        return torch.sort(values, dim=-1).values

    def backwards(self, values: Numbers) -> Numbers:
        """A copy: torch has no negative strides."""
        import torch

        return torch.flip(values, (-1,))

    def repeated(self, values: Numbers, times: int) -> Numbers:
        """A new tensor."""
        import torch

        return torch.repeat_interleave(values, times, dim=0)

    def joined(self, parts: Sequence[Numbers]) -> Numbers:
        """A new tensor."""
        import torch

        return torch.cat(tuple(parts))

    def spread(self, values: Numbers, shape: Shape) -> Numbers:
        """A view."""
        import torch

        return torch.broadcast_to(values, shape)

    def copy(self, values: Numbers) -> Numbers:
        """A new tensor."""
        return values.clone()

    def rounded(self, values: Numbers, fmt: Format) -> Numbers:
        """By the hardware, or by adding a number whose last place is that of the format: torch
        rounds float64 to float16 by way of float32."""
        import torch

        if fmt.name == "float64":
            return values
        if fmt.name == "float32":
            return values.to(torch.float32).to(torch.float64)
        exponent = torch.clamp((torch.abs(values).view(torch.int64) >> 52), min=fmt.emin + 1023)
        coarse = self.of_bits(((exponent + 53 - fmt.p) << 52) | (1 << 51))
        return torch.copysign((values + coarse) - coarse, values)

    def kept(self, values: Numbers) -> Numbers:
        """As it is: tensors cannot be protected."""
        return values


def philox(key: int, lane: int, count: int, device: str) -> Numbers:
    """The first words of Philox4x64-10 (Salmon et al. 2011) on a device, (count,).

    The two halves of a round are two rows of one tensor, which change places in every round.
    """
    import torch

    blocks = -(-count // 4)
    factors, keys = _factors(device), torch.tensor(_keys(key), device=device)
    multiplied = torch.full((2, blocks), lane, dtype=torch.int64, device=device)
    multiplied[0] = torch.arange(1, blocks + 1, dtype=torch.int64, device=device)
    added = torch.zeros_like(multiplied)
    for turn in range(_ROUNDS):
        top, bottom = _product(multiplied, *factors[turn % 2])
        multiplied, added = top ^ torch.flip(added, (0,)) ^ keys[turn], bottom
    words = torch.stack((multiplied[0], added[0], multiplied[1], added[1]), -1)
    return words.reshape(-1)[:count]


def _product(
    words: Numbers, factor: Numbers, factor_low: Numbers, factor_high: Numbers
) -> tuple[Numbers, Numbers]:
    """The high and the low 64 bits of a product of unsigned numbers, which come in halves, too."""
    low, high = words & _LOW, (words >> 32) & _LOW
    # Neither sum reaches 2^64.
    middle = high * factor_low + ((low * factor_low >> 32) & _LOW)
    other = low * factor_high + (middle & _LOW)
    top = high * factor_high + ((middle >> 32) & _LOW) + ((other >> 32) & _LOW)
    return top, words * factor


@lru_cache(maxsize=16)
def _factors(device: str) -> tuple[tuple[Numbers, ...], ...]:
    """Of even and of odd rounds: the factor of each row and its halves, each (2, 1)."""
    import torch

    def column(*numbers: int) -> Numbers:
        return torch.tensor([[_signed(number)] for number in numbers], device=device)

    return tuple(
        (column(*pair), column(*(m & _LOW for m in pair)), column(*(m >> 32 for m in pair)))
        for pair in (_MULTIPLIERS, _MULTIPLIERS[::-1])
    )


def _keys(key: int) -> list[list[list[int]]]:
    """What is added to each row in each round, (rounds, 2, 1)."""
    halves = (key, key >> 64)
    rounds = [
        [[_signed(half + turn * step)] for half, step in zip(halves, _STEPS, strict=True)]
        for turn in range(_ROUNDS)
    ]
    return [both if turn % 2 else both[::-1] for turn, both in enumerate(rounds)]


def _signed(pattern: int) -> int:
    """The int64 with the low 64 bits of a number."""
    return ((pattern + (1 << 63)) & ((1 << 64) - 1)) - (1 << 63)
