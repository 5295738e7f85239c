"""Terms as MathML Core, generated from what was typed: needs no network and no fonts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from markupsafe import Markup, escape

from harness.site.markup import joined, tag
from harness.statement.printer import show_term
from harness.statement.substitute import free_vars
from harness.statement.term import (
    Apply,
    Binary,
    Call,
    Coord,
    FinLiteral,
    Forall,
    HasFDerivAt,
    Lambda,
    Logic,
    Max,
    NatCast,
    Num,
    Power,
    Relation,
    Sum,
    Tabulate,
    Term,
    Unary,
    Var,
)
from harness.statement.types import (
    FinType,
    FunType,
    Length,
    LinearType,
    NatType,
    RealType,
    Type,
    VecType,
    is_coordinates,
)

_LOGIC, _RELATION, _SUM, _PRODUCT, _SIGN, _ATOM = 1, 2, 3, 4, 5, 9
_CONNECTIVES = {"→": "⇒", "↔": "⇔", "∧": "∧", "∨": "∨"}
_TAG = re.compile(r"<(/?)[a-z]+[^>]*?(/?)>")
_NUMBERED = re.compile(r"(.*?\D)_?(\d+)")


def math(content: object, said: str, *, block: bool = False, large: bool = False) -> Markup:
    """A whole formula; said: the same in Lean's words, for those who cannot see it. large: within
    a line, and with fractions as large as on a line of their own."""
    return tag(
        "math",
        _row(content),
        alttext=said,
        display="block" if block else None,
        displaystyle="true" if large else None,
    )


def statement_math(statement: Forall) -> list[Markup]:
    """The quantifiers and what they hold for, a formula each."""
    formulas = []
    if statement.variables:
        said = ", ".join(f"{var.name} : {var.type}" for var in statement.variables)
        formulas.append(math(_quantifiers(statement), f"for all {said}", block=True))
    for content, part in _lines(statement.body):
        formulas.append(math(content, show_term(part), block=True))
    return formulas


def term_math(term: Term, *, block: bool = False) -> Markup:
    """A term by itself."""
    return math(shown(term), show_term(term), block=block)


def equation_math(left: Term, right: Term, *, block: bool = True) -> Markup:
    """`left = right`."""
    said = f"{show_term(left)} = {show_term(right)}"
    return math(joined([shown(left), _mo("="), shown(right)]), said, block=block)


def bound_math(left: Term, right: Term) -> Markup:
    """`|computed − exact| ≤ u · right`, for the exact value `left`: a formula for each summand, so
    that a line may end between them."""
    gap = _bars(joined([tag("mtext", "computed"), _mo("−"), shown(left, _SUM + 1)]))
    head = joined([gap, _mo("≤"), tag("mi", "u"), _mo("⋅")])
    summands = _summands(right)
    if len(summands) == 1:
        return math(joined([head, shown(right, _PRODUCT)]), bound_text(left, right), large=True)
    parts = [math(joined([head, _mo("(")]), bound_text(left, right))]
    for number, part in enumerate(summands):
        sign = tag("mo", "+", form="infix") if number else ""
        closing = _mo(")") if number == len(summands) - 1 else ""
        whole = joined([sign, shown(part, _PRODUCT), closing])
        parts.append(math(whole, show_term(part), large=True))
    return Markup(" ").join(parts)


def gap_math(right: Term) -> Markup:
    """`|left − right| ≤ …`, of the two sides of a theorem."""
    sides = [tag("mtext", "left"), _mo("−"), tag("mtext", "right")]
    said = f"|left - right| ≤ {show_term(right)}"
    return math(joined([_bars(joined(sides)), _mo("≤"), shown(right)]), said, block=True)


def bound_text(left: Term, right: Term) -> str:
    """The same in Lean's words."""
    return f"|computed - {show_term(left)}| ≤ u * ({show_term(right)})"


def _summands(term: Term) -> list[Term]:
    if isinstance(term, Binary) and term.op == "add":
        return [*_summands(term.left), *_summands(term.right)]
    return [term]


def shown(term: Term, least: int = 0) -> Markup:
    """The term where an operator around it binds with strength `least`."""
    content, strength = _content(term)
    return _parenthesised(content) if strength < least else _row(content)


