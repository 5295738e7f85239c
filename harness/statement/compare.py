"""Whether two statements, or the types of two constants, say the same up to the choice of names."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from harness.statement.substitute import lengths_in, rewritten, type_at
from harness.statement.term import Forall, Logic, NatCast, Relation, Signature, Term
from harness.statement.traverse import mapped
from harness.statement.types import NAT, FunType, Length, Type

_SWAPPED = {">": "<", "≥": "≤"}


def same_proposition(left: Forall, right: Forall) -> bool:
    """Whether both are one proposition: up to bound names, and to `>`, `≥`, `≠` spelled by others.

    What elaboration removes does not count either: grouping and implicitness of binders, synonyms,
    named arguments, casts that Lean inserts. The order of variables and of arguments counts.
    """
    return _canonical(left) == _canonical(right)


def same_signature(left: Signature, right: Signature) -> bool:
    """Whether two constants have one type, up to names; their own names do not count.

    Which sizes are implicit counts, and so does the order of arguments.
    """
    return _plain(left) == _plain(right)


def same_types(left: Sequence[Type], right: Sequence[Type]) -> bool:
    """Whether two lists of types are the same up to the names of the sizes in them."""
    return _numbered(left) == _numbered(right)


def _numbered(kinds: Sequence[Type]) -> tuple[Type, ...]:
    """The types with sizes named by their first appearance."""
    seen = [name for kind in kinds for length in lengths_in(kind) for name in length.variables]
    values = {name: NatCast(Length((f"#{k}",))) for k, name in enumerate(dict.fromkeys(seen))}
    return tuple(type_at(kind, values) for kind in kinds)


def _canonical(statement: Forall) -> Term:
    numbers = count()
    return _spelled(rewritten(statement, {}, lambda _: f"#{next(numbers)}"))


def _spelled(term: Term) -> Term:
    """a > b is b < a, and a ≠ b is ¬ a = b, by definition in Lean."""
    term = mapped(term, _spelled)
    if isinstance(term, Relation) and term.op in _SWAPPED:
        return Relation(_SWAPPED[term.op], term.right, term.left, term.type)
    if isinstance(term, Relation) and term.op == "≠":
        return Logic("¬", (Relation("=", term.left, term.right, term.type),))
    return term


def _plain(signature: Signature) -> tuple[int, tuple[Type, ...]]:
    """The number of implicit sizes and all arrows, with sizes named by their position."""
    natural = [name for name, kind in signature.params if kind == NAT and name]
    names = [*signature.sizes, *natural]
    values = {name: NatCast(Length((f"#{k}",))) for k, name in enumerate(names)}
    kinds = [type_at(kind, values) for _, kind in signature.params]
    result = type_at(signature.result, values)
    while isinstance(result, FunType):
        kinds.append(result.domain)
        result = result.result
    return len(signature.sizes), (*kinds, result)
