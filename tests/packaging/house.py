"""The house rules but for imports: functions from files to complaints, one line each.

A clean project gives no complaint.
"""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# Folders that .gitignore names, for a project without git (an unpacked sdist).
GENERATED = frozenset(
    {".crosscheck", ".git", ".hypothesis", ".lake", ".venv", "__pycache__", "build", "dist"}
    | {".mypy_cache", ".pytest_cache", ".ruff_cache"}
)
COMMAND_LINE = ("harness/cli.py", "harness/commands/")  # what may print
EMPTY_NAMES = frozenset({"util", "utils", "helper", "helpers", "common", "misc"})
_MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work\b|root\b|home/\w|Users/\w|tmp/\w)")


@dataclass(frozen=True)
class Source:
    """A Python file: its path from the root (with slashes), its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def module(self) -> str:
        """`harness.statement.term` for harness/statement/term.py; a package for its __init__."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def read_sources(root: Path, folder: str = "harness") -> tuple[Source, ...]:
    """The Python files below root/folder, sorted by path."""
    files = sorted((root / folder).rglob("*.py"))
    texts = ((file, file.read_text(encoding="utf-8")) for file in files)
    return tuple(
        Source(file.relative_to(root).as_posix(), text, ast.parse(text)) for file, text in texts
    )


def project_files(root: Path) -> tuple[Path, ...]:
    """What git tracks or would track below root; without git, all files but generated ones."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if listing.returncode == 0:
        names = [name for name in listing.stdout.split("\0") if name]
        return tuple(root / name for name in sorted(names) if (root / name).is_file())
    found = (path for path in sorted(root.rglob("*")) if path.is_file())
    return tuple(path for path in found if not GENERATED & {*path.relative_to(root).parts})


def machine_paths(root: Path, files: Iterable[Path]) -> list[str]:
    """Text files that name a folder of the machine that they were written on."""
    complaints = []
    for file in files:
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            if found := _MACHINE_PATH.search(line):
                where = file.relative_to(root).as_posix()
                complaints.append(
                    f"{where}:{number}: names {found.group()}, a folder of one machine"
                )
    return complaints


def empty_names(root: Path, files: Iterable[Path]) -> list[str]:
    """Python files and folders whose name does not say what is in them."""
    complaints = []
    for file in files:
        path = file.relative_to(root)
        words = {word for part in path.with_suffix("").parts for word in part.lower().split("_")}
        if path.suffix == ".py" and words & EMPTY_NAMES:
            complaints.append(f"{path.as_posix()}: the name does not say what is in it")
    return complaints


def long_files(sources: Iterable[Source]) -> list[str]:
    """Median <= 120 lines, 90 % of the files <= 400, none over 800; empty files do not count."""
    lengths = sorted((len(source.text.splitlines()), source.path) for source in sources)
    counts = [count for count, _ in lengths if count]
    if not counts:
        return ["no file has any text"]
    complaints = [f"{path}: {count} lines, over 800" for count, path in lengths if count > 800]
    if (median := statistics.median(counts)) > 120:
        complaints.append(f"the median file has {median:g} lines, over 120")
    if (p90 := counts[max(0, -(-9 * len(counts) // 10) - 1)]) > 400:
        complaints.append(f"one file in ten has {p90} lines or more, over 400")
    return complaints


def undocumented(sources: Iterable[Source]) -> list[str]:
    """Modules, public functions and classes without a docstring; parameters without a type."""
    complaints = []
    for source in sources:
        if source.text.strip() and not ast.get_docstring(source.tree):
            complaints.append(f"{source.path}: no module docstring")
        for node, name, public in _definitions(source.tree.body):
            where = f"{source.path}:{node.lineno}: {name}"
            if public and not ast.get_docstring(node):
                complaints.append(f"{where} has no docstring")
            if not isinstance(node, ast.ClassDef):
                complaints += [f"{where}: {gap} has no annotation" for gap in _untyped(node)]
    return complaints


def careless_code(sources: Iterable[Source]) -> list[str]:
    """Printing outside the command line, `global`, eval and exec, dataclasses that can change."""
    complaints = []
    for source in sources:
        for node in ast.walk(source.tree):
            match node:
                case ast.Call(func=ast.Name(id="print")) if not source.path.startswith(
                    COMMAND_LINE
                ):
                    fault = "prints outside the command line"
                case ast.Call(func=ast.Name(id="eval" | "exec" as name)):
                    fault = f"calls {name}"
                case ast.Global():
                    fault = "changes a global"
                case ast.ClassDef() if any(map(_is_open_dataclass, node.decorator_list)):
                    fault = f"dataclass {node.name} is not frozen"
                case _:
                    continue
            complaints.append(f"{source.path}:{node.lineno}: {fault}")
    return complaints


_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _definitions(
    body: list[ast.stmt], prefix: str = "", public: bool = True
) -> Iterator[tuple[_Definition, str, bool]]:
    """Functions and classes of a module and the methods of its classes, with name and publicity."""
    for node in body:
        if isinstance(node, _Definition):
            # An overload is a signature; the function below it has the docstring.
            overload = any(ast.unparse(name).endswith("overload") for name in node.decorator_list)
            open_to_all = public and not node.name.startswith("_") and not overload
            yield node, prefix + node.name, open_to_all
            if isinstance(node, ast.ClassDef):
                yield from _definitions(node.body, f"{prefix}{node.name}.", open_to_all)


def _untyped(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """The parameters without an annotation, and `the result`; self and cls need none."""
    given = node.args
    positional = [*given.posonlyargs, *given.args]
    for index, parameter in enumerate([*positional, *given.kwonlyargs, given.vararg, given.kwarg]):
        first = index == 0 and parameter is not None and parameter.arg in ("self", "cls")
        if parameter is not None and parameter.annotation is None and not first:
            yield parameter.arg
    if node.returns is None:
        yield "the result"


def _is_open_dataclass(decorator: ast.expr) -> bool:
    call = decorator if isinstance(decorator, ast.Call) else None
    name = call.func if call else decorator
    if not (isinstance(name, ast.Name | ast.Attribute) and ast.unparse(name).endswith("dataclass")):
        return False
    options = {option.arg: ast.unparse(option.value) for option in call.keywords} if call else {}
    return options.get("frozen") != "True"
