"""From the words of a command to the program that they start."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from harness.errors import AbsentError, InputError, Place


def found(
    command: Sequence[str], folder: Path | None = None, place: Place | None = None
) -> tuple[str, ...]:
    """The command, its first word replaced by the path of the program.

    `./program` is in `folder` (default: the current one), a bare name is looked up as the shell
    does. InputError when there is no such file, or it cannot be executed; AbsentError when no
    program of a bare name is installed.
    """
    where = (folder or Path()).absolute()
    word, *rest = command
    if os.path.dirname(word):
        path = where / word
        program = shutil.which(str(path))
        if program is None and path.is_file():
            hint = f"chmod +x {word}, or name its interpreter before it"
            raise InputError(f"{word} cannot be executed", place=place, hint=hint)
        if program is None:
            raise InputError(f"there is no program {word} in {where}", place=place)
        return (program, *rest)
    program = shutil.which(word)
    if program is None:
        hint = f"write ./{word}" if (where / word).is_file() else "install it, or give its path"
        raise AbsentError(f"no program '{word}' is installed", place=place, hint=hint)
    return (program, *rest)
