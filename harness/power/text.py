"""A power run for people: the kill matrix, the classes of defects, what survived, the score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.power.document import PowerDocument, Row
from harness.power.table import LEGEND, aligned, class_head, classes, matrix


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
