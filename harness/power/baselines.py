"""What other tools say of an implementation, used as people use them: with their defaults.

- `torch.testing.assert_close` with its default tolerances, against our implementation in float64,
  on normally distributed inputs of six shapes;
- `torch.autograd.gradcheck` with its defaults, in float64, of softmax in torch, and of a derivative
  in torch that is made the backward pass of torch.softmax (whose Jacobian is its own transpose). It
  does not apply to code that torch cannot differentiate;
- a Hypothesis test of 100 examples that compares with ours at rtol 1e-5, numbers within ±10 as
  people write it: with atol 1e-8, the default of `numpy.allclose` and `torch.allclose`, and with
  atol 0, the default of `numpy.testing.assert_allclose`. Nobody holds a 16-bit format to 1e-5, so
  it does not apply there.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.conformance.backends import Backend, backend
from harness.conformance.guard import guarded
from harness.errors import AbsentError
from harness.evaluate.formats import FORMATS, round_to
from harness.implementations.catalogue import load_catalogue
from harness.implementations.entry import Entry
from harness.implementations.resolve import callable_of
from harness.implementations.user_entry import Kind
from harness.power.document import Answer

SEED = 0
RTOL, ATOL = 1e-5, 1e-8
EXAMPLES = 100
LARGEST = 10.0
SHAPES = ((), 5), ((4,), 1), ((4,), 16), ((2, 3), 8), ((8,), 128), ((2,), 1024)
"""The leading axes of a batch, and n (n at most 128 where n × n numbers are passed)."""

Numbers = NDArray[np.float64]
Draw = Callable[[tuple[int, ...]], Numbers]
"""Shape -> numbers."""


class _Subject:
    """An entry's function beside ours in float64."""

    def __init__(self, entry: Entry, dtype: str, kinds: Sequence[Kind]) -> None:
        (self.constant,) = entry.constants
        ours = next(one for one in load_catalogue() if one.name == "numpy")
        self.dtype, self.kinds = dtype, kinds
        self.library: Backend = backend(entry.backend)
        self.function: Callable[..., Any] = callable_of(entry, self.constant)
        self.ours: Callable[..., Any] = callable_of(ours, self.constant)

    def arguments(self, batch: tuple[int, ...], n: int, draw: Draw) -> tuple[Numbers | int, ...]:
        """In Lean order: vectors and rows of numbers of the format, n // 2 for an index."""
        shapes = {"vector": (*batch, n), "rows": (*batch, n, n), "real": batch}
        fmt = FORMATS[self.dtype]
        return tuple(
            n // 2 if kind == "index" else round_to(draw(shapes[kind]), fmt) for kind in self.kinds
        )

    def call(self, arguments: tuple[Numbers | int, ...]) -> Any:
        """What the function returns, whatever that is; Misbehaviour when it raises."""
        make = self.library.make
        passed = tuple(a if isinstance(a, int) else make(a, self.dtype) for a in arguments)
        return guarded(self.function, passed)


def answers(entry: Entry, dtype: str, kinds: Sequence[Kind]) -> dict[str, Answer]:
    """Tool -> whether a test with it fails for the entry, which implements one constant.

    kinds: how each argument of the constant is passed. AbsentError without Hypothesis.
    """
    subject = _Subject(entry, dtype, kinds)
    found: dict[str, Answer] = {}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for name, tool in TOOLS.items():
            found[name] = tool(subject)
            _undo()
    return found


def _undo() -> None:
    """What a function may leave behind in this thread, which the next one is not to suffer from."""
    import torch

    torch.set_flush_denormal(False)


def _assert_close(subject: _Subject) -> Answer:
    import torch

    draws = np.random.default_rng(SEED)

    def compare() -> None:
        for batch, n in SHAPES:
            if "rows" in subject.kinds and n > 128:
                continue
            arguments = subject.arguments(batch, n, draws.standard_normal)
            want = torch.as_tensor(subject.ours(*arguments))
            got = torch.as_tensor(subject.call(arguments))
            torch.testing.assert_close(got, want.to(getattr(torch, subject.dtype)))

    return _answer(compare)


def _gradcheck(subject: _Subject) -> Answer:
    import torch
    from torch.autograd.gradcheck import GradcheckError

    if subject.library.name != "torch" or subject.dtype != "float64":
        return "not applicable"
    if subject.constant == "softmaxVec":
        function = subject.function
    elif subject.constant in ("softmaxJvp", "softmaxDerivCLM"):
        function = _with_backward(subject.function)
    else:
        return "not applicable"
    torch.manual_seed(SEED)
    x = torch.randn(3, 5, dtype=torch.float64, requires_grad=True)
    if function is not subject.function:
        return _answer(lambda: torch.autograd.gradcheck(function, (x,)))
    if _answer(lambda: function(x)) == "fails":
        return "fails"
    try:
        return "passes" if torch.autograd.gradcheck(function, (x,)) else "fails"
    except GradcheckError:
        return "fails"
    except Exception:  # it returns, and has no backward pass: nobody has claimed that it has
        return "not applicable"


def _with_backward(derivative: Callable[..., Any]) -> Callable[..., Any]:
    """torch.softmax whose backward pass is the derivative under test."""
    import torch

    class Softmax(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(x)
            return torch.softmax(x, dim=-1)

        @staticmethod
        def backward(ctx: Any, *gradients: Any) -> Any:
            with torch.enable_grad():  # which is off here, and some derivatives use autograd
                return derivative(ctx.saved_tensors[0].detach(), gradients[0].detach())

    applied: Callable[..., Any] = Softmax.apply
    return applied


def _hypothesis(subject: _Subject, atol: float) -> Answer:
    if FORMATS[subject.dtype].p < FORMATS["float32"].p:
        return "not applicable"
    try:
        from hypothesis import HealthCheck, Phase, given, settings
        from hypothesis import strategies as st
        from hypothesis.extra.numpy import arrays
    except ImportError:
        message = "the comparison needs Hypothesis, which is not installed"
        raise AbsentError(message, hint="pip install hypothesis") from None

    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],  # whether it fails; what it would shrink to does not matter
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from([(), (1,), (3,), (2, 2)]), st.integers(1, 16), st.data())
    def agrees(batch: tuple[int, ...], n: int, data: st.DataObject) -> None:
        elements = st.floats(-LARGEST, LARGEST, width=32)

        def draw(shape: tuple[int, ...]) -> Numbers:
            return data.draw(arrays(np.float64, shape, elements=elements))

        arguments = subject.arguments(batch, n, draw)
        got, want = subject.call(arguments), np.asarray(subject.ours(*arguments))
        assert tuple(got.shape) == want.shape and subject.library.dtype_of(got) == subject.dtype
        np.testing.assert_allclose(subject.library.read(got), want, rtol=RTOL, atol=atol)

    return _answer(agrees)


def _answer(test: Callable[[], object]) -> Answer:
    """`fails` for an assertion, and for whatever the function under test makes it raise."""
    try:
        test()
    except Exception:
        return "fails"
    return "passes"


TOOLS: Mapping[str, Callable[[_Subject], Answer]] = MappingProxyType(
    {
        "assert_close": _assert_close,
        "gradcheck": _gradcheck,
        "hypothesis": partial(_hypothesis, atol=ATOL),
        "hypothesis, atol 0": partial(_hypothesis, atol=0.0),
    }
)
