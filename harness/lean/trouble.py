"""Why a run of Lake failed for no fault of the proofs: no network, no disk, no memory."""

from __future__ import annotations

import re
from collections.abc import Sequence

# What is looked for, one sentence that says so, what to do. The first that is found counts.
_CAUSES: Sequence[tuple[re.Pattern[str], str, str]] = (
    (
        re.compile(
            r"could not resolve host|temporary failure in name resolution|network is unreachable"
            r"|failed to connect to|connection (?:timed out|refused)|no route to host"
            r"|error during download",
            re.IGNORECASE,
        ),
        "there is no network here, and Lake has to fetch something",
        "run it again with a network",
    ),
    (
        re.compile(r"no space left on device", re.IGNORECASE),
        "the disk is full",
        "free about 12 GB; MATHLIB_CACHE_DIR moves the downloads to another disk",
    ),
    (
        re.compile(r"Lean exited with code 137|std::bad_alloc|out of memory", re.IGNORECASE),
        "the memory was not enough",
        "give Lean 8 GB, or build on another machine",
    ),
    (
        re.compile(r"Downloaded: 0 file\(s\) \[attempted [1-9]|download\(s\) failed"),
        "Mathlib's cache could not be downloaded",
        "run it again; behind a proxy set https_proxy",
    ),
    (
        re.compile(r"external command 'git' exited with code"),
        "git could not fetch a package",
        "check the network, remove lean/.lake, and run it again",
    ),
    (
        re.compile(r"no such executable|unknown executable"),
        "the project has no such executable",
        "lakefile.toml declares it; restore that file",
    ),
)


def trouble(lines: Sequence[str]) -> tuple[str, str] | None:
    """Cause and remedy that the output of a failed run shows; None when it shows none."""
    output = "\n".join(lines)
    for pattern, cause, remedy in _CAUSES:
        if pattern.search(output):
            return cause, remedy
    return None
