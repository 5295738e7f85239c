"""What the checks of one run share: equations, forms, sheets, references and bounds, made once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar, cast

from harness.conformance.sheet import Sheet, probe_sheets, sheets
from harness.evaluate.arithmetic import DEFAULT_FORMS, Arithmetic
from harness.evaluate.forms import FormTable, equation_sets, own_equations
from harness.evaluate.oracle import Argument, Bound, Reference, bound, greatest, reference
from harness.statement.term import Definition, Var
from harness.statement.types import FinType

Made = TypeVar("Made")


@dataclass(frozen=True)
class Workbench:
    """table: constant -> its forms; effort, seed: of the run; tier: forced oracle tier or None."""

    table: FormTable
    effort: str
    seed: int
    tier: str | None = None
    _made: dict[object, object] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def own(self) -> Mapping[str, Definition]:
        """Every constant by its own equation."""
        return own_equations(self.table)

    def once(self, key: object, make: Callable[[], Made]) -> Made:
        """What `make` returns, made at the first call with this key."""
        if key not in self._made:
            self._made[key] = make()
        return cast(Made, self._made[key])

    def scratch(self) -> Workbench:
        """A bench that has the equations of this one and keeps what it makes to itself."""
        kinds = ("sets", "stable")
        made: dict[object, object] = {
            key: value
            for key, value in self._made.items()
            if isinstance(key, tuple) and key[0] in kinds
        }
        return replace(self, _made=made)

    def sheets(
        self, variables: Sequence[Var], dtype: str, tangents: tuple[str, ...] = ()
    ) -> tuple[Sheet, ...]:
        """The inputs for variables of these types, by rising n; tangents: none but these."""
        key = ("sheets", tuple(variables), dtype, tangents)
        return self.once(key, lambda: sheets(variables, self.effort, dtype, self.seed, tangents))

    def definition_sheets(self, variables: Sequence[Var], dtype: str) -> tuple[Sheet, ...]:
        """Those of a definition check, which looks at more sizes and batches, by rising n."""

        def make() -> tuple[Sheet, ...]:
            further = probe_sheets(variables, self.effort, dtype, self.seed)
            return tuple(
                sorted((*self.sheets(variables, dtype), *further), key=lambda sheet: sheet.n)
            )

        return self.once(("definition sheets", tuple(variables), dtype), make)

    def first(self, sheet: Sheet, count: int) -> Sheet:
        """The sheet of the first variables: numbers depend on places, not on what follows."""
        if count >= len(sheet.variables):
            return sheet
        key = ("first", sheet.key, count)
        return self.once(key, lambda: replace(sheet, variables=sheet.variables[:count]))

    def equation_sets(self, constant: str, forms: frozenset[str]) -> list[dict[str, Definition]]:
        """The ways to unfold a constant by the forms given."""
        key = ("sets", constant, forms)
        return self.once(key, lambda: equation_sets(self.table, constant, forms))

    def stable_equations(self, constant: str) -> dict[str, Definition]:
        """One way to unfold a constant that overflows for no input that a result exists for."""
        return self.equation_sets(constant, DEFAULT_FORMS)[0]

    def reference(self, constant: str, sheet: Sheet) -> Reference:
        """What the constant is at every row of a sheet of its parameters."""

        def make() -> Reference:
            equations = self.stable_equations(constant)
            arguments = arguments_of(self.own[constant], sheet)
            return reference(equations[constant], equations, arguments, sheet.dtype, self.tier)

        return self.once(("reference", constant, sheet.key), make)

    def bound(self, constant: str, sheet: Sheet, arithmetic: Arithmetic) -> Bound:
        """How far a call under the arithmetic may be off, at every row of a sheet."""

        def make() -> Bound:
            arguments = arguments_of(self.own[constant], sheet)
            sets = self.equation_sets(constant, arithmetic.forms)
            return greatest(
                [bound(e[constant], e, arguments, arithmetic, sheet.dtype) for e in sets]
            )

        return self.once(("bound", constant, sheet.key, arithmetic), make)


def arguments_of(definition: Definition, sheet: Sheet) -> tuple[Argument, ...]:
    """The arguments of a definition at all rows of a sheet of them; every value of an index."""
    numbers = iter([sheet.arrays[variable] for variable in sheet.variables])
    return tuple(
        range(param.type.length.at(dict(sheet.sizes)))
        if isinstance(param.type, FinType)
        else next(numbers)
        for param in definition.params
    )


def is_sheet_of(definition: Definition, sheet: Sheet) -> bool:
    """Whether the sheet's variables are, in order, what the definition takes besides indices."""
    sampled = [p.type for p in definition.params if not isinstance(p.type, FinType)]
    return sampled == [variable.type for variable in sheet.variables]
