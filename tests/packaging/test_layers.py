"""Imports point one way, and a start of the command or of pytest loads no heavy library."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging import layers
from tests.packaging.house import read_sources
from tests.packaging.sample_project import write

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("numpy", "torch", "flint", "lark", "pydantic", "rich")

# File, its text, the complaint.
BROKEN = [
    (
        "statement/term.py",
        "from harness.evaluate.walk import x\n",
        "harness/statement/term.py: statement must not import harness.evaluate.walk",
    ),
    (
        "evaluate/balls.py",
        "def f():\n    from ..specs import load\n",
        "harness/evaluate/balls.py: evaluate must not import harness.specs.load",
    ),
    (
        "conformance/session.py",
        "import harness.report.table\n",
        "harness/conformance/session.py: conformance must not import harness.report.table",
    ),
    (
        "conformance/session.py",
        "from harness import cli\n",
        "harness/conformance/session.py: conformance must not import harness.cli",
    ),
    (
        "statement/term.py",
        "import numpy as np\n",
        "harness/statement/term.py: statement must not import numpy",
    ),
    (
        "implementations/torch_mean.py",
        "from harness import errors\n",
        "harness/implementations/torch_mean.py: an implementation imports nothing of the harness",
    ),
    ("extra/new.py", "", "harness/extra/new.py: folder extra is not in LAYERS"),
    (
        "evaluate/walk.py",
        "from harness.evaluate.cycle import y\n",
        "import cycle: harness.evaluate.cycle -> harness.evaluate.walk -> harness.evaluate.cycle",
    ),
]


def test_the_project_imports_one_way() -> None:
    assert layers.wrong_imports(read_sources(ROOT)) == []


def test_clean_imports_pass(clean: Path) -> None:
    assert layers.wrong_imports(read_sources(clean)) == []


@pytest.mark.parametrize(("name", "text", "complaint"), BROKEN)
def test_a_wrong_import_is_found(name: str, text: str, complaint: str, clean: Path) -> None:
    targets = ("evaluate/walk.py", "specs/load.py")
    write(clean / "harness", {target: '"""A target."""\n' for target in targets})
    write(clean / "harness", {"evaluate/cycle.py": "from harness.evaluate import walk\n"})
    write(clean / "harness", {name: text})
    assert layers.wrong_imports(read_sources(clean)) == [complaint]


def test_every_folder_has_a_layer() -> None:
    folders = {path.parent.name for path in (ROOT / "harness").glob("*/__init__.py")}
    assert folders == set(layers.LAYERS) == set(layers.FOREIGN)


@pytest.mark.parametrize(
    "start",
    [
        "from harness.cli import main\n"
        "try:\n    code = main(['--help'])\nexcept SystemExit as end:\n    code = end.code\n"
        "assert not code",
        "import harness.plugin",
    ],
    ids=["crosscheck --help", "pytest plugin"],
)
def test_a_start_loads_nothing_heavy(start: str) -> None:
    assert heavy_after(start) == []


def test_a_heavy_import_is_seen() -> None:
    assert heavy_after("import numpy") == ["numpy"]


def heavy_after(code: str) -> list[str]:
    """The heavy modules that are loaded once a new interpreter has run `code`."""
    probe = f"{code}\nimport sys\nprint('loaded', *[m for m in {HEAVY} if m in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-c", probe], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()[-1].split()[1:]
