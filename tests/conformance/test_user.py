"""Entries for functions that a user hands over: probed, named, and every word checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from harness.conformance.user import argument_kinds, entries_for
from harness.errors import InputError
from harness.implementations import numpy_softmax, torch_softmax
from harness.implementations.entry import Entry
from harness.specs.library import SpecLibrary


def made(
    functions: Mapping[str, str | Callable[..., object]],
    backend: str | None = None,
    dtypes: tuple[str, ...] = ("float32",),
    devices: tuple[str, ...] = ("cpu",),
    arithmetic: Mapping[str, str] | None = None,
) -> tuple[Entry, ...]:
    return entries_for(functions, backend, dtypes, devices, arithmetic or {}, None)


def for_both(x: Any) -> Any:
    return x * 1


def test_a_function_is_judged_by_the_libraries_that_it_answers_in_kind() -> None:
    (one,) = made({"softmaxVec": numpy_softmax.softmax_vec})
    assert (one.backend, one.dtypes, one.devices) == ("numpy", ("float32",), ("cpu",))
    (other,) = made({"softmaxVec": torch_softmax.softmax_vec})
    assert other.backend == "torch"
    assert [entry.backend for entry in made({"softmaxVec": for_both})] == ["numpy", "torch"]
    (asked,) = made({"softmaxVec": for_both}, backend="torch")
    assert asked.backend == "torch"


def test_functions_of_two_libraries_make_two_entries() -> None:
    entries = made(
        {
            "softmaxVec": numpy_softmax.softmax_vec,
            "softmaxJvp": torch_softmax.softmax_jvp,
            "softmaxVecOfFun": for_both,
        }
    )
    assert {entry.backend: set(entry.constants) for entry in entries} == {
        "numpy": {"softmaxVec", "softmaxVecOfFun"},
        "torch": {"softmaxJvp", "softmaxVecOfFun"},
    }


def test_a_promise_goes_with_its_function() -> None:
    entries = made(
        {"softmaxVec": for_both, "softmaxJvp": torch_softmax.softmax_jvp},
        arithmetic={"softmaxJvp": "exp2"},
    )
    by_backend = {entry.backend: entry.constants for entry in entries}
    assert by_backend["torch"]["softmaxJvp"].arithmetic.name == "exp2"
    assert by_backend["numpy"]["softmaxVec"].arithmetic.name == "ieee"


def test_a_reference_is_a_function_too() -> None:
    reference = "harness.implementations.numpy_softmax:sum_exp"
    (entry,) = made({"sumExp": reference})
    assert entry.backend == "numpy" and entry.constants["sumExp"].reference == reference


def test_every_kind_of_argument_is_probed() -> None:
    functions: dict[str, Callable[..., object]] = {
        "dotCLM": numpy_softmax.dot_clm,
        "softmaxDerivCoord": numpy_softmax.softmax_deriv_coord,
        "ContinuousLinearMap.pi": numpy_softmax.pi,
    }
    (entry,) = made(functions)
    assert (entry.backend, entry.constants.keys()) == ("numpy", functions.keys())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"functions": {}}, "no function is given"),
        ({"functions": {"sofmaxVec": for_both}}, "did you mean 'softmaxVec'"),
        ({"dtypes": ("float31",)}, "no dtype is called 'float31'.*did you mean 'float32'"),
        ({"devices": ("metal",)}, "no device is called 'metal'.*known are cpu, cuda"),
        ({"backend": "jax"}, "no backend is called 'jax'"),
        ({"arithmetic": {"softmaxVec": "iee"}}, "no arithmetic is called 'iee'.*'ieee'"),
        ({"arithmetic": {"softmaxJvp": "ieee"}}, "no supplied constant is called 'softmaxJvp'"),
        ({"functions": {"softmaxVec": lambda x: None}}, "of softmaxVec returns.*neither numpy nor"),
        ({"functions": {"softmaxVec": "json:nothing"}}, "has no 'nothing'"),
        ({"functions": {"softmaxVec": "no_such_module:f"}}, "no module 'no_such_module'"),
    ],
)
def test_bad_input_is_told_in_one_line(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        made(**{"functions": {"softmaxVec": for_both}, **arguments})
    assert "\n" not in str(caught.value)


def test_a_named_backend_is_not_probed() -> None:
    """So that a function that fails on the probe is judged, and its error told as a violation."""

    def fails(x: Any) -> Any:
        raise ValueError("not today")

    (entry,) = made({"softmaxVec": fails}, backend="numpy")
    assert entry.backend == "numpy"


def test_kinds_follow_the_types_of_the_constant(library: SpecLibrary) -> None:
    assert argument_kinds(library, "softmaxVec") == ("vector",)
    assert argument_kinds(library, "softmaxDerivCoord") == ("vector", "index", "vector")
    assert argument_kinds(library, "ContinuousLinearMap.pi") == ("rows", "vector")
    assert argument_kinds(library, "softmaxVecOfFun") == ("vector",)
    with pytest.raises(InputError):
        argument_kinds(library, "softmax")


def test_a_probe_does_not_change_what_the_function_sees_later() -> None:
    seen: list[Any] = []

    def remembers(x: Any) -> Any:
        seen.append(np.asarray(x).copy())
        x[...] = 0
        return x

    made({"softmaxVec": remembers}, backend=None)
    assert all(np.array_equal(one, seen[0]) for one in seen) and seen[0].any()
