"""What a statement speaks of: a witness for its hypotheses, where it meets Lean's conventions."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text

from harness.report.document import (
    CaseRecord,
    ConventionRecord,
    DeclarationRecord,
    FootingRecord,
)
from harness.report.lines import DOUBT, FAINT, GOOD, STRONG, wrapped
from harness.report.numbers import array, count

_INDENT = "  "


def footing_lines(footing: FootingRecord, width: int) -> list[Text]:
    """The section of a story."""
    lines = [Text(), Text("Speaks of", STRONG)]
    if footing.outside:
        text = f"not sampled: {footing.outside}"
        return [*lines, *wrapped(text, width, _INDENT, FAINT)]
    lines += _hypotheses(footing, width)
    if not footing.conventions:
        text = (
            "met at none of these inputs, n = 0 among them: a division by zero, a logarithm of "
            "what is not positive, a root of what is negative"
        )
        return [*lines, *wrapped(text, width, _INDENT, FAINT)]
    for one in footing.conventions:
        lines += _convention(one, width)
    return lines


def warnings(declarations: Iterable[DeclarationRecord], width: int) -> list[Text]:
    """What a run says of it: hypotheses with their witness, and what a reader must beware of."""
    lines: list[Text] = []
    for one in declarations:
        if one.footing is None or one.footing.outside:
            continue
        found = _hypotheses(one.footing, width) if one.footing.hypotheses else []
        for each in one.footing.conventions:
            found += _convention(each, width)
        if found:
            lines += [Text(f"{one.short_name} speaks of", STRONG), *found]
    return [Text(), *lines] if lines else []


def _hypotheses(footing: FootingRecord, width: int) -> list[Text]:
    tried = count(footing.tried, "sampled input")
    if not footing.hypotheses:
        return wrapped(f"every input: it has no hypotheses ({tried})", width, _INDENT, GOOD)
    said = count(footing.hypotheses, "hypothesis", "hypotheses")
    if footing.witness is None:
        text = f"perhaps nothing: {said}, and none of {tried} satisfies them"
        return wrapped(text, width, _INDENT, DOUBT)
    where = _at(footing.witness)
    if footing.witness.n == 0:
        text = f"perhaps nothing: {said}, satisfied by {where} only, of {tried}"
        return wrapped(text, width, _INDENT, DOUBT)
    return wrapped(f"{said}, satisfiable: by {where}", width, _INDENT, GOOD)


def _convention(one: ConventionRecord, width: int) -> list[Text]:
    text = f"! {one.operation} at {_at(one.case)}: there Lean has a convention, {one.rule}"
    return wrapped(text, width, _INDENT, DOUBT)


def _at(case: CaseRecord) -> str:
    """`n = 2, x = [1.5, -3]`."""
    numbers = [f"{name} = {array(value)[1]}" for name, value in case.inputs.items()]
    return ", ".join([f"n = {case.n}", *numbers])
