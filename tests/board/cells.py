"""Cells of a board, for tests of what is made of them."""

from __future__ import annotations

from typing import Any

from harness.board.document import Cell, Found

FOUND = Found(
    kind="value",
    message="softmaxVec at coordinate 0 is 0.5, exact is 0.25",
    inputs={"x": ["0x1.8p+1", "-0x1p-1074"]},
    case="softmaxVec:definition:mine:cpu@float32/n=2#0",
    snippet="print()",
)


def cell(**fields: Any) -> Cell:
    base: dict[str, Any] = {
        "path": "mine",
        "function": "softmaxVec",
        "dtype": "float32",
        "verdict": "conforms",
        "expected": False,
        "why": "",
        "meets": "ieee",
        "cases": 10,
        "violations": 0,
        "worst_ulp": 1.5,
        "worst_ratio": 0.71,
        "declarations": {},
        "speed": 1e9,
        "relative": 1.0,
    }
    return Cell(**(base | fields))


VIOLATES = {"verdict": "violates", "meets": "none", "found": FOUND, "worst_ratio": float("inf")}
