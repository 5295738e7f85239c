"""Where the commands of a Lean file begin and end, told from the words at the starts of lines.

Lean's own parser knows where a command ends; without the grammar of every macro we use what people
write: a command begins with the first token of a line, outside brackets. Words that Lean reserves
for declarations and scopes begin one in any column. All other words (`open`, `set_option`, `syntax`
and so on) also stand inside tactic blocks and terms, so they begin one only when they are not
indented deeper than the command before. A word that we do not know begins one there only behind a
blank line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from harness.lean.tokens import Token


def words(text: str) -> frozenset[str]:
    """The words of a text, for tables of reserved words."""
    return frozenset(text.split())


KINDS = {
    "def": "def",
    "irreducible_def": "def",
    "theorem": "theorem",
    "lemma": "theorem",
    "abbrev": "abbrev",
    "instance": "instance",
    "axiom": "axiom",
    "opaque": "opaque",
    "structure": "structure",
    "class": "class",
    "inductive": "inductive",
    "coinductive": "inductive",
    "example": "example",
}
MODIFIERS = words("private protected public meta noncomputable unsafe partial nonrec local scoped")
OPENERS = frozenset(["(", "[", "{", "⟨", "⦃", "⟦", "@[", "#[", "![", "!![", ".{", "%["])
CLOSERS = frozenset(")]}⟩⦄⟧")

_STRONG = frozenset(KINDS) | {"namespace", "section", "end", "mutual"}
_WEAK = words(
    """
    add_aesop_rules add_decl_doc alias assert_exists assert_no_sorry assert_not_exists
    assert_not_imported attribute binder_predicate builtin_initialize builtin_simproc compile_def%
    compile_inductive% count_heartbeats declare_aesop_rule_sets declare_command_config_elab
    declare_config_elab declare_core_config_elab declare_int_theorems declare_simp_like_tactic
    declare_syntax_cat declare_uint_theorems deprecated_module deprecated_syntax dsimproc
    dsimproc_decl elab elab_rules erase_aesop_rules export extend_docs gen_injective_theorems%
    grind_pattern guard_min_heartbeats import include infix infixl infixr init_quot initialize
    initialize_simps_projections insert_to_additive_translation irreducible_def library_note
    library_note2 macro macro_rules mk_iff_of_inductive_prop module notation notation3 omit open
    postfix prefix prelude proof_wanted recall recommended_spelling register_builtin_option
    register_error_explanation register_grind_attr register_hint register_label_attr
    register_linter_set register_option register_parser_alias register_simp_attr
    register_tactic_tag register_tag_attr register_try?_tactic reset_grind_attrs run_cmd run_elab
    run_meta seal set_option set_premise_selector show_panel_widgets simproc simproc_decl
    simproc_pattern sudo suppress_compilation syntax tactic_extension test_extern
    to_additive_change_numeral unif_hint universe universes unseal unsuppress_compilation variable
    variable? variables whatsnew with_weak_namespace
    """
)
# Commands that people put before another one with `in`.
_TAKES_IN = words(
    "attribute count_heartbeats guard_min_heartbeats include omit open seal set_option universe"
    " unseal variable whatsnew"
)
# Words that go on with a declaration although they may stand alone in the first column.
_CONTINUES = words(
    "where termination_by decreasing_by deriving extends with by from fun calc have show let match"
    " do then else at in using"
)
_HAS_MEMBERS = frozenset({"structure", "class", "inductive", "coinductive"})
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_ENDS_TERMS = frozenset({"identifier", "number", "string", "character"})
_LONG = frozenset({"doc", "module doc", "string"})  # tokens that may have several lines
_LOOK_AHEAD = (
    2000  # tokens of attributes and docstrings before a word, so that no file is quadratic
)


@dataclass(frozen=True)
class Command:
    """The tokens `start <= i < stop` of one command.

    head: the index of its word, behind docstrings, attributes and modifiers (`stop` without one);
    word: that word, `""` when the command has none; known: whether we know the word; holds_in: it
    ended with an `in`, so that the next command is its own; unclosed: a bracket was left open.
    """

    start: int
    head: int
    stop: int
    word: str
    known: bool
    holds_in: bool = False
    unclosed: bool = False


def split_commands(tokens: Sequence[Token], text: str) -> list[Command]:
    """The commands of a file, in order; they cover all tokens.

    tokens: those of `text`, without comments.
    """
    first = [True]
    first += [
        token.line > before.line and (before.kind not in _LONG or token.line > before.last_line)
        for before, token in pairwise(tokens)
    ]
    commands: list[Command] = []
    start = column = 0
    while start < len(tokens):
        before = commands[-1].start if commands else 0
        begins = next((index for index in range(start, before, -1) if first[index]), before)
        column = tokens[begins].column if first[begins] else column
        command = _command(tokens, text, first, start, column)
        commands.append(command)
        start = command.stop
    return commands


def matching(tokens: Sequence[Token], opener: int, stop: int) -> int:
    """The index of the bracket that closes the one at `opener`; `stop` when none before it does."""
    depth = 0
    for index in range(opener, stop):
        text = tokens[index].text
        if text in OPENERS:
            depth += 1
        elif text in CLOSERS:
            depth -= 1
            if depth == 0:
                return index
    return stop


def head_of(tokens: Sequence[Token], start: int, stop: int) -> int:
    """The index of the word of the command at `start`, behind docstrings, attributes, modifiers;
    `stop` when it does not come before."""
    index = start
    while index < stop:
        token = tokens[index]
        if token.kind == "doc":
            index += 1
        elif token.text == "@[":
            index = matching(tokens, index, stop) + 1
        elif token.text in MODIFIERS:
            index += 1
            scoped = token.text == "scoped" and index < stop
            if scoped and tokens[index].text == "[":  # scoped[Pointwise] infix ...
                index = matching(tokens, index, stop) + 1
        else:
            return index
    return stop


def _command(
    tokens: Sequence[Token], text: str, first: Sequence[bool], start: int, column: int
) -> Command:
    """The command at `start`; column: of the first token on its line."""
    head = head_of(tokens, start, len(tokens))
    if head == len(tokens):
        return Command(start, head, head, "", known=False)
    token = tokens[head]
    word = _word(tokens, head)
    if token.kind == "module doc" or word == "mutual":
        return Command(start, head, head + 1, word, known=True)
    if word in ("namespace", "section", "end"):
        stop = head + 1
        if stop < len(tokens) and tokens[stop].line == token.line and _is_scope_name(tokens[stop]):
            stop += 1
        return Command(start, head, stop, word, known=True)
    known = word in KINDS or word in _WEAK or word.startswith("#") or word == "deriving"
    depth = 0
    unclosed = in_block = False
    index = head + 1
    while index < len(tokens):
        piece = tokens[index].text
        in_block = in_block or piece in ("by", "do")
        if first[index]:
            if depth == 0 and _is_start(tokens, text, index, column, word, in_block=in_block):
                break
            if depth > 0 and tokens[index].column == 1 and _begins_strong(tokens, index):
                unclosed = True
                break
        if piece in OPENERS:
            depth += 1
        elif piece in CLOSERS:
            depth = max(0, depth - 1)
        elif piece == "in" and depth == 0 and _takes_in(tokens, index, word):
            return Command(start, head, index + 1, word, known, holds_in=True)
        index += 1
    return Command(start, head, index, word, known, unclosed=unclosed or depth > 0)


def _word(tokens: Sequence[Token], index: int) -> str:
    """The word that names a command: `theorem`, `#check`, `compile_def%`; "" when it is none."""
    token = tokens[index]
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    adjacent = after is not None and after.offset == token.end
    if token.kind == "identifier":
        return f"{token.text}%" if after and adjacent and after.text == "%" else token.text
    if token.text == "#" and after and adjacent and after.kind == "identifier":
        return f"#{after.text}"
    return ""


def _takes_in(tokens: Sequence[Token], index: int, word: str) -> bool:
    """Whether the `in` at `index` puts the command `word` before another one."""
    return word not in KINDS and (word in _TAKES_IN or _begins_strong(tokens, index + 1))


def _is_scope_name(token: Token) -> bool:
    reserved = token.text in _STRONG or token.text in _WEAK or token.text in MODIFIERS
    return token.kind == "identifier" and not reserved


def _begins_strong(tokens: Sequence[Token], index: int) -> bool:
    stop = min(len(tokens), index + _LOOK_AHEAD)
    head = head_of(tokens, index, stop)
    return head < stop and tokens[head].text in _STRONG


def _is_member(tokens: Sequence[Token], index: int, column: int) -> bool:
    """Whether a docstring or modifier belongs to a constructor or field and not to a command."""
    stop = min(len(tokens), index + _LOOK_AHEAD)
    head = head_of(tokens, index, stop)
    if head == stop:
        return False
    word = tokens[head].text
    indented = tokens[head].column > column and word not in _STRONG and word not in _WEAK
    return word == "|" or indented


def _is_start(
    tokens: Sequence[Token], text: str, index: int, column: int, current: str, *, in_block: bool
) -> bool:
    """Whether the first token of a line, outside brackets, begins a command.

    column: of the command before, on the line where it begins; current: its word; in_block: it has
    a block of tactics or of `do`.
    """
    token = tokens[index]
    if token.kind == "module doc" or token.text in _STRONG:
        return True
    if token.kind == "doc" or token.text == "@[" or token.text in MODIFIERS:
        if token.column > column:
            return _begins_strong(tokens, index)
        if current == "library_note":  # its text is a docstring
            return token.kind != "doc"
        return current not in _HAS_MEMBERS or not _is_member(tokens, index, column)
    if token.column > column:
        return False
    word = _word(tokens, index)
    if word in _WEAK or word.startswith("#"):
        return True
    if word == "deriving":
        return index + 1 < len(tokens) and tokens[index + 1].text in ("instance", "noncomputable")
    if token.kind != "identifier" or token.text in _CONTINUES:
        return False
    # A word that is unknown: of a macro, behind a blank line or a declaration that may end there.
    before = tokens[index - 1]
    between = text[before.end : token.offset]
    if _BLANK_LINE.search(between):
        return True
    whole = before.kind in _ENDS_TERMS and before.text not in _CONTINUES
    ended = whole or before.text in CLOSERS
    # A block of tactics may go on at the beginning of a line.
    return ended and current in KINDS and token.column == 1 and not in_block
