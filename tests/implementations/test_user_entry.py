"""Entries from `--impl` and from function objects, and the probe for their backend."""

from __future__ import annotations

import sys
import warnings
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import InputError
from harness.implementations import numpy_softmax, torch_softmax
from harness.implementations.resolve import callable_of
from harness.implementations.user_entry import parse_impl, parse_impls, probe_backends, user_entry

WORD = st.from_regex(r"[A-Za-z_][A-Za-z_0-9]{0,8}", fullmatch=True)


@settings(deadline=None, max_examples=50)
@given(constant=st.lists(WORD, min_size=1, max_size=3), module=WORD, function=WORD)
def test_parse_impl(constant: list[str], module: str, function: str) -> None:
    name, reference = ".".join(constant), f"{module}:{function}"
    assert parse_impl(f"{name}={reference}") == (name, reference)
    assert parse_impl(f" {name} = {reference} ") == (name, reference)


@settings(deadline=None)
@given(text=st.text(max_size=20))
def test_parse_impl_has_no_other_error(text: str) -> None:
    try:
        constant, reference = parse_impl(text)
    except InputError as error:
        assert error.hint and error.exit_code == 2
    else:
        assert constant and reference


@pytest.mark.parametrize("text", ["", "softmaxVec", "softmaxVec=", "=a:b", "softmaxVec:a=b"])
def test_what_is_not_an_impl(text: str) -> None:
    with pytest.raises(InputError, match=r"is not (CONST=)?MODULE:FUNCTION"):
        parse_impl(text)


def test_one_constant_twice() -> None:
    assert parse_impls(["f=a:b", "g=a:b"]) == {"f": "a:b", "g": "a:b"}
    with pytest.raises(InputError, match="'f' twice: a:b and c:d"):
        parse_impls(["f=a:b", "f=c:d"])


def test_an_entry_of_references_and_functions() -> None:
    functions: dict[str, Any] = {"softmaxVec": "math:sqrt", "softmaxJvp": numpy_softmax.softmax_jvp}
    entry = user_entry(functions, "numpy", arithmetic={"softmaxVec": "as_written"})
    assert callable_of(entry, "softmaxVec")(9.0) == 3.0
    assert callable_of(entry, "softmaxJvp") is numpy_softmax.softmax_jvp
    jvp = entry.constants["softmaxJvp"]
    assert jvp.reference == "harness.implementations.numpy_softmax:softmax_jvp"
    assert [one.arithmetic.name for one in entry.constants.values()] == ["as_written", "ieee"]
    assert entry.name == "math+harness.implementations.numpy_softmax-numpy"
    assert entry.dtypes == ("float64", "float32") and entry.devices == ("cpu",)
    assert not entry.expectation.violates


def test_an_arithmetic_that_cannot_be_meant() -> None:
    with pytest.raises(InputError, match="softmaxVce") as caught:
        user_entry({"softmaxVec": "a:b"}, "numpy", arithmetic={"softmaxVce": "ieee"})
    assert caught.value.hint == "did you mean 'softmaxVec'?"
    with pytest.raises(InputError, match="no arithmetic is called 'iee'"):
        user_entry({"softmaxVec": "a:b"}, "numpy", arithmetic={"softmaxVec": "iee"})


def _numpy_only(x: Any) -> Any:
    assert isinstance(x, np.ndarray)
    return np.exp(x)


def _torch_only(x: Any) -> Any:
    return torch.exp(x)


def _double_only(x: Any) -> Any:
    if x.dtype not in (np.float64, torch.float64):
        raise TypeError(x.dtype)
    return x * 2


def _leaves(x: Any) -> Any:
    sys.exit(1)


def _warns(x: Any) -> Any:
    warnings.warn("old", DeprecationWarning, stacklevel=1)
    return x / np.zeros(1, dtype=np.float32) if isinstance(x, np.ndarray) else [x]


@pytest.mark.parametrize(
    ("function", "backends"),
    [
        (_numpy_only, ("numpy",)),
        (_torch_only, ("torch",)),
        (_double_only, ("numpy", "torch")),
        (_leaves, ()),
        (_warns, ("numpy",)),
        (lambda x: x.tolist(), ()),
        (lambda: None, ()),
        (numpy_softmax.softmax_vec, ("numpy",)),
        (torch_softmax.softmax_vec, ("torch",)),
    ],
)
def test_the_probe_of_one_vector(function: Any, backends: tuple[str, ...]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert probe_backends(function, ["vector"]) == backends


def test_the_probe_of_other_arguments() -> None:
    for library, backend in ((numpy_softmax, "numpy"), (torch_softmax, "torch")):
        assert probe_backends(library.sum_exp, ["vector"]) == (backend,)
        assert probe_backends(library.dot_clm, ["vector", "vector"]) == (backend,)
        assert probe_backends(library.pi, ["rows", "vector"]) == (backend,)
        coordinate = library.softmax_deriv_coord
        assert probe_backends(coordinate, ["vector", "index", "vector"]) == (backend,)
        assert probe_backends(coordinate, ["vector", "vector"]) == ()
    assert probe_backends(lambda c, x: c[..., None] * x, ["real", "vector"]) == ("numpy", "torch")
    assert probe_backends(_numpy_only, ["vector"], device="cuda") == ()


def test_control_c_passes_the_probe() -> None:
    def interrupted(x: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        probe_backends(interrupted, ["vector"])
