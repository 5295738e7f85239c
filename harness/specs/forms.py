"""Forms: other equations of a constant, licensed by theorems and built as terms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

from harness.errors import InputError
from harness.specs.model import Licence
from harness.statement.substitute import coordinate, free_vars, lengths_in, substitute, unused
from harness.statement.term import (
    Call,
    Coord,
    Definition,
    Forall,
    Max,
    NatCast,
    Relation,
    Tabulate,
    Term,
    Unary,
    Var,
)
from harness.statement.traverse import mapped
from harness.statement.type_of import type_of
from harness.statement.types import NAT, FinType, coordinate_length, is_coordinates


@dataclass(frozen=True)
class Rewrite:
    """A licence: `constant` may be computed by `definition` instead of by its base equation.

    form: the name of that way; lemma: full name of the theorem that says that both are equal.
    Other constants stay calls in the definition; the constant itself is not in it.
    """

    constant: str
    form: str
    definition: Definition
    lemma: str


def rewrite_of(licence: Licence, statement: Forall, lemma: str, base: Definition) -> Rewrite:
    """The rewrite that an equation licenses.

    One side of `statement` must be the constant at distinct variables, perhaps at a coordinate. The
    other side becomes the definition, with `choose` for the variables that only it has; where it
    names the constant again, `base` unfolds it. InputError, without a place, otherwise.
    """
    pattern, other = _sides(licence.constant, statement)
    call, index = (pattern.vector, pattern.index) if isinstance(pattern, Coord) else (pattern, None)
    assert isinstance(call, Call)
    params = tuple(part for part in call.arguments if isinstance(part, Var))
    if not _general(params) or len(_sizes(params)) < len(_sizes(base.params)):
        raise InputError(
            f"the equation is about {licence.constant} at special lengths only",
            hint="a form must hold for every n",
        )
    if index is None and is_coordinates(call.type):
        name = unused("i", {var.name for var in statement.variables})
        index = Var(name, FinType(coordinate_length(call.type)))
        other = coordinate(other, index)
    assert index is None or isinstance(index, Var)
    chosen = _choices(licence, params, free_vars(other) - {*params, index})
    body = unfold(substitute(other, chosen), base)
    return Rewrite(
        licence.constant,
        licence.form,
        Definition(licence.constant, params, index, body, base.type),
        lemma,
    )


def unfold(term: Term, definition: Definition) -> Term:
    """`term` with every call of the constant replaced by its definition, at the call's sizes."""
    term = mapped(term, lambda below: unfold(below, definition))
    if isinstance(term, Coord):
        return coordinate(term.vector, term.index)
    if isinstance(term, Call) and term.constant == definition.constant:
        return _instance(term, definition)
    return term


def _instance(call: Call, definition: Definition) -> Term:
    values: dict[Var, Term] = {}
    for param, argument in zip(definition.params, call.arguments, strict=True):
        values[param] = argument
        kinds = zip(lengths_in(param.type), lengths_in(type_of(argument)), strict=True)
        for length, actual in kinds:
            if len(length.variables) == 1 and length.offset == 0:
                values[Var(length.variables[0], NAT)] = NatCast(actual)
    if definition.index is None:
        return substitute(definition.body, values)
    tabulated = Tabulate(definition.index, definition.body, call.type)
    # The call's type is at the call's sizes already, which may share names with the definition's.
    return replace(cast(Tabulate, substitute(tabulated, values)), type=call.type)


def _sides(constant: str, statement: Forall) -> tuple[Term, Term]:
    """The side that is the constant at distinct variables, and the other side."""
    body = statement.body
    if not isinstance(body, Relation) or body.op != "=":
        raise InputError(
            "only an equation licenses a form", hint="the statement must be `∀ ..., a = b`"
        )
    for pattern, other in ((body.left, body.right), (body.right, body.left)):
        if _is_pattern(pattern, constant):
            return pattern, other
    raise InputError(
        f"no side of the equation is {constant} applied to distinct variables",
        hint=f"name another constant, or state the theorem as `... = {constant} x`",
    )


def _is_pattern(side: Term, constant: str) -> bool:
    call = side.vector if isinstance(side, Coord) else side
    index = (side.index,) if isinstance(side, Coord) else ()
    if not isinstance(call, Call) or call.constant != constant:
        return False
    parts = (*call.arguments, *index)
    return all(isinstance(part, Var) for part in parts) and len(set(parts)) == len(parts)


def _choices(licence: Licence, params: tuple[Var, ...], loose: frozenset[Var]) -> dict[Var, Term]:
    """What `choose` puts for the variables that only the replacement has."""
    names = {var.name: var for var in loose if var.type != NAT}
    for name in licence.choose:
        if name not in names:
            raise InputError(
                f"'choose' names '{name}', which is not a variable of the replacement alone",
                hint=f"variables to choose: {', '.join(sorted(names)) or 'none'}",
            )
    if missing := sorted(names.keys() - licence.choose.keys()):
        raise InputError(
            f"nothing says what to put for '{missing[0]}' in the form '{licence.form}'",
            hint=f"write choose: {{{missing[0]}: neg_max}}",
        )
    vectors = [param for param in params if is_coordinates(param.type)]
    if names and len(vectors) != 1:
        raise InputError(
            f"neg_max needs one vector argument, {licence.constant} has {len(vectors)}",
            hint="remove 'choose'",
        )
    return {var: Unary("neg", Max(vectors[0])) for var in names.values()}


def _general(params: tuple[Var, ...]) -> bool:
    """Whether the types of the parameters measure by variables only."""
    lengths = [length for param in params for length in lengths_in(param.type)]
    return all(len(length.variables) == 1 and length.offset == 0 for length in lengths)


def _sizes(params: tuple[Var, ...]) -> set[str]:
    lengths = [length for param in params for length in lengths_in(param.type)]
    return {name for length in lengths for name in length.variables}
