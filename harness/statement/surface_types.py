"""Types, lengths, numbers and binders back to surface trees."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import reduce
from itertools import groupby

from harness.statement.syntax import (
    Application,
    Binder,
    Binding,
    Identifier,
    Infix,
    Node,
    Numeral,
    Prefix,
)
from harness.statement.term import Signature, Var
from harness.statement.types import FinType, FunType, Length, LinearType, NatType, Type, VecType


def surface_of_type(kind: Type) -> Node:
    """The surface tree of a type."""
    match kind:
        case FinType(length=length):
            return applied_node(Identifier("Fin"), length_node(length))
        case VecType(length=length):
            return applied_node(Identifier("Vec"), length_node(length))
        case FunType(domain=domain, result=result):
            return Infix("→", surface_of_type(domain), surface_of_type(result))
        case LinearType(domain=domain, codomain=result):
            return Infix("→L[ℝ]", surface_of_type(domain), surface_of_type(result))
    return Identifier(str(kind))


def surface_of_signature(signature: Signature) -> Node:
    """The surface tree of the type of a constant: implicit sizes, then arrows."""
    node = surface_of_type(signature.result)
    for name, kind in reversed(signature.params):
        if isinstance(kind, NatType) and name:
            node = Binding("∀", (Binder((name,), Identifier("ℕ")),), node)
        else:
            node = Infix("→", surface_of_type(kind), node)
    if not signature.sizes:
        return node
    return Binding("∀", (Binder(signature.sizes, Identifier("ℕ"), "{"),), node)


def length_node(length: Length) -> Node:
    """`2 * n + 1`: each variable once, then the constant."""
    summands: list[Node] = []
    for name, times in Counter(length.variables).items():
        variable = Identifier(name)
        summands.append(variable if times == 1 else Infix("*", Numeral(str(times)), variable))
    if length.offset or not summands:
        summands.append(Numeral(str(length.offset)))
    return reduce(lambda left, right: Infix("+", left, right), summands)


def applied_node(head: Node, *arguments: Node) -> Node:
    """`head arguments`, in the normal form of applications."""
    if isinstance(head, Application):
        return Application(head.head, (*head.arguments, *arguments))
    return Application(head, arguments) if arguments else head


def binder_of(var: Var) -> Binder:
    """`(name : type)`."""
    return Binder((var.name,), surface_of_type(var.type))


def binders_of(variables: tuple[Var, ...]) -> tuple[Binder, ...]:
    """Binders as a person groups them: sizes implicit, neighbours of one type together."""
    found: list[Binder] = []
    for kind, run in groupby(variables, key=lambda var: var.type):
        names = tuple(var.name for var in run)
        bracket = "{" if isinstance(kind, NatType) else "("
        found.append(Binder(names, surface_of_type(kind), bracket))
    return tuple(found)


def number_node(value: Fraction) -> Node:
    """Numerals are not negative, and decimal where that is exact; otherwise a quotient."""
    if value < 0:
        return Prefix("-", number_node(-value))
    if value.denominator == 1:
        return Numeral(str(value.numerator))
    places = next((k for k in range(1, 40) if 10**k % value.denominator == 0), None)
    if places is None:
        return Infix(
            "/", number_node(Fraction(value.numerator)), number_node(Fraction(value.denominator))
        )
    digits = str(value.numerator * 10**places // value.denominator).rjust(places + 1, "0")
    return Numeral(f"{digits[:-places]}.{digits[-places:]}")
