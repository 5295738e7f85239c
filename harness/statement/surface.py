"""Terms and types back to surface trees, in the spelling that a person would choose."""

from __future__ import annotations

from functools import reduce

from harness.statement.substitute import free_vars
from harness.statement.surface_types import (
    applied_node,
    binder_of,
    binders_of,
    length_node,
    number_node,
    surface_of_type,
)
from harness.statement.syntax import (
    Ascription,
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
    Sum,
    Tabulate,
    Term,
    Unary,
    Var,
)
from harness.statement.traverse import parts
from harness.statement.type_of import type_of
from harness.statement.types import NAT, REAL, Length, Type, VecType

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
            return number_node(value)
        case NatCast(length=length):
            return Ascription(_natural(length), Identifier("ℝ"))
        case Unary(op="neg", operand=operand):
            return Prefix("-", surface_of(operand))
        case Unary(op="abs", operand=operand):
            return Enclosed("|", surface_of(operand))
        case Unary(op=op, operand=operand):
            return applied_node(Identifier(_FUNCTIONS[op]), surface_of(operand))
        case Binary(op=op, left=left, right=right):
            return Infix(_INFIX[op], surface_of(left), surface_of(right))
        case Power(base=base, exponent=exponent):
            return Infix("^", surface_of(base), Numeral(str(exponent)))
        case Sum(index=index, body=body):
            return Binding("∑", (binder_of(index),), _body(body))
        case Max(vector=vector):
            return applied_node(Identifier("max"), surface_of(vector))
        case Coord(vector=vector, index=index):
            return applied_node(surface_of(vector), surface_of(index))
        case Tabulate():
            return _tabulate(term)
        case Lambda():
            return _lambda(term)
        case Apply(map=mapping, argument=argument):
            return applied_node(surface_of(mapping), surface_of(argument))
        case Call(constant=constant, arguments=arguments):
            return applied_node(Identifier(constant), *map(surface_of, arguments))
        case Relation():
            return _relation(term)
        case Logic(op="¬", parts=(part,)):
            return Prefix("¬", surface_of(part))
        case Logic(op=op, parts=sides):
            *first, last = map(surface_of, sides)
            return reduce(lambda right, left: Infix(op, left, right), reversed(first), last)
        case HasFDerivAt(function=function, derivative=derivative, point=point):
            of_all = map(surface_of, (function, derivative, point))
            return applied_node(Identifier("HasFDerivAt"), *of_all)
        case Forall(variables=variables, body=body):
            inner = surface_of(body)
            return Binding("∀", binders_of(variables), inner) if variables else inner
    raise TypeError(f"not a term: {type(term).__name__}")


def _natural(length: Length) -> Node:
    """A ℕ-term where ℝ is expected: all but a variable would be cast part by part."""
    node = length_node(length)
    return node if isinstance(node, Identifier) else Ascription(node, Identifier("ℕ"))


def _tabulate(term: Tabulate) -> Node:
    if isinstance(term.body, Coord) and term.body.index == term.index:
        vector = term.body.vector
        if term.index not in free_vars(vector):
            same = type_of(vector) == term.type
            return surface_of(vector) if same else _coordinates(surface_of(vector), term.type)
    function = Binding("fun", (binder_of(term.index),), _body(term.body))
    return _coordinates(function, term.type) if isinstance(term.type, VecType) else function


def _coordinates(node: Node, kind: Type) -> Node:
    """A function of the index as a vector, or a vector as such a function."""
    if isinstance(kind, VecType):
        return applied_node(Identifier("WithLp.toLp"), Numeral("2"), node)
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
                return applied_node(Identifier(constant), *map(surface_of, first))
        case Apply(map=mapping, argument=argument) if argument == var:
            if var not in free_vars(mapping):
                return surface_of(mapping)
    return Binding("fun", (binder_of(var),), _body(body))


def _relation(term: Relation) -> Node:
    """A relation; its left side says its type where neither side would tell."""
    left, right = surface_of(term.left), surface_of(term.right)
    if term.type == NAT and isinstance(term.left, NatCast) and isinstance(term.right, NatCast):
        left, right = length_node(term.left.length), length_node(term.right.length)
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
