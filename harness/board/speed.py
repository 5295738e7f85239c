"""How fast library paths are, roughly: elements per second on one batch, in a process of its own.

These numbers are noisy and say nothing about correctness: one shape, one thread, whatever else the
machine does. Arrays are converted before the clock starts.
"""

from __future__ import annotations

import multiprocessing
import time
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import numpy as np

from harness.conformance.backends import backend
from harness.conformance.guard import TIME_LIMIT, Misbehaviour, alarms, guarded
from harness.errors import InputError
from harness.implementations.adapter import prepared
from harness.implementations.entry import Entry
from harness.implementations.resolve import callable_of
from harness.specs.load import load_specs
from harness.statement.types import is_coordinates

ROWS, LENGTH = 64, 1024
SECONDS = 0.05
"""Time that is spent on each path, after a first call that may compile."""

_PATIENCE = 300.0

Key = tuple[str, str, str]
"""Entry, constant, dtype."""


def speeds_apart(entries: Sequence[Entry], specs: Path) -> Mapping[Key, float]:
    """Elements per second for each constant and dtype of the entries that can be timed.

    Nothing when the process that times them dies or takes too long.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        try:
            return pool.submit(speeds, tuple(entries), specs).result(_PATIENCE)
        except (BrokenProcessPool, TimeoutError):
            for process in (pool._processes or {}).values():
                process.kill()
            return {}


def speeds(entries: Sequence[Entry], specs: Path) -> dict[Key, float]:
    """As `speeds_apart`, in this process."""
    definitions = load_specs(specs).definitions
    found: dict[Key, float] = {}
    with warnings.catch_warnings(), np.errstate(all="ignore"), alarms():
        warnings.simplefilter("ignore")
        for entry in entries:
            for constant in entry.constants:
                params = definitions[constant].params if constant in definitions else ()
                if not params or not all(is_coordinates(one.type) for one in params):
                    continue
                for dtype in entry.dtypes:
                    try:
                        rate = _rate(entry, constant, dtype, len(params))
                    except (InputError, Misbehaviour):
                        continue
                    found[entry.name, constant, dtype] = rate
    return found


def _rate(entry: Entry, constant: str, dtype: str, arguments: int) -> float:
    made = backend(entry.backend)
    n = min(LENGTH, entry.max_n or LENGTH)
    numbers = np.random.default_rng(1).normal(size=(arguments, ROWS, n))
    passed = [made.make(made.read(made.make(part, dtype)), dtype) for part in numbers]
    call = prepared(callable_of(entry, constant), passed)
    guarded(call, (), entry.seconds or TIME_LIMIT)  # the first call may compile
    best, spent = np.inf, 0.0
    while spent < SECONDS:
        start = time.perf_counter()
        guarded(call, ())
        took = time.perf_counter() - start
        best, spent = min(best, took), spent + took
    return ROWS * n / best
