"""`crosscheck mutate`: the suite's own power, on implementations that are known to be wrong."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

from harness.commands.options import EFFORTS, add_json, completed, natural
from harness.commands.streams import Streams


def configure(parser: ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--specs", type=Path, metavar="DIR", help="folder of spec files")
    parser.add_argument(
        "--catalogue",
        type=Path,
        action="append",
        metavar="FILE",
        help="entries to try; repeatable; default the repository's mutants and their right twins",
    )
    parser.add_argument("--effort", metavar="NAME", help=f"{', '.join(EFFORTS)}; default default")
    parser.add_argument("--seed", type=natural, metavar="N", help="of all inputs; default 1")
    parser.add_argument(
        "--baselines", action="store_true", help="try assert_close, gradcheck and Hypothesis, too"
    )
    parser.add_argument("--workers", type=natural, metavar="N", help="processes; default: cores")
    add_json(parser, "the kill matrix")


def run(arguments: Namespace, streams: Streams) -> int:
    """Prints the matrix; 1 when a mutant is not killed or a right one is rejected. InputError."""
    from harness.commands.outputs import STDOUT, check_target, write_file
    from harness.power.document import json_text
    from harness.power.matrix import catalogues, power, suspects
    from harness.power.text import lines
    from harness.specs.locate import find_specs

    given = completed(arguments)
    check_target("--json", given.json)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    chosen = suspects(given.catalogue or catalogues())
    document = power(
        chosen,
        find_specs(given.specs).path,
        given.effort,
        1 if given.seed is None else given.seed,
        baselines=given.baselines,
        workers=given.workers,
    )
    if given.json == STDOUT:
        streams.out.write(json_text(document))
    elif given.json:
        write_file("--json", given.json, json_text(document))
    for line in lines(document):
        if given.json == STDOUT:
            streams.err.write(line + "\n")
        else:
            streams.say(line)
    return document.exit_code
