"""Output of Lake taken from public sources: where each is from stands in its first lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("recordings")


@dataclass(frozen=True)
class Recording:
    """source: `repository`, `file`, `commit` (for a thread its date), `toolchain`, `cut`."""

    name: str
    source: dict[str, str]
    text: str

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(self.text.splitlines())


def recording(name: str) -> Recording:
    """The recording of that name; `\\r` in it is a carriage return."""
    text = (FOLDER / f"{name}.log").read_text(encoding="utf-8")
    head, _, body = text.partition("\n#\n")
    source = dict(re.findall(r"^# (\w+): (.*)$", head, re.MULTILINE))
    if "carriage return" in source.get("cut", ""):
        body = body.replace("\\r", "\r")
    return Recording(name, source, body)


def names() -> list[str]:
    """All recordings."""
    return sorted(path.stem for path in FOLDER.glob("*.log"))
