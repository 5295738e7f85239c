"""Cases of the corpus as inputs, and found violations as cases of the corpus."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from harness.cells.views import VIEWS
from harness.conformance.case_id import KEPT, id_of
from harness.conformance.given import Given, GivenSheet, Numbers, axes_of, sheet_of
from harness.conformance.verdict import CheckResult
from harness.corpus import Kept, KeptCall, KeptCase
from harness.errors import InputError, Place
from harness.evaluate.formats import FORMATS, on_grid
from harness.statement.term import Var
from harness.statement.types import FinType, NatType


def given_in(kept: Kept, variables: Sequence[Var]) -> tuple[Given, ...]:
    """The calls of a case, for a statement with these variables.

    InputError, which names the file, when the case does not fit the statement.
    """
    sampled = [v for v in variables if not isinstance(v.type, NatType | FinType)]
    return tuple(_given(kept, call, sampled) for call in kept.case.calls)


Asked = tuple[str, str, int, str, str]
"""Declaration, check, part, entry and dtype."""


def asked_by(case: KeptCase) -> Asked:
    """What a case asks."""
    return case.declaration, case.check, case.part, case.entry, case.dtype


def matching(corpus: Iterable[Kept], asked: Asked) -> tuple[Kept, ...]:
    """The cases that ask the same."""
    return tuple(kept for kept in corpus if asked_by(kept.case) == asked)


def kept_sheets(
    corpus: Iterable[Kept], asked: Asked, variables: Sequence[Var]
) -> tuple[GivenSheet, ...]:
    """Sheets of the cases that ask the same."""
    cases = matching(corpus, asked)
    return tuple(sheet for kept in cases for sheet in sheets_in(kept, variables))


def sheets_in(kept: Kept, variables: Sequence[Var]) -> list[GivenSheet]:
    """The calls of a case, in order, as sheets of one size and layout."""
    calls = groupby(given_in(kept, variables), key=lambda call: (dict(call.sizes), call.view))
    label = KEPT + kept.name
    return [sheet_of(variables, kept.case.dtype, list(part), label) for _, part in calls]


def kept_case(result: CheckResult) -> KeptCase | None:
    """What to keep of a result: its shrunk violation, where there is one."""
    violation = result.violation or result.violation_n0
    if violation is None or violation.shrunk is None or result.check == "consistency":
        return None  # what is false on exact reals is nobody's code
    smaller = violation.shrunk
    return KeptCase(
        schema=1,
        declaration=result.declaration,
        check=result.check,
        part=result.part,
        entry=result.entry,
        dtype=result.dtype,
        device=result.device,
        calls=tuple(
            KeptCall(
                sizes=dict(call.sizes),
                batch=call.batch,
                view=call.view,
                numbers=dict(call.numbers),
            )
            for call in smaller.calls
        ),
        kind=smaller.violation.kind,
        message=smaller.violation.message,
        origin=id_of(result, violation.case) if violation.case else "",
    )


def _given(kept: Kept, call: KeptCall, sampled: Sequence[Var]) -> Given:
    if call.view not in VIEWS:
        raise _unfit(kept, f"no view '{call.view}'")
    if set(call.numbers) != {v.name for v in sampled}:
        names = ", ".join(v.name for v in sampled)
        raise _unfit(kept, f"its variables are {', '.join(call.numbers)}, not {names}")
    numbers = {v.name: _numbers(kept, call, v) for v in sampled}
    return Given(dict(call.sizes), numbers, call.batch, call.view)


def _numbers(kept: Kept, call: KeptCall, variable: Var) -> Numbers:
    name = variable.name
    try:
        own = tuple(length.at(call.sizes) for length in axes_of(variable.type))
        flat = np.array([float.fromhex(v) for v in _leaves(call.numbers[name])])
        shape = np.shape(call.numbers[name]) if flat.size else (*call.batch, *own)
    except KeyError as missing:
        raise _unfit(kept, f"the size {missing} is missing") from None
    except ValueError:
        raise _unfit(kept, f"the rows of {name} differ in length") from None
    if shape != (*call.batch, *own):
        raise _unfit(kept, f"{name} has shape {shape}, not {(*call.batch, *own)}")
    if kept.case.dtype not in FORMATS or not on_grid(flat, FORMATS[kept.case.dtype]).all():
        raise _unfit(kept, f"{name} has numbers that are none of {kept.case.dtype}")
    return flat.reshape(math.prod(call.batch), *own)


def _leaves(nested: Any) -> list[str]:
    if not isinstance(nested, list):
        return [nested]
    return [leaf for part in nested for leaf in _leaves(part)]


def _unfit(kept: Kept, why: str) -> InputError:
    return InputError(
        f"the case does not fit {kept.case.declaration}: {why}",
        place=Place(str(kept.path)),
        hint="remove the file if the statement has changed",
    )
