"""How a snippet calls a program in another process: one conversation of docs/protocol.md a call."""

from __future__ import annotations

import os

from harness.implementations.entry import Process

_CALL = """\
def {name}(*arguments):
    import json, subprocess

    arrays = [a for a in arguments if not isinstance(a, int)]
    numbers = b"".join(a.tobytes() for a in arrays)
    told = [{{"index": a}} if isinstance(a, int) else {{"shape": a.shape}} for a in arguments]
    call = {{"kind": "call", "id": 1, "constant": {constant}, "dtype": str(arrays[0].dtype)}}
    call |= {{"device": "cpu", "arguments": told, "bytes": len(numbers)}}
    hello, call, bye = (
        json.dumps(message, separators=(",", ":")).encode() + b"\\n"
        for message in ({{"kind": "hello", "protocol": 1}}, call, {{"kind": "bye"}})
    )
    program = subprocess.run(
        {command},
        input=hello + call + numbers + bye,
        stdout=subprocess.PIPE,
        cwd={folder},
    )
    _, answer, numbers = program.stdout.split(b"\\n", 2)
    print(answer.decode())
    answer = json.loads(answer)
    return np.frombuffer(numbers[: answer["bytes"]], answer["dtype"]).reshape(answer["shape"])
"""


def process_lines(name: str, constant: str, process: Process) -> list[str]:
    """A function of that name, which calls the constant of the program; numpy is `np` there."""
    folder = "." if process.folder is None else os.path.relpath(process.folder)
    text = _CALL.format(
        name=name, constant=repr(constant), command=list(process.command), folder=repr(folder)
    )
    return ["", *text.rstrip("\n").split("\n"), "", ""]
