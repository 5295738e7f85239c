"""Kernels against everything else that one could do: ratios measured side by side, as a table.

    python -m benchmarks.fast_path [--readme]

One thread, medians of five, processor time; everything that is compared is timed in turns of one
run, on chunks of 65,536 to 262,144 numbers. `--readme` puts the table into README.md.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from benchmarks.table import ROUNDS, Line, as_markdown, medians, publish
from harness.conformance.claim import claim_of
from harness.conformance.fast_theorem import TheoremCheck, theorem_check
from harness.conformance.form_table import form_table
from harness.conformance.workbench import Workbench
from harness.evaluate.arithmetic import named
from harness.evaluate.fast.check import DefinitionCheck, definition_check
from harness.evaluate.oracle import reference
from harness.implementations import numpy_softmax, torch_softmax
from harness.kernel_store import FolderStore
from harness.specs.load import load_specs
from harness.specs.locate import find_specs

LIBRARY = load_specs(find_specs(None).path)
BENCH = Workbench(form_table(LIBRARY), "quick", 1)
IEEE = named("ieee")


def softmax_check(dtype: str) -> DefinitionCheck:
    sets = BENCH.equation_sets("softmaxVec", IEEE.forms)
    stable = BENCH.stable_equations("softmaxVec")
    return definition_check(sets, stable, "softmaxVec", IEEE, dtype)


def numbers(rows: int, n: int, dtype: Any = np.float32, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((rows, n)).astype(dtype)


def over_bare(rows_of: Mapping[int, int]) -> list[Line]:
    """The full check of softmaxVec, implementation included, over the implementation."""
    check, lines = softmax_check("float32"), []
    for n, rows in rows_of.items():
        x = numbers(rows, n)
        tensor = torch.from_numpy(x)

        def bare(tensor: torch.Tensor = tensor) -> torch.Tensor:
            return torch.softmax(tensor, -1)

        def full(x: np.ndarray = x, bare: Callable[[], torch.Tensor] = bare) -> Any:
            return check((x,), bare().numpy())

        assert full().violations == 0 and full().looked < rows / 100
        times = medians({"bare": bare, "full": full})
        share, each = times["full"] / times["bare"], 1e9 / (rows * n)
        lines.append(
            (
                f"`softmaxVec`, float32, n = {n}: call and check ÷ bare `torch.softmax`",
                f"× {share:.2f} ({times['full'] * each:.2f} over {times['bare'] * each:.2f} ns)",
            )
        )
    return lines


def symmetry(dtype: str) -> TheoremCheck:
    """The check of `inner_softmaxJvp_comm`."""
    claim = claim_of(LIBRARY.statement(LIBRARY.by_name("inner_softmaxJvp_comm")))
    (check,) = theorem_check(BENCH, claim, dict.fromkeys(claim.constants, IEEE), dtype)
    return check


def call(constant: str, arguments: tuple[Any, ...]) -> np.ndarray:
    """Our `softmaxJvp` in torch."""
    assert constant == "softmaxJvp"
    return torch_softmax.softmax_jvp(*(torch.from_numpy(a) for a in arguments)).numpy()


def theorem_rates() -> list[Line]:
    """Cases a second of `inner_softmaxJvp_comm`, the implementation's calls included."""
    check = symmetry("float32")
    lines = []
    for n, rows in ((8, 8192), (64, 1024), (1024, 64)):
        given_ = {v: numbers(rows, n, seed=k) for k, v in enumerate(check.claim.sampled)}
        arrays_ = list(given_.values())

        def plain(arrays_: list[np.ndarray] = arrays_) -> bool:
            x, dx, other = arrays_
            left = (numpy_softmax.softmax_jvp(x, dx) * other).sum(axis=-1)
            right = (dx * numpy_softmax.softmax_jvp(x, other)).sum(axis=-1)
            return bool(np.allclose(left, right, rtol=1e-4, atol=1e-5))

        def kernel(given_: Any = given_) -> Any:
            return check(given_, call)

        def walk(given_: Any = given_) -> Any:
            few = {v: a[:256] for v, a in given_.items()}
            return replace(check, kernel=None)(few, call)

        assert kernel().elements == rows and kernel().violations == 0
        times = medians({"kernel": kernel, "numpy": plain, "walk": walk})
        rate = rows / times["kernel"]
        walked = min(rows, 256) / times["walk"]
        lines.append(
            (
                f"`inner_softmaxJvp_comm`, n = {n}, cases/s: kernel · numpy, no bound · walk",
                f"{rate:.3g} · {rows / times['numpy']:.3g} · {walked:.3g}",
            )
        )
    return [*lines, one_by_one(check, 8, 8192), wide_theorem_rates(8, 8192)]


def one_by_one(check: TheoremCheck, n: int, rows: int) -> Line:
    """The same, one at a time; kernel and loops take turns, so that the machine is alike to all."""
    drawn = {v: numbers(rows, n, seed=k) for k, v in enumerate(check.claim.sampled)}
    examples = 300
    works = {"kernel": lambda: check(drawn, call), "loop": hypothesis_loop(n, examples)}
    times = medians(works)
    hypothesis, kernel = examples / times["loop"], rows / times["kernel"]
    parametrized = parametrize_rate(n)
    return (
        f"the same, n = {n}, one at a time: Hypothesis · pytest.parametrize",
        f"{hypothesis:.0f} · {parametrized:.0f} (kernel: × {kernel / hypothesis:,.0f} · "
        f"× {kernel / parametrized:,.0f})",
    )