def _lines(body: Term) -> Iterator[tuple[Markup, Term]]:
    """Hypotheses one by one, each with its arrow, then the conclusion."""
    while isinstance(body, Logic) and body.op == "→" and len(body.parts) == 2:
        yield joined([shown(body.parts[0], _LOGIC + 1), _mo("⇒")]), body.parts[0]
        body = body.parts[1]
    yield shown(body), body


def _content(term: Term) -> tuple[Markup, int]:
    match term:
        case Var(name=name):
            return _name(name), _ATOM
        case FinLiteral(value=value):
            return tag("mn", value), _ATOM
        case Num(value=value):
            return _number(value), _ATOM if value >= 0 else _SIGN
        case NatCast(length=length):
            return _length(length), _SUM if " " in str(length) else _ATOM
        case Unary(op="neg", operand=operand):
            return joined([_mo("−"), shown(operand, _SIGN)]), _SIGN
        case Unary(op="abs", operand=operand):
            return _bars(shown(operand)), _ATOM
        case Unary(op="exp", operand=operand):
            return tag("msup", tag("mi", "e"), shown(operand)), _ATOM
        case Unary(op="sqrt", operand=operand):
            return tag("msqrt", shown(operand)), _ATOM
        case Unary(op=op, operand=operand):
            return joined([tag("mi", op), _applied(shown(operand))]), _ATOM
        case Binary():
            return _binary(term)
        case Power(base=base, exponent=exponent):
            return tag("msup", shown(base, _ATOM), tag("mn", exponent)), _ATOM
        case Sum(index=index, body=body):
            sign = tag("munder", tag("mo", "∑"), _name(index.name))
            return joined([sign, shown(body, _PRODUCT)]), _PRODUCT
        case Max(vector=vector):
            return joined([tag("mi", "max"), _space(), shown(vector, _ATOM)]), _SIGN
        case Coord():
            return _coordinate(term), _ATOM
        case Tabulate():
            return _tabulate(term)
        case Lambda(var=var, body=body):
            return _bare(var, body) or _function(var, body)
        case Apply(map=mapping, argument=argument):
            return joined([shown(mapping, _ATOM), _applied(shown(argument))]), _ATOM
        case Call(constant=constant, arguments=arguments):
            return joined([_constant(constant), _applied(*map(shown, arguments))]), _ATOM
        case Relation(op=op, left=left, right=right):
            sides = [shown(left, _RELATION + 1), _mo(op), shown(right, _RELATION + 1)]
            return joined(sides), _RELATION
        case Logic(op="¬", parts=(part,)):
            return joined([_mo("¬"), shown(part, _ATOM)]), _SIGN
        case Logic(op=op, parts=sides_of):
            said = [shown(side, _LOGIC + 1) for side in sides_of]
            return _between(said, _CONNECTIVES[op]), _LOGIC
        case HasFDerivAt(function=function, derivative=derivative, point=point):
            of = joined([tag("mi", "D"), _bracketed(shown(function)), _applied(shown(point))])
            return joined([of, _mo("="), shown(derivative)]), _RELATION
        case Forall(body=body):
            return joined([_quantifiers(term), shown(body)]), _LOGIC
    raise TypeError(f"not a term: {type(term).__name__}")


def _binary(term: Binary) -> tuple[Markup, int]:
    left, right = term.left, term.right
    match term.op:
        case "add":
            return joined([shown(left, _SUM), _mo("+"), shown(right, _SUM)]), _SUM
        case "sub":
            return joined([shown(left, _SUM), _mo("−"), shown(right, _SUM + 1)]), _SUM
        case "div":
            return tag("mfrac", shown(left), shown(right)), _ATOM
    sign = tag("mo", "\u2062") if isinstance(left, Num) else _mo("⋅")
    return joined([shown(left, _PRODUCT), sign, shown(right, _PRODUCT)]), _PRODUCT


def _coordinate(term: Coord) -> Markup:
    """A base with its indices below, `x i j` as one letter with two."""
    base: Term = term
    indices: list[Markup] = []
    while isinstance(base, Coord):
        indices.insert(0, shown(base.index))
        base = base.vector
    if isinstance(base, Var) and (numbered := _NUMBERED.fullmatch(base.name)):
        indices.insert(0, tag("mn", numbered[2]))
        return tag("msub", tag("mi", numbered[1]), _between(indices, ","))
    if isinstance(base, Call):  # f(x) needs no parentheses of its own below an index
        return tag("msub", _row(_content(base)[0]), _between(indices, ","))
    return tag("msub", shown(base, _ATOM), _between(indices, ","))


