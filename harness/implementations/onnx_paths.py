"""The Softmax operator of ONNX, as onnxruntime computes it.

Arrays are numpy, float64, float32 or float16, of shape (rows, n). The model is serialised here, a
field of onnx.proto after the other, so that the package `onnx` is not needed.
"""

from __future__ import annotations

from functools import cache
from typing import Any

_ELEMENT_TYPES = {"float32": 1, "float16": 10, "float64": 11}
_IR_VERSION, _OPSET = 8, 13


def softmax(x: Any) -> Any:
    """Softmax along the last axis. x: (rows, n). Returns that shape and dtype."""
    import numpy as np

    (result,) = _session(str(x.dtype)).run(None, {"x": np.ascontiguousarray(x)})
    return result


@cache
def _session(dtype: str) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(
        softmax_model(dtype), options, providers=["CPUExecutionProvider"]
    )


def softmax_model(dtype: str) -> bytes:
    """A serialised ModelProto: y = Softmax(x, axis=-1), x and y of shape (rows, n)."""
    axis = _text(1, "axis") + _number(3, -1) + _number(20, 2)  # of type INT
    node = _text(1, "x") + _text(2, "y") + _text(4, "Softmax") + _bytes(5, axis)
    graph = _bytes(1, node) + _text(2, "softmax")
    graph += _bytes(11, _value("x", dtype)) + _bytes(12, _value("y", dtype))
    opset = _text(1, "") + _number(2, _OPSET)
    return _number(1, _IR_VERSION) + _bytes(7, graph) + _bytes(8, opset)


def _value(name: str, dtype: str) -> bytes:
    shape = b"".join(_bytes(1, _text(2, axis)) for axis in ("rows", "n"))
    tensor = _number(1, _ELEMENT_TYPES[dtype]) + _bytes(2, shape)
    return _text(1, name) + _bytes(2, _bytes(1, tensor))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value & (2**64 - 1))


def _bytes(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _text(field: int, content: str) -> bytes:
    return _bytes(field, content.encode())


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])
