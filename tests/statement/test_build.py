"""The grammar: its terminals are those of the tokens, and the parser is made once."""

from __future__ import annotations

from harness.statement.build import parser
from harness.statement.symbols import BARS, ENDS_OPERAND, SYMBOLS, WORDS
from harness.statement.tokens import origin_of, tokens


def test_the_grammar_and_the_tokens_have_the_same_terminals() -> None:
    made = {terminal for terminal, _ in (*SYMBOLS.values(), *WORDS.values())}
    made |= {terminal for pair in BARS.values() for terminal in pair}
    made |= {"NAME", "NUMBER", "FIELD"}
    parts = {part for rule in parser().rules for part in rule.expansion}
    assert {part.name for part in parts if part.is_term} == made
    assert made > ENDS_OPERAND


def test_the_parser_is_made_once() -> None:
    assert parser() is parser()


def test_every_symbol_is_one_token() -> None:
    for symbol, (terminal, canonical) in SYMBOLS.items():
        lexeme = next(tokens(symbol, origin_of(symbol, "a", 1, 1)))
        assert (lexeme.type, lexeme.text) == (terminal, canonical)
