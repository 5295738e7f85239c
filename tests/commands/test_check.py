"""`check` from end to end: exit codes, bad input, findings, outputs."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from harness import state
from harness.implementations import numpy_softmax
from harness.report.json_report import schema_text
from tests.commands.conftest import QUICK, ROOT, Crosscheck, replaced

MINE = """\
import numpy as np

def right(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True, initial=-np.inf))
    return e / e.sum(axis=-1, keepdims=True)

def unshifted(x):
    e = np.exp(x)
    return e / e.sum(axis=-1, keepdims=True)

def talkative(x):
    print("hello from foreign code")
    return right(x)

def listy(x):
    return x.tolist()

def of_torch(x):
    import torch

    return torch.softmax(x, dim=-1)

three = 3
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A module of a user's, in the current folder."""
    file = tmp_path / "my_softmax.py"
    file.write_text(MINE, encoding="utf-8")
    return file


@pytest.fixture(autouse=True)
def forget_users_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules of one test's folder must not be found by the next."""
    monkeypatch.delitem(sys.modules, "my_softmax", raising=False)
    monkeypatch.setattr(sys, "path", sys.path[:])


def test_what_conforms(crosscheck: Crosscheck) -> None:
    found = crosscheck("check", "sumExp", *QUICK)
    assert found.code == 0, found.out + found.err
    assert found.err == ""
    head, _, rest = found.out.partition("\n")
    assert head.endswith("effort quick · seed 1")
    assert "nothing here was proved by this run" in " ".join(rest.split())
    assert found.last.startswith("1 declaration conforms for numpy in ")
    assert found.last.endswith("1 statement matches the Lean source, none was proved by this run.")


def test_a_theorem_brings_the_definitions_it_rests_on(crosscheck: Crosscheck) -> None:
    found = crosscheck("check", "inner_softmaxJvp_comm", *QUICK, "--json", "-")
    document = json.loads(found.out)
    shown = {one["short_name"]: one for one in document["declarations"]}
    assert set(shown) == {"inner_softmaxJvp_comm", "softmaxJvp"}
    assert shown["inner_softmaxJvp_comm"]["entries"][0]["standing"] == "conforms"


def test_a_spec_file_is_a_name(crosscheck: Crosscheck, specs: Path) -> None:
    file = specs / "softmax" / "sumExp.yaml"
    found = crosscheck("check", file, "--specs", specs, *QUICK)
    assert found.code == 0, found.err
    assert "sumExp" in found.out


