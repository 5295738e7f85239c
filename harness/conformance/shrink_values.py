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
"""Where there are more numbers, blocks of them are tried before single ones."""
_MOST_PLACES = 24
_MOST_BLOCKS = 64
_MOST_NUMBERS = 2**15
_MOST_TRIALS = 256
_BITS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
_STEPS = (1, 2, 3, 5, 8, 16, 32, 64, 128, 256, 512)
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
    trial = roughly_simpler(examiner, trial, fmt)
    size = _count(trial) // 2 if _count(trial) > MOST_SINGLES else 0
    while True:
        flat = _flat(trial)
        moves = _block_moves(flat, _segments(trial), size) if size else _single_moves(flat, fmt)
        found = _best_of(examiner, trial, moves)
        if found:
            trial = found
        elif size:
            # Many small blocks take longer than they are worth.
            size = size // 2 if size > _count(trial) // _MOST_BLOCKS else 0
        else:
            return trial


def roughly_simpler(examiner: Examiner, trial: Trial, fmt: Format) -> Trial:
    """A failing trial of the same shape in which whole variables have become simpler."""
    while found := _best_of(examiner, trial, _whole_moves(_flat(trial), _segments(trial), fmt)):
        trial = found
    return trial


def _best_of(examiner: Examiner, trial: Trial, moves: Iterable[Numbers]) -> Trial | None:
    """The simplest failing trial with these numbers, or with those of several together."""
    flat, segments = _flat(trial), _segments(trial)
    most = min(max(_MOST_NUMBERS // max(len(flat), 1), 4), _MOST_TRIALS)
    candidates = _simpler_ones(moves, flat)[:most]
    flags = examiner.failing([_rebuilt(trial, segments, one) for one in candidates])
    good = [one for one, fails in zip(candidates, flags, strict=True) if fails]
    return examiner.first([_rebuilt(trial, segments, one) for one in _joined(flat, good)])


def cost(numbers: Numbers) -> Numbers:
    """How complicated each number is: 0 for 0, then 1, 2, 3, 1/2, 4, ...

    The bits of its significand and the size of its exponent; a sign costs little.
    """
    significands, exponents = np.frexp(numbers)
    whole = abs(np.ldexp(significands, 53)).astype(np.int64)
    trailing = np.frexp((whole & -whole).astype(np.float64))[1] - 1
    bits, lowest = 53 - trailing, exponents - 53 + trailing
    costs = bits + abs(lowest) / 4 + 0.1 * (lowest < 0)
    return np.where(whole == 0, 0.0, costs) + 0.01 * np.signbit(numbers)


def _simpler_ones(candidates: Iterable[Numbers], flat: Numbers) -> list[Numbers]:
    """Those that are simpler, each once, simplest first."""
    distinct = list({one.tobytes(): one for one in candidates}.values())
    if not distinct:
        return []
    totals = cost(np.array(distinct)).sum(axis=1)
    order = np.argsort(totals, kind="stable")
    return [distinct[k] for k in order[totals[order] < cost(flat).sum()].tolist()]


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
            if not flat[start:stop].any() and not np.signbit(flat[start:stop]).any():
                continue
            block = Segment(segment.call, segment.name, start, stop)
            for number in (0.0, 1.0, flat[start]):
                yield _with_part(flat, block, np.full(stop - start, number))


def _single_moves(flat: Numbers, fmt: Format) -> Iterator[Numbers]:
    """Each number, and each group of numbers that differ in sign only, replaced."""
    costs = cost(flat)
    places = np.argsort(-costs, kind="stable")
    # Of many numbers, the most complicated ones: time is short.
    most = max(_MOST_PLACES * _MOST_PLACES // max(len(flat), 1), 2)
    others = flat[places[::-1][:4]].tolist()
    for place in places[:most].tolist():
        for number in _candidates(float(flat[place]), fmt, others):
            changed = flat.copy()
            changed[place] = number
            yield changed
    sizes, counts = np.unique(abs(flat), return_counts=True)
    groups = sizes[counts > 1]
    for size in groups[np.argsort(-cost(groups), kind="stable")][:most].tolist():
        group = abs(flat) == size
        for number in _candidates(size, fmt, []):
            signed = np.copysign(number, flat) if number else np.zeros_like(flat)
            yield np.where(group, signed, flat)


def _candidates(value: float, fmt: Format, others: Sequence[float]) -> list[float]:
    """Numbers of the format that may be simpler than a value, or that it could be equal to."""
    found = [*_SMALL_INTEGERS, *others]
    if value:
        exponent = math.frexp(value)[1]
        # Towards 1 in steps that double: a threshold anywhere is found in a few rounds.
        towards = [exponent - int(math.copysign(k, exponent)) for k in _STEPS if k < abs(exponent)]
        ladder = {exponent, *towards, *(exponent // k for k in (2, 4, 8))}
        found += [math.copysign(math.ldexp(1.0, max(e, -1074)), value) for e in ladder if e < 1024]
        found += [-value, float(round(value)), float(math.floor(value)), float(math.ceil(value))]
        bits = _with_bits(np.full(len(_BITS), value), np.array(_BITS))
        found += bits.tolist()
    numbers = _in_format(np.array(found, dtype=np.float64), fmt).tolist()
    # Zeros are equal, whatever their signs, and so are the keys of a dictionary.
    return [0.0, *(v for v in dict.fromkeys(numbers) if v)]


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


def _count(trial: Trial) -> int:
    return sum(part.size for call in trial for part in call.numbers.values())


def _flat(trial: Trial) -> Numbers:
    return np.concatenate([part.ravel() for call in trial for part in call.numbers.values()])


def _rebuilt(trial: Trial, segments: Sequence[Segment], flat: Numbers) -> Trial:
    calls = [dict(call.numbers) for call in trial]
    for one in segments:
        shape = calls[one.call][one.name].shape
        calls[one.call][one.name] = flat[one.start : one.stop].reshape(shape)
    return tuple(replace(call, numbers=numbers) for call, numbers in zip(trial, calls, strict=True))
