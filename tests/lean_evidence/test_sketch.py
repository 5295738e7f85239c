"""The text of a draft: YAML that says what is known, whatever the words are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.lean.sketch import TODO, Sketch, completed
from harness.specs.yaml_load import parse_document

SKETCH = Sketch(
    name="A.t",
    kind="theorem",
    file="A.lean",
    docstring="It holds. Always.",
    type="1 = 1",
    value="",
    lemma="",
    equation="",
    links=("fingerprint: x",),
)


def said(sketch: Sketch) -> object:
    return parse_document(completed(sketch, ()).text.encode(), "draft.yaml").data


def test_what_is_known_is_filled_in() -> None:
    made = completed(SKETCH, ("A.d",))
    assert (made.todo, made.uses) == (("provenance.requirement", "provenance.text"), ("A.d",))
    assert made.statements == ("1 = 1",)
    assert said(SKETCH) == {
        "schema": 1,
        "name": "A.t",
        "kind": "theorem",
        "role": "support",
        "file": "A.lean",
        "summary": "It holds.",
        "statement": "1 = 1",
        "provenance": {
            "requirement": TODO,
            "text": f"{TODO}, what the requirement asks for in one line",
        },
        "fingerprint": "x",
    }


def test_what_is_unknown_is_to_be_written() -> None:
    made = completed(replace(SKETCH, kind="def", docstring=""), ())
    assert made.todo[:2] == ("summary", "equation.statement")
    assert made.lemma == "theorem t_apply : the equation := by intros; rfl"
    assert "  lemma: A.t_apply\n" in made.text
    assert completed(replace(SKETCH, kind="abbrev"), ()).todo[0] == "value"


def test_an_equation_without_a_lemma_says_which_one_lean_needs() -> None:
    made = completed(replace(SKETCH, kind="def", equation="t = 1"), ())
    assert made.lemma == "theorem t_apply : t = 1 := by intros; rfl"
    stated = replace(SKETCH, kind="def", equation="t = 1", lemma="A.t_def")
    assert completed(stated, ()).lemma == ""


@pytest.mark.parametrize("text", ["yes", "a: b", 'say "x"', "x \\ y", "a # b", "[1]", "∀ x, " * 40])
def test_words_that_yaml_reads_otherwise(text: str) -> None:
    found = said(replace(SKETCH, docstring=text, type=text))
    assert isinstance(found, dict)
    assert found["statement"] == text.strip()


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), max_size=200))
def test_any_statement_in_one_line_is_kept(text: str) -> None:
    line = " ".join(text.split())
    found = said(replace(SKETCH, type=line))
    assert isinstance(found, dict)
    assert found["statement"] == line
