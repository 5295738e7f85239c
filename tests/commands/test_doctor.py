"""What `doctor` finds, and when it is unhappy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.commands import machine
from tests.commands.conftest import Crosscheck, replaced


def items(text: str) -> dict[str, dict[str, str]]:
    return {item["what"]: item for item in json.loads(text)["items"]}


def test_here(crosscheck: Crosscheck) -> None:
    found = crosscheck("doctor", "--json", "-")
    assert found.code == 0
    seen = items(found.out)
    for name in ("Python", "numpy", "python-flint", "torch", "specs", "Lean source", "state"):
        assert seen[name]["state"] == "here", seen[name]
    assert "`crosscheck check` can run here" in found.err


def test_for_people(crosscheck: Crosscheck) -> None:
    found = crosscheck("doctor")
    assert (found.code, found.err) == (0, "")
    assert "✓ numpy" in found.out


def test_what_is_not_here_comes_with_a_remedy(
    crosscheck: Crosscheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(machine, "cuda_devices", lambda torch: [])
    seen = items(crosscheck("doctor", "--json", "-").out)
    assert seen["CUDA"]["state"] == "absent"
    assert seen["Lean"]["state"] == "absent"
    assert "install elan" in seen["Lean"]["remedy"]


def test_without_torch_numpy_is_judged_alone(
    crosscheck: Crosscheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = machine.imported
    monkeypatch.setattr(machine, "imported", lambda name: None if name == "torch" else real(name))
    found = crosscheck("doctor", "--json", "-")
    assert found.code == 0
    assert items(found.out)["torch"]["state"] == "absent"


def test_without_flint_nothing_works(
    crosscheck: Crosscheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = machine.imported
    monkeypatch.setattr(machine, "imported", lambda name: None if name == "flint" else real(name))
    found = crosscheck("doctor")
    assert found.code == 3
    assert "cannot run here: python-flint." in found.last


def test_broken_specs_are_an_item(crosscheck: Crosscheck, specs: Path) -> None:
    replaced(specs / "softmax" / "sumExp.yaml", "kind: def", "kind: deff")
    found = crosscheck("doctor", "--specs", specs)
    assert found.code == 3
    assert "unknown kind 'deff'" in found.out


def test_broken_settings_are_an_item(crosscheck: Crosscheck, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.crosscheck]\nsede = 1\n")
    found = crosscheck("doctor")
    assert found.code == 3
    assert "did you mean 'seed'?" in found.out


def test_a_sorry_is_reported(crosscheck: Crosscheck, lean: Path) -> None:
    source = lean / "Proofs" / "Autograd" / "Vec.lean"
    source.write_text(source.read_text("utf-8") + "\ntheorem t : 1 = 1 := by sorry\n", "utf-8")
    assert "sorry in Proofs/Autograd/Vec.lean:" in " ".join(
        crosscheck("doctor", "--lean", lean).out.split()
    )
