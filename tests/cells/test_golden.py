"""The same bits on every machine: digests that are pinned, operations that are rounded exactly."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from types import ModuleType

import pytest

from harness.cells import cell, draws, inputs, maker, on_numpy, on_torch, plan, regimes, tangents
from tests.cells.golden import digests, known

# Exact, or rounded correctly by IEEE 754, or about integers, shapes and order. Nothing that a C
# library or a vector unit may round its own way: no exp, log, power, sum, matmul, and no ldexp.
EXACT = frozenset(
    {
        *("abs", "negative", "maximum", "minimum", "clip", "sort", "choose", "where", "prod"),
        *("repeat", "concatenate", "arange", "asarray", "zeros", "ones", "full", "empty", "inf"),
        *("broadcast_to", "bool_", "int64", "uint16", "uint32", "uint64", "random.Philox"),
        *("float16", "float32", "float64"),
        # Of torch, as exact.
        *(
            "tensor",
            "from_numpy",
            "zeros_like",
            "stack",
            "cat",
            "clamp",
            "flip",
            "repeat_interleave",
            "copysign",
        ),
    }
)
MODULES = (cell, draws, inputs, maker, on_numpy, on_torch, plan, regimes, tangents)


def test_the_bits_are_those_of_every_other_machine() -> None:
    found, wanted = digests(), known()
    changed = [name for name in wanted if found.get(name) != wanted[name]]
    assert changed == [], (
        "other bits than before: cases of old reports would mean other inputs. If that is "
        "meant, name a new GENERATION in harness/cells/draws.py and run "
        "`python -m tests.cells.golden`"
    )
    assert found.keys() == wanted.keys()


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__)
def test_generators_use_exactly_rounded_operations(module: ModuleType) -> None:
    assert list(inexact(inspect.getsource(module))) == []


@pytest.mark.parametrize(
    "text",
    [
        "np.exp(x)",
        "np.random.default_rng(key).normal()",
        "math.log(x)",
        "x ** 0.5",
        "x ** y",
        "np.ldexp(x, 3)",
        "torch.addcmul(a, b, c)",
        "a @ b",
        "x.sum()",
        "x.mean(axis=-1)",
        "from math import exp",
    ],
)
def test_other_operations_are_found(text: str) -> None:
    assert list(inexact(text))


def inexact(source: str) -> Iterator[str]:
    """What in a module's source may depend on the machine."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(value=ast.Attribute(value=ast.Name("np"), attr=part), attr=name):
                if f"{part}.{name}" not in EXACT:
                    yield f"line {node.lineno}: np.{part}.{name}"
            case ast.Attribute(value=ast.Name("np" | "math" | "torch" as library), attr=name):
                if name not in EXACT | {"random"}:
                    yield f"line {node.lineno}: {library}.{name}"
            case ast.Attribute(attr="sum" | "mean" | "dot" | "cumsum" | "std" | "var"):
                yield f"line {node.lineno}: .{node.attr}"
            case ast.BinOp(op=ast.Pow(), left=ast.Constant(2.0), right=right):
                if not _is_whole(right):
                    yield f"line {node.lineno}: a power that is not of whole numbers"
            case ast.BinOp(op=ast.Pow() | ast.MatMult()):
                yield f"line {node.lineno}: {ast.unparse(node)}"
            case ast.ImportFrom(module="math" | "cmath" | "random" | "numpy"):
                yield f"line {node.lineno}: {ast.unparse(node)}"


def _is_whole(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp):
        return _is_whole(node.operand)
    return isinstance(node, ast.Constant) and isinstance(node.value, int)
