"""`crosscheck mutate`: the suite's own power, on implementations that are known to be wrong."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from harness.commands.options import (
    add_effort,
    add_json,
    add_seed,
    add_specs,
    add_workers,
    completed,
)
from harness.commands.outputs import STDOUT, check_target, write_file
from harness.commands.streams import Streams, foreign_output_to, write_lines
from harness.errors import InputError

if TYPE_CHECKING:
    from harness.power.document import PowerDocument
    from harness.power.matrix import Progress


def configure(parser: ArgumentParser) -> None:
    """The options of the command."""
    add_specs(parser)
    parser.add_argument(
        "--catalogue",
        dest="catalogues",  # the setting `catalogue` names what `check` judges
        type=Path,
        action="append",
        metavar="FILE",
        help="entries to try; repeatable; default the repository's mutants and their right twins",
    )
    add_effort(parser)
    add_seed(parser)
    parser.add_argument(
        "--baselines", action="store_true", help="try assert_close, gradcheck and Hypothesis, too"
    )
    add_workers(parser)
    add_json(parser, "the kill matrix")
    parser.add_argument(
        "--markdown",
        metavar="FILE",
        action="append",
        help="write the tables as Markdown, between the markers of the file where it has them; "
        "repeatable",
    )


def run(arguments: Namespace, streams: Streams) -> int:
    """Prints the matrix; 1 when a mutant is not killed or a right one is rejected. InputError."""
    given = completed(arguments)
    check_target("--json", given.json)
    for name in given.markdown or ():
        check_target("--markdown", name)
    from harness.power.document import json_text
    from harness.power.text import lines

    human = streams.err if given.json == STDOUT else streams.out
    document = _tried(given, human, streams)
    if given.json == STDOUT:
        streams.out.write(json_text(document))
    elif given.json is not None:
        write_file("--json", given.json, json_text(document))
    for name in given.markdown or ():
        _write_markdown(name, document)
    write_lines(human, lines(document))
    return document.exit_code


def _tried(given: Namespace, human: TextIO, streams: Streams) -> PowerDocument:
    from harness.power.matrix import catalogues, power, suspects
    from harness.specs.locate import find_specs

    os.environ.setdefault("OMP_NUM_THREADS", "1")  # the workers share the processors already
    chosen = suspects(given.catalogues or catalogues())

    def tell(progress: Progress) -> None:
        if human.isatty():
            said = f"{progress.done} of {progress.total} groups: {progress.task}"
            streams.err.write("\r\x1b[K" + (said if progress.done < progress.total else ""))
            streams.err.flush()

    with foreign_output_to(streams.err):
        return power(
            chosen,
            find_specs(given.specs).path,
            given.effort,
            1 if given.seed is None else given.seed,
            baselines=given.baselines,
            workers=given.workers,
            tell=tell,
        )


def _write_markdown(name: str, document: PowerDocument) -> None:
    from harness.power.markdown import markdown, put_into

    path = Path(name)
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"--markdown {name} cannot be read: {error}") from error
    write_file("--markdown", name, put_into(before, markdown(document)))
