"""The built wheel carries the specs and the Lean text, and works away from the repository.

It is built from the sdist, in a copy of the project that has a built `lean/.lake` and other things
that must not ship. It is then installed into a virtual environment that sees this one's libraries
but not this repository, so that nothing is downloaded.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from configparser import ConfigParser
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest

from tests.packaging.house import project_files
from tests.packaging.sample_project import write

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow

LITTER = {
    "lean/.lake/packages/mathlib/Mathlib.lean": "-- gigabytes of these\n",
    "lean/.lake/build/lib/Proofs.olean": "built\n",
    "harness/__pycache__/errors.cpython-311.pyc": "built\n",
    ".venv/lib/left.py": "left = 1\n",
    ".crosscheck/last.json": "{}\n",
}


@dataclass(frozen=True)
class Built:
    """Where a build put its two archives."""

    sdist: Path
    wheel: Path

    def sdist_files(self) -> set[str]:
        with tarfile.open(self.sdist) as archive:
            names = (PurePosixPath(item.name) for item in archive.getmembers() if item.isfile())
            return {PurePosixPath(*name.parts[1:]).as_posix() for name in names}

    def wheel_files(self) -> set[str]:
        with zipfile.ZipFile(self.wheel) as archive:
            return set(archive.namelist())

    def metadata(self, name: str) -> str:
        with zipfile.ZipFile(self.wheel) as archive:
            (path,) = (path for path in archive.namelist() if path.endswith(f".dist-info/{name}"))
            return archive.read(path).decode("utf-8")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    copy, out = tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("dist")
    for file in project_files(ROOT):
        target = copy / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    write(copy, LITTER)
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(copy)])
    (sdist,), (wheel,) = out.glob("*.tar.gz"), out.glob("*.whl")
    return Built(sdist, wheel)


@dataclass(frozen=True)
class Elsewhere:
    """A virtual environment with the wheel in it, and an unrelated folder to run in."""

    environment: Path
    folder: Path

    def call(self, tool: str, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [script(self.environment, tool), *words],
            cwd=self.folder,
            env=clean_environment(),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )


@pytest.fixture(scope="module")
def elsewhere(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Elsewhere:
    environment = tmp_path_factory.mktemp("venv")
    venv.create(environment, symlinks=os.name != "nt")
    pip = [sys.executable, "-m", "pip", "--python", script(environment, "python")]
    run([*pip, "install", "--quiet", "--no-deps", "--no-index", str(built.wheel)])
    # A folder on the path, unlike one that `site` adds, does not have its own .pth files read: an
    # editable install of this repository stays out of sight.
    libraries = "".join(f"{sysconfig.get_path(key)}\n" for key in ("purelib", "platlib"))
    (scheme_path("purelib", environment) / "libraries.pth").write_text(libraries)
    return Elsewhere(environment, tmp_path_factory.mktemp("elsewhere"))


def scheme_path(key: str, environment: Path) -> Path:
    base = {"base": str(environment), "platbase": str(environment)}
    return Path(sysconfig.get_path(key, scheme="venv", vars=base))


def script(environment: Path, tool: str) -> str:
    found = shutil.which(tool, path=str(scheme_path("scripts", environment)))
    assert found, f"the environment has no {tool}"
    return found


def clean_environment() -> dict[str, str]:
    """The environment without what could bring the repository, or pytest's options, back in."""
    inherited = re.compile("PYTHONPATH|PYTHONHOME|PYTEST_.*")
    return {key: text for key, text in os.environ.items() if not inherited.fullmatch(key)}


