"""What a call through the protocol costs beside one in this process: `python process_calls.py`.

Each row: time of a call of the program over that of the same numpy function called directly, and
the time that the pipe adds, in microseconds. The best of several rounds; the machine may be busy.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from harness.conformance.remote import callees_of, program_of
from harness.implementations import numpy_softmax
from harness.implementations.entry import Entry, Implementation, Process

ADAPTERS = Path(__file__).parents[1] / "examples" / "adapters"
ROUNDS, CALLS = 7, 100


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        print(f"{'program':10} {'shape':>12} {'ratio':>7} {'added us':>9}")
        for name, command in commands(Path(folder)).items():
            for shape in ((13, 1), (5, 64), (3, 4096)):
                ratio, added = compared(command, shape)
                print(f"{name:10} {'x'.join(map(str, shape)):>12} {ratio:7.1f} {added:9.0f}")


def commands(folder: Path) -> dict[str, tuple[str, ...]]:
    """The reference adapters that can run here."""
    found: dict[str, tuple[str, ...]] = {
        "python": (sys.executable, str(ADAPTERS / "python_adapter.py"))
    }
    if compiler := shutil.which("cc"):
        program = str(folder / "softmax")
        source = str(ADAPTERS / "softmax.c")
        subprocess.run([compiler, "-O2", "-o", program, source, "-lm"], check=True)
        found["c"] = (program,)
    if node := shutil.which("node"):
        found["node"] = (node, str(ADAPTERS / "softmax.js"))
    return found


def compared(command: tuple[str, ...], shape: tuple[int, ...]) -> tuple[float, float]:
    """Ratio of the times of a call, and their difference in microseconds."""
    process = Process(command)
    implementation = {"softmaxVec": Implementation("process:<it>")}
    entry = Entry("it", "numpy", implementation, ("float32",), process=process)
    program = program_of(process)
    try:
        callees, _ = callees_of(entry, program, "float32", "cpu")
        callee = callees["softmaxVec"]
        x = np.random.default_rng(1).normal(size=shape).astype("float32")
        through = best(lambda: callee.perform(callee.function, (x,), callee.limit))
        direct = best(lambda: numpy_softmax.softmax_vec(x))
    finally:
        program.kill()
    return through / direct, (through - direct) * 1e6


def best(call: Callable[[], object]) -> float:
    """Seconds of one call, in the best of the rounds."""
    found = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(CALLS):
            call()
        found = min(found, (time.perf_counter() - start) / CALLS)
    return found


if __name__ == "__main__":
    main()
