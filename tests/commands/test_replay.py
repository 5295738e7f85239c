"""`replay` from end to end: what a report prints can be pasted, and gives the same case."""

from __future__ import annotations

import json
import re
import shlex
import sys
from pathlib import Path

import jsonschema
import pytest

from harness.report.replay import SCHEMA_FILE, schema_text
from tests.commands.conftest import QUICK, Crosscheck

MINE = """\
import numpy as np

def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True, initial=-np.inf))
    return e / (e.sum(axis=-1, keepdims=True) + x.dtype.type(1e-3))
"""
CELL = "float32/n=2/normal/one_hot/s0/13/contiguous/seed=1#3"


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delitem(sys.modules, "my_softmax", raising=False)
    monkeypatch.setattr(sys, "path", sys.path[:])
    file = tmp_path / "my_softmax.py"
    file.write_text(MINE, encoding="utf-8")
    return file


@pytest.mark.slow
def test_from_check_to_replay_and_back_to_green(crosscheck: Crosscheck, mine: Path) -> None:
    impl = ("--impl", "softmaxVec=my_softmax:softmax")
    found = crosscheck("check", "softmaxVec", *QUICK, *impl, "--json", "out.json")
    assert found.code == 1
    (record,) = [
        one
        for one in json.loads(Path("out.json").read_text(encoding="utf-8"))["results"]
        if one["violation"] and one["check"] == "definition"
    ]
    violation = record["violation"]
    commands = [violation["replay"], violation["shrunk"]["replay"]]
    for command in commands:
        assert f"    {command}\n" in found.out
        _, *words = shlex.split(command)
        again = crosscheck(*words, "--json", "-")
        document = json.loads(again.out)
        assert (again.code, document["exit_code"], document["verdict"]) == (1, 1, "violates")
        assert document["command"] == command
        jsonschema.validate(document, json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))
        assert again.err.rstrip().endswith(document["sentence"])
        assert document["snippet"] and document["snippet"] in again.err
    assert violation["shrunk"]["snippet"] in found.out
    (file,) = (Path(".crosscheck") / "corpus").glob("*.json")
    assert file.stem == violation["shrunk"]["id"]
    assert f"{Path('.crosscheck', 'corpus')}: 1 violation kept" in found.out

    mine.write_text(MINE.replace("1e-3", "0"), encoding="utf-8")
    fixed = crosscheck("replay", file, *impl)
    assert fixed.code == 0
    assert fixed.last.startswith("softmaxVec conforms for my_softmax-numpy in float32 at this ")
    after = crosscheck("check", "softmaxVec", *QUICK, *impl)
    assert after.code == 0
    assert f"the kept case {file.stem} conforms now" in after.out
    assert "1 kept case tried first" in after.out


@pytest.mark.parametrize(
    "case",
    [
        f"softmaxVec:definition:numpy:cpu@{CELL}",
        f"softmaxDerivCoord:linearity:numpy:cpu@{CELL.replace('#3', '#4')}",
        f"softmaxJvp_eq_deriv:theorem:numpy:cpu@{CELL}",
        f"softmaxJvp:fact:numpy:cpu@{CELL.replace('n=2', 'n=0')}",
        f"softmaxVec:consistency::@{CELL}",
        f"hasFDerivAt_softmaxVec:derivative.2:torch.softmax:cpu@{CELL}",
    ],
)
def test_every_check_can_be_replayed(crosscheck: Crosscheck, case: str) -> None:
    found = crosscheck("replay", case)
    assert found.code == 0, found.out + found.err
    assert "\nverdict   conforms\n" in found.out and re.search(r"\n {10}\w+ = \[", found.out)
    assert " conforms " in found.last and found.last.endswith(".")


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["softmaxVec"], 2, "'softmaxVec' is no id of a case, and no case in"),
        (["../x"], 2, "is no id of a case"),
        (["absent.json"], 2, "absent.json cannot be read"),
        ([f"softmaxVec:definitoin:numpy:cpu@{CELL}"], 2, "did you mean 'definition'?"),
        ([f"softmaxVecc:definition:numpy:cpu@{CELL}"], 2, "did you mean 'softmaxVec'?"),
        ([f"softmaxVec:definition:nunpy:cpu@{CELL}"], 2, "did you mean 'numpy'?"),
        ([f"softmaxVec:definition:mine-numpy:cpu@{CELL}"], 2, "give --impl CONST=MODULE:FUNCTION"),
        ([f"softmaxVec:definition:numpy:cpu@{CELL[:-2]}"], 2, "the row is missing"),
        ([f"softmaxVec:definition:numpy:cpu@{CELL[:-1]}13"], 2, "the cell has 13 rows"),
        ([f"softmaxVec:linearity:numpy:cpu@{CELL}"], 2, "not that of a linear map"),
        ([f"softmaxVec:theorem:numpy:cpu@{CELL}"], 2, "it has no theorem check"),
        ([f"softmaxVec:fact.7:numpy:cpu@{CELL}"], 2, "facts, counted from 0"),
        ([f"dotCLM:definition:torch.softmax:cpu@{CELL}"], 2, "this case calls dotCLM"),
        ([f"softmaxVec:derivative:torch.softmax:cpu@{CELL}"], 2, "speaks of no derivative"),
        ([f"softmaxVec:definition:numpy:cpu@{CELL}", "--arithmetic", "x=y"], 2, "give --impl"),
        ([f"softmaxVec:definition:numpy:cpu@{CELL}", "--impl", "no=my:f"], 2, "no constant"),
    ],
)
def test_bad_input_is_one_line(
    crosscheck: Crosscheck, words: list[str], code: int, message: str
) -> None:
    found = crosscheck("replay", *words)
    assert (found.code, found.out) == (code, "")
    assert found.err.startswith("crosscheck: ") and found.err.count("\n") == 1
    assert message in found.err


@pytest.mark.parametrize(("n", "printed"), [(2, True), (65, False)])
def test_a_program_that_would_fill_the_screen_is_in_the_json(
    crosscheck: Crosscheck, tmp_path: Path, n: int, printed: bool
) -> None:
    case = f"sumExp:definition:numpy:cpu@float32/n={n}/normal/one_hot/s0/13/contiguous/seed=1#6"
    found = crosscheck("replay", case, "--json", tmp_path / "replay.json")
    snippet = json.loads((tmp_path / "replay.json").read_text("utf-8"))["snippet"]
    assert snippet.startswith("# sumExp of numpy, float32")
    assert (snippet in found.out) is printed
    assert (f"{len(snippet):,} characters, in --json" in found.out) is not printed
    assert found.last.endswith("at this input now, at below 0.01 of the bound.")


def test_what_is_absent_is_no_finding(crosscheck: Crosscheck) -> None:
    found = crosscheck("replay", f"softmaxVec:definition:numpy:cuda@{CELL}")
    assert found.code == 3 and found.last.startswith("softmaxVec is unsupported for numpy")


def test_the_schema_is_the_committed_one() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()
