"""What a backward pass adds to a derivative where the function is shifted by its maximum."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.conformance.sheet import Sheet
from harness.conformance.workbench import Workbench
from harness.evaluate.arithmetic import Arithmetic
from harness.evaluate.oracle import Reference
from harness.statement.substitute import constants_of
from harness.statement.term import Call, Definition, HasFDerivAt, Max, Var
from harness.statement.traverse import subterms


def by_choice(
    bench: Workbench,
    term: HasFDerivAt,
    sheet: Sheet,
    arithmetic: Arithmetic,
    want: Reference,
    error: NDArray[Any],
) -> NDArray[Any]:
    """What a backward pass may add to the error (rows, n) of a derivative that it pulls back.

    A form may shift the argument by its maximum, for the function does not change under shifts. The
    pass goes through the maximum, too, and adds there the sum of all coordinates, which is 0 for
    the same reason, with the rounding of that sum.
    """
    argument = term.function.body.arguments[0] if isinstance(term.function.body, Call) else None
    if argument != term.function.var or not isinstance(term.point, Var):
        return np.zeros_like(error)
    forms = bench.table[constants_of(term.function.body)[0]]
    if not any(form.name in arithmetic.forms and _has_maximum(form.equation) for form in forms):
        return np.zeros_like(error)
    numbers = sheet.arrays[term.point]
    rounding = arithmetic.for_dtype(sheet.dtype)
    reach = abs(want.value) + error
    extra = error.sum(axis=-1, keepdims=True)
    extra = extra + rounding.gamma(numbers.shape[-1]) * reach.sum(axis=-1, keepdims=True)
    extra = (1 + rounding.working.u) * extra + rounding.working.u * reach
    top = numbers.max(axis=-1, keepdims=True, initial=-np.inf)
    return np.where(numbers == top, extra, 0)


def _has_maximum(definition: Definition) -> bool:
    return any(isinstance(part, Max) for part in subterms(definition.body))
