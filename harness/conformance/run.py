"""What a run consists of, and running it: from specs and catalogue entries to check results."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

import numpy as np

from harness.conformance.autograd_jobs import (
    DTYPES,
    MODE_NAMES,
    claim_in_mode,
    differentiated,
    modes_for,
)
from harness.conformance.backends import backend
from harness.conformance.calling import Callee
from harness.conformance.case_id import CaseId
from harness.conformance.claim import Claim, claim_of
from harness.conformance.consistency import check_consistency
from harness.conformance.fresh import renewed
from harness.conformance.guard import TIME_LIMIT, Misbehaviour, describe
from harness.conformance.kept import Asked, asked_by, kept_sheets, matching
from harness.conformance.kinds import KINDS
from harness.conformance.linearity import is_linear, linearity
from harness.conformance.obstacle import obstacle
from harness.conformance.promises import with_advice
from harness.conformance.question import Question
from harness.conformance.remote import Starter, callees_of, program_of, start
from harness.conformance.replay import Replayable, replayed
from harness.conformance.replay_reals import replayed_on_reals
from harness.conformance.shared_calls import Calls, SharedCalls
from harness.conformance.shrink_reals import with_simplest
from harness.conformance.shrink_result import with_shrunk
from harness.conformance.subject import Subject
from harness.conformance.theorem import check_theorem
from harness.conformance.verdict import CheckResult, KeptOutcome, Verdict, Violation
from harness.conformance.workbench import Workbench
from harness.corpus import Kept, KeptCase
from harness.errors import AbsentError, InputError
from harness.evaluate.arithmetic import Arithmetic
from harness.evaluate.forms import Form, FormTable
from harness.implementations.catalogue import load_catalogue
from harness.implementations.entry import Entry
from harness.implementations.resolve import callable_of
from harness.protocol.conversation import Breach
from harness.protocol.program import Program, Spent
from harness.specs.library import SpecLibrary
from harness.specs.model import DefSpec, Spec


@dataclass(frozen=True)
class Request:
    """What to judge. Empty tuples mean everything that there is.

    names: declarations; supplied: constants of `--impl`, which limit what is run; autograd: modes
    of torch whose derivatives of an entry's functions are judged, too; corpus: cases to try first;
    shrink: make the input of each violation smaller; replay: judge this case and nothing else.
    """

    names: tuple[str, ...] = ()
    backends: tuple[str, ...] = ()
    dtypes: tuple[str, ...] = ()
    devices: tuple[str, ...] = ("cpu",)
    effort: str = "default"
    seed: int = 1
    fail_fast: bool = False
    supplied: frozenset[str] = frozenset()
    autograd: tuple[str, ...] = ()
    corpus: tuple[Kept, ...] = ()
    shrink: bool = True
    replay: Replayable | None = None


@dataclass(frozen=True)
class Job:
    """One check to run; entry is "" where none is judged.

    check: consistency, definition; batch, layout, repeat, inputs, linearity (which follow from the
    type); theorem, fact (of a def), or derivative (that autograd takes of an implementation).
    """

    declaration: str
    check: str
    entry: str = ""
    dtype: str = "reals"
    device: str = ""
    part: int = 0  # which fact of the declaration, which mode of autograd


@dataclass(frozen=True)
class Event:
    """Progress: a job starts, or is done with its result. done of total, this one included."""

    kind: str
    job: Job
    result: CheckResult | None
    done: int
    total: int


def jobs(request: Request, library: SpecLibrary, entries: Sequence[Entry]) -> tuple[Job, ...]:
    """What would run, in order: exact reals first, then each entry, dtype by dtype."""
    if request.replay is not None:
        return (_job_of(request.replay),)
    selected = [s for s in library.select(request.names) if s.name in library.statements]
    if request.supplied:
        selected = [s for s in selected if _touches(library, s, request.supplied)]
    found = [Job(s.short_name, "consistency") for s in selected]
    for entry in entries:
        if request.backends and entry.backend not in request.backends:
            continue
        for device in request.devices:
            for dtype in request.dtypes or entry.dtypes:
                found.extend(_entry_jobs(library, selected, entry, dtype, device, request))
    return tuple(dict.fromkeys(found))


def execute(
    request: Request,
    library: SpecLibrary,
    entries: Sequence[Entry],
    *,
    on_event: Callable[[Event], None] | None = None,
    only: Sequence[Job] | None = None,
    starter: Starter = start,
) -> tuple[CheckResult, ...]:
    """Run all jobs (or only those given), in this process; programs by `starter`.

    Ctrl-C ends it early: what did not run is `not run`, what ran is kept.
    """
    todo = jobs(request, library, entries) if only is None else only
    ordered = by_urgency(todo, request.corpus)
    last = {job.entry: place for place, job in enumerate(ordered, start=1)}
    results: dict[Job, CheckResult] = {}
    interrupted = failed = False
    with closing(Session(request, library, tuple(entries), starter)) as session:
        for done, job in enumerate(ordered, start=1):
            if interrupted or (failed and request.fail_fast):
                note = "interrupted" if interrupted else "stopped at the first finding"
                results[job] = without(job, Verdict.NOT_RUN, note)
                continue
            try:
                if on_event:
                    on_event(Event("start", job, None, done - 1, len(todo)))
                result = session.run(job)
                if last[job.entry] == done:
                    result = session.parted(job, result)
            except KeyboardInterrupt:
                interrupted = True
                result = without(job, Verdict.NOT_RUN, "interrupted")
            results[job] = result
            failed = failed or result.verdict in (Verdict.VIOLATES, Verdict.REFUTED)
            if on_event:
                on_event(Event("done", job, result, done, len(todo)))
    return tuple(results[job] for job in todo)


def by_urgency(todo: Sequence[Job], corpus: Sequence[Kept]) -> list[Job]:
    """The jobs that have cases in the corpus first, otherwise in order."""
    kept = {asked_by(one.case) for one in corpus}
    return sorted(todo, key=lambda job: asked_in(job) not in kept)


def asked_in(job: Job) -> Asked:
    """What a job asks, as cases of the corpus say it."""
    return job.declaration, job.check, job.part, job.entry, job.dtype


def form_table(library: SpecLibrary) -> FormTable:
    """Constant -> its forms, its own equation first, then those that theorems license."""
    table = {
        constant: [Form(library.base_forms.get(constant) or "", definition)]
        for constant, definition in library.definitions.items()
    }
    for rewrite in library.rewrites:
        table[rewrite.constant].append(Form(rewrite.form, rewrite.definition))
    return {constant: tuple(forms) for constant, forms in table.items()}


AFTER_END = "its calls are not compared: one of them did not come back"
"""The note on checks of calls that the definition check saw hang or end the process."""


@dataclass(frozen=True)
class Session:
    """One run's subjects and benches, so that jobs share what they make. starter: of programs.

    `close` it: programs of its entries may still run.
    """

    request: Request
    library: SpecLibrary
    entries: tuple[Entry, ...]
    starter: Starter = start
    _benches: dict[str, Workbench] = field(default_factory=dict)
    _subjects: dict[tuple[str, str, str], Subject] = field(default_factory=dict)
    _claims: dict[tuple[str, str, int], Claim] = field(default_factory=dict)
    _programs: dict[str, Program] = field(default_factory=dict)
    _calls: SharedCalls = field(default_factory=SharedCalls)

    def run(self, job: Job) -> CheckResult:
        """The result of one job; an error of our own is a finding, not the end of the run."""
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                return self._run(job)
        except Misbehaviour as problem:  # of a program, before its first call
            return lost(job, problem.kind, problem.message)
        except AbsentError as absent:
            return without(job, Verdict.UNSUPPORTED, absent.message)
        except InputError:
            raise
        except Exception as error:
            note = f"the harness itself failed, please report it: {describe(error)}"
            return without(job, Verdict.INCONCLUSIVE, note)

    def parted(self, job: Job, result: CheckResult) -> CheckResult:
        """The result of the last job of its entry, whose program must end properly, too."""
        program = self._programs.get(job.entry)
        try:
            if program is not None:
                program.part()
        except Breach as breach:
            if result.verdict in (Verdict.VIOLATES, Verdict.REFUTED):
                return replace(result, notes=(*result.notes, breach.message))
            found = lost(job, breach.kind, breach.message)
            violated = {"verdict": found.verdict, "violation": found.violation, "violations": 1}
            return replace(result, **violated)  # type: ignore[arg-type]
        return result

    def end(self) -> tuple[str, ...]:
        """Say bye to all programs; what goes wrong in it."""
        troubles: list[str] = []
        for name, program in self._programs.items():
            try:
                program.part()
            except Breach as breach:
                troubles.append(f"{name}: {breach.message}")
        return tuple(troubles)

    def close(self) -> None:
        """End the programs that still run."""
        for program in self._programs.values():
            program.kill()

    def _run(self, job: Job) -> CheckResult:
        if self.request.replay is not None:
            return self._replayed(job, self.request.replay)
        if job.check == "consistency":
            bench, statement = self._bench("reals"), self._claim(job)
            result = check_consistency(bench, job.declaration, statement)
            if not self.request.shrink:
                return result
            return _or_as_it_was(result, lambda: with_simplest(bench, statement, result))
        question = self.question(job)
        if isinstance(question, CheckResult):
            return question
        bench, subject, claim = question.bench, question.subject, question.claim
        hurried = self.request.fail_fast
        asked = asked_in(job)
        first = kept_sheets(self.request.corpus, asked, question.variables)
        if job.check == "definition":
            result = self._calls.defined(calls_of(job), question, hurried, first)
            if not hurried:
                result = with_advice(bench, subject, result, question.constants[0])
        elif claim is None:
            compared = self._calls.compared(calls_of(job), question, hurried, first)
            if compared is None:
                return without(job, Verdict.NOT_RUN, AFTER_END)
            result = compared
        else:
            result = check_theorem(
                bench, subject, job.declaration, claim, job.check, hurried, first
            )
        if job.check == "derivative":
            note = f"the derivative is torch's, by {MODE_NAMES[job.part]}"
            result = replace(result, notes=(note, *result.notes))
        result = replace(result, part=job.part, kept=self._kept(question, asked, result))
        return self.shrunk(job, result) if self.request.shrink else result

    def _kept(
        self, question: Question, asked: Asked, result: CheckResult
    ) -> tuple[KeptOutcome, ...]:
        """The cases of the corpus of this check, each judged by itself."""
        cases = matching(self.request.corpus, asked)
        return tuple(
            KeptOutcome(one.name, replayed(question, one, result, {}).verdict) for one in cases
        )

    def question(self, job: Job) -> Question | CheckResult:
        """What a job asks of its entry, ready to be judged; the result where it cannot be."""
        entry = next(e for e in self.entries if e.name == job.entry)
        if job.dtype not in entry.dtypes:
            return without(job, Verdict.UNSUPPORTED, f"{entry.name} has no {job.dtype}")
        if job.device not in entry.devices:
            return without(job, Verdict.UNSUPPORTED, f"{entry.name} does not run on {job.device}")
        try:
            self._begin(entry)
        except Spent as spent:
            return without(job, Verdict.NOT_RUN, str(spent))
        plain = self._subject(entry, job.dtype, job.device)
        bench = self._bench(job.dtype)
        if job.check == "definition" or job.check in KINDS:
            constant = _constant_of(self.library, self.library.by_name(job.declaration))
            if constant not in plain.callees:
                return without(job, Verdict.UNSUPPORTED, _not_offered(entry, [constant]))
            kind = job.check if job.check in KINDS else ""
            return Question(bench, plain, (constant,), None, lambda: renewed(plain, entry), kind)
        claim = self._claim(job)

        def judged(subject: Subject) -> Subject:
            return (
                differentiated(subject, claim, job.part) if job.check == "derivative" else subject
            )

        def renew() -> Subject | None:
            again = renewed(plain, entry)
            return judged(again) if again else None

        question = Question(bench, judged(plain), claim.constants, claim, renew)
        silent = [c for c in claim.constants if c in entry.constants and c not in plain.callees]
        if silent:
            return without(job, Verdict.UNSUPPORTED, _not_offered(entry, silent))
        missing = [c for c in claim.constants if question.subject.callee(c) is None]
        if missing or claim.outside:
            why = claim.outside or f"no implementation of {', '.join(missing)}"
            return without(job, Verdict.UNSUPPORTED, why)
        if job.check == "derivative" and (why := obstacle(question.subject, claim)):
            note = f"torch takes no derivative of it by {MODE_NAMES[job.part]}: {why}"
            return without(job, Verdict.UNSUPPORTED, note)
        return question

    def shrunk(self, job: Job, result: CheckResult) -> CheckResult:
        """The result of a job with its violations shrunk, where that can be done."""
        question = self.question(job)
        if isinstance(question, CheckResult):
            return result
        code, mode = self._code(job, question)
        corpus = self.request.corpus
        return _or_as_it_was(result, lambda: with_shrunk(question, result, code, corpus, mode))

    def _replayed(self, job: Job, case: Replayable) -> CheckResult:
        base = replace(without(job, Verdict.NOT_RUN, ""), part=job.part, notes=())
        if job.check == "consistency":
            assert isinstance(case, CaseId)
            return replayed_on_reals(self._bench("reals"), self._claim(job), case, base)
        question = self.question(job)
        if isinstance(question, CheckResult):
            return question
        code, mode = self._code(job, question)
        promises = {question.subject.arithmetic(c).name for c in question.constants}
        base = replace(
            base,
            constants=question.constants,
            ours=tuple(c for c in question.constants if c not in question.subject.callees),
            arithmetic=", ".join(sorted(promises)),
            expected=question.subject.expected,
        )
        return replayed(question, case, base, code, mode)

    def _code(self, job: Job, question: Question) -> tuple[dict[str, Entry], str]:
        """Constant -> the entry that supplies it; the mode of autograd, or ""."""
        entries = {e.name: e for e in (*load_catalogue(), *self.entries)}
        suppliers = {c: entries[callee.entry] for c, callee in question.callees().items()}
        code = {c: entry for c, entry in suppliers.items() if c in entry.constants}
        return code, MODE_NAMES[job.part] if job.check == "derivative" else ""

    def _begin(self, entry: Entry) -> None:
        """A check of the entry begins. Spent when its program is not started again."""
        if entry.process is None:
            return
        if entry.name not in self._programs:
            self._programs[entry.name] = program_of(entry.process, self.starter)
        self._programs[entry.name].begin()

    def _bench(self, dtype: str) -> Workbench:
        # One dtype at a time keeps what it has made; the order of jobs goes entry by entry, so the
        # benches stay until the end.
        if dtype not in self._benches:
            effort = self.request.effort
            if dtype == "reals" and effort != "deep":
                effort = "quick"  # statements do not depend on shapes, views or batches
            self._benches[dtype] = Workbench(form_table(self.library), effort, self.request.seed)
        return self._benches[dtype]

    def _claim(self, job: Job) -> Claim:
        key = (job.declaration, job.check, job.part)
        if key not in self._claims:
            spec = self.library.by_name(job.declaration)
            match job.check:
                case "fact":
                    statement = self.library.facts[spec.name][job.part]
                case "linearity":
                    signature = self.library.scope.signatures[_constant_of(self.library, spec)]
                    statement = linearity(signature, self.library.scope)
                case _:
                    statement = self.library.statement(spec)
            claim = claim_of(statement)
            derived = job.check == "derivative"
            self._claims[key] = claim_in_mode(claim, job.part) if derived else claim
        return self._claims[key]

    def _subject(self, entry: Entry, dtype: str, device: str) -> Subject:
        key = (entry.name, dtype, device)
        if key not in self._subjects:
            ours = next((e for e in load_catalogue() if e.name == entry.backend), None)
            if entry.process is None:
                own, promises = _callees(entry, dtype, device)
            else:
                own, promises = callees_of(entry, self._programs[entry.name], dtype, device)
            where = device if entry.process is None else "cpu"
            lent, lent_promises = _callees(ours, dtype, where) if ours else ({}, {})
            expected = "violates" if entry.expectation.violates else "conforms"
            self._subjects[key] = Subject(
                entry.name, dtype, device, own, promises, lent, lent_promises, expected
            )
        return self._subjects[key]


def _job_of(case: Replayable) -> Job:
    asked: CaseId | KeptCase = case.case if isinstance(case, Kept) else case
    dtype = asked.cell.dtype if isinstance(asked, CaseId) else asked.dtype
    if asked.check == "consistency":
        return Job(asked.declaration, asked.check)
    return Job(asked.declaration, asked.check, asked.entry, dtype, asked.device, asked.part)


def _or_as_it_was(result: CheckResult, shrink: Callable[[], CheckResult]) -> CheckResult:
    """The result shrunk, or itself with a note: a finding is worth more than its smaller input."""
    try:
        return shrink()
    except Exception as error:
        note = f"not shrunk, please report it: {describe(error)}"
        return replace(result, notes=(*result.notes, note))


def _callees(
    entry: Entry, dtype: str, device: str
) -> tuple[dict[str, Callee], dict[str, Arithmetic]]:
    library = backend(entry.backend, device)
    callees = {
        constant: Callee(
            constant,
            entry.name,
            callable_of(entry, constant),
            library,
            dtype,
            entry.min_n,
            limit=entry.seconds or TIME_LIMIT,
            max_n=entry.max_n,
            notes=one.adapter.notes(entry.backend),
        )
        for constant, one in entry.constants.items()
    }
    return callees, {c: one.arithmetic for c, one in entry.constants.items()}


def _entry_jobs(
    library: SpecLibrary,
    selected: Sequence[Spec],
    entry: Entry,
    dtype: str,
    device: str,
    request: Request,
) -> Iterator[Job]:
    """Definition checks first: a theorem conforms only where those of its constants do."""
    needed = {c for s in selected for c in _constants(library, s)}
    for constant in sorted(needed & entry.constants.keys()):
        declaration = library.by_name(library.unfolded[constant]).short_name
        yield Job(declaration, "definition", entry.name, dtype, device)
        for kind in KINDS:
            if kind != "layout" or request.effort != "quick":  # which has one layout
                yield Job(declaration, kind, entry.name, dtype, device)
        if is_linear(library.scope.signatures[constant]):
            yield Job(declaration, "linearity", entry.name, dtype, device)
    for spec in selected:
        own = entry.constants.keys()
        if isinstance(spec, DefSpec):
            if spec.short_name in own:
                for part, _ in enumerate(library.facts.get(spec.name, ())):
                    yield Job(spec.short_name, "fact", entry.name, dtype, device, part)
        elif own & _constants(library, spec):
            yield Job(spec.short_name, "theorem", entry.name, dtype, device)
            if dtype in DTYPES:
                for mode in modes_for(library, spec, entry, request.autograd):
                    yield Job(spec.short_name, "derivative", entry.name, dtype, device, mode)


def _constants(library: SpecLibrary, spec: Spec) -> set[str]:
    """The constants of a spec: those its statement calls; of a def, the one that it defines."""
    if isinstance(spec, DefSpec):
        return {_constant_of(library, spec)}
    return set(claim_of(library.statement(spec)).constants)


def _constant_of(library: SpecLibrary, spec: Spec) -> str:
    return next(c for c, name in library.unfolded.items() if name == spec.name)


def calls_of(job: Job) -> Calls:
    """What checks that judge the same calls have in common."""
    return (job.declaration, job.entry, job.dtype, job.device)


def _touches(library: SpecLibrary, spec: Spec, supplied: frozenset[str]) -> bool:
    return bool(_constants(library, spec) & supplied)


def without(job: Job, verdict: Verdict, note: str) -> CheckResult:
    """The result of a job that could not be judged, and why."""
    return CheckResult(
        job.declaration,
        job.check,
        job.entry,
        job.dtype,
        job.device,
        verdict,
        notes=(note,),
        part=job.part,
    )


def lost(job: Job, kind: str, message: str) -> CheckResult:
    """The verdict on a job whose code did not live to be judged."""
    return replace(
        without(job, Verdict.VIOLATES, ""),
        notes=(),
        violation=Violation(kind, message),
        violations=1,
    )


def _not_offered(entry: Entry, constants: Sequence[str]) -> str:
    return f"the program of {entry.name} does not offer {', '.join(constants)}"
