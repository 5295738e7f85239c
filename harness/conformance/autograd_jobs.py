"""Derivatives that torch takes of an implementation, judged by the statement that speaks of them.

Where an entry implements the function of a `HasFDerivAt` statement and not its derivative, the
derivative is what autograd makes of the function: forward, backward, backward twice, and whole
Jacobians, of which one column is judged at each input. The bound is that of the derivative's own
equation, so a decomposition that autograd chooses badly shows. A function that autograd does not
see through is unsupported, and the reason is torch's own.
"""

from __future__ import annotations

from dataclasses import replace

from harness.cells.tangents import AXIS
from harness.conformance.claim import Claim, claim_of
from harness.conformance.subject import Subject
from harness.implementations.autograd import ALONG_AXES, BACKWARD, MODES
from harness.implementations.entry import Entry
from harness.specs.library import SpecLibrary
from harness.specs.model import Spec
from harness.statement.term import Call, HasFDerivAt

MODE_NAMES = tuple(MODES)
DTYPES = ("float64", "float32")
"""The half formats are left out: torch's own modes do not all have them."""

UNASKED = ("jacfwd", "jacrev")
"""The modes that are judged where a user supplies a function in torch and says nothing: the whole
Jacobian, forward and backward."""

ORDINARY = ("normal", "one_hot", "constant", "signed_zeros", "integers", "large_offset")
"""Regimes of directions. Those near the ends of the range are left out: no statement says which
numbers autograd forms on its way, so no range rule tells where one of them overflows or vanishes.
(`torch.func.jvp` of `torch.softmax` forms Σ eˣ v, which may overflow where the result is small.)"""


def modes_for(library: SpecLibrary, spec: Spec, entry: Entry, asked: tuple[str, ...]) -> list[int]:
    """The places in `MODE_NAMES` of the modes to judge; none where the entry has a derivative."""
    if entry.backend != "torch" or spec.name not in library.statements:
        return []
    pairs = [names_of(term) for term in claim_of(library.statement(spec)).derivatives]
    known = entry.constants
    if not any(pair and pair[0] in known and pair[1] not in known for pair in pairs):
        return []
    # Through arrays of another library torch takes no derivative.
    functions = [known[pair[0]] for pair in pairs if pair and pair[0] in known]
    if any(one.adapter.arrays not in (None, "torch") for one in functions):
        return []
    return [place for place, mode in enumerate(MODE_NAMES) if mode in asked]


def claim_in_mode(claim: Claim, mode: int) -> Claim:
    """The statement as a mode is asked: along unit vectors, where it makes Jacobians."""
    name = MODE_NAMES[mode]
    tangents = (AXIS.name,) if name in ALONG_AXES else ORDINARY
    return replace(claim, tangents=tangents, pulled=name in BACKWARD)


def differentiated(subject: Subject, claim: Claim, mode: int) -> Subject:
    """The subject with the derivative that autograd takes of its function."""
    function, derivative = pair_of(claim)
    own = subject.callees[function]
    made = replace(own, constant=derivative, function=MODES[MODE_NAMES[mode]](own.function))
    # As for the ends of the range: autograd's own numbers may be subnormal where its result is not.
    promise = replace(subject.arithmetics[function], flush_to_zero=True, name="flush_to_zero")
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


def pair_of(claim: Claim) -> tuple[str, str]:
    """The same of the one derivative that a statement speaks of."""
    pair = names_of(claim.derivatives[0])
    assert pair is not None
    return pair