def _tabulate(term: Tabulate) -> tuple[Markup, int]:
    body = term.body
    if isinstance(body, Coord) and body.index == term.index and isinstance(body.vector, Var):
        return _content(body.vector)
    return _function(term.index, body)


def _function(var: Var, body: Term) -> tuple[Markup, int]:
    return joined([_name(var.name), _mo("↦"), shown(body)]), 0


def _bare(var: Var, body: Term) -> tuple[Markup, int] | None:
    """`f` for `x ↦ f(x)`, and `f(a)` for `x ↦ f(a, x)`."""
    if not isinstance(body, Call) or body.arguments[-1:] != (var,):
        return None
    rest = body.arguments[:-1]
    if any(var in free_vars(argument) for argument in rest):
        return None
    applied = [_applied(*map(shown, rest))] if rest else []
    return joined([_constant(body.constant), *applied]), _ATOM


def _quantifiers(statement: Forall) -> Markup:
    """`∀ n ∈ ℕ, x, y ∈ ℝⁿ`, variables of one type together."""
    groups: list[tuple[Type, list[Var]]] = []
    for var in statement.variables:
        if groups and groups[-1][0] == var.type:
            groups[-1][1].append(var)
        else:
            groups.append((var.type, [var]))
    said = []
    for kind, members in groups:
        names = _between([_name(var.name) for var in members], ",")
        said.append(joined([names, _mo("∈"), _type(kind)]))
    return joined([_mo("∀"), _between(said, ",")])


def _type(kind: Type) -> Markup:
    match kind:
        case NatType():
            return tag("mi", "ℕ")
        case RealType():
            return tag("mi", "ℝ")
        case FinType(length=length):
            return joined([tag("mi", "Fin"), _space(), _length(length)])
        case LinearType(domain=domain, codomain=codomain):
            ends = [_type(domain), _type(codomain)]
            return joined([tag("mi", "L"), _applied(*ends)])
        case VecType(length=length):
            return tag("msup", tag("mi", "ℝ"), _length(length))
        case FunType(domain=FinType(length=length)) if is_coordinates(kind):
            return tag("msup", tag("mi", "ℝ"), _length(length))
        case FunType(domain=domain, result=result):
            return _parenthesised(joined([_type(domain), _mo("→"), _type(result)]))
    return tag("mtext", str(kind))


def _length(length: Length) -> Markup:
    parts = [_name(name) for name in length.variables]
    if length.offset or not parts:
        parts.append(tag("mn", length.offset))
    return _between(parts, "+")


def _name(name: str) -> Markup:
    numbered = _NUMBERED.fullmatch(name)
    if numbered:
        return tag("msub", tag("mi", numbered[1]), tag("mn", numbered[2]))
    return tag("mi", name)


def _constant(name: str) -> Markup:
    return tag("mi", name.removeprefix("ContinuousLinearMap."), class_="constant")


def _number(value: Fraction) -> Markup:
    sign = _mo("−") if value < 0 else ""
    top = tag("mn", abs(value.numerator))
    if value.denominator == 1:
        return joined([sign, top])
    return joined([sign, tag("mfrac", top, tag("mn", value.denominator))])


def _applied(*arguments: Markup) -> Markup:
    return _parenthesised(_between(list(arguments), ","))


def _parenthesised(content: Markup) -> Markup:
    return tag("mrow", tag("mo", "("), content, tag("mo", ")"))


def _bracketed(content: Markup) -> Markup:
    return tag("mrow", tag("mo", "["), content, tag("mo", "]"))


def _bars(content: Markup) -> Markup:
    bar = tag("mo", "|", stretchy="true", fence="true")
    return tag("mrow", bar, content, bar)


def _between(parts: list[Markup], sign: str) -> Markup:
    shown_parts: list[Markup] = []
    for part in parts:
        shown_parts += [_mo(sign), part] if shown_parts else [part]
    return _row(joined(shown_parts))


def _row(content: object) -> Markup:
    """The content as one element: by itself where it is one already."""
    whole, depth = escape(content), 0
    for found in _TAG.finditer(whole):
        depth += 0 if found[2] else -1 if found[1] else 1
        if depth == 0:
            return whole if found.end() == len(whole) else tag("mrow", whole)
    return tag("mrow", whole)


def _mo(sign: str) -> Markup:
    return tag("mo", sign)


def _space() -> Markup:
    return tag("mspace", width="0.2em")
