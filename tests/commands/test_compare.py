"""`crosscheck compare`: what is asked for, what is not there, and what is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.conftest import Crosscheck


def test_a_library_must_be_named(crosscheck: Crosscheck) -> None:
    found = crosscheck("compare")
    assert found.code == 2 and "no library is named (name some of" in found.err


def test_a_name_that_is_not_known(crosscheck: Crosscheck) -> None:
    found = crosscheck("compare", "scipi")
    assert found.code == 2 and "did you mean 'scipy'?" in found.err


def test_the_list_says_what_is_installed(crosscheck: Crosscheck) -> None:
    found = crosscheck("compare", "--list")
    assert found.code == 0
    assert "numpy  numpy.naive  softmaxVec  float64, float32, float16  installed" in found.out
    one = crosscheck("compare", "--list", "torch.func")
    assert one.out.startswith("torch  torch.func.jvp  softmaxJvp")
    assert len(one.out.splitlines()) == 1


@pytest.mark.slow
def test_a_comparison_is_printed_and_written(crosscheck: Crosscheck, tmp_path: Path) -> None:
    words = ("numpy.shifted", "--dtype", "float32", "--effort", "quick", "--no-speed")
    found = crosscheck("compare", *words, "--json", "b.json", "--markdown", "b.md")
    assert found.code == 0, found.out
    assert "2 of 2 cells of 1 library path (1 library) conform as IEEE code." in found.last
    board = json.loads((tmp_path / "b.json").read_text(encoding="utf-8"))
    assert [cell["verdict"] for cell in board["libraries"][0]["cells"]] == ["conforms", "conforms"]
    assert "numpy.shifted | softmaxVec | float32" in (tmp_path / "b.md").read_text("utf-8")
