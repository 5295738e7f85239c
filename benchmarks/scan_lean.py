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
from pathlib import Path

from harness.lean.scan import scan_text

_COMMENT = re.compile(r'/-|-/|--[^\n]*|"(?:\\.|[^"\\])*"|r(#*)".*?"\1', re.DOTALL)
_WORDS = (
    "theorem|lemma|def|abbrev|instance|axiom|opaque|structure|class|inductive|example|coinductive"
    "|irreducible_def"
)
_MODIFIERS = "private|protected|public|meta|noncomputable|unsafe|partial|nonrec|local|scoped"
_BEGIN = re.compile(
    rf"^[ \t]*(?:@\[[^\n]*?\][ \t]*)*(?:(?:{_MODIFIERS})[ \t]+)*({_WORDS})\b(?!\s*[:,.)\]])",
    re.MULTILINE,
)


def blanked(text: str) -> str:
    """The text with comments (nested ones, too) and strings replaced by blanks."""
    pieces: list[str] = []
    depth = position = 0
    for found in _COMMENT.finditer(text):
        mark = found.group()
        if depth == 0:
            pieces.append(text[position : found.start()])
        else:
            pieces.append(re.sub(r"[^\n]", " ", text[position : found.start()]))
        position = found.end()
        if mark == "/-":
            depth += 1
        elif mark == "-/":
            depth = max(0, depth - 1)
        pieces.append(re.sub(r"[^\n]", " ", mark))
    pieces.append(text[position:] if depth == 0 else re.sub(r"[^\n]", " ", text[position:]))
    return "".join(pieces)


def second_count(text: str) -> Counter[tuple[int, str]]:
    """(line, keyword) of what looks like the beginning of a declaration."""
    plain = blanked(text)
    return Counter(
        (plain.count("\n", 0, found.start(1)) + 1, found[1]) for found in _BEGIN.finditer(plain)
    )


def main() -> None:
    """Scans everything below a folder and prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shown", type=int, default=40, help="differences to print")
    given = parser.parse_args()
    files = [path for path in sorted(given.folder.rglob("*.lean")) if ".lake" not in path.parts]
    size = declarations = 0
    seconds = slowest = 0.0
    slow = ""
    unread: list[str] = []
    differences: list[str] = []
    for path in files:
        raw = path.read_bytes()
        text = raw.decode("utf-8")
        start = time.perf_counter()
        scan = scan_text(text, path.relative_to(given.folder).as_posix())
        took = time.perf_counter() - start
        seconds, size = seconds + took, size + len(raw)
        rate = took / max(1.0, len(raw) / 1024)
        if len(raw) > 4096 and rate > slowest:
            slowest, slow = rate, scan.file
        declarations += len(scan.declarations)
        unread += [f"{one.place}: {one.reason}: {one.text[:60]}" for one in scan.unread]
        ours = Counter(
            (_keyword_line(text, one.first_line, one.last_line, one.keyword), one.keyword.split()[0])
            for one in scan.declarations
            if one.keyword != "alias"
        )
        other = second_count(text)
        for (line, word), _ in sorted(((ours - other) + (other - ours)).items()):
            side = "scanner only" if (line, word) in ours else "second count only"
            source = text.split("\n")[line - 1].strip()[:70]
            differences.append(f"{scan.file}:{line}: {side}: {source}")
    kilobytes = size / 1024
    print(f"{len(files):,} files, {kilobytes:,.0f} KiB, {declarations:,} declarations")
    print(f"{seconds:.1f} s, {1000 * seconds / kilobytes:.3f} ms/KiB; slowest over 4 KiB: {slow}")
    print(f"  at {1000 * slowest:.2f} ms/KiB")
    print(f"not read: {len(unread)}")
    for line in unread[: given.shown]:
        print(f"  {line}")
    print(f"differences: {len(differences)}")
    for line in differences[: given.shown]:
        print(f"  {line}")


def _keyword_line(text: str, first: int, last: int, keyword: str) -> int:
    """The line of the keyword of a declaration that begins, docstring included, at `first`."""
    word = re.compile(rf"(?<![\w.@`']){re.escape(keyword.split()[0])}\b")
    lines = blanked(text).split("\n") if False else None
    del lines
    for number, line in enumerate(text.split("\n")[first - 1 : last], start=first):
        if word.search(line):
            return number
    return first


if __name__ == "__main__":
    main()