def wide_theorem_rates(n: int, rows: int) -> Line:
    """The same in float64."""
    check = symmetry("float64")
    drawn = {
        v: numbers(rows, n, seed=k).astype(np.float64) for k, v in enumerate(check.claim.sampled)
    }
    few = {v: a[:256] for v, a in drawn.items()}
    walk = replace(check, kernel=None)
    times = medians({"kernel": lambda: check(drawn, call), "walk": lambda: walk(few, call)})
    rates = f"{rows / times['kernel']:.3g} · {256 / times['walk']:.3g}"
    return f"the same in float64, n = {n}, cases/s: kernel · walk", rates


def hypothesis_loop(n: int, examples: int) -> Callable[[], Any]:
    """So many examples of the same statement as people write it."""
    vector = arrays(np.float32, n, elements=st.floats(-10, 10, width=32))

    @settings(max_examples=examples, database=None, suppress_health_check=list(HealthCheck))
    @given(vector, vector, vector)
    def symmetric(x: np.ndarray, dx: np.ndarray, other: np.ndarray) -> None:
        left = np.dot(numpy_softmax.softmax_jvp(x, dx), other)
        assert np.isclose(
            left, np.dot(dx, numpy_softmax.softmax_jvp(x, other)), rtol=1e-2, atol=1e-2
        )

    return symmetric


def parametrize_rate(n: int, cases: int = 1000) -> float:
    """Tests a second of a parametrized test, without the start of pytest."""
    text = f"""
import numpy as np, pytest
from harness.implementations.numpy_softmax import softmax_jvp
@pytest.mark.parametrize("seed", range(CASES))
def test_symmetric(seed):
    x, dx, other = np.random.default_rng(seed).standard_normal((3, {n})).astype(np.float32)
    left, right = np.dot(softmax_jvp(x, dx), other), np.dot(dx, softmax_jvp(x, other))
    assert np.isclose(left, right, rtol=1e-4, atol=1e-5)
"""
    with tempfile.TemporaryDirectory() as folder:

        def run(count: int) -> Callable[[], Any]:
            file = Path(folder) / f"test_{count}.py"
            file.write_text(text.replace("CASES", str(count)))
            command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(file)]
            return lambda: subprocess.run(command, check=True, capture_output=True)

        times = medians({"many": run(cases), "one": run(1)}, 0.0, time.perf_counter)
    return (cases - 1) / (times["many"] - times["one"])


def tiers() -> list[Line]:
    """Nanoseconds an element of a reference value, n = 64."""
    x = numbers(256, 64, np.float64)
    stable = BENCH.stable_equations("softmaxVec")
    check = softmax_check("float64")
    got = torch.softmax(torch.from_numpy(x), -1).numpy()

    def by(tier: str, rows: int) -> Callable[[], Any]:
        return lambda: reference(stable["softmaxVec"], stable, (x[:rows],), "float64", tier)

    assert check((x,), got).looked == 0
    works = {"longdouble": by("longdouble", 256), "balls": by("balls", 4)}
    works["kernel"] = lambda: check((x,), got)
    times = medians(works)
    each = {name: 1e9 * t / (64 * (4 if name == "balls" else 256)) for name, t in times.items()}
    return [
        (
            "float64 oracle, ns a number: kernel (2^-101, whole check) · longdouble · balls",
            f"{each['kernel']:.1f} · {each['longdouble']:.0f} · {each['balls']:.0f}",
        )
    ]


def start_up() -> list[Line]:
    """Seconds until a kernel is there: compiled, and found in the store."""
    sets = BENCH.equation_sets("softmaxVec", IEEE.forms)
    stable = BENCH.stable_equations("softmaxVec")
    with tempfile.TemporaryDirectory() as folder:
        store = FolderStore(Path(folder))

        def make(kept: FolderStore | None) -> Callable[[], Any]:
            return lambda: definition_check(sets, stable, "softmaxVec", IEEE, "float32", kept)

        times = medians({"compiled": make(None), "kept": make(store)}, 0.0)
    shown = " · ".join(f"{1000 * times[name]:.0f}" for name in ("compiled", "kept"))
    return [("a kernel's start, ms: compiled · found in the store", shown)]


def memory() -> list[Line]:
    """Peak of what one call allocates, MiB, by rows of n = 64."""
    check, shown = softmax_check("float32"), []
    for rows in (1024, 16384):
        x = numbers(rows, 64)
        got = torch.softmax(torch.from_numpy(x), -1).numpy()
        peaks = []
        for one in (check, replace(check, kernel=None)):
            tracemalloc.start()
            one((x,), got)
            peaks.append(tracemalloc.get_traced_memory()[1] / 2**20)
            tracemalloc.stop()
        shown.append(f"{rows:,} rows {peaks[0]:.2f} · {peaks[1]:.0f}")
    return [("memory of a call beside its arrays, MiB: kernel · walk, n = 64", "; ".join(shown))]


def scaling() -> list[Line]:
    """Nanoseconds a number of the check alone, from n = 2 to 10^6."""
    check, shown = softmax_check("float32"), []
    for n in (2, 8, 64, 1024, 16384, 1_000_000):
        rows = max(2, 262144 // n)
        x = numbers(rows, n)
        got = torch.softmax(torch.from_numpy(x), -1).numpy()
        work = {"kernel": lambda x=x, got=got: check((x,), got)}
        shown.append(f"{1e9 * medians(work, 0.1)['kernel'] / (rows * n):.1f}")
    return [("the check alone, ns a number, n = 2, 8, 64, 1024, 16384, 10^6", " · ".join(shown))]


def main() -> None:
    """All of it."""
    torch.set_num_threads(1)
    lines = [*over_bare({8: 32768, 64: 4096, 1024: 256}), *theorem_rates(), *tiers()]
    lines += [*start_up(), *memory(), *scaling()]
    publish("fast_path", as_markdown(f"one thread, medians of {ROUNDS}", lines), __doc__ or "")


if __name__ == "__main__":
    main()
