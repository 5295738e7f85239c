"""The algebraic forms in which a constant may be computed: which equations unfold it in a walk.

A theorem of the project licenses a form (DESIGN: `rewrite` in its spec); an arithmetic lists the
forms that code under it may use. A constant that no theorem rewrites has its own equation only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from harness.errors import InputError
from harness.statement.substitute import constants_of
from harness.statement.term import Definition


@dataclass(frozen=True)
class Form:
    """One equation of a constant and the name of the form that it is ("" when it has none)."""

    name: str
    equation: Definition


FormTable = Mapping[str, tuple[Form, ...]]
"""Constant -> its forms, its own equation first."""


def equation_sets(
    table: FormTable, target: str, allowed: frozenset[str]
) -> list[dict[str, Definition]]:
    """Every way to unfold `target` by allowed forms: one equation for each constant it reaches.

    Forms that are alternatives of one constant exclude each other throughout a set, so that a set
    is consistent (all factored, or all expanded). InputError when no form of a constant is allowed.
    """
    choices = [_choose(group, allowed) for group in _alternatives(table)]
    sets: list[dict[str, Definition]] = []
    for chosen in product(*choices):
        picked = {c: _pick(c, forms, frozenset(chosen)) for c, forms in table.items()}
        needed = _reachable(target, picked)
        if needed not in sets:
            sets.append(needed)
    return sets


def own_equations(table: FormTable) -> dict[str, Definition]:
    """Each constant by its own equation: what the statements say, before any licence."""
    return {constant: forms[0].equation for constant, forms in table.items()}


def _alternatives(table: FormTable) -> list[frozenset[str]]:
    """The names of forms, grouped: two names are in one group when some constant has both."""
    groups: list[frozenset[str]] = []
    for forms in table.values():
        if len(forms) < 2:
            continue
        group = frozenset(form.name for form in forms)
        joined = [g for g in groups if g & group]
        groups = [g for g in groups if not g & group] + [group.union(*joined)]
    return groups


def _choose(group: frozenset[str], allowed: frozenset[str]) -> list[str]:
    names = sorted(group & allowed)
    if not names:
        raise InputError(
            f"the arithmetic allows none of the forms {', '.join(sorted(group))}",
            hint="list at least one of them under 'forms'",
        )
    return names


def _pick(constant: str, forms: tuple[Form, ...], chosen: frozenset[str]) -> Definition:
    if len(forms) == 1:
        return forms[0].equation
    for form in forms:
        if form.name in chosen:
            return form.equation
    return forms[0].equation


def _reachable(target: str, equations: Mapping[str, Definition]) -> dict[str, Definition]:
    found: dict[str, Definition] = {}
    waiting = [target]
    while waiting:
        constant = waiting.pop()
        if constant in found or constant not in equations:
            continue
        found[constant] = equations[constant]
        waiting.extend(constants_of(equations[constant].body))
    return found


def reached_by(constants: Iterable[str], equations: Mapping[str, Definition]) -> tuple[str, ...]:
    """The constants that unfolding the given ones meets, themselves included, sorted."""
    found: set[str] = set()
    for constant in constants:
        found |= _reachable(constant, equations).keys()
    return tuple(sorted(found))
