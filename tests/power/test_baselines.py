"""What other tools say of an entry, on examples whose answers are known by hand."""

from __future__ import annotations

import numpy as np
import pytest

from harness.conformance.user import argument_kinds
from harness.implementations.entry import Entry
from harness.power.baselines import TOOLS, answers
from harness.power.document import Answer
from harness.power.matrix import catalogues, suspects
from harness.specs.library import SpecLibrary

ENTRIES: dict[str, Entry] = {one.entry.name: one.entry for one in suspects(catalogues())}


def said(library: SpecLibrary, name: str, dtype: str) -> dict[str, Answer]:
    entry = ENTRIES[name]
    (constant,) = entry.constants
    return answers(entry, dtype, argument_kinds(library, constant))


@pytest.mark.parametrize(
    ("name", "dtype", "assert_close", "gradcheck", "hypothesis", "atol_0"),
    [
        # A missing shift needs an overflow, which numbers of size 1 and 10 never give.
        ("without_shift", "float32", "passes", "not applicable", "passes", "passes"),
        # 1e-6 in the denominator, of 1.3e-6 and 1e-5 that are allowed.
        ("added_epsilon", "float32", "passes", "not applicable", "passes", "passes"),
        ("exp.base_two", "float32", "fails", "not applicable", "fails", "fails"),
        ("torch.softmin", "float64", "fails", "passes", "fails", "fails"),
        # float32 is 6e-8 off; 1e-7 are allowed by the first, 1e-5 by the second.
        ("torch.jvp_in_float32", "float64", "passes", "passes", "fails", "fails"),
        ("torch.shifted_in_place", "float64", "passes", "fails", "passes", "passes"),
        ("right.torch_by_module", "float64", "passes", "passes", "passes", "passes"),
        ("right.torch_in_place_of_copy", "float64", "passes", "not applicable", "passes", "passes"),
        ("right.torch_by_module", "bfloat16", "passes", "not applicable", *["not applicable"] * 2),
        # y dx - y s cancels: 10 times 6e-8 remain, and neither atol allows for that.
        ("right.jvp_expanded", "float32", "passes", "not applicable", "fails", "fails"),
        ("right.jvp_by_matmul", "float64", "passes", "not applicable", "passes", "fails"),
    ],
)
def test_answers_known_by_hand(
    library: SpecLibrary,
    name: str,
    dtype: str,
    assert_close: Answer,
    gradcheck: Answer,
    hypothesis: Answer,
    atol_0: Answer,
) -> None:
    expected = dict(zip(TOOLS, (assert_close, gradcheck, hypothesis, atol_0), strict=True))
    assert said(library, name, dtype) == expected


def test_what_an_entry_leaves_behind_is_undone(library: SpecLibrary) -> None:
    said(library, "torch.leaves_flushing", "float32")
    assert np.float32(2.0**-126) * np.float32(0.5) != 0
