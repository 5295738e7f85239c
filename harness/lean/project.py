"""Where the Lean project is, and what of a Lean toolchain is on this machine."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from harness.errors import AbsentError, InputError

_PACKAGE = Path(__file__).resolve().parents[1]
_SECONDS = 20.0  # for one question to a tool; `lean --version` takes some hundred ms


@dataclass(frozen=True)
class Tool:
    """A program of the toolchain: where it is and what it says of itself.

    path: None when it is not on PATH; version: the first line of `--version`, empty when unknown;
    problem: why it did not say so.
    """

    name: str
    path: str | None
    version: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Toolchain:
    """What a Lake project pins and what is here.

    pinned: text of `lean-toolchain`, such as `leanprover/lean4:v4.31.0`; mathlib: revision in
    `lake-manifest.json`, mathlib_tag: the tag it came from; both empty when not to be found.
    installed: whether the pinned toolchain is here; None when nobody could be asked.
    """

    pinned: str
    mathlib: str
    mathlib_tag: str
    elan: Tool
    lake: Tool
    lean: Tool
    installed: bool | None

    @property
    def usable(self) -> bool:
        """Whether `lake build` has the pinned toolchain to run with."""
        return bool(self.installed and self.lake.path and self.lean.path)


def find_lean(option: Path | None, package: Path = _PACKAGE) -> Path:
    """The folder with the Lean source: the one that `--lean` names, else what came with us.

    package: the folder of the installed package; next to it the repository of an editable install,
    in it the packaged copy. A `lean/` in the current folder is never taken by itself. Raises
    InputError when the option is no folder, AbsentError when nothing came with this installation.
    """
    if option is not None:
        if not option.is_dir():
            hint = "give the folder that holds lakefile.toml"
            raise InputError(f"--lean {option} is not a folder", hint=hint)
        return option
    repository = package.parent
    # A package installed from a wheel has site-packages above it, where anything may lie.
    if (repository / "pyproject.toml").is_file() and (repository / "lean").is_dir():
        return repository / "lean"
    packaged = package / "_data" / "lean"
    if packaged.is_dir():
        return packaged
    hint = "give its folder with --lean"
    raise AbsentError("no Lean source came with this installation", hint=hint)


def toolchain(lean_dir: Path, seconds: float = _SECONDS) -> Toolchain:
    """The facts for a Lake project; asks the tools, at most `seconds` each, and never raises.

    Nothing is downloaded: elan fetches a missing toolchain when `lean` is run inside a project, so
    they are asked outside of it, and only when elan says that a toolchain is installed.
    """
    pinned = _text(lean_dir / "lean-toolchain").strip()
    mathlib, tag = _mathlib(_text(lean_dir / "lake-manifest.json"))
    elan = _ask("elan", ["--version"], seconds)
    installed: bool | None = None
    argument: list[str] = []
    may_ask = True
    if elan.path:
        listed = _ask("elan", ["toolchain", "list"], seconds, all_lines=True)
        names = [line.split()[0] for line in listed.version.splitlines() if line.split()]
        installed = None if listed.problem else pinned in names
        may_ask = bool(installed)
        argument = [f"+{pinned}"] if pinned else []
    lake, lean = (
        _ask(name, [*argument, "--version"], seconds) if may_ask else _found(name)
        for name in ("lake", "lean")
    )
    if installed is None and lean.version:
        installed = pinned.rpartition(":v")[2] in re.findall(r"\d+\.\d+\.\d+[\w.-]*", lean.version)
    return Toolchain(pinned, mathlib, tag, elan, lake, lean, installed)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _mathlib(manifest: str) -> tuple[str, str]:
    """Revision and tag of Mathlib in the text of a `lake-manifest.json`."""
    try:
        packages = json.loads(manifest)["packages"]
        for package in packages:
            if package.get("name") == "mathlib":
                return str(package.get("rev", "")), str(package.get("inputRev", ""))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pass  # not a manifest: nothing is known, and `lake` will say what is wrong with it
    return "", ""


def _found(name: str) -> Tool:
    path = shutil.which(name)
    return Tool(name, path, problem="" if path is None else "the pinned toolchain is not installed")


def _ask(name: str, arguments: list[str], seconds: float, all_lines: bool = False) -> Tool:
    """Run a tool in an empty folder and keep what it prints; problems are told, not raised."""
    path = shutil.which(name)
    if path is None:
        return Tool(name, None)
    try:
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [path, *arguments],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=seconds,
                check=False,
            )
    except subprocess.TimeoutExpired:
        return Tool(name, path, problem=f"said nothing within {seconds:g} s")
    except OSError as error:
        return Tool(name, path, problem=f"cannot be run: {error.strerror}")
    output = done.stdout.decode("utf-8", "replace").strip()
    if done.returncode != 0:
        complaint = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        return Tool(name, path, problem=complaint or f"exit code {done.returncode}")
    return Tool(name, path, version=output if all_lines else output.partition("\n")[0].strip())
