"""Parse the text of a statement or of a type into the surface tree; say what was expected."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from harness.errors import InputError
from harness.statement.syntax import Node, children, failure
from harness.statement.tokens import Lexeme, Origin, origin_of, tokens

if TYPE_CHECKING:
    from lark.parsers.lalr_interactive_parser import InteractiveParser

DEEPEST = 100

# What a person calls a terminal of grammar.lark; those not here begin an expression.
_IN_WORDS = {
    "_RPAR": "`)`",
    "_RBRACE": "`}`",
    "_RSTRICT": "`⦄`",
    "_RINNER": "`⟫_ℝ`",
    "CLOSE_ABS": "a closing `|`",
    "CLOSE_NORM": "a closing `‖`",
    "_COMMA": "`,`",
    "_COLON": "`:`",
    "_ASSIGN": "`:=`",
    "_SEMICOLON": "`;`",
    "_MAPSTO": "`=>`",
    "TIMES": "an operator",
    "ARROW": "`→`",
    "$END": "the end",
}
# For a term where an operator could stand.
_HINTS = {
    "RELATION": "relations do not chain: write a = b ∧ b = c",
    "SUM": "put the sum in parentheses",
    "FORALL": "put the quantified part in parentheses",
    "LET": "put the let in parentheses",
    "NOT": "put the negation in parentheses",
}


def parse(text: str, *, file: str = "<statement>", line: int = 1, column: int = 1) -> Node:
    """The surface tree of a statement.

    file, line, column: where the first character of `text` stands; places in the tree and in errors
    count from there (the column on the first line only). Raises InputError with place, line of text
    and what was expected.
    """
    origin = origin_of(text, file, line, column)
    node = _parsed(text, origin)
    _refuse_deep(node)
    return node


def parse_type(text: str, *, file: str = "<statement>", line: int = 1, column: int = 1) -> Node:
    """The surface tree of a type, such as `{n : ℕ} → Vec n → Vec n`; otherwise as `parse`.

    Types are terms in Lean, so this is the same grammar; what is no type is refused by elaboration.
    """
    return parse(text, file=file, line=line, column=column)


def _parsed(text: str, origin: Origin) -> Node:
    from lark.exceptions import UnexpectedToken

    from harness.statement.build import parser

    state = parser().parse_interactive()
    result = None
    for count, lexeme in enumerate(tokens(text, origin)):
        try:
            result = state.feed_token(cast(Any, lexeme))  # lark reads its `type` only
        except UnexpectedToken:
            # The failed token may already have closed rules, so ask a parser that never saw it.
            before = parser().parse_interactive()
            for earlier in islice(tokens(text, origin), count):
                before.feed_token(cast(Any, earlier))
            raise _unexpected(lexeme, before) from None
    return cast(Node, result)


def _unexpected(found: Lexeme, before: InteractiveParser) -> InputError:
    accepted: set[str] = before.accepts()  # type: ignore[no-untyped-call]
    if accepted <= {"NAME", "HOLE", "LPAR", "LBRACE", "LSTRICT"}:
        wanted = ["a name or `(`" if "LPAR" in accepted else "a name"]
    elif "NUMBER" in accepted and "TIMES" not in accepted:
        wanted = ["an expression"]
    else:
        one_of_many = {"ARROW"} if "TIMES" in accepted else set()
        named = accepted - one_of_many
        wanted = [words for terminal, words in _IN_WORDS.items() if terminal in named]
    what = f"`{found.text}`" if found.text else "the end of the text"
    hint = _HINTS.get(found.type, "") if "TIMES" in accepted else ""
    if found.type == "HOLE":
        hint = "a placeholder is outside of the statement language: write the term"
    return InputError(
        f"found {what}, expected {' or '.join(wanted)}",
        place=found.place,
        source=found.place.source,
        hint=hint,
    )


def _refuse_deep(root: Node) -> None:
    """Refuse a tree deeper than DEEPEST: elaboration and the evaluators are recursive."""
    level = [root]
    for _ in range(DEEPEST):
        level = [below for node in level for below in children(node)]
        if not level:
            return
    raise failure(level[0], f"nested more than {DEEPEST} levels deep", "name parts with a constant")
