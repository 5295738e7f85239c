"""What a command starts: a file beside the catalogue, or a program that is installed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from harness.errors import AbsentError, InputError, Place
from harness.protocol.command import found

PLACE = Place("catalogue.yaml", 4, 14)


def test_a_path_is_that_of_the_folder(tmp_path: Path) -> None:
    program = tmp_path / "sub" / "mine"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert found(("./sub/mine", "-x"), tmp_path) == (str(tmp_path / "./sub/mine"), "-x")
    assert found((sys.executable, "a b"), tmp_path) == (sys.executable, "a b")


def test_a_name_is_looked_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.path.dirname(sys.executable))
    assert found((os.path.basename(sys.executable),), tmp_path)[0].endswith(
        os.path.basename(sys.executable)
    )
    with pytest.raises(AbsentError, match="no program 'julia-of-mine' is installed") as caught:
        found(("julia-of-mine",), tmp_path, PLACE)
    assert caught.value.place == PLACE


def test_what_lies_there_without_a_path_is_hinted_at(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("")
    with pytest.raises(AbsentError) as caught:
        found(("mine",), tmp_path)
    assert caught.value.hint == "write ./mine"


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_what_is_not_there_or_not_executable(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("")
    with pytest.raises(InputError, match=r"\./mine\.py cannot be executed") as caught:
        found(("./mine.py",), tmp_path, PLACE)
    assert "interpreter" in caught.value.hint and caught.value.place == PLACE
    with pytest.raises(InputError, match=r"there is no program \./other in"):
        found(("./other",), tmp_path, PLACE)
