"""Whether a case can be asked: that there is such a check of such a declaration."""

from __future__ import annotations

from pathlib import Path

from harness.conformance.autograd_jobs import MODE_NAMES, names_of
from harness.conformance.case_id import CHECKS, CaseId
from harness.conformance.claim import claim_of
from harness.conformance.kept import given_in
from harness.conformance.linearity import is_linear, linearity
from harness.conformance.replay import Replayable
from harness.corpus import Kept, KeptCase, corpus_files, read_case
from harness.errors import InputError, Place, did_you_mean
from harness.implementations.entry import Entry
from harness.specs.library import SpecLibrary
from harness.specs.model import DefSpec
from harness.statement.term import Var


def asked_of(case: Replayable) -> CaseId | KeptCase:
    """What a case asks: declaration, check, part, entry and device."""
    return case.case if isinstance(case, Kept) else case


def dtype_of(case: Replayable) -> str:
    """The format of its numbers."""
    asked = asked_of(case)
    return asked.cell.dtype if isinstance(asked, CaseId) else asked.dtype


def constants_asked(library: SpecLibrary, case: Replayable) -> tuple[str, ...]:
    """The constants whose code the check of a case calls.

    InputError when there is no such declaration, or no such check of it.
    """
    asked = asked_of(case)
    spec = library.by_name(asked.declaration)
    defined = {full: constant for constant, full in library.unfolded.items()}
    name = spec.short_name
    if asked.check not in CHECKS:
        hint = did_you_mean(asked.check, list(CHECKS)) or f"known: {', '.join(CHECKS)}"
        raise InputError(f"there is no check '{asked.check}'", hint=hint)
    if asked.check in ("definition", "linearity", "fact"):
        if spec.name not in defined:
            raise InputError(f"{name} defines no constant: it has no {asked.check} check")
        constant = defined[spec.name]
        if asked.check == "linearity" and not is_linear(library.scope.signatures[constant]):
            raise InputError(f"the type of {constant} is not that of a linear map")
        facts = library.facts.get(spec.name, ())
        if asked.check == "fact":
            if asked.part >= len(facts):
                raise InputError(f"{name} has {len(facts)} facts, counted from 0")
            return claim_of(facts[asked.part]).constants
        return (constant,)
    if asked.check == "theorem" and isinstance(spec, DefSpec):
        raise InputError(f"{name} is a definition: it has no theorem check")
    claim = claim_of(library.statement(spec))
    if asked.check == "derivative":
        if not claim.derivatives or names_of(claim.derivatives[0]) is None:
            raise InputError(f"{name} speaks of no derivative that autograd could take")
        if asked.part >= len(MODE_NAMES):
            raise InputError(f"autograd has the modes 0 to {len(MODE_NAMES) - 1}")
    return claim.constants


def variables_asked(library: SpecLibrary, case: Replayable) -> tuple[Var, ...]:
    """The variables whose numbers a case gives, indices included. InputError as above."""
    (constant, *_) = constants_asked(library, case)
    asked = asked_of(case)
    spec = library.by_name(asked.declaration)
    if asked.check == "definition":
        return library.definitions[constant].params
    if asked.check == "linearity":
        return claim_of(linearity(library.scope.signatures[constant], library.scope)).variables
    facts = library.facts.get(spec.name, ())
    statement = facts[asked.part] if asked.check == "fact" else library.statement(spec)
    return claim_of(statement).variables


def refuse_unfit(library: SpecLibrary, kept: Kept) -> None:
    """InputError, which names the file, when a kept case does not fit the specs."""
    try:
        variables = variables_asked(library, kept)
    except InputError as error:
        place = Place(str(kept.path))
        raise InputError(error.message, place=place, hint=error.hint) from None
    given_in(kept, variables)


def fit_cases(folder: Path, library: SpecLibrary) -> tuple[Kept, ...]:
    """The cases of a corpus. InputError for a file that is none, or does not fit the specs."""
    if folder.exists() and not folder.is_dir():
        raise InputError(f"the corpus {folder} is not a folder")
    cases = tuple(read_case(path) for path in corpus_files(folder))
    for kept in cases:
        refuse_unfit(library, kept)
    return cases


def refuse_entry(library: SpecLibrary, case: Replayable, entry: Entry) -> None:
    """InputError when the check of a case calls nothing of an entry."""
    constants = constants_asked(library, case)
    asked = asked_of(case)
    needed: tuple[str, ...] = constants
    if asked.check == "derivative":
        claim = claim_of(library.statement(library.by_name(asked.declaration)))
        pair = names_of(claim.derivatives[0])
        needed = pair[:1] if pair else ()
    if not set(needed) & set(entry.constants):
        raise InputError(
            f"{entry.name} implements {', '.join(entry.constants)}; "
            f"this case calls {', '.join(needed)}",
            hint="name the code that failed, with --impl or --catalogue",
        )
    if asked.check == "derivative" and entry.backend != "torch":
        raise InputError(f"{entry.name} is not of torch: autograd takes no derivative of it")
