"""Terms and types back to surface trees, in the spelling that a person would choose."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import reduce
from itertools import groupby

from harness.statement.substitute import free_vars
from harness.statement.syntax import (
    Application,
    Ascription,
    Binder,
    Binding,
    Enclosed,
    Field,
    Identifier,
    Infix,
    Node,
    Numeral,
    Prefix,
)
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
    Signature,
    Sum,
    Tabulate,
    Term,
    Unary,
    Var,
)
from harness.statement.traverse import parts
from harness.statement.type_of import type_of
from harness.statement.types import (
    NAT,
    REAL,
    FinType,
    FunType,
    Length,
    LinearType,
    NatType,
    Type,
    VecType,
)

_FUNCTIONS = {"exp": "Real.exp", "log": "Real.log", "sqrt": "Real.sqrt"}
_INFIX = {"add": "+", "sub": "-", "mul": "*", "div": "/"}


def surface_of(term: Term) -> Node:
    """The surface tree that elaborates to `term`, where the language has one."""
    match term:
        case Var(name=name):
            return Identifier(name)
        case FinLiteral(value=value):
            return Numeral(str(value))
        case Num(value=value):
            return _number(value)
        case NatCast(length=length):
            return Ascription(_natural(length), Identifier("ℝ"))
        case Unary(op="neg", operand=operand):
            return Prefix("-", surface_of(operand))
        case Unary(op="abs", operand=operand):
            return Enclosed("|", surface_of(operand))
        case Unary(op=op, operand=operand):
            return _apply(Identifier(_FUNCTIONS[op]), surface_of(operand))
        case Binary(op=op, left=left, right=right):
            return Infix(_INFIX[op], surface_of(left), surface_of(right))
        case Power(base=base, exponent=exponent):
            return Infix("^", surface_of(base), Numeral(str(exponent)))
        case Sum(index=index, body=body):
            return Binding("∑", (_binder(index),), _body(body))
        case Max(vector=vector):
            return _apply(Identifier("max"), surface_of(vector))
        case Coord(vector=vector, index=index):
            return _apply(surface_of(vector), surface_of(index))
        case Tabulate():
            return _tabulate(term)
        case Lambda():
            return _lambda(term)
        case Apply(map=mapping, argument=argument):
            return _apply(surface_of(mapping), surface_of(argument))
        case Call(constant=constant, arguments=arguments):
            return _apply(Identifier(constant), *map(surface_of, arguments))
        case Relation():
            return _relation(term)
        case Logic(op="¬", parts=(part,)):
            return Prefix("¬", surface_of(part))
        case Logic(op=op, parts=sides):
            *first, last = map(surface_of, sides)
            return reduce(lambda right, left: Infix(op, left, right), reversed(first), last)
        case HasFDerivAt(function=function, derivative=derivative, point=point):
            of_all = map(surface_of, (function, derivative, point))
            return _apply(Identifier("HasFDerivAt"), *of_all)
        case Forall(variables=variables, body=body):
            inner = surface_of(body)
            return Binding("∀", _variables(variables), inner) if variables else inner
    raise TypeError(f"not a term: {type(term).__name__}")


def surface_of_type(kind: Type) -> Node:
    """The surface tree of a type."""
    match kind:
        case FinType(length=length):
            return _apply(Identifier("Fin"), _length(length))
        case VecType(length=length):
            return _apply(Identifier("Vec"), _length(length))
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


def _apply(head: Node, *arguments: Node) -> Node:
    if isinstance(head, Application):
        return Application(head.head, (*head.arguments, *arguments))
    return Application(head, arguments) if arguments else head


def _binder(var: Var) -> Binder:
    return Binder((var.name,), surface_of_type(var.type))


def _variables(variables: tuple[Var, ...]) -> tuple[Binder, ...]:
    """Binders as a person groups them: sizes implicit, neighbours of one type together."""
    found: list[Binder] = []
    for kind, run in groupby(variables, key=lambda var: var.type):
        names = tuple(var.name for var in run)
        bracket = "{" if isinstance(kind, NatType) else "("
        found.append(Binder(names, surface_of_type(kind), bracket))
    return tuple(found)


def _number(value: Fraction) -> Node:
    """Numerals are not negative, and decimal where that is exact; otherwise a quotient."""
    if value < 0:
        return Prefix("-", _number(-value))
    if value.denominator == 1:
        return Numeral(str(value.numerator))
    places = next((k for k in range(1, 40) if 10**k % value.denominator == 0), None)
    if places is None:
        return Infix("/", _number(Fraction(value.numerator)), _number(Fraction(value.denominator)))
    digits = str(value.numerator * 10**places // value.denominator).rjust(places + 1, "0")
    return Numeral(f"{digits[:-places]}.{digits[-places:]}")


def _length(length: Length) -> Node:
    """`2 * n + 1`: each variable once, then the constant."""
    summands: list[Node] = []
    for name, times in Counter(length.variables).items():
        variable = Identifier(name)
        summands.append(variable if times == 1 else Infix("*", Numeral(str(times)), variable))
    if length.offset or not summands:
        summands.append(Numeral(str(length.offset)))
    return reduce(lambda left, right: Infix("+", left, right), summands)


def _natural(length: Length) -> Node:
    """A ℕ-term where ℝ is expected: all but a variable would be cast part by part."""
    node = _length(length)
    return node if isinstance(node, Identifier) else Ascription(node, Identifier("ℕ"))


def _tabulate(term: Tabulate) -> Node:
    if isinstance(term.body, Coord) and term.body.index == term.index:
        vector = term.body.vector
        if term.index not in free_vars(vector):
            same = type_of(vector) == term.type
            return surface_of(vector) if same else _coordinates(surface_of(vector), term.type)
    function = Binding("fun", (_binder(term.index),), _body(term.body))
    return _coordinates(function, term.type) if isinstance(term.type, VecType) else function


def _coordinates(node: Node, kind: Type) -> Node:
    """A function of the index as a vector, or a vector as such a function."""
    if isinstance(kind, VecType):
        return _apply(Identifier("WithLp.toLp"), Numeral("2"), node)
    if isinstance(node, Identifier):
        return Identifier(f"{node.name}.ofLp")
    return Field(node, "ofLp")


def _lambda(term: Lambda) -> Node:
    """A function; the bare constant or map where the body only applies it to the variable."""
    var, body = term.var, term.body
    match body:
        case Call(constant=constant, arguments=(*first, last)) if last == var:
            # Another argument may mention the variable: then it is no eta.
            if not any(var in free_vars(argument) for argument in first):
                return _apply(Identifier(constant), *map(surface_of, first))
        case Apply(map=mapping, argument=argument) if argument == var:
            if var not in free_vars(mapping):
                return surface_of(mapping)
    return Binding("fun", (_binder(var),), _body(body))


def _relation(term: Relation) -> Node:
    """A relation; its left side says its type where neither side would tell."""
    left, right = surface_of(term.left), surface_of(term.right)
    if term.type == NAT and isinstance(term.left, NatCast) and isinstance(term.right, NatCast):
        left, right = _length(term.left.length), _length(term.right.length)
    elif term.type == REAL and not (_says_real(term.left) or _says_real(term.right)):
        left = Ascription(left, Identifier("ℝ"))
    elif isinstance(term.left, Lambda) and isinstance(left, Identifier):
        left = Ascription(left, surface_of_type(term.type))
    return Infix(term.op, left, right)


def _body(term: Term) -> Node:
    """What a sum or a function binds in; a bare numeral there says that it is real."""
    bare = type_of(term) == REAL and not _says_real(term)
    return Ascription(surface_of(term), Identifier("ℝ")) if bare else surface_of(term)


def _says_real(term: Term) -> bool:
    """Whether arithmetic has a part that is real by itself; numerals alone would be natural."""
    if isinstance(term, Num):
        return False
    if isinstance(term, Power | Binary) or (isinstance(term, Unary) and term.op == "neg"):
        return any(map(_says_real, parts(term)))
    return True
