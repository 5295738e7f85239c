"""Numerals: natural, real, indices, and the zero of vectors and maps; exponents."""

from __future__ import annotations

from fractions import Fraction

from harness.statement.context import Context, Typed, excerpt
from harness.statement.elaborate_types import natural
from harness.statement.inference import ANYTHING
from harness.statement.pointwise import pointwise
from harness.statement.syntax import Ascription, Node, Numeral, failure
from harness.statement.term import FinLiteral, NatCast, Num
from harness.statement.types import NAT, REAL, FinType, FunType, Length, LinearType, Type, VecType

LARGEST_EXPONENT = 1_000


MOST_DIGITS = 400


def numeral(context: Context, node: Numeral, expected: Type | None) -> Typed:
    """A numeral at the expected type; alone it is natural, as in Lean, unless it has a point."""
    kind = expected
    if kind is None or kind == ANYTHING:
        kind = NAT if node.text.isdecimal() else REAL
    if kind == REAL:
        return Typed(Num(_exact(node)), REAL)
    if kind == NAT:
        return Typed(NatCast(Length((), natural(node, node.text))), NAT)
    if isinstance(kind, FinType):
        value = natural(node, node.text)
        context.inference.literals.append((value, kind.length, node))
        return Typed(FinLiteral(value, kind.length), kind)
    if _exact(node) == 0 and isinstance(kind, VecType | FunType | LinearType):
        return Typed(pointwise(context, node, kind, (), lambda _: Num(Fraction(0))), kind)
    shown = context.inference.shown(kind)
    raise failure(node, f"the numeral {node.text} cannot have type {shown}")


def exponent(context: Context, node: Node) -> int:
    """The exponent of a power. InputError when it is no natural numeral, or a huge one."""
    if isinstance(node, Ascription) and context.builtin(node.type) in ("ℕ", "Nat"):
        node = node.value
    if not isinstance(node, Numeral) or not node.text.isdecimal():
        raise failure(node, f"`{excerpt(node)}` is no exponent", "an exponent is a numeral: x ^ 2")
    if len(node.text) > 4 or int(node.text) > LARGEST_EXPONENT:
        raise failure(node, f"the exponent {node.text} is larger than {LARGEST_EXPONENT}")
    return int(node.text)


def _exact(node: Numeral) -> Fraction:
    """The value of a numeral. InputError when it has hundreds of digits."""
    mantissa, _, exponent = node.text.lower().partition("e")
    digits = len(exponent.lstrip("+-")) > 4 or len(mantissa) > MOST_DIGITS
    if digits or abs(int(exponent or 0)) > MOST_DIGITS:
        raise failure(node, f"the numeral {excerpt(node)} has more than {MOST_DIGITS} digits")
    return Fraction(node.text)
