"""The bounds of a declaration as formulas: of a constant by each of its forms, of a theorem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.conformance.form_table import form_table
from harness.evaluate.arithmetic import DEFAULT_FORMS
from harness.evaluate.first_order import Formula, first_order
from harness.evaluate.forms import FormTable, equation_sets
from harness.evaluate.outside import theorem_bound
from harness.evaluate.steps import Derivation, Unsaid, derive
from harness.site.record import BoundRecord, StepRecord
from harness.specs.library import SpecLibrary
from harness.specs.model import TheoremSpec
from harness.statement.printer import show_term
from harness.statement.term import Definition, Forall, Term


@dataclass(frozen=True)
class Derived:
    """One form of a constant: the formula and the steps, as terms."""

    form: str
    formula: Formula
    derivation: Derivation


@dataclass(frozen=True)
class Drawn:
    """The terms of a page. outside: of a theorem; unsaid: why a formula is missing."""

    statement: Forall | None
    equation: Definition | None
    derived: tuple[Derived, ...] = ()
    outside: Term | None = None
    unsaid: str = ""


def drawn(library: SpecLibrary, name: str, defines: str) -> Drawn:
    """What a page draws of a declaration, which defines a constant or is a theorem."""
    statement = library.statements.get(name)
    if statement is None:
        return Drawn(None, None)
    equation = library.definitions[defines] if defines else None
    try:
        if defines:
            return Drawn(statement, equation, _derived(form_table(library), defines))
        return Drawn(statement, None, outside=theorem_bound(statement))
    except Unsaid as why:
        return Drawn(statement, equation, unsaid=str(why))


def bound_records(found: Drawn) -> list[BoundRecord]:
    """The formulas in Lean's words."""
    return [
        BoundRecord(
            form=one.form,
            formula=show_term(one.formula.right),
            where={show_term(w.name): show_term(w.meaning) for w in one.formula.where},
            steps=[
                StepRecord(
                    rule=step.rule,
                    name=show_term(step.name),
                    value=show_term(step.value),
                    error_name=show_term(step.error_name),
                    error=show_term(step.error),
                    is_result_of=list(step.is_result_of),
                )
                for step in one.derivation.steps
            ],
        )
        for one in found.derived
    ]


def licensed(library: SpecLibrary, constant: str) -> dict[str, str]:
    """Form -> theorem that licenses it, of a constant."""
    return {one.form: one.lemma for one in library.rewrites if one.constant == constant}


def licences(library: SpecLibrary, name: str) -> dict[str, str]:
    """Constant -> form that a theorem licenses."""
    spec = library.by_name(name)
    return {one.constant: one.form for one in spec.rewrite} if isinstance(spec, TheoremSpec) else {}


def _derived(table: FormTable, constant: str) -> tuple[Derived, ...]:
    sets = equation_sets(table, constant, DEFAULT_FORMS)
    found = []
    for equations in sets:
        form = _forms(table, equations, several=len(sets) > 1)
        formula = first_order(constant, equations)
        found.append(Derived(form, formula, derive(constant, form, equations)))
    return tuple(found)


def _forms(table: FormTable, equations: Mapping[str, Definition], *, several: bool) -> str:
    """The names of the forms in a set of equations, where there was a choice."""
    names = []
    for constant, equation in equations.items():
        forms = table[constant]
        if len(forms) > 1:
            names += [form.name for form in forms if form.equation == equation]
    kept = dict.fromkeys(name for name in names if name)
    return ", ".join(kept)
