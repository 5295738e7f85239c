"""A power run for people: the kill matrix, what survived, the score, what other tools catch."""

from __future__ import annotations

from collections.abc import Iterator

from harness.power.document import PowerDocument, Row, Tool


def lines(document: PowerDocument) -> Iterator[str]:
    """The whole report, line by line; the last one can be quoted."""
    yield from _matrix(document)
    yield from _findings(document)
    yield from _tools(document.score.tools)
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


def _matrix(document: PowerDocument) -> Iterator[str]:
    yield f"{'mutant':<38} {'dtype':<9} {'outcome':<11} {'checks':<18} {'n':>5}  regime"
    for row in document.rows:
        if row.expected != "violates":
            continue
        for trial in row.trials:
            first = trial.kills[0] if trial.kills else None
            checks = "".join(
                letter if any(kill.check == check for kill in trial.kills) else "·"
                for letter, check in zip("DLTF", _CHECKS, strict=True)
            )
            size, regime = (str(first.n), first.regime) if first else ("-", "")
            yield (
                f"{row.name:<38} {trial.dtype:<9} {trial.outcome:<11} {checks:<18} "
                f"{size:>5}  {regime}"
            )
    yield ""
    yield "D definition · L linearity · T theorem · F fact; n and regime of the smallest kill"


_CHECKS = ("definition", "linearity", "theorem", "fact")


def _findings(document: PowerDocument) -> Iterator[str]:
    for row in document.findings:
        yield ""
        yield f"{row.name}: {row.outcome}" + (f" ({row.reason})" if row.reason else "")
        yield from _details(row)


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


def _tools(tools: tuple[Tool, ...]) -> Iterator[str]:
    if not tools:
        return
    yield ""
    yield f"{'other tools':<44} {'caught':>11} {'wrongly rejected':>18}"
    for tool in tools:
        caught, rejected = f"{tool.caught}/{tool.mutants}", f"{tool.rejected}/{tool.right}"
        yield f"{tool.name:<44} {caught:>11} {rejected:>18}"
