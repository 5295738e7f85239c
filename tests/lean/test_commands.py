"""Where commands begin: layouts that people write, and that must not split or join."""

from __future__ import annotations

from itertools import pairwise

import pytest

from harness.lean.commands import Command, matching, split_commands
from harness.lean.tokens import significant, tokenize


def split(source: str) -> list[Command]:
    return split_commands(significant(tokenize(source)), source)


def heads(source: str) -> list[str]:
    return [command.word for command in split(source)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("theorem a : p := h\ntheorem b : q := h", ["theorem", "theorem"]),
        ("@[simp]\ntheorem a : p := h", ["theorem"]),
        ("/-- doc -/\n@[simp] private\nnoncomputable def a := 1", ["def"]),
        (
            "namespace A\n  open B\n  theorem a : p := h\nend A",
            ["namespace", "open", "theorem", "end"],
        ),
        ("section\nvariable (x)\nend", ["section", "variable", "end"]),
        ("noncomputable section\n@[expose] public section X\nend X", ["section", "section", "end"]),
        ("mutual\n  def a := b\n  def b := a\nend", ["mutual", "def", "def", "end"]),
        ("theorem a : p := h\n#check a\n#print axioms a", ["theorem", "#check", "#print"]),
        ("theorem a : p := h\n\n/-! # Title -/\n\nopen B", ["theorem", "", "open"]),
        ('scoped[Pointwise] infix:70 " o " => f\ndef a := 1', ["infix", "def"]),
        ("compile_def% foo\ndef a := 1", ["compile_def%", "def"]),
        ("def a := 1\nderiving instance Repr for A", ["def", "deriving"]),
        # Words that only a macro knows: behind a declaration that may end there, or a blank line.
        ("def a := f x\nmy_macro b : c := 3\ndef d := 1", ["def", "my_macro", "def"]),
        ("instance : A where\n  b := (1)\nmy_macro b", ["instance", "my_macro"]),
        (
            "theorem a : p := h x\nmy_macro b\ntheorem c : p := h",
            ["theorem", "my_macro", "theorem"],
        ),
        ("open A\n\nmy_macro b", ["open", "my_macro"]),
        ("theorem a : p := by\n  classical\nexact h x", ["theorem"]),
        ("theorem a :=\nfoo x", ["theorem"]),
        ("theorem a : p := by\nsimp", ["theorem"]),
        ("theorem a : b =\nc := h", ["theorem"]),
        ("attribute [simp] a\nb", ["attribute"]),
    ],
)
def test_heads(source: str, expected: list[str]) -> None:
    assert heads(source) == expected


@pytest.mark.parametrize(
    "body",
    [
        "by\n  open Real in\n  simp",
        "by\n  set_option maxRecDepth 99 in\n  simp",
        "g\nwhere\n  g := 1",
        "g\ntermination_by x\ndecreasing_by simp",
        "{ x := 1\n  y := 2\n}",
        "f (\ng)",
        "match x with\n| 0 => 1\n| _ => 2",
        "by\n  exact h\n\n  -- a remark\n\n  -- another",
        "calc\n  a = b := h\n  _ = c := h",
    ],
)
def test_a_body_stays_in_one_piece(body: str) -> None:
    source = f"theorem a : p := {body}\n\ndef b := 1"
    assert heads(source) == ["theorem", "def"]


def test_members_with_docstrings_stay_in_their_structure() -> None:
    source = "structure A where\n/-- doc -/\n  x : ℕ\n  @[simp] y : ℕ\n/-- doc -/\ndef b := 1"
    assert heads(source) == ["structure", "def"]


def test_constructors_in_the_first_column_stay_in_their_type() -> None:
    source = "inductive A\n/-- doc -/\n| a\n/-- doc -/\n| b\nderiving Repr\n@[simp] def c := 1"
    assert heads(source) == ["inductive", "def"]


def test_in_puts_a_command_before_another() -> None:
    commands = split("open A in\nset_option x 1 in theorem a : p := h\ndef b := 1")
    assert [(command.word, command.holds_in) for command in commands] == [
        ("open", True),
        ("set_option", True),
        ("theorem", False),
        ("def", False),
    ]


def test_the_in_of_a_loop_puts_nothing_before() -> None:
    commands = split("run_cmd do\n  for x in xs do\n    f x\ndef b := 1")
    assert [(command.word, command.holds_in) for command in commands] == [
        ("run_cmd", False),
        ("def", False),
    ]


def test_an_unknown_word_behind_a_blank_line_is_a_command_of_its_own() -> None:
    commands = split("def a := 1\n\nfrobnicate a with 2\n\ndef b := 1")
    assert [(command.word, command.known) for command in commands] == [
        ("def", True),
        ("frobnicate", False),
        ("def", True),
    ]


def test_an_open_bracket_ends_with_the_next_declaration_in_the_first_column() -> None:
    commands = split("def a := f (1\ntheorem b : p := h")
    assert [(command.word, command.unclosed) for command in commands] == [
        ("def", True),
        ("theorem", False),
    ]


def test_library_notes_keep_their_docstring() -> None:
    assert heads("library_note «x»\n/-- text -/\n\ndef a := 1") == ["library_note", "def"]


def test_attributes_without_a_command_have_no_word() -> None:
    (command,) = split("@[simp]")
    assert (command.word, command.known, command.head) == ("", False, command.stop)


def test_commands_cover_all_tokens() -> None:
    source = "import A\n/-! x -/\ntheorem a : p := h\nfoo ) bar\nend\nend X"
    commands = split(source)
    assert commands[0].start == 0
    assert commands[-1].stop == len(significant(tokenize(source)))
    assert all(one.stop == two.start for one, two in pairwise(commands))


def test_matching_is_the_closing_bracket_or_the_limit() -> None:
    tokens = tokenize("(a [b] {c) d")
    assert matching(tokens, 0, len(tokens)) == len(tokens)
    assert tokens[matching(tokens, 2, len(tokens))].text == "]"
