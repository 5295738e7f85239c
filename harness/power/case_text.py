"""The text in which a catalogue entry states a case: arguments, a layout, calls that come before.

x = [0, 3], dx = [1, 0]
x = [[0, 1], [2, 2]]; transposed               a batch of two
x = [0] * 1025                                  n = 1025
x = [1, 0]; after x = [0, 0]                    that call comes first
x = [0, -90] | x = [0, -720]                    one for each range of exponents
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from harness.cells.views import VIEWS
from harness.errors import InputError

Nested = float | int | list["Nested"]
Given = Mapping[str, Nested]
"""Argument name, as in Lean -> numbers, nested like the array; an index is an int."""

_OPERATORS: Mapping[type[ast.operator], Callable[[float, float], float]] = MappingProxyType(
    {
        ast.Add: operator.add,
        ast.Sub: operator.sub,
        ast.Mult: operator.mul,
        ast.Div: operator.truediv,
        ast.Pow: operator.pow,
    }
)
_MOST = 10_000  # numbers in a list


@dataclass(frozen=True)
class StatedCase:
    """given: the arguments of the call that is judged; after: those of the calls before it."""

    given: Given
    view: str = "contiguous"
    after: tuple[Given, ...] = ()


def parse_cases(text: str) -> tuple[StatedCase, ...]:
    """The cases of a text, of which `|` separates several. InputError for any other text."""
    return tuple(_case(part, text) for part in text.split("|"))


def _case(part: str, text: str) -> StatedCase:
    given: Given = {}
    view = "contiguous"
    after: list[Given] = []
    for position, clause in enumerate(words.strip() for words in part.split(";")):
        if position == 0:
            given = _arguments(clause, text)
        elif clause in VIEWS:
            view = clause
        elif clause.startswith("after "):
            after.append(_arguments(clause.removeprefix("after "), text))
        else:
            raise _malformed(text, f"'{clause}' is neither a layout nor 'after ...'")
    return StatedCase(given, view, tuple(after))


def _arguments(clause: str, text: str) -> Given:
    try:
        call = ast.parse(f"f({clause})", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise _malformed(text, f"'{clause}' is not written as NAME = NUMBERS") from None
    if not isinstance(call, ast.Call) or call.args or not call.keywords:
        raise _malformed(text, f"'{clause}' is not written as NAME = NUMBERS")
    found: dict[str, Nested] = {}
    for keyword in call.keywords:
        if keyword.arg is None or keyword.arg in found:
            raise _malformed(text, f"'{clause}' names an argument twice, or none")
        try:
            found[keyword.arg] = _value(keyword.value)
        except (ArithmeticError, TypeError, ValueError):
            shown = ast.unparse(keyword.value)
            raise _malformed(
                text, f"'{shown}' is not made of numbers, lists and + - * / **"
            ) from None
    return found


def _value(node: ast.expr) -> Nested:
    """Numbers, lists, arithmetic of numbers, `list * count` and `list + list`. TypeError else."""
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_number(_value(operand))
        case ast.List(elts=parts):
            return [_value(part) for part in parts]
        case ast.BinOp(left=left, op=ast.Mult(), right=right) if isinstance(left, ast.List):
            row, count = _value(left), _value(right)
            if isinstance(row, list) and isinstance(count, int) and len(row) * count <= _MOST:
                return row * count
        case ast.BinOp(left=left, op=sign, right=right):
            a, b = _value(left), _value(right)
            if isinstance(a, list) and isinstance(b, list) and isinstance(sign, ast.Add):
                return a + b
            if type(sign) in _OPERATORS and abs(_number(b)) <= _MOST:
                return _OPERATORS[type(sign)](_number(a), _number(b))
    raise TypeError


def _number(value: Nested) -> float:
    if isinstance(value, list):
        raise TypeError
    return value


def _malformed(text: str, why: str) -> InputError:
    return InputError(
        f"the case '{text}' cannot be read: {why}",
        hint="write it as in: x = [0, 3], dx = [1, 0]; transposed",
    )
