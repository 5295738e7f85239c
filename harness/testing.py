"""Conformance of your own code, in your own test-suite: one line per implementation.

    from harness.testing import conformance
    test_my_softmax = conformance({"softmaxVec": my_softmax}, dtypes=["float32"])

pytest's plugin `crosscheck` (installed with this package) collects the suite as one test for each
declaration, dtype and device: `softmaxVec[my_softmax-numpy-float32-cpu]`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.conformance.job import Job
    from harness.conformance.request import Request
    from harness.conformance.session import Session
    from harness.conformance.verdict import CheckResult
    from harness.implementations.entry import Entry
    from harness.power.known import KnownFailure


@dataclass(frozen=True)
class Suite:
    """What pytest collects: the jobs of a request on some entries. Made by the functions below."""

    make: Callable[[Path | None], tuple[Request, Sequence[Entry]]]
    specs: Path | None = None
    reals: bool = False
    corpus: Path | None = None

    @cached_property
    def session(self) -> Session:
        """The run that all tests of the suite share."""
        from harness.cells.plan import plan
        from harness.conformance.replay_case import fit_cases
        from harness.conformance.session import Session
        from harness.specs.load import load_specs
        from harness.specs.locate import find_specs

        folder = find_specs(self.specs)
        request, entries = self.make(self.specs)
        # InputError now, and not in every test, when there is no such effort.
        plan(request.effort, "float32", request.seed, vectors=0, rows=False)
        library = load_specs(folder.path)
        if self.corpus is not None:
            request = replace(request, corpus=fit_cases(self.corpus, library))
        return Session(request, library, tuple(entries))

    def tests(self) -> Mapping[str, tuple[Job, ...]]:
        """Test name -> its jobs, in the order of a run."""
        from harness.conformance.select_jobs import jobs

        session = self.session
        found: dict[str, list[Job]] = {}
        for job in jobs(session.request, session.library, session.entries):
            if job.check == "consistency" and not self.reals:
                continue
            where = "-".join((job.entry, job.dtype, job.device)) if job.entry else job.dtype
            found.setdefault(f"{job.declaration}[{where}]", []).append(job)
        return {name: tuple(members) for name, members in found.items()}

    def run(self, job: Job) -> CheckResult:
        """The result of one job."""
        return self.session.run(job)

    def settled(
        self, results: Sequence[CheckResult]
    ) -> tuple[tuple[CheckResult, ...], tuple[KnownFailure, ...]]:
        """The results with known failures marked as expected, and how each of those fared."""
        from harness.power.known import settled, violates_at_case

        session = self.session
        library, request = session.library, session.request

        def judge(entry: Entry, constant: str, dtype: str) -> bool:
            where = (library.directory, request.effort, request.seed)
            return violates_at_case(entry, constant, dtype, *where)

        names = [spec.short_name for spec in library.specs]
        definers = {c: library.by_name(full).short_name for c, full in library.unfolded.items()}
        return settled(results, session.entries, names, judge, definers)

    def end(self) -> tuple[str, ...]:
        """Say bye to the programs of the suite; what goes wrong in it."""
        if "session" not in self.__dict__:
            return ()
        return self.session.end()


def conformance(
    functions: Mapping[str, str | Callable[..., object]] = MappingProxyType({}),
    *,
    process: str | Sequence[str] | None = None,
    backend: str | None = None,
    dtypes: Iterable[str] = ("float64", "float32"),
    devices: Iterable[str] = ("cpu",),
    arithmetic: Mapping[str, str] | None = None,
    adapter: Mapping[str, object] | None = None,
    min_n: int = 0,
    names: Iterable[str] = (),
    effort: str = "quick",
    seed: int = 1,
    specs: Path | None = None,
    corpus: Path | None = None,
) -> Suite:
    """The conformance tests of your code; bind the result to a name that starts with `test`.

    functions: Lean constant -> callable (or `module:function`), called with the explicit Lean
    arguments in Lean order, arrays (..., n). process: instead of functions, the command of a
    program that answers calls (docs/protocol.md), as a text or its words. backend: `numpy` or
    `torch`; by default those whose arrays the functions return in kind on a 2 x 3 probe.
    arithmetic: constant -> named promise
    about rounding (default `ieee`). adapter: what lifts the functions to that convention, written
    as in a catalogue (docs/calling.md): `{"axis": "dim"}`. min_n: shorter vectors are unsupported.
    names: only these declarations. effort: as of the command line. corpus: a folder of kept cases
    (docs/replay.md), which are tried first. InputError, at collection, for an unknown constant,
    dtype, arithmetic, effort or declaration, and for a kept case that does not fit.
    """
    chosen = (tuple(dtypes), tuple(devices), tuple(names))

    def make(folder: Path | None) -> tuple[Request, Sequence[Entry]]:
        from harness.conformance.request import Request
        from harness.conformance.user import entries_for
        from harness.errors import InputError
        from harness.implementations.catalogue import adapter_of

        promises = arithmetic or {}
        if process is not None:
            if functions or adapter or min_n:
                hint = "its hello says what it implements, and from which n on"
                raise InputError("a process has no functions, adapter or min_n", hint=hint)
            entries = _program(process, promises, folder)
        else:
            lifts = adapter_of(adapter or {})
            entries = entries_for(functions, backend, *chosen[:2], promises, folder, lifts, min_n)
        request = Request(
            names=chosen[2],
            dtypes=chosen[0],
            devices=chosen[1],
            effort=effort,
            seed=seed,
            supplied=frozenset(constant for entry in entries for constant in entry.constants),
        )
        return request, entries

    return Suite(make, specs, corpus=corpus)


def catalogue(
    path: Path | str | Sequence[Path | str] | None = None,
    *,
    names: Iterable[str] = (),
    dtypes: Iterable[str] = (),
    effort: str = "quick",
    seed: int = 1,
    specs: Path | None = None,
) -> Suite:
    """The tests of a catalogue's entries (default: the packaged one), exact reals included.

    path: a file, or the name of an installed library that ships a catalogue, or several of these.
    """
    chosen = (tuple(names), tuple(dtypes))
    sources = [path] if isinstance(path, str | Path) else path

    def make(_folder: Path | None) -> tuple[Request, Sequence[Entry]]:
        from harness.conformance.request import Request
        from harness.implementations.catalogue import load_catalogue
        from harness.implementations.sources import load_catalogues

        request = Request(names=chosen[0], dtypes=chosen[1], effort=effort, seed=seed)
        return request, load_catalogue() if sources is None else load_catalogues(sources)

    return Suite(make, specs, reals=True)


def environment(*, effort: str = "quick", seed: int = 1) -> Suite:
    """The tests of what the environment names: CROSSCHECK_IMPL or CROSSCHECK_CATALOGUE.

    `CROSSCHECK_IMPL="softmaxVec=mine:softmax" pytest --pyargs harness.suite` runs them without a
    file of your own. InputError, at collection, when neither is set.
    """

    def make(folder: Path | None) -> tuple[Request, Sequence[Entry]]:
        from harness.errors import InputError
        from harness.implementations.user_entry import parse_impls
        from harness.settings import CATALOGUE, IMPL, from_environment

        found = from_environment().values
        if "impl" in found:
            functions = parse_impls(found["impl"])  # type: ignore[arg-type]
            return conformance(functions, effort=effort, seed=seed).make(folder)
        if "catalogue" in found:
            return catalogue(found["catalogue"], effort=effort, seed=seed).make(folder)  # type: ignore[arg-type]
        raise InputError(
            f"neither {IMPL} nor {CATALOGUE} is set",
            hint=f"as in: {IMPL}=softmaxVec=my_softmax:softmax pytest --pyargs harness.suite",
        )

    return Suite(make)


def _program(
    command: str | Sequence[str], arithmetic: Mapping[str, str], specs: Path | None
) -> tuple[Entry, ...]:
    from harness.conformance.user_process import process_entries
    from harness.specs.load import load_specs
    from harness.specs.locate import find_specs

    library = load_specs(find_specs(specs).path)
    return process_entries([command], library, arithmetic).entries
