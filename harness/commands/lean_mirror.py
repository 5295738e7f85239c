"""`crosscheck lean mirror`: writes Mirror.lean anew from the specs, or says that it is stale."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from difflib import unified_diff

from harness.commands.options import add_sources, completed
from harness.commands.streams import Streams

FINDING = 1


def configure(parser: ArgumentParser) -> None:
    """The options of the command."""
    add_sources(parser)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit with 1 when it is out of date"
    )


def run(arguments: Namespace, streams: Streams) -> int:
    """Writes the file, or compares it. InputError for specs that cannot be restated."""
    given = completed(arguments)
    from harness.commands.outputs import write_file
    from harness.lean.build import check_project
    from harness.lean.digests import MIRROR
    from harness.lean.mirror_text import mirror_text
    from harness.lean.project import find_lean
    from harness.specs.load import load_specs
    from harness.specs.locate import find_specs

    library = load_specs(find_specs(given.specs).path)
    path = find_lean(given.lean) / MIRROR
    wanted = mirror_text(library)
    try:
        found = path.read_bytes().decode("utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError):
        found = ""
    if found == wanted:
        streams.say(f"{path} restates the specs as they are.")
        return 0
    if given.check:
        for line in unified_diff(
            found.splitlines(), wanted.splitlines(), "on disk", "from the specs", lineterm=""
        ):
            streams.say(line)
        streams.say(f"{path} is out of date; run `crosscheck lean mirror`.")
        return FINDING
    check_project(path.parent)
    write_file("mirror", str(path), wanted)
    streams.say(f"{path} written; `crosscheck lean build` compares it with the proofs.")
    return 0
