"""A softmax behind the protocol of crosscheck (docs/protocol.md): copy it, put your own code in.

Needs numpy and nothing of crosscheck. It is judged by

    crosscheck check --process "python python_adapter.py"

and with --broken among its arguments it computes something wrong.
"""

import json
import sys
import zlib

import numpy as np

DTYPES = {"float64": "<f8", "float32": "<f4"}


def softmax(x):
    """Along the last axis; x may have leading axes, and length 0."""
    if x.shape[-1] == 0:
        return x
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_jvp(x, dx):
    """The directional derivative of softmax at x along dx."""
    y = softmax(x)
    return y * (dx - (y * dx).sum(axis=-1, keepdims=True))


def sum_exp(x):
    """The sum of exp."""
    return np.exp(x).sum(axis=-1)


def dot(a, x):
    """The linear map with coefficients a, applied to x."""
    return (a * x).sum(axis=-1)


def broken_softmax(x):
    """The denominator has something added to it, as one does against a division by zero."""
    if x.shape[-1] == 0:
        return x
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / (e.sum(axis=-1, keepdims=True) + x.dtype.type(1e-6))


BROKEN = "--broken" in sys.argv
CONSTANTS = {
    "softmaxVec": broken_softmax if BROKEN else softmax,
    "softmaxJvp": softmax_jvp,
    "sumExp": sum_exp,
    "dotCLM": dot,
}


def arguments_of(call, numbers):
    """The arrays and indices of a call."""
    start = 0
    for told in call["arguments"]:
        if "index" in told:
            yield told["index"]
            continue
        count = int(np.prod(told["shape"], dtype=int))
        kind = np.dtype(DTYPES[call["dtype"]])
        array = np.frombuffer(numbers, kind, count, offset=start)
        start += array.nbytes
        yield array.reshape(told["shape"])


def send(header, data=b""):
    """One message."""
    sys.stdout.buffer.write(json.dumps(header).encode() + b"\n" + data)
    sys.stdout.buffer.flush()


def answer(call, numbers):
    """The result of a call, or what went wrong in it."""
    try:
        with np.errstate(all="ignore"):
            result = CONSTANTS[call["constant"]](*arguments_of(call, numbers))
        result = np.asarray(result)
        data = result.astype(DTYPES[call["dtype"]], order="C").tobytes()
    except Exception as error:
        send({"kind": "error", "id": call["id"], "message": f"{type(error).__name__}: {error}"})
        return
    send(
        {
            "kind": "result",
            "id": call["id"],
            "dtype": call["dtype"],
            "shape": list(result.shape),
            "bytes": len(data),
            "crc32": zlib.crc32(data),
        },
        data,
    )


def main():
    """Answer until the bye, or until there is nobody left to answer."""
    calls = 0
    for line in sys.stdin.buffer:
        message = json.loads(line)
        if message["kind"] == "hello":
            send(
                {
                    "kind": "hello",
                    "protocol": 1,
                    "name": "python-adapter",
                    "version": np.__version__,
                    "constants": {name: "ieee" for name in CONSTANTS},
                    "dtypes": list(DTYPES),
                }
            )
        elif message["kind"] == "call":
            answer(message, sys.stdin.buffer.read(message["bytes"]))
            calls += 1
        elif message["kind"] == "bye":
            send({"kind": "bye", "calls": calls})
            return


if __name__ == "__main__":
    main()
