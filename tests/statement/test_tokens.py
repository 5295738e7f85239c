"""Tokens: Lean's identifiers and comments, places, and the two meanings of a bar."""

from __future__ import annotations

import pytest

from harness.errors import InputError
from harness.statement.tokens import LONGEST, Lexeme, origin_of, tokens


def lexemes(text: str) -> list[Lexeme]:
    return list(tokens(text, origin_of(text, "a.lean", 1, 1)))


def texts(text: str) -> list[str]:
    return [lexeme.text for lexeme in lexemes(text)][:-1]


def types(text: str) -> list[str]:
    return [lexeme.type for lexeme in lexemes(text)][:-1]


@pytest.mark.parametrize(
    "name",
    ["x", "dx", "δ", "x'", "x₁", "ℓ", "𝕜", "a_b", "h!", "«any thing»", "Real.exp", "é", "_h", "xᵢ"],
)
def test_names_as_lean_writes_them(name: str) -> None:
    assert [(lexeme.type, lexeme.text) for lexeme in lexemes(name)][:-1] == [("NAME", name)]


def test_lambda_pi_and_sigma_are_no_letters() -> None:
    assert texts("λx") == ["fun", "x"]
    with pytest.raises(InputError, match="`Π` is outside"):
        lexemes("Πx")


def test_ascii_spellings_become_lean_ones() -> None:
    assert texts("-> <-> <= >= /\\ \\/ ↦ =>") == ["→", "↔", "≤", "≥", "∧", "∨", "=>", "=>"]
    assert texts("Vec n →L[ Real ] ℝ") == ["Vec", "n", "→L[ℝ]", "ℝ"]


def test_numbers() -> None:
    assert texts("12 0.5 1e-6 2.5E+3 2x") == ["12", "0.5", "1e-6", "2.5E+3", "2", "x"]


def test_comments_and_line_ends_are_space() -> None:
    text = "a -- to the end ∃\r\n /- one /- two -/ ∃ -/ b\t--"
    assert texts(text) == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("|x|", "OPEN_ABS NAME CLOSE_ABS"),
        ("||x| - y|", "OPEN_ABS OPEN_ABS NAME CLOSE_ABS MINUS NAME CLOSE_ABS"),
        ("|x - |y||", "OPEN_ABS NAME MINUS OPEN_ABS NAME CLOSE_ABS CLOSE_ABS"),
        ("f |x| ‖y‖", "NAME OPEN_ABS NAME CLOSE_ABS OPEN_NORM NAME CLOSE_NORM"),
        ("|‖x‖|", "OPEN_ABS OPEN_NORM NAME CLOSE_NORM CLOSE_ABS"),
        ("|f |x||", "OPEN_ABS NAME OPEN_ABS NAME CLOSE_ABS CLOSE_ABS"),
        ("|(x)|", "OPEN_ABS LPAR NAME _RPAR CLOSE_ABS"),
        ("|-1|^2", "OPEN_ABS MINUS NUMBER CLOSE_ABS POW NUMBER"),
    ],
)
def test_bars_open_and_close(text: str, expected: str) -> None:
    assert types(text) == expected.split()


def test_fields_touch_what_they_belong_to() -> None:
    assert types("(x).ofLp") == ["LPAR", "NAME", "_RPAR", "FIELD"]
    with pytest.raises(InputError, match="is outside") as caught:
        lexemes("(x) .ofLp")
    assert "without spaces" in caught.value.hint


def test_places_count_from_the_base() -> None:
    text = "a\n  b /- \n -/ c"
    found = list(tokens(text, origin_of(text, "f.yaml", 7, 15)))
    assert [str(lexeme.place) for lexeme in found] == [
        "f.yaml:7:15",
        "f.yaml:8:3",
        "f.yaml:9:5",
        "f.yaml:9:6",
    ]
    assert found[0].place.source == " " * 14 + "a"
    assert found[1].place.source == "  b /- "


@pytest.mark.parametrize(
    ("text", "message", "column", "hint"),
    [
        ("a ∃ b", "`∃` is outside of the statement language", 3, "all"),
        ("a != b", "`!=` is outside", 3, "≠"),
        ("x⁻¹", "`⁻¹` is outside", 2, "1 / x"),
        ("if a", "`if` is outside", 1, ""),
        ("a [b]", "`[` is outside", 3, "instance"),
        ("V →L[ℂ] ℂ", "`→L` is outside", 3, "over ℝ"),
        ("a\u00a0b", "is outside", 2, ""),
        ("a /- b", "this comment is not closed", 3, "-/"),
        ("‖ x‖", "`‖` stands alone", 1, "‖x‖"),
        ("a |", "`|` stands alone", 3, "|x|"),
    ],
)
def test_what_is_outside_is_named(text: str, message: str, column: int, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        lexemes(text)
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.place is not None
    assert caught.value.place.column == column
    assert caught.value.source == text


def test_a_text_too_long_is_refused() -> None:
    with pytest.raises(InputError, match="characters"):
        lexemes("x" * (LONGEST + 1))
