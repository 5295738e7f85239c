"""`check --process` and processes in catalogues, with real programs: right, wrong, and none."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.commands.conftest import Crosscheck

ADAPTER = Path(__file__).parents[2] / "examples" / "adapters" / "python_adapter.py"
RIGHT = f'"{sys.executable}" "{ADAPTER}"'
BRIEF = ("--effort", "quick", "--dtype", "float32", "--no-state")

# A program that says hello, answers what `python_adapter` would, and dies as its argument says.
DIES = f"""
import os, runpy, sys
sys.argv = ["adapter"]
adapter = runpy.run_path({str(ADAPTER)!r}, run_name="adapter")
count = 0
plain = adapter["answer"]
def answer(call, numbers):
    global count
    count += 1
    if count == 5:
        sys.stdout.buffer.write(b'{{"kind":"result","id":5')
        sys.stdout.buffer.flush()
        os._exit(9)
    plain(call, numbers)
adapter["main"].__globals__["answer"] = answer
adapter["main"]()
"""


@pytest.mark.slow
def test_a_program_is_judged(crosscheck: Crosscheck) -> None:
    found = crosscheck("check", "sumExp", "--process", RIGHT, *BRIEF, "--json", "out.json")
    assert (found.code, found.err) == (0, "")
    assert "python-adapter" in found.out
    assert found.out.splitlines()[-1].startswith("1 declaration conforms for python-adapter in ")
    document = json.loads(Path("out.json").read_text(encoding="utf-8"))
    assert document["run"]["supplied"]["sumExp"].startswith("process:<")


def test_a_wrong_program_is_found(crosscheck: Crosscheck) -> None:
    broken = f"{RIGHT} --broken"
    found = crosscheck("check", "softmaxVec", "sumExp", "--process", broken, *BRIEF)
    assert found.code == 1
    assert "softmaxVec violates its statement for python-adapter" in found.out.splitlines()[-1]


def test_one_program_dies_and_the_others_are_judged(
    crosscheck: Crosscheck, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a catalogue, whose folder is where its programs are started."""
    (tmp_path / "dies.py").write_text(DIES, encoding="utf-8")
    entry = "  - name: {}\n    process: [{}, {}]\n    dtypes: [float32]\n    constants: [sumExp]\n"
    text = "schema: 1\nentries:\n" + "".join(
        entry.format(name, json.dumps(sys.executable), json.dumps(file))
        for name, file in (("dies", "dies.py"), ("right", str(ADAPTER)))
    )
    (tmp_path / "catalogue.yaml").write_text(text, encoding="utf-8")
    file = str(tmp_path / "catalogue.yaml")
    found = crosscheck("check", "sumExp", "--catalogue", file, *BRIEF, "--json", "out.json")
    assert found.code == 1
    results = json.loads(Path("out.json").read_text(encoding="utf-8"))["results"]
    told = {one["entry"]: one for one in results if one["check"] == "definition"}
    assert told["right"]["verdict"] == "conforms"
    assert told["dies"]["verdict"] == "violates"
    assert told["dies"]["violation"]["kind"] == "crash"
    assert told["dies"]["violation"]["message"].startswith(
        "the program ended with exit code 9 within its answer to call 5 (sumExp); 23 bytes of a "
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "kind", "message"),
    [
        (
            "print('hello', flush=True)",
            "protocol",
            "the program's hello is wrong: not a line of JSON",
        ),
        ("raise SystemExit('no licence')", "crash", "its stderr ends: no licence"),
    ],
)
def test_who_says_no_hello_violates(
    crosscheck: Crosscheck, tmp_path: Path, code: str, kind: str, message: str
) -> None:
    (tmp_path / "odd.py").write_text(code, encoding="utf-8")
    command = f'"{sys.executable}" "{tmp_path / "odd.py"}"'
    found = crosscheck("check", "sumExp", "--process", command, *BRIEF)
    assert found.code == 1
    assert message in " ".join(found.out.split())
    assert f"sumExp violates its statement for {Path(sys.executable).name}" in found.out
    assert f"({kind})" in found.out.splitlines()[-1]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--process", "./no-such"], 2, "there is no program ./no-such in"),
        (["--process", "no-such-program"], 3, "no program 'no-such-program' is installed"),
        (["--process", RIGHT, "--impl", "sumExp=a:b"], 2, "--process and --impl both say who"),
        (["--process", RIGHT, "--arithmetic", "sumExp=iee"], 2, "did you mean 'ieee'?"),
    ],
)
def test_bad_input_is_one_line(
    crosscheck: Crosscheck, words: list[str], code: int, told: str
) -> None:
    found = crosscheck("check", *words)
    assert (found.code, found.out, found.err.count("\n")) == (code, "", 1)
    assert told in found.err
