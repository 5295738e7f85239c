"""What a spec's checks speak of: the statement of a job, the constants of a declaration."""

from __future__ import annotations

from harness.conformance.autograd_jobs import claim_in_mode
from harness.conformance.claim import Claim, claim_of
from harness.conformance.job import Job
from harness.conformance.linearity import linearity
from harness.specs.library import SpecLibrary
from harness.specs.model import DefSpec, Spec


def job_claim(job: Job, library: SpecLibrary) -> Claim:
    """The statement that a job asks about, as the theorem check judges it."""
    spec = library.by_name(job.declaration)
    match job.check:
        case "fact":
            statement = library.facts[spec.name][job.part]
        case "linearity":
            signature = library.scope.signatures[constant_of(library, spec)]
            statement = linearity(signature, library.scope)
        case _:
            statement = library.statement(spec)
    claim = claim_of(statement)
    return claim_in_mode(claim, job.part) if job.check == "derivative" else claim


def constants_of(library: SpecLibrary, spec: Spec) -> set[str]:
    """The constants of a spec: those its statement calls; of a def, the one that it defines."""
    if isinstance(spec, DefSpec):
        return {constant_of(library, spec)}
    return set(claim_of(library.statement(spec)).constants)


def constant_of(library: SpecLibrary, spec: Spec) -> str:
    """The constant that a def defines, as statements write it."""
    return next(c for c, name in library.unfolded.items() if name == spec.name)
