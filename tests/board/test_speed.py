"""Speeds: a number for what can be timed, nothing for what cannot."""

from __future__ import annotations

import math

from harness.board.speed import speeds
from harness.implementations.adapter import Adapter
from harness.implementations.entry import Entry, Implementation
from harness.specs.locate import find_specs

SPECS = find_specs(None).path


def test_what_can_be_timed_has_a_rate_and_what_cannot_has_none() -> None:
    def fails(x: object) -> object:
        raise ValueError

    of_lists = Adapter(arrays="list", rows="loop")
    constants = {
        "sumExp": Implementation("builtins:abs", abs),
        "softmaxVec": Implementation("here:fails", fails),
        "dotCLM": Implementation("here:list", lambda y, x: 0.0, of_lists),
        "softmaxDerivCoord": Implementation("here:index", fails),
    }
    entry = Entry("mine", "numpy", constants, ("float64", "float32"))
    found = speeds([entry], SPECS)
    assert set(found) == {
        ("mine", "sumExp", "float64"),
        ("mine", "sumExp", "float32"),
        ("mine", "dotCLM", "float64"),  # lists have no float32
    }
    assert all(0 < rate < math.inf for rate in found.values())
