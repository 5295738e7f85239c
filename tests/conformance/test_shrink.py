"""Shrinking: the smallest input that fails in the same way, for each way in which code can fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.conformance.job import Job
from harness.conformance.request import Request
from harness.conformance.session import Session
from harness.conformance.verdict import Shrunk
from harness.implementations.catalogue import load_catalogue
from harness.specs.library import SpecLibrary

MUTANTS = Path(__file__).parents[1] / "mutants"
ENTRIES = tuple(
    entry
    for file in ("sometimes", "softmax", "derivatives", "maps_and_sums", "torch")
    for entry in load_catalogue(MUTANTS / f"{file}.yaml")
)


@pytest.fixture(scope="module")
def session(library: SpecLibrary) -> Session:
    """A quick run, but for sizes, layouts and batches that only a default one has."""
    return Session(Request(effort="default", fail_fast=True), library, ENTRIES)


def shrunk(
    session: Session, constant: str, entry: str, dtype: str, check: str = "definition"
) -> Shrunk:
    result = session.run(Job(constant, check, entry, dtype, "cpu"))
    assert result.violation is not None and result.violation.shrunk is not None, result.notes
    smaller = result.violation.shrunk
    assert smaller.violation.kind == result.violation.kind or smaller.violation.kind in (
        "value",
        "nan",
    )
    return smaller


@pytest.mark.parametrize(
    ("entry", "n", "batch", "view"),
    [
        ("only.for_two", 2, (), "contiguous"),
        ("only.beyond_64", 65, (), "contiguous"),
        ("only.for_two_axes_of_batch", 1, (1, 1), "contiguous"),
        ("only.for_odd_batches", 1, (1,), "contiguous"),
        ("only.for_even_batches", 1, (2,), "contiguous"),
        ("only.for_reversed", 1, (), "reversed"),
        ("memory.backwards", 2, (), "reversed"),
        ("only.for_odd_addresses", 1, (), "strided"),
        ("memory.without_strides", 2, (), "strided"),
    ],
)
def test_the_shape_is_the_smallest_that_fails(
    session: Session, entry: str, n: int, batch: tuple[int, ...], view: str
) -> None:
    smaller = shrunk(session, "softmaxVec", entry, "float32")
    (call,) = smaller.calls
    assert (dict(call.sizes), call.batch, call.view) == ({"n": n}, batch, view)
    assert smaller.violation.confirmed and smaller.violation.ratio is not None
    assert smaller.violation.ratio > 1


@pytest.mark.parametrize("entry", ["memory.by_shape", "memory.by_sum", "memory.by_size_and_ends"])
def test_code_that_remembers_keeps_the_call_before(session: Session, entry: str) -> None:
    smaller = shrunk(session, "softmaxVec", entry, "float32")
    first, last = smaller.calls
    assert first.numbers != last.numbers and first.sizes == last.sizes


def test_numbers_become_simple(session: Session) -> None:
    smaller = shrunk(session, "softmaxVec", "sum.guarded_1e-7", "float32")
    assert [call.numbers for call in smaller.calls] == [{"x": [(0.0).hex()]}]


@pytest.mark.parametrize(
    ("entry", "constant", "dtype", "kind"),
    [
        ("memory.into_argument", "softmaxVec", "float32", "mutated"),
        ("result.widened", "softmaxVec", "float32", "dtype"),
        ("result.squeezed", "softmaxVec", "float32", "shape"),
        ("result.as_list", "softmaxVec", "float32", "type"),
        ("result.refused", "softmaxVec", "float32", "exception"),
    ],
)
def test_what_is_no_value_is_shrunk_too(
    session: Session, entry: str, constant: str, dtype: str, kind: str
) -> None:
    smaller = shrunk(session, constant, entry, dtype)
    (call,) = smaller.calls
    assert smaller.violation.kind == kind and max(call.sizes.values()) <= 3


def test_theorems_are_shrunk(session: Session) -> None:
    smaller = shrunk(session, "softmaxJvp_eq_deriv", "jvp.doubled", "float32", "theorem")
    assert smaller.calls[-1].sizes == {"n": 2}
