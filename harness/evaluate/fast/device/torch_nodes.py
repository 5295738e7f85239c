"""The nodes of a graph as torch operations in float64, for many rows at once, on any device.

A value is a tensor (rows, one place for each axis of the graph), of length 1 where the node does
not depend on the axis. What the device does is part of the doubt only as far as it may differ:

- + - × ÷ and the square root round correctly in float64 on CPUs and on CUDA, subnormals are kept,
  and each operation is a call of its own, so that nothing is contracted. Where the graph has a
  fused step there are one or two roundings here, as the device does `addcmul`; the slack of the
  walk and that of the doubt cover two.
- Where the fused step of a double-double product finds what the product lost, Dekker's product
  finds it from halves of the factors, exactly but for underflow (`TINY` covers it). The other fused
  steps of `wide.py` may round twice: its products are then within 5 u^2, of the 8 u^2 charged.
- Sums are folded by halves, an order that does not depend on device, chunk or version; the rules
  charge any order.
- `torch.exp` and `torch.log` are the only operations without a stated result. The rules charge
  2^-43 relative for each (`exponential.RELATIVE`, `logarithm.RELATIVE`), 512 ulp of float64 or
  more. Assumed, not proved: that torch keeps this. NVIDIA states 1 ulp for exp and log of doubles
  (CUDA programming guide, mathematical functions), SLEEF, which torch calls on most CPUs, 1.0 ulp.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.evaluate.fast import exponential, exponential_wide, logarithm
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
    """Some rows: arrays (rows, ...) on the device, float64 where nodes are evaluated, the axes in
    the order of the places after the rows, how long each is, the params by key and the indices by
    name."""

    arrays: Sequence[Tensor]
    axes: tuple[Axis, ...]
    lengths: Mapping[Axis, int]
    params: Mapping[object, float]
    places: Mapping[str, int]


def value(node: Node, args: Sequence[Tensor], chunk: Chunk) -> Tensor:
    """The value of a node from those of its operands; two for a wide sum. KeyError for an operation
    unknown here."""
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
        case "fma" if _is_product_error(node):
            return _product_error(args[0], args[1], -args[2])
        case "fma":
            return torch.addcmul(args[2], args[0], args[1])
        case "exp":
            return torch.exp(torch.clamp(args[0], *exponential.CLAMP))
        case "log":
            return torch.log(torch.clamp(args[0], min=logarithm.LEAST))
        case "reduce":
            return _reduced(node, args, chunk)
        case "high" | "low":  # of a wide sum
            return args[0][node.op == "low"]
        case "table":
            numbers = [entry[node.attr == "low"] for entry in exponential_wide.table()]
            table = torch.tensor(numbers, dtype=torch.float64, device=args[0].device)
            return table[_bits(args[0]) & 63]
        case "power":
            return _float(((_bits(args[0]) & -64) << 46) + (1023 << 52))
        case "on_grid":
            return _on_grid(args[0], *node.attr)
        case "lowest_bit":
            return _lowest_bit(args[0])
        case "inverse_ulp":
            return _inverse_ulp(args[0], *node.attr)
    return getattr(torch, SIMPLE[node.op])(*args)


def binade(ratio: Tensor, bins: int) -> Tensor:
    """The bin of each ratio >= 0, as `histogram.counts` has it, uint8."""
    import torch

    kept = torch.clamp(ratio, 2.0**LOWEST, 2.0 ** (LOWEST + bins - 1))
    return ((_bits(kept) >> 52) - (1023 + LOWEST)).to(torch.uint8)


def _scalar(number: float | bool, chunk: Chunk) -> Tensor:
    import torch

    kind = torch.bool if isinstance(number, bool) else torch.float64
    device = chunk.arrays[0].device
    return torch.full((1,) * (1 + len(chunk.axes)), number, dtype=kind, device=device)


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


def _reduced(node: Node, bodies: Sequence[Tensor], chunk: Chunk) -> Any:
    """A tensor, or the two of a wide sum; of length 1 along the axis."""
    how, axis = node.attr
    at, length = 1 + chunk.axes.index(axis), chunk.lengths[axis]
    shape = list(np.broadcast_shapes(*(tuple(body.shape) for body in bodies)))
    shape[at] = length  # also in a sum of one number that is repeated
    bodies = [body.expand(shape) for body in bodies]
    if how == "wide":
        return _folded(bodies, at, _wide_sum)
    if how == "sum":
        return _folded(bodies, at, lambda a, b: (a[0] + b[0],))[0]
    (body,) = bodies
    if not length:
        shape[at] = 1
        return body.new_full(shape, True if how == "all" else -math.inf)
    return body.all(at, keepdim=True) if how == "all" else body.amax(at, keepdim=True)


Parts = Sequence[Tensor]
"""Of one number: itself, or the high and the low part."""


def _folded(parts: Parts, at: int, plus: Callable[[Parts, Parts], Parts]) -> Parts:
    """The sum along a place, the far half added to the near one until one is left."""
    length = parts[0].shape[at]
    if not length:
        shape = (*parts[0].shape[:at], 1, *parts[0].shape[at + 1 :])
        return [part.new_zeros(shape) for part in parts]
    while length > 1:
        half = 1 << (length - 1).bit_length() - 1
        near, far, alone = (
            [part.narrow(at, first, count) for part in parts]
            for first, count in (
                (0, length - half),
                (half, length - half),
                (length - half, 2 * half - length),
            )
        )
        both = plus(near, far)
        if length != 2 * half:
            both = [_joined(one, other, at) for one, other in zip(both, alone, strict=True)]
        parts, length = both, half
    return parts


def _wide_sum(a: Parts, b: Parts) -> Parts:
    """As `wide.add`."""
    high, rest = _two_sum(a[0], b[0])
    low, lost = _two_sum(a[1], b[1])
    high, rest = _ordered_sum(high, rest + low)
    return _ordered_sum(high, lost + rest)


def _two_sum(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    total = a + b
    part = total - a
    return total, (a - (total - part)) + (b - part)


def _ordered_sum(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    total = a + b
    return total, b - (total - a)


def _is_product_error(node: Node) -> bool:
    """Whether a fused step takes a product from itself, as `wide.two_product` does."""
    a, b, c = node.args
    product = c.args[0] if c.op == "neg" else c
    return c.op == "neg" and product.op == "mul" and product.args == (a, b)


def _product_error(a: Tensor, b: Tensor, product: Tensor) -> Tensor:
    """a * b less its rounded self (Dekker 1971)."""
    (a_high, a_low), (b_high, b_low) = _halves(a), _halves(b)
    rest = (a_high * b_high - product) + a_high * b_low
    return (rest + a_low * b_high) + a_low * b_low


def _halves(a: Tensor) -> tuple[Tensor, Tensor]:
    """A number in two of 26 bits; NaN beyond 2^996."""
    far = a * (2.0**27 + 1)
    high = far - (far - a)
    return high, a - high


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
    most = (2046 + p - 1) << 52
    return _float((most if most < 1 << 63 else most - (1 << 64)) - _bits(power))
