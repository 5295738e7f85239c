"""What is kept of runs in `.crosscheck/` of the current folder: the last results and some before.

`last.json` is the newest document; `history/` holds the newest ones by time. The folder ignores
itself in git.
"""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

FOLDER = ".crosscheck"
LAST = "last.json"
KEPT = 20


def keep(text: str, folder: Path, *, now: datetime | None = None) -> str | None:
    """Keeps a document in `folder/.crosscheck`; the reason in one line when that is impossible.

    Written to a temporary file first and then renamed: a reader never sees half a document.
    """
    moment = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%S.%fZ")
    state = folder / FOLDER
    history = state / "history"
    try:
        prepared(folder)
        history.mkdir(exist_ok=True)
        write_whole(state / LAST, text)
        write_whole(history / f"{moment}.json", text)
        for old in sorted(history.glob("*.json"))[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError as error:
        return f"results are not kept in {state}: {error.strerror or error}"
    return None


def prepared(folder: Path) -> Path:
    """`.crosscheck` of the folder, made where it is absent, and ignoring itself in git. OSError."""
    state = folder / FOLDER
    state.mkdir(parents=True, exist_ok=True)
    ignore = state / ".gitignore"
    if not ignore.exists():
        write_whole(ignore, "*\n")
    return state


def last(folder: Path) -> Path | None:
    """The file with the last results of the folder, if there is one."""
    path = folder / FOLDER / LAST
    return path if path.is_file() else None


def kept(folder: Path) -> list[Path]:
    """The documents of earlier runs in the folder, oldest first."""
    return sorted((folder / FOLDER / "history").glob("*.json"))


def is_writable(folder: Path) -> bool:
    """Whether `keep` could write now; nothing is left behind."""
    state = folder / FOLDER
    nearest = state if state.is_dir() else folder
    try:
        with tempfile.TemporaryFile(dir=nearest):
            return True
    except OSError:
        return False


def write_whole(path: Path, text: str) -> None:
    """Writes a file at once: either all of it is there afterwards, or nothing changed. OSError.

    What is there and is no ordinary file (a pipe, /dev/stderr) is written to, not replaced.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        target.write_text(text, encoding="utf-8")
        return
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8", newline="\n")
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)
