"""How many numbers a statement takes at one input, which limits the sizes at which it is judged."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping

from harness.evaluate.forms import reached_by
from harness.evaluate.scope import free_indices
from harness.statement.substitute import constants_of
from harness.statement.term import Call, Definition, Tabulate, Term, Var
from harness.statement.traverse import parts
from harness.statement.types import FinType, coordinate_length, is_coordinates

MOST_NUMBERS = 1 << 22
"""Of one array of the walk, all rows together: 64 MiB in its widest carrier, a few at a time."""


def extent(
    terms: Iterable[Term],
    equations: Mapping[str, Definition],
    sizes: Mapping[str, int],
    fixed: frozenset[Var] = frozenset(),
) -> int:
    """The most numbers that any part of the terms is: one for each choice of the indices that it
    varies with, those that are `fixed` left out, and for each of its coordinates.

    `∑ i, ∑ j, x i * x j` is n², `(∑ i, x i) * ∑ j, x j` is n. The equations of the constants that
    the terms reach count, too, at the largest of the sizes. sizes: ℕ variable -> its value.
    """
    listed = list(terms)
    reached = reached_by({c for term in listed for c in constants_of(term)}, equations)
    largest = max(sizes.values(), default=1)
    by_default = defaultdict[str, int](lambda: largest)
    return max(
        (
            1,
            *(_extent(term, dict(sizes), fixed) for term in listed),
            *(_extent(equations[c].body, by_default, frozenset()) for c in reached),
        )
    )


def _extent(term: Term, sizes: dict[str, int], fixed: frozenset[Var]) -> int:
    own = math.prod(_length(index, sizes) for index in free_indices(term) if index not in fixed)
    if isinstance(term, Tabulate):
        own *= _length(term.index, sizes)
    elif isinstance(term, Var | Call) and is_coordinates(term.type):
        own *= coordinate_length(term.type).at(sizes)
    return max(own, *(_extent(part, sizes, fixed) for part in parts(term)), 1)


def _length(index: Var, sizes: dict[str, int]) -> int:
    assert isinstance(index.type, FinType)
    return index.type.length.at(sizes)
