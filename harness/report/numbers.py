"""Numbers and texts as reports print them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from harness.errors import visible

SHOWN = 6
"""Numbers of an array that a report prints before it says how many more there are."""


def ratio(value: float) -> str:
    """Error over bound in at most five characters: `0.71`, `12`, `3e4`, `inf`."""
    if math.isnan(value) or math.isinf(value):
        return str(value)
    if value == 0:
        return "0"
    if value < 0.01:
        return "<.01"
    if value < 9.99:
        # Away from 1: what is inside its bound must not read as 1.00, nor what is outside.
        away = math.floor if value < 1 else math.ceil
        return f"{away(value * 100 + (1e-9 if value < 1 else -1e-9)) / 100:.2f}"
    if value < 999.5:
        return f"{value:.0f}"
    mantissa, _, exponent = f"{value:.0e}".partition("e")
    return f"{mantissa}e{int(exponent)}"


def times(value: float) -> str:
    """A ratio above one in words: `3.1 times the bound`."""
    if math.isinf(value):
        return "an error where the bound is 0"
    if value >= 1e7:
        return f"{value:.1e} times the bound"
    shown = f"{value:,.0f}" if value >= 99.5 else f"{value:.2g}"
    return f"{'1.01' if shown == '1' else shown} times the bound"  # never "1 times"


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 case`, `54,768 cases`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def short_hex(text: str) -> str:
    """A hex float without the zeros that say nothing: `0x1.8p+6` for `0x1.8000000000000p+6`."""
    mantissa, p, exponent = text.partition("p")
    return mantissa.rstrip("0").rstrip(".") + p + exponent if "." in mantissa else text


def decimal(text: str) -> str:
    """A hex float as people read it; other text as it is."""
    try:
        return f"{float.fromhex(text):.6g}"
    except (ValueError, OverflowError):
        return text


def array(value: object) -> tuple[str, str]:
    """Nested hex floats as a line of hex and one of decimals, without the ends of long ones."""
    return _nested(value, short_hex), _nested(value, decimal)


def clean(text: str) -> str:
    """The text in one line, with characters that a terminal would obey or hide made visible."""
    return "".join(visible(character) for character in " ".join(text.split()))


def listed(words: Sequence[str], last: str = "and") -> str:
    """`a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def by_entry(pairs: Iterable[tuple[str, str]]) -> str:
    """(entry, dtype) pairs as `numpy float64 float32, torch float32`."""
    dtypes: dict[str, list[str]] = {}
    for entry, dtype in pairs:
        dtypes.setdefault(entry, []).append(dtype)
    return ", ".join(f"{entry} {' '.join(dict.fromkeys(d))}" for entry, d in dtypes.items())


def _nested(value: object, show: object) -> str:
    assert callable(show)
    if isinstance(value, str):
        return str(show(value))
    if not isinstance(value, list):
        return str(value)
    parts = [_nested(one, show) for one in value[:SHOWN]]
    if len(value) > SHOWN + 1:
        parts.append(f"… {len(value) - SHOWN} more")
    elif len(value) == SHOWN + 1:
        parts.append(_nested(value[SHOWN], show))
    return f"[{', '.join(parts)}]"
