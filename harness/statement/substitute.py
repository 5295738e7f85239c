"""Substitution in terms, without capture and with the reductions that it makes possible."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import replace
from itertools import count

from harness.statement.term import (
    Apply,
    Call,
    Coord,
    FinLiteral,
    Forall,
    Lambda,
    NatCast,
    Relation,
    Sum,
    Tabulate,
    Term,
    Var,
)
from harness.statement.traverse import bound_by, mapped, parts, subterms
from harness.statement.types import FinType, FunType, Length, LinearType, Type, VecType

Values = Mapping[str, Term]


def substitute(term: Term, values: Mapping[Var, Term]) -> Term:
    """`term` with each free variable of `values` replaced by its value.

    Bound variables are renamed where a value would be captured; `(fun i => b) j` becomes b at j. A
    variable of type ℕ needs a `NatCast` and is replaced in lengths and types too. Names bound
    inside of a value that goes to several places are bound several times in the result.
    """
    named = {var.name: value for var, value in values.items()}
    taken = {name for value in values.values() for name in _free_names(value)}

    def keep(name: str) -> str:
        if name not in taken:
            return name
        used = taken | _all_names(term)
        return unused(name, used)

    return rewritten(term, named, keep)


def free_vars(term: Term) -> frozenset[Var]:
    """The variables that occur free in the term; sizes that only its types mention do not count."""
    if isinstance(term, Var):
        return frozenset((term,))
    below = frozenset[Var]().union(*map(free_vars, parts(term)))
    bound = {var.name for var in bound_by(term)}
    return frozenset(var for var in below if var.name not in bound) if bound else below


def constants_of(term: Term) -> tuple[str, ...]:
    """The constants that the term calls, each once, in the order of their first appearance."""
    called = (below.constant for below in subterms(term) if isinstance(below, Call))
    return tuple(dict.fromkeys(called))


def rewritten(term: Term, values: Values, name_for: Callable[[str], str]) -> Term:
    """`term` with free names replaced by `values` and bound names by what `name_for` says.

    name_for is asked once for each binder, in the order in which they are written.
    """
    match term:
        case Var(name=name, type=kind):
            return values.get(name) or Var(name, type_at(kind, values))
        case NatCast(length=length):
            return NatCast(length_at(length, values))
        case FinLiteral(length=length):
            return replace(term, length=length_at(length, values))
        case Sum(index=index, body=body):
            index, inner = _rebound(index, values, name_for)
            return Sum(index, rewritten(body, inner, name_for))
        case Tabulate(index=index, body=body, type=kind):
            index, inner = _rebound(index, values, name_for)
            return Tabulate(index, rewritten(body, inner, name_for), type_at(kind, values))
        case Lambda(var=var, body=body, type=kind):
            var, inner = _rebound(var, values, name_for)
            return Lambda(var, rewritten(body, inner, name_for), type_at(kind, values))
        case Forall(variables=variables, body=body):
            renamed, inner = [], values
            for var in variables:
                var, inner = _rebound(var, inner, name_for)
                renamed.append(var)
            return Forall(tuple(renamed), rewritten(body, inner, name_for))

    def change(below: Term) -> Term:
        return rewritten(below, values, name_for)

    match term:
        case Coord(vector=vector, index=at):
            return coordinate(change(vector), change(at))
        case Apply(map=mapping, argument=argument):
            return applied(change(mapping), change(argument))
        case Call(arguments=arguments, type=kind):
            changed = tuple(map(change, arguments))
            return Call(term.constant, changed, type_at(kind, values))
        case Relation(left=left, right=right, type=kind):
            return Relation(term.op, change(left), change(right), type_at(kind, values))
    return mapped(term, change)


def coordinate(vector: Term, index: Term) -> Term:
    """`vector index`, reduced."""
    if isinstance(vector, Tabulate):
        return substitute(vector.body, {vector.index: index})
    return Coord(vector, index)


def applied(function: Term, argument: Term) -> Term:
    """`function argument` for a function of vectors or a linear map, reduced."""
    if isinstance(function, Lambda):
        return substitute(function.body, {function.var: argument})
    return Apply(function, argument)


def length_at(length: Length, values: Values) -> Length:
    """The length with its variables replaced; values are `NatCast`s or variables of type ℕ."""
    if not any(name in values for name in length.variables):
        return length
    names: list[str] = []
    offset = length.offset
    for name in length.variables:
        match values.get(name):
            case NatCast(length=value):
                names += value.variables
                offset += value.offset
            case Var(name=other):
                names.append(other)
            case _:
                names.append(name)
    return Length(tuple(sorted(names)), offset)


def type_at(kind: Type, values: Values) -> Type:
    """The type with the variables of its lengths replaced."""
    match kind:
        case FinType(length=length):
            return FinType(length_at(length, values))
        case VecType(length=length):
            return VecType(length_at(length, values))
        case FunType(domain=domain, result=result):
            return FunType(type_at(domain, values), type_at(result, values))
        case LinearType(domain=domain, codomain=codomain):
            at = VecType(length_at(domain.length, values))
            return LinearType(at, type_at(codomain, values))
    return kind


def unused(name: str, used: Container[str]) -> str:
    """`name`, or the first of `name_1`, `name_2`, … that is not in `used`."""
    if name not in used:
        return name
    return next(each for k in count(1) if (each := f"{name}_{k}") not in used)


def lengths_in(kind: Type) -> tuple[Length, ...]:
    """The lengths that a type mentions."""
    match kind:
        case FinType(length=length) | VecType(length=length):
            return (length,)
        case FunType(domain=domain, result=result):
            return (*lengths_in(domain), *lengths_in(result))
        case LinearType(domain=domain, codomain=result):
            return (*lengths_in(domain), *lengths_in(result))
    return ()


def _rebound(var: Var, values: Values, name_for: Callable[[str], str]) -> tuple[Var, Values]:
    renamed = Var(name_for(var.name), type_at(var.type, values))
    return renamed, {**values, var.name: renamed}


def _names_here(term: Term) -> set[str]:
    """The names that the node itself mentions, sizes in its types included."""
    mentioned: set[str] = set()
    kinds = [var.type for var in bound_by(term)]
    match term:
        case Var(name=name, type=kind):
            mentioned.add(name)
            kinds.append(kind)
        case NatCast(length=length) | FinLiteral(length=length):
            mentioned.update(length.variables)
        case Tabulate(type=kind) | Lambda(type=kind) | Call(type=kind) | Relation(type=kind):
            kinds.append(kind)
    for kind in kinds:
        for length in lengths_in(kind):
            mentioned.update(length.variables)
    return mentioned


def _free_names(term: Term) -> set[str]:
    """The names of free variables, sizes in types included."""
    below = set[str]().union(*map(_free_names, parts(term)))
    return (below | _names_here(term)) - {var.name for var in bound_by(term)}


def _all_names(term: Term) -> set[str]:
    found: set[str] = set()
    for below in subterms(term):
        found |= _names_here(below) | {var.name for var in bound_by(below)}
    return found
