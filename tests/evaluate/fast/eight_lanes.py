"""An operation of kernels alone: its instructions, compiled, on many numbers."""

from __future__ import annotations

import ctypes
from collections.abc import Callable

import numpy as np

from harness.evaluate.fast.llvm.code import Code
from harness.evaluate.fast.llvm.emit import SIGNATURE
from harness.evaluate.fast.llvm.instructions import LANES, VECTOR
from harness.evaluate.fast.llvm.machine import compiled


def computed_by(write: Callable[[Code, str], str], arguments: np.ndarray) -> np.ndarray:
    """What the instructions give for each argument, eight lanes at a time.

    write: writes them for a name of eight float64. arguments: a multiple of eight of them.
    """
    if len(arguments) % LANES:
        raise ValueError(f"{len(arguments)} numbers do not fill {LANES} lanes")
    code = Code()
    start = code.put("load ptr, ptr %arrays")
    index = code.put(f"getelementptr {VECTOR}, ptr {start}, i64 %i")
    value = write(code, code.put(f"load {VECTOR}, ptr {index}, align 8"))
    code.do(f"store {VECTOR} {value}, ptr {index}, align 8")
    body = "\n".join(code.lines)
    text = "\n".join(
        [
            *sorted(code.declared),
            f"define void @kernel({SIGNATURE}) {{\nentry:\n  br label %head\nhead:",
            "  %i = phi i64 [0, %entry], [%next, %body]",
            "  %more = icmp slt i64 %i, %rows\n  br i1 %more, label %body, label %done\nbody:",
            f"{body}\n  %next = add i64 %i, 1\n  br label %head\ndone:\n  ret void\n}}",
        ]
    )
    values = np.ascontiguousarray(arguments, np.float64).copy()
    pointer = (ctypes.c_void_p * 1)(values.ctypes.data)
    compiled(text)(pointer, None, None, None, len(values) // LANES, *[None] * 6)
    return values
