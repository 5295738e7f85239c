"""The idioms compute what their names say, where that is possible at all."""

from __future__ import annotations

import numpy as np
import pytest

from harness.implementations import numpy_idioms as idioms

X = np.array([[0.5, -1.0, 2.0], [3.0, 3.0, -4.0]])


@pytest.mark.parametrize("name", ["naive", "shifted", "reciprocal", "log_sum_exp"])
def test_softmaxes(name: str) -> None:
    y = getattr(idioms, name)(X)
    np.testing.assert_allclose(y.sum(-1), 1, rtol=1e-14)
    np.testing.assert_allclose(y[:, 0] / y[:, 2], np.exp(X[:, 0] - X[:, 2]), rtol=1e-13)


def test_only_the_naive_one_overflows() -> None:
    with np.errstate(all="ignore"):
        assert np.isnan(idioms.naive(X * 1000)).any()
    assert np.isfinite(idioms.shifted(X * 1000)).all()


def test_both_derivatives_agree() -> None:
    v = np.array([[1.0, 0.0, -2.0], [0.5, 0.5, 1.0]])
    np.testing.assert_allclose(idioms.jvp(X, v), idioms.jvp_by_jacobian(X, v), rtol=1e-12)
