"""Made-up verdicts and documents for the tests of reports: no check ran to get them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from harness.conformance.verdict import Case, CheckResult, Peak, Verdict, Violation
from harness.report.document import (
    DeclarationRecord,
    Document,
    FolderRecord,
    LeanRecord,
    MachineRecord,
    RunRecord,
    ToolRecord,
)
from harness.report.records import check_records
from harness.report.replay_command import Replaying
from harness.report.standing import consistency, entry_records
from harness.report.summary import summary

NAMES = ("sumExp", "softmaxVec", "softmaxJvp", "inner_softmaxJvp_comm", "Vec")
DEFINERS = {name: f"Proofs.Autograd.{name}" for name in NAMES[:3]}
SMALL = Case(
    "float32/n=2/normal/one_hot/s0/13/contiguous/seed=1",
    3,
    2,
    {"x": ["0x1.8000000000000p+6", "0x1.0000000000000p+0"]},
)


def check(
    declaration: str = "softmaxVec",
    kind: str = "definition",
    verdict: Verdict = Verdict.CONFORMS,
    **fields: Any,
) -> CheckResult:
    """A result with plausible counts; `fields` replaces any."""
    base: dict[str, Any] = {"entry": "numpy", "dtype": "float32", "device": "cpu", "cases": 1000}
    if kind == "definition":
        base["constants"] = (declaration,)
    if kind == "consistency":
        base |= {"entry": "", "dtype": "reals", "device": ""}
    elif verdict is Verdict.CONFORMS:
        base["worst_ratio"] = Peak(0.71, SMALL)
    return CheckResult(
        f"Proofs.Autograd.{declaration}", verdict=verdict, **{"check": kind, **base, **fields}
    )


def violation(**fields: Any) -> Violation:
    """A value outside its bound; `fields` replaces any."""
    base: dict[str, Any] = {
        "kind": "value",
        "message": "softmaxVec at coordinate 1 is 0.5, exact is 0.25: error 2e+06 ulp, bound 4 ulp",
        "case": SMALL,
        "constant": "softmaxVec",
        "ratio": 31234.5,
        "got": (0.5).hex(),
        "want": (0.25).hex(),
        "bound": 1e-7,
    }
    return Violation(**{**base, **fields})


def theorem(verdict: Verdict = Verdict.CONFORMS, **fields: Any) -> CheckResult:
    """The check of inner_softmaxJvp_comm, which calls softmaxJvp."""
    return check(
        "inner_softmaxJvp_comm", "theorem", verdict, **{"constants": ("softmaxJvp",), **fields}
    )


def good_run() -> list[CheckResult]:
    """Everything conforms, on reals, and for numpy and torch in two dtypes."""
    pairs = [(entry, dtype) for entry in ("numpy", "torch") for dtype in ("float64", "float32")]
    floats = [
        make(entry=entry, dtype=dtype)
        for entry, dtype in pairs
        for make in (
            lambda **words: check("sumExp", **words),
            lambda **words: check("softmaxVec", **words),
            lambda **words: check("softmaxJvp", **words),
            theorem,
        )
    ]
    return [check(name, "consistency") for name in NAMES[:4]] + floats


def lean_record(**fields: Any) -> LeanRecord:
    """A declaration whose text is the Lean source's."""
    base: dict[str, Any] = {
        "mirror": "same",
        "message": "",
        "detail": [],
        "file": "Proofs/Autograd/Softmax.lean",
        "first_line": 10,
        "last_line": 12,
        "flags": [],
        "link": "reviewed",
        "fingerprint": "scan1:" + "0" * 64,
        "proved": "no evidence",
    }
    return LeanRecord(**{**base, **fields})


def document(
    results: Sequence[CheckResult],
    lean: dict[str, LeanRecord] | None = None,
    *,
    interrupted: bool = False,
) -> Document:
    """The document of a run with these results over the declarations in NAMES."""
    full = {name: f"Proofs.Autograd.{name}" for name in NAMES}
    records = check_records(results, full, Replaying(("--impl", "softmaxVec=mine:softmax")))
    declarations = [
        DeclarationRecord(
            name=full[name],
            short_name=name,
            kind="abbrev" if name == "Vec" else "theorem" if "_" in name else "def",
            role="required",
            spec=f"specs/softmax/{name}.yaml",
            statement="∀ {n : ℕ} (x : Vec n), …",
            summary="one line",
            requirement="SOFTMAX-01",
            requirement_text="what it asks for",
            defines=name if name in DEFINERS else "",
            lean=(lean or {}).get(name, lean_record()),
            consistent=consistency(full[name], records),
            entries=entry_records(full[name], records, DEFINERS),
        )
        for name in NAMES
    ]
    return Document(
        schema=1,
        crosscheck="0.1.0",
        run=run(interrupted=interrupted),
        machine=machine(),
        specs=FolderRecord(path="specs", origin="repository", digest="ab" * 32),
        lean=FolderRecord(path="lean", origin="repository", digest=""),
        toolchain=toolchain(),
        declarations=declarations,
        results=records,
        summary=summary(declarations, records, interrupted),
    )


def run(**fields: Any) -> RunRecord:
    """What was asked for: everything."""
    base: dict[str, Any] = {
        "started": "2026-01-01T00:00:00Z",
        "seconds": 1.5,
        "effort": "default",
        "seed": 1,
        "names": [],
        "backends": [],
        "dtypes": [],
        "devices": ["cpu"],
        "supplied": {},
        "interrupted": False,
    }
    return RunRecord(**{**base, **fields})


def machine(**fields: Any) -> MachineRecord:
    """A machine with everything."""
    base: dict[str, Any] = {
        "python": "3.12.1",
        "system": "Linux x86_64",
        "cpus": 2,
        "libraries": {"numpy": "2.4.6", "torch": "2.13.0", "python-flint": "0.9.0"},
        "absent": [],
        "cpu_features": ["SSE", "AVX2", "FMA3"],
        "numpy_dispatch": ["AVX2", "FMA3"],
        "torch_cpu": "AVX2",
        "torch": {"threads": "2", "flush_denormal": "off"},
        "longdouble_bits": 64,
        "cuda": [],
    }
    return MachineRecord(**{**base, **fields})


def toolchain(**fields: Any) -> ToolRecord:
    """No toolchain."""
    base: dict[str, Any] = {
        "present": False,
        "tools": {},
        "pinned": "leanprover/lean4:v4.31.0",
        "mathlib": "v4.31.0",
    }
    return ToolRecord(**{**base, **fields})
