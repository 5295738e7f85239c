"""The score of a power run: what is killed and spared, by class of defect and by tool."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from harness.implementations.entry import Defect
from harness.power.document import ClassScore, Expected, Outcome, Row, Score, Tool, Trial


def score(rows: Iterable[Row]) -> Score:
    """The score of the rows."""
    rows = tuple(rows)
    mutants, right, equivalent, limits = (
        [row for row in rows if row.expected == kind] for kind in get_args(Expected)
    )
    bad, good = ([t for row in part for t in row.trials] for part in (mutants, right))
    names = tuple(dict.fromkeys(n for row in rows for t in row.trials for n in t.others))
    return Score(
        mutants=len(mutants),
        killed=_count(mutants, "killed"),
        mutant_pairs=len(bad),
        killed_pairs=_count(bad, "killed"),
        at_n0=sum(any(trial.wrong_at_n0 for trial in row.trials) for row in mutants),
        right=len(right),
        spared=_count(right, "spared"),
        right_pairs=len(good),
        spared_pairs=_count(good, "spared"),
        equivalent=len(equivalent),
        equivalent_spared=_count(equivalent, "spared"),
        limits=len(limits),
        limits_seen=_count(limits, "seen"),
        classes=tuple(_class(defect, mutants, names) for defect in _defects(mutants)),
        tools=tuple(_tool(name, bad, good) for name in names),
    )


def _count(things: Iterable[Row | Trial], outcome: Outcome) -> int:
    return sum(thing.outcome == outcome for thing in things)


def _defects(mutants: Iterable[Row]) -> list[str]:
    """The classes that occur, in the order of their definition."""
    found = {row.defect for row in mutants}
    return [*(name for name in get_args(Defect) if name in found), *([""] if "" in found else [])]


def _class(defect: str, mutants: Iterable[Row], tools: Iterable[str]) -> ClassScore:
    rows = [row for row in mutants if row.defect == defect]
    trials = [trial for row in rows for trial in row.trials]
    answers = {name: [trial.others.get(name) for trial in trials] for name in tools}
    return ClassScore(
        defect=defect,
        mutants=len(rows),
        killed=_count(rows, "killed"),
        pairs=len(trials),
        killed_pairs=_count(trials, "killed"),
        caught={name: found.count("fails") for name, found in answers.items()},
        applies={
            name: found.count("fails") + found.count("passes") for name, found in answers.items()
        },
    )


def _tool(name: str, bad: Iterable[Trial], good: Iterable[Trial]) -> Tool:
    wrong = [trial.others.get(name) for trial in bad]
    right = [trial.others.get(name) for trial in good]
    return Tool(
        name=name,
        mutants=wrong.count("fails") + wrong.count("passes"),
        caught=wrong.count("fails"),
        right=right.count("fails") + right.count("passes"),
        rejected=right.count("fails"),
    )
