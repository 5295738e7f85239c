"""LLVM instructions for the operations of a graph, on one number or on eight lanes of them.

Text of LLVM's language, with the lanes spelled out: nothing depends on what a compiler finds fit to
vectorise, no flag lets it reorder, and the same bits come out on every machine. Eight float64 are
one register of AVX-512, two of AVX2, four of NEON.
"""

from __future__ import annotations

import struct

from harness.evaluate.fast import exponential, logarithm
from harness.evaluate.fast.llvm.code import Code
from harness.evaluate.histogram import LOWEST

LANES = 8
VECTOR = f"<{LANES} x double>"
TRUE_LANES = f"<{LANES} x i1>"
WHOLE = f"<{LANES} x i64>"


def double(value: float, lanes: bool) -> str:
    """A literal."""
    bits = struct.unpack("<Q", struct.pack("<d", value))[0]
    text = f"0x{bits:016X}"
    return f"splat (double {text})" if lanes else text


def whole(value: int, lanes: bool) -> str:
    """An integer literal of 64 bits."""
    value = (value + (1 << 63)) % (1 << 64) - (1 << 63)
    return f"splat (i64 {value})" if lanes else str(value)


def kind(lanes: bool, truth: bool = False) -> str:
    """The type of a value."""
    if truth:
        return TRUE_LANES if lanes else "i1"
    return VECTOR if lanes else "double"


def splat(code: Code, scalar: str, truth: bool = False) -> str:
    """One number in every lane."""
    one = "i1" if truth else "double"
    many = kind(True, truth)
    first = code.put(f"insertelement {many} poison, {one} {scalar}, i64 0")
    return code.put(f"shufflevector {many} {first}, {many} poison, <{LANES} x i32> zeroinitializer")


def unary_intrinsic(code: Code, name: str, a: str, lanes: bool) -> str:
    """fabs, sqrt."""
    suffix = f"v{LANES}f64" if lanes else "f64"
    return code.call(f"llvm.{name}.{suffix}", kind(lanes), (kind(lanes), a))


def fma(code: Code, a: str, b: str, c: str, lanes: bool) -> str:
    """a * b + c, rounded once."""
    suffix = f"v{LANES}f64" if lanes else "f64"
    t = kind(lanes)
    return code.call(f"llvm.fma.{suffix}", t, (t, a), (t, b), (t, c))


def greater(code: Code, a: str, b: str, lanes: bool) -> str:
    """The greater of two (b where one is NaN)."""
    t = kind(lanes)
    more = code.put(f"fcmp ogt {t} {a}, {b}")
    return code.put(f"select {kind(lanes, True)} {more}, {t} {a}, {t} {b}")


def bits_of(code: Code, a: str, lanes: bool) -> str:
    """The 64 bits of a number."""
    return code.put(f"bitcast {kind(lanes)} {a} to {WHOLE if lanes else 'i64'}")


def table(code: Code, name: str, shifted: str, lanes: bool) -> str:
    """An entry of one of the kernel's tables, by the lowest six bits of a shifted integer."""
    w = WHOLE if lanes else "i64"
    place = code.put(f"and {w} {bits_of(code, shifted, lanes)}, {whole(63, lanes)}")
    at = code.put(f"getelementptr double, ptr @{name}, {w} {place}")
    if not lanes:
        return code.put(f"load double, ptr {at}")
    return code.call(
        f"llvm.masked.gather.v{LANES}f64.v{LANES}p0",
        VECTOR,
        (f"<{LANES} x ptr>", at),
        ("i32", "8"),
        (TRUE_LANES, "splat (i1 true)"),
        (VECTOR, "zeroinitializer"),
    )


def power(code: Code, shifted: str, lanes: bool) -> str:
    """2^k, k the bits of a shifted integer above the lowest six."""
    w = WHOLE if lanes else "i64"
    k = code.put(f"and {w} {bits_of(code, shifted, lanes)}, {whole(-64, lanes)}")
    k = code.put(f"shl {w} {k}, {whole(46, lanes)}")
    biased = code.put(f"add {w} {k}, {whole(1023 << 52, lanes)}")
    return code.put(f"bitcast {w} {biased} to {kind(lanes)}")


def wide_sum(code: Code, t: str, a: tuple[str, str], b: tuple[str, str]) -> tuple[str, str]:
    """The sum of two double-doubles (`wide.add`), in numbers of a type."""

    def plus(x: str, y: str) -> str:
        return code.put(f"fadd {t} {x}, {y}")

    def minus(x: str, y: str) -> str:
        return code.put(f"fsub {t} {x}, {y}")

    def two(x: str, y: str) -> tuple[str, str]:
        total = plus(x, y)
        part = minus(total, x)
        return total, plus(minus(x, minus(total, part)), minus(y, part))

    def ordered(x: str, y: str) -> tuple[str, str]:
        total = plus(x, y)
        return total, minus(y, minus(total, x))

    high, rest = two(a[0], b[0])
    low, lost = two(a[1], b[1])
    high, rest = ordered(high, plus(rest, low))
    return ordered(high, plus(lost, rest))


