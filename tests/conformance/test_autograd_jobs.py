"""Derivatives that torch takes: right ones conform in every mode, wrong ones violate in each."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from harness.conformance.autograd_jobs import MODE_NAMES
from harness.conformance.request import Request
from harness.conformance.select_jobs import jobs
from harness.conformance.session import Session
from harness.conformance.verdict import CheckResult, Verdict
from harness.implementations.user_entry import user_entry
from harness.specs.load import load_specs
from harness.specs.locate import find_specs

LIBRARY = load_specs(find_specs(None).path)


class Given(torch.autograd.Function):
    """Softmax with a derivative of its own, right in both directions."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x):
        return torch.softmax(x, dim=-1)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(output)
        ctx.save_for_forward(output)

    @classmethod
    def along(cls, y, v):
        return y * (v - (y * v).sum(dim=-1, keepdim=True))

    @classmethod
    def backward(cls, ctx, v):
        return cls.along(ctx.saved_tensors[0], v)

    @classmethod
    def jvp(cls, ctx, v):
        return cls.along(ctx.saved_tensors[0], v)


class WithoutFactor(Given):
    """A factor y is missing."""

    generate_vmap_rule = True

    @classmethod
    def along(cls, y, v):
        return v - (y * v).sum(dim=-1, keepdim=True)


class WrongSign(Given):
    """What is off the diagonal of the Jacobian has the wrong sign."""

    generate_vmap_rule = True

    @classmethod
    def along(cls, y, v):
        return y * (v - 2 * y * v + (y * v).sum(dim=-1, keepdim=True))


class Once(torch.autograd.Function):
    """Softmax with the backward pass of an older style, which cannot be differentiated again."""

    @staticmethod
    def forward(ctx, x):
        y = torch.softmax(x, dim=-1)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, v):
        (y,) = ctx.saved_tensors
        return y * (v - (y * v).sum(dim=-1, keepdim=True))


def shifted(x, *, detached=False, pick="amax"):
    if x.shape[-1] == 0:
        return x.clone()
    top = x.amax(-1, keepdim=True) if pick == "amax" else x.max(-1, keepdim=True).values
    e = (x - (top.detach() if detached else top)).exp()
    return e / e.sum(dim=-1, keepdim=True)


def half_detached(x):
    y = torch.softmax(x, dim=-1)
    return 0.5 * y + 0.5 * y.detach()


def through_numpy(x):
    return torch.from_numpy(torch.softmax(x, dim=-1).detach().numpy())


RIGHT = {
    "softmax": lambda x: torch.softmax(x, dim=-1),
    "given": Given.apply,
    "shifted": shifted,
    "shifted by max": lambda x: shifted(x, pick="max"),
    "shifted, detached": lambda x: shifted(x, detached=True),
    "module": torch.nn.Softmax(dim=-1),
}
WRONG = {
    "half detached": half_detached,
    "without a factor": WithoutFactor.apply,
    "wrong sign off the diagonal": WrongSign.apply,
}


def results(function, modes=MODE_NAMES, dtype="float32") -> dict[str, CheckResult]:
    entry = user_entry({"softmaxVec": function}, "torch", dtypes=(dtype,), name="mine")
    supplied = frozenset({"softmaxVec"})
    request = Request(effort="quick", autograd=modes, supplied=supplied, shrink=False)
    session = Session(request, LIBRARY, (entry,))
    session._benches.update(BENCHES)
    todo = [job for job in jobs(request, LIBRARY, (entry,)) if job.check == "derivative"]
    found = {MODE_NAMES[job.part]: session.run(job) for job in todo}
    BENCHES.update(session._benches)
    return found


BENCHES: dict = {}  # references and bounds, which the tests here share


@pytest.mark.parametrize("name", RIGHT)
def test_what_torch_takes_of_a_right_softmax_conforms(name: str) -> None:
    found = results(RIGHT[name])
    assert set(found) == set(MODE_NAMES)
    for mode, result in found.items():
        assert result.verdict is Verdict.CONFORMS, (mode, result.violation)
        assert result.cases > 1000 and result.arithmetic == "flush_to_zero, ieee"


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_derivative_of_a_right_softmax_violates_in_every_mode(name: str) -> None:
    found = results(WRONG[name])
    assert {result.verdict for result in found.values()} == {Verdict.VIOLATES}
    assert set(found) == set(MODE_NAMES)


def test_jacobians_are_asked_along_unit_vectors() -> None:
    violation = results(half_detached, ("jacfwd",))["jacfwd"].violation
    assert violation is not None and violation.case is not None
    assert "/axis/" in violation.case.cell
    told = violation.case.inputs["v"]
    assert isinstance(told, list)
    numbers = [float.fromhex(text) for text in told]
    assert sorted(numbers) == [0.0] * (len(numbers) - 1) + [1.0]


def test_what_autograd_does_not_see_through_is_unsupported() -> None:
    found = results(through_numpy)
    assert {result.verdict for result in found.values()} == {Verdict.UNSUPPORTED}
    assert all(f"by {mode}: " in result.notes[0] for mode, result in found.items())
    assert "does not require grad" in found["backward"].notes[0]


def test_a_mode_that_a_function_does_not_have_is_unsupported_the_others_are_judged() -> None:
    found = results(Once.apply)
    judged = {mode for mode, one in found.items() if one.verdict is Verdict.CONFORMS}
    assert judged == {"backward"}
    assert {one.verdict for one in found.values()} == {Verdict.CONFORMS, Verdict.UNSUPPORTED}


def test_without_a_mode_nothing_is_differentiated() -> None:
    assert results(RIGHT["softmax"], modes=()) == {}


def test_an_entry_with_a_derivative_of_its_own_is_judged_by_that() -> None:
    functions: dict[str, Callable[..., object]] = {
        "softmaxVec": half_detached,
        "softmaxDerivCLM": lambda x, v: v,
    }
    entry = user_entry(functions, "torch", dtypes=("float32",), name="mine")
    request = Request(autograd=MODE_NAMES, supplied=frozenset(functions))
    assert all(job.check != "derivative" for job in jobs(request, LIBRARY, (entry,)))
