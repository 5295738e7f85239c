"""Simpler numbers in a trial: 0, 1, small integers, powers of two, fewer bits, equal ones."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from harness.conformance.given import Numbers
from harness.conformance.shrink_trial import Examiner, Trial
from harness.evaluate.formats import Format, round_to

MOST_SINGLES = 96
"""Numbers that are tried one by one; where there are more, blocks of them are tried first."""
_MOST_TRIALS = 256
_BITS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
_SMALL_INTEGERS = (0.0, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0)


@dataclass(frozen=True)
class Segment:
    """Where one variable of one call stands among all numbers of a trial."""

    call: int
    name: str
    start: int
    stop: int


def simplest(examiner: Examiner, trial: Trial, fmt: Format) -> Trial:
    """A failing trial of the same shape whose numbers are as simple as can be had."""
    segments = _segments(trial)
    flat = _flat(trial)
    size = len(flat) // 2 if len(flat) > MOST_SINGLES else 0
    while True:
        moves = list(_whole_moves(flat, segments, fmt))
        moves += _block_moves(flat, segments, size) if size else _single_moves(flat, fmt)
        candidates = _simpler_ones(moves, flat)[:_MOST_TRIALS]
        flags = examiner.failing([_rebuilt(trial, segments, one) for one in candidates])
        good = [one for one, fails in zip(candidates, flags, strict=True) if fails]
        found = examiner.first([_rebuilt(trial, segments, one) for one in _joined(flat, good)])
        if found:
            trial, flat = found, _flat(found)
        elif size:
            size //= 2
        else:
            return trial


def cost(numbers: Numbers) -> tuple[float, float]:
    """How complicated numbers are: the distinct ones first, then how many are not zero."""
    distinct = {abs(v) for v in numbers.tolist()}
    signs = float((numbers < 0).sum() + np.signbit(numbers[numbers == 0]).sum())
    return (
        sum(_cost(v) for v in distinct),
        float((numbers != 0).sum()) + 0.25 * signs,
    )


def _cost(value: float) -> float:
    """0 for 0, then 1, 2, 3, 1/2, 4, ...: bits of the significand, and the exponent."""
    if value == 0:
        return 0.0
    significand, exponent = math.frexp(value)
    odd = int(math.ldexp(significand, 53))
    trailing = (odd & -odd).bit_length() - 1
    bits, lowest = 53 - trailing, exponent - 53 + trailing
    return bits + abs(lowest) / 4 + (0.1 if lowest < 0 else 0.0)


def _simpler_ones(candidates: Iterable[Numbers], flat: Numbers) -> list[Numbers]:
    """Those that are simpler, each once, simplest first."""
    limit = cost(flat)
    costs = {one.tobytes(): (cost(one), one) for one in candidates}
    simpler = [pair for pair in costs.values() if pair[0] < limit]
    return [one for _, one in sorted(simpler, key=lambda pair: pair[0])]


def _joined(flat: Numbers, good: Sequence[Numbers]) -> list[Numbers]:
    """Candidates that fail alone, put together: all that can be, then fewer, then the best one."""
    chosen: list[Numbers] = list(good[:1])
    changed = flat
    taken = np.zeros(len(flat), dtype=bool)
    for one in good:
        places = one != flat
        if not (taken & places).any():
            taken |= places
            changed = np.where(places, one, changed)
            chosen.append(changed)
    return _simpler_ones(chosen, flat)


def _whole_moves(flat: Numbers, segments: Sequence[Segment], fmt: Format) -> Iterator[Numbers]:
    """Every variable at once, or one of them, set to one number, shifted, scaled or rounded."""
    for number in (0.0, 1.0):
        yield np.full_like(flat, number)
    variants = []
    for segment in segments:
        part = flat[segment.start : segment.stop]
        if not part.size:
            continue
        parts = [np.full_like(part, number) for number in (0.0, 1.0, part[0], _largest(part))]
        parts += [part - part[0], part - part.max(), part - part.min(), np.rint(part)]
        parts.append(np.ldexp(part, 1 - math.frexp(_largest(part))[1]))
        parts += [_with_bits(part, bits) for bits in (1, 4)]
        variants.append([(segment, _in_format(one, fmt)) for one in parts])
    for options in variants:
        for segment, part in options:
            yield _with_part(flat, segment, part)
    for choice in zip(*variants, strict=True):
        both = flat
        for segment, part in choice:
            both = _with_part(both, segment, part)
        yield both


def _block_moves(flat: Numbers, segments: Sequence[Segment], size: int) -> Iterator[Numbers]:
    """Blocks of one variable set to 0, 1 or their first number."""
    for segment in segments:
        for start in range(segment.start, segment.stop, size):
            stop = min(start + size, segment.stop)
            block = Segment(segment.call, segment.name, start, stop)
            for number in (0.0, 1.0, flat[start]):
                yield _with_part(flat, block, np.full(stop - start, number))


def _single_moves(flat: Numbers, fmt: Format) -> Iterator[Numbers]:
    """Each number, and each group of numbers that differ in sign only, replaced."""
    others = sorted({float(v) for v in flat}, key=lambda v: _cost(abs(v)))[:4]
    for place, value in enumerate(flat.tolist()):
        for number in _candidates(value, fmt, others):
            changed = flat.copy()
            changed[place] = number
            yield changed
    sizes, counts = np.unique(abs(flat), return_counts=True)
    for size in sizes[counts > 1].tolist():
        group = abs(flat) == size
        for number in _candidates(size, fmt, []):
            signed = np.copysign(number, flat) if number else np.zeros_like(flat)
            yield np.where(group, signed, flat)


def _candidates(value: float, fmt: Format, others: Sequence[float]) -> list[float]:
    """Numbers of the format that may be simpler than a value, or that it could be equal to."""
    found = [*_SMALL_INTEGERS, *others]
    if value:
        exponent = math.frexp(value)[1]
        ladder = {exponent, *(exponent - k for k in (1, 2, 3)), *(exponent // k for k in (2, 4, 8))}
        found += [math.copysign(math.ldexp(1.0, max(e, -1074)), value) for e in ladder if e < 1024]
        found += [float(round(value)), float(math.floor(value)), float(math.ceil(value))]
        bits = _with_bits(np.full(len(_BITS), value), np.array(_BITS))
        found += bits.tolist()
    numbers = _in_format(np.array(found, dtype=np.float64), fmt).tolist()
    limit = _cost(value) + (0.5 if math.copysign(1, value) < 0 else 0)
    return [v for v in dict.fromkeys(numbers) if _cost(v) < limit or v in others]


def _with_bits(numbers: Numbers, bits: Any) -> Numbers:
    significands, exponents = np.frexp(numbers)
    return np.asarray(np.ldexp(np.rint(np.ldexp(significands, bits)), exponents - bits))


def _in_format(numbers: Numbers, fmt: Format) -> Numbers:
    # What leaves the format is as large as the format allows.
    return round_to(np.clip(numbers, -fmt.largest, fmt.largest), fmt)


def _largest(part: Numbers) -> float:
    return float(part[np.argmax(abs(part))])


def _with_part(flat: Numbers, segment: Segment, part: Numbers) -> Numbers:
    changed = flat.copy()
    changed[segment.start : segment.stop] = part
    return changed


def _segments(trial: Trial) -> tuple[Segment, ...]:
    found: list[Segment] = []
    start = 0
    for position, call in enumerate(trial):
        for name, part in call.numbers.items():
            found.append(Segment(position, name, start, start + part.size))
            start += part.size
    return tuple(found)


def _flat(trial: Trial) -> Numbers:
    return np.concatenate([part.ravel() for call in trial for part in call.numbers.values()])


def _rebuilt(trial: Trial, segments: Sequence[Segment], flat: Numbers) -> Trial:
    calls = [dict(call.numbers) for call in trial]
    for one in segments:
        shape = calls[one.call][one.name].shape
        calls[one.call][one.name] = flat[one.start : one.stop].reshape(shape)
    return tuple(replace(call, numbers=numbers) for call, numbers in zip(trial, calls, strict=True))
