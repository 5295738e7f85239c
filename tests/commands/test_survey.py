"""What is read before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.commands.survey import require_lean, shown, survey
from harness.errors import AbsentError
from tests.commands.conftest import replaced

NAME = "Proofs.Autograd.sumExp"


def test_ours() -> None:
    found = survey(None, None)
    assert {record.mirror for record in found.lean.values()} == {"same"}
    assert set(found.lean) == {spec.name for spec in found.library.specs}
    assert (found.specs_folder.origin, found.lean_folder.origin) == ("repository", "repository")
    assert found.toolchain.pinned.startswith("leanprover/lean4:")
    assert {record.proved for record in found.lean.values()} == {"no evidence"}


def test_options_are_the_origin(specs: Path, lean: Path) -> None:
    found = survey(specs, lean)
    assert (found.specs_folder.origin, found.lean_folder.origin) == ("--specs", "--lean")


def test_a_link_is_reviewed_suspect_or_neither(specs: Path, lean: Path) -> None:
    spec = specs / "softmax" / "sumExp.yaml"
    text = "\n".join(
        line for line in spec.read_text("utf-8").split("\n") if not line.startswith("fingerprint")
    )
    spec.write_text(text, encoding="utf-8")
    assert survey(specs, lean).lean[NAME].link == "never reviewed"
    spec.write_text(text + f"\nfingerprint: scan1:{'0' * 64}\n", encoding="utf-8")
    assert survey(specs, lean).lean[NAME].link == "suspect"


def test_the_difference_is_shown(specs: Path, lean: Path) -> None:
    replaced(lean / "Proofs" / "Autograd" / "Softmax.lean", "sumExp {n : ℕ}", "sumExp {n m : ℕ}")
    record = survey(specs, lean).lean[NAME]
    assert record.mirror != "same"
    assert record.message
    assert record.first_line > 0


def test_flags_have_places(specs: Path, lean: Path) -> None:
    source = lean / "Proofs" / "Autograd" / "Softmax.lean"
    replaced(source, "Real.exp (x i) := rfl", "Real.exp (x i) := by sorry")
    (flag, *_) = survey(specs, lean).lean["Proofs.Autograd.sumExp_apply"].flags
    assert flag.startswith("sorry (Proofs/Autograd/Softmax.lean:")


def test_required_lean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(AbsentError, match="no Lean toolchain on this machine"):
        require_lean(survey(None, None))


def test_paths_are_shown_as_people_read_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert shown(tmp_path / "a" / "b") == str(Path("a", "b"))
    assert shown(tmp_path.parent) == str(tmp_path.parent)
