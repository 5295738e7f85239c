"""The text of Mirror.lean: every statement of the specs, restated so that Lean itself compares it.

`theorem Mirror.a : STATEMENT := @_root_.A.B.a` elaborates only when the statement is, up to
unfolding, the type of `A.B.a`; the exporter then says whether it is so without any unfolding. `@`
keeps Lean from instantiating implicit arguments, so that whole propositions are compared. Names
are flat, because inside of `Mirror.A.B` a name such as `A.B.a` would mean the restatement itself.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from harness.specs.library import SpecLibrary
from harness.specs.model import AbbrevSpec, DefSpec, Spec
from harness.specs.yaml_load import Keys
from harness.statement.parse import parse
from harness.statement.syntax import Binding

NAMESPACE = "Mirror"
_WIDTH = 100
_GLUE = "\u00a0"  # textwrap breaks at no such blank: `:=` stays behind what it belongs to
_HEAD = """\
/-!
# The specs, restated

Generated from the spec files by `crosscheck lean mirror`; do not edit. Each theorem states what a
spec says, in the words of the spec, and is closed by the declaration that the spec names.
-/
"""


@dataclass(frozen=True)
class Restatement:
    """A statement of a spec under its own name in `Mirror`.

    declaration: full name of the theorem that closes it; of an abbreviation its own name; specs:
    full names of the specs that say it, first the one whose text it is.
    """

    name: str
    declaration: str
    text: str
    specs: tuple[str, ...]

    @property
    def full_name(self) -> str:
        """The name that Lean gives it."""
        return f"{NAMESPACE}.{self.name}"


def restatements(library: SpecLibrary) -> tuple[Restatement, ...]:
    """The restatements of a library, sorted by name.

    InputError, with its place, where two specs word the statement of one theorem differently, where
    two theorems have the same last name (the exporter tells them apart by it), and for a comment in
    a statement, which would swallow what follows once the text is in one line.
    """
    found: dict[str, Restatement] = {}
    for spec, keys, declaration, text in _statements(library):
        name = declaration.rpartition(".")[2]
        if isinstance(spec, AbbrevSpec):
            name = f"{name}_value"
        made = Restatement(name, declaration, _flat(library, spec, keys, text), (spec.name,))
        known = found.setdefault(name, made)
        if known is made:
            continue
        other = library.files[known.specs[0]].document.file
        message, hint = "", ""
        if known.declaration != declaration:
            message = f"{other} has another theorem with the last name '{name}'"
            hint = "Mirror.lean needs different last names; rename one of the two in Lean"
        elif known.text != made.text:
            message = f"{declaration} is worded differently in {other}"
            hint = f"Lean compares one text: write {known.text}"
        if message:
            raise library.files[spec.name].document.error(keys, message, hint=hint)
        specs = tuple(dict.fromkeys((*known.specs, spec.name)))
        found[name] = Restatement(name, declaration, known.text, specs)
    return tuple(found[name] for name in sorted(found))


def mirror_text(library: SpecLibrary) -> str:
    """All of Mirror.lean, the same for the same specs. InputError as for `restatements`."""
    modules = {spec.file.removesuffix(".lean").replace("/", ".") for spec in library.specs}
    spaces = sorted({spec.namespace for spec in library.specs})
    lines = [*(f"import {module}" for module in sorted(modules)), "", *_HEAD.splitlines(), ""]
    lines += [f"open {' '.join(spaces)}", "", f"namespace {NAMESPACE}", ""]
    lines += ["noncomputable section", ""]
    for one in restatements(library):
        specs = " and ".join(library.files[name].spec.short_name for name in one.specs)
        lines += [f"/-- Stated by {specs}. -/", f"theorem {one.name} :"]
        if _is_theorem(library, one):
            lines += [*_laid_out(one.text, ":="), f"  @_root_.{one.declaration}", ""]
        else:
            lines += [*_laid_out(one.text, ":= by"), "  intros; with_reducible rfl", ""]
    for spec in library.specs:
        if isinstance(spec, DefSpec):
            text = _flat(library, spec, ("type",), spec.type)
            lines += [f"-- The type of {spec.short_name}.", "example :", *_laid_out(text, ":=")]
            lines += [f"  @_root_.{spec.name}", ""]
    return "\n".join([*lines, "end", "", f"end {NAMESPACE}", ""])


def exported_names(library: SpecLibrary) -> tuple[str, ...]:
    """The declarations that evidence has to speak of: those with specs, the lemmas that these cite,
    and the restatements of abbreviations. Sorted."""
    names = {spec.name for spec in library.specs}
    for one in restatements(library):
        names.add(one.declaration if _is_theorem(library, one) else one.full_name)
    return tuple(sorted(names))


def _statements(library: SpecLibrary) -> Iterator[tuple[Spec, Keys, str, str]]:
    """Spec, place in it, the declaration that closes the statement, its text. Own specs of theorems
    come before the definitions that cite them."""
    definitions = []
    for spec in library.specs:
        if isinstance(spec, DefSpec):
            definitions.append(spec)
        elif isinstance(spec, AbbrevSpec):
            yield spec, ("value",), spec.name, _value(spec)
        else:
            yield spec, ("statement",), spec.name, spec.statement
    for spec in definitions:
        equation = spec.equation
        yield spec, ("equation", "statement"), equation.lemma, equation.statement
        for number, fact in enumerate(spec.facts):
            yield spec, ("facts", number, "statement"), fact.lemma, fact.statement


def _value(spec: AbbrevSpec) -> str:
    """`∀ (n : ℕ), @_root_.A.Vec n = VALUE`."""
    kind = parse(spec.type)
    names: list[str] = []
    before = ""
    if isinstance(kind, Binding):
        names = [name for binder in kind.binders for name in binder.names]
        before = f"∀ {spec.type.rpartition('→')[0].replace('→', ' ').strip()}, "
    return f"{before}{' '.join((f'@_root_.{spec.name}', *names))} = {spec.value}"


def _is_theorem(library: SpecLibrary, one: Restatement) -> bool:
    return not isinstance(library.files[one.specs[0]].spec, AbbrevSpec)


def _flat(library: SpecLibrary, spec: Spec, keys: Keys, text: str) -> str:
    """The text in one line."""
    if "--" in text or "/-" in text:
        message, hint = "a comment cannot be restated", "remove it"
        raise library.files[spec.name].document.error(keys, message, hint=hint)
    return " ".join(text.split())


def _laid_out(text: str, end: str) -> list[str]:
    """The text in lines of at most 100 columns, its binders apart where it does not fit in one."""
    text += f"{_GLUE}{end.replace(' ', _GLUE)}"
    parts = [text]
    if len(text) > _WIDTH - 4 and (comma := _first_comma(text)):
        parts = [text[: comma + 1], f"  {text[comma + 1 :].strip()}"]
    return [
        line.replace(_GLUE, " ")
        for part in parts
        for line in textwrap.wrap(
            part,
            _WIDTH,
            initial_indent="    ",
            subsequent_indent="      ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    ]


def _first_comma(text: str) -> int:
    """The index of the first comma outside of brackets, 0 when there is none."""
    depth = 0
    for index, character in enumerate(text):
        depth += (character in "([{⟨⦃") - (character in ")]}⟩⦄")
        if character == "," and depth == 0:
            return index
    return 0
