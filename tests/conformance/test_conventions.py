"""The table of conventions: what comes back for NaN, infinities and empty rows, and exceptions."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from harness.conformance.conventions import EMPTY_BATCH, SITUATIONS, conventions
from harness.implementations.entry import Entry, Implementation, Process
from harness.implementations.user_entry import user_entry
from harness.specs.load import load_specs
from harness.specs.locate import find_specs

ROOT = Path(__file__).parents[2]
LIBRARY = load_specs(find_specs(None).path)


def table(function):
    entry = user_entry({"softmaxVec": function}, "numpy", dtypes=("float32",), name="mine")
    found = conventions((entry,), LIBRARY.definitions)
    return {one.situation: one.outcome for one in found}


def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def test_every_situation_has_a_row() -> None:
    assert set(table(softmax)) == {*SITUATIONS, EMPTY_BATCH}


def test_what_comes_back_is_told() -> None:
    found = table(softmax)
    assert found["a NaN"] == "NaN everywhere"
    assert found["a masked coordinate (-inf)"] == "[0.269, 0, 0.731]"
    assert found["no coordinates (n = 0)"].startswith("exception: ValueError")


def test_code_that_treats_a_masked_row_otherwise_is_told_otherwise() -> None:
    found = table(lambda x: np.nan_to_num(softmax(x)))
    assert found["a masked row (all -inf)"] == "[0, 0, 0]"


def test_a_program_has_conventions_too() -> None:
    words = (sys.executable, str(ROOT / "examples" / "adapters" / "python_adapter.py"))
    names = ("softmaxVec", "sumExp", "softmaxVecOfFun")
    entry = Entry(
        "program",
        "numpy",
        {name: Implementation("process:<it>") for name in names},
        ("float32",),
        process=Process(words),
    )
    found = {
        (one.constant, one.situation): one.outcome
        for one in conventions((entry,), LIBRARY.definitions)
    }
    assert found["softmaxVec", "a masked coordinate (-inf)"] == "[0.269, 0, 0.731]"
    assert found["sumExp", "a NaN"] == "NaN"
    assert found["softmaxVecOfFun", "a NaN"] == "unsupported: its program does not offer it"


def test_an_empty_batch_is_a_situation_of_its_own() -> None:
    assert table(softmax)[EMPTY_BATCH] == "an empty array of shape (0, 3)"


def test_further_vectors_get_plain_numbers_and_arguments_are_told() -> None:
    def jvp(x, v):
        y = softmax(x)
        return y * (v - np.sum(y * v, axis=-1, keepdims=True))

    entry = user_entry({"softmaxJvp": jvp}, "numpy", dtypes=("float32",), name="mine")
    found = {one.situation: one for one in conventions((entry,), LIBRARY.definitions)}
    masked = found["a masked coordinate (-inf)"]
    assert masked.arguments == ("[0, -inf, 1]", "[1, 2, 3]")
    assert masked.outcome == "[-0.393, -0, 0.393]"


def test_code_that_changes_its_argument_does_not_change_the_next_situation() -> None:
    def overwrites(x):
        y = softmax(x)
        x[...] = 7.0
        return y

    assert table(overwrites) == table(softmax)
