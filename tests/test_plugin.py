"""A foreign test-suite with one line for each implementation, run by pytest in pytest.

Each run is a process of its own, which loads the plugin as a user's does and imports nothing of
this suite; what can be seen in one run is seen in one.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[1]
# Where the package is not installed, nothing but its folder is known.
LOADED = () if entry_points(group="pytest11", name="crosscheck") else ("-p", "harness.plugin")

FOREIGN = """
import numpy as np
from harness.testing import conformance

def softmax(x):
    exps = np.exp(x - np.max(x, axis=-1, keepdims=True, initial=-np.inf))
    return exps / np.sum(exps, axis=-1, keepdims=True)

def without_shift(x):
    exps = np.exp(x)
    return exps / np.sum(exps, axis=-1, keepdims=True)

def scaled(factor):
    def inner(x):
        return softmax(x) * x.dtype.type(factor)
    return inner

def total(x):
    return np.exp(x).sum(axis=-1)

BRIEF = {"backend": "numpy", "dtypes": ["float32"]}
ONE = {**BRIEF, "names": ["softmaxVec"]}
test_right = conformance({"softmaxVec": softmax}, **ONE)
test_wrong = conformance({"softmaxVec": without_shift}, **ONE)
test_closure = conformance({"softmaxVec": scaled(1)}, **ONE)
test_lambda = conformance({"sumExp": lambda x: total(x)}, **BRIEF)
test_half = conformance({"sumExp": total}, backend="numpy", dtypes=["bfloat16"], names=["sumExp"])

class TestInAClass:
    test_right = conformance({"softmaxVec": softmax}, **ONE)

def test_of_their_own():
    assert True
