"""What keeps Lake from running is told in one sentence; errors of proofs are not taken for it."""

from __future__ import annotations

import pytest

from harness.lean.trouble import trouble
from tests.lean_evidence.recordings import recording


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("no_network_toolchain", "there is no network here"),
        ("no_network_git", "there is no network here"),
        ("clone_failed", "git could not fetch a package"),
        ("cache_unreachable", "Mathlib's cache could not be downloaded"),
    ],
)
def test_the_cause_is_found(name: str, cause: str) -> None:
    found = trouble(recording(name).lines)
    assert found is not None
    assert found[0].startswith(cause)
    assert found[1]


@pytest.mark.parametrize("name", ["build_failed", "build_succeeded", "cache_get", "missing_file"])
def test_other_output_shows_no_cause(name: str) -> None:
    assert trouble(recording(name).lines) is None


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("write failed: No space left on device", "the disk is full"),
        ("error: Lean exited with code 137", "the memory was not enough"),
        ("error: unknown executable cache", "the project has no such executable"),
    ],
)
def test_further_causes(line: str, cause: str) -> None:
    found = trouble([line])
    assert found is not None
    assert found[0] == cause
