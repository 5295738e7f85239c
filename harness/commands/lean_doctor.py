"""`crosscheck lean doctor`: whether the proofs can be built here, and what repairs the rest."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from harness.commands.options import add_json, add_sources, completed
from harness.commands.outputs import STDOUT, check_target, write_file
from harness.commands.streams import Streams
from harness.errors import InputError

if TYPE_CHECKING:
    from rich.text import Text

    from harness.report.doctor import Item

ABSENT = 3


def configure(parser: ArgumentParser) -> None:
    """The options of the command."""
    add_sources(parser)
    add_json(parser, "what was found")


def run(arguments: Namespace, streams: Streams) -> int:
    """Prints what was found; 3 when a build lacks something. InputError for what is no project."""
    given = completed(arguments)
    check_target("--json", given.json)
    from harness.lean.build import check_lakefile
    from harness.lean.project import find_lean
    from harness.report.lines import console, width_of, write

    path = find_lean(given.lean)
    check_lakefile(path)
    items = [*_needs(path), *_ours(given.specs, path)]
    code = ABSENT if any(item.state == "needed" for item in items) else 0
    human = streams.err if given.json == STDOUT else streams.out
    if given.json is not None:
        data = {"exit_code": code, "items": [item.model_dump() for item in items]}
        text = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
        if given.json == STDOUT:
            streams.out.write(text)
        else:
            write_file("--json", given.json, text)
    target = console(human, colour=streams.colour)
    write(target, _lines(items, width_of(target)))
    return code


def _needs(path: Path) -> list[Item]:
    """What a build needs."""
    from harness.lean.doctor import needs
    from harness.report.doctor import Item

    return [
        Item(
            what=one.what,
            state="here" if one.here else "needed",
            found=one.found,
            remedy=one.remedy,
        )
        for one in needs(path)
    ]


def _ours(specs: Path | None, path: Path) -> list[Item]:
    """Mirror.lean and the evidence: no build needs them, but nothing is proved without."""
    from harness.commands.lean_side import find_evidence, lapsed_text
    from harness.lean.evidence import mirror_is_stale
    from harness.report.doctor import Item
    from harness.specs.load import load_specs
    from harness.specs.locate import find_specs

    again = "crosscheck lean export"
    try:
        library = load_specs(find_specs(specs).path)
        stale = mirror_is_stale(library, path)
        read = find_evidence(None, library, path)
    except InputError as error:
        return [Item(what="evidence", state="absent", found=str(error), remedy=again)]
    text = "Mirror.lean is out of date" if stale else "Mirror.lean restates the specs as they are"
    mirror = Item(
        what="mirror",
        state="absent" if stale else "here",
        found=text,
        remedy="crosscheck lean mirror" if stale else "",
    )
    if read is None:
        none = "none: nothing counts as proved"
        return [mirror, Item(what="evidence", state="absent", found=none, remedy=again)]
    reading, file = read
    if reading.lapsed:
        text = f"{file} has lapsed: {lapsed_text(reading.lapsed)}"
        return [mirror, Item(what="evidence", state="absent", found=text, remedy=again)]
    text = f"{file} of {reading.evidence.made} holds"
    return [mirror, Item(what="evidence", state="here", found=text, remedy="")]


def _lines(items: list[Item], width: int) -> list[Text]:
    from rich.text import Text

    from harness.report.doctor import item_lines
    from harness.report.lines import BAD, GOOD, STRONG
    from harness.report.numbers import listed

    needed = [item.what for item in items if item.state == "needed"]
    if needed:
        text, colour = f"The proofs cannot be built here: {listed(needed)}.", BAD
    else:
        text, colour = "The proofs can be built here: `crosscheck lean export`.", GOOD
    return [*item_lines(items, width, commands=True), Text(), Text(text, f"{STRONG} {colour}")]
