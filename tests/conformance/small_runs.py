"""What the tests of runs share: a short request, our entries, and one of a user's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from harness.conformance.request import Request
from harness.implementations import numpy_softmax
from harness.implementations.catalogue import load_catalogue
from harness.implementations.entry import Entry
from harness.implementations.user_entry import user_entry

QUICK = Request(effort="quick", shrink=False)
SUMS = replace(QUICK, names=("sumExp",), dtypes=("float32",))
OURS = load_catalogue()
NUMPY = next(entry for entry in OURS if entry.name == "numpy")


def mine(constant: str, function: Callable[..., object], **how: Any) -> Entry:
    """A function of a user: in float32 and called `mine`, where `how` says nothing else."""
    how = {"dtypes": ("float32",), "name": "mine", **how}
    return user_entry({constant: function}, "numpy", **how)


def doubled(x: Any) -> Any:
    """A wrong sumExp."""
    return numpy_softmax.sum_exp(x) * x.dtype.type(2)
