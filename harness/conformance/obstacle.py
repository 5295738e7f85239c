"""What keeps autograd from taking a derivative of a function: torch's own reason, if any."""

from __future__ import annotations

import numpy as np

from harness.conformance.autograd_jobs import pair_of
from harness.conformance.claim import Claim
from harness.conformance.guard import Misbehaviour, alarms, guarded
from harness.conformance.subject import Subject


def obstacle(subject: Subject, claim: Claim) -> str:
    """Why autograd takes no derivative of the function in this mode, or "".

    subject: as `differentiated` gives it. Tried on two small vectors; what the function does by
    itself, without autograd, is judged elsewhere.
    """
    function, derivative = (subject.callees[name] for name in pair_of(claim))
    numbers = np.array([[0.0, 1.0, -0.5], [0.25, -1.0, 2.0]])
    point = function.backend.make(numbers, function.dtype)
    unit = function.backend.make(np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), function.dtype)
    with alarms():
        try:
            guarded(function.function, (point.clone(),), function.limit)
        except Misbehaviour:
            return ""
        try:
            traced = guarded(function.function, (point.clone().requires_grad_(),), function.limit)
            guarded(derivative.function, (point, unit), function.limit)
        except Misbehaviour as problem:
            return problem.message
    if not getattr(traced, "requires_grad", False):
        return "autograd does not see through it: its result does not depend on its argument"
    return ""
