"""`crosscheck lean`: its actions; of them `scan`: what is in Lean source, read without Lean."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from harness.commands import lean_build, lean_doctor, lean_export, lean_mirror
from harness.commands.options import add_json
from harness.commands.outputs import STDOUT, check_target, write_file
from harness.commands.streams import Streams
from harness.errors import InputError

if TYPE_CHECKING:
    from rich.text import Text

    from harness.lean.declaration import Declaration, Flag, Scan, Unread


Configure = Callable[[ArgumentParser], None]
Run = Callable[[Namespace, Streams], int]

_ACTIONS: Mapping[str, tuple[str, Configure, Run]] = {
    "doctor": ("whether the proofs can be built here", lean_doctor.configure, lean_doctor.run),
    "build": ("fetch Mathlib's cache, build the proofs", lean_build.configure, lean_build.run),
    "mirror": ("restate the specs in Mirror.lean", lean_mirror.configure, lean_mirror.run),
    "export": ("make evidence of the proofs", lean_export.configure, lean_export.run),
}


def configure(parser: ArgumentParser) -> None:
    """The options of the command."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for word, (summary, options, _) in _ACTIONS.items():
        options(actions.add_parser(word, help=summary))
    scan = actions.add_parser("scan", help="print the declarations of a file or folder")
    scan.add_argument("path", type=Path, metavar="PATH", help="a .lean file, or a folder of them")
    scan.add_argument(
        "--fingerprints", action="store_true", help="print what a spec stores once it is reviewed"
    )
    add_json(scan, "the declarations, with their fingerprints,")


def run(arguments: Namespace, streams: Streams) -> int:
    """Runs the action; the exit code."""
    if arguments.action in _ACTIONS:
        return _ACTIONS[arguments.action][2](arguments, streams)
    return _scan(arguments, streams)


def _scan(arguments: Namespace, streams: Streams) -> int:
    """Prints what the scanner finds. InputError when there is nothing to scan."""
    from harness.lean.scan import scan_directory
    from harness.report.lines import console, write

    check_target("--json", arguments.json)
    scans = scan_directory(arguments.path)
    if not scans:
        raise InputError(f"no .lean file in {arguments.path}", hint="give the Lake project")
    fingerprints = _fingerprints(scans) if arguments.fingerprints or arguments.json else {}
    if arguments.json is not None:
        data = [_data(scan, fingerprints) for scan in scans]
        text = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
        if arguments.json == STDOUT:
            streams.out.write(text)
        else:
            write_file("--json", arguments.json, text)
    human = streams.err if arguments.json == STDOUT else streams.out
    target = console(human, colour=streams.colour)
    write(target, _lines(scans, fingerprints if arguments.fingerprints else {}))
    return 0


def _fingerprints(scans: Sequence[Scan]) -> dict[Declaration, str]:
    """Of each declaration among all that were found: its fingerprint covers what it uses."""
    from harness.lean.fingerprint import fingerprint_of

    everything = [declaration for scan in scans for declaration in scan.declarations]
    return {one: fingerprint_of(one, everything) for one in everything}


def _lines(scans: Sequence[Scan], fingerprints: Mapping[Declaration, str]) -> list[Text]:
    from rich.text import Text

    from harness.report.lines import FAINT, GOOD, STRONG
    from harness.report.numbers import count

    lines: list[Text] = []
    for scan in scans:
        lines += [Text(scan.file, STRONG)]
        for one in scan.declarations:
            span = f"{one.first_line}–{one.last_line}"
            line = Text.assemble((f"  {span:>9}  ", FAINT), f"{one.kind:<10} ")
            line.append(one.name or "(no name)")
            line.append("".join(f"  {extra}" for extra in _extras(one)), FAINT)
            lines.append(line)
            if one in fingerprints:
                lines.append(Text(f"{'':13}{fingerprints[one]}", FAINT))
        lines += [_flag(flag) for flag in scan.flags]
        lines += [_unread(unread) for unread in scan.unread]
    declarations = sum(len(scan.declarations) for scan in scans)
    flags = sum(len(scan.flags) for scan in scans)
    unread = sum(len(scan.unread) for scan in scans)
    clean = not flags and not unread
    text = (
        f"{count(declarations, 'declaration')} in {count(len(scans), 'file')}; "
        + ("no sorry, axiom or the like; " if not flags else f"{count(flags, 'flag')}; ")
        + ("everything was read." if not unread else f"{count(unread, 'place')} not read.")
    )
    return [*lines, Text(), Text(text, f"{STRONG} {GOOD}" if clean else STRONG)]


def _extras(declaration: Declaration) -> list[str]:
    return [f"@[{name}]" for name in declaration.attributes] + list(declaration.modifiers)


def _flag(flag: Flag) -> Text:
    from rich.text import Text

    from harness.report.lines import BAD

    return Text.assemble("  ", (f"{flag.word}", BAD), f" at line {flag.place.line}")


def _unread(unread: Unread) -> Text:
    from rich.text import Text

    from harness.report.lines import DOUBT
    from harness.report.numbers import clean

    text = f"  not read, line {unread.place.line}: {unread.reason}"
    return Text(clean(f"{text}: {unread.text}" if unread.text else text), DOUBT)


def _data(scan: Scan, fingerprints: Mapping[Declaration, str]) -> dict[str, object]:
    return {
        "file": scan.file,
        "declarations": [
            {
                "name": one.name,
                "kind": one.kind,
                "first_line": one.first_line,
                "last_line": one.last_line,
                "attributes": list(one.attributes),
                "modifiers": list(one.modifiers),
                "docstring": one.docstring,
                "fingerprint": fingerprints[one],
                "signature": one.signature.text if one.signature else None,
                "flags": [_flag_data(flag) for flag in one.flags],
            }
            for one in scan.declarations
        ],
        "flags": [_flag_data(flag) for flag in scan.flags],
        "unread": [
            {"line": one.place.line, "reason": one.reason, "text": one.text} for one in scan.unread
        ],
    }


def _flag_data(flag: Flag) -> dict[str, object]:
    return {"word": flag.word, "line": flag.place.line, "column": flag.place.column}