def run(command: list[str]) -> None:
    done = subprocess.run(
        command, env=clean_environment(), capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_wheel_has_the_package_and_its_data_and_nothing_else(built: Built) -> None:
    ours = {file.relative_to(ROOT).as_posix() for file in project_files(ROOT)}
    lean = re.compile(r"lean/(.*\.lean|lean-toolchain|lakefile\.toml|lake-manifest\.json)")
    expected = (
        {name for name in ours if name.startswith("harness/")}
        | {f"harness/_data/{name}" for name in ours if name.startswith("specs/")}
        | {f"harness/_data/{name}" for name in ours if lean.fullmatch(name)}
    )
    assert {name for name in built.wheel_files() if ".dist-info/" not in name} == expected


@pytest.mark.parametrize(
    "name",
    [
        "harness/_data/lean/Proofs/Autograd/Softmax.lean",
        "harness/_data/lean/lake-manifest.json",
        "harness/_data/lean/lean-toolchain",
        "harness/_data/specs/softmax/softmaxVec.yaml",
        "harness/_data/specs/spec.schema.json",
        "harness/implementations/catalogue.yaml",
        "harness/py.typed",
        "harness/statement/grammar.lark",
    ],
)
def test_the_wheel_has(built: Built, name: str) -> None:
    assert name in built.wheel_files()


def test_the_sdist_has_what_make_test_needs_and_no_litter(built: Built) -> None:
    files = built.sdist_files()
    needed = {".ci/run", ".gitignore", "LICENSE", "Makefile", "README.md", "constraints.txt"}
    needed |= {"lean/lakefile.toml", "pyproject.toml", "tests/packaging/test_wheel.py"}
    assert needed - files == set()
    assert files & LITTER.keys() == set()


def test_metadata(built: Built) -> None:
    entries = ConfigParser()
    entries.read_string(built.metadata("entry_points.txt"))
    assert dict(entries["console_scripts"]) == {"crosscheck": "harness.cli:main"}
    assert dict(entries["pytest11"]) == {"crosscheck": "harness.plugin"}
    lines = built.metadata("METADATA").splitlines()
    assert {"Name: lean-crosscheck", "License-Expression: Apache-2.0"} <= set(lines)
    assert "Requires-Python: >=3.11" in lines


def test_the_repository_is_out_of_sight_there(elsewhere: Elsewhere) -> None:
    found = elsewhere.call("python", "-c", "import harness, numpy; print(harness.__file__)")
    assert found.returncode == 0, found.stderr
    assert Path(found.stdout.strip()).is_relative_to(elsewhere.environment)


def test_help_there(elsewhere: Elsewhere) -> None:
    shown = elsewhere.call("crosscheck", "--help")
    assert shown.returncode == 0, shown.stderr
    assert "check" in shown.stdout


def test_a_check_there_reads_the_packaged_specs(elsewhere: Elsewhere) -> None:
    # A `specs/` that merely happens to be here must not be read; named, it is, and is refused.
    write(elsewhere.folder, {"specs/decoy.yaml": "no spec: at all\n"})
    quick = ["check", "sumExp", "--backend", "numpy", "--effort", "quick"]
    checked = elsewhere.call("crosscheck", *quick, "--json", "verdicts.json")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "sumExp" in checked.stdout
    assert json.loads((elsewhere.folder / "verdicts.json").read_text("utf-8"))
    refused = elsewhere.call("crosscheck", *quick, "--specs", "specs")
    assert refused.returncode == 2, refused.stdout + refused.stderr
    assert "decoy.yaml" in refused.stderr


@pytest.mark.parametrize(
    ("formula", "code"), [("np.exp(x).sum(axis=-1)", 0), ("np.exp(x).max(axis=-1)", 1)]
)
def test_a_foreign_test_suite_there(elsewhere: Elsewhere, formula: str, code: int) -> None:
    suite = (
        "import numpy as np\n"
        "from harness.testing import conformance\n\n"
        f"test_mine = conformance({{'sumExp': lambda x: {formula}}}, dtypes=['float64'])\n"
    )
    write(elsewhere.folder, {f"suite{code}/test_mine.py": suite})
    tested = elsewhere.call("python", "-m", "pytest", "-p", "no:cacheprovider", f"suite{code}")
    assert tested.returncode == code, tested.stdout + tested.stderr


def test_the_example_of_a_third_party_runs_there(elsewhere: Elsewhere) -> None:
    folder = elsewhere.folder / "third_party"
    shutil.copytree(ROOT / "examples" / "third_party", folder)
    words = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "third_party")
    tested = elsewhere.call("python", *words)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    # The same suite is red for the kernel that the guide starts with.
    kernel = folder / "my_kernel.py"
    text = kernel.read_text(encoding="utf-8")
    spoilt = text.replace("total * np.exp(top - higher)", "total")
    assert spoilt != text
    kernel.write_text(spoilt, encoding="utf-8")
    tested = elsewhere.call("python", *words)
    assert tested.returncode == 1 and "softmaxVec, definition check" in tested.stdout
