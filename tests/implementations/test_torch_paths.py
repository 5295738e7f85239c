"""Every way of torch gives the same softmax and the same derivative, to a few ulp."""

from __future__ import annotations

import pytest
import torch

from harness.implementations import torch_paths as paths

X = torch.tensor([[0.5, -1.0, 2.0], [3.0, 3.0, -4.0]], dtype=torch.float64)
V = torch.tensor([[1.0, 0.0, -2.0], [0.5, 0.5, 1.0]], dtype=torch.float64)


@pytest.mark.parametrize("name", ["exp_log_softmax", "attention", "attention_math"])
def test_softmaxes(name: str) -> None:
    for x in (X, X[0], X.reshape(2, 1, 3)):
        torch.testing.assert_close(getattr(paths, name)(x), torch.softmax(x, -1))


@pytest.mark.filterwarnings("ignore:`torch.jit.script`:DeprecationWarning")
def test_derivatives_agree() -> None:
    y = torch.softmax(X, -1)
    wanted = y * (V - (y * V).sum(-1, keepdim=True))
    for derivative in (paths.forward_jvp, paths.backward_vjp):
        torch.testing.assert_close(derivative(X, V), wanted)
    assert not X.requires_grad
