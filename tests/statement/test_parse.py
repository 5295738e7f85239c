"""Parsing: Lean's precedences, normal forms, and errors that say what was expected where."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import InputError
from harness.statement.elaborate import elaborate
from harness.statement.parse import DEEPEST, parse, parse_type
from harness.statement.printer import show
from harness.statement.syntax import (
    Application,
    Ascription,
    Binder,
    Binding,
    Field,
    Identifier,
    Infix,
    Let,
    NamedArgument,
    Numeral,
    Prefix,
)
from tests.statement.lean_texts import STATEMENTS
from tests.statement.scopes import SCOPE

X, Y, F = Identifier("x"), Identifier("y"), Identifier("f")


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("∑ i, a i * b i - c", "(∑ i, ((a i) * (b i))) - c"),
        ("∑ i, a • b ^ 2 + c", "(∑ i, (a • (b ^ 2))) + c"),
        ("2 * ∑ i, x i * y i = z", "(2 * (∑ i, (x i * y i))) = z"),
        ("∑ i, ∑ j, x i * y j + c", "(∑ i, (∑ j, (x i * y j))) + c"),
        ("- x ^ 2", "-(x ^ 2)"),
        ("-x * y", "(-x) * y"),
        ("-x • y", "(-x) • y"),
        ("-∑ i, x i * y i", "-(∑ i, (x i * y i))"),
        ("x ^ -y ^ 2", "x ^ (-(y ^ 2))"),
        ("a ^ b ^ c", "a ^ (b ^ c)"),
        ("a - b - c", "(a - b) - c"),
        ("a / b * c", "(a / b) * c"),
        ("a * b • c", "a * (b • c)"),
        ("a • b * c", "(a • b) * c"),
        ("a • b • c", "a • (b • c)"),
        ("a → b → c", "a → (b → c)"),
        ("a ∧ b ∨ c ∧ d → e ↔ g", "(((a ∧ b) ∨ (c ∧ d)) → e) ↔ g"),
        ("¬a = b ∧ c", "(¬(a = b)) ∧ c"),
        ("a ∧ ∀ x, p → q", "a ∧ (∀ x, (p → q))"),
        ("∀ x, p ∧ q → r", "∀ x, ((p ∧ q) → r)"),
        ("f fun x => g x + 1", "f (fun x => (g x + 1))"),
        ("f <| g <| x + y", "f (g (x + y))"),
        ("f a <| x", "f a x"),
        ("(f x) y", "f x y"),
        ("f x.ofLp y", "f (x.ofLp) y"),
        ("|x| * ‖y‖ ^ 2", "(|x|) * ((‖y‖) ^ 2)"),
        ("⟪a, b⟫_ℝ", "inner ℝ a b"),
        ("↑n + x", "(↑n) + x"),
        ("λ x ↦ x", "fun x => x"),
        ("forall x, p", "∀ x, p"),
        ("a <= b /\\ b >= c -> d <-> e", "a ≤ b ∧ b ≥ c → d ↔ e"),
        ("Fin n → Vec n →L[ℝ] ℝ", "Fin n → (Vec n →L[ℝ] ℝ)"),
        ("Vec m →L[ℝ] Fin n → ℝ", "Vec m →L[ℝ] (Fin n → ℝ)"),
        ("{n : ℕ} → Vec n → ℝ", "∀ {n : ℕ}, Vec n → ℝ"),
        ("(x y : Vec n) → ℝ", "∀ (x y : Vec n), ℝ"),
        ("∀ x y : T, p", "∀ (x y : T), p"),
        ("∑ (i : Fin n) (j : Fin m), x", "∑ (i : Fin n) (j : Fin m), (x)"),
        ("x -- y\n + /- z -/ w", "x + w"),
        ("a = fun x => b = c", "a = (fun x => (b = c))"),
    ],
)
def test_precedence_is_that_of_lean(text: str, same: str) -> None:
    assert parse(text) == parse(same)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("f x 1", Application(F, (X, Numeral("1")))),
        ("f (n := x) y", Application(F, (NamedArgument("n", X), Y))),
        ("@f x", Application(Identifier("f", explicit=True), (X,))),
        ("(f x).ofLp", Field(Application(F, (X,)), "ofLp")),
        ("(x : y)", Ascription(X, Y)),
        ("let x := y; f", Let("x", None, Y, F)),
        ("let x : y := y; f", Let("x", Y, Y, F)),
        ("¬x", Prefix("¬", X)),
        ("x ≠ y", Infix("≠", X, Y)),
        ("fun _ => y", Binding("fun", (Binder(("_",), None),), Y)),
        (
            "∀ {n : y} ⦃m : y⦄ a b (c d : y), f",
            Binding(
                "∀",
                (
                    Binder(("n",), Y, "{"),
                    Binder(("m",), Y, "⦃"),
                    Binder(("a", "b"), None),
                    Binder(("c", "d"), Y),
                ),
                F,
            ),
        ),
    ],
)
def test_every_way_of_writing_has_its_node(text: str, tree: object) -> None:
    assert parse(text) == tree


def test_types_are_parsed_by_the_same_grammar() -> None:
    assert parse_type("Vec n → ℝ") == parse("Vec n → ℝ")


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ("", "1:1", "found the end of the text, expected an expression", ""),
        ("x +", "1:4", "found the end of the text, expected an expression", ""),
        ("(x", "1:3", "expected `)`", ""),
        ("x)", "1:2", "found `)`, expected an operator or the end", ""),
        ("∀ x", "1:4", "expected `,` or `:`", ""),
        ("∀ , p", "1:3", "found `,`, expected a name", ""),
        ("fun x e", "1:8", "expected `:` or `=>`", ""),
        ("a = b = c", "1:7", "found `=`", "a = b ∧ b = c"),
        ("f ∑ i, x", "1:3", "found `∑`", "parentheses"),
        ("let x := y f", "1:13", "expected `;` or an operator", ""),
        ("f _", "1:3", "found `_`", "outside of the statement language"),
        ("‖x", "1:3", "expected a closing `‖`", ""),
        ("x\n  + * y", "2:5", "found `*`, expected an expression", ""),
        ("∀ x : Vec n, ∃ y, y = x", "1:14", "`∃` is outside", ""),
    ],
)
def test_errors_say_where_and_what(text: str, place: str, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text, file="a.yaml")
    error = caught.value
    assert str(error.place) == f"a.yaml:{place}"
    assert message in error.message
    assert hint in error.hint


def test_the_caret_points_at_the_token_in_its_own_line() -> None:
    with pytest.raises(InputError) as caught:
        parse("x = \n y ) z", file="a.yaml", line=4, column=20)
    assert caught.value.with_caret().splitlines()[1:] == ["     y ) z", "       ^"]
    with pytest.raises(InputError) as caught:
        parse("x ) z", file="a.yaml", line=4, column=20)
    assert str(caught.value.place) == "a.yaml:4:22"
    _message, source, caret = caught.value.with_caret().splitlines()
    assert source[caret.index("^")] == ")"


def test_deep_nesting_is_refused_at_its_place() -> None:
    assert parse("(" * 1000 + "x" + ")" * 1000) == X
    with pytest.raises(InputError, match="levels deep"):
        parse("-(" * (DEEPEST + 1) + "x" + ")" * (DEEPEST + 1))
    with pytest.raises(InputError, match="levels deep"):
        parse(" + ".join(["x"] * (DEEPEST + 2)))


ALPHABET = (
    "∀ ∑ fun λ let x y n i Vec Fin ℝ ℕ ( ) { } ⦃ ⦄ : , => := ; + - * / ^ • = < ≤ ∧ ∨ → ↔ ¬ <| | ‖ "
    "⟪ ⟫_ℝ 0 1 2.5 @ ↑ .ofLp →L[ℝ] inner HasFDerivAt softmaxVec dotCLM Real.exp -- /- -/ _ «a» ∃ ["
)
WORDS = re.findall(r"\S+", ALPHABET)


@given(st.lists(st.sampled_from(WORDS), max_size=12), st.booleans())
def test_any_text_is_read_or_refused(words: list[str], spaced: bool) -> None:
    text = (" " if spaced else "").join(words)
    _read(text)


@given(st.sampled_from(sorted(STATEMENTS)), st.data())
def test_any_change_of_a_statement_is_read_or_refused(name: str, data: st.DataObject) -> None:
    words = STATEMENTS[name].split(" ")
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(words) - 1))
        words[at] = data.draw(st.sampled_from([*WORDS, *words, ""]))
    _read(" ".join(words))


def _read(text: str) -> None:
    """Reads a text as far as it goes; the only error may be one with a place in the text."""
    try:
        tree = parse(text)
        assert parse(show(tree)) == tree
        elaborate(tree, SCOPE)
    except InputError as error:
        assert error.place is not None
        assert error.message
        assert error.with_caret()


def test_a_statement_is_parsed_in_a_few_milliseconds() -> None:
    texts = list(STATEMENTS.values())
    parse(texts[0])
    start = time.perf_counter()
    for text in texts:
        parse(text)
    assert (time.perf_counter() - start) / len(texts) < 0.02  # about 1 ms; the rest is a slow day
