"""Lake's output, as public logs have it, becomes steps and messages with places."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import Place
from harness.lean.messages import Step, messages, step_of
from tests.lean_evidence.recordings import names, recording


@pytest.mark.parametrize("name", names())
def test_every_recording_names_its_source(name: str) -> None:
    source = recording(name).source
    assert re.fullmatch(r"[\w.-]+/[\w.-]+", source["repository"])
    assert source["file"]
    assert re.fullmatch(r"[0-9a-f]{40}|\d{4}-\d{2}-\d{2}", source["commit"])
    assert "issue" in source["file"] or len(source["commit"]) == 40
    assert source["toolchain"]


def test_the_errors_of_a_failed_build() -> None:
    found = messages(recording("build_failed").lines)
    errors = [one for one in found if one.severity == "error" and one.is_about_proofs]
    assert [(str(one.place), one.summary) for one in errors] == [
        ("IUTThreeClosures/LegendreArithmetic.lean:52:47", "unsolved goals"),
        ("IUTThreeClosures/LegendreArithmetic.lean:143:7", "No goals to be solved"),
        (
            "IUTThreeClosures/PublicProgramUninhabited.lean:40:9",
            "Unknown identifier `not_nonempty_pointwiseIUTIIIFamily`",
        ),
        (
            "IUTThreeClosures/PublicProgramUninhabited.lean:50:27",
            "Invalid argument name `v` for function `not_nonempty_upstreamCertificate`",
        ),
        (
            "IUTThreeClosures/PublicProgramUninhabited.lean:57:27",
            "Invalid argument name `v` for function `not_nonempty_fourStageProgram`",
        ),
    ]
    assert errors[0].target == "IUTThreeClosures.LegendreArithmetic"
    assert errors[0].text.endswith(
        "⊢ ↑P.a * ↑P.b + ↑P.a ^ 2 + ↑P.b ^ 2 = ↑(P.a * P.b + P.a ^ 2 + P.b ^ 2)"
    )
    assert errors[4].text.endswith("• `Input`: v̵I̲n̲p̲u̲t̲")


def test_lakes_own_remarks_are_told_apart() -> None:
    found = messages(recording("build_failed").lines)
    remarks = [one for one in found if one.severity == "error" and not one.is_about_proofs]
    assert [one.text for one in remarks] == [
        "Lean exited with code 1",
        "Lean exited with code 1",
        "build failed",
    ]
    assert remarks[-1].target == ""


def test_a_message_ends_before_the_next_step() -> None:
    found = messages(recording("build_failed").lines)
    warnings = [one for one in found if one.severity == "warning"]
    assert all("✖" not in one.text and "Some required" not in one.text for one in found)
    assert warnings[0].text == (
        "* '-/':\nCopyright too short!\n\n\n"
        "Note: This linter can be disabled with `set_option linter.style.header false`"
    )
    (info,) = (one for one in found if one.severity == "info")
    assert info.place == Place("IUTThreeClosures/LegendreArithmetic.lean", 60, 3)
    assert "`noncomm_ring`" in info.text


def test_the_steps_of_a_build_that_succeeds() -> None:
    steps = [step for line in recording("build_succeeded").lines if (step := step_of(line))]
    assert steps[0] == Step("built", 0, 653, "Ran", "«sae-kmeans»:extraDep")
    assert steps[3].mark == "noted"
    assert (steps[-1].done, steps[-1].total) == (2269, 2269)
    assert [one.severity for one in messages(recording("build_succeeded").lines)] == ["trace"]


def test_steps_with_durations() -> None:
    steps = [step for line in recording("build_failed").lines if (step := step_of(line))]
    assert [step.mark for step in steps] == ["built", "warned", "failed", "failed", "warned"]
    assert steps[2] == Step(
        "failed", 8787, 8797, "Building", "IUTThreeClosures.LegendreArithmetic", "3.2s"
    )


def test_the_older_ways_of_writing_a_path() -> None:
    (error,) = (
        one for one in messages(recording("package_failed").lines) if one.severity == "error"
    )
    assert error.place == Place(".lake/packages/mathlib/Cache/Lean.lean", 7, 1)
    assert error.target == "Cache.Lean"


def test_an_error_without_a_position() -> None:
    (error,) = messages(recording("missing_file").lines)
    assert (error.place, error.target) == (None, "")
    assert error.text.splitlines()[1] == "  file: ./././Algorithm/Data/Classes/Collection.lean"
    (bad,) = messages(["error: Lib/B.lean: bad import 'Lib.Y'"])
    assert bad.place == Place("Lib/B.lean", 1, 1)


def test_a_path_of_windows() -> None:
    (error,) = messages(["error: .\\.\\Proofs\\A.lean:3:4: unsolved goals"])
    assert error.place == Place("Proofs/A.lean", 3, 5)


def test_a_crash_is_an_error_of_the_module() -> None:
    found = [one for one in messages(recording("replay_crashed").lines) if one.severity == "error"]
    assert [(one.text, one.target) for one in found] == [
        ("Lean exited with code 3221225477", "Mathlib.Tactic.Explode"),
        ("build failed", ""),
    ]


@given(st.lists(st.text(), max_size=8))
def test_anything_is_read(lines: list[str]) -> None:
    for one in messages(lines):
        assert one.severity in ("trace", "info", "warning", "error")


@given(st.lists(st.text(alphabet=" :.ae\n✖[]0", max_size=20), max_size=6), st.booleans())
def test_no_text_is_lost(lines: list[str], placed: bool) -> None:
    lines = [line for line in lines if "\n" not in line and step_of(line) is None]
    lines = [line for line in lines if not messages([line]) and not line.startswith("- ")]
    head = "error: A.lean:1:0: bad" if placed else "error: bad"
    (found,) = messages([head, *lines])
    assert found.text == "\n".join(["bad", *lines]).rstrip()
