"""Every promise that the walk is attacked under: named arithmetics, mixed formats, carriers."""

from __future__ import annotations

from harness.evaluate.arithmetic import Arithmetic, named, with_fields
from harness.evaluate.value import FLOAT64
from tests.evaluate.attack import Target


def promised(base: str = "ieee", **fields: object) -> Arithmetic:
    return with_fields(named(base), fields)


IEEE = promised()
TARGETS = (
    Target("float32", IEEE, "float32"),
    Target("float16, one cast", IEEE, "float16"),
    Target("bfloat16, one cast", IEEE, "bfloat16"),
    Target("float64", IEEE, "float64"),
    # As on platforms whose longdouble is float64: the walk errs as much as the code does.
    Target("float64 in a float64 carrier", IEEE, "float64", FLOAT64),
    Target("float32, flushed", promised("flush_to_zero"), "float32"),
    Target("float16, flushed", promised("flush_to_zero"), "float16"),
    Target("float64, flushed", promised("flush_to_zero"), "float64"),
    Target("float16, elementwise", promised("elementwise"), "float16"),
    Target("bfloat16, elementwise", promised("elementwise"), "bfloat16"),
    Target("bfloat16, elementwise, sums wide", promised("wide_sum"), "bfloat16"),
    Target("float16, elementwise and exact", promised("elementwise", exact=True), "float16"),
    Target("bfloat16, elementwise and exact", promised("elementwise", exact=True), "bfloat16"),
    Target("float32 by exp2", promised("exp2"), "float32"),
    Target("float16 by exp2, elementwise", promised("exp2", working="output"), "float16"),
    Target("float32 summed in float64", promised(accumulator="float64"), "float32"),
    Target("float32 summed in float16", promised(accumulator="float16"), "float32"),
    Target("float64 summed in float32", promised(accumulator="float32"), "float64"),
    Target(
        "float32 summed in float16, flushed",
        promised("flush_to_zero", accumulator="float16"),
        "float32",
    ),
    Target("float64 worked in float32", promised(working="float32"), "float64"),
    Target(
        "float32 worked in float16, summed in bfloat16",
        promised(working="float16", accumulator="bfloat16"),
        "float32",
    ),
)

BROKEN = (
    Target("exp off by 6 ulp, 4 promised", IEEE, "float32", obeyed=promised(exp_ulp=6.0)),
    Target("flushed", IEEE, "float32", obeyed=promised("flush_to_zero")),
    Target("float64, flushed", IEEE, "float64", obeyed=promised("flush_to_zero")),
    Target("exp2", IEEE, "float32", obeyed=promised("exp2")),
    Target("summed in float16", IEEE, "float32", obeyed=promised(accumulator="float16")),
    Target("summed in float32", IEEE, "float64", obeyed=promised(accumulator="float32")),
    Target("elementwise", IEEE, "bfloat16", obeyed=promised("elementwise")),
)
"""Programs that do not keep the promise: the attack must find each of them."""
