"""A term as a tree of lines: what a statement parsed to, without a doubt about precedence."""

from __future__ import annotations

from harness.statement.printer import show_term
from harness.statement.term import (
    Apply,
    Binary,
    Call,
    Coord,
    Forall,
    HasFDerivAt,
    Lambda,
    Logic,
    Max,
    Power,
    Relation,
    Sum,
    Tabulate,
    Term,
    Unary,
)
from harness.statement.traverse import parts

_ARITHMETIC = {"add": "+", "sub": "-", "mul": "*", "div": "/", "neg": "-"}


def tree_lines(term: Term) -> list[str]:
    """One line for each node; coordinates and other leaves are written out."""
    return [_label(term), *_below(term, "")]


def _below(term: Term, indent: str) -> list[str]:
    if _is_leaf(term):
        return []
    children = parts(term)
    lines = []
    for number, child in enumerate(children, start=1):
        last = number == len(children)
        lines.append(f"{indent}{'└─ ' if last else '├─ '}{_label(child)}")
        lines += _below(child, indent + ("   " if last else "│  "))
    return lines


def _is_leaf(term: Term) -> bool:
    """What cannot be misread when it is written out: `x`, `2`, `x i`, `softmaxJvp x dx i`."""
    return not parts(term) or (
        isinstance(term, Coord | Apply | Call) and all(map(_is_leaf, parts(term)))
    )


def _label(term: Term) -> str:
    if _is_leaf(term):
        return show_term(term)
    match term:
        case Forall(variables=variables):
            return " ".join(["∀", *(f"({var.name} : {var.type})" for var in variables)])
        case Relation(op=op, type=kind):
            return f"{op}  of type {kind}"
        case Logic(op=op):
            return op
        case Binary(op=op) | Unary(op=op):
            return _ARITHMETIC.get(op, f"Real.{op}")
        case Power(exponent=exponent):
            return f"^ {exponent}"
        case Sum(index=index):
            return f"∑ {index.name} : {index.type}"
        case Tabulate(index=var) | Lambda(var=var):
            return f"fun {var.name} : {var.type}"
        case Call(constant=constant, type=kind):
            return f"{constant}  : {kind}"
        case Coord():
            return "coordinate"
        case Apply():
            return "applied to"
        case Max():
            return "max"
        case HasFDerivAt():
            return "HasFDerivAt: function, derivative, point"
    return type(term).__name__
