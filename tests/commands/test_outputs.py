"""Files are refused before the work, and written whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from harness.commands.outputs import check_target, write_file
from harness.errors import InputError


def test_what_can_be_written(tmp_path: Path) -> None:
    for name in (None, "-", str(tmp_path / "new.json")):
        check_target("--json", name)
    assert list(tmp_path.iterdir()) == []
    write_file("--json", str(tmp_path / "new.json"), "∀")
    assert (tmp_path / "new.json").read_text("utf-8") == "∀"


def test_what_cannot(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        check_target("--json", str(tmp_path))
    with pytest.raises(InputError, match="there is no folder"):
        check_target("--json", str(tmp_path / "absent" / "file"))


def test_what_fails_after_all(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"--junit .* cannot be written"):
        write_file("--junit", str(tmp_path / "absent" / "file"), "text")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere"
)
def test_a_read_only_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(InputError, match="cannot be written"):
            check_target("--json", str(tmp_path / "file"))
    finally:
        tmp_path.chmod(0o700)