def on_grid(code: Code, a: str, p: int, emin: int, lanes: bool) -> str:
    """Whether a is a number with p significant bits, none of them below 2^(emin - p + 1)."""
    w, t, b = WHOLE if lanes else "i64", kind(lanes), kind(lanes, True)
    if (p, emin) == (24, -126):
        narrow = f"<{LANES} x float>" if lanes else "float"
        rounded = code.put(f"fpext {narrow} {code.put(f'fptrunc {t} {a} to {narrow}')} to {t}")
        return code.put(f"fcmp oeq {t} {rounded}, {a}")
    rest = code.put(f"and {w} {bits_of(code, a, lanes)}, {whole((1 << (53 - p)) - 1, lanes)}")
    short = code.put(f"icmp eq {w} {rest}, {whole(0, lanes)}")
    if emin < -1000:
        return short
    # Adding this number rounds to a multiple of the smallest subnormal.
    coarse = double(1.5 * 2.0 ** (52 + emin - p + 1), lanes)
    moved = code.put(f"fsub {t} {code.put(f'fadd {t} {a}, {coarse}')}, {coarse}")
    multiple = code.put(f"fcmp oeq {t} {moved}, {a}")
    size = unary_intrinsic(code, "fabs", a, lanes)
    normal = code.put(f"fcmp oge {t} {size}, {double(2.0**emin, lanes)}")
    return code.put(f"and {b} {short}, {code.put(f'or {b} {multiple}, {normal}')}")


def lowest_bit(code: Code, a: str, lanes: bool) -> str:
    """The power of two of the lowest set bit; infinite for 0. a: normal in float64, or 0."""
    w, t, b = WHOLE if lanes else "i64", kind(lanes), kind(lanes, True)
    bits = bits_of(code, a, lanes)
    mantissa = code.put(f"and {w} {bits}, {whole((1 << 52) - 1, lanes)}")
    mantissa = code.put(f"or {w} {mantissa}, {whole(1 << 52, lanes)}")
    suffix = f"v{LANES}i64" if lanes else "i64"
    zeros = code.call(f"llvm.cttz.{suffix}", w, (w, mantissa), ("i1", "true"))
    biased = code.put(f"lshr {w} {bits}, {whole(52, lanes)}")
    biased = code.put(f"and {w} {biased}, {whole(2047, lanes)}")
    place = code.put(f"add {w} {code.put(f'sub {w} {biased}, {whole(52, lanes)}')}, {zeros}")
    power = code.put(f"bitcast {w} {code.put(f'shl {w} {place}, {whole(52, lanes)}')} to {t}")
    zero = code.put(f"fcmp oeq {t} {a}, {double(0.0, lanes)}")
    return code.put(f"select {b} {zero}, {t} {double(float('inf'), lanes)}, {t} {power}")


def exp(code: Code, a: str, lanes: bool, *, above: bool) -> str:
    """exp a, see `exponential`. above: arguments may exceed the upper clamp."""
    t, w = kind(lanes), WHOLE if lanes else "i64"

    def c(value: float) -> str:
        return double(value, lanes)

    low, high = exponential.CLAMP
    a = greater(code, a, c(low), lanes)
    if above:
        less = code.put(f"fcmp olt {t} {a}, {c(high)}")
        a = code.put(f"select {kind(lanes, True)} {less}, {t} {a}, {t} {c(high)}")
    shifted = fma(code, a, c(exponential.LOG2_E), c(exponential.SHIFTER), lanes)
    k = code.put(f"fsub {t} {shifted}, {c(exponential.SHIFTER)}")
    r = fma(code, k, c(-exponential.LN2_HIGH), a, lanes)
    r = fma(code, k, c(-exponential.LN2_LOW), r, lanes)
    q = c(exponential.COEFFICIENTS[-1])
    for coefficient in (*reversed(exponential.COEFFICIENTS[:-1]), 1.0, 1.0):
        q = fma(code, q, r, c(coefficient), lanes)
    # The lowest bits of `shifted` are k; up to the exponent with them.
    moved = code.put(f"shl {w} {bits_of(code, shifted, lanes)}, {whole(52, lanes)}")
    total = code.put(f"add {w} {bits_of(code, q, lanes)}, {moved}")
    return code.put(f"bitcast {w} {total} to {t}")


