"""Kernels in one pass compiled for a GPU that is not here: registers, spills, instructions.

    python -m benchmarks.for_gpu [--n 8,1024] [--dtype float32,float64] [--capability 90] [NAME ...]
    python -m benchmarks.for_gpu softmaxVec --n 1024 --ptx

NAME: declarations, all by default. Nothing is timed: a table says what a thread needs, and how many
float64 instructions a number of the largest block costs, a division counted as one. Without Triton
the exit code is 3.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.conformance.backends import backend
from harness.conformance.claim import claim_of
from harness.conformance.fast_theorem import theorem_check_on
from harness.conformance.form_table import form_table
from harness.conformance.workbench import Workbench
from harness.evaluate.arithmetic import named
from harness.evaluate.fast.device import on_triton
from harness.evaluate.fast.device.on_torch import TorchKernel, definition_check_on
from harness.evaluate.fast.device.triton_text import written
from harness.evaluate.fast.reasons import NotCompiled
from harness.specs.load import load_specs
from harness.specs.locate import find_specs

PROMISE = named("ieee")
POINTERS = {"float64": "*fp64", "float32": "*fp32", "float16": "*fp16", "bfloat16": "*i16"}
OPERATIONS = re.compile(r"\b(?:add|sub|mul|fma|div|sqrt)\.[\w.]*f64")


@dataclass(frozen=True)
class Compiled:
    """ptx: what the assembler of the GPU gets; numbers: of the largest block, for each thread."""

    ptx: str
    numbers: float


def kernels(dtype: str) -> Iterator[tuple[str, TorchKernel]]:
    """Every definition and statement that has a kernel on a device, by name."""
    library = load_specs(find_specs(None).path)
    bench = Workbench(form_table(library), "quick", 1)
    for constant in bench.own:
        sets = bench.equation_sets(constant, PROMISE.forms)
        stable = bench.stable_equations(constant)
        check = definition_check_on("cpu", sets, stable, constant, PROMISE, dtype)
        if check.kernel is not None:
            yield constant, check.kernel
    for name, statement in library.statements.items():
        claim = claim_of(statement)
        promised = dict.fromkeys(claim.constants, PROMISE)
        try:
            checks = theorem_check_on(backend("torch"), bench, claim, promised, dtype)
        except NotCompiled:
            continue
        for one in checks:
            if isinstance(one.kernel, TorchKernel):
                yield f"{name.rpartition('.')[2]}, stated", one.kernel


def compiled(kernel: TorchKernel, n: int, dtype: str, capability: int) -> Compiled | None:
    """For rows whose axes have length n; None where they are too long for one pass."""
    import triton
    from triton.backends.compiler import GPUTarget
    from triton.compiler import ASTSource

    text = written(kernel.order, kernel.made.outcome, kernel.made.arrays)
    how = on_triton.launch(dict.fromkeys(text.axes, n), kernel.blocks)
    if how.numbers > on_triton.LONGEST:
        return None
    function = on_triton.function_of(text.text)
    kinds, constants = {}, {}
    for place, name in enumerate(function.arg_names):
        if name == "R" or name.startswith("B"):
            kinds[name] = "constexpr"
            constants[(place,)] = how.rows if name == "R" else how.padded[int(name[1:])]
        elif name.startswith(("rows", "length", "place")):
            kinds[name] = "i32"
        else:
            other = {"good": "*i8", "histogram": "*i64"}.get(name, "*fp64")
            kinds[name] = POINTERS[dtype] if name.startswith("array") else other
    made = triton.compile(
        ASTSource(fn=function, signature=kinds, constexprs=constants),
        target=GPUTarget("cuda", capability, 32),
        options={"num_warps": how.warps, "enable_fp_fusion": False},
    )
    return Compiled(made.asm["ptx"], how.rows * how.numbers / (32 * how.warps))


def assembled(ptx: str) -> str:
    """Registers and spilled bytes of a thread, as the assembler that comes with Triton says."""
    from triton.backends import nvidia

    folder = Path(next(iter(nvidia.__path__))) / "bin"
    beside = Path(shutil.which("ptxas") or folder / "ptxas")
    found = [folder / "ptxas-blackwell", folder / "ptxas", beside]
    target = re.search(r"\.target (\w+)", ptx)
    assert target is not None
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "kernel.ptx"
        source.write_text(ptx, "utf-8")
        for program in filter(Path.exists, found):
            command = [str(program), "-v", f"--gpu-name={target[1]}", str(source), "-o", os.devnull]
            said = subprocess.run(command, capture_output=True, text=True, check=False)
            used = re.search(r"Used (\d+) registers", said.stdout + said.stderr)
            spilled = re.search(r"(\d+) bytes spill stores", said.stdout + said.stderr)
            if used and spilled:
                return f"{used[1]} · {spilled[1]}"
    return "not assembled here"


def rows(given: argparse.Namespace) -> Iterator[tuple[str, ...]]:
    """The table, a kernel and a length in each row."""
    for dtype in given.dtype.split(","):
        for name, kernel in kernels(dtype):
            if given.names and name.partition(",")[0] not in given.names:
                continue
            for n in map(int, given.n.split(",")):
                made = compiled(kernel, n, dtype, given.capability)
                if made is None:
                    yield name, dtype, str(n), "too long for one pass", ""
                elif given.ptx:
                    print(made.ptx)
                else:
                    operations = len(OPERATIONS.findall(made.ptx)) / made.numbers
                    yield name, dtype, str(n), assembled(made.ptx), f"{operations:.0f}"


def main(arguments: list[str] | None = None) -> int:
    """Print the table; the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--n", default="8,1024")
    parser.add_argument("--dtype", default="float32,float64")
    parser.add_argument("--capability", type=int, default=90, help="of the GPU; default 90: H100")
    parser.add_argument("--ptx", action="store_true", help="print the code instead")
    given = parser.parse_args(arguments)
    # The interpreter, where the environment asks for it, has no code; Triton looks when imported.
    os.environ.pop("TRITON_INTERPRET", None)
    if not on_triton.available():
        print("Triton is not installed: nothing compiled", file=sys.stderr)
        return 3
    head = ("kernel", "dtype", "n", "registers · bytes spilled", "float64 a number")
    lines = list(rows(given))
    if not given.ptx:
        print("\n".join(f"| {' | '.join(line)} |" for line in (head, ("---",) * 5, *lines)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
