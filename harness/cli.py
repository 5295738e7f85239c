"""The command line: reads what a person typed, runs one command, returns the exit code.

Nothing heavy is imported before a command runs; each command imports what it uses.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn

from harness.commands import (
    campaign,
    check,
    compare,
    conventions,
    doctor,
    explain,
    lean,
    mutate,
    new,
    replay,
    review,
    trace,
)
from harness.commands.streams import Streams, standard_streams
from harness.errors import InputError, did_you_mean

INTERRUPTED = 130  # what shells report for Ctrl-C

_DESCRIPTION = "Judges numpy and torch code against the Lean statements that it implements."
_EPILOG = """\
exit codes:
  0  all that ran conforms, and something ran
  1  a finding: violates, refuted, inconclusive, suspect, text that differs from Lean
  2  bad input or usage
  3  something required is absent (a device, a library, the Lean toolchain)

defaults for the options can be set in [tool.crosscheck] of pyproject.toml
"""


@dataclass(frozen=True)
class _Command:
    """What a command brings: its line in the help, its options, and what it does."""

    summary: str
    configure: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace, Streams], int]


_COMMANDS = {
    "check": _Command("judge implementations against the statements", check.configure, check.run),
    "trace": _Command(
        "requirement, Lean declaration, spec, code and verdicts", trace.configure, trace.run
    ),
    "explain": _Command(
        "one declaration, whole story; its bound for one input", explain.configure, explain.run
    ),
    "replay": _Command(
        "one case of a report again, the same bits, judged by itself", replay.configure, replay.run
    ),
    "review": _Command("renew links whose Lean text you have read", review.configure, review.run),
    "mutate": _Command(
        "the suite's own power: which wrong implementations it finds", mutate.configure, mutate.run
    ),
    "campaign": _Command(
        "millions and billions of cases, resumable, on all processors or a cluster",
        campaign.configure,
        campaign.run,
    ),
    "compare": _Command("a scoreboard of real libraries", compare.configure, compare.run),
    "lean": _Command("read, build and export the Lean side", lean.configure, lean.run),
    "new": _Command("draft a spec from a Lean declaration", new.configure, new.run),
    "conventions": _Command(
        "what implementations do with NaN, infinities and empty rows",
        conventions.configure,
        conventions.run,
    ),
    "doctor": _Command("what is here, what is not, what to do", doctor.configure, doctor.run),
}


class _Parser(argparse.ArgumentParser):
    """Usage errors in one line, as all other errors are."""

    def error(self, message: str) -> NoReturn:
        raise InputError(message, hint=f"see {self.prog} --help")


class _Help(argparse.RawDescriptionHelpFormatter):
    """`--dtype NAME ...`, which fits a line, where argparse writes `--dtype NAME [NAME ...]`."""

    def _format_args(self, action: argparse.Action, default_metavar: str) -> str:
        if action.nargs == argparse.ONE_OR_MORE:
            (word,) = self._metavar_formatter(action, default_metavar)(1)
            return f"{word} ..."
        return super()._format_args(action, default_metavar)


class _Version(argparse.Action):
    """Prints the version and ends; the package's metadata is read only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from harness.commands.machine import own_version

        print(f"crosscheck {own_version()}")
        parser.exit()


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands; `command` in what it returns is the word that was typed."""
    parser = _Parser(
        prog="crosscheck",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--no-color", action="store_true", help="no colours, in any command; NO_COLOR does it, too"
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for word, made in _COMMANDS.items():
        command = commands.add_parser(
            word,
            help=made.summary,
            description=made.summary[0].upper() + made.summary[1:] + ".",
            formatter_class=_Help,
            allow_abbrev=False,
        )
        made.configure(command)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command that `argv` (default: the process's arguments) names; the exit code."""
    given = list(sys.argv[1:] if argv is None else argv)
    words = [word for word in given if word != "--no-color"]
    streams = standard_streams(colour=words == given)
    try:
        return _run(words, streams)
    except InputError as error:
        streams.err.write(f"crosscheck: {error.with_caret()}\n")
        return error.exit_code
    except KeyboardInterrupt:
        streams.err.write("crosscheck: interrupted\n")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (`head`) has gone; point stdout elsewhere so that Python's exit is quiet too.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _run(words: list[str], streams: Streams) -> int:
    parser = build_parser()
    if not words:
        parser.print_help(streams.err)
        return InputError.exit_code
    _check_command(words)
    try:
        arguments, rest = parser.parse_known_args(words)
    except SystemExit as end:  # --help, --version
        return int(end.code or 0)
    # argparse takes names only in one place; `check A --seed 2 B` leaves B over.
    unknown = [word for word in rest if word.startswith("-") or not hasattr(arguments, "names")]
    if unknown:
        raise InputError(
            f"unrecognized: {' '.join(unknown)}",
            hint=f"see crosscheck {arguments.command} --help",
        )
    if rest:
        arguments.names = [*arguments.names, *rest]
    code = _COMMANDS[arguments.command].run(arguments, streams)
    streams.out.flush()
    return code


def _check_command(words: list[str]) -> None:
    """A mistyped command gets a suggestion instead of argparse's list of all."""
    word = words[0]
    if not word.startswith("-") and word not in _COMMANDS:
        hint = did_you_mean(word, list(_COMMANDS)) or f"commands: {', '.join(_COMMANDS)}"
        raise InputError(f"no command '{word}'", hint=hint)


if __name__ == "__main__":
    sys.exit(main())
