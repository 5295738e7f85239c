"""Options that several commands share, each declared once, and what their words may be."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from pathlib import Path

from harness.errors import InputError, did_you_mean
from harness.settings import from_environment, load_settings, with_settings

BACKENDS = ("numpy", "torch")
DTYPES = ("float64", "float32", "bfloat16", "float16")
DEVICES = ("cpu", "cuda")
EFFORTS = ("quick", "default", "deep")


def add_names(parser: ArgumentParser) -> None:
    """The declarations that are judged."""
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="declarations, or their spec files; default all"
    )


def add_specs(parser: ArgumentParser) -> None:
    """--specs."""
    parser.add_argument("--specs", type=Path, metavar="DIR", help="folder of spec files")


def add_sources(parser: ArgumentParser) -> None:
    """--specs and --lean."""
    add_specs(parser)
    parser.add_argument("--lean", type=Path, metavar="DIR", help="folder of the Lean project")


def add_evidence(parser: ArgumentParser) -> None:
    """--evidence."""
    parser.add_argument(
        "--evidence",
        type=Path,
        metavar="FILE",
        help="evidence of proofs, by `lean export`; default evidence.json of the Lean folder",
    )


def add_catalogue(parser: ArgumentParser) -> None:
    """--catalogue."""
    parser.add_argument(
        "--catalogue",
        action="append",
        metavar="FILE",
        help="judge the entries of this catalogue, a file or a library that ships one; repeatable",
    )


def add_backends(parser: ArgumentParser) -> None:
    """--backend."""
    words = f"whose arrays: {', '.join(BACKENDS)}; default all that are here"
    add_words(parser, "--backend", "NAME", words)


def add_dtypes(parser: ArgumentParser) -> None:
    """--dtype."""
    words = f"formats of numbers: {', '.join(DTYPES)}; default all that the code takes"
    add_words(parser, "--dtype", "NAME", words)


def add_devices(parser: ArgumentParser) -> None:
    """--device."""
    add_words(parser, "--device", "NAME", f"where: {', '.join(DEVICES)}; default cpu")


def add_effort(parser: ArgumentParser) -> None:
    """--effort."""
    words = f"how much is tried: one of {', '.join(EFFORTS)}"
    parser.add_argument("--effort", metavar="NAME", help=words)


def add_seed(parser: ArgumentParser) -> None:
    """--seed."""
    parser.add_argument("--seed", type=natural, metavar="N", help="seed of all inputs; default 1")


def add_workers(parser: ArgumentParser) -> None:
    """--workers."""
    parser.add_argument("--workers", type=natural, metavar="N", help="processes; default: cores")


def add_require_lean(parser: ArgumentParser, what: str) -> None:
    """--require-lean."""
    parser.add_argument(
        "--require-lean",
        action="store_true",
        default=None,
        help=f"exit with 3 unless Lean has proved what is {what}",
    )


def add_require_cuda(parser: ArgumentParser) -> None:
    """--require-cuda."""
    parser.add_argument(
        "--require-cuda", action="store_true", default=None, help="exit with 3 without CUDA"
    )


def add_annotate(parser: ArgumentParser) -> None:
    """--annotate."""
    parser.add_argument(
        "--annotate",
        action="store_true",
        help="print findings as GitHub annotations, too: they appear at the changed lines",
    )


def add_json(parser: ArgumentParser, what: str) -> None:
    """--json."""
    parser.add_argument(
        "--json",
        metavar="FILE",
        help=f"write {what} as JSON; - is stdout, and the text for people then goes to stderr",
    )


def add_junit(parser: ArgumentParser) -> None:
    """--junit."""
    parser.add_argument("--junit", metavar="FILE", help="write the results as JUnit XML")


def add_code(parser: ArgumentParser) -> None:
    """--catalogue, --impl, --process and --arithmetic: whose code is judged."""
    add_catalogue(parser)
    add_words(
        parser,
        "--impl",
        "CONST=MODULE:FUNCTION",
        "judge this function in the place of the Lean constant",
    )
    parser.add_argument(
        "--process",
        action="append",
        metavar="COMMAND",
        help="judge the program that this starts, which answers calls by docs/protocol.md",
    )
    add_words(
        parser,
        "--arithmetic",
        "CONST=NAME",
        "what the function of --impl, or the program, promises about rounding (default ieee)",
    )
    parser.add_argument(
        "--min-n",
        type=natural,
        metavar="N",
        help="the function of --impl takes no vector shorter than N; default 0",
    )


def add_corpus(parser: ArgumentParser, what: str) -> None:
    """--corpus."""
    parser.add_argument(
        "--corpus", type=Path, metavar="DIR", help=f"{what}; default .crosscheck/corpus"
    )


def add_reports(parser: ArgumentParser) -> None:
    """--report, --markdown, --csv and --sarif."""
    parser.add_argument(
        "--report", metavar="DIR", help="write pages for a browser: verdicts, matrix, graph, impact"
    )
    parser.add_argument(
        "--markdown", metavar="FILE", help="write a summary for a pull request or a job"
    )
    parser.add_argument("--csv", metavar="FILE", help="write the matrix as CSV")
    parser.add_argument("--sarif", metavar="FILE", help="write the findings for code scanning")


def add_words(parser: ArgumentParser, name: str, metavar: str, summary: str) -> None:
    """An option that takes one or several words, and may be repeated."""
    parser.add_argument(name, nargs="+", action="extend", metavar=metavar, help=summary)


def completed(arguments: Namespace) -> Namespace:
    """The arguments with the settings of environment and folder, words checked. InputError."""
    merged = with_settings(arguments, from_environment())
    merged = with_settings(merged, load_settings(Path.cwd()))
    for option, known in (("backend", BACKENDS), ("dtype", DTYPES), ("device", DEVICES)):
        if hasattr(merged, option):
            words = _split(getattr(merged, option) or ())
            for word in words:
                _check_word(f"--{option}", word, known, several=True)
            setattr(merged, option, tuple(dict.fromkeys(words)))
    if hasattr(merged, "effort"):
        merged.effort = merged.effort or "default"
        _check_word("--effort", merged.effort, EFFORTS)
    return merged


def natural(text: str) -> int:
    """A natural number; argparse names the option when it is none."""
    if not (text.isascii() and text.isdigit()):
        raise ArgumentTypeError(f"'{text}' is not a natural number")
    return int(text)


def _split(words: Sequence[str]) -> list[str]:
    """`float32,float64` is two words, too."""
    return [part for word in words for part in word.split(",") if part]


def _check_word(option: str, word: str, known: Sequence[str], *, several: bool = False) -> None:
    if word in known:
        return
    hint = did_you_mean(word, list(known)) or f"known: {', '.join(known)}"
    if several and hint.startswith("known"):
        hint += f"; put names of declarations before {option}"
    raise InputError(f"{option} '{word}' is not known", hint=hint)
