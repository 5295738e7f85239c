"""The scanner on a Lean project: time, what it could not read, and a second count of declarations.

    python benchmarks/scan_lean.py PATH/TO/Mathlib

The second count knows nothing of the scanner: comments and strings are blanked by a few lines of
their own, then lines are matched that begin a declaration in any column. Where the two differ, the
file and the line are printed; `docs/scanner.md` has the causes.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from harness.lean.scan import scan_text

_COMMENT = re.compile(
    r"""/-|-/|--[^\n]*|'(?:\\.[0-9a-fA-F]*|[^'\\\n])'|\br(\#*)".*?"\1|"(?:\\.|[^"\\])*\"""",
    re.DOTALL,
)
_WORDS = (
    "theorem|lemma|def|abbrev|instance|axiom|opaque|structure|class|inductive|example|coinductive"
    "|irreducible_def"
)
_MODIFIERS = "private|protected|public|meta|noncomputable|unsafe|partial|nonrec|local|scoped"
_BEGIN = re.compile(
    rf"^[ \t]*(?:@\[[^\n]*?\][ \t]*)*(?:(?:{_MODIFIERS})[ \t]+)*({_WORDS})\b"
    r"(?![.\w])(?!\s*(?:[,.)\]]|:=))",
    re.MULTILINE,
)


def blanked(text: str) -> str:
    """The text with comments (nested ones, too), strings and characters replaced by blanks."""
    pieces: list[str] = []
    depth = position = 0
    while found := _COMMENT.search(text, position):
        mark = found.group()
        if depth and mark not in ("/-", "-/"):  # in a comment nothing else means anything
            pieces.append(_blank(text[position : found.start() + 1]))
            position = found.start() + 1
            continue
        before = text[position : found.start()]
        pieces += [_blank(before) if depth else before, _blank(mark)]
        depth = max(0, depth + {"/-": 1, "-/": -1}.get(mark, 0))
        position = found.end()
    pieces.append(_blank(text[position:]) if depth else text[position:])
    return "".join(pieces)


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def second_count(text: str) -> Counter[tuple[int, str]]:
    """(line, keyword) of what looks like the beginning of a declaration."""
    plain = blanked(text)
    return Counter(
        (plain.count("\n", 0, found.start(1)) + 1, found[1]) for found in _BEGIN.finditer(plain)
    )


@dataclass(frozen=True)
class Reading:
    """One file: its size in KiB, the CPU seconds of the scan, what it found, and what to print."""

    file: str
    size: float
    seconds: float
    declarations: int
    unread: list[str]
    differences: list[str]


def read(path: Path, name: str) -> Reading:
    """Scan a file, and count again; only the scan is timed, by the processor's clock."""
    raw = path.read_bytes()
    text = raw.decode("utf-8")
    start = time.process_time()
    scan = scan_text(text, name)
    seconds = time.process_time() - start
    ours = Counter(
        (one.place.line, one.keyword.split()[0])
        for one in scan.declarations
        if one.keyword != "alias"
    )
    other = second_count(text)
    differences = []
    for place in sorted((ours - other) + (other - ours)):
        side = "scanner only" if place in ours else "second count only"
        source = text.split("\n")[place[0] - 1].strip()[:70]
        differences.append(f"{name}:{place[0]}: {side}: {source}")
    unread = [f"{one.place}: {one.reason}: {one.text[:60]}" for one in scan.unread]
    return Reading(name, len(raw) / 1024, seconds, len(scan.declarations), unread, differences)


def main() -> None:
    """Scans everything below a folder and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--skip", nargs="*", default=[], help="folders to leave out")
    parser.add_argument("--shown", type=int, default=40, help="lines to print of each list")
    given = parser.parse_args()
    left_out = {".lake", *given.skip}
    files = [path for path in sorted(given.folder.rglob("*.lean")) if not left_out & {*path.parts}]
    found = [read(path, path.relative_to(given.folder).as_posix()) for path in files]
    size, seconds = sum(one.size for one in found), sum(one.seconds for one in found)
    declarations = sum(one.declarations for one in found)
    slowest = max((one for one in found if one.size > 4), key=lambda one: one.seconds / one.size)
    print(f"{len(found):,} files, {size:,.0f} KiB, {declarations:,} declarations")
    print(f"{seconds:.1f} s of CPU, {1000 * seconds / size:.3f} ms/KiB")
    print(f"slowest over 4 KiB: {slowest.file}, {1000 * slowest.seconds / slowest.size:.2f} ms/KiB")
    for title, lines in (
        ("not read", [line for one in found for line in one.unread]),
        ("differences", [line for one in found for line in one.differences]),
    ):
        print(f"{title}: {len(lines)}")
        for line in lines[: given.shown]:
            print(f"  {line}")


if __name__ == "__main__":
    main()
