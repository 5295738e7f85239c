"""The project keeps the house rules; each rule is red on a small project that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.packaging import house
from tests.packaging.sample_project import write

ROOT = Path(__file__).resolve().parents[2]

RULES: dict[str, Callable[[Path], list[str]]] = {
    "machine_paths": lambda root: house.machine_paths(root, house.project_files(root)),
    "empty_names": lambda root: house.empty_names(root, house.project_files(root)),
    "long_files": lambda root: house.long_files(house.read_sources(root)),
    "undocumented": lambda root: house.undocumented(house.read_sources(root)),
    "careless_code": lambda root: house.careless_code(house.read_sources(root)),
}

# Rule, file that breaks it, its text, the complaint. Paths are joined: this file is read too.
BROKEN = [
    (
        "machine_paths",
        "docs/run.md",
        "cd /" + "work/main\n",
        "docs/run.md:1: names /" + "work, a folder of one machine",
    ),
    (
        "machine_paths",
        "docs/run.md",
        "one\nsaved in `/" + "tmp/x.json`\n",
        "docs/run.md:2: names /" + "tmp/x, a folder of one machine",
    ),
    (
        "machine_paths",
        "Makefile",
        "P = /" + "home/me/bin\n",
        "Makefile:1: names /" + "home/m, a folder of one machine",
    ),
    (
        "empty_names",
        "harness/report/json_utils.py",
        '"""Odds."""\n',
        "harness/report/json_utils.py: the name does not say what is in it",
    ),
    (
        "empty_names",
        "tests/common/test_x.py",
        '"""Odds."""\n',
        "tests/common/test_x.py: the name does not say what is in it",
    ),
    (
        "long_files",
        "harness/report/long.py",
        "# Long.\n" * 801,
        "harness/report/long.py: 801 lines, over 800",
    ),
    (
        "undocumented",
        "harness/report/bare.py",
        "X = 1\n",
        "harness/report/bare.py: no module docstring",
    ),
    (
        "undocumented",
        "harness/report/bare.py",
        '"""M."""\ndef show(a: int) -> int:\n    return a\n',
        "harness/report/bare.py:2: show has no docstring",
    ),
    (
        "undocumented",
        "harness/report/bare.py",
        '"""M."""\nclass _A:\n    def f(self, a, *, b: int) -> int: ...\n',
        "harness/report/bare.py:3: _A.f: a has no annotation",
    ),
    (
        "undocumented",
        "harness/report/bare.py",
        '"""M."""\nasync def _f(): ...\n',
        "harness/report/bare.py:2: _f: the result has no annotation",
    ),
    (
        "careless_code",
        "harness/report/loud.py",
        "print(1)\n",
        "harness/report/loud.py:1: prints outside the command line",
    ),
    (
        "careless_code",
        "harness/report/loud.py",
        'eval("1")\n',
        "harness/report/loud.py:1: calls eval",
    ),
    (
        "careless_code",
        "harness/report/loud.py",
        "def f() -> None:\n    global x\n    x = 1\n",
        "harness/report/loud.py:2: changes a global",
    ),
    (
        "careless_code",
        "harness/report/loud.py",
        "@dataclasses.dataclass(slots=True)\nclass A: ...\n",
        "harness/report/loud.py:2: dataclass A is not frozen",
    ),
]


@pytest.mark.parametrize("rule", RULES)
def test_the_project_keeps(rule: str) -> None:
    assert RULES[rule](ROOT) == []


@pytest.mark.parametrize("rule", RULES)
def test_a_clean_project_passes(rule: str, clean: Path) -> None:
    assert RULES[rule](clean) == []


@pytest.mark.parametrize(("rule", "name", "text", "complaint"), BROKEN)
def test_a_broken_project_fails(
    rule: str, name: str, text: str, complaint: str, clean: Path
) -> None:
    write(clean, {name: text})
    assert complaint in RULES[rule](clean)


def test_half_of_the_files_must_be_short(clean: Path) -> None:
    write(clean, {f"harness/report/part{i}.py": "# Part.\n" * 121 for i in range(9)})
    assert house.long_files(house.read_sources(clean)) == [
        "the median file has 121 lines, over 120"
    ]


def test_nine_in_ten_files_must_fit(clean: Path) -> None:
    write(clean, {f"harness/report/part{i}.py": "# Part.\n" * 401 for i in range(2)})
    assert house.long_files(house.read_sources(clean)) == [
        "one file in ten has 401 lines or more, over 400"
    ]


def test_a_project_without_text_is_not_short(tmp_path: Path) -> None:
    write(tmp_path, {"harness/__init__.py": ""})
    assert house.long_files(house.read_sources(tmp_path)) == ["no file has any text"]


def test_the_project_itself_is_read() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in house.project_files(ROOT)}
    assert {"pyproject.toml", "harness/errors.py", "tests/packaging/test_house.py"} <= names


def test_without_git_generated_folders_are_left_out(clean: Path) -> None:
    before = house.project_files(clean)
    write(clean, {".venv/lib/x.py": "x = 1\n", "lean/.lake/Mathlib.lean": "-- M\n"})
    write(clean, {".ci/run": "make test\n"})
    assert set(house.project_files(clean)) - set(before) == {clean / ".ci/run"}
