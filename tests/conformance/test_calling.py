"""The calling convention: what is passed, what must come back, what is made of the rest."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from harness.cells.cell import Cell
from harness.conformance.backends import backend
from harness.conformance.calling import Callee, Results, call_cells, kept_result
from harness.conformance.guard import Misbehaviour
from harness.conformance.sheet import Placed

NUMBERS = np.arange(24.0).reshape(6, 4) / 8
VIEWS = ("contiguous", "strided", "transposed", "reversed", "offset")


def call(
    function: Callable[..., object],
    *,
    library: str = "numpy",
    batch: tuple[int, ...] = (6,),
    view: str = "contiguous",
    arguments: tuple[Any, ...] = (NUMBERS,),
    own: tuple[int, ...] = (4,),
) -> Results:
    """One call; `own` are the axes of one result."""
    callee = Callee("softmaxVec", "mine", function, backend(library), "float32")
    cell = Cell(1, "float32", 4, "normal", "normal", batch=batch, view=view)
    return call_cells(callee, arguments, cell.rows, own, (Placed(cell, 0, cell.rows),))


def trouble(function: Callable[..., object], **how: Any) -> tuple[str, str]:
    results = call(function, **how)
    (one,) = results.trouble
    assert np.isnan(results.numbers).all() and not results.done.any()
    return one.kind, one.message


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("batch", [(6,), (2, 3), ()])
@pytest.mark.parametrize("library", ["numpy", "torch"])
def test_shapes_dtypes_and_values_are_passed_as_promised(
    library: str, batch: tuple[int, ...], view: str
) -> None:
    seen: list[Any] = []

    def identity(x: Any, i: Any, c: Any) -> Any:
        seen.append((x, i, c))
        return x + 0

    rows = int(np.prod(batch))
    given = (NUMBERS[:rows], 2, NUMBERS[:rows, 0])
    results = call(identity, library=library, batch=batch, view=view, arguments=given)
    assert results.trouble == () and results.done.all()
    assert np.array_equal(results.numbers, NUMBERS[:rows])
    ((x, i, c),) = seen
    assert (i, type(i)) == (2, int)
    assert tuple(x.shape) == (*batch, 4) and tuple(c.shape) == batch
    assert type(x) is type(c) is (np.ndarray if library == "numpy" else torch.Tensor)
    assert str(x.dtype).endswith("float32") and str(c.dtype).endswith("float32")
    packed = torch.as_tensor(x).is_contiguous() if view != "reversed" else False
    assert packed == (view in ("contiguous", "offset"))


def test_each_cell_is_one_call_and_only_its_rows_are_lost() -> None:
    def halting(x: Any) -> Any:
        if len(x) == 2:
            raise ValueError("two")
        return x + 0

    callee = Callee("softmaxVec", "mine", halting, backend("numpy"), "float32")
    cells = [Cell(1, "float32", 4, "normal", "normal", batch=(rows,)) for rows in (1, 2, 3)]
    placed = tuple(
        Placed(cell, start, start + cell.rows) for cell, start in zip(cells, (0, 1, 3), strict=True)
    )
    results = call_cells(callee, (NUMBERS,), 6, (4,), placed)
    assert results.done.tolist() == [True, False, False, True, True, True]
    assert [(t.placed, t.kind, t.message) for t in results.trouble] == [
        (placed[1], "exception", "ValueError: two")
    ]
    assert np.array_equal(results.numbers[results.done], NUMBERS[results.done])


WRONG: dict[str, tuple[Callable[..., Any], str, str]] = {
    "shape": (lambda x: x[..., :3], "shape", "returned shape (6, 3), not (6, 4)"),
    "missing batch": (lambda x: x[0], "shape", "returned shape (4,), not (6, 4)"),
    "keepdims": (lambda x: x[..., None], "shape", "returned shape (6, 4, 1), not (6, 4)"),
    "float64": (lambda x: x.astype(np.float64), "dtype", "returned float64, not float32"),
    "int": (lambda x: x.astype(int), "dtype", "returned int64, not float32"),
    "complex": (lambda x: x.astype(np.complex64), "dtype", "returned complex64, not float32"),
    "object": (lambda x: x.astype(object), "dtype", "returned object, not float32"),
    "other endianness": (
        lambda x: x.astype(x.dtype.newbyteorder("S")),
        "dtype",
        f"returned {np.dtype('f4').newbyteorder('S')}, not float32",
    ),
    "list": (lambda x: x.tolist(), "type", "returned list, not an array of numpy"),
    "None": (lambda x: None, "type", "returned NoneType, not an array of numpy"),
    "torch": (lambda x: torch.ones(6, 4), "type", "returned Tensor, not an array of numpy"),
    "float": (lambda x: 1.0, "type", "returned float, not an array of numpy"),
    "changed": (lambda x: np.add(x, 1, out=x), "mutated", "argument 1 was changed by the call"),
    "arity": (lambda: None, "exception", "takes 0 positional arguments but 1 was given"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_must_not_come_back(name: str) -> None:
    function, kind, message = WRONG[name]
    found = trouble(function)
    assert found[0] == kind and found[1].endswith(message)


def test_numpy_for_torch_and_a_tensor_elsewhere() -> None:
    assert trouble(lambda x: x.numpy(), library="torch") == (
        "type",
        "returned ndarray, not an array of torch",
    )
    assert trouble(lambda x: x.to("meta"), library="torch") == (
        "type",
        "returned a tensor on meta, not cpu",
    )


def test_a_tensor_that_cannot_be_read_is_a_wrong_type() -> None:
    kind, message = trouble(lambda x: x.to_sparse(), library="torch")
    assert kind == "type" and message.startswith("cannot be read as an array: ")


def test_a_tensor_that_requires_grad_can_be_read() -> None:
    assert call(lambda x: x.clone().requires_grad_(), library="torch").trouble == ()


def test_a_change_beside_an_argument_is_seen() -> None:
    def writes_outside(x: Any) -> Any:
        whole = x.base if x.base.base is None else x.base.base
        result = x + 0
        whole[...] = np.where(np.isnan(whole), 0, whole)
        return result

    found = trouble(writes_outside, view="strided")
    assert found == ("mutated", "memory beside argument 1 was changed")
    assert call(lambda x: x + 0, view="strided").trouble == ()


def test_the_sign_of_zero_and_the_bits_of_nan_count_as_changes() -> None:
    def negates_zero(x: Any) -> Any:
        result = x + 0
        x[0, 0] = -x[0, 0]
        return result

    assert NUMBERS[0, 0] == 0
    assert trouble(negates_zero)[0] == "mutated"


def test_a_real_number_without_a_batch_may_be_a_float() -> None:
    real: dict[str, Any] = {"batch": (), "own": (), "arguments": (NUMBERS[:1],)}
    for result in (1.5, np.float32(1.5), np.array(1.5, np.float32)):
        results = call(lambda x, r=result: r, **real)
        assert results.trouble == () and results.numbers.tolist() == [1.5]
    assert trouble(lambda x: np.float64(1.5), **real) == ("dtype", "returned float64, not float32")
    assert trouble(lambda x: "1.5", **real)[0] == "type"
    assert trouble(lambda x: np.ones(1, np.float32), **real) == (
        "shape",
        "returned shape (1,), not ()",
    )


def test_nan_is_a_result_to_be_judged() -> None:
    results = call(lambda x: x * np.float32(np.nan))
    assert results.trouble == () and results.done.all() and np.isnan(results.numbers).all()


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no SIGALRM here")
def test_after_a_hang_no_other_cell_is_called() -> None:
    calls: list[int] = []

    def hangs(x: Any) -> Any:
        calls.append(len(x))
        while True:
            pass

    callee = Callee("softmaxVec", "mine", hangs, backend("numpy"), "float32", limit=0.05)
    cells = [Cell(1, "float32", 4, "normal", "normal", shard=s, batch=(3,)) for s in (0, 1)]
    placed = (Placed(cells[0], 0, 3), Placed(cells[1], 3, 6))
    start = time.monotonic()
    results = call_cells(callee, (NUMBERS,), 6, (4,), placed)
    assert [t.kind for t in results.trouble] == ["hang"]
    assert calls == [3] and not results.done.any()
    assert time.monotonic() - start < 5


def test_flushing_subnormal_numbers_is_undone_and_told() -> None:
    if not torch.set_flush_denormal(False):
        pytest.skip("this processor cannot flush")
    tiny = np.full((6, 4), 2.0**-140)

    def flushes(x: torch.Tensor) -> torch.Tensor:
        torch.set_flush_denormal(True)
        return x + 0

    kind, message = trouble(flushes, library="torch", arguments=(tiny,))
    assert (kind, message) == ("mutated", "the call left subnormal numbers flushed to zero")
    assert float(np.float32(2.0**-140) * np.float32(0.5)) == 2.0**-141

    def restores(x: torch.Tensor) -> torch.Tensor:
        torch.set_flush_denormal(True)
        result = x + 0
        torch.set_flush_denormal(False)
        return result

    assert call(restores, library="torch", arguments=(tiny,)).trouble == ()


def test_ctrl_c_passes() -> None:
    def interrupted(x: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call(interrupted)


def test_what_goes_wrong_on_the_device_is_of_the_call_that_asked_for_it() -> None:
    def failing() -> None:
        raise RuntimeError("device-side assert triggered")

    device = replace(backend("torch"), wait=failing)
    callee = Callee("softmaxVec", "mine", lambda x: x + 0, device, "float32")
    cell = Cell(1, "float32", 4, "normal", "normal", batch=(6,))
    (one,) = call_cells(callee, (NUMBERS,), 6, (4,), (Placed(cell, 0, 6),)).trouble
    assert (one.kind, one.message) == ("exception", "RuntimeError: device-side assert triggered")


def test_a_kept_result_is_a_copy_and_what_was_returned_is_spoiled() -> None:
    library, given = backend("torch"), list[torch.Tensor]()

    def double(x: torch.Tensor) -> torch.Tensor:
        given.append(2 * x)
        return given[-1]

    callee = Callee("softmaxVec", "mine", double, library, "float32")
    cell = Cell(1, "float32", 4, "normal", "normal", batch=(2, 3))
    numbers = library.make(NUMBERS, "float32")
    kept = kept_result(callee, (numbers,), (4,), Placed(cell, 0, 6))
    assert torch.equal(kept, 2 * numbers) and tuple(given[0].shape) == (2, 3, 4)
    assert given[0].isnan().all()


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        (lambda x: x.mul_(2), "mutated"),
        (lambda x: (2 * x).to_sparse(), "type"),
        (lambda x: x[:2] + 0, "shape"),
        (lambda x: x.double(), "dtype"),
        (lambda x: 1 / 0, "exception"),
    ],
)
def test_a_result_that_is_none_is_not_kept(function: Callable[..., object], kind: str) -> None:
    library = backend("torch")
    callee = Callee("softmaxVec", "mine", function, library, "float32")
    cell = Cell(1, "float32", 4, "normal", "normal", batch=(6,))
    with pytest.raises(Misbehaviour) as found:
        kept_result(callee, (library.make(NUMBERS, "float32"),), (4,), Placed(cell, 0, 6))
    assert found.value.kind == kind
