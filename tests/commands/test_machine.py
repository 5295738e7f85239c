"""Facts about this machine."""

from __future__ import annotations

import platform

import numpy as np
import pytest
import torch

from harness.commands import machine


def test_facts() -> None:
    facts = machine.machine()
    assert facts.python == platform.python_version()
    assert facts.libraries["numpy"] == np.__version__
    assert facts.libraries["torch"] == torch.__version__
    assert facts.absent == []
    assert facts.cpus >= 1
    assert set(facts.numpy_dispatch) <= set(facts.cpu_features)
    assert facts.longdouble_bits in (53, 64, 106, 113)
    assert set(facts.torch) == {
        "threads",
        "flush_denormal",
        "float32_matmul_precision",
        "deterministic",
        "cuda.matmul.allow_tf32",
        "cudnn.allow_tf32",
    }


def test_flags_that_change_arithmetic_are_seen() -> None:
    before = torch.get_float32_matmul_precision()
    try:
        torch.set_float32_matmul_precision("medium")
        torch.use_deterministic_algorithms(True)
        flags = machine.machine().torch
    finally:
        torch.set_float32_matmul_precision(before)
        torch.use_deterministic_algorithms(False)
    assert (flags["float32_matmul_precision"], flags["deterministic"]) == ("medium", "on")


def test_flushing_is_measured() -> None:
    if not torch.set_flush_denormal(True):
        pytest.skip("this CPU cannot flush")
    try:
        assert machine.machine().torch["flush_denormal"] == "on"
    finally:
        torch.set_flush_denormal(False)
    assert machine.machine().torch["flush_denormal"] == "off"


def test_without_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    real = machine.imported
    monkeypatch.setattr(machine, "imported", lambda name: None if name == "torch" else real(name))
    facts = machine.machine()
    assert (facts.absent, facts.torch, facts.torch_cpu, facts.cuda) == (["torch"], {}, "", [])
    assert "torch" not in facts.libraries


def test_torch_that_does_not_matter_is_named_and_not_asked() -> None:
    facts = machine.machine(uses_torch=False)
    assert facts.libraries["torch"] == torch.__version__
    assert facts.torch == {}


def test_a_module_that_is_not_there() -> None:
    assert machine.imported("no_such_module_here") is None
