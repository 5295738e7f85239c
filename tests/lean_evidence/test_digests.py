"""Digests see every change of what a file says, and no change of line endings."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from harness.errors import AbsentError
from harness.lean.digests import (
    differences,
    exporter,
    pinned_toolchain,
    source_digests,
    spec_digests,
    text_digest,
    toolchain_is,
)
from tests.lean_evidence.conftest import PINNED, ROOT, Project, replaced


def test_line_endings_and_a_byte_order_mark_do_not_count() -> None:
    plain = text_digest(b"a\nb\n")
    assert plain == hashlib.sha256(b"a\nb\n").hexdigest()
    assert text_digest(b"\xef\xbb\xbfa\r\nb\r\n") == plain
    assert text_digest(b"a\nb") != plain
    assert text_digest(b"a b\n") != plain


def test_all_sources_and_pins_are_covered(project: Project) -> None:
    (project.lean / ".lake").mkdir()
    (project.lean / ".lake" / "Other.lean").write_text("")
    (project.lean / "Proofs" / "lakefile.toml").write_text("")
    assert list(source_digests(project.lean)) == [
        "Export.lean",
        "Mirror.lean",
        "Proofs.lean",
        "Proofs/Autograd/Softmax.lean",
        "Proofs/Autograd/Vec.lean",
        "lake-manifest.json",
        "lakefile.toml",
        "lean-toolchain",
    ]


def test_differences_name_the_files(project: Project) -> None:
    before = source_digests(project.lean)
    assert differences(before, source_digests(project.lean)) == ()
    replaced(project.softmax, "noncomputable section", "noncomputable  section")
    (project.lean / "Proofs" / "New.lean").write_text("")
    (project.lean / "Proofs.lean").unlink()
    assert differences(before, source_digests(project.lean)) == (
        "Proofs.lean is gone",
        "Proofs/Autograd/Softmax.lean has changed",
        "Proofs/New.lean is new",
    )


def test_a_spec_counts_by_what_it_says_and_not_by_its_review(project: Project) -> None:
    before = spec_digests(project.library())
    assert len(before) == len(project.library().specs)
    spec = project.specs / "softmax" / "sumExp.yaml"
    text = spec.read_text("utf-8")
    lines = [line for line in text.split("\n") if not line.startswith("fingerprint:")]
    spec.write_text("# a comment\n" + "\n".join(lines), encoding="utf-8")
    assert spec_digests(project.library()) == before
    replaced(spec, "summary: ", "summary: Now ")
    after = spec_digests(project.library())
    assert differences(before, after) == ("softmax/sumExp.yaml has changed",)


def test_a_source_that_cannot_be_read_is_an_absence(project: Project) -> None:
    (project.lean / "Loose.lean").symlink_to(project.lean / "nowhere")
    with pytest.raises(AbsentError, match=r"Loose\.lean cannot be read"):
        source_digests(project.lean)


def test_the_exporter_is_the_projects_own_or_ours(project: Project, tmp_path: Path) -> None:
    assert exporter(project.lean) == project.lean / "Export.lean"
    assert exporter(tmp_path / "specs") == ROOT / "lean" / "Export.lean"


@pytest.mark.parametrize(
    ("toolchain", "version", "same"),
    [
        (PINNED, "4.31.0", True),
        (PINNED, "4.31.1", False),
        (PINNED, "4.3", False),
        ("leanprover/lean4:v4.31.0-rc2", "4.31.0-rc2", True),
        ("leanprover/lean4:v4.31.0-rc2", "4.31.0", False),
        ("leanprover/lean4:nightly-2026-05-01", "4.32.0-nightly-2026-05-01", True),
        ("my-own-build", "4.31.0", True),
    ],
)
def test_pins_and_versions(toolchain: str, version: str, same: bool) -> None:
    assert toolchain_is(toolchain, version) is same


def test_the_pinned_toolchain(project: Project, tmp_path: Path) -> None:
    assert pinned_toolchain(project.lean) == PINNED
    assert pinned_toolchain(tmp_path) == ""
