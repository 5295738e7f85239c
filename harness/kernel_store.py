"""Compiled kernels kept between runs, in the user's cache folder.

The folder is a cache and no more: what cannot be read or written is compiled again. It holds
machine code, as Python's own `__pycache__` holds byte code, and is private to the user.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

_DIGEST = 16


@dataclass(frozen=True)
class FolderStore:
    """Keeps contents in files of a folder; damaged or missing ones count as forgotten."""

    folder: Path

    def get(self, key: str) -> bytes | None:
        """What was kept under a key."""
        try:
            content = (self.folder / f"{key}.o").read_bytes()
        except OSError:
            return None
        told, kept = content[:_DIGEST], content[_DIGEST:]
        return kept if told == _digest(kept) else None

    def put(self, key: str, content: bytes) -> None:
        """Keep a content; whole files only, so that another process never sees half of one."""
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(dir=self.folder)
            with os.fdopen(handle, "wb") as file:
                file.write(_digest(content) + content)
            os.replace(name, self.folder / f"{key}.o")


def user_store() -> FolderStore:
    """The store in the cache folder that the system has for a user."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return FolderStore(base / "lean-crosscheck" / "kernels")


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_DIGEST).digest()
