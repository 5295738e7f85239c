"""`lean scan` prints what the scanner finds."""

from __future__ import annotations

import json
from pathlib import Path

from tests.commands.conftest import ROOT, Crosscheck

SOURCE = """\
namespace A.B
/-- Two. -/
@[simp] def two : ℕ := 2
theorem hard : 1 = 2 := by sorry
end A.B
"""


def test_our_source(crosscheck: Crosscheck) -> None:
    found = crosscheck("lean", "scan", ROOT / "lean" / "Proofs")
    assert found.code == 0
    assert "Proofs.Autograd.softmaxVec\n" in found.out
    assert found.last.endswith("no sorry, axiom or the like; everything was read.")


def test_one_file(crosscheck: Crosscheck, tmp_path: Path) -> None:
    file = tmp_path / "Two.lean"
    file.write_text(SOURCE, encoding="utf-8")
    found = crosscheck("lean", "scan", file)
    assert found.code == 0
    assert "def        A.B.two  @[simp]" in found.out
    assert "sorry at line 4" in found.out
    assert found.last == "2 declarations in 1 file; 1 flag; everything was read."


def test_json(crosscheck: Crosscheck, tmp_path: Path) -> None:
    (tmp_path / "Two.lean").write_text(SOURCE + "\x00 garbage (", encoding="utf-8")
    (scan,) = json.loads(crosscheck("lean", "scan", tmp_path, "--json", "-").out)
    assert scan["file"] == "Two.lean"
    two, hard = scan["declarations"]
    assert (two["name"], two["kind"], two["first_line"], two["last_line"]) == (
        "A.B.two",
        "def",
        2,
        3,
    )
    assert (two["docstring"], two["attributes"]) == ("Two.", ["simp"])
    assert [flag["word"] for flag in hard["flags"]] == ["sorry"]
    assert scan["unread"]
    target = tmp_path / "scan.json"
    assert crosscheck("lean", "scan", tmp_path, "--json", target).code == 0
    assert json.loads(target.read_text("utf-8")) == [scan]


def test_fingerprints_are_those_of_the_specs(crosscheck: Crosscheck) -> None:
    found = crosscheck("lean", "scan", ROOT / "lean", "--fingerprints")
    spec = (ROOT / "specs" / "softmax" / "sumExp.yaml").read_text("utf-8")
    stored = spec.partition("fingerprint: ")[2].split()[0]
    lines = found.out.splitlines()
    (at,) = (
        number for number, line in enumerate(lines) if line.endswith(" Proofs.Autograd.sumExp")
    )
    assert lines[at + 1].strip() == stored
    assert "scan1:" not in crosscheck("lean", "scan", ROOT / "lean").out


def test_nothing_to_scan(crosscheck: Crosscheck, tmp_path: Path) -> None:
    found = crosscheck("lean", "scan", tmp_path / "absent")
    assert (found.code, found.err.count("\n")) == (2, 1)
    empty = tmp_path / "empty"
    empty.mkdir()
    found = crosscheck("lean", "scan", empty)
    assert found.code == 2
    assert "no .lean file" in found.err
