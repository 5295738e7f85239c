"""The check of softmaxVec on a GPU beside the bare softmax, and what inputs and cells cost there.

    python -m benchmarks.on_cuda [--elements 64Mi] [--n 1024] [--chunk 16Mi]
    python -m benchmarks.on_cuda --device cpu --elements 256Ki      # tries the benchmark itself

float32; medians of five, by the clock, each turn waiting for the device. The target of the project
is 3 times the bare softmax at n = 1024 and 64 Mi numbers. Without a CUDA device nothing is measured
and the exit code is 3. Figures of `--device cpu` say nothing about a GPU.
"""

from __future__ import annotations

import argparse
import platform
import re
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import torch

from benchmarks.table import Line, as_markdown, medians
from harness.campaign.by_device import (
    device_check,
    judged_on_device,
    single_operations,
    why_not_in_one_pass,
)
from harness.campaign.plan import NUMBERS
from harness.campaign.summary import Summary
from harness.cells.cell import Cell
from harness.cells.maker import Maker
from harness.cells.on_numpy import NUMPY
from harness.cells.on_torch import OnTorch
from harness.cells.regimes import REGIMES
from harness.conformance.backends import backend
from harness.conformance.job import Job
from harness.conformance.question import Question
from harness.conformance.request import Request
from harness.conformance.session import Session
from harness.conformance.sheet import one_cell
from harness.evaluate.fast.device.on_torch import MOST_NUMBERS, DeviceCheck
from harness.evaluate.fast.device.on_triton import in_one_pass
from harness.evaluate.fast.reasons import NotCompiled
from harness.implementations import torch_softmax
from harness.implementations.user_entry import user_entry
from harness.specs.load import load_specs
from harness.specs.locate import find_specs
from harness.statement.types import NatType