"""


@pytest.fixture
def foreign(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A folder with a test-suite that knows nothing of this one."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makeini("[pytest]")
    return pytester


def run(foreign: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return foreign.run(
        sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *LOADED, *arguments
    )


def test_one_line_is_a_test_for_each_declaration(foreign: pytest.Pytester) -> None:
    foreign.makepyfile(test_foreign=FOREIGN)
    result = run(foreign, "-v", "-rs")
    result.assert_outcomes(passed=7, failed=1, skipped=1)
    text = result.stdout.str()
    assert "test_foreign.py::test_of_their_own PASSED" in text
    for suite, declaration, outcome in (
        ("test_right", "softmaxVec", "PASSED"),
        ("test_wrong", "softmaxVec", "FAILED"),
        ("test_closure", "softmaxVec", "PASSED"),
        ("test_lambda", "sumExp", "PASSED"),
        ("test_lambda", "sumExp_apply", "PASSED"),
        ("test_lambda", "softmaxVec_apply", "PASSED"),
        ("TestInAClass::test_right", "softmaxVec", "PASSED"),
    ):
        where = f"{declaration}[test_foreign-numpy-float32-cpu]"
        assert f"test_foreign.py::{suite}::{where} {outcome}" in text
    assert "sumExp[test_foreign-numpy-bfloat16-cpu] SKIPPED" in text
    assert "numpy has no bfloat16" in text

    (failure,) = re.findall(r"=+ FAILURES =+\n(.*?)\n=+ short test summary", text, re.DOTALL)
    assert "_ test_wrong: softmaxVec[test_foreign-numpy-float32-cpu] _" in failure
    assert "softmaxVec, definition check, test_foreign-numpy float32 cpu: violates" in failure
    assert re.search(r"nan: softmaxVec at coordinate \d is nan, exact is ", failure)
    assert "error / bound: inf" in failure
    assert re.search(r"'-?0x[0-9a-f.]+p[+-]\d+'", failure)
    assert "Traceback" not in failure and "harness/" not in failure


def test_each_kind_of_bad_input_is_one_line_at_collection(foreign: pytest.Pytester) -> None:
    foreign.makepyfile(
        test_bad="""
        from harness.testing import conformance

        def softmax(x):
            return x * 1

        ONE = {"softmaxVec": softmax}
        test_constant = conformance({"sofmaxVec": softmax}, backend="numpy")
        test_dtype = conformance(ONE, backend="numpy", dtypes=["float31"])
        test_effort = conformance(ONE, backend="numpy", effort="quik")
        test_name = conformance(ONE, backend="numpy", names=["softmaxVex"])
        test_elsewhere = conformance(ONE, backend="numpy", names=["sumExp"])
        test_nothing = conformance({})
        """
    )
    result = run(foreign)
    result.assert_outcomes(errors=6)
    text = result.stdout.str()
    told = re.findall(r"^_+ ERROR collecting test_bad.py _+\n(.+)\n(?=[_=])", text, re.MULTILINE)
    for found, message in zip(
        told,
        (
            "no constant is called 'sofmaxVec' (did you mean 'softmaxVec'?)",
            "no dtype is called 'float31' (did you mean 'float32'?)",
            "no effort 'quik' (did you mean 'quick'?)",
            "no spec is named 'softmaxVex' in ",
            "no declaration of the specs names any of these constants",
            "no function is given",
        ),
        strict=True,
    ):
        assert found.startswith(message)
    for suite in ("constant", "dtype", "effort", "name", "elsewhere", "nothing"):
        assert f"ERROR test_bad.py::test_{suite}" in text


def test_workers_of_xdist_agree_on_what_there_is(foreign: pytest.Pytester) -> None:
    pytest.importorskip("xdist")
    foreign.makepyfile(
        """
        import numpy as np
        from harness.testing import conformance
        total = lambda x: np.exp(x).sum(axis=-1)
        test_total = conformance({"sumExp": total}, backend="numpy", names=["sumExp"])
        """
    )
    run(foreign, "-n", "2").assert_outcomes(passed=2)


def test_the_plugin_alone_imports_nothing_heavy(foreign: pytest.Pytester) -> None:
    foreign.makepyfile(
        """
        import sys

        def test_light():
            assert "harness.plugin" in sys.modules
            assert not {"torch", "flint", "lark", "pydantic", "numpy"} & sys.modules.keys()
        """
    )
    run(foreign).assert_outcomes(passed=1)


def test_a_catalogue_is_a_suite_too_exact_reals_included(foreign: pytest.Pytester) -> None:
    foreign.path.joinpath("mine.yaml").write_text(
        """
schema: 1
entries:
  - name: mine
    backend: numpy
    dtypes: [float32, float64]
    constants: {sumExp: "harness.implementations.numpy_softmax:sum_exp"}
