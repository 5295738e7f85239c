"""Indices and sizes in scope: what both evaluators (walk and balls) must know of a frame."""

from __future__ import annotations

from functools import cache

from harness.statement.substitute import free_vars
from harness.statement.term import Term, Var
from harness.statement.types import FinType, Length, Type, coordinate_length, is_coordinates


@cache
def free_indices(term: Term) -> tuple[Var, ...]:
    """The free variables of a term that are indices: what its value varies with inside a frame."""
    found = (var for var in free_vars(term) if isinstance(var.type, FinType))
    return tuple(sorted(found, key=lambda var: var.name))


def solve_size(length: Length, actual: int, sizes: dict[str, int]) -> None:
    """Fix the ℕ variable of a length that has only one, unless it is already known."""
    names = set(length.variables)
    if len(names) == 1:
        name = length.variables[0]
        sizes.setdefault(name, (actual - length.offset) // len(length.variables))


def result_sizes(declared: Type, actual: Type, sizes: dict[str, int]) -> dict[str, int]:
    """The sizes that the type of a call fixes, given those of the frame that it stands in."""
    found: dict[str, int] = {}
    if is_coordinates(declared) and is_coordinates(actual):
        solve_size(coordinate_length(declared), coordinate_length(actual).at(sizes), found)
    return found
