"""Known failures: what entries announce (`expect: violates`) against what a run found.

What matches is expected and leaves the run green. An announcement that no longer matches makes the
run fail, so that a list of known failures cannot rot.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from harness.conformance.form_table import form_table
from harness.conformance.verdict import CheckResult, Verdict
from harness.conformance.workbench import Workbench
from harness.errors import InputError, did_you_mean
from harness.implementations.entry import Entry, Expectation
from harness.power.case_text import parse_cases
from harness.power.stated import separation
from harness.specs.load import load_specs

CASE_LIMIT = 60.0
"""Seconds for judging the case that an entry states."""

JudgeCase = Callable[[Entry, str, str], bool]
"""Whether the case of an entry violates, for a constant and a dtype."""

Key = tuple[str, str, str]
"""Entry, dtype, device."""


@dataclass(frozen=True)
class KnownFailure:
    """One announcement, for one declaration, dtype and device.

    message: why it no longer matches and what to change, "" where it matches; place: file:line.
    """

    entry: str
    declaration: str
    dtype: str
    device: str
    status: Literal["matches", "stale"]
    reason: str
    link: str = ""
    place: str = ""
    message: str = ""


def settled(
    results: Sequence[CheckResult],
    entries: Iterable[Entry],
    declarations: Sequence[str],
    judge_case: JudgeCase,
    definers: Mapping[str, str] = MappingProxyType({}),
) -> tuple[tuple[CheckResult, ...], tuple[KnownFailure, ...]]:
    """The results, of which those that were announced are marked as expected, and how each
    announcement fared. What did not run is not judged.

    declarations: all short names. definers: constant -> the declaration that defines it, where its
    definition check is not among the results: it is then taken to fail as announced. InputError
    for a declaration that an entry announces and that is not there.
    """
    announcing = {e.name: e for e in entries if e.expectation.violates}
    for entry in announcing.values():
        _check_names(entry, declarations)
    known: list[KnownFailure] = []
    guilty: set[tuple[Key, str]] = set()
    groups: dict[tuple[Key, str], list[CheckResult]] = {}
    for one in results:
        if one.entry in announcing and one.verdict not in (Verdict.NOT_RUN, Verdict.UNSUPPORTED):
            groups.setdefault((_key(one), one.declaration), []).append(one)
    for (key, declaration), members in groups.items():
        entry = announcing[key[0]]
        if not _announced(entry, declaration, key[1]):
            continue
        known.append(_fared(entry, declaration, key, members, judge_case))
        for one in members:
            if one.check == "definition" and one.verdict is Verdict.VIOLATES:
                guilty.update((key, constant) for constant in one.constants)
    for one in results:
        named = announcing.get(one.entry)
        for constant in one.constants if named else ():
            if named and _announced(named, definers.get(constant, ""), one.dtype):
                guilty.add((_key(one), constant))
    return tuple(_marked(one, announcing.get(one.entry), guilty) for one in results), tuple(known)


def case_judge(specs: Path, effort: str, seed: int) -> JudgeCase:
    """Judges stated cases in a process of its own: a crash there is a violation, and no more."""

    def judge(entry: Entry, constant: str, dtype: str) -> bool:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            asked = pool.submit(violates_at_case, entry, constant, dtype, specs, effort, seed)
            try:
                return asked.result(CASE_LIMIT)
            except (BrokenProcessPool, TimeoutError):
                for process in (pool._processes or {}).values():
                    process.kill()
                return True

    return judge


def violates_at_case(
    entry: Entry, constant: str, dtype: str, specs: Path, effort: str, seed: int
) -> bool:
    """Whether one of the cases that the entry states violates. InputError for none that is one."""
    bench = Workbench(form_table(load_specs(specs)), effort, seed)
    try:
        cases = parse_cases(entry.expectation.case)
        return any(separation(bench, entry, constant, dtype, case) for case in cases)
    except InputError as error:
        place = entry.expectation.place
        raise InputError(error.message, place=place, hint=error.hint) from None


def _fared(
    entry: Entry,
    declaration: str,
    key: Key,
    members: Sequence[CheckResult],
    judge_case: JudgeCase,
) -> KnownFailure:
    _, dtype, device = key
    expectation = entry.expectation
    violates = any(one.verdict is Verdict.VIOLATES for one in members)
    definition = next((one for one in members if one.check == "definition"), None)
    message = ""
    if expectation.case and definition is not None:
        if not judge_case(entry, definition.constants[0], dtype):
            where = f"at its case, {expectation.case}"
            message = (
                f"it violates, but not {where}: write a case of this run"
                if violates
                else f"it conforms, even {where}: {_remedy(expectation, entry, declaration, dtype)}"
            )
    elif not violates:
        remedy = _remedy(expectation, entry, declaration, dtype)
        message = f"{declaration} no longer violates in {dtype}: {remedy}"
    place = expectation.place
    return KnownFailure(
        entry.name,
        declaration,
        dtype,
        device,
        "stale" if message else "matches",
        expectation.reason,
        expectation.link,
        f"{place.file}:{place.line}" if place else "",
        message,
    )


def _remedy(expectation: Expectation, entry: Entry, declaration: str, dtype: str) -> str:
    others = [one for one in expectation.dtypes or entry.dtypes if one != dtype]
    whole = expectation.violates == (declaration,)
    what = "remove expect" if whole else f"remove {declaration} from what it violates"
    return f"{what}, or say dtypes: [{', '.join(others)}]" if others else what


def _marked(result: CheckResult, entry: Entry | None, guilty: set[tuple[Key, str]]) -> CheckResult:
    """With `expected`: violates where it was announced, or follows from what was."""
    key = _key(result)
    if entry is None or result.verdict is not Verdict.VIOLATES:
        return replace(result, expected="conforms")
    follows = result.check != "definition" and any((key, c) in guilty for c in result.constants)
    announced = _announced(entry, result.declaration, result.dtype)
    return replace(result, expected="violates" if announced or follows else "conforms")


def _announced(entry: Entry, declaration: str, dtype: str) -> bool:
    expectation = entry.expectation
    return declaration in expectation.violates and dtype in (expectation.dtypes or entry.dtypes)


def _check_names(entry: Entry, declarations: Sequence[str]) -> None:
    for name in entry.expectation.violates:
        if name not in declarations:
            raise InputError(
                f"entry '{entry.name}' expects to violate '{name}', which is no declaration",
                place=entry.expectation.place,
                hint=did_you_mean(name, list(declarations))
                or f"known: {', '.join(sorted(declarations))}",
            )


def _key(result: CheckResult) -> Key:
    return (result.entry, result.dtype, result.device)
