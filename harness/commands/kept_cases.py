"""The corpus of a run: which kept cases are tried first, and what is kept of it."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.conformance.kept import kept_case
from harness.conformance.replay_case import fit_cases, refuse_unfit
from harness.conformance.verdict import CheckResult
from harness.corpus import Kept, KeptCase, corpus_files, corpus_folder, keep_cases, read_case
from harness.errors import InputError
from harness.report.replay_command import Replaying
from harness.specs.library import SpecLibrary


@dataclass(frozen=True)
class Corpus:
    """cases: fit to be tried; folder: where violations are kept, None where they are not;
    warnings: what is wrong with files of the state folder, which are left out."""

    cases: tuple[Kept, ...] = ()
    folder: Path | None = None
    option: Path | None = None
    warnings: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The folder as it is typed, or ""."""
        return "" if self.folder is None else _shown(self.folder)


@dataclass(frozen=True)
class Keeping:
    """What became of the violations of a run. new: cases that the corpus did not have; done:
    whether their names can be replayed; problem: why they could not be kept, or None."""

    new: int = 0
    done: bool = False
    problem: str | None = None


def corpus_of(given: Namespace, library: SpecLibrary) -> Corpus:
    """What --corpus and --no-state ask for.

    A file that is no case, or does not fit the specs, is an InputError in a folder that was named,
    and a warning in the state folder: nobody put it there by hand.
    """
    if given.corpus is None and given.no_state:
        return Corpus()
    folder = corpus_folder(given.corpus, Path.cwd())
    if given.corpus is not None:
        return Corpus(fit_cases(folder, library), folder, given.corpus)
    cases: list[Kept] = []
    warnings: list[str] = []
    for path in corpus_files(folder):
        try:
            kept = read_case(path)
            refuse_unfit(library, kept)
            cases.append(kept)
        except InputError as error:
            warnings.append(f"left out of this run: {error}")
    return Corpus(tuple(cases), folder, None, tuple(warnings))


def keep_found(corpus: Corpus, results: Sequence[CheckResult]) -> Keeping:
    """Keeps the violations that no entry announced."""
    if corpus.folder is None:
        return Keeping()
    found: dict[str, KeptCase] = {}
    for result in results:
        case = kept_case(result) if result.expected == "conforms" else None
        if case is not None:
            found.setdefault(case.name, case)
    new = [case for name, case in found.items() if not (corpus.folder / f"{name}.json").exists()]
    problem = keep_cases(new, corpus.option, Path.cwd())
    return Keeping(0 if problem else len(new), problem is None, problem)


def replaying(given: Namespace) -> Replaying:
    """How the cases of a command are replayed."""
    words: list[str] = []
    if given.specs is not None:
        words += ["--specs", _shown(given.specs)]
    for source in given.catalogue or ():  # a file, or the name of a library that ships one
        words += ["--catalogue", _shown(source) if Path(source).exists() else str(source)]
    for command in given.process or ():
        words += ["--process", command]
    for option in ("impl", "arithmetic"):
        if values := getattr(given, option):
            words += [f"--{option}", *values]
    if given.min_n:
        words += ["--min-n", str(given.min_n)]
    where = ("--corpus", _shown(given.corpus)) if given.corpus is not None else ()
    return Replaying(tuple(words), where)


def _shown(path: str | Path) -> str:
    """A path as it is typed in the current folder."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