TARGET = 3.0
UNITS = {"": 1, "Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30}


def softmax(x: torch.Tensor) -> torch.Tensor:
    return torch.softmax(x, -1)


def question_on(device: str, declaration: str, check: str) -> Question:
    functions: dict[str, str | Callable[..., object]] = {
        "softmaxVec": softmax,
        "softmaxJvp": torch_softmax.softmax_jvp,
    }
    entry = user_entry(functions, "torch", devices=(device,), name="torch")
    session = Session(Request(), load_specs(find_specs(None).path), (entry,))
    question = session.question(Job(declaration, check, "torch", "float32", device))
    assert isinstance(question, Question)
    return question


def timed(device: str, works: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Seconds of each, until the device has done it."""
    wait = backend("torch", device).wait or (lambda: None)

    def waited(work: Callable[[], Any]) -> Any:
        done = work()
        wait()
        return done

    every = {name: partial(waited, work) for name, work in works.items()}
    return medians(every, 0.2, time.perf_counter)


def over_bare(device: str, check: DeviceCheck, elements: int, n: int, kind: str) -> list[Line]:
    """Call and check over the call, and cases a second. kind: of the check, for people."""
    rows = max(1, elements // n)
    x = torch.randn(rows, n, generator=torch.Generator(device).manual_seed(1), device=device)

    def full() -> Any:
        return check((x,), softmax(x))

    seen = full()
    assert seen.violations == 0 and seen.looked <= rows / 100 and seen.elements == rows * n
    if device != "cpu":
        torch.cuda.reset_peak_memory_stats()
    times = timed(device, {"bare": partial(softmax, x), "full": full})
    ratio, rate = times["full"] / times["bare"], rows / times["full"]
    what = f"float32, n = {n}, {rows * n:,} numbers"
    shown = f"{1e3 * times['bare']:.3f} · {1e3 * times['full']:.3f} ms: × {ratio:.1f}"
    found = [
        (f"bare softmax · call and check, {kind}, {what}", f"{shown} (target × {TARGET:.0f})"),
        ("the same: numbers · inputs a second", f"{rate * n:.3g} · {rate:.3g}"),
    ]
    if device != "cpu":
        peak = torch.cuda.max_memory_allocated() / 2**20
        found.append(("the most memory of the device in use meanwhile", f"{peak:,.0f} MiB"))
    return found


def in_one_pass_or_why(check: DeviceCheck) -> DeviceCheck | str:
    """The check with kernels of Triton, or why there are none."""
    assert check.kernel is not None
    try:
        return replace(check, kernel=in_one_pass(check.kernel))
    except NotCompiled as reason:
        return f"not here: {reason}"


def statements(device: str) -> list[Line]:
    """Inputs of `inner_softmaxJvp_comm` judged in a second, two calls for each included."""
    question = question_on(device, "inner_softmaxJvp_comm", "theorem")
    check = device_check(question)
    assert isinstance(check, tuple)
    n, rows = 8, 1 << 20
    generator = torch.Generator(device).manual_seed(1)
    arrays = {
        v: torch.randn(rows, n, generator=generator, device=device)
        for v in question.variables
        if not isinstance(v.type, NatType)
    }

    def call(constant: str, arguments: tuple[Any, ...]) -> Any:
        return question.callees()[constant].function(*arguments)

    def judged() -> Any:
        return [one(arrays, call) for one in check]

    (seen,) = judged()
    assert seen.violations == 0 and seen.elements == rows
    why = why_not_in_one_pass(question)
    rate = rows / timed(device, {"judged": judged})["judged"]
    how = f"single operations: {why}" if why else "in one pass"
    if device == "cpu":
        how = "single operations"
    return [(f"`inner_softmaxJvp_comm`, n = {n}, inputs a second, {how}", f"{rate:.3g}")]


def cells(device: str, question: Question, check: DeviceCheck) -> list[Line]:
    """Inputs made on the device and on the processor, and whole cells of a campaign."""
    n = 8
    rows = NUMBERS // n | 1
    of = [Cell(1, "float32", n, regime, "normal", 16, (rows,)) for regime in REGIMES]
    sheets = [one_cell(question.variables, cell) for cell in of]
    places = backend("torch", device)

    def made(make: Maker) -> None:
        for sheet in sheets:
            for numbers in sheet.made(make).values():
                places.make(numbers, "float32")

    def judged() -> None:
        for sheet in sheets:
            judged_on_device(question, check, sheet, 0, _never)

    there, here = partial(made, OnTorch(device)), partial(made, NUMPY)
    times = timed(device, {"there": there, "here": here, "whole": judged})
    each = 1e9 / (rows * n * len(of))
    shown = f"{times['there'] * each:.2f} · {times['here'] * each:.2f}"
    return [
        ("inputs, all regimes, ns a number: made there · made here and copied", shown),
        (
            f"cells of a campaign, {rows:,} inputs of n = {n}: inputs a second, one process",
            f"{rows * len(of) / times['whole']:.3g}",
        ),
    ]


def _never() -> Summary:
    raise AssertionError("torch.softmax was outside of its bound")


def count(text: str) -> int:
    """A whole number such as 65536 or 64Mi."""
    found = re.fullmatch(r"(\d+)(Ki|Mi|Gi|)", text)
    if not found or not int(found[1]):
        raise argparse.ArgumentTypeError(f"'{text}' is not a number such as 65536 or 64Mi")
    return int(found[1]) * UNITS[found[2]]


def name_of(device: str) -> str:
    """Of what the figures are."""
    shown = platform.processor() or platform.machine()
    if device != "cpu":
        shown = f"{torch.cuda.get_device_name(device)}, CUDA {torch.version.cuda}"
    return f"{shown}, torch {torch.__version__}, medians of 5"


def main() -> int:
    """Print the table; the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--device", default="cuda", help="cuda, cuda:1, cpu; default cuda")
    parser.add_argument("--elements", type=count, default=count("64Mi"), help="default 64Mi")
    parser.add_argument("--n", type=count, default=1024, help="default 1024")
    parser.add_argument("--chunk", type=count, default=MOST_NUMBERS, help="default 16Mi")
    given = parser.parse_args()
    if given.device != "cpu" and not torch.cuda.is_available():
        print("no CUDA device here: not measured", file=sys.stderr)
        return 3
    question = question_on(given.device, "softmaxVec", "definition")
    check = definition_check_on_device(question)
    assert check.kernel is not None
    alone = replace(check, kernel=replace(check.kernel, most=given.chunk))
    asked = (given.elements, given.n)
    lines = over_bare(given.device, alone, *asked, "single operations")
    together = in_one_pass_or_why(check)
    if isinstance(together, str):
        lines.append(("call and check, in one pass", together))
    elif given.device != "cpu":  # there it would be Triton's interpreter
        lines += over_bare(given.device, together, *asked, "in one pass")
    lines += [*cells(given.device, question, check), *statements(given.device)]
    print(as_markdown(name_of(given.device), lines))
    return 0


def definition_check_on_device(question: Question) -> DeviceCheck:
    """By single operations."""
    check, why = single_operations(question)
    assert isinstance(check, DeviceCheck), why
    return check


if __name__ == "__main__":
    sys.exit(main())
