"""What a statement speaks of: a witness for its hypotheses, where it meets Lean's conventions."""

from __future__ import annotations

from rich.text import Text

from harness.conformance.vacuity import Convention, Footing
from harness.conformance.verdict import Case
from harness.report.lines import DOUBT, FAINT, GOOD, STRONG, wrapped
from harness.report.numbers import array, count

_INDENT = "  "


def footing_lines(footing: Footing, width: int) -> list[Text]:
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


def _hypotheses(footing: Footing, width: int) -> list[Text]:
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


def _convention(one: Convention, width: int) -> list[Text]:
    text = f"! {one.operation} at {_at(one.case)}: there Lean has a convention, {one.rule}"
    return wrapped(text, width, _INDENT, DOUBT)


def _at(case: Case) -> str:
    """`n = 2, x = [1.5, -3]`."""
    numbers = [f"{name} = {array(value)[1]}" for name, value in case.inputs.items()]
    return ", ".join([f"n = {case.n}", *numbers])
