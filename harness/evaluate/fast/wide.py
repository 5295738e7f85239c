"""Double-double numbers in a kernel: a value is the unevaluated sum of two float64, high + low.

The algorithms and their bounds are those of Joldes, Muller and Popescu, "Tight and rigorous error
bounds for basic building blocks of double-word arithmetic" (2017), with u = 2^-53: sums of two
within 3 u^2, products within 4 u^2, quotients within 16 u^2 of the exact one, as long as no low
part underflows (what it loses then is below `TINY`, which the rules charge).
"""

from __future__ import annotations

from harness.evaluate.fast import exponential_wide as constants
from harness.evaluate.fast.graph import Graph, Node, is_const

Pair = tuple[Node, Node]
"""(high, low), abs(low) <= u abs(high)."""

UNIT = 2.0**-103
"""Charged for one operation, relative: at least 4 u^2."""

QUOTIENT = 2.0**-101


def two_sum(g: Graph, a: Node, b: Node) -> Pair:
    """a + b, exactly."""
    if is_const(a, 0) or is_const(b, 0):
        return g.add(a, b), g.const(0.0)
    total = g.add(a, b)
    part = g.sub(total, a)
    return total, g.add(g.sub(a, g.sub(total, part)), g.sub(b, part))


def ordered_sum(g: Graph, a: Node, b: Node) -> Pair:
    """a + b, exactly, where abs(a) >= abs(b) or a = 0."""
    if is_const(a, 0) or is_const(b, 0):
        return g.add(a, b), g.const(0.0)
    total = g.add(a, b)
    return total, g.sub(b, g.sub(total, a))


def two_product(g: Graph, a: Node, b: Node) -> Pair:
    """a * b, exactly."""
    product = g.mul(a, b)
    if is_const(a, 1) or is_const(b, 1) or (product.op == "const" and product.low == 0):
        return product, g.const(0.0)
    return product, g.fma(a, b, g.neg(product))


def add(g: Graph, a: Pair, b: Pair) -> Pair:
    """a + b."""
    high, rest = two_sum(g, a[0], b[0])
    if is_const(a[1], 0) and is_const(b[1], 0):
        return high, rest
    low, lost = two_sum(g, a[1], b[1])
    high, rest = ordered_sum(g, high, g.add(rest, low))
    return ordered_sum(g, high, g.add(lost, rest))


def add_small(g: Graph, a: Pair, b: Pair) -> Pair:
    """a + b where abs(b) is at most abs(a) / 64."""
    high, rest = ordered_sum(g, a[0], b[0])
    return ordered_sum(g, high, g.add(rest, g.add(a[1], b[1])))


def negated(g: Graph, a: Pair) -> Pair:
    """-a."""
    return g.neg(a[0]), a[1] if is_const(a[1], 0) else g.neg(a[1])


def multiply(g: Graph, a: Pair, b: Pair) -> Pair:
    """a * b."""
    high, rest = two_product(g, a[0], b[0])
    if is_const(a[1], 0) and is_const(b[1], 0):
        return high, rest
    crossed = g.fma(a[1], b[0], g.fma(a[0], b[1], g.mul(a[1], b[1])))
    return ordered_sum(g, high, g.add(rest, crossed))


def divide(g: Graph, a: Pair, b: Pair) -> Pair:
    """a / b."""
    quotient = g.div(a[0], b[0])
    product = multiply(g, b, (quotient, g.const(0.0)))
    left = g.add(g.sub(a[0], product[0]), g.sub(a[1], product[1]))
    return ordered_sum(g, quotient, g.div(left, b[0]))


def sqrt(g: Graph, a: Pair) -> Pair:
    """The square root of a positive number."""
    root = g.sqrt(a[0])
    square, rest = two_product(g, root, root)
    left = g.add(g.sub(g.sub(a[0], square), rest), a[1])
    return ordered_sum(g, root, g.div(left, g.add(root, root)))


def exp(g: Graph, a: Pair) -> Pair:
    """exp a, see `exponential_wide`."""
    low, high = constants.CLAMP
    far = g.le(a[0], g.const(low))
    first, second = g.max(a[0], g.const(low)), g.select(far, g.const(0.0), a[1])
    if a[0].high > high:
        above = g.le(g.const(high), a[0])
        first = g.neg(g.max(g.neg(first), g.const(-high)))
        second = g.select(above, g.const(0.0), second)
    shifted = g.fma(first, g.const(constants.PER_STEP), g.const(constants.SHIFTER))
    steps = g.sub(shifted, g.const(constants.SHIFTER))
    one, two, three = (g.const(part) for part in constants.step())
    rest = g.sub(first, g.mul(steps, one))  # both exact
    r = two_sum(g, rest, g.neg(g.mul(steps, two)))
    r = add(g, r, two_sum(g, second, g.neg(g.mul(steps, three))))
    inner = [g.const(c) for c in constants.inner()]
    q = inner[-1]
    for coefficient in reversed(inner[:-1]):
        q = g.fma(q, r[0], coefficient)
    p: Pair = (q, g.const(0.0))
    for coefficients in constants.outer():
        c = (g.const(coefficients[0]), g.const(coefficients[1]))
        p = add_small(g, c, multiply(g, r, p))
    less_one = add_small(g, r, multiply(g, r, multiply(g, r, p)))
    root = (g.table("high", shifted), g.table("low", shifted))
    value = add_small(g, root, multiply(g, root, less_one))
    power = g.power(shifted)
    return g.mul(value[0], power), g.mul(value[1], power)
