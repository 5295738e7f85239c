"""Power documents made by hand, for tests of what is made of them."""

from __future__ import annotations

from harness.power.document import Kill, PowerDocument, Resolution, Row, Trial
from harness.power.score import score

KILL = Kill(
    check="definition",
    declaration="softmaxVec",
    kind="value",
    n=65,
    regime="ties",
    view="strided",
    batch="5",
    case="float32/n=65/ties/normal/s0/5/strided/seed=1#0",
)


def row(name: str, *trials: Trial, expected: str = "violates", defect: str = "size") -> Row:
    """An entry of tests/mutants/sample.yaml."""
    return Row.model_validate(
        {
            "name": name,
            "group": "mutants/sample.yaml",
            "backend": "numpy",
            "constants": ("softmaxVec",),
            "arithmetic": "ieee",
            "expected": expected,
            "defect": defect if expected == "violates" else "",
            "reason": f"why {name}",
            "trials": trials,
        }
    )


def document(*rows: Row) -> PowerDocument:
    """A run of default effort that took 60 s."""
    return PowerDocument(effort="default", seed=1, seconds=60, score=score(rows), rows=rows)


FOUND = Trial(
    dtype="float32",
    outcome="killed",
    kills=(KILL, KILL.model_copy(update={"check": "theorem", "n": 2})),
    others={"assert_close": "passes", "gradcheck": "not applicable"},
)
ALSO = Trial(
    dtype="float64",
    outcome="killed",
    kills=(KILL.model_copy(update={"n": 3, "view": "contiguous", "batch": "-"}),),
    others={"assert_close": "fails", "gradcheck": "not applicable"},
)
LOST = Trial(
    dtype="float32",
    outcome="survived",
    others={"assert_close": "fails", "gradcheck": "fails"},
    resolution=Resolution(least_ulp=0.5, n=2, regime="ties", exact=0.25),
)
SPARED = Trial(
    dtype="float32",
    outcome="spared",
    others={"assert_close": "fails", "gradcheck": "not applicable"},
)
CLEAN = document(
    row("tail", FOUND, ALSO),
    row("right", SPARED, expected="conforms"),
    row("alike", SPARED, expected="equivalent"),
    row("limit", Trial(dtype="float32", outcome="unseen"), expected="unseen"),
)
POOR = document(
    row("tail", FOUND),
    row("lost", LOST, defect="formula"),
    row(
        "right", Trial(dtype="float32", outcome="rejected", note="too strict"), expected="conforms"
    ),
    row("limit", Trial(dtype="float32", outcome="seen"), expected="unseen"),
)
