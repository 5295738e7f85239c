"""A power run for people: the kill matrix, what survived, what other tools catch, the score."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from harness.power.document import Kill, PowerDocument, Row, Tool, Trial

CHECKS: Mapping[str, str] = MappingProxyType(
    {
        "definition": "D",
        "batch": "B",
        "layout": "V",
        "repeat": "R",
        "inputs": "I",
        "linearity": "L",
        "theorem": "T",
        "fact": "F",
    }
)
"""Check -> its letter in the matrix."""
HEAD = ("entry", "dtype", "outcome", "checks", "n", "regime", "kind", "caught by")
TOOL_HEAD = ("tool", "mutants caught", "missed", "right ones rejected", "spared")
LEGEND = (
    "D definition · B depends on the other rows of its batch · V on the memory layout (view) · "
    "R on earlier calls · I changes its inputs · L linearity · T theorem · F fact (all but D for "
    "one dtype; L, T and F at quick effort); n, regime, kind: of the smallest kill"
)


def lines(document: PowerDocument) -> Iterator[str]:
    """The whole report, line by line; the last one can be quoted."""
    yield from aligned([HEAD, *matrix([r for r in document.rows if r.expected == "violates"])])
    yield ""
    yield LEGEND
    for row in document.findings:
        yield ""
        yield f"{row.name}: {row.outcome}" + (f" ({row.reason})" if row.reason else "")
        yield from _details(row)
    if document.score.tools:
        yield ""
        yield from aligned([TOOL_HEAD, *tools(document)])
    yield ""
    yield sentence(document)


def sentence(document: PowerDocument) -> str:
    """The score in one sentence."""
    s = document.score
    return (
        f"{s.killed} of {s.mutants} wrong implementations are killed and {s.spared} of {s.right} "
        f"right ones are spared ({s.mutant_pairs} and {s.right_pairs} with their dtypes; effort "
        f"{document.effort}, seed {document.seed}, {document.seconds:.0f} s)."
    )


def matrix(rows: Sequence[Row]) -> Iterator[tuple[str, ...]]:
    """One line of cells for each entry and dtype."""
    for row in rows:
        for trial in row.trials:
            first = trial.kills[0] if trial.kills else None
            yield (
                row.name,
                trial.dtype,
                trial.outcome,
                _checks(trial),
                str(first.n) if first else "",
                first.regime if first else "",
                _kind(first) if first else "",
                ", ".join(name for name, answer in trial.others.items() if answer == "fails"),
            )


def tools(document: PowerDocument) -> Iterator[tuple[str, ...]]:
    """One line of cells for each tool, ours first; entries are counted with their dtypes."""
    score = document.score
    own = Tool(
        name="crosscheck",
        mutants=score.mutant_pairs,
        caught=score.killed_pairs,
        right=score.right_pairs,
        rejected=score.right_pairs - score.spared_pairs,
    )
    for tool in (own, *score.tools):
        yield (
            tool.name,
            f"{tool.caught} of {tool.mutants}",
            str(tool.mutants - tool.caught),
            f"{tool.rejected} of {tool.right}",
            str(tool.right - tool.rejected),
        )


def aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """The cells in columns."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _checks(trial: Trial) -> str:
    seen = {kill.check for kill in trial.kills}
    return "".join(letter if check in seen else "·" for check, letter in CHECKS.items())


def _kind(kill: Kill) -> str:
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
