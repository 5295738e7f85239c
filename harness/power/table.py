"""The tables of a power run, as cells: the kill matrix, and what is found by class of defect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.power.document import ClassScore, Kill, PowerDocument, Row, Trial

CHECKS = ("definition", "linearity", "theorem", "fact")
MARKS = {"killed": "✓", "spared": "✓", "unseen": "–", "seen": "+", "not run": "?"}
"""What is not here is a finding: ✗."""
DTYPES = {"float64": "f64", "float32": "f32", "float16": "f16", "bfloat16": "bf16"}
LEGEND = (
    "D definition · L linearity · T theorem · F fact (L, T and F at quick effort, for the "
    "narrowest dtype); n, regime, how: of the smallest kill"
)
CLASSES = {
    "formula": "another formula",
    "precision": "the last places, narrow formats",
    "range": "overflow, underflow, thresholds",
    "size": "some sizes, tails, blocks",
    "batch": "rows, axes of a batch",
    "memory": "layouts, aliases, caches",
    "numbers": "some numbers only",
    "linearity": "no derivative: not linear, differences",
    "result": "dtype, shape, type, exceptions",
    "": "not classified",
}


def head(document: PowerDocument) -> tuple[str, ...]:
    """The column heads of `matrix`."""
    tools = [tool.name for tool in document.score.tools]
    return ("entry", "dtypes", "checks", "n", "regime", "how", *(f"caught by {t}" for t in tools))


def matrix(rows: Sequence[Row], tools: Sequence[str] = ()) -> Iterator[tuple[str, ...]]:
    """One line of cells for each entry: over its dtypes, the smallest kill and all checks."""
    for row in rows:
        kills = [kill for trial in row.trials for kill in trial.kills]
        first = min(kills, key=lambda kill: (kill.n, kill.check != "definition"), default=None)
        yield (
            row.name,
            " ".join(f"{DTYPES.get(t.dtype, t.dtype)}{_mark(t)}" for t in row.trials),
            _checks(kills),
            str(first.n) if first else "",
            first.regime if first else "",
            _how(first) if first else "",
            *(_answer(row, tool) for tool in tools),
        )


def class_head(document: PowerDocument) -> tuple[str, ...]:
    """The column heads of `classes`."""
    return ("wrong by", "entries", "crosscheck", *(t.name for t in document.score.tools))


def classes(document: PowerDocument) -> Iterator[tuple[str, ...]]:
    """One line of cells for each class of defects, for all, and for the right ones."""
    score = document.score
    for one in score.classes:
        yield (CLASSES[one.defect], str(one.mutants), *_caught(one, document))
    if len(score.classes) != 1:
        yield (
            "all: found",
            str(score.mutants),
            f"{score.killed_pairs} of {score.mutant_pairs}",
            *(f"{tool.caught} of {tool.mutants}" for tool in score.tools),
        )
    yield (
        "right: rejected",
        str(score.right),
        f"{score.right_pairs - score.spared_pairs} of {score.right_pairs}",
        *(f"{tool.rejected} of {tool.right}" for tool in score.tools),
    )


def aligned(rows: Sequence[tuple[str, ...]], numbers_from: int | None = None) -> Iterator[str]:
    """The cells in columns; those from a column on to the right of it."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    right = len(widths) if numbers_from is None else numbers_from
    for row in rows:
        cells = (
            cell.rjust(width) if k >= right else cell.ljust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()


def _answer(row: Row, tool: str) -> str:
    found = [trial.others.get(tool) for trial in row.trials]
    caught, passed = found.count("fails"), found.count("passes")
    if not caught + passed:
        return ""
    return "no" if not caught else "some" if passed else "yes"


def _caught(one: ClassScore, document: PowerDocument) -> Iterator[str]:
    yield f"{one.killed_pairs} of {one.pairs}"
    for tool in document.score.tools:
        applies = one.applies.get(tool.name, 0)
        yield f"{one.caught.get(tool.name, 0)} of {applies}" if applies else "–"


def _mark(trial: Trial) -> str:
    return MARKS.get(trial.outcome, "✗")


def _checks(kills: Sequence[Kill]) -> str:
    seen = {kill.check for kill in kills}
    return "".join(check[0].upper() if check in seen else "·" for check in CHECKS)


def _how(kill: Kill) -> str:
    """What happened, and the layout or the batch where these are not the plain ones."""
    if kill.view not in ("contiguous", ""):
        return f"{kill.kind}, {kill.view}"
    if kill.batch == "-" or "x" in kill.batch:
        return f"{kill.kind}, {'no batch' if kill.batch == '-' else f'batch {kill.batch}'}"
    return kill.kind
