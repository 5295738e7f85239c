"""A power run for people: the kill matrix, the classes of defects, what survived, the score."""

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


def lines(document: PowerDocument) -> Iterator[str]:
    """The whole report, line by line; the last one can be quoted."""
    yield f"crosscheck mutate · effort {document.effort} · seed {document.seed}"
    mutants = [row for row in document.rows if row.expected == "violates"]
    yield from _matrix_lines(mutants)
    if mutants:
        yield ""
        yield LEGEND + _tool_legend(document)
    for row in document.findings:
        yield ""
        yield f"✗ {row.name}: {row.outcome}" + (f" ({row.reason})" if row.reason else "")
        yield from _details(row)
    yield ""
    yield from aligned([class_head(document), *classes(document)], numbers_from=1)
    for row in document.rows:
        if row.outcome == "seen":
            yield f"+ {row.name}: a stated limit that this run did see ({row.reason})"
    yield ""
    yield sentence(document)


def sentence(document: PowerDocument) -> str:
    """The score in one sentence."""
    s = document.score
    beside = "".join(
        f", {count} of {total} {what}"
        for count, total, what in (
            (s.equivalent_spared, s.equivalent, "equivalent within the arithmetic, too"),
            (s.limits - s.limits_seen, s.limits, "stated limits unseen"),
        )
        if total
    )
    return (
        f"{s.killed} of {s.mutants} wrong implementations are killed, {_at_n0(document)}, and "
        f"{s.spared} of {s.right} right ones are spared{beside} ({s.mutant_pairs} and "
        f"{s.right_pairs} with their dtypes; effort {document.effort}, seed {document.seed}, "
        f"{document.seconds:.0f} s)."
    )


def _at_n0(document: PowerDocument) -> str:
    alone = sum(row.outcome == "n = 0 only" for row in document.rows)
    return f"{alone or 'none'} by n = 0 alone"


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


def _matrix_lines(mutants: Sequence[Row]) -> Iterator[str]:
    """The matrix by catalogue, in columns that all catalogues share."""
    if not mutants:
        return
    tools = list(dict.fromkeys(name for r in mutants for t in r.trials for name in t.others))
    letters = [name[0].upper() + ("0" if name.endswith("0") else "") for name in tools]
    table = [
        ("", "", "checks", "n", "regime", "how", *letters),
        *((*cells[:6], *(_short(cell) for cell in cells[6:])) for cells in matrix(mutants, tools)),
    ]
    top, *rest = aligned(table)
    group = ""
    for row, line in zip(mutants, rest, strict=True):
        if row.group != group:
            group = row.group
            own = [r for r in mutants if r.group == group]
            killed = sum(r.outcome == "killed" for r in own)
            yield ""
            yield f"{group}: {killed} of {len(own)} killed"
            yield top
        yield line


def _tool_legend(document: PowerDocument) -> str:
    names = [tool.name for tool in document.score.tools]
    if not names:
        return ""
    letters = ", ".join(
        f"{name[0].upper()}{'0' if name.endswith('0') else ''} {name}" for name in names
    )
    return f"; {letters}: x found for each dtype, / for some, · for none"


def _short(answer: str) -> str:
    return {"yes": "x", "some": "/", "no": "·"}.get(answer, "")


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


def _details(row: Row) -> Iterator[str]:
    for trial in row.trials:
        if trial.outcome in ("killed", "spared"):
            continue
        yield f"    {trial.dtype}: {trial.outcome}" + (f", {trial.note}" if trial.note else "")
        if trial.resolution:
            found = trial.resolution
            yield (
                f"    the bound resolves {found.least_ulp:.3g} ulp at best (n = {found.n}, "
                f"{found.regime}); {found.exact:.0%} of the results have a bound of 0"
            )
