"""`crosscheck conventions`: a table of what comes back, agreement in one line, and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.conftest import Crosscheck

CODE = """
import numpy as np

def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True, initial=-np.inf))
    return np.nan_to_num(e / np.sum(e, axis=-1, keepdims=True))

def plain(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True, initial=-np.inf))
    return e / np.sum(e, axis=-1, keepdims=True)
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "masks.py").write_text(CODE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return "softmaxVec=masks:softmax"


def test_a_line_for_each_situation_and_no_verdict(crosscheck: Crosscheck, mine: str) -> None:
    found = crosscheck("conventions", "--impl", mine, "--backend", "numpy")
    assert found.code == 0
    assert found.out.startswith("Outside the reals: conventions, not verdicts.")
    (line,) = [one for one in found.out.splitlines() if "a masked row" in one]
    assert line.split("  ")[-1].strip() == "[0, 0, 0]"
    assert "violates" not in found.out and "conforms" not in found.out


def test_who_agrees_stands_in_one_line_and_who_differs_is_named(
    crosscheck: Crosscheck, mine: str
) -> None:
    entry = "  - {{name: {}, backend: numpy, dtypes: [float32], constants: {{softmaxVec: {}}}}}"
    names = {"one": "masks:softmax", "two": "masks:softmax", "plain": "masks:plain"}
    entries = [entry.format(name, f'"{reference}"') for name, reference in names.items()]
    Path("both.yaml").write_text("\n".join(["schema: 1", "entries:", *entries]), encoding="utf-8")
    found = crosscheck("conventions", "--catalogue", "both.yaml")
    lines = [line.strip() for line in found.out.splitlines()]
    assert "softmaxVec   one float32, two float32, plain float32" in lines
    start = next(k for k, line in enumerate(lines) if line.startswith("a masked row"))
    assert lines[start].endswith("[0, 0, 0]   (one, two)")
    assert lines[start + 1] == "NaN everywhere   (plain)"
    (agreed,) = [line for line in lines if line.startswith("a masked coordinate")]
    assert agreed.endswith("[0.269, 0, 0.731]")


def test_the_same_as_json(crosscheck: Crosscheck, mine: str) -> None:
    found = crosscheck("conventions", "--impl", mine, "--backend", "numpy", "--json", "-")
    document = json.loads(found.out)
    assert document["schema"] == 1
    first = document["conventions"][0]
    assert first == {
        "entry": "masks-numpy",
        "constant": "softmaxVec",
        "dtype": "float64",
        "device": "cpu",
        "situation": "a NaN",
        "arguments": ["[0, nan, 1]"],
        "outcome": "[0, 0, 0]",
    }
