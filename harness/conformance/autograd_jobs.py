"""Derivatives that torch takes of an implementation, judged by the statement that speaks of them.

Where an entry implements the function of a `HasFDerivAt` statement and not its derivative, the
derivative is what autograd makes of the function: forward, backward, and backward twice. The bound
is that of the derivative's own equation, so a decomposition that autograd chooses badly shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from harness.conformance.claim import Claim, claim_of
from harness.conformance.subject import Subject
from harness.implementations.autograd import MODES
from harness.implementations.entry import Entry
from harness.specs.library import SpecLibrary
from harness.specs.model import Spec
from harness.statement.term import Call, HasFDerivAt

MODE_NAMES = tuple(MODES)
DTYPES = ("float64", "float32")
"""The half formats are left out: torch's own modes do not all have them."""


def modes_for(library: SpecLibrary, spec: Spec, entry: Entry) -> Iterator[int]:
    """The places in `MODE_NAMES` of the modes to judge; none where the entry has a derivative."""
    if entry.backend != "torch" or spec.name not in library.statements:
        return
    for term in claim_of(library.statement(spec)).derivatives:
        pair = names_of(term)
        if not pair or pair[0] not in entry.constants or pair[1] in entry.constants:
            continue
        # Through arrays of another library torch takes no derivative.
        if entry.constants[pair[0]].adapter.arrays in (None, "torch"):
            yield from range(len(MODE_NAMES))


def differentiated(subject: Subject, claim: Claim, mode: int) -> Subject:
    """The subject with the derivative that autograd takes of its function."""
    pair = names_of(claim.derivatives[0])
    assert pair is not None
    function, derivative = pair
    own = subject.callees[function]
    made = replace(own, constant=derivative, function=MODES[MODE_NAMES[mode]](own.function))
    promise = subject.arithmetics[function]
    return replace(
        subject,
        callees={**subject.callees, derivative: made},
        arithmetics={**subject.arithmetics, derivative: promise},
    )


def names_of(term: HasFDerivAt) -> tuple[str, str] | None:
    """The constants that are the function and its derivative, where each is one call."""
    function, derivative = term.function.body, term.derivative.body
    if isinstance(function, Call) and isinstance(derivative, Call):
        return function.constant, derivative.constant
    return None
