"""Reading YAML: plain data with places, everything else an InputError in its place."""

from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.errors import InputError, Place
from harness.specs.yaml_load import MAX_BYTES, Document, parse_document, read_document


@pytest.fixture(params=["libyaml", "pure"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "pure":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    elif not hasattr(yaml, "CSafeLoader"):
        pytest.skip("PyYAML was built without libyaml")


def read(text: str) -> Document:
    return parse_document(text.encode("utf-8"), "a.yaml")


def failure(text: str | bytes) -> InputError:
    raw = text if isinstance(text, bytes) else text.encode("utf-8")
    with pytest.raises(InputError) as caught:
        parse_document(raw, "a.yaml")
    return caught.value


def test_plain_data_comes_back_with_its_places() -> None:
    document = read("schema: 1\nequation:\n  lemma: A.b\nfacts:\n  - {statement: 'x'}\n")
    assert document.data == {
        "schema": 1,
        "equation": {"lemma": "A.b"},
        "facts": [{"statement": "x"}],
    }
    assert document.error(("equation", "lemma"), "").place == Place("a.yaml", 3, 10)
    assert document.error(("equation", "lemma"), "", at_key=True).place == Place("a.yaml", 3, 3)
    assert document.error(("facts", 0, "statement"), "").place == Place("a.yaml", 5, 18)


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("", 1, 1, "the file is empty"),
        ("# only a comment\n", 2, 1, "the file is empty"),
        ("- a\n", 1, 1, "not a mapping"),
        ("a: 1\nb: !!python/object:os.system x\n", 2, 4, "YAML tag"),
        ("a: !mine x\n", 1, 4, "YAML tag"),
        ("!!map {a: b}\n", 1, 1, "YAML tag"),
        ("a: ! x\n", 1, 4, "YAML tag"),
        ("!!str a: b\n", 1, 1, "YAML tag"),
        ("a: &one x\nb: *one\n", 1, 4, "anchor"),
        ("a: [*none]\n", 1, 5, "anchor"),
        ("? &k a\n: b\n", 1, 3, "anchor"),
        ("a: 1\na: 2\n", 2, 1, "'a' again (first in line 1)"),
        ("a: {b: x, b: y}\n", 1, 11, "'b' again"),
        ("a: x\n---\nb: y\n", 2, 1, "second YAML document"),
        ("%YAML 1.1\n---\na: x\n", 1, 1, "directive"),
        ("a: x\n\tb: y\n", 2, 1, "a tab"),
        ("a: \u202ex\n", 1, 4, "U+202E"),
        ("a: x\x07\n", 1, 5, "U+0007"),
        ('a: "\\t"\n', 1, 4, "a tab"),
        ('a: "\\ud800"\n', 1, 1, ""),
        ("a: yes\n", 1, 4, "'yes' as a boolean"),
        ("a: 2020-01-01\n", 1, 4, "as a date"),
        ("a: 1.5\n", 1, 4, "as a number"),
        ("a: ~\n", 1, 4, "as null"),
        ("a: 0x10\n", 1, 4, "as "),
        ("a: 1:30\n", 1, 4, "as "),
        ("a:\nb: x\n", 1, 3, "a key without a value"),
        ("<<: {a: b}\n", 1, 1, "'<<' as "),
        ("1: x\n", 1, 1, "a key that is not a word"),
        ("[a]: x\n", 1, 1, "a key that is not a word"),
        ("a: b: c\n", 1, 5, "not YAML"),
        ("a: 'x\n", 0, 0, "not YAML"),
        ("a: @x\n", 1, 4, "not YAML"),
        ("a: " + "[" * 20 + "]" * 20 + "\n", 1, 19, "more than 16 levels"),
        ("a: " + "[" * 50_000, 1, 19, "more than 16 levels"),
    ],
)
def test_what_is_refused(text: str, line: int, column: int, message: str) -> None:
    error = failure(text)
    assert message in error.message
    assert error.place is not None
    if message and line:
        assert (error.place.line, error.place.column) == (line, column)
        assert error.hint
        assert error.source == (text.split("\n")[line - 1])


def test_a_byte_that_is_not_utf8_is_placed() -> None:
    error = failure("a: x\nb: δ".encode() + b"\xff\n")
    assert error.place == Place("a.yaml", 2, 5)
    assert "UTF-8" in error.message


def test_a_file_over_the_limit_is_refused() -> None:
    assert "64 KiB" in failure("a: " + "x" * MAX_BYTES).message


def test_windows_files_read_the_same() -> None:
    text = "a: x\nb: |\n  δ\n  y\n"
    windows = parse_document(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(), "a.yaml")
    assert windows == read(text)


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        ("a: 'one two'\n", 1, 9),
        ("a: one\n   two\n", 2, 4),
        ("b: 𝕜δ\na: >-\n    one\n    two\n", 4, 5),
        ('a: "one \\x74wo"\n', 1, 4),
    ],
)
def test_errors_inside_a_text_point_into_the_file(source: str, line: int, column: int) -> None:
    document = read(source)
    inner = InputError("no", place=Place("<text>", 1, 5), source="one two", hint="do")
    error = document.within(("a",), inner)
    assert (error.place, error.message, error.hint) == (Place("a.yaml", line, column), "no", "do")
    assert error.source == source.split("\n")[line - 1]


def test_an_error_at_the_end_of_a_text_points_behind_it() -> None:
    inner = InputError("no", place=Place("<text>", 1, 4))
    assert read("a: 'one'\n").within(("a",), inner).place == Place("a.yaml", 1, 8)


def test_lines_of_a_block_are_counted() -> None:
    document = read("a: |\n  one\n\n  two three\n")
    inner = InputError("no", place=Place("<text>", 3, 5))
    assert document.within(("a",), inner).place == Place("a.yaml", 4, 7)


def test_paths_that_are_no_files(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.yaml"):
        with pytest.raises(InputError, match="is not a file"):
            read_document(path)


PIECES = st.sampled_from(
    [*"abδ𝕜 \n\n:-?,[]{}#&*!|>'\"%@`~<=.0\\", ": ", "\n  ", "- ", "---\n", "...\n", "!!python/x ",
     '"\\U00110000"', '"\\xff', "\ufffe", "\x85", "&a ", "*a", "<<: ", "\t", "\r", "\0"]
)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.lists(PIECES, max_size=40).map("".join))
@example('a: "\\Uffffffff"')
@example('a: "\\U00110000"')
@example("a: x\n...\nb")
@example("a: \ufffe")
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        document = read(text)
    except InputError as error:
        assert error.message
        assert str(error)
    else:
        for where in document.values:
            document.within(where, InputError("no", place=Place("<text>", 1, 3)))


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        parse_document(raw, "a.yaml")
    except InputError as error:
        assert error.place is not None


@settings(deadline=None)
@given(
    st.dictionaries(
        st.text(st.sampled_from("abδ"), min_size=1),
        st.text(st.characters(exclude_categories=["Cc", "Cf", "Cn", "Cs", "Zl", "Zp"])),
    ).filter(bool)
)
def test_quoted_texts_come_back(data: dict[str, str]) -> None:
    written = yaml.dump(data, default_style='"', allow_unicode=True)
    if len(written.encode()) <= MAX_BYTES:
        assert read(written).data == data
