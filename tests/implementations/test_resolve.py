"""References to functions: what imports, and the one line for everything that does not."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.errors import AbsentError, InputError, Place
from harness.implementations.adapter import Adapter
from harness.implementations.entry import Entry, Implementation
from harness.implementations.resolve import callable_of, resolve, split_reference

PLACE = Place("catalogue.yaml", 7, 19)


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Writes a module into the current folder, which is an empty one of this test's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))

    def _write(name: str, text: str, folder: str = ".") -> Path:
        path = tmp_path / folder / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        monkeypatch.delitem(sys.modules, name, raising=False)
        return path

    return _write


def complaint(reference: str, folder: Path | None = None) -> InputError:
    with pytest.raises(InputError) as caught:
        resolve(reference, PLACE, folder)
    error = caught.value
    assert error.place == PLACE and "\n" not in str(error) and error.exit_code == 2
    assert error.__cause__ is None and (error.__suppress_context__ or not error.__context__)
    return error


def test_a_function_of_the_current_folder(write: Callable[..., Path]) -> None:
    write("res_here", "def softmax(x):\n    return x\n")
    function = resolve("res_here:softmax")
    assert function(3) == 3


def test_a_function_of_the_given_folder(write: Callable[..., Path], tmp_path: Path) -> None:
    write("res_beside", "def softmax(x):\n    return x\n", "elsewhere")
    complaint("res_beside:softmax")
    assert resolve("res_beside:softmax", PLACE, tmp_path / "elsewhere")(3) == 3


def test_a_method_of_an_object() -> None:
    assert resolve("math:sqrt")(4.0) == 2.0
    assert resolve("fractions:Fraction.from_float")(0.5) == resolve("fractions:Fraction")(1, 2)


def test_the_current_folder_comes_first_and_stays_last(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    write("res_neighbour", "VALUE = 5\n")
    write("res_lazy", "def f():\n    import res_neighbour\n    return res_neighbour.VALUE\n")
    assert resolve("res_lazy:f")() == 5
    assert sys.path[-1] == str(tmp_path) and sys.path[0] != str(tmp_path)


def test_no_such_module(write: Callable[..., Path]) -> None:
    write("res_mine", "")
    error = complaint("res_mien:f")
    assert "no module 'res_mien'" in str(error) and "'res_mine'" in error.hint
    assert "no module 'res_mine.inner'" in str(complaint("res_mine.inner:f"))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise ValueError('bad\\nthing')", "ValueError: bad thing"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("import a_library_that_is_absent", "No module named 'a_library_that_is_absent'"),
        ("from math import no_such_name", "ImportError: cannot import name 'no_such_name'"),
        ("def f(:\n", "SyntaxError"),
        ("assert False", "AssertionError"),
        ("import pytest; pytest.skip('x', allow_module_level=True)", "Skipped: x"),
    ],
)
def test_a_module_that_does_not_import(write: Callable[..., Path], body: str, said: str) -> None:
    write("res_broken", body)
    error = complaint("res_broken:f")
    assert "module 'res_broken' does not import" in str(error) and said in str(error)


def test_control_c_passes(write: Callable[..., Path]) -> None:
    write("res_interrupted", "raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        resolve("res_interrupted:f")


def test_no_such_function(write: Callable[..., Path]) -> None:
    write("res_names", "def softmax(x): ...\ndef _hidden(x): ...\nvalue = 3\nclass Jvp: ...\n")
    error = complaint("res_names:sofmax")
    assert "'res_names'" in str(error) and "res_names.py" in str(error)
    assert error.hint == "did you mean 'softmax'?"
    assert complaint("res_names:zzz").hint == "it has Jvp, softmax"
    assert "'Jvp' of module 'res_names'" in str(complaint("res_names:Jvp.apply"))
    assert "type int, not a function" in str(complaint("res_names:value"))
    write("res_empty", "")
    assert complaint("res_empty:f").hint == "it has no functions"
    write("res_lazy_names", "def __getattr__(name):\n    raise RuntimeError(name)\n")
    assert "has no 'f'" in str(complaint("res_lazy_names:f"))


@pytest.mark.parametrize(
    "reference", ["", "softmax", ":softmax", "module:", "a:b:c", "a..b:c", ".a:c", "a b:c", "a:1"]
)
def test_what_is_not_a_reference(reference: str) -> None:
    error = complaint(reference)
    assert "is not MODULE:FUNCTION" in str(error) and error.hint


def test_a_file_is_not_a_module() -> None:
    for reference in ("code/mine.py:softmax", "mine.py:softmax", "code\\mine.py:softmax"):
        assert complaint(reference).hint.startswith("write mine:softmax and run in the folder")
    assert split_reference(" mine:softmax ") == ("mine", "softmax")


def test_keywords_of_the_adapter_are_passed() -> None:
    one = Implementation("builtins:sorted", adapter=Adapter(keywords={"reverse": True}))
    entry = Entry("sorted", "numpy", {"softmaxVec": one}, ("float64",))
    assert callable_of(entry, "softmaxVec")([1, 3, 2]) == [3, 2, 1]
    given = Entry("max", "numpy", {"f": Implementation("here:max", function=max)}, ("float64",))
    assert callable_of(given, "f") is max
    assert pickle.loads(pickle.dumps(given)) == given  # worker processes get entries


def test_a_library_that_is_not_installed() -> None:
    constants = {"softmaxVec": Implementation("absent_library.special:softmax", place=PLACE)}
    for library in ("absent_library", "absent_library.special"):
        entry = Entry("absent", "numpy", constants, ("float64",), library=library)
        with pytest.raises(AbsentError, match="not installed") as caught:
            callable_of(entry, "softmaxVec")
        assert caught.value.exit_code == 3 and caught.value.hint == "pip install absent_library"
