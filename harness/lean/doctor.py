"""What a build of the proofs needs and whether it is here, with the command that repairs it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.lean.project import Tool, Toolchain, toolchain

GIB = 1 << 30
UNPACKED_GIB = 12
"""What Mathlib's packages, its compiled files and the downloads take together."""
WORKING_GIB = 2
"""What a build of the proofs takes once Mathlib is there."""
MEMORY_GIB = 4
"""What Lean takes with Mathlib loaded; twice that is comfortable."""
_SECONDS = 20.0
_ELAN = "curl https://elan.lean-lang.org/elan-init.sh -sSf | sh"
_PINS = "lakefile.toml lake-manifest.json lean-toolchain"


@dataclass(frozen=True)
class Need:
    """One thing that was looked for; remedy: a command or a sentence, empty when `here`."""

    what: str
    here: bool
    found: str
    remedy: str = ""


@dataclass(frozen=True)
class Resources:
    """Free disk and total memory in bytes; None where the system does not say."""

    disk: int | None
    memory: int | None


def needs(lean_dir: Path, resources: Resources | None = None) -> tuple[Need, ...]:
    """Everything that `crosscheck lean build` needs, in the order in which it is repaired.

    resources: measured when not given. Never raises and downloads nothing.
    """
    found = toolchain(lean_dir)
    have = resources or measured(lean_dir)
    mathlib = lean_dir / ".lake" / "packages" / "mathlib"
    return (
        *_programs(found),
        *_pins(lean_dir, found),
        *_mathlib(mathlib, found),
        _disk(have, cached=_compiled(mathlib)[1] > 0),
        _memory(have),
    )


def measured(lean_dir: Path) -> Resources:
    """Free disk where the project is, and the memory that this process may have."""
    try:
        disk: int | None = shutil.disk_usage(lean_dir).free
    except OSError:
        disk = None
    sizes = [size for size in (_physical(), _granted()) if size]
    return Resources(disk, min(sizes, default=None))


def checkout_revision(package: Path) -> str:
    """The commit that a checkout of a package is at; empty when git cannot say."""
    git = shutil.which("git")
    if git is None or not (package / ".git").exists():
        return ""
    try:
        done = subprocess.run(
            [git, "-C", str(package), "rev-parse", "HEAD"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _programs(found: Toolchain) -> Iterator[Need]:
    elan, lake = found.elan, found.lake
    if elan.path is None and found.usable:
        yield Need("elan", True, "not on PATH, nor needed: Lean is the pinned one")
    else:
        yield _need("elan", elan.path is not None, _said(elan), _ELAN)
    yield _need("lake", lake.path is not None, _said(lake), _ELAN)
    for name, why in (("git", "Lake fetches packages with it"), ("curl", "the cache needs it")):
        path = shutil.which(name)
        remedy = f"install {name} with the system's package manager"
        yield _need(name, path is not None, path or f"not on PATH; {why}", remedy)


def _said(tool: Tool) -> str:
    return tool.version or tool.problem or tool.path or "not on PATH"


def _need(what: str, here: bool, found: str, remedy: str) -> Need:
    return Need(what, here, found, "" if here else remedy)


def _pins(lean_dir: Path, found: Toolchain) -> Iterator[Need]:
    pinned = found.pinned
    if not pinned:
        yield Need("toolchain", False, f"{lean_dir} has no lean-toolchain", _restore(lean_dir))
    elif found.installed:
        yield Need("toolchain", True, f"{pinned}; {found.lean.version or 'installed'}")
    else:
        nobody = found.installed is None and found.elan.path is not None
        text = f"{pinned} is pinned, and {'elan does not answer' if nobody else 'not installed'}"
        yield Need("toolchain", False, text, f"elan toolchain install {pinned}")
    yield _manifest(lean_dir, found)


def _manifest(lean_dir: Path, found: Toolchain) -> Need:
    """Whether the lakefile asks for the Mathlib that the manifest fixes."""
    what = "pins"
    if not found.mathlib:
        return Need(what, False, "lake-manifest.json names no Mathlib", _restore(lean_dir))
    try:
        lakefile = (lean_dir / "lakefile.toml").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        lakefile = ""
    requires = lakefile.split("[[require]]")
    mathlib = next((part for part in requires if re.search(r'name = "mathlib"', part)), "")
    wanted = re.search(r'rev = "([^"]*)"', mathlib)
    if wanted and wanted[1] not in (found.mathlib_tag, found.mathlib):
        text = f"lakefile.toml asks for Mathlib {wanted[1]}, the manifest has {found.mathlib_tag}"
        return Need(what, False, text, _restore(lean_dir))
    return Need(what, True, f"Mathlib {found.mathlib_tag or '?'} = {found.mathlib[:12]}")


def _restore(lean_dir: Path) -> str:
    return f"(cd {lean_dir} && git checkout -- {_PINS})"


def _mathlib(package: Path, found: Toolchain) -> Iterator[Need]:
    fetch = f"(cd {package.parents[2]} && lake exe cache get)"
    if not package.is_dir():
        yield Need("Mathlib", False, "not fetched", fetch)
        yield Need("cache", False, "none of Mathlib is compiled here", fetch)
        return
    revision = checkout_revision(package)
    if revision and found.mathlib and revision != found.mathlib:
        text = f"{package} is at {revision[:12]}, the manifest says {found.mathlib[:12]}"
        yield Need("Mathlib", False, text, f"rm -rf {package} && {fetch}")
        return
    try:
        theirs = (package / "lean-toolchain").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        theirs = ""
    if theirs and found.pinned and theirs != found.pinned:
        text = f"is for {theirs}, the project for {found.pinned}"
        yield Need("Mathlib", False, text, _restore(package.parents[2]))
        return
    yield Need("Mathlib", True, f"{package} at {revision[:12] or 'an unknown revision'}")
    sources, compiled = _compiled(package)
    text = f"{compiled:,} of {sources:,} modules compiled"
    yield _need("cache", 0 < sources <= compiled, text, fetch)


def _compiled(package: Path) -> tuple[int, int]:
    """How many modules of Mathlib there are, and how many of them are compiled."""
    built = package / ".lake" / "build" / "lib" / "lean" / "Mathlib"
    return _count(package / "Mathlib", ".lean"), _count(built, ".olean")


def _count(folder: Path, ending: str) -> int:
    return sum(name.endswith(ending) for _, _, names in os.walk(folder) for name in names)


def _disk(have: Resources, *, cached: bool) -> Need:
    wanted = WORKING_GIB if cached else UNPACKED_GIB
    if have.disk is None:
        return Need("disk", True, "the system does not say how much is free")
    text = f"{have.disk / GIB:.0f} GiB free, about {wanted} GiB needed"
    remedy = "free some; MATHLIB_CACHE_DIR moves the downloads to another disk"
    return _need("disk", have.disk >= wanted * GIB, text, remedy)


def _memory(have: Resources) -> Need:
    if have.memory is None:
        return Need("memory", True, "the system does not say how much there is")
    text = f"{have.memory / GIB:.1f} GiB, about {MEMORY_GIB} GiB needed"
    # What is sold as 4 GB has a little less for programs.
    enough = have.memory >= 0.9 * MEMORY_GIB * GIB
    return _need("memory", enough, text, "build on a machine with more, or in CI")


def _physical() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # Windows has no sysconf
        return None


def _granted() -> int | None:
    """The limit of the container, where there is one."""
    try:
        text = Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return int(text) if text.isdigit() else None
