"""Files that a command is asked to write: refused before the work, not after it."""

from __future__ import annotations

import os
from pathlib import Path

from harness.errors import InputError
from harness.state import write_whole

STDOUT = "-"


def check_target(option: str, name: str | None) -> None:
    """InputError when the file of an option cannot be written."""
    if name is None or name == STDOUT:
        return
    path = Path(name)
    if path.is_dir():
        raise InputError(f"{option} {name} is a folder", hint="give the path of a file")
    folder = path.parent
    if not folder.is_dir():
        raise InputError(f"{option} {name}: there is no folder {folder}", hint="make it first")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise InputError(f"{option} {name} cannot be written", hint="check its permissions")


def write_file(option: str, name: str, text: str) -> None:
    """Writes the file of an option. InputError when that fails after all."""
    try:
        write_whole(Path(name), text)
    except OSError as error:
        message = f"{option} {name} cannot be written: {error.strerror or error}"
        raise InputError(message) from error
