"""A violation as a Python program to paste: it needs the code under test, and nothing of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from harness.conformance.autograd_jobs import names_of
from harness.conformance.claim import Claim
from harness.conformance.question import Question
from harness.conformance.snippet_call import WIDE, call_lines
from harness.conformance.snippet_term import Python, identifier
from harness.conformance.snippet_text import array_lines, import_lines, mode_lines, numbers_text
from harness.conformance.verdict import Shrunk, Violation
from harness.implementations.entry import Entry
from harness.statement.printer import show_term
from harness.statement.term import HasFDerivAt, Relation, Term, Var
from harness.statement.types import FinType

MOST_CHARACTERS = 20_000
"""Longer programs are not made: the corpus has the numbers, and `replay` reads it."""

CONFORMS = 'print("conforms")'
"""The end of a program whose calls assert what is right of them."""

_GAPS = {
    "=": "abs({0} - {1})",
    "≤": "{0} - {1}",
    "<": "{0} - {1}",
    "≥": "{1} - {0}",
    ">": "{1} - {0}",
}


def snippet(question: Question, found: Shrunk, code: Mapping[str, Entry], mode: str = "") -> str:
    """The program, or "" where it would be too long to be pasted.

    code: constant -> the entry that supplies it; mode: of autograd, where the derivative is its.
    It prints what came back, the exact value and the bound, and says whether that violates; an
    assertion fails where no value is to be judged.
    """
    subject, violation, last = question.subject, found.violation, found.calls[-1]
    backend = next(iter(subject.callees.values())).backend.name
    if question.kind and violation.bound is not None:
        body = _calls(question, found, backend)
    else:
        body = _definition(question, found) if question.claim is None else _theorem(question, found)
    lines = [
        f"# {', '.join(question.constants)} of {subject.name}, {subject.dtype}",
        f"# {violation.message}",
        *_imports(question, code, mode, backend),
        "",
        "fh = float.fromhex",
        "",
        "",
        *array_lines(backend, subject.dtype, subject.device, last.view),
        "",
        "",
        *call_lines(question, violation, last.batch, last.view),
        "",
        "",
        *body,
    ]
    text = "\n".join(lines) + "\n"
    return text if len(text) <= MOST_CHARACTERS else ""


def _imports(question: Question, code: Mapping[str, Entry], mode: str, backend: str) -> list[str]:
    own = import_lines(code)
    derived: list[str] = []
    if mode and question.claim is not None:
        pair = names_of(question.claim.derivatives[0])
        assert pair is not None
        derived = mode_lines(mode, *pair)
    text = "\n".join(own)
    used = [name for name in ("functools", "sys") if f"{name}." in text]
    exact = (
        ["from fractions import Fraction"] if question.claim is None and not question.kind else []
    )
    lines = [*(f"import {name}" for name in used), *exact, *([""] if used or exact else [])]
    return [
        *lines,
        "import numpy as np",
        *(["import torch"] if backend == "torch" else []),
        "",
        *own,
        *derived,
    ]


def _definition(question: Question, found: Shrunk) -> list[str]:
    """Calls the constant, and compares with the exact value that balls gave."""
    constant, params = identifier(question.constants[0]), question.variables
    names = ", ".join(identifier(p.name) for p in params)
    indices = [p for p in params if isinstance(p.type, FinType)]
    call = f"call({constant}, {names})"
    lines, at = _inputs(params, indices, found, call)
    violation = found.violation
    if at is None:
        return [*lines, CONFORMS]
    exact = f'Fraction("{_trimmed(violation.exact)}")' if violation.exact else _hex(violation.want)
    lines += [f"got = float({call}{at})", f"exact = {exact}  # {float.fromhex(violation.want)!r}"]
    # A fraction takes no NaN; what is not finite violates wherever there is a bound.
    error = "abs(Fraction(got) - Fraction(exact)) if np.isfinite(got) else np.inf"
    return [*lines, *_judged("got", "exact", violation, error)]


def _calls(question: Question, found: Shrunk, backend: str) -> list[str]:
    """Makes both calls of one input that differ."""
    constant, params = identifier(question.constants[0]), question.variables
    names = [identifier(p.name) for p in params]
    indices = [p for p in params if isinstance(p.type, FinType)]
    violation, last = found.violation, found.calls[-1]
    call = f"call({constant}, {', '.join(names)})"
    lines, at = _inputs(params, indices, found, call)
    lines.append(f"got = float({call}{at})")
    if question.kind == "batch":
        row = violation.case.row if violation.case else 0
        leading = ", ".join(str(int(k)) for k in np.unravel_index(row, last.batch))
        alone = [
            n if p in indices else f"{n}[{leading}]" for n, p in zip(names, params, strict=True)
        ]
        own = ", ".join(map(str, violation.at[len(indices) :]))
        place = f"[{own}]" if own else ""
        lines.append(f"other = float(call({constant}, {', '.join(alone)}){place})  # the row alone")
    elif question.kind == "layout":
        plain = array_lines(backend, question.subject.dtype, question.subject.device, "contiguous")
        lines += ["", "", *plain, "", "", f"other = float({call}{at})  # contiguous"]
    else:
        lines.append(f"other = {_hex(violation.want)}  # without the calls before it")
    error = "0.0 if got == other else abs(got - other)"
    return [*lines, *_judged("got", "other", violation, error)]


def _theorem(question: Question, found: Shrunk) -> list[str]:
    """Computes both sides of the statement, with the calls that are in them, as the check does."""
    claim, last = question.claim, found.calls[-1]
    assert claim is not None
    python = Python(last.sizes, last.batch)
    names = ", ".join(identifier(v.name) for v in claim.variables)
    term: Term = (*claim.relations, *claim.derivatives)[0]
    violation = found.violation
    if isinstance(term, HasFDerivAt):
        op, left = "=", python.text(term.derivative.body)
        right = _hex(violation.want) if violation.want else "left"
    else:
        assert isinstance(term, Relation)
        op, left, right = term.op, python.text(term.left), python.text(term.right)
    lines = [
        f"def sides({names}):",
        f'    """{_statement(claim, term)}"""',
        f"    left = {left}",
        f"    right = {right}",
        "    return np.broadcast_arrays(left, right)",
        "",
        "",
    ]
    # Indices that are arguments of calls come first in `Violation.at`.
    indices = sorted(claim.indices, key=lambda v: v not in claim.passed)
    wide = WIDE[question.subject.dtype]
    given, at = _inputs(claim.variables, indices, found, f"sides({names})", wide)
    lines += given
    if at is None:
        return [*lines, CONFORMS]
    lines.append(f"left, right = (side{at} for side in sides({names}))")
    error = _GAPS[op].format("left", "right")
    return [*lines, *_judged("left", "right", violation, error)]


def _inputs(
    variables: Sequence[Var], indices: Sequence[Var], found: Shrunk, call: str, wide: str = ""
) -> tuple[list[str], str | None]:
    """The numbers, with the calls that must come first, and where to look in what is returned.

    Where no value is judged, the call itself is in the lines, for every value of the indices.
    """
    lines: list[str] = []
    violation, last = found.violation, found.calls[-1]
    judged = violation.bound is not None
    for inputs in found.calls:
        for v in variables:
            if v.name in inputs.numbers:
                text = numbers_text(inputs.numbers[v.name])
                kind = f", dtype={wide}" if wide else ""
                lines.append(f"{identifier(v.name)} = np.array({text}{kind})")
        if inputs is not last or not judged:
            loops = [(identifier(v.name), inputs.sizes) for v in indices]
            for depth, (v, (name, sizes)) in enumerate(zip(indices, loops, strict=True)):
                assert isinstance(v.type, FinType)
                size = v.type.length.at(dict(sizes))
                lines.append(f"{'    ' * depth}for {name} in range({size}):")
            remark = "  # comes first" if inputs is not last else ""
            lines.append("    " * len(indices) + call + remark)
    if not judged:
        return lines, None
    at = violation.at
    lines += [f"{identifier(v.name)} = {k}" for v, k in zip(indices, at, strict=False)]
    row = violation.case.row if violation.case else 0
    leading = [int(k) for k in np.unravel_index(row, last.batch)] if last.batch else []
    place = [*leading, *at[len(indices) :]]
    return lines, f"[{', '.join(map(str, place))}]" if place else ""


def _judged(one: str, other: str, violation: Violation, error: str) -> list[str]:
    width = max(len(one), len(other), len("bound"))
    lines = [
        f'print("{name:{width}}", float({name}).hex(), float({name}))' for name in (one, other)
    ]
    assert violation.bound is not None
    return [
        f"bound = {_hex(violation.bound.hex())}  # {violation.bound:.6g}",
        f"error = {error}",
        *lines,
        f'print("{"bound":{width}}", bound, "error", float(error))',
        'print("within the bound" if error <= bound else "violates")',
    ]


def _hex(text: str) -> str:
    return f'fh("{text}")'


def _trimmed(digits: str) -> str:
    mantissa, e, exponent = digits.partition("e")
    return (mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa) + e + exponent


def _statement(claim: Claim, term: Term) -> str:
    shown = show_term(term).replace("\n", " ")
    return shown.replace("\\", "\\\\")
