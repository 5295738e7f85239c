"""Each lift with a right function, which conforms, and a wrong one, which is still found."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from harness.conformance.job import Job
from harness.conformance.request import Request
from harness.conformance.session import Session
from harness.conformance.verdict import CheckResult, Verdict
from harness.implementations.adapter import Adapter, Axis, Returns, lift
from harness.implementations.entry import Entry, Implementation
from harness.specs.load import load_specs
from harness.specs.locate import find_specs

LIBRARY = load_specs(find_specs(None).path)
Function = Callable[..., Any]


def softmax(x: Any, axis: int = -1) -> Any:
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def jvp(x: Any, v: Any) -> Any:
    y = softmax(x)
    return y * (v - (y * v).sum(axis=-1, keepdims=True))


def of_one_vector(x: Any) -> Any:
    if x.ndim != 1:
        raise ValueError("one vector, please")
    return softmax(x)


def of_a_matrix(x: Any) -> Any:
    if x.ndim != 2:
        raise ValueError("a matrix, please")
    return softmax(x)


def by_axis(x: Any, axis: int) -> Any:
    if axis < 0:
        raise ValueError("axes count from 0")
    return softmax(x, axis)


def of_columns(x: Any) -> Any:
    return softmax(x, 0)


def of_a_list(x: list[float]) -> list[float]:
    import math

    top = max(x)
    e = [math.exp(t - top) for t in x]
    return [t / sum(e) for t in e]


def of_tensors(x: Any, dim: int) -> Any:
    return torch.softmax(x, dim)


RIGHT: dict[str, tuple[Function, Adapter]] = {
    "axis by keyword": (by_axis, Adapter(axis=Axis("axis", along="last_positive"))),
    "axis by position": (by_axis, Adapter(axis=Axis(position=1, along="last_positive"))),
    "first axis": (of_columns, Adapter(axis=Axis(along="first"))),
    "rows, one by one": (of_one_vector, Adapter(rows="loop")),
    "rows of a matrix": (of_a_matrix, Adapter(rows="flat")),
    "item": (lambda x: (softmax(x), "more"), Adapter(returns=Returns(item=0))),
    "key and attribute": (
        lambda x: {"y": SimpleNamespace(values=softmax(x))},
        Adapter(returns=Returns("y", "values")),
    ),
    "names": (lambda *, values: softmax(values), Adapter(names=("values",))),
    "keywords": (lambda x, shift: softmax(x + shift), Adapter(keywords={"shift": 0})),
    "tensors": (of_tensors, Adapter(arrays="torch", axis=Axis("dim"))),
    "lists": (of_a_list, Adapter(arrays="list", rows="loop")),
}


def judged(
    function: Function, adapter: Adapter, constant: str = "softmaxVec", dtype: str = "float64"
) -> CheckResult:
    one = Implementation("here:function", function, adapter)
    entry = Entry("mine", "numpy", {constant: one}, (dtype,), min_n=1)
    session = Session(Request(effort="quick", shrink=False), LIBRARY, (entry,))
    return session.run(Job(constant, "definition", "mine", dtype, "cpu"))


@pytest.mark.parametrize("what", RIGHT)
def test_a_lifted_function_conforms(what: str) -> None:
    function, adapter = RIGHT[what]
    result = judged(function, adapter)
    assert result.verdict is Verdict.CONFORMS, result
    assert result.unsupported > 0  # the cells of n = 0, by min_n


@pytest.mark.parametrize("what", RIGHT)
def test_a_lifted_function_that_is_wrong_violates(what: str) -> None:
    function, adapter = RIGHT[what]
    spoil = 1 + 2.0**-20

    def wrong(x: Any, *rest: Any, **more: Any) -> Any:
        if isinstance(x, list):
            return function([t * spoil for t in x], *rest, **more)
        return function(x * spoil, *rest, **more)

    def wrong_by_name(*, values: Any) -> Any:
        return function(values=values * spoil)

    result = judged(wrong_by_name if adapter.names else wrong, adapter)
    assert result.verdict is Verdict.VIOLATES
    assert result.violation is not None and result.violation.kind in ("value", "nan")


@pytest.mark.parametrize("what", ["rows, one by one", "first axis", "item"])
def test_without_its_lift_the_same_function_violates(what: str) -> None:
    assert judged(RIGHT[what][0], Adapter()).verdict is Verdict.VIOLATES


def test_the_order_of_arguments() -> None:
    swapped = Adapter(order=(1, 0))
    assert judged(lambda v, x: jvp(x, v), swapped, "softmaxJvp").verdict is Verdict.CONFORMS
    assert judged(jvp, swapped, "softmaxJvp").verdict is Verdict.VIOLATES


def changes_its_argument(x: Any) -> Any:
    y = softmax(x) if not isinstance(x, torch.Tensor) else torch.softmax(x, -1)
    x[..., 0] = 7
    return y


def changes_its_list(x: list[float]) -> list[float]:
    y = of_a_list(x)
    x[0] = 7.0
    return y


@pytest.mark.parametrize(
    ("function", "adapter"),
    [
        (changes_its_argument, Adapter(rows="loop")),
        (changes_its_argument, Adapter(rows="flat")),
        (changes_its_argument, Adapter(axis=Axis(along="first"))),
        (changes_its_argument, Adapter(arrays="torch")),
        (changes_its_list, Adapter(arrays="list", rows="loop")),
    ],
)
def test_no_lift_hides_a_change_of_an_argument(function: Function, adapter: Adapter) -> None:
    result = judged(function, adapter)
    assert result.violation is not None and result.violation.kind == "mutated"


@pytest.mark.parametrize("shape", [(4,), (2, 4), (2, 3, 4)])
def test_a_flat_function_meets_a_matrix_whatever_the_batch(shape: tuple[int, ...]) -> None:
    x = np.arange(float(np.prod(shape))).reshape(shape) % 5
    found = lift(of_a_matrix, Adapter(rows="flat"), "numpy")(x)
    np.testing.assert_array_equal(found, softmax(x))


def test_a_change_of_a_flattened_copy_is_seen_in_the_original() -> None:
    lifted = lift(changes_its_argument, Adapter(rows="flat"), "numpy")
    x = np.zeros((4, 3, 2)).transpose(2, 1, 0)  # no view of it is a matrix of rows of 4
    lifted(x)
    assert (x[..., 0] == 7).any()


def test_results_of_another_kind_are_a_violation_of_type() -> None:
    for adapter in (Adapter(arrays="torch"), Adapter(rows="loop"), Adapter(arrays="list")):
        result = judged(lambda x: "no array", adapter)
        assert result.violation is not None and result.violation.kind == "type"
        assert "returned str" in result.violation.message


def test_rows_that_come_back_unlike_are_told() -> None:
    ragged = lift(lambda x: x[: 1 + int(x[0])], Adapter(rows="loop"), "numpy")
    with pytest.raises(TypeError, match="for vectors of one shape"):
        ragged(np.array([[0.0, 0, 0], [1, 0, 0]]))


def test_a_dtype_that_the_library_lacks_is_unsupported() -> None:
    function, adapter = RIGHT["lists"]
    result = judged(function, adapter, dtype="float32")
    assert (result.verdict, result.notes) == (
        Verdict.UNSUPPORTED,
        ("Python floats have no float32",),
    )


def test_what_lifts_keep_from_being_judged_is_noted() -> None:
    assert Adapter(keywords={"a": 1}, axis=Axis("axis")).notes("numpy") == ()
    (note,) = judged(*RIGHT["rows, one by one"]).notes
    assert note == "called for one vector at a time: batches are not judged"
    assert Adapter(arrays="numpy").notes("numpy") == ()
    assert any("copies" in note for note in Adapter(arrays="jax").notes("torch"))


def test_real_results_of_single_vectors() -> None:
    lifted = Adapter(rows="loop")
    for total in (lambda x: float(np.exp(x).sum()), lambda x: np.exp(x).sum()):
        assert judged(total, lifted, "sumExp").verdict is Verdict.CONFORMS
