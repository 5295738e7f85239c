"""What of the files on disk evidence speaks of: a SHA-256 for each, and what has changed since."""

from __future__ import annotations

import codecs
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from harness.errors import AbsentError
from harness.lean.project import find_lean
from harness.specs.library import SpecLibrary

EXPORTER = "Export.lean"
MIRROR = "Mirror.lean"
_REVIEWED = {"fingerprint", "lean1"}
_PINS = ("lakefile.toml", "lakefile.lean", "lake-manifest.json", "lean-toolchain")


def text_digest(raw: bytes) -> str:
    """SHA-256 of a text file, the same for every line ending and with or without a byte order mark.

    Evidence is made on one system and read on others, where git may have changed the line endings.
    """
    text = raw.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n")
    return hashlib.sha256(text).hexdigest()


def source_digests(lean_dir: Path) -> dict[str, str]:
    """Digest of every Lean source and of the files that pin what it is built with.

    Keys are paths relative to the project, with `/`, sorted; hidden folders such as `.lake` are
    left out. AbsentError when a file cannot be read.
    """
    return {name: _digest(lean_dir / name, name) for name in sorted(_sources(lean_dir))}


def spec_digests(library: SpecLibrary) -> dict[str, str]:
    """Digest of what every spec says, by the path of its file relative to the folder, sorted.

    Comments, layout and what `crosscheck review` writes are left out: a review, which may follow an
    export, does not make its evidence lapse.
    """
    found = {}
    for file in library.files.values():
        inside = file.path.is_relative_to(library.directory)
        name = file.path.relative_to(library.directory).as_posix() if inside else file.path.name
        said = {key: file.document.data[key] for key in file.document.data.keys() - _REVIEWED}
        text = json.dumps(said, sort_keys=True, ensure_ascii=False)
        found[name] = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return dict(sorted(found.items()))


def differences(recorded: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """`A.lean has changed`, `B.lean is new`, `C.lean is gone`, in the order of the names."""
    words = []
    for name in sorted({*recorded, *now}):
        if name not in now:
            words.append(f"{name} is gone")
        elif name not in recorded:
            words.append(f"{name} is new")
        elif recorded[name] != now[name]:
            words.append(f"{name} has changed")
    return tuple(words)


def exporter(lean_dir: Path) -> Path:
    """The exporter of a project: its own Export.lean, else the one that came with us. AbsentError
    when there is neither."""
    own = lean_dir / EXPORTER
    return own if own.is_file() else find_lean(None) / EXPORTER


def pinned_toolchain(lean_dir: Path) -> str:
    """The text of `lean-toolchain`, empty when it cannot be read."""
    try:
        return (lean_dir / "lean-toolchain").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def toolchain_is(toolchain: str, version: str) -> bool:
    """Whether a pin such as `leanprover/lean4:v4.31.0` may be the Lean that calls itself `4.31.0`.

    Pins without a number (a nightly, a linked build) may be any.
    """
    number = re.search(r"v(\d+\.\d+\.\d+\S*)$", toolchain)
    return number is None or number[1] == version


def _sources(lean_dir: Path) -> Iterator[str]:
    for folder, inner, names in os.walk(lean_dir):
        inner[:] = [name for name in inner if not name.startswith(".")]
        for name in names:
            path = Path(folder) / name
            if name.endswith(".lean") or (path.parent == lean_dir and name in _PINS):
                yield path.relative_to(lean_dir).as_posix()


def _digest(path: Path, name: str) -> str:
    try:
        return text_digest(path.read_bytes())
    except OSError as error:
        raise AbsentError(f"{name} cannot be read: {error.strerror or error}") from error
