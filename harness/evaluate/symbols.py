"""Terms that stand for errors: arithmetic that leaves out what is 0 or 1, and the symbols in it."""

from __future__ import annotations

from collections.abc import Container
from fractions import Fraction

from harness.statement.term import Binary, Call, Coord, Num, Sum, Term, Unary, Var
from harness.statement.types import REAL

ZERO, ONE, TWO = Num(Fraction(0)), Num(Fraction(1)), Num(Fraction(2))
ROUNDOFF = Var("u", REAL)
"""The unit roundoff of the working format."""
SUBNORMAL = Var("η", REAL)
"""Its smallest subnormal."""
EXP_ULP = Var("K", REAL)
"""The error in ulp that exp and log may have."""
DEPTH = Var("h", REAL)
"""How many roundings a summand may pass through: n - 1 in any order."""
GAMMA = Var("γ", REAL)
"""hu / (1 - hu)."""


_NEVER_NEGATIVE = frozenset({"u", "η", "K", "h", "γ"})


def plus(*terms: Term) -> Term:
    """The sum of some terms, their numerals last and added up."""
    flat = [part for term in terms for part in _summands(term)]
    numeral = Num(sum((term.value for term in flat if isinstance(term, Num)), Fraction(0)))
    kept = [term for term in flat if not isinstance(term, Num)]
    kept += [numeral] if numeral != ZERO else []
    total: Term = kept[0] if kept else ZERO
    for term in kept[1:]:
        total = Binary("add", total, term)
    return total


def _summands(term: Term) -> list[Term]:
    """The parts of a sum of error terms; a value that is a sum stays one."""
    if isinstance(term, Binary) and term.op == "add" and isinstance(term.right, Num):
        return [term.left, term.right]
    return [term]


def minus(left: Term, right: Term) -> Term:
    """left - right."""
    return left if right == ZERO else Binary("sub", left, right)


def times(*terms: Term) -> Term:
    """The product of some terms."""
    if ZERO in terms:
        return ZERO
    kept = [term for term in terms if term != ONE]
    product: Term = kept[0] if kept else ONE
    for term in kept[1:]:
        product = Binary("mul", product, term)
    return product


def over(left: Term, right: Term) -> Term:
    """left / right."""
    if left == ZERO or right == ONE:
        return left
    return Binary("div", left, right)


def size(term: Term, known: Container[str] = ()) -> Term:
    """|term|, without bars where it cannot be negative. known: symbols that never are."""
    if isinstance(term, Num):
        return Num(abs(term.value))
    return term if not_negative(term, known) else Unary("abs", term)


def total(index: Var, body: Term) -> Term:
    """∑ index, body."""
    return ZERO if body == ZERO else Sum(index, body)


def not_negative(term: Term, known: Container[str] = ()) -> bool:
    """Whether the form of a term says that it is never below 0."""
    match term:
        case Unary(op="exp" | "abs" | "sqrt"):
            return True
        case Num(value=value):
            return value >= 0
        case Binary(op="add" | "mul" | "div", left=left, right=right):
            return not_negative(left, known) and not_negative(right, known)
        case Sum(body=body) | Coord(vector=body):
            return not_negative(body, known)
        case Var(name=name):
            return name in _NEVER_NEGATIVE or name in known or name[0] in "Eρε"
        case Call(constant=constant):
            return constant == ERROR_OF
    return False


ERROR_OF = "E"
"""The constant that stands for the bound of a call: `E (softmaxVec x) i`."""


def is_plain(call: Call) -> bool:
    """Whether a call reads as a name for a number: its arguments are variables, or such calls."""
    return all(
        isinstance(part, Var) or (isinstance(part, Call) and is_plain(part))
        for part in call.arguments
    )


def error_of(call: Call) -> Call:
    """The bound of what a call returns."""
    return Call(ERROR_OF, (call,), call.type)
