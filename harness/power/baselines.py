"""What other tools say of the same implementations: the tests that people write today.

Each answers for one entry and dtype: *fails* (it calls the implementation wrong), *passes*, or *not
applicable*. The expected values are our own numpy implementation in float64, as a careful author of
such a test would take them; the tolerances are the tools' defaults.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from harness.conformance.backends import Backend, backend
from harness.implementations import numpy_softmax
from harness.implementations.entry import Entry
from harness.implementations.resolve import callable_of
from harness.power.document import Answer

ASSERT_CLOSE = "torch.testing.assert_close, defaults"
GRADCHECK = "torch.autograd.gradcheck, defaults"
HYPOTHESIS = "Hypothesis, 100 examples, rtol 1e-5"

_EXPECTED: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "softmaxVec": numpy_softmax.softmax_vec,
        "sumExp": numpy_softmax.sum_exp,
        "dotCLM": numpy_softmax.dot_clm,
        "softmaxJvp": numpy_softmax.softmax_jvp,
        "softmaxDerivCLM": numpy_softmax.softmax_deriv_clm,
        "softmaxDerivCoord": numpy_softmax.softmax_deriv_coord,
        "ContinuousLinearMap.pi": numpy_softmax.pi,
    }
)
_SHAPE = (4, 8)


def answers(entry: Entry, dtype: str) -> dict[str, Answer]:
    """Tool -> its answer."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return {
            ASSERT_CLOSE: _any(entry, dtype, _assert_close),
            GRADCHECK: _gradcheck(entry, dtype),
            HYPOTHESIS: _any(entry, dtype, _hypothesis),
        }


_Try = Callable[[Callable[..., Any], str, Backend, str], bool]


def _any(entry: Entry, dtype: str, passes: _Try) -> Answer:
    library = backend(entry.backend)
    known = [constant for constant in entry.constants if constant in _EXPECTED]
    if not known:
        return "not applicable"
    right = all(passes(callable_of(entry, c), c, library, dtype) for c in known)
    return "passes" if right else "fails"


def _assert_close(
    function: Callable[..., Any], constant: str, library: Backend, dtype: str
) -> bool:
    import torch

    rng = np.random.default_rng(0)
    arguments = _arguments(constant, lambda shape: rng.normal(size=shape))
    got, want = _both(function, constant, arguments, library, dtype)
    if got is None:
        return False
    kind = getattr(torch, dtype)
    try:
        torch.testing.assert_close(
            torch.from_numpy(np.ascontiguousarray(got)).to(kind), torch.from_numpy(want).to(kind)
        )
    except AssertionError:
        return False
    return True


def _hypothesis(function: Callable[..., Any], constant: str, library: Backend, dtype: str) -> bool:
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st
    from hypothesis.extra.numpy import arrays

    if dtype in ("float16", "bfloat16"):
        return True  # a relative tolerance of 1e-5 is below their resolution: nobody asks for it
    numbers = st.floats(-10, 10, width=32)

    @settings(
        max_examples=100,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def judged(data: st.DataObject) -> None:
        def drawn(shape: tuple[int, ...]) -> Any:
            return data.draw(arrays(np.float64, shape, elements=numbers))

        got, want = _both(function, constant, _arguments(constant, drawn), library, dtype)
        assert got is not None
        np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-8)

    try:
        judged()
    except Exception:
        return False
    return True


def _gradcheck(entry: Entry, dtype: str) -> Answer:
    import torch

    if entry.backend != "torch" or dtype != "float64" or "softmaxVec" not in entry.constants:
        return "not applicable"
    point = torch.randn(*_SHAPE, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    try:
        function: Callable[..., Any] = callable_of(entry, "softmaxVec")
        torch.autograd.gradcheck(function, point.requires_grad_(True))
    except Exception:
        return "fails"
    return "passes"


def _arguments(constant: str, drawn: Callable[[tuple[int, ...]], Any]) -> list[Any]:
    n = _SHAPE[-1]
    if constant == "ContinuousLinearMap.pi":
        return [drawn((*_SHAPE[:-1], n, n)), drawn(_SHAPE)]
    if constant == "softmaxDerivCoord":
        return [drawn(_SHAPE), 1, drawn(_SHAPE)]
    count = 1 if constant in ("softmaxVec", "sumExp") else 2
    return [drawn(_SHAPE) for _ in range(count)]


def _both(
    function: Callable[..., Any],
    constant: str,
    arguments: list[Any],
    library: Backend,
    dtype: str,
) -> tuple[Any, Any]:
    """What the implementation returns (None for an exception) and what is right, in float64."""
    native = [a if isinstance(a, int) else library.make(a, dtype) for a in arguments]
    exact = [a if isinstance(a, int) else library.read(a).copy() for a in native]
    want = np.asarray(_EXPECTED[constant](*exact))
    try:
        result = function(*native)
        got = library.read(result) if library.is_array(result) else np.asarray(result, float)
    except Exception:
        return None, want
    return (got, want) if got.shape == want.shape else (None, want)
