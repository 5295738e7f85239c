"""A power run: a mutant is killed and its twin spared; a mutant that is right survives, exit 1."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.power.document import PowerDocument, json_text
from harness.power.matrix import Suspect, catalogues, power, suspects
from harness.power.table import matrix
from harness.power.text import lines, sentence
from harness.specs.locate import find_specs

WRONG = Path(__file__).parents[1] / "wrong" / "catalogue.yaml"
SPECS = find_specs(None).path


def tried(chosen: list[Suspect]) -> PowerDocument:
    return power(chosen, SPECS, "quick", 3, workers=1)


def named(*names: str) -> list[Suspect]:
    return [one for one in suspects((WRONG,)) if one.entry.name in names]


@pytest.fixture(scope="module")
def clean() -> PowerDocument:
    return tried(named("added_epsilon", "added_epsilon.right"))


def test_a_mutant_is_killed_and_its_twin_is_spared(clean: PowerDocument) -> None:
    assert (clean.score.mutants, clean.score.killed) == (1, 1)
    assert (clean.score.right, clean.score.spared) == (1, 1)
    assert clean.exit_code == 0 and not clean.findings


def test_a_kill_says_where(clean: PowerDocument) -> None:
    kill = clean.rows[0].trials[0].kills[0]
    assert (kill.check, kill.declaration, kill.n) == ("definition", "softmaxVec", 1)
    assert not clean.rows[0].trials[0].wrong_at_n0


def test_a_right_one_that_poses_as_a_mutant_survives(tmp_path: Path) -> None:
    text = WRONG.read_text(encoding="utf-8").split("  - name: ")
    entry = next(part for part in text if part.startswith("added_epsilon\n"))
    posing = entry.replace("added_epsilon:softmax", "added_epsilon:right_twin")
    assert posing != entry
    (tmp_path / "catalogue.yaml").write_text(text[0] + "  - name: " + posing, encoding="utf-8")
    (tmp_path / "added_epsilon.py").write_text(
        (WRONG.parent / "added_epsilon.py").read_text(encoding="utf-8"), encoding="utf-8"
    )
    document = tried(list(suspects((tmp_path / "catalogue.yaml",))))
    assert document.exit_code == 1
    assert document.findings[0].outcome == "survived"
    assert any("survived" in line for line in lines(document))


def test_no_mutants_are_no_success() -> None:
    assert tried(named("added_epsilon.right")).exit_code == 1


def test_the_report_ends_in_the_score(clean: PowerDocument) -> None:
    assert list(lines(clean))[-1] == sentence(clean)
    assert "1 of 1 wrong implementations" in sentence(clean)
    assert PowerDocument.model_validate_json(json_text(clean)) == clean


def test_the_repository_has_enough_of_both() -> None:
    found = suspects(catalogues())
    wrong = [one for one in found if one.entry.expectation.violates]
    assert len(wrong) >= 80 and len(found) - len(wrong) >= 25


def test_causes_have_letters_of_their_own() -> None:
    wanted = {
        "only.in_last_row": "B",
        "only.for_gaps": "V",
        "memory.by_shape": "R",
        "memory.negative_zeros_cleared": "I",
    }
    chosen = [one for one in suspects(catalogues()) if one.entry.name in wanted]
    document = power(chosen, SPECS, "default", 3, workers=1)
    cells = {row[0]: row[2] for row in matrix(document.rows, [])}
    for name, letter in wanted.items():
        assert cells[name][0] == "D"
        assert set(cells[name][1:5]) == {letter, "·"}, (name, cells[name])