def test_list_runs_nothing(crosscheck: Crosscheck, tmp_path: Path) -> None:
    found = crosscheck("check", "sumExp", *QUICK, "--list")
    assert found.code == 0
    assert found.out.splitlines() == [
        "sumExp  consistency  reals",
        "sumExp  definition  numpy  float32  cpu",
        "sumExp  batch  numpy  float32  cpu",
        "sumExp  repeat  numpy  float32  cpu",
        "sumExp  inputs  numpy  float32  cpu",
    ]
    assert found.err == "crosscheck: 5 checks would run\n"
    assert not (tmp_path / state.FOLDER).exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["sumExpp"], "no spec is named 'sumExpp'"),
        (["none/of/these.yaml"], "none/of/these.yaml"),
        (["."], "no spec is named '.'"),
        (["."], "(that is a folder: give one of specs with --specs)"),
        (["--specs", "absent"], "--specs absent is not a folder"),
        (["--lean", "absent"], "--lean absent is not a folder"),
        (["--lean", "."], "--lean . holds no Lean source"),
        (["a\x1b[31mred\nb"], "no spec is named 'a\\x1b[31mred\\nb'"),
        (["--catalogue", "absent.yaml"], "absent.yaml is not a file"),
        (["--json", "absent/file"], "--json absent/file: there is no folder absent"),
        (["--junit", "."], "--junit . is a folder"),
        (["--impl", "softmaxVec"], "is not CONST=MODULE:FUNCTION"),
        (["--impl", "softmaxVec=my_softmax"], "is not MODULE:FUNCTION"),
        (["--impl", "softmaxVec=my_softmax.py:right"], "names a file where a module is expected"),
        (["--impl", "softmaxvec=my_softmax:right"], "did you mean 'softmaxVec'?"),
        (["--impl", "softmaxVec=my_sofmax:right"], "there is no module 'my_sofmax'"),
        (["--impl", "softmaxVec=my_softmax:rihgt"], "did you mean 'right'?"),
        (["--impl", "softmaxVec=my_softmax:three"], "not a function"),
        (["--impl", "softmaxVec=my_softmax:listy"], "answers neither numpy arrays nor torch"),
        (["--arithmetic", "softmaxVec=ieee"], "--arithmetic speaks of functions of --impl"),
        (["--min-n", "1"], "--min-n speaks of functions of --impl"),
        (
            ["--impl", "softmaxVec=my_softmax:right", "--arithmetic", "softmaxVec=iee"],
            "did you mean 'ieee'?",
        ),
        (
            ["--impl", "softmaxVec=my_softmax:right", "--arithmetic", "softmaxJvp=ieee"],
            "'softmaxJvp' is not supplied by --impl",
        ),
        (["--impl", "softmaxVec=my_softmax:right", "--arithmetic", "x"], "is not CONST=NAME"),
    ],
)
def test_bad_input_is_one_line(
    crosscheck: Crosscheck, mine: Path, words: list[str], message: str
) -> None:
    found = crosscheck("check", *words)
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("crosscheck: ")
    assert found.err.count("\n") == 1
    assert message in found.err


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: def", "kind: deff", "unknown kind 'deff'"),
        ("Real.exp (x i)", "Real.epx (x i)", "did you mean"),
        ("= ∑ i : Fin n, Real.exp (x i)", "= x", "sumExp.yaml"),
        ("kind: def", "kind: !!python/name:os.system def", "YAML tag"),
        ("kind: def", "kind: [def", "not YAML"),
    ],
)
def test_a_bad_spec_is_named_with_its_place(
    crosscheck: Crosscheck, specs: Path, old: str, new: str, message: str
) -> None:
    replaced(specs / "softmax" / "sumExp.yaml", old, new)
    found = crosscheck("check", "--specs", specs)
    assert (found.code, found.out) == (2, "")
    line, source, caret = found.err.splitlines()
    assert message in line
    assert "sumExp.yaml:" in line
    assert caret.strip() == "^"
    assert source.startswith("    ")


