"""Arithmetic on ℕ, ℝ, vectors and maps: casts go to the leaves, vector algebra to coordinates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.statement.context import Context, Typed
from harness.statement.elaborate_numerals import exponent
from harness.statement.elaborate_types import limited
from harness.statement.inference import ANYTHING
from harness.statement.pointwise import pointwise
from harness.statement.syntax import Binding, Infix, Node, Numeral, Prefix, failure
from harness.statement.term import Binary, NatCast, Power, Relation, Term, Unary
from harness.statement.types import NAT, PROP, REAL, FinType, Length, Type

_BINARY = {"+": "add", "-": "sub", "*": "mul", "/": "div"}
Leaves = dict[int, Typed]


def arithmetic(context: Context, node: Node, expected: Type | None) -> Typed:
    """A node whose head is + - * / ^ or a sign."""
    kind, (term,) = _together(context, (node,), expected)
    return Typed(term, kind)


def relation(context: Context, node: Infix) -> Typed:
    """A relation; its sides get one type, as Lean's `binrel%` does."""
    if isinstance(node.left, Binding) and node.left.word == "∀":
        # `∀ x, a = b = c` is `(∀ x, a = b) = c` in Lean.
        raise failure(node, "relations do not chain", "write a = b ∧ b = c")
    kind, (left, right) = _together(context, (node.left, node.right), None)
    if kind == PROP:
        raise failure(node, f"`{node.op}` between propositions", "write ↔")
    if node.op not in "=≠" and not (kind in (REAL, NAT) or isinstance(kind, FinType)):
        shown = context.inference.shown(kind)
        raise failure(node, f"`{node.op}` compares numbers, not values of type {shown}")
    return Typed(Relation(node.op, left, right, kind), PROP)


def scalar_multiple(context: Context, node: Infix, expected: Type | None) -> Typed:
    """`c • v` for a real c and a number, vector, function or map v."""
    scalar = context.check(node.left, REAL)
    found = context.infer(node.right, expected)
    if found.type == NAT:
        found = Typed(found.term, REAL)

    def times(parts: Sequence[Term]) -> Term:
        return Binary("mul", scalar, parts[0])

    return Typed(pointwise(context, node, found.type, (found.term,), times), found.type)


def _together(
    context: Context, nodes: tuple[Node, ...], expected: Type | None
) -> tuple[Type, tuple[Term, ...]]:
    """Arithmetic trees at one common type, as Lean's `binop%` does: a ℕ-leaf among reals is cast.

    Leaves that take their type from their surroundings (numerals, `fun` without a type) wait until
    the others are known.
    """
    leaves: Leaves = {}
    kinds: list[Type] = []
    decimal = False
    for leaf in [leaf for node in nodes for leaf in _leaves(node)]:
        if isinstance(leaf, Numeral):
            decimal = decimal or not leaf.text.isdecimal()
        elif not _waits(leaf):
            leaves[id(leaf)] = context.infer(leaf)
            kinds.append(leaves[id(leaf)].type)
    kind: Type | None = next((each for each in kinds if each != NAT), None)
    if kind is None:
        known = None if expected in (None, ANYTHING) else expected
        kind = known if known is not None and (known == REAL or not kinds) else None
    if kind is None and (
        kinds or all(isinstance(node, Numeral | Infix | Prefix) for node in nodes)
    ):
        kind = REAL if decimal else NAT
    if kind is None:
        kind = ANYTHING
    return kind, tuple(_built(context, node, kind, leaves) for node in nodes)


def _leaves(node: Node) -> Iterator[Node]:
    match node:
        case Infix(op="+" | "-" | "*" | "/", left=left, right=right):
            yield from _leaves(left)
            yield from _leaves(right)
        case Infix(op="^", left=base):
            yield from _leaves(base)
        case Prefix(op="-", operand=operand):
            yield from _leaves(operand)
        case _:
            yield node


def _waits(node: Node) -> bool:
    return isinstance(node, Binding) and node.word == "fun" and node.binders[0].type is None


def _built(context: Context, node: Node, kind: Type, leaves: Leaves) -> Term:
    match node:
        case Infix(op="+" | "-" | "*" | "/", left=left, right=right):
            sides = _built(context, left, kind, leaves), _built(context, right, kind, leaves)
            return _combined(context, node, kind, *sides)
        case Infix(op="^", left=base, right=right):
            if kind != REAL:
                shown = context.inference.shown(kind)
                raise failure(node, f"`^` is on real numbers, not on {shown}")
            return Power(_built(context, base, kind, leaves), exponent(context, right))
        case Prefix(op="-", operand=operand):
            term = _built(context, operand, kind, leaves)
            if kind == NAT:
                hint = "write a type: (-1 : ℝ)"
                raise failure(node, "natural numbers have no sign in Lean", hint)
            return pointwise(context, node, kind, (term,), lambda at: Unary("neg", at[0]))
    if id(node) in leaves:
        return context.coerce(leaves[id(node)], kind, node)
    return context.check(node, kind)


def _combined(context: Context, node: Infix, kind: Type, left: Term, right: Term) -> Term:
    op = _BINARY[node.op]
    if kind == REAL:
        return Binary(op, left, right)
    if kind == NAT and isinstance(left, NatCast) and isinstance(right, NatCast):
        return NatCast(limited(node, _natural(node, left.length, right.length)))
    if op in ("mul", "div"):
        shown = context.inference.shown(kind)
        hint = "a number times a vector is c • x; coordinates are x i"
        raise failure(node, f"`{node.op}` is on numbers, not on {shown}", hint)
    return pointwise(context, node, kind, (left, right), lambda at: Binary(op, at[0], at[1]))


def _natural(node: Infix, left: Length, right: Length) -> Length:
    """A sum of lengths, or the multiple of one."""
    if node.op == "+":
        return Length(tuple(sorted(left.variables + right.variables)), left.offset + right.offset)
    if node.op == "*" and not (left.variables and right.variables):
        times, length = (right.offset, left) if left.variables else (left.offset, right)
        limited(node, Length((), max(times, length.offset) * max(len(length.variables), 1)))
        return Length(tuple(sorted(length.variables * times)), length.offset * times)
    if node.op == "*":
        raise failure(node, "a product of sizes is outside of the statement language")
    hint = "write a type, as in (1 / 2 : ℝ)" if not left.variables + right.variables else ""
    raise failure(
        node, f"`{node.op}` of natural numbers is outside of the statement language", hint
    )
