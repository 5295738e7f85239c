"""A run of `check`, put together from the options: what is read, what is judged, the document."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from harness.commands.entries import Judged, judged
from harness.commands.footings import footings
from harness.commands.kept_cases import Corpus, Keeping, corpus_of, replaying
from harness.commands.machine import machine, own_version
from harness.commands.survey import Survey, require_lean, survey
from harness.conformance.execute import Event, execute
from harness.conformance.job import Job
from harness.conformance.request import Request
from harness.conformance.select_jobs import jobs
from harness.conformance.supervise import execute_apart
from harness.conformance.verdict import CheckResult
from harness.power.known import case_judge, settled
from harness.report.build import declaration_records, full_names
from harness.report.document import (
    CheckRecord,
    DeclarationRecord,
    Document,
    KnownFailureRecord,
    RunRecord,
)
from harness.report.header import Preamble
from harness.report.records import check_records
from harness.report.replay_command import Replaying
from harness.report.summary import summary
from harness.specs.model import Spec

INTERRUPTED = "interrupted"
"""The note on checks that Ctrl-C kept from running."""


@dataclass(frozen=True)
class Plan:
    """What a run judges: the request, the specs that it names, and what judges them; the cases that
    it tries first, and how its own are replayed."""

    request: Request
    survey: Survey
    specs: tuple[Spec, ...]
    judged: Judged
    corpus: Corpus
    replaying: Replaying

    def jobs(self) -> tuple[Job, ...]:
        """What would run."""
        return jobs(self.request, self.survey.library, self.judged.entries)

    def execute(self, tell: Callable[[Event], None] | None) -> tuple[CheckResult, ...]:
        """Runs everything; Ctrl-C ends it early.

        Code that is not ours runs in other processes, and so does a run that is worth their start.
        """
        library, entries = self.survey.library, self.judged.entries
        if self.judged.foreign or self.request.effort != "quick":
            return execute_apart(self.request, library, entries, on_event=tell)
        return execute(self.request, library, entries, on_event=tell)

    def preamble(self, started: datetime) -> Preamble:
        """What is known before the run."""
        return Preamble(
            crosscheck=own_version(),
            run=self._run_record(started, 0.0, interrupted=False),
            machine=machine(uses_torch=self._uses_torch()),
            specs=self.survey.specs_folder,
            lean=self.survey.lean_folder,
            toolchain=self.survey.toolchain,
            declarations=self._declarations([]),
            evidence=self.survey.evidence,
        )

    def with_footing(self, known: Preamble) -> Preamble:
        """The same with what the statements speak of, which takes a moment to sample."""
        found = footings(self.survey.library, self.specs)
        return replace(
            known,
            declarations=[
                one.model_copy(update={"footing": found.get(one.name)})
                for one in known.declarations
            ],
        )

    def document(
        self,
        known: Preamble,
        results: Sequence[CheckResult],
        seconds: float,
        keeping: Keeping,
    ) -> Document:
        """The document of the run that `known` announced. keeping: what became of violations."""
        how = replace(self.replaying, kept=keeping.done)
        judge = case_judge(self.survey.library.directory, self.request.effort, self.request.seed)
        names = [spec.short_name for spec in self.survey.library.specs]
        told, known_failures = settled(results, self.judged.entries, names, judge)
        failures = [KnownFailureRecord(**asdict(one)) for one in known_failures]
        records = check_records(told, full_names(self.survey.library), how)
        seen = {one.name: one.footing for one in known.declarations}
        declarations = [
            one.model_copy(update={"footing": seen[one.name]})
            for one in self._declarations(records)
        ]
        interrupted = any(INTERRUPTED in result.notes for result in results)
        finished = {"seconds": seconds, "interrupted": interrupted, "kept": keeping.new}
        return Document(
            schema=1,
            crosscheck=known.crosscheck,
            run=known.run.model_copy(update=finished),
            machine=known.machine,
            specs=known.specs,
            lean=known.lean,
            toolchain=known.toolchain,
            evidence=known.evidence,
            declarations=declarations,
            results=records,
            known_failures=failures,
            summary=summary(declarations, records, interrupted, failures),
        )

    def _uses_torch(self) -> bool:
        backends = {one.backend for one in self.judged.entries}
        return "torch" in (backends & set(self.request.backends or backends))

    def _declarations(self, records: Sequence[CheckRecord]) -> list[DeclarationRecord]:
        return declaration_records(self.survey.library, self.specs, self.survey.lean, records)

    def _run_record(self, started: datetime, seconds: float, *, interrupted: bool) -> RunRecord:
        return RunRecord(
            started=started.isoformat(timespec="seconds").replace("+00:00", "Z"),
            seconds=seconds,
            effort=self.request.effort,
            seed=self.request.seed,
            names=list(self.request.names),
            backends=list(self.request.backends),
            dtypes=list(self.request.dtypes),
            devices=list(self.request.devices),
            supplied=dict(self.judged.supplied),
            corpus=self.corpus.shown,
            interrupted=interrupted,
        )


def _modes(asked: bool | None, *, supplied: bool) -> tuple[str, ...]:
    """The modes of autograd to judge: all, none, or those for a function that a user supplies."""
    from harness.conformance.autograd_jobs import MODE_NAMES, UNASKED

    if asked is None:
        return UNASKED if supplied else ()
    return MODE_NAMES if asked else ()


def plan(given: Namespace) -> Plan:
    """The run that the options ask for.

    InputError for what cannot be used, AbsentError for what is asked for and is not here.
    """
    required = bool(given.require_lean)
    found = survey(given.specs, given.lean, given.evidence, require_lean=required)
    specs = found.library.select(given.names)
    who = judged(given, found.library)
    corpus = corpus_of(given, found.library)
    request = Request(
        names=tuple(given.names),
        backends=given.backend,
        dtypes=given.dtype,
        devices=given.device or ("cpu",),
        effort=given.effort,
        seed=1 if given.seed is None else given.seed,
        fail_fast=bool(given.fail_fast),
        autograd=_modes(given.autograd, supplied=bool(who.supplied)),
        supplied=frozenset(who.supplied),
        corpus=corpus.cases,
    )
    if required:
        require_lean(found, specs)
    run = {job.declaration for job in jobs(request, found.library, who.entries)}
    asked = set() if who.supplied and not given.names else {spec.name for spec in specs}
    # The definition checks that a named theorem rests on run, too, and are shown.
    shown = (one for one in found.library.specs if one.name in asked or one.short_name in run)
    return Plan(request, found, tuple(shown), who, corpus, replaying(given))
