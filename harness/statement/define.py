"""The equation of a constant, read from left to right."""

from __future__ import annotations

from harness.errors import InputError
from harness.statement.compare import same_types
from harness.statement.printer import show_term
from harness.statement.substitute import constants_of, free_vars
from harness.statement.term import Call, Coord, Definition, Forall, Relation, Signature, Term, Var
from harness.statement.types import NAT, REAL, LinearType


def definition_of(statement: Forall, signature: Signature | None = None) -> Definition:
    """What the statement defines: its left side is a constant at distinct variables.

    A constant that returns a vector stands at a coordinate, `f x i = …`, so that both sides are
    real. The right side may use the variables of the left one only, and not the constant itself.
    signature: that of the constant; where it is given, the equation must hold for every size.
    Raises InputError (without place: the caller knows the text) otherwise.
    """
    relation = statement.body
    if not isinstance(relation, Relation) or relation.op != "=":
        raise InputError(
            "a definition is one equation without hypotheses", hint="write ∀ …, f x = …"
        )
    side = relation.left
    left, index = (side.vector, (side.index,)) if isinstance(side, Coord) else (side, ())
    if not isinstance(left, Call):
        raise InputError(
            f"the left side `{show_term(relation.left)}` is not a constant and its arguments",
            hint="write the constant that is defined on the left: f x = …",
        )
    if relation.type != REAL:
        raise InputError(
            f"both sides are of type {relation.type}; a definition says what each number is",
            hint=f"write it at a coordinate: {show_term(left)} i = …",
        )
    params = _distinct_variables((*left.arguments, *index))
    loose = free_vars(relation.right) - set(params)
    if loose:
        names = ", ".join(sorted(var.name for var in loose))
        raise InputError(
            f"the right side uses {names}, which the left side does not have",
            hint="the variables of a definition are the arguments on its left side",
        )
    if left.constant in constants_of(relation.right):
        raise InputError(
            f"{left.constant} is defined by itself", hint="a definition unfolds to other constants"
        )
    unsaid = {var.name for var in statement.variables if var.type != NAT}
    unsaid -= {var.name for var in params}
    if unsaid:
        raise InputError(
            f"the variables {', '.join(sorted(unsaid))} do not occur in the equation",
            hint="remove them",
        )
    if signature is not None:
        _refuse_special(params, signature)
    if index:
        return Definition(left.constant, params[:-1], params[-1], relation.right, left.type)
    return Definition(left.constant, params, None, relation.right, left.type)


def _refuse_special(params: tuple[Var, ...], signature: Signature) -> None:
    """Refuse sizes that the constant does not ask for, as in `∀ (x : Vec 0) …`."""
    linear = signature.result
    last = (linear.domain,) if isinstance(linear, LinearType) else ()
    wanted = (*(kind for _, kind in signature.params if kind != NAT), *last)
    given = tuple(param.type for param in params[: len(wanted)])
    if same_types(given, wanted):
        return
    shown = ", ".join(f"{param.name} : {param.type}" for param in params)
    raise InputError(
        f"the equation is not for every size that {signature.name} takes: {shown}",
        hint="write it for all n; state the special case as a fact",
    )


def _distinct_variables(arguments: tuple[Term, ...]) -> tuple[Var, ...]:
    found: list[Var] = []
    for argument in arguments:
        if not isinstance(argument, Var) or argument in found:
            raise InputError(
                f"the argument `{show_term(argument)}` on the left side is no variable of its own",
                hint="define the constant at distinct variables: f x y = …",
            )
        found.append(argument)
    return tuple(found)