def log(code: Code, a: str, lanes: bool) -> str:
    """log a, see `logarithm`."""
    t, w = kind(lanes), WHOLE if lanes else "i64"

    def c(value: float) -> str:
        return double(value, lanes)

    a = greater(code, a, c(logarithm.LEAST), lanes)
    # Above the lowest 52 bits stands k + 1024; they say how far m is from its beginning.
    start = logarithm.ROOT_BITS
    moved = code.put(f"add {w} {bits_of(code, a, lanes)}, {whole((1024 << 52) - start, lanes)}")
    within = code.put(f"and {w} {moved}, {whole((1 << 52) - 1, lanes)}")
    m = code.put(f"bitcast {w} {code.put(f'add {w} {within}, {whole(start, lanes)}')} to {t}")
    # An integer added to the bits of SHIFTER is added to the number.
    shifter = struct.unpack("<Q", struct.pack("<d", exponential.SHIFTER))[0]
    k = code.put(f"lshr {w} {moved}, {whole(52, lanes)}")
    k = code.put(f"add {w} {k}, {whole(shifter - 1024, lanes)}")
    k = code.put(f"bitcast {w} {k} to {t}")
    k = code.put(f"fsub {t} {k}, {c(exponential.SHIFTER)}")
    over = code.put(f"fadd {t} {m}, {c(1.0)}")
    s = code.put(f"fdiv {t} {code.put(f'fsub {t} {m}, {c(1.0)}')}, {over}")
    z = code.put(f"fmul {t} {s}, {s}")
    q = c(logarithm.COEFFICIENTS[-1])
    for coefficient in reversed(logarithm.COEFFICIENTS[:-1]):
        q = fma(code, q, z, c(coefficient), lanes)
    twice = code.put(f"fadd {t} {s}, {s}")
    total = fma(code, twice, code.put(f"fmul {t} {z}, {q}"), twice, lanes)
    total = fma(code, k, c(logarithm.LN2_LOW), total, lanes)
    return fma(code, k, c(logarithm.LN2_HIGH), total, lanes)


def inverse_ulp(code: Code, a: str, p: int, emin: int, lanes: bool) -> str:
    """1 / ulp(a): a power of two, by its exponent."""
    w, t = WHOLE if lanes else "i64", kind(lanes)
    power = code.put(f"and {w} {bits_of(code, a, lanes)}, {whole(2047 << 52, lanes)}")
    power = code.put(f"bitcast {w} {power} to {t}")
    power = greater(code, power, double(2.0**emin, lanes), lanes)
    most = whole((2046 + p - 1) << 52, lanes)
    turned = code.put(f"sub {w} {most}, {bits_of(code, power, lanes)}")
    return code.put(f"bitcast {w} {turned} to {t}")


FIRST_OCTAVE = (1023 + LOWEST) % 256


def octave(code: Code, ratio: str, lanes: bool) -> str:
    """The bin of a ratio up to 1 in the histogram, plus FIRST_OCTAVE (modulo 256): an i8."""
    w = WHOLE if lanes else "i64"
    kept = greater(code, ratio, double(2.0**LOWEST, lanes), lanes)
    biased = code.put(f"lshr {w} {bits_of(code, kept, lanes)}, {whole(52, lanes)}")
    return code.put(f"trunc {w} {biased} to {f'<{LANES} x i8>' if lanes else 'i8'}")


def across(code: Code, reduction: str, vectors: tuple[str, ...]) -> tuple[str, ...]:
    """The lanes joined by halves: (0+4)+(2+6), (1+5)+(3+7). vectors: two for a wide sum."""
    if reduction == "all":
        mask = code.put(f"bitcast {TRUE_LANES} {vectors[0]} to i{LANES}")
        return (code.put(f"icmp eq i{LANES} {mask}, -1"),)
    width = LANES
    while width > 1:
        half = width // 2
        t = f"<{half} x double>"
        lower = tuple(_part(code, v, width, 0) for v in vectors)
        upper = tuple(_part(code, v, width, half) for v in vectors)
        if reduction == "wide":
            vectors = wide_sum(code, t, (lower[0], lower[1]), (upper[0], upper[1]))
        elif reduction == "sum":
            vectors = (code.put(f"fadd {t} {lower[0]}, {upper[0]}"),)
        else:
            more = code.put(f"fcmp ogt {t} {lower[0]}, {upper[0]}")
            vectors = (code.put(f"select <{half} x i1> {more}, {t} {lower[0]}, {t} {upper[0]}"),)
        width = half
    return tuple(code.put(f"extractelement <1 x double> {v}, i64 0") for v in vectors)


def _part(code: Code, vector: str, width: int, start: int) -> str:
    """Half of the lanes."""
    t, half = f"<{width} x double>", width // 2
    order = ", ".join(f"i32 {start + k}" for k in range(half))
    return code.put(f"shufflevector {t} {vector}, {t} poison, <{half} x i32> <{order}>")