def test_no_specs(crosscheck: Crosscheck, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    found = crosscheck("check", "--specs", "empty")
    assert (found.code, found.err.count("\n")) == (2, 1)
    assert "no specs in empty" in found.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--require-lean"], "--require-lean: "),
        (["--require-cuda"], "--require-cuda: "),
        (["--device", "cuda"], "--device cuda: "),
    ],
)
def test_absent_things(
    crosscheck: Crosscheck, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("harness.commands.entries._why_no_cuda", lambda: "no device here")
    found = crosscheck("check", *words)
    assert (found.code, found.out, found.err.count("\n")) == (3, "", 1)
    assert message in found.err


def test_a_library_that_is_asked_for_and_absent(
    crosscheck: Crosscheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.commands.entries._installed", lambda name: name != "torch")
    found = crosscheck("check", "sumExp", "--backend", "torch")
    assert (found.code, found.out) == (3, "")
    assert "torch is not installed" in found.err


def test_without_torch_numpy_is_judged_alone(
    crosscheck: Crosscheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.commands.entries._installed", lambda name: name != "torch")
    found = crosscheck("check", "sumExp", "--list")
    assert {line.split()[2] for line in found.out.splitlines()} == {"reals", "numpy"}


def test_nothing_to_run_is_not_green(crosscheck: Crosscheck) -> None:
    found = crosscheck("check", "Vec", *QUICK)
    assert found.code == 3
    assert found.last == "Nothing ran: Vec is a type and has no Python side."
    assert crosscheck("check", "Vec", "--list").code == 3


def test_a_declaration_missing_in_lean_is_a_finding(crosscheck: Crosscheck, lean: Path) -> None:
    source = lean / "Proofs" / "Autograd" / "Softmax.lean"
    replaced(source, "theorem softmaxVec_add_const", "theorem softmaxVec_add_const'")
    found = crosscheck("check", "softmaxVec_add_const", "--lean", lean, *QUICK)
    assert found.code == 1
    assert "✗ softmaxVec_add_const is missing in Lean" in found.out
    assert found.last == "softmaxVec_add_const is missing in the Lean source."


def test_text_that_differs_is_a_finding(crosscheck: Crosscheck, specs: Path) -> None:
    spec = specs / "softmax" / "inner_softmaxJvp_comm.yaml"
    replaced(spec, "(softmaxJvp x δ)", "(softmaxJvp x dx)")
    found = crosscheck("check", "inner_softmaxJvp_comm", "--specs", specs, *QUICK)
    assert found.code == 1
    assert "✗ inner_softmaxJvp_comm differs from the Lean source" in found.out


def test_a_function_of_the_users(crosscheck: Crosscheck, mine: Path) -> None:
    found = crosscheck("check", "softmaxVec", "--impl", "softmaxVec=my_softmax:right", *QUICK)
    assert found.code == 0, found.out
    assert "my_softmax-numpy" in found.out
    assert found.last.startswith("1 declaration conforms for my_softmax-numpy in ")


def test_theorems_that_name_a_supplied_constant_run_too(crosscheck: Crosscheck, mine: Path) -> None:
    found = crosscheck("check", "--impl", "softmaxVec=my_softmax:right", *QUICK, "--list")
    names = {line.split()[0] for line in found.out.splitlines()}
    assert {"softmaxVec", "softmaxVec_add_const", "hasFDerivAt_softmaxVec"} <= names
    assert "sumExp" not in names
    assert "inner_softmaxJvp_comm" not in names


def test_wrong_code_of_the_users(crosscheck: Crosscheck, mine: Path) -> None:
    found = crosscheck("check", "softmaxVec", "--impl", "softmaxVec=my_softmax:unshifted", *QUICK)
    assert found.code == 1
    assert (
        "✗ softmaxVec violates   my_softmax-numpy · float32 on cpu · definition check" in found.out
    )
    assert "x = [" in found.out
    assert found.last.startswith(
        "softmaxVec violates its statement for my_softmax-numpy in float32"
    )


def test_the_backend_is_found_by_a_probe(crosscheck: Crosscheck, mine: Path) -> None:
    quick = ("--effort", "quick", "--dtype", "float32", "--list")
    found = crosscheck("check", "--impl", "softmaxVec=my_softmax:of_torch", *quick)
    assert {line.split()[2] for line in found.out.splitlines()} == {"reals", "my_softmax-torch"}


def test_what_foreign_code_prints_does_not_spoil_the_json(mine: Path, tmp_path: Path) -> None:
    words = [
        "check",
        "softmaxVec",
        "--impl",
        "softmaxVec=my_softmax:talkative",
        *QUICK,
        "--json",
        "-",
    ]
    found = run_apart(tmp_path, *words)
    assert json.loads(found.stdout)["run"]["supplied"] == {"softmaxVec": "my_softmax:talkative"}
    assert "hello from foreign code" in found.stderr
    assert "crosscheck" in found.stderr


def test_outputs(crosscheck: Crosscheck, tmp_path: Path) -> None:
    words = ("check", "sumExp", *QUICK, "--seed", "7")
    found = crosscheck(*words, "--json", "results.json", "--junit", "results.xml")
    assert found.code == 0
    document = json.loads((tmp_path / "results.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(json.loads(schema_text())).validate(document)
    assert document["summary"]["sentence"] == found.last
    assert (document["run"]["seed"], document["run"]["effort"]) == (7, "quick")
    suites = ElementTree.parse(tmp_path / "results.xml").getroot()
    assert [suite.get("failures") for suite in suites] == ["0", "0", "0"]
    kept = state.last(tmp_path)
    assert kept and json.loads(kept.read_text("utf-8")) == document


def test_json_on_stdout_is_alone_there(crosscheck: Crosscheck) -> None:
    found = crosscheck("check", "sumExp", *QUICK, "--json", "-")
    document = json.loads(found.out)
    assert found.err.rstrip().endswith(document["summary"]["sentence"])


def test_no_state(crosscheck: Crosscheck, tmp_path: Path) -> None:
    assert crosscheck("check", "sumExp", *QUICK, "--no-state").code == 0
    assert not (tmp_path / state.FOLDER).exists()


def test_state_that_cannot_be_kept_is_a_warning(crosscheck: Crosscheck, tmp_path: Path) -> None:
    (tmp_path / state.FOLDER).write_text("in the way")
    found = crosscheck("check", "sumExp", *QUICK)
    assert found.code == 0
    assert found.err.startswith("crosscheck: warning: results are not kept in ")
    assert found.err.count("\n") == 1


def test_a_file_that_fails_costs_only_itself(
    crosscheck: Crosscheck, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, text: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("harness.commands.outputs.write_whole", full)
    found = crosscheck("check", "sumExp", *QUICK, "--json", "results.json")
    assert found.code == 2
    assert "conforms for numpy" in found.last
    assert (
        found.err == "crosscheck: --json results.json cannot be written: No space left on device\n"
    )
    assert state.last(tmp_path)


def test_settings_are_defaults(crosscheck: Crosscheck, tmp_path: Path) -> None:
    text = '[tool.crosscheck]\neffort = "quick"\nbackend = ["numpy"]\ndtype = "float32"\nseed = 5\n'
    (tmp_path / "pyproject.toml").write_text(text)
    found = crosscheck("check", "sumExp")
    assert "effort quick · seed 5" in found.out
    assert "effort quick · seed 6" in crosscheck("check", "sumExp", "--seed", "6").out


def test_a_bad_setting_is_named_with_its_line(crosscheck: Crosscheck, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.crosscheck]\neffort = 3\n")
    found = crosscheck("check", "sumExp")
    assert found.code == 2
    assert "pyproject.toml:2:1: 'effort' is not a text" in found.err


def test_ctrl_c_still_writes_what_ran(
    crosscheck: Crosscheck, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(x: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(numpy_softmax, "sum_exp", interrupted)
    found = crosscheck("check", "sumExp", *QUICK, "--json", "results.json")
    assert (found.code, found.last) == (130, "Interrupted with 4 checks left.")
    document = json.loads((tmp_path / "results.json").read_text("utf-8"))
    assert document["run"]["interrupted"]
    assert [one["verdict"] for one in document["results"]] == ["conforms", *["not run"] * 4]
    assert state.last(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="SIGINT cannot be sent to one process there")
def test_code_that_takes_no_empty_vector_may_say_so(crosscheck: Crosscheck, mine: Path) -> None:
    mine.write_text(
        "import numpy as np\n"
        "def softmax(x):\n"
        "    e = np.exp(x - x.max(axis=-1, keepdims=True))\n"
        "    return e / e.sum(axis=-1, keepdims=True)\n",
        encoding="utf-8",
    )
    words = ["check", "softmaxVec", "--impl", "softmaxVec=my_softmax:softmax", *QUICK]
    words += ["--dtype", "float32", "--backend", "numpy", "--no-state"]
    found = crosscheck(*words)
    assert found.code == 1 and "declare it with --min-n 1" in found.out
    assert found.last == "my_softmax-numpy cannot take an empty vector."
    found = crosscheck(*words, "--min-n", "1")
    assert found.code == 0 and "n = 0:" not in found.out


def test_ctrl_c_while_foreign_code_runs(mine: Path, tmp_path: Path) -> None:
    # The function runs in a process of its own and presses Ctrl-C in the one that waits for it.
    mine.write_text(
        "import os, signal, time\n"
        "def press(x):\n"
        "    os.kill(os.getppid(), signal.SIGINT)\n"
        "    time.sleep(60)\n",
        encoding="utf-8",
    )
    words = ["check", "sumExp", "--impl", "sumExp=my_softmax:press", *QUICK, "--no-state"]
    found = run_apart(tmp_path, *words)
    assert (found.returncode, found.stderr) == (130, "")
    # The check on exact reals runs beside it and may have ended before.
    assert re.search(r"\nInterrupted with [45] checks left\.\n$", found.stdout)


def run_apart(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "harness.cli", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
        preexec_fn=_mind_ctrl_c if os.name == "posix" else None,
    )


def _mind_ctrl_c() -> None:
    # What a shell starts in the background ignores it, and so would all that it starts.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
