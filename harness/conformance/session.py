"""One run: the jobs that are given to it, judged one after the other."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from harness.conformance.autograd_jobs import MODE_NAMES, differentiated
from harness.conformance.case_id import CaseId
from harness.conformance.claim import Claim
from harness.conformance.consistency import check_consistency
from harness.conformance.form_table import form_table
from harness.conformance.fresh import renewed
from harness.conformance.guard import Misbehaviour, describe
from harness.conformance.job import Job, asked_in, calls_of
from harness.conformance.job_claim import constant_of, job_claim
from harness.conformance.kept import Asked, kept_sheets, matching
from harness.conformance.kinds import KINDS
from harness.conformance.obstacle import obstacle
from harness.conformance.promises import with_advice
from harness.conformance.question import Question
from harness.conformance.remote import Starter, start
from harness.conformance.replay import Replayable, replayed
from harness.conformance.replay_reals import replayed_on_reals
from harness.conformance.request import Request
from harness.conformance.shared_calls import SharedCalls
from harness.conformance.shrink_reals import with_simplest
from harness.conformance.shrink_result import with_shrunk
from harness.conformance.subject import Subject
from harness.conformance.subjects import Subjects
from harness.conformance.theorem import check_theorem
from harness.conformance.unjudged import AFTER_END, lost, without
from harness.conformance.verdict import CheckResult, KeptOutcome, Verdict
from harness.conformance.workbench import Workbench
from harness.errors import AbsentError, InputError
from harness.implementations.catalogue import load_catalogue
from harness.implementations.entry import Entry
from harness.protocol.conversation import Breach
from harness.protocol.program import Spent
from harness.specs.library import SpecLibrary


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
    _claims: dict[tuple[str, str, int], Claim] = field(default_factory=dict)
    _calls: SharedCalls = field(default_factory=SharedCalls)

    @cached_property
    def _subjects(self) -> Subjects:
        return Subjects(self.entries, self.starter)

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
        try:
            self._subjects.part(job.entry)
        except Breach as breach:
            if result.verdict in (Verdict.VIOLATES, Verdict.REFUTED):
                return replace(result, notes=(*result.notes, breach.message))
            found = lost(job, breach.kind, breach.message)
            violated = {"verdict": found.verdict, "violation": found.violation, "violations": 1}
            return replace(result, **violated)  # type: ignore[arg-type]
        return result

    def end(self) -> tuple[str, ...]:
        """Say bye to all programs; what goes wrong in it."""
        return self._subjects.end()

    def close(self) -> None:
        """End the programs that still run."""
        self._subjects.close()

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
        entry = self._subjects.entry(job.entry)
        if job.dtype not in entry.dtypes:
            return without(job, Verdict.UNSUPPORTED, f"{entry.name} has no {job.dtype}")
        if job.device not in entry.devices:
            return without(job, Verdict.UNSUPPORTED, f"{entry.name} does not run on {job.device}")
        try:
            self._subjects.begin(entry)
        except Spent as spent:
            return without(job, Verdict.NOT_RUN, str(spent))
        plain = self._subjects.subject(entry, job.dtype, job.device)
        bench = self._bench(job.dtype)
        if job.check == "definition" or job.check in KINDS:
            constant = constant_of(self.library, self.library.by_name(job.declaration))
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
            self._claims[key] = job_claim(job, self.library)
        return self._claims[key]


def _or_as_it_was(result: CheckResult, shrink: Callable[[], CheckResult]) -> CheckResult:
    """The result shrunk, or itself with a note: a finding is worth more than its smaller input."""
    try:
        return shrink()
    except Exception as error:
        note = f"not shrunk, please report it: {describe(error)}"
        return replace(result, notes=(*result.notes, note))


def _not_offered(entry: Entry, constants: Sequence[str]) -> str:
    return f"the program of {entry.name} does not offer {', '.join(constants)}"
