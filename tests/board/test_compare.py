"""Boards of libraries: ours, a wrong one, one that is absent; what is announced and what is new."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.board.compare import compare, library_of
from harness.board.document import Board, Cell
from harness.conformance.request import Request
from harness.implementations.catalogue import load_catalogue
from harness.specs.load import load_specs
from harness.specs.locate import find_specs

LIBRARY = load_specs(find_specs(None).path)
CODE = """\
import os

import numpy as np


def right(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def wrong(x):
    return right(x) * np.float32(1.001)


def dies(x):
    os._exit(3)


def naive(x):
    e = np.exp(x)
    return e / e.sum(axis=-1, keepdims=True)
"""
ENTRY = """\
  - name: NAME
    library: LIBRARY
    backend: numpy
    dtypes: [float32]
    min_n: 1
    constants: {softmaxVec: "board_kernels:NAME"}
"""
EXPECT = "    expect: {violates: softmaxVec, reason: never shifted}\n"


def board_of(folder: Path, *entries: str, **how: Any) -> Board:
    (folder / "board_kernels.py").write_text(CODE, encoding="utf-8")
    path = folder / "libraries.yaml"
    path.write_text("schema: 1\nentries:\n" + "".join(entries), encoding="utf-8")
    request = Request(dtypes=("float32",), effort="quick")
    known = load_catalogue(path)
    return compare(known, LIBRARY, request, crosscheck="0", machine="here", **how)


def entry(name: str, library: str = "numpy") -> str:
    return ENTRY.replace("NAME", name).replace("LIBRARY", library)


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Board:
    folder = tmp_path_factory.mktemp("board")
    absent = entry("right", "no_such_library").replace("name: right", "name: absent")
    return board_of(folder, entry("right"), entry("wrong"), entry("naive") + EXPECT, absent)


def cell_of(board: Board, path: str) -> Cell:
    (found,) = [c for one in board.libraries for c in one.cells if c.path == path]
    return found


@pytest.mark.slow
def test_a_right_path_conforms_and_is_timed(board: Board) -> None:
    cell = cell_of(board, "right")
    assert (cell.verdict, cell.meets, cell.found) == ("conforms", "ieee", None)
    assert cell.worst_ratio is not None and 0 < cell.worst_ratio < 1
    assert cell.declarations["softmaxVec_apply"] == "conforms"
    rates = [c.relative for one in board.libraries for c in one.cells if c.relative]
    assert max(rates) == 1 and cell.speed


@pytest.mark.slow
def test_a_wrong_path_is_a_new_finding_with_its_case(board: Board) -> None:
    cell = cell_of(board, "wrong")
    assert (cell.verdict, cell.meets, cell.expected) == ("violates", "none", False)
    assert cell.found is not None and cell.found.case.startswith("softmaxVec:definition:wrong:cpu@")
    assert cell.found.snippet and cell.found.inputs
    assert board.exit_code == 1 and "new findings, among them wrong float32" in board.sentence


@pytest.mark.slow
def test_an_announced_violation_says_what_it_meets(board: Board) -> None:
    cell = cell_of(board, "naive")
    assert (cell.verdict, cell.meets, cell.expected) == ("violates", "as_written", True)
    assert cell.why == "never shifted" and not board.stale


@pytest.mark.slow
def test_what_is_not_installed_is_shown_as_such(board: Board) -> None:
    (library,) = [one for one in board.libraries if one.name == "no_such_library"]
    assert library.version is None
    (cell,) = library.cells
    assert (cell.verdict, cell.why, cell.cases) == ("not run", "not installed", 0)


@pytest.mark.slow
def test_the_clean_twin_is_green_and_a_stale_announcement_is_not(tmp_path: Path) -> None:
    clean = board_of(tmp_path, entry("right"), entry("naive") + EXPECT, timed=False)
    assert clean.exit_code == 0 and "1 violate as announced" in clean.sentence
    stale = board_of(tmp_path, entry("right") + EXPECT, timed=False)
    assert stale.exit_code == 1 and "1 announcement no longer matches" in stale.sentence
    assert "softmaxVec no longer violates in float32: remove expect" in stale.stale[0]


def test_a_path_that_ends_its_process_is_a_finding(tmp_path: Path) -> None:
    board = board_of(tmp_path, entry("dies"), timed=False)
    cell = cell_of(board, "dies")
    assert cell.verdict == "violates" and cell.found is not None and cell.found.kind == "crash"
    assert board.exit_code == 1 and "among them dies float32" in board.sentence


def test_nothing_that_is_installed_is_not_green(tmp_path: Path) -> None:
    board = board_of(tmp_path, entry("right", "no_such_library"), timed=False)
    assert board.exit_code == 3 and board.sentence.startswith("Nothing ran")


def test_every_library_of_ours_can_be_read() -> None:
    from harness.implementations.sources import LIBRARIES

    libraries = {library_of(one) for one in load_catalogue(LIBRARIES)}
    expected = "numpy torch scipy sklearn jax tensorflow onnxruntime autograd ml_dtypes"
    assert libraries == set(expected.split())
