"""The tokenizer: one test a lexical rule, then random text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.lean.tokens import Token, significant, tokenize


def texts(source: str) -> list[str]:
    return [token.text for token in tokenize(source)]


def kinds(source: str) -> list[str]:
    return [token.kind for token in tokenize(source)]


@pytest.mark.parametrize(
    "name",
    [
        "x",
        "x'",
        "x'a'",
        "x₁",
        "aᵢⱼ",
        "foo_bar",
        "getD!",
        "isSome?",
        "ℝ",
        "α",
        "𝕜",
        "𝒜",
        "Real.exp",
        "Proofs.Autograd.softmaxVec",
        "«term_ + _»",
        "Foo.«end».bar",
        "é",
        "_",
        "_root_.foo",
    ],
)
def test_one_identifier(name: str) -> None:
    assert [(token.kind, token.text) for token in tokenize(name)] == [("identifier", name)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("λx", ["λ", "x"]),
        ("Σx", ["Σ", "x"]),
        ("foo.{u}", ["foo", ".{", "u", "}"]),
        ("x.1", ["x", ".", "1"]),
        ("(x).ofLp", ["(", "x", ")", ".", "ofLp"]),
        ("f x:=y", ["f", "x", ":=", "y"]),
        ("a →L[ℝ] b", ["a", "→", "L", "[", "ℝ", "]", "b"]),
        ("x⁻¹", ["x", "⁻", "¹"]),
        ("f ⁻¹' s", ["f", "⁻¹'", "s"]),
        ("f '' s", ["f", "''", "s"]),
        ("a <| b |> c", ["a", "<|", "b", "|>", "c"]),
        ("|x| ∣ ‖y‖", ["|", "x", "|", "∣", "‖", "y", "‖"]),
        ("@[simp] #[1]", ["@[", "simp", "]", "#[", "1", "]"]),
        ("0x1F 1.5e-3 12 0b01 1..2", ["0x1F", "1.5e-3", "12", "0b01", "1", "..", "2"]),
        ("#check_failure", ["#", "check_failure"]),
        ("n % 2", ["n", "%", "2"]),
    ],
)
def test_splits(source: str, expected: list[str]) -> None:
    assert texts(source) == expected


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("-- to the end", "comment"),
        ("/- a /- nested -/ b -/", "comment"),
        ("/-- a docstring /- nested -/ -/", "doc"),
        ("/-! module doc -/", "module doc"),
        ('"a \\" b -- no comment"', "string"),
        ('"two\nlines"', "string"),
        ('r"C:\\"', "string"),
        ('r#"a "quoted" word"#', "string"),
        ("'a'", "character"),
        ("'\\n'", "character"),
        ("'\\''", "character"),
        ("'\\u03B1'", "character"),
        ("'\"'", "character"),
        ("`foo.bar", "name"),
        ("``foo", "name"),
    ],
)
def test_one_token_of_a_kind(source: str, kind: str) -> None:
    assert [(token.kind, token.text) for token in tokenize(source)] == [(kind, source)]
    assert not tokenize(source)[0].unterminated


def test_a_quote_behind_a_name_is_a_prime_and_elsewhere_a_character() -> None:
    assert texts("f' 'a' x'b") == ["f'", "'a'", "x'b"]


def test_interpolated_strings_hold_strings_and_brackets() -> None:
    source = 's!"a {f "(" ++ s!"{x}"} b" y'
    assert texts(source) == ["s!", 's!"a {f "(" ++ s!"{x}"} b"'[2:], "y"]


def test_braces_in_a_plain_string_mean_nothing() -> None:
    assert texts('"{" x') == ['"{"', "x"]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("x /- open", "comment"),
        ("x /-- open /- -/", "doc"),
        ('x "open', "string"),
        ('x r#"open"', "string"),
        ('x s!"open {y', "string"),
        ("x «open", "identifier"),
    ],
)
def test_what_the_file_leaves_open_is_one_flagged_token(source: str, kind: str) -> None:
    last = tokenize(source)[-1]
    assert (last.kind, last.unterminated, last.end) == (kind, True, len(source))


def test_an_open_name_ends_with_its_line() -> None:
    assert texts("«open\nx") == ["«open", "x"]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_places_count_lines_and_code_points_from_one(newline: str) -> None:
    source = newline.join(["α /- x", "y -/ 𝕜 z", "", "  w"])
    places = {token.text: (token.line, token.column) for token in tokenize(source)}
    assert places["α"] == (1, 1)
    assert places["𝕜"] == (2, 6)
    assert places["z"] == (2, 8)
    assert places["w"] == (4, 3)


def test_a_byte_order_mark_is_no_column() -> None:
    source = "\ufeffx y\nz"
    assert [(t.text, t.line, t.column) for t in tokenize(source)] == [
        ("x", 1, 1),
        ("y", 1, 3),
        ("z", 2, 1),
    ]
    assert source[tokenize(source)[0].offset] == "x"


def test_last_line_counts_the_lines_within() -> None:
    assert tokenize("\n/- a\nb -/")[0].last_line == 3


def test_significant_drops_comments_but_no_docstrings() -> None:
    assert [token.kind for token in significant(tokenize("-- a\n/-- b -/ /-! c -/ /- d -/ e"))] == [
        "doc",
        "module doc",
        "identifier",
    ]


ALPHABET = [
    *"ab'1 \n\r\"«».:=|()[]{}⟨⟩/-!\\`ℝᵢ₁λ#s@%{}",
    "/-",
    "-/",
    "--",
    's!"',
    'r#"',
    "theorem ",
]


def check_tiles(source: str, tokens: list[Token]) -> None:
    """Tokens are pieces of the source, in order, with whitespace between them."""
    position = 0
    for token in tokens:
        assert source[token.offset : token.end] == token.text != ""
        assert not source[position : token.offset].strip().strip("\ufeff")
        before = source[: token.offset]
        assert token.line == before.count("\n") + 1
        position = token.end
    assert not source[position:].strip().strip("\ufeff")


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(ALPHABET), max_size=60).map("".join))
def test_any_text_is_tiled_by_its_tokens(source: str) -> None:
    check_tiles(source, tokenize(source))


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=40))
def test_any_unicode_is_tiled_by_its_tokens(source: str) -> None:
    check_tiles(source, tokenize(source))


def test_deep_nesting_takes_no_stack() -> None:
    assert tokenize("/-" * 5000 + "-/" * 5000)[0].unterminated is False
    assert tokenize('s!"{' * 5000)[-1].unterminated is True