""",
        encoding="utf-8",
    )
    foreign.makepyfile(
        """
        from pathlib import Path
        from harness.testing import catalogue
        test_mine = catalogue(Path("mine.yaml"), names=["sumExp"], dtypes=["float32"])
        """
    )
    result = run(foreign, "-v")
    result.assert_outcomes(passed=2)
    for name in ("sumExp[reals]", "sumExp[mine-float32-cpu]"):
        assert f"test_mine::{name} PASSED" in result.stdout.str()


def test_the_environment_names_what_is_judged(
    foreign: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign.path.joinpath("mine.py").write_text(
        "import numpy as np\ndef total(x):\n    return np.exp(x).sum(axis=-1)\n",
        encoding="utf-8",
    )
    words = ("-v", "--pyargs", "harness.suite", "-k", "sumExp and float32")
    monkeypatch.delenv("CROSSCHECK_IMPL", raising=False)
    monkeypatch.delenv("CROSSCHECK_CATALOGUE", raising=False)
    assert (
        "neither CROSSCHECK_IMPL nor CROSSCHECK_CATALOGUE is set"
        in run(foreign, *words).stdout.str()
    )
    monkeypatch.setenv("CROSSCHECK_IMPL", "sumExp=mine:total")
    result = run(foreign, *words)
    assert "test_environment::sumExp[mine-numpy-float32-cpu] PASSED" in result.stdout.str()


def test_adapters_lift_what_a_suite_is_given(foreign: pytest.Pytester) -> None:
    foreign.makepyfile(
        """
        import numpy as np
        from harness.testing import conformance

        def softmax(x, axis):
            e = np.exp(x - x.max(axis=axis, keepdims=True))
            return e / e.sum(axis=axis, keepdims=True), "and more"

        lifts = {"axis": {"keyword": "axis", "along": "first"}, "returns": {"item": 0}}
        how = dict(dtypes=["float32"], names=["softmaxVec"], min_n=1)
        test_lifted = conformance({"softmaxVec": softmax}, adapter=lifts, **how)
        test_not_lifted = conformance({"softmaxVec": softmax}, adapter={"axis": "axis"}, **how)
        test_misspelt = conformance({"softmaxVec": softmax}, adapter={"axsi": "axis"}, **how)
        """
    )
    text = run(foreign, "-v", "--continue-on-collection-errors").stdout.str()
    assert re.search(r"test_lifted::softmaxVec\[test_adapters\S+-float32-cpu\] PASSED", text)
    assert "returns arrays of neither numpy nor torch" in text
    assert "axsi: Extra inputs are not permitted" in text


def test_known_failures_are_xfailed_until_they_are_repaired(foreign: pytest.Pytester) -> None:
    foreign.path.joinpath("kernels.py").write_text(
        "import numpy as np\n"
        "def wrong(x):\n    return np.exp(x).max(axis=-1, initial=0)\n"
        "def right(x):\n    return np.exp(x).sum(axis=-1)\n",
        encoding="utf-8",
    )
    entry = """
  - name: {0}
    backend: numpy
    dtypes: [float32]
    constants: {{sumExp: "kernels:{0}"}}
    expect: {{violates: sumExp, reason: the greatest for the sum, case: "x = [0, 0]"}}
"""
    text = "schema: 1\nentries:" + entry.format("wrong") + entry.format("right")
    foreign.path.joinpath("mine.yaml").write_text(text, encoding="utf-8")
    foreign.makepyfile(
        """
        from harness.testing import catalogue
        test_mine = catalogue("mine.yaml", names=["sumExp"])
        """
    )
    result = run(foreign, "-v", "-rx")
    result.assert_outcomes(passed=1, xfailed=1, failed=1)  # passed: on exact reals
    text = result.stdout.str()
    assert "XFAIL" in text and "the greatest for the sum" in text
    assert "right: it conforms, even at its case, x = [0, 0]: remove expect" in text


def test_a_program_is_tested_as_functions_are(foreign: pytest.Pytester) -> None:
    """And must end properly: one that does not is an error at the end of its suite."""
    adapter = ROOT / "examples" / "adapters" / "python_adapter.py"
    foreign.makepyfile(
        test_program=f"""
        from harness.testing import conformance

        WORDS = [{sys.executable!r}, {str(adapter)!r}]
        LEAVES = '''
        import runpy, sys
        runpy.run_path({str(adapter)!r}, run_name="__main__")
        sys.exit(5)
        '''
        ONE = {{"dtypes": ["float32"], "names": ["softmaxVec"]}}
        test_right = conformance(process=WORDS, **ONE)
        test_wrong = conformance(process=[*WORDS, "--broken"], **ONE)
        test_leaves = conformance(process=[WORDS[0], "-c", LEAVES], **ONE)
        test_both = conformance({{"sumExp": abs}}, process=WORDS)
        """
    )
    result = run(foreign, "--continue-on-collection-errors")
    result.assert_outcomes(passed=2, failed=1, errors=2)
    text = result.stdout.str()
    assert "softmaxVec, definition check, python-adapter float32 cpu: violates" in text
    assert "python-adapter: after its bye the program ended with exit code 5" in text
    assert "a process has no functions, adapter or min_n" in text
