"""What the result of a campaign follows from: two campaigns that agree in it are the same one."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from harness.campaign.plan import FIRST_SHARD, Group
from harness.cells.draws import GENERATION
from harness.conformance.request import Request
from harness.implementations.entry import Entry, Implementation
from harness.specs.library import SpecLibrary


def identity(
    request: Request,
    library: SpecLibrary,
    entries: Sequence[Entry],
    groups: Sequence[Group],
    asked: int,
    version: str,
) -> dict[str, str]:
    """Name -> value, both text, of everything that may differ; `digest_of` makes a word of it."""
    return {
        "crosscheck": version,
        "specs": library.digest,
        "declarations": " ".join(request.names) or "all",
        "implementations": "; ".join(_entry(entry) for entry in entries),
        "cells": f"{GENERATION}, shards from {FIRST_SHARD}",
        "regimes": " ".join(dict.fromkeys(group.regime for group in groups)),
        "sizes": " ".join(dict.fromkeys(_size(group) for group in groups)),
        "inputs": str(asked),
        "seed": str(request.seed),
    }


def digest_of(identity: Mapping[str, str]) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()


def _size(group: Group) -> str:
    return f"{group.dtype}/n={group.n}*{group.rows}rows*{len(group.jobs)}checks"


def _entry(entry: Entry) -> str:
    constants = " ".join(
        f"{name}={one.reference}({one.arithmetic.name}) {_source(one)}"
        for name, one in sorted(entry.constants.items())
    )
    return f"{entry.name} on {entry.backend}, n >= {entry.min_n}: {constants}"


def _source(implementation: Implementation) -> str:
    """A digest of the file that the function comes from, so that edited code is other code."""
    module = implementation.reference.partition(":")[0]
    try:
        found = importlib.util.find_spec(module)
    except (ImportError, ValueError, AttributeError):
        return ""
    origin = Path(found.origin) if found and found.origin else None
    if origin is None or not origin.is_file():
        return ""
    return hashlib.sha256(origin.read_bytes()).hexdigest()[:12]
