"""A spec drafted from a Lean declaration, for a person to complete: text, never a checked claim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from harness.errors import InputError, did_you_mean
from harness.lean.canonical import canonical
from harness.lean.declaration import Declaration, find_declaration
from harness.lean.fingerprint import fingerprint_of
from harness.lean.layout import as_arrow, closed_type, one_line
from harness.lean.resolve import definitions_of, meanings
from harness.lean.sketch import LEMMA_ENDINGS, Draft, Sketch, completed

KINDS = ("theorem", "def", "abbrev")


def draft(name: str, declarations: Iterable[Declaration]) -> Draft:
    """The draft for the declaration with that full or last name.

    InputError when there is none or several, and for what a spec cannot mirror: instances, classes,
    structures, axioms.
    """
    known = tuple(one for one in declarations if not one.is_restatement)
    declaration = _found(name, known)
    if declaration.kind not in KINDS:
        hint = f"a spec mirrors a {', '.join(KINDS[:-1])} or {KINDS[-1]}"
        raise InputError(f"{declaration.name} is {declaration.keyword}", hint=hint)
    if "private" in declaration.modifiers:
        hint = "Mirror.lean cannot name it; remove `private`"
        raise InputError(f"{declaration.name} is private", hint=hint)
    if "." not in declaration.name:
        hint = "put it into a namespace, such as that of its library"
        raise InputError(f"{declaration.name} is not in a namespace", hint=hint)
    typed = closed_type(declaration)
    if typed is None:
        hint = "write its type behind a colon"
        raise InputError(f"{declaration.name} has no type in the source", hint=hint)
    type_text = one_line(typed.text)
    lemma, equation = "", ""
    if declaration.kind != "theorem":
        type_text = as_arrow(type_text, declaration)
    if declaration.kind == "def":
        lemma, equation = _equation(declaration, known)
    sketch = Sketch(
        name=declaration.name,
        kind=declaration.kind,
        file=declaration.file,
        docstring=declaration.docstring or "",
        type=type_text,
        value=one_line(declaration.body_text) if declaration.kind == "abbrev" else "",
        lemma=lemma,
        equation=equation,
        links=(f"fingerprint: {fingerprint_of(declaration, known)}",),
    )
    return completed(sketch, _used(declaration, known))


def _found(name: str, known: Sequence[Declaration]) -> Declaration:
    wanted = name.removeprefix("_root_.")
    by_last = {one.name for one in known if one.name.rpartition(".")[2] == wanted}
    if len(by_last) == 1:
        return find_declaration(min(by_last), known)
    if len(by_last) > 1 and wanted not in {one.name for one in known}:
        some = ", ".join(sorted(by_last)[:4])
        raise InputError(f"'{name}' may be {some}", hint="give the full name")
    if not any(one.name == wanted for one in known):
        names = sorted({one.name for one in known if one.name})
        last = sorted({one.rpartition(".")[2] for one in names})
        hint = did_you_mean(wanted, names + last) or "`crosscheck lean scan` lists the names"
        raise InputError(f"no declaration '{wanted}' in the Lean source", hint=hint)
    return find_declaration(wanted, known)


def _equation(declaration: Declaration, known: Sequence[Declaration]) -> tuple[str, str]:
    """The lemma that states the equation of a definition, and its statement; else no lemma, and
    the equation that the body gives, if its one term is a number."""
    theorems = {one.name: one for one in known if one.kind == "theorem"}
    for ending in LEMMA_ENDINGS:
        lemma = theorems.get(declaration.name + ending)
        typed = closed_type(lemma) if lemma else None
        if lemma and typed:
            return lemma.name, one_line(typed.text)
    return "", _by_body(declaration)


def _by_body(declaration: Declaration) -> str:
    """`∀ BINDERS, f x = BODY` for a definition with values in ℝ that is one term, else nothing."""
    typed = closed_type(declaration)
    if declaration.body_kind != ":=" or declaration.type_text.strip() != "ℝ" or typed is None:
        return ""
    head, _, _ = one_line(typed.text).rpartition(",")
    given = [name for one in declaration.binders if one.kind == "explicit" for name in one.names]
    if not head or not given:
        return ""
    last = declaration.name.rpartition(".")[2]
    return f"{head}, {last} {' '.join(given)} = {one_line(declaration.body_text)}"


def _used(declaration: Declaration, known: Sequence[Declaration]) -> tuple[str, ...]:
    """Full names of the definitions of the project that the signature names."""
    definitions = definitions_of(known)
    tokens = canonical(declaration, body=False)
    found = {one.name for name in tokens.names for one in meanings(name, declaration, definitions)}
    return tuple(sorted(found - {declaration.name}))
