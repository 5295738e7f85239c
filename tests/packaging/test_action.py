"""The GitHub Action for other repositories: what it runs exists, and its inputs are only data."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from harness.cli import main

ROOT = Path(__file__).resolve().parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]


def test_it_is_a_composite_action_with_described_inputs() -> None:
    assert ACTION["runs"]["using"] == "composite"
    assert all(one["description"] and "default" in one for one in ACTION["inputs"].values())
    assert all("shell" in step for step in STEPS if "run" in step)


def test_inputs_reach_scripts_through_the_environment_alone() -> None:
    scripts = [step["run"] for step in STEPS if "run" in step]
    assert len(scripts) == 2
    assert not any("${{" in script for script in scripts), "an input could be a command"
    used = {name for step in STEPS for name in re.findall(r"inputs\.([\w-]+)", str(step))}
    assert used == set(ACTION["inputs"])


def test_the_options_exist(capsys: Any) -> None:
    (script,) = (step["run"] for step in STEPS if "crosscheck check" in step.get("run", ""))
    main(["check", "--help"])
    known = capsys.readouterr().out
    options = set(re.findall(r"--[a-z]+", script))
    assert options == {"--json", "--sarif", "--markdown", "--report"}
    assert all(option in known for option in options)


def test_the_exit_code_is_that_of_the_check() -> None:
    (step,) = (step for step in STEPS if step.get("id") == "check")
    assert "|| code=$?" in step["run"] and step["run"].rstrip().endswith('exit "$code"')
