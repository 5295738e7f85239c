"""constraints.txt pins all that an install brings in, on each system and Python that CI runs."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

# torch's own release fixes these, and only its GPU builds have them.
GPU_RUNTIME = re.compile(r"(nvidia|cuda|triton|pytorch-triton)(-|$)")

MACHINES = [
    {"sys_platform": system, "os_name": kind, "platform_system": name, "python_version": python}
    for system, kind, name in [
        ("linux", "posix", "Linux"),
        ("darwin", "posix", "Darwin"),
        ("win32", "nt", "Windows"),
    ]
    for python in ("3.11", "3.12", "3.13")
]


def pins(text: str) -> dict[str, Version]:
    """Canonical name -> pinned version. Raises AssertionError for a line of another shape."""
    found: dict[str, Version] = {}
    for line in text.splitlines():
        if content := line.partition("#")[0].strip():
            match = re.fullmatch(r"([A-Za-z0-9._-]+)==([0-9][0-9A-Za-z.]*)", content)
            assert match, f"{content!r} is not name==version without a local suffix"
            found[canonicalize_name(match[1])] = Version(match[2])
    return found


PINS = pins((ROOT / "constraints.txt").read_text("utf-8"))


def declared() -> Iterator[Requirement]:
    extras = PROJECT["optional-dependencies"].values()
    texts = [*PROJECT["dependencies"], *(text for extra in extras for text in extra)]
    return map(Requirement, texts)


def reached(machine: dict[str, str]) -> set[str]:
    """Every distribution that our requirements bring in on `machine`, by installed metadata."""
    todo = list(declared())
    seen: set[str] = set()
    while todo:
        requirement = todo.pop()
        name = canonicalize_name(requirement.name)
        if name in seen or GPU_RUNTIME.match(name):
            continue
        seen.add(name)
        try:
            needs = metadata.requires(name) or []
        except metadata.PackageNotFoundError:  # of another system, such as colorama
            continue
        for need in map(Requirement, needs):
            extras = [{**machine, "extra": extra} for extra in ("", *requirement.extras)]
            if need.marker is None or any(map(need.marker.evaluate, extras)):
                todo.append(need)
    return seen


@pytest.mark.parametrize(
    "machine",
    MACHINES,
    ids=lambda machine: f"{machine['sys_platform']}-{machine['python_version']}",
)
def test_all_that_is_installed_is_pinned(machine: dict[str, str]) -> None:
    assert reached(machine) - PINS.keys() == set()


def test_the_walk_reaches_what_others_need() -> None:
    linux, windows = reached(MACHINES[0]), reached(MACHINES[-1])
    assert {"torch", "sympy", "mpmath", "pydantic-core"} <= linux
    assert windows - linux == {"colorama"}


def test_pins_lie_in_the_declared_ranges() -> None:
    ours = [need for need in declared() if not GPU_RUNTIME.match(need.name)]
    outside = [str(need) for need in ours if PINS[need.name.lower()] not in need.specifier]
    assert outside == []


@pytest.mark.parametrize("line", ["torch==2.13.0+cpu", "torch>=2.13", "torch @ file:x.whl", "-i x"])
def test_a_loose_pin_is_refused(line: str) -> None:
    with pytest.raises(AssertionError, match="is not name==version"):
        pins(line)
