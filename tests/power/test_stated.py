"""Every wrong implementation states an input at which balls separate it from its bound."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from harness.conformance.form_table import form_table
from harness.conformance.workbench import Workbench
from harness.errors import InputError
from harness.implementations.catalogue import load_catalogue
from harness.power.case_text import parse_cases
from harness.power.matrix import Suspect, catalogues, suspects
from harness.power.stated import separation
from harness.specs.library import SpecLibrary

FOUND = suspects(catalogues())
WRONG = [one for one in FOUND if one.entry.expectation.violates]
GROUPS = sorted({one.group for one in WRONG})
EQUIVALENT = [one for one in FOUND if one.entry.expectation.conforms == "equivalent"]


@pytest.fixture(scope="module")
def bench(library: SpecLibrary) -> Workbench:
    return Workbench(form_table(library), "quick", 1)


def inside(bench: Workbench, one: Suspect, text: str) -> list[str]:
    """The dtypes for which no case of the text shows a violation."""
    (constant,) = one.entry.constants
    cases = parse_cases(text)
    with np.errstate(all="ignore"):
        return [
            dtype
            for dtype in one.entry.dtypes
            if not any(separation(bench, one.entry, constant, dtype, case) for case in cases)
        ]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("group", GROUPS)
def test_the_stated_input_shows_each_defect(bench: Workbench, group: str) -> None:
    members = [one for one in WRONG if one.group == group]
    for one in members:
        expectation = one.entry.expectation
        assert expectation.case and expectation.reason and expectation.defect, one.entry.name
        assert inside(bench, one, expectation.case) == [], (one.entry.name, expectation.case)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("constant", ["softmaxVec", "softmaxJvp", "sumExp"])
def test_no_stated_input_shows_an_equivalent_one(bench: Workbench, constant: str) -> None:
    """The red twin: what must not be told apart is not, at any input that shows another defect."""
    alike = [one for one in EQUIVALENT if constant in one.entry.constants]
    assert alike
    texts = {
        one.entry.expectation.case
        for one in WRONG
        if constant in one.entry.constants and "* " not in one.entry.expectation.case
    }
    for one in alike:
        assert one.entry.expectation.reason
        for text in sorted(texts):
            assert inside(bench, one, text) == list(one.entry.dtypes), (one.entry.name, text)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_case_that_shows_nothing_is_told(bench: Workbench) -> None:
    one = next(one for one in WRONG if one.entry.name == "only.beyond_64")
    assert inside(bench, one, "x = [0] * 64") == ["float64", "float32"]
    assert inside(bench, one, "x = [0] * 65") == []


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_calls_before_the_judged_one_count(bench: Workbench) -> None:
    one = next(one for one in WRONG if one.entry.name == "memory.by_identity")
    fresh = replace(one)
    assert inside(bench, fresh, "x = [1, 2]") == ["float64", "float32"]
    assert inside(bench, fresh, "x = [2, 1]; after x = [1, 2]") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("y = [0]", "the case gives y, where softmaxVec takes x"),
        ("x = 0", "nested less deeply"),
        ("x = [[0], [0, 1]]", "its rows differ"),
        ("x = [0]; after x = [0, 1]", "differ in size"),
    ],
)
def test_arguments_that_do_not_fit_are_an_input_error(
    bench: Workbench, text: str, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        inside(bench, WRONG[[one.entry.name for one in WRONG].index("exp.base_two")], text)


def test_no_defect_is_named_twice_and_each_class_has_members() -> None:
    names = [one.entry.name for one in FOUND]
    assert len(set(names)) == len(names)
    classes = Counter(one.entry.expectation.defect for one in WRONG)
    assert min(classes.values()) >= 5 and "" not in classes


def test_the_small_catalogue_is_part_of_it() -> None:
    small = load_catalogue(Path(__file__).parents[1] / "wrong" / "catalogue.yaml")
    assert {entry.name for entry in small} <= {one.entry.name for one in FOUND}
