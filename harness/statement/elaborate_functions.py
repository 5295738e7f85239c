"""The functions that the language knows by name: what each takes and the term it becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from harness.statement.context import Context, Typed, excerpt
from harness.statement.elaborate_types import length_from, limited
from harness.statement.inference import ANYTHING
from harness.statement.substitute import coordinate
from harness.statement.syntax import Node, Numeral, failure
from harness.statement.term import Binary, HasFDerivAt, Lambda, NatCast, Power, Sum, Tabulate, Unary
from harness.statement.type_of import type_of
from harness.statement.types import (
    NAT,
    PROP,
    REAL,
    FinType,
    FunType,
    Length,
    LinearType,
    VecType,
    is_coordinates,
)

Rule = Callable[[Context, Node, Sequence[Node]], Typed]


def norm(context: Context, node: Node, arguments: Sequence[Node]) -> Typed:
    """‖a‖: the Euclidean norm, or the absolute value."""
    found = context.infer(arguments[0])
    if found.type in (NAT, REAL):
        return Typed(Unary("abs", context.coerce(found, REAL, arguments[0])), REAL)
    kind = found.type
    if not isinstance(kind, VecType):
        hint = "norms are of vectors and of real numbers"
        shown = context.inference.shown(kind)
        raise failure(node, f"the norm of a {shown} is outside of the statement language", hint)
    index = context.inference.variable("i", FinType(kind.length))
    square = Power(coordinate(found.term, index), 2)
    return Typed(Unary("sqrt", Sum(index, square)), REAL)


def absolute(context: Context, node: Node, arguments: Sequence[Node]) -> Typed:
    """|a| for a real a."""
    return Typed(Unary("abs", context.check(arguments[0], REAL)), REAL)


def coordinates_of(context: Context, node: Node, found: Typed) -> Typed:
    """`x.ofLp`: the coordinates of a vector as a function of the index."""
    if not isinstance(found.type, VecType):
        shown = context.inference.shown(found.type)
        raise failure(node, f"`.ofLp` is of vectors, not of {shown}")
    index = context.inference.variable("i", FinType(found.type.length))
    kind = FunType(index.type, REAL)
    return Typed(Tabulate(index, coordinate(found.term, index), kind), kind)


def _real_function(op: str) -> Rule:
    def rule(context: Context, node: Node, arguments: Sequence[Node]) -> Typed:
        return Typed(Unary(op, context.check(arguments[0], REAL)), REAL)

    return rule


def _successor(context: Context, node: Node, arguments: Sequence[Node]) -> Typed:
    length = length_from(context, arguments[0])
    return Typed(NatCast(limited(node, Length(length.variables, length.offset + 1))), NAT)


def _cast(context: Context, node: Node, arguments: Sequence[Node]) -> Typed:
    return Typed(NatCast(length_from(context, arguments[0])), REAL)


def _of_coordinates(context: Context, node: Node, arguments: Sequence[Node]) -> Typed:
    exponent, function = arguments
    if exponent != Numeral("2"):
        raise failure(exponent, "vectors are Euclidean", "write WithLp.toLp 2 f")
    what = f"the length of `{excerpt(node)}`"
    length = context.inference.unknown(node, what, "write (WithLp.toLp 2 f : Vec n)")
    term = context.check(function, FunType(FinType(length), REAL))
    index = context.inference.variable("i", FinType(length))
    return Typed(Tabulate(index, coordinate(term, index), VecType(length)), VecType(length))


def _to_coordinates(context: Context, node: Node, arguments: Sequence[Node]) -> Typed:
    return coordinates_of(context, node, context.infer(arguments[0]))


def _inner(context: Context, node: Node, arguments: Sequence[Node]) -> Typed:
    field, left, right = arguments
    if context.builtin(field) not in ("ℝ", "Real"):
        raise failure(field, "inner products are over ℝ", "write inner ℝ a b")
    found = context.infer(left)
    other = context.check(right, found.type)
    if found.type == REAL:
        return Typed(Binary("mul", found.term, other), REAL)
    if not isinstance(found.type, VecType):
        shown = context.inference.shown(found.type)
        raise failure(left, f"`inner` is of vectors, not of {shown}")
    index = context.inference.variable("i", FinType(found.type.length))
    product = Binary("mul", coordinate(found.term, index), coordinate(other, index))
    return Typed(Sum(index, product), REAL)


def _derivative(context: Context, node: Node, arguments: Sequence[Node]) -> Typed:
    """The point says the domain, the derivative says the codomain; then the function is known."""
    function, derivative, point = arguments
    at = context.infer(point)
    if not isinstance(at.type, VecType):
        shown = context.inference.shown(at.type)
        raise failure(point, f"derivatives are at vectors, not at a value of type {shown}")
    if isinstance(derivative, Numeral):  # the zero map goes where the function goes
        of = context.expanded(_function(context, function, FunType(at.type, ANYTHING)))
        assert isinstance(of.type, FunType)
        kind = LinearType(at.type, of.type.result)
        return _has_derivative(of, Typed(context.check(derivative, kind), kind), at, context)
    linear = context.infer(derivative)
    if not isinstance(linear.type, LinearType):
        shown = context.inference.shown(linear.type)
        raise failure(derivative, f"a derivative is a linear map, not a value of type {shown}")
    context.coerce(linear, LinearType(at.type, linear.type.codomain), derivative)
    of = context.expanded(_function(context, function, FunType(at.type, linear.type.codomain)))
    return _has_derivative(of, linear, at, context)


def _function(context: Context, node: Node, expected: FunType) -> Typed:
    term = context.check(node, expected)
    kind = type_of(term)
    if isinstance(kind, FunType) and (kind.result == REAL or is_coordinates(kind.result)):
        return Typed(term, kind)
    shown = context.inference.shown(kind)
    raise failure(node, f"derivatives are of functions to ℝ or to vectors, not of {shown}")


def _has_derivative(of: Lambda, linear: Typed, at: Typed, context: Context) -> Typed:
    return Typed(HasFDerivAt(of, context.expanded(linear), at.term), PROP)


# Name -> the explicit arguments by their Lean names, and the rule for them.
FUNCTION_RULES: Mapping[str, tuple[tuple[str, ...], Rule]] = {
    "Real.exp": (("x",), _real_function("exp")),
    "Real.log": (("x",), _real_function("log")),
    "Real.sqrt": (("x",), _real_function("sqrt")),
    "abs": (("a",), absolute),
    "norm": (("a",), norm),
    "inner": (("𝕜", "x", "y"), _inner),
    "Nat.succ": (("n",), _successor),
    "Nat.cast": (("n",), _cast),
    "WithLp.toLp": (("p", "V"), _of_coordinates),
    "WithLp.ofLp": (("self",), _to_coordinates),
    "HasFDerivAt": (("f", "f'", "x"), _derivative),
}
