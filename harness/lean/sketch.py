"""The text of a drafted spec: what is known is filled in, and a person completes the rest."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

TODO = "TODO"
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


def _summary(docstring: str, todo: list[str]) -> str:
    """The first sentence of the docstring."""
    words = " ".join(docstring.split())
    sentence = re.match(r".*?[.;](?=\s|$)", words)
    summary = (sentence[0] if sentence else words).rstrip(";")
    return summary or _todo("summary", "one line for people", todo)


def _text(key: str, text: str, indent: str = "") -> list[str]:
    """`key: "text"`, or a folded block where that would be too long for one line."""
    line = f"{indent}{key}: {_quoted(text, always=True)}"
    if len(line) <= _WIDTH:
        return [line]
    width = _WIDTH - len(indent) - 2
    parts = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
    return [f"{indent}{key}: >-", *(f"{indent}  {part}" for part in parts)]


def _quoted(text: str, *, always: bool = False) -> str:
    """The text as a YAML scalar in one line."""
    plain = re.fullmatch(r"[A-Za-zΑ-ω][^:#\"'\[\]{}&*!|>%@`\\]*[^\s:#\"'\\]", text)
    if plain and not always and text.lower() not in ("true", "false", "null", "yes", "no"):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
