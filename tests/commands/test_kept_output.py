"""What libraries print while they are judged, on a terminal and in a file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.conftest import ROOT
from tests.commands.test_terminal import ended_in

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")

# Compiled code writes to the descriptors, and so does this.
CODE = """
import os

import numpy as np

for descriptor in (1, 2):
    os.write(descriptor, b"noise of a library on %d\\n" % descriptor)


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True, initial=-np.inf))
    return e / e.sum(axis=-1, keepdims=True)


def dies(x):
    os.write(2, b"the reason why it dies\\n")
    os._exit(3)
"""
WORDS = ("compare", "loud", "--catalogue", "loud.yaml", "--effort", "quick", "--no-speed")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "loud_kernels.py").write_text(CODE, encoding="utf-8")
    return tmp_path


def catalogue(folder: Path, function: str) -> None:
    entry = "name: loud, backend: numpy, dtypes: [float32], min_n: 1"
    constants = f'{{softmaxVec: "loud_kernels:{function}"}}'
    text = f"schema: 1\nentries:\n  - {{{entry}, constants: {constants}}}\n"
    (folder / "loud.yaml").write_text(text, encoding="utf-8")


def test_a_terminal_gets_the_board_and_how_much_was_printed(folder: Path) -> None:
    catalogue(folder, "softmax")
    code, text = ended_in(80, folder, WORDS, {})
    assert code == 0
    assert "1 of 1 cells" in text and "noise" not in text
    assert "loud: 1 of " in text  # the progress of the run
    assert "not shown: 2 lines that libraries printed; 2> FILE keeps them" in text


def test_a_file_gets_it_all(folder: Path) -> None:
    catalogue(folder, "softmax")
    done = subprocess.run(
        [sys.executable, "-m", "harness.cli", *WORDS],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "noise of a library on 1" in done.stderr and "noise of a library on 2" in done.stderr
    assert "noise" not in done.stdout and "not shown" not in done.stderr


def test_a_terminal_gets_it_when_a_process_died(folder: Path) -> None:
    catalogue(folder, "dies")
    code, text = ended_in(80, folder, WORDS, {})
    assert code == 1
    assert "the reason why it dies" in text and "noise of a library on 1" in text
    assert "✗ softmaxVec violates" in text and "not shown" not in text


def test_a_terminal_gets_it_when_the_run_fails(folder: Path) -> None:
    catalogue(folder, "absent")
    code, text = ended_in(80, folder, WORDS, {})
    assert code == 2
    assert "noise of a library on 2" in text and "absent" in text.splitlines()[-1]
