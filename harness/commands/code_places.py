"""Where a `module:function` stands, found without importing it."""

from __future__ import annotations

import ast
from pathlib import Path


def place_of(reference: str, folder: Path) -> tuple[str, int] | None:
    """File, relative to the current folder, and line of the function; None where it is not below
    the current folder. folder: where the module is looked for, as a catalogue's is.

    Only files are looked at: a module that is made otherwise, or that the path of Python holds,
    belongs to somebody else.
    """
    module, _, function = reference.partition(":")
    here = Path.cwd().resolve()
    for base in dict.fromkeys((folder.resolve(), here)):
        stem = base.joinpath(*module.split("."))
        for file in (stem.with_name(f"{stem.name}.py"), stem / "__init__.py"):
            if file.is_file() and file.is_relative_to(here):
                return file.relative_to(here).as_posix(), _line(file, function)
    return None


def _line(file: Path, function: str) -> int:
    """The line of the definition, 1 where there is none to be seen."""
    try:
        body: list[ast.stmt] = ast.parse(file.read_text(encoding="utf-8")).body
    except (OSError, SyntaxError, ValueError):
        return 1
    line = 1
    for part in function.split("."):
        found = next((one for one in body if getattr(one, "name", None) == part), None)
        if found is None:
            return line
        line, body = found.lineno, getattr(found, "body", [])
    return line
