"""The nodes of a graph as torch operations in float64, for many rows at once, on any device.

A value is a tensor (rows, one place for each axis of the graph), of length 1 where the node does
not depend on the axis. What the device does is part of the doubt only as far as it may differ:

- + - × ÷ and the square root round correctly in float64 on CPUs and on CUDA, subnormals are kept,
  and each operation is a call of its own, so that nothing is contracted. Where the graph has a
  fused step there are one or two roundings here, as the device does `addcmul`; the slack of the
  walk and that of the doubt cover two.
- Sums are folded by halves, an order that does not depend on device, chunk or version; the rules
  charge any order.
- `torch.exp` is the only operation without a stated result. The rules charge 2^-43 relative
  (`exponential.RELATIVE`), 512 ulp of float64 or more. Assumed, not proved: that torch keeps this.
  NVIDIA states 1 ulp for exp of doubles (CUDA programming guide, mathematical functions), SLEEF,
  which torch calls on most CPUs, 1.0 ulp.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from harness.evaluate.fast import exponential
from harness.evaluate.fast.graph import Axis, Node
from harness.evaluate.formats import FORMATS
from harness.evaluate.histogram import LOWEST

Tensor = Any
"""torch.Tensor; torch is imported only where something is computed."""

SIMPLE = {
    "add": "add",
    "sub": "sub",
    "mul": "mul",
    "div": "div",
    "neg": "neg",
    "abs": "abs",
    "sqrt": "sqrt",
    "max": "maximum",
    "select": "where",
    "le": "le",
    "lt": "lt",
    "eq": "eq",
    "and": "logical_and",
    "not": "logical_not",
}
"""Operation of the graph -> function of torch."""


@dataclass(frozen=True)
class Chunk:
    """Some rows: arrays (rows, ...) in float64 on the device, the axes in the order of the places
    after the rows, how long each is, the params by key and the indices by name."""

    arrays: Sequence[Tensor]
    axes: tuple[Axis, ...]
    lengths: Mapping[Axis, int]
    params: Mapping[object, float]
    places: Mapping[str, int]


def value(node: Node, args: Sequence[Tensor], chunk: Chunk) -> Tensor:
    """The value of a node from those of its operands. KeyError for an operation unknown here."""
    import torch

    match node.op:
        case "const":
            return _scalar(node.low, chunk)
        case "param":
            return _scalar(chunk.params[node.attr], chunk)
        case "true" | "false":
            return _scalar(node.op == "true", chunk)
        case "input":
            return _input(node, chunk)
        case "fma":
            return torch.addcmul(args[2], args[0], args[1])
        case "exp":
            return torch.exp(torch.clamp(args[0], *exponential.CLAMP))
        case "reduce":
            return _reduced(node, args[0], chunk)
        case "on_grid":
            return _on_grid(args[0], *node.attr)
        case "lowest_bit":
            return _lowest_bit(args[0])
        case "inverse_ulp":
            return _inverse_ulp(args[0], *node.attr)
    return getattr(torch, SIMPLE[node.op])(*args)


def binade(ratio: Tensor, bins: int) -> Tensor:
    """The bin of each ratio >= 0, as `histogram.counts` has it."""
    import torch

    exponents = _bits(torch.clamp(ratio, 2.0**LOWEST, 2.0 ** (LOWEST + bins - 1)))
    # In a tensor that is nobody else's, so in place.
    exponents >>= 52
    exponents -= 1023 + LOWEST
    return exponents


def _scalar(number: float | bool, chunk: Chunk) -> Tensor:
    return _kept_scalar(number, isinstance(number, bool), 1 + len(chunk.axes), _place(chunk))


def _place(chunk: Chunk) -> str:
    return str(chunk.arrays[0].device)


@lru_cache(maxsize=4096)
def _kept_scalar(number: float | bool, truth: bool, places: int, device: str) -> Tensor:
    """Made once for each device, not in every chunk. truth: True and 1.0 are equal keys."""
    import torch

    kind = torch.bool if truth else torch.float64
    return torch.full((1,) * places, number, dtype=kind, device=device)


def _input(node: Node, chunk: Chunk) -> Tensor:
    slot, places, _ = node.attr
    array, kept = chunk.arrays[slot], list[Axis]()
    for place in places:
        at = 1 + len(kept)
        if not isinstance(place, Axis):
            number = place if isinstance(place, int) else chunk.places[place]
            array = array.select(at, number)
        elif place in kept:
            # The same index twice: what lies on the diagonal, which torch puts last.
            first = 1 + kept.index(place)
            array = array.diagonal(0, first, at).movedim(-1, first)
        else:
            kept.append(place)
    order = sorted(range(len(kept)), key=lambda k: chunk.axes.index(kept[k]))
    array = array.permute(0, *(1 + k for k in order), *range(1 + len(kept), array.ndim))
    shape = [chunk.lengths[axis] if axis in kept else 1 for axis in chunk.axes]
    return array.reshape(array.shape[0], *shape)


def _reduced(node: Node, body: Tensor, chunk: Chunk) -> Tensor:
    how, axis = node.attr
    at, length = 1 + chunk.axes.index(axis), chunk.lengths[axis]
    if body.shape[at] != length:  # a sum of one number that is repeated
        body = body.expand(*body.shape[:at], length, *body.shape[at + 1 :])
    if how == "sum":
        return _folded(body, at)
    if not length:
        shape = (*body.shape[:at], 1, *body.shape[at + 1 :])
        return body.new_full(shape, True if how == "all" else -math.inf)
    return body.all(at, keepdim=True) if how == "all" else body.amax(at, keepdim=True)


def _folded(body: Tensor, at: int) -> Tensor:
    """The sum along a place, the far half added to the near one until one is left."""
    length = body.shape[at]
    if not length:
        return body.new_zeros((*body.shape[:at], 1, *body.shape[at + 1 :]))
    while length > 1:
        half = 1 << (length - 1).bit_length() - 1
        near, far = body.narrow(at, 0, half), body.narrow(at, half, length - half)
        both = near.narrow(at, 0, length - half) + far
        rest = near.narrow(at, length - half, 2 * half - length)
        body = both if length == 2 * half else _joined(both, rest, at)
        length = half
    return body


def _joined(first: Tensor, second: Tensor, at: int) -> Tensor:
    import torch

    return torch.cat((first, second), at)


def _bits(a: Tensor) -> Tensor:
    import torch

    return a.contiguous().view(torch.int64)


def _float(bits: Tensor) -> Tensor:
    import torch

    return bits.contiguous().view(torch.float64)


def _on_grid(a: Tensor, p: int, emin: int) -> Tensor:
    import torch

    for fmt in FORMATS.values():
        if (fmt.p, fmt.emin) == (p, emin):
            # Wherever the conversion goes to: it is a number of the format.
            return a.to(getattr(torch, fmt.torch_name)).to(torch.float64) == a
    short = (_bits(a) & ((1 << (53 - p)) - 1)) == 0
    if emin < -1000:
        return short
    # Adding this number rounds to a multiple of the smallest subnormal.
    coarse = 1.5 * 2.0 ** (52 + emin - p + 1)
    multiple = ((a + coarse) - coarse) == a
    return short & (multiple | (a.abs() >= 2.0**emin))


def _lowest_bit(a: Tensor) -> Tensor:
    import torch

    bits = _bits(a)
    mantissa = (bits & ((1 << 52) - 1)) | (1 << 52)
    lowest = (mantissa & -mantissa).to(torch.float64)  # a power of two: exact
    exponent = (_bits(lowest) >> 52) - 1023 - 52 + ((bits >> 52) & 2047)
    # Below the normal range the power is taken for 0, which says exactness of nothing.
    power = _float(torch.clamp(exponent, min=0) << 52)
    return torch.where(a == 0, math.inf, power)


def _inverse_ulp(a: Tensor, p: int, emin: int) -> Tensor:
    import torch

    power = torch.clamp(_float(_bits(a) & (2047 << 52)), min=2.0**emin)
    return _float(((2046 + p - 1) << 52) - _bits(power))
