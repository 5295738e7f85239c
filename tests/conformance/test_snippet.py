"""Programs that show a violation: run without the harness they say that it violates, and with right
code in the place of the wrong they say that it does not."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from harness.conformance.job import Job
from harness.conformance.request import Request
from harness.conformance.session import Session
from harness.implementations.catalogue import load_catalogue
from harness.specs.library import SpecLibrary

ROOT = Path(__file__).parents[2]
MUTANTS = ROOT / "tests" / "mutants"
ENTRIES = tuple(
    entry
    for file in ("sometimes", "softmax", "derivatives", "maps_and_sums", "torch")
    for entry in load_catalogue(MUTANTS / f"{file}.yaml")
)

# Declaration, check, entry, dtype, part: each kind of violation, layout, batch and statement.
SAMPLE = (
    ("softmaxVec", "definition", "sum.guarded_1e-7", "float32", 0),
    ("softmaxVec", "definition", "only.beyond_64", "float64", 0),
    ("softmaxVec", "definition", "only.for_even_batches", "float64", 0),
    ("softmaxVec", "definition", "memory.without_strides", "float32", 0),
    ("softmaxVec", "definition", "memory.backwards", "float32", 0),
    ("softmaxVec", "definition", "memory.in_order_of_memory", "float32", 0),
    ("softmaxVec", "definition", "memory.by_sum", "float32", 0),
    ("softmaxVec", "definition", "memory.into_argument", "float32", 0),
    ("softmaxVec", "definition", "memory.clears_beside", "float64", 0),
    ("softmaxVec", "definition", "result.widened", "float32", 0),
    ("softmaxVec", "definition", "result.squeezed", "float32", 0),
    ("softmaxVec", "definition", "result.as_list", "float32", 0),
    ("softmaxVec", "definition", "result.refused", "float32", 0),
    ("softmaxVec", "definition", "torch.shifted_in_place", "float64", 0),
    ("softmaxVec", "definition", "torch.wide_result", "bfloat16", 0),
    ("softmaxVec", "definition", "torch.in_order_of_memory", "float32", 0),
    ("softmaxDerivCoord", "definition", "coord.one_based", "float32", 0),
    ("softmaxDerivCoord", "definition", "coord.whole_vector", "float64", 0),
    ("dotCLM", "definition", "dot.written_over", "float32", 0),
    ("pi_apply_vec", "definition", "pi.transposed", "float32", 0),
    ("softmaxDerivCLM", "linearity", "clm.homogeneous_1e-6", "float64", 0),
    ("softmaxVec_add_const", "theorem", "exp.scaled_before_shift", "float64", 0),
    ("softmaxJvp_eq_deriv", "theorem", "jvp.doubled", "float32", 0),
    ("softmaxDerivCoord_apply", "theorem", "result.squeezed", "float64", 0),
    ("hasFDerivAt_softmaxVec", "theorem", "clm.without_mean", "float32", 0),
    ("hasFDerivAt_softmaxVec", "derivative", "torch.guarded_1e-6", "float32", 1),
)

_RUN = """\
import io, json, sys, traceback, contextlib
said = []
for text in json.load(sys.stdin):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            exec(compile(text, "snippet", "exec"), {"__name__": "__main__"})
        except BaseException:
            traceback.print_exc(file=out)
    said.append(out.getvalue())
assert not any(name.startswith("harness.") for name in sys.modules if "implementations" not in name)
print(json.dumps(said))
"""


def run_plainly(texts: Sequence[str]) -> list[str]:
    """What programs print in a Python process that nobody prepared."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _RUN],
        input=json.dumps(list(texts)),
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert isinstance(said, list)
    return said


@pytest.fixture(scope="module")
def found(library: SpecLibrary) -> dict[tuple[object, ...], tuple[str, str]]:
    """The kind of each violation of the sample, and its program."""
    session = Session(Request(effort="default", fail_fast=True), library, ENTRIES)
    made: dict[tuple[object, ...], tuple[str, str]] = {}
    for one in SAMPLE:
        declaration, check, entry, dtype, part = one
        result = session.run(Job(declaration, check, entry, dtype, "cpu", part))
        violation = result.violation
        assert violation is not None and violation.shrunk is not None, (one, result.notes)
        made[one] = violation.shrunk.violation.kind, violation.shrunk.snippet
    return made


@pytest.mark.slow
def test_every_program_shows_its_violation(
    found: dict[tuple[object, ...], tuple[str, str]],
) -> None:
    for one, (kind, _), text in zip(
        found, found.values(), run_plainly([snippet for _, snippet in found.values()]), strict=True
    ):
        last = text.splitlines()[-1] if text else ""
        if kind == "exception":
            assert "Traceback" in text and last.startswith("ZeroDivisionError"), (one, text)
        else:
            assert "violates" in last, (one, text)
    assert {kind for kind, _ in found.values()} >= {
        *("value", "nan", "mutated", "dtype", "shape", "type", "exception"),
    }


@pytest.mark.slow
def test_with_right_code_the_same_programs_say_that_all_is_well(
    found: dict[tuple[object, ...], tuple[str, str]],
) -> None:
    repaired = {
        one: re.sub(
            r"from \w+ import \w+ as softmaxVec\n(softmaxVec = functools.*\n)?",
            f"from harness.implementations.{backend} import softmax_vec as softmaxVec\n",
            snippet,
        )
        for one, (_, snippet) in found.items()
        for backend in ["torch_softmax" if "import torch\n" in snippet else "numpy_softmax"]
        if one[:2] == ("softmaxVec", "definition")
    }
    texts = [text for one, text in repaired.items() if text != found[one][1]]
    assert len(texts) >= 12
    for text, said in zip(texts, run_plainly(texts), strict=True):
        assert said.splitlines()[-1] in ("within the bound", "conforms"), text + said


def test_a_program_is_not_made_longer_than_one_pastes(library: SpecLibrary) -> None:
    from harness.conformance.snippet import MOST_CHARACTERS

    session = Session(Request(effort="default", fail_fast=True), library, ENTRIES)
    for entry in ("only.beyond_1024", "only.for_whole_pages"):
        result = session.run(Job("softmaxVec", "definition", entry, "float32", "cpu"))
        assert result.violation is not None and result.violation.shrunk is not None
        text = result.violation.shrunk.snippet
        assert 0 < len(text) < MOST_CHARACTERS / 10
        assert re.search(r"\[0\.0\] \* 10\d\d", text)
