"""Which jobs a request selects, and their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.conformance.autograd_jobs import DTYPES, modes_for
from harness.conformance.case_id import CaseId
from harness.conformance.job import Job, asked_in
from harness.conformance.job_claim import constants_of
from harness.conformance.kept import asked_by
from harness.conformance.kinds import KINDS
from harness.conformance.linearity import is_linear
from harness.conformance.replay import Replayable
from harness.conformance.request import Request
from harness.corpus import Kept, KeptCase
from harness.implementations.entry import Entry
from harness.specs.library import SpecLibrary
from harness.specs.model import DefSpec, Spec


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


def by_urgency(todo: Sequence[Job], corpus: Sequence[Kept]) -> list[Job]:
    """The jobs that have cases in the corpus first, otherwise in order."""
    kept = {asked_by(one.case) for one in corpus}
    return sorted(todo, key=lambda job: asked_in(job) not in kept)


def _job_of(case: Replayable) -> Job:
    asked: CaseId | KeptCase = case.case if isinstance(case, Kept) else case
    dtype = asked.cell.dtype if isinstance(asked, CaseId) else asked.dtype
    if asked.check == "consistency":
        return Job(asked.declaration, asked.check)
    return Job(asked.declaration, asked.check, asked.entry, dtype, asked.device, asked.part)


def _entry_jobs(
    library: SpecLibrary,
    selected: Sequence[Spec],
    entry: Entry,
    dtype: str,
    device: str,
    request: Request,
) -> Iterator[Job]:
    """Definition checks first: a theorem conforms only where those of its constants do."""
    needed = {c for s in selected for c in constants_of(library, s)}
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
        elif own & constants_of(library, spec):
            yield Job(spec.short_name, "theorem", entry.name, dtype, device)
            if dtype in DTYPES:
                for mode in modes_for(library, spec, entry, request.autograd):
                    yield Job(spec.short_name, "derivative", entry.name, dtype, device, mode)


def _touches(library: SpecLibrary, spec: Spec, supplied: frozenset[str]) -> bool:
    return bool(constants_of(library, spec) & supplied)
