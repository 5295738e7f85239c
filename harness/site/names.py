"""File names of pages: safe on every file system and in a URL, whatever a declaration is called."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{k}" for port in ("com", "lpt") for k in range(10))}
)


def page_names(names: Iterable[str]) -> dict[str, str]:
    """Full name -> file name. The last part of the name where that is plain and nobody else's (a
    file system may not tell upper from lower case), else with a digest of the full name."""
    known = list(dict.fromkeys(names))
    wanted = [name.rpartition(".")[2] for name in known]
    lowered = [word.lower() for word in wanted]
    return {
        name: f"{word}.html"
        if _alone(word, lowered)
        else f"{_made_plain(word)}-{_digest(name)}.html"
        for name, word in zip(known, wanted, strict=True)
    }


def _alone(word: str, lowered: list[str]) -> bool:
    plain = _PLAIN.fullmatch(word) is not None and word.lower() not in _RESERVED
    return plain and lowered.count(word.lower()) == 1


def _made_plain(word: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]+", "_", word)[:40] or "_"


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:10]
