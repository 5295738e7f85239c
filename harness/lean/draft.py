"""A spec drafted from a Lean declaration, for a person to complete: text, never a checked claim."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from harness.errors import InputError, did_you_mean
from harness.lean.canonical import canonical
from harness.lean.declaration import Declaration, find_declaration
from harness.lean.fingerprint import fingerprint_of
from harness.lean.layout import closed_type
from harness.lean.resolve import definitions_of, meanings
from harness.lean.tokens import significant, tokenize

TODO = "TODO"
KINDS = ("theorem", "def", "abbrev")
# How Mathlib and we name the lemma that states the equation of a definition.
LEMMA_ENDINGS = ("_apply", "_def", "_eq", "_eq_def", "_val")
_WIDTH = 100


@dataclass(frozen=True)
class Draft:
    """A drafted spec. todo: the keys that a person has to write; statements: its Lean propositions;
    uses: full names of the definitions of the project that its signature names; lemma: the theorem
    that Lean needs for its equation, or empty."""

    name: str
    kind: str
    text: str
    todo: tuple[str, ...]
    statements: tuple[str, ...]
    uses: tuple[str, ...]
    lemma: str = ""


@dataclass(frozen=True)
class Sketch:
    """What is known of a declaration. value: of an abbreviation; lemma, equation: of a definition;
    empty where unknown. links: lines on the reviewed link."""

    name: str
    kind: str
    file: str
    docstring: str
    type: str
    value: str
    lemma: str
    equation: str
    links: tuple[str, ...]


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
    type_text = _one_line(typed.text)
    lemma, equation = "", ""
    if declaration.kind != "theorem":
        type_text = _as_arrow(type_text, declaration)
    if declaration.kind == "def":
        lemma, equation = _equation(declaration, known)
    sketch = Sketch(
        name=declaration.name,
        kind=declaration.kind,
        file=declaration.file,
        docstring=declaration.docstring or "",
        type=type_text,
        value=_one_line(declaration.body_text) if declaration.kind == "abbrev" else "",
        lemma=lemma,
        equation=equation,
        links=(f"fingerprint: {fingerprint_of(declaration, known)}",),
    )
    return completed(sketch, _used(declaration, known))


def completed(sketch: Sketch, uses: tuple[str, ...]) -> Draft:
    """The spec with what is known filled in, and TODO where a person has to write."""
    todo: list[str] = []
    lines = [
        "schema: 1",
        f"name: {sketch.name}",
        f"kind: {sketch.kind}",
        "role: support",
        f"file: {sketch.file}",
        f"summary: {_quoted(_summary(sketch.docstring, todo))}",
    ]
    statements: list[str] = []
    needed = ""
    if sketch.kind == "theorem":
        lines += _text("statement", sketch.type)
        statements.append(sketch.type)
    elif sketch.kind == "abbrev":
        value = sketch.value or _todo("value", "what it stands for, as Lean writes it", todo)
        lines += [*_text("type", sketch.type), *_text("value", value)]
    else:
        last = sketch.name.rpartition(".")[2]
        what = f"an equation whose left side is {last} applied"
        equation = sketch.equation or _todo("equation.statement", what, todo)
        lemma = sketch.lemma or f"{sketch.name}{LEMMA_ENDINGS[0]}"
        if not sketch.lemma:
            said = sketch.equation or "the equation"
            needed = f"theorem {lemma.rpartition('.')[2]} : {said} := by intros; rfl"
        lines += _text("type", sketch.type)
        lines += ["equation:", *_text("statement", equation, "  "), f"  lemma: {lemma}"]
        statements += [sketch.equation] if sketch.equation else []
    lines += [
        "provenance:",
        f"  requirement: {TODO}",
        f"  text: {TODO}, what the requirement asks for in one line",
        *sketch.links,
    ]
    todo += ["provenance.requirement", "provenance.text"]
    text = "\n".join(lines) + "\n"
    return Draft(sketch.name, sketch.kind, text, tuple(todo), tuple(statements), uses, needed)


def _todo(key: str, what: str, todo: list[str]) -> str:
    todo.append(key)
    return f"{TODO}, {what}"


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


def _summary(docstring: str, todo: list[str]) -> str:
    """The first sentence of the docstring."""
    words = " ".join(docstring.split())
    sentence = re.match(r".*?[.;](?=\s|$)", words)
    summary = (sentence[0] if sentence else words).rstrip(";")
    return summary or _todo("summary", "one line for people", todo)


def _equation(declaration: Declaration, known: Sequence[Declaration]) -> tuple[str, str]:
    """The lemma that states the equation of a definition, and its statement; else no lemma, and
    the equation that the body gives, if its one term is a number."""
    theorems = {one.name: one for one in known if one.kind == "theorem"}
    for ending in LEMMA_ENDINGS:
        lemma = theorems.get(declaration.name + ending)
        typed = closed_type(lemma) if lemma else None
        if lemma and typed:
            return lemma.name, _one_line(typed.text)
    return "", _by_body(declaration)


def _by_body(declaration: Declaration) -> str:
    """`∀ BINDERS, f x = BODY` for a definition with values in ℝ that is one term, else nothing."""
    typed = closed_type(declaration)
    if declaration.body_kind != ":=" or declaration.type_text.strip() != "ℝ" or typed is None:
        return ""
    head, _, _ = _one_line(typed.text).rpartition(",")
    given = [name for one in declaration.binders if one.kind == "explicit" for name in one.names]
    if not head or not given:
        return ""
    last = declaration.name.rpartition(".")[2]
    return f"{head}, {last} {' '.join(given)} = {_one_line(declaration.body_text)}"


def _as_arrow(text: str, declaration: Declaration) -> str:
    """`∀ {n : ℕ} (x : Vec n), ℝ` as Lean shows a type: `{n : ℕ} → (x : Vec n) → ℝ`."""
    if not declaration.binders or not text.startswith("∀"):
        return text
    groups: list[str] = []
    depth = start = 0
    for index, character in enumerate(text):
        if character in "([{⦃":
            start = index if depth == 0 else start
            depth += 1
        elif character in ")]}⦄":
            depth -= 1
            if depth == 0:
                groups.append(text[start : index + 1])
        elif character == "," and depth == 0:
            return " → ".join([*groups, text[index + 1 :].strip()])
    return text


def _used(declaration: Declaration, known: Sequence[Declaration]) -> tuple[str, ...]:
    """Full names of the definitions of the project that the signature names."""
    definitions = definitions_of(known)
    tokens = canonical(declaration, body=False)
    found = {one.name for name in tokens.names for one in meanings(name, declaration, definitions)}
    return tuple(sorted(found - {declaration.name}))


def _one_line(text: str) -> str:
    """Lean text without comments in one line."""
    words: list[str] = []
    end = 0
    for token in significant(tokenize(text)):
        gap = text[end : token.offset]
        words += [" " if gap and words else "", token.text]
        end = token.end
    return "".join(words)


def _text(key: str, text: str, indent: str = "") -> list[str]:
    """`key: "text"`, or a folded block where that would be too long for one line."""
    line = f"{indent}{key}: {_quoted(text, always=True)}"
    if len(line) <= _WIDTH:
        return [line]
    inner = f"{indent}  "
    wrapped = textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=inner,
        subsequent_indent=inner,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [f"{indent}{key}: >-", *wrapped]


def _quoted(text: str, *, always: bool = False) -> str:
    """The text as a YAML scalar in one line."""
    plain = re.fullmatch(r"[A-Za-zΑ-ω][^:#\"'\[\]{}&*!|>%@`\\]*[^\s:#\"'\\]", text)
    if plain and not always and text.lower() not in ("true", "false", "null", "yes", "no"):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
