"""Lines of a report on a terminal and elsewhere."""

from __future__ import annotations

import io

import pytest

from harness.commands.streams import folded, terminal_width, write_lines

SENTENCE = "10 of 15 cells of 14 library paths conform as IEEE code, 5 violate as announced."
TABLE = "numpy.naive            softmaxVec  float32  ✗ violates°  as_written     nan"


def test_a_sentence_is_broken_between_words_and_a_table_is_not() -> None:
    parts = folded(SENTENCE, 30)
    assert " ".join(parts) == SENTENCE and max(map(len, parts)) <= 30
    assert folded(TABLE, 30) == [TABLE]
    assert folded("    " + "word " * 20, 30) == ["    " + "word " * 20]
    assert folded("", 30) == [""] and folded(SENTENCE, 100) == [SENTENCE]


def test_a_pipe_gets_every_line_whole() -> None:
    stream = io.StringIO()
    write_lines(stream, [SENTENCE * 3, TABLE])
    assert stream.getvalue() == f"{SENTENCE * 3}\n{TABLE}\n"


class Terminal(io.StringIO):
    """A stream that people look at."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_its_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    write_lines(stream, [SENTENCE, TABLE])
    *sentence, table = stream.getvalue().splitlines()
    assert len(sentence) > 1 and max(map(len, sentence)) <= 60
    assert table == TABLE


def test_the_columns_to_lay_out_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    for columns, width in (("120", 120), ("60", 60), ("20", 50)):
        monkeypatch.setenv("COLUMNS", columns)
        assert terminal_width(Terminal()) == width
        assert terminal_width(io.StringIO()) is None
