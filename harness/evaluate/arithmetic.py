"""What an implementation promises about rounding, and the named sets of such promises.

An `Arithmetic` speaks about any format; `for_dtype` fixes it for one, which is what the walk
charges. Nothing here is measured on the code under test: K (`exp_ulp`) comes from the libraries'
exp over all float32 arguments (worst seen 2.54 ulp), the summation depth from the promised order.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from harness.errors import InputError, did_you_mean
from harness.evaluate.formats import FORMATS, Format

DEFAULT_FORMS = frozenset({"shifted", "factored", "expanded"})
ORDERS = ("any", "pairwise", "lanes", "online")
OUTPUT, WIDE = "output", "wide"


@dataclass(frozen=True)
class Arithmetic:
    """A promise about rounding.

    working, accumulator: format names in which single operations and sums round; None is the format
    of the arrays, except that half formats then work and accumulate in float32; "output" is the
    format of the arrays without exception, "wide" that format with the exception.
    exp_ulp: allowed error of exp, in ulp. exp_argument_roundings: roundings of the argument of exp,
    each a relative error u (exp2-based code: the constant log2 e and the product, 2).
    order: the order of sums (`any` allows every one). flush_to_zero: subnormals may become 0.
    exact: IEEE operations that have an exact result deliver it. forms: algebraic forms allowed.
    """

    name: str
    working: str | None = None
    accumulator: str | None = None
    exp_ulp: float = 4.0
    exp_argument_roundings: int = 0
    order: str = "any"
    flush_to_zero: bool = False
    exact: bool = True
    forms: frozenset[str] = DEFAULT_FORMS

    def for_dtype(self, dtype: str) -> Rounding:
        """This arithmetic for arrays of `dtype`. KeyError for an unknown format."""
        half = FORMATS[dtype].p < FORMATS["float32"].p
        wide = FORMATS["float32" if half else dtype]
        named = {**FORMATS, OUTPUT: FORMATS[dtype], WIDE: wide}
        working = named[self.working or ("float32" if half else dtype)]
        return Rounding(
            output=FORMATS[dtype],
            working=working,
            accumulator=named[self.accumulator] if self.accumulator else working,
            exp_ulp=self.exp_ulp,
            exp_argument_roundings=self.exp_argument_roundings,
            order=self.order,
            flush_to_zero=self.flush_to_zero,
            exact=self.exact,
        )


@dataclass(frozen=True)
class Rounding:
    """An `Arithmetic` fixed for one format of the result."""

    output: Format
    working: Format
    accumulator: Format
    exp_ulp: float
    exp_argument_roundings: int
    order: str
    flush_to_zero: bool
    exact: bool

    def depth(self, n: int) -> float:
        """h: the number of roundings that a summand of a sum of n may pass through."""
        if n <= 1:
            return 0.0
        if self.order == "pairwise":
            return min(n - 1.0, math.ceil(math.log2(n)) + 19.0)
        if self.order == "lanes":
            # Eight lanes and a tail of at most seven, joined one by one.
            return min(n - 1.0, n / 8 + 15)
        if self.order == "online":
            return (2 * self.exp_ulp + 3) * n
        return n - 1.0

    def gamma(self, n: int) -> float:
        """gamma_h = h u / (1 - h u) of the accumulator; infinite from h u = 1 on."""
        hu = self.depth(n) * self.accumulator.u
        return hu / (1 - hu) if hu < 1 else math.inf


# From strict to lax: a failure names the first of these that the code does meet.
NAMED: Mapping[str, Arithmetic] = MappingProxyType(
    {
        a.name: a
        for a in (
            Arithmetic("ieee"),
            Arithmetic("exp2", exp_argument_roundings=2, exact=False),
            Arithmetic("flush_to_zero", flush_to_zero=True),
            Arithmetic("online", order="online", exact=False),
            Arithmetic("as_written", forms=frozenset({"as_written", "factored", "expanded"})),
            Arithmetic("wide_sum", working=OUTPUT, accumulator=WIDE, exact=False),
            Arithmetic("elementwise", working=OUTPUT, exact=False),
        )
    }
)


def named(name: str) -> Arithmetic:
    """The arithmetic of that name. InputError, with the nearest name, when there is none."""
    if name not in NAMED:
        known = ", ".join(NAMED)
        raise InputError(
            f"no arithmetic is called '{name}'",
            hint=did_you_mean(name, list(NAMED)) or f"known are {known}",
        )
    return NAMED[name]


def with_fields(base: Arithmetic, fields: Mapping[str, object]) -> Arithmetic:
    """`base` with some fields replaced (a catalogue entry's own promise)."""
    changes = dict(fields)
    if "forms" in changes:
        changes["forms"] = frozenset(changes["forms"])  # type: ignore[call-overload]
    return replace(base, **changes)  # type: ignore[arg-type]
