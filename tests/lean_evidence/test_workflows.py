"""The workflows that run Lean: in the right order, with commands and options that exist."""

from __future__ import annotations

import shlex
from typing import Any

import pytest
import yaml

from harness.cli import build_parser
from tests.lean_evidence.conftest import ROOT

FOLDER = ROOT / ".github" / "workflows"


def job(file: str, name: str) -> dict[str, Any]:
    jobs: dict[str, Any] = yaml.safe_load((FOLDER / file).read_text("utf-8"))["jobs"]
    return jobs[name]


JOBS = [("ci.yml", "lean"), ("lean-newest.yml", "newest")]


def commands(file: str, name: str) -> list[list[str]]:
    """The calls of crosscheck, in order."""
    runs = [step["run"] for step in job(file, name)["steps"] if "run" in step]
    lines = [line for run in runs for line in run.splitlines()]
    return [shlex.split(line) for line in lines if line.startswith("crosscheck ")]


@pytest.mark.parametrize(("file", "name"), JOBS)
def test_the_commands_exist(file: str, name: str) -> None:
    called = commands(file, name)
    assert called
    for words in called:
        assert build_parser().parse_args(words[1:]).command == words[1]


def test_evidence_is_made_and_demanded_in_one_job() -> None:
    words = [" ".join(command[1:3]) for command in commands("ci.yml", "lean")]
    assert words == ["lean mirror", "lean export", "trace --require-lean"]
    (trace,) = (command for command in commands("ci.yml", "lean") if command[1] == "trace")
    given = build_parser().parse_args(trace[1:])
    assert given.require_lean
    assert given.evidence.as_posix() == "lean/evidence.json"


def test_the_proofs_and_their_restatement_are_built_with_mathlibs_cache() -> None:
    steps = job("ci.yml", "lean")["steps"]
    (action,) = (step for step in steps if "lean-action" in step.get("uses", ""))
    assert {"Proofs", "Mirror", "export_decls"} <= set(action["with"]["build-args"].split())
    assert action["with"]["use-mathlib-cache"] == "true"
    position = steps.index(action)
    runs = [step.get("run", "") for step in steps]
    assert any("lean mirror --check" in run for run in runs[:position])
    assert any("lean export" in run for run in runs[position:])


def test_the_evidence_is_kept() -> None:
    (upload,) = (
        step for step in job("ci.yml", "lean")["steps"] if "upload" in step.get("uses", "")
    )
    assert "lean/evidence.json" in upload["with"]["path"].split()


def test_only_the_weekly_job_may_move_a_pin_and_it_blocks_nothing() -> None:
    weekly = yaml.safe_load((FOLDER / "lean-newest.yml").read_text("utf-8"))
    events = weekly[True]  # YAML 1.1 reads the key `on` as true
    assert set(events) == {"schedule", "workflow_dispatch"}
    assert weekly["jobs"]["newest"]["continue-on-error"] is True
    for file in FOLDER.glob("*.yml"):
        moves = "lake update" in file.read_text("utf-8")
        assert moves == (file.name == "lean-newest.yml")
