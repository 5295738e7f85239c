"""Smaller shapes of a trial: fewer rows, fewer coordinates, one layout instead of another."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from harness.conformance.given import Given, Numbers, axes_of
from harness.conformance.shrink_trial import Examiner, Trial
from harness.statement.term import Var

MOST_AT_ONCE = 32
"""Trials of one granularity: where there are more places, those are tried that stand apart."""
_MOST_NUMBERS = 2**11
_SMALL = 8

Cut = Callable[[Trial, Sequence[int]], Trial]
"""The trial with only these rows or coordinates, ascending."""


def simpler_calls(trial: Trial, row: int) -> list[Trial]:
    """The same input in plainer calls, plainest first: one row without a batch, then the layout."""
    judged = trial[-1]
    batches: dict[tuple[int, ...], list[int]] = {}
    if judged.batch != ():
        batches[()] = [row]
    if judged.rows > 1:
        batches[(1,)] = [row]
        if len(judged.batch) == 2:
            columns = judged.batch[1]
            first = row - row % columns
            batches[(1, 1)] = [row]
            batches[(1, columns)] = list(range(first, first + columns))
            batches[(judged.batch[0], 1)] = list(range(row % columns, judged.rows, columns))
        batches[(judged.rows,)] = list(range(judged.rows))
    batches[judged.batch] = list(range(judged.rows))
    views = dict.fromkeys(("contiguous", judged.view))
    made = [
        tuple(replace(rows_of(call, rows), batch=batch, view=view) for call in trial)
        for batch, rows in batches.items()
        for view in views
    ]
    return [one for one in made if _shape(one) != _shape(trial)]


def rows_of(call: Given, rows: Sequence[int]) -> Given:
    """These rows of a call, as one leading axis; rows that it does not have are its first."""
    chosen = [row if row < call.rows else 0 for row in rows]
    numbers = {name: part[chosen] for name, part in call.numbers.items()}
    return replace(call, numbers=numbers, batch=(len(chosen),))


def cut_rows(trial: Trial, rows: Sequence[int]) -> Trial:
    """Only these rows of every call, as one leading axis."""
    return tuple(rows_of(call, rows) for call in trial)


def cut_coordinates(variables: Mapping[str, Var], size: str, calls: Container[int]) -> Cut:
    """Cuts the coordinates that the ℕ variable `size` counts, in every array that has such an axis.

    calls: the places of the calls to cut, which have one size.
    """

    def cut_call(call: Given, kept: Sequence[int]) -> Given:
        n = call.sizes[size]
        gone = sorted(set(range(n)) - set(kept))
        numbers = {
            name: _without(part, variables[name], size, n, gone)
            for name, part in call.numbers.items()
        }
        return replace(call, sizes={**call.sizes, size: len(kept)}, numbers=numbers)

    def cut(trial: Trial, kept: Sequence[int]) -> Trial:
        return tuple(
            cut_call(call, kept) if place in calls else call for place, call in enumerate(trial)
        )

    return cut


def sizes_of(trial: Trial) -> list[tuple[str, int, list[int]]]:
    """Each ℕ variable with each value that it has, and the places of the calls that have it."""
    found: dict[tuple[str, int], list[int]] = {}
    for place, call in enumerate(trial):
        for name, n in call.sizes.items():
            found.setdefault((name, n), []).append(place)
    return [(name, n, places) for (name, n), places in found.items()]


def fewest(examiner: Examiner, trial: Trial, length: int, least: int, cut: Cut) -> Trial:
    """A failing trial with as few of `length` rows or coordinates as can be had, `least` or more.

    From below: one or two of them, any three of few. From above: as large parts as can go, halved
    until none can.
    """
    found = examiner.first(_few(trial, length, least, cut))
    if found:
        return found
    part = length // 2
    while part and length > least:
        part = min(part, length - least)
        most = max(min(MOST_AT_ONCE, _MOST_NUMBERS // length), 2)
        found = examiner.first([cut(trial, kept) for kept in _deletions(length, part, most)])
        if found:
            trial, length = found, length - part
        else:
            part //= 2
    return trial


def _few(trial: Trial, length: int, least: int, cut: Cut) -> list[Trial]:
    places = _telling(trial, length)
    found: list[Sequence[int]] = []
    for count in range(max(least, 1), min(length, 4 if length <= _SMALL else 3)):
        found += list(combinations(places, count))[: 2 * MOST_AT_ONCE]
    return [cut(trial, kept) for kept in found]


def _telling(trial: Trial, length: int) -> list[int]:
    """Places worth keeping: all of few; else the ends and where numbers are extreme."""
    if length <= _SMALL:
        return list(range(length))
    chosen = {0, 1, length // 2, length - 1}
    for part in trial[-1].numbers.values():
        if part.ndim == 2 and part.shape[1] == length:
            chosen |= {int(part[0].argmax()), int(part[0].argmin()), int(abs(part[0]).argmax())}
    return sorted(chosen)


def _deletions(length: int, part: int, most: int) -> Iterator[Sequence[int]]:
    """What is left without one part of this length, the last part first."""
    starts = {*range(0, length - part + 1, part), length - part}
    chosen = sorted(starts, reverse=True)
    step = -(-len(chosen) // most)
    for start in chosen[::step]:
        yield [*range(start), *range(start + part, length)]


def _without(part: Numbers, variable: Var, size: str, n: int, gone: Sequence[int]) -> Numbers:
    for axis, length in enumerate(axes_of(variable.type), start=1):
        # A length such as n + 1 has all places that n has; n + n has them twice.
        turns = range(length.variables.count(size))
        part = np.delete(part, [turn * n + k for turn in turns for k in gone], axis=axis)
    return part


def _shape(trial: Trial) -> tuple[object, ...]:
    return tuple((call.batch, call.view) for call in trial)
