"""`crosscheck compare`: a scoreboard of implementations that people use."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from harness.commands.kept_output import output_kept_from
from harness.commands.options import (
    add_catalogue,
    add_dtypes,
    add_effort,
    add_json,
    add_seed,
    add_specs,
    completed,
)
from harness.commands.outputs import STDOUT, check_target, write_file
from harness.commands.streams import Streams, terminal_width, write_lines
from harness.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from harness.board.compare import Tell
    from harness.implementations.entry import Entry


def configure(parser: ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "names", nargs="*", metavar="LIBRARY", help="libraries, or library paths such as torch.func"
    )
    parser.add_argument("--all", action="store_true", help="all libraries of the catalogues")
    parser.add_argument("--list", action="store_true", help="show libraries and paths, run nothing")
    add_specs(parser)
    add_catalogue(parser)
    add_dtypes(parser)
    add_effort(parser)
    add_seed(parser)
    parser.add_argument("--no-speed", action="store_true", help="do not time anything")
    add_json(parser, "the board")
    parser.add_argument(
        "--markdown",
        metavar="FILE",
        help="write the board as Markdown, between the markers of the file where it has them",
    )


def run(arguments: Namespace, streams: Streams) -> int:
    """Prints the board; 1 when something violates that is not announced, or an announcement no
    longer matches; 3 when nothing is installed. InputError."""
    given = completed(arguments)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    check_target("--json", given.json)
    check_target("--markdown", given.markdown)
    entries = _chosen(given)
    if given.list:
        return _list(entries, streams)
    from harness.board.compare import compare
    from harness.board.document import json_text
    from harness.board.text import lines, markdown, put_into
    from harness.commands.machine import machine, own_version
    from harness.conformance.guard import FATAL
    from harness.conformance.request import Request
    from harness.specs.load import load_specs
    from harness.specs.locate import find_specs

    here = machine(uses_torch=False)
    human = streams.err if given.json == STDOUT else streams.out

    request = Request(
        dtypes=given.dtype, effort=given.effort, seed=1 if given.seed is None else given.seed
    )
    shown = human.isatty()  # meanwhile it writes elsewhere
    with output_kept_from(streams.err) as kept:
        with _progress(kept.err, shown=shown) as tell:
            board = compare(
                entries,
                load_specs(find_specs(given.specs).path),
                request,
                crosscheck=own_version(),
                machine=f"Python {here.python} on {here.system}, {here.cpus} processors",
                timed=not given.no_speed,
                tell=tell,
            )
        found = [cell.found for one in board.libraries for cell in one.cells if cell.found]
        if any(one.kind in FATAL for one in found):
            kept.show()
    if given.json == STDOUT:
        streams.out.write(json_text(board))
    elif given.json is not None:
        write_file("--json", given.json, json_text(board))
    if given.markdown is not None:
        path = Path(given.markdown)
        before = path.read_text(encoding="utf-8") if path.is_file() else ""
        write_file("--markdown", given.markdown, put_into(before, markdown(board)))
    write_lines(human, lines(board, terminal_width(human)))
    return board.exit_code


@contextmanager
def _progress(stream: TextIO, *, shown: bool) -> Iterator[Tell]:
    """A line that says how far a library is, and is erased in the end."""

    def tell(library: str, done: int, total: int) -> None:
        if shown:
            stream.write(f"\r\x1b[K{library}: {done} of {total} checks")
            stream.flush()

    try:
        yield tell
    finally:
        if shown:
            stream.write("\r\x1b[K")
            stream.flush()


def _chosen(given: Namespace) -> tuple[Entry, ...]:
    from harness.board.compare import library_of
    from harness.implementations.catalogue import load_catalogue
    from harness.implementations.sources import LIBRARIES, load_catalogues, shipped

    if given.catalogue:
        known = load_catalogues(given.catalogue)
    else:
        ours = tuple(one for one in load_catalogue() if one.name == "torch.softmax")
        known = (*ours, *load_catalogues([LIBRARIES, *shipped()]))
    if given.all or (given.list and not given.names):
        return known
    libraries = list(dict.fromkeys(map(library_of, known)))
    if not given.names:
        hint = f"name some of {', '.join(libraries)}, or give --all"
        raise InputError("no library is named", hint=hint)
    chosen: list[Entry] = []
    for name in given.names:
        found = [one for one in known if _is_called(one, library_of(one), name)]
        if not found:
            near = did_you_mean(name, [*libraries, *(one.name for one in known)])
            hint = near or f"known: {', '.join(libraries)}"
            raise InputError(f"no library or path is called '{name}'", hint=hint)
        chosen += [one for one in found if one not in chosen]
    return tuple(chosen)


def _is_called(entry: Entry, library: str, name: str) -> bool:
    return name == library or entry.name == name or entry.name.startswith(f"{name}.")


def _list(entries: Sequence[Entry], streams: Streams) -> int:
    from harness.board.compare import library_of
    from harness.implementations.resolve import is_installed

    for entry in entries:
        missing = [name for name in entry.needed if not is_installed(name)]
        state = f"not installed: {', '.join(missing)}" if missing else "installed"
        functions = ", ".join(entry.constants)
        streams.say(
            f"{library_of(entry)}  {entry.name}  {functions}  {', '.join(entry.dtypes)}  {state}"
        )
    return 0
