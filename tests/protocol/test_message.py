"""Header lines: what is sent is one line of ASCII, and what does not fit is told in one line."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.protocol.message import (
    MOST_NUMBERS,
    Block,
    Bye,
    Failure,
    Garbled,
    Hello,
    Result,
    call,
    farewell,
    greeting,
    quoted,
    read_answer,
)

HELLO = (
    '{"kind":"hello","protocol":1,"name":"mine","constants":{"softmaxVec":"ieee"},'
    '"dtypes":["float32"]}'
)


def test_what_the_harness_sends() -> None:
    assert greeting() == b'{"kind":"hello","protocol":1}\n'
    assert farewell() == b'{"kind":"bye"}\n'
    block = Block((2, 1), b"12345678")
    assert call(7, "softmaxDerivCoord", "float32", "cpu", (block, 3, block)) == (
        b'{"kind":"call","id":7,"constant":"softmaxDerivCoord","dtype":"float32","device":"cpu",'
        b'"arguments":[{"shape":[2,1]},{"index":3},{"shape":[2,1]}],"bytes":16}\n'
        b"1234567812345678"
    )


def test_names_outside_ascii_are_escaped() -> None:
    line = call(1, "δ", "float32", "cpu", ())
    assert b"\\u03b4" in line and json.loads(line)["constant"] == "δ"


def test_too_many_numbers_are_not_sent() -> None:
    class Long(bytes):
        def __len__(self) -> int:
            return MOST_NUMBERS + 1

    with pytest.raises(ValueError, match="at most"):
        call(1, "f", "float32", "cpu", (Block((1,), Long()),))


def test_what_a_program_answers() -> None:
    hello = read_answer(HELLO.encode())
    assert isinstance(hello, Hello)
    assert (hello.constants, hello.devices, hello.min_n, hello.batch) == (
        {"softmaxVec": "ieee"},
        ["cpu"],
        0,
        True,
    )
    result = read_answer(
        b'{"kind": "result", "id": 1, "dtype": "float32", "shape": [2, 3], "bytes": 24}'
    )
    assert result == Result(kind="result", id=1, dtype="float32", shape=[2, 3], bytes=24)
    assert read_answer(b'{"kind":"error","id":2,"message":"no"}') == Failure(
        kind="error", id=2, message="no"
    )
    assert read_answer(b'{"kind":"bye","calls":2}') == Bye(kind="bye", calls=2)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Loading weights...", "not a line of JSON: 'Loading weights...'"),
        ("", "not a line of JSON: ''"),
        ("[1]", "no kind of message (hello, result, error, bye): '[1]'"),
        ("null", "no kind of message (hello, result, error, bye): 'null'"),
        ('{"kind":"yes"}', 'no kind of message (hello, result, error, bye): \'{"kind":"yes"}\''),
        ('{"kind":"bye"}', "'calls' is missing: '{\"kind\":\"bye\"}'"),
        ('{"kind":"bye","calls":true}', "'calls' should be a valid integer"),
        ('{"kind":"bye","calls":-1}', "'calls' should be greater than or equal to 0"),
        ('{"kind":"bye","calls":1,"x":2}', "unknown key 'x'"),
        (HELLO.replace(":1", ":2", 1), "it speaks protocol 2, this is protocol 1"),
        (HELLO.replace("float32", "float"), "'0' of 'dtypes' should be"),
        (HELLO.replace('{"softmaxVec":"ieee"}', "{}"), "'constants' "),
        (HELLO.replace('"ieee"', "4"), "'softmaxVec' of 'constants' should be a valid string"),
        (
            '{"kind":"result","id":1,"dtype":"float32","shape":[2,3],"bytes":12}',
            "shape [2, 3] of float32 takes 24 bytes, not 12",
        ),
        ('{"kind":"result","id":1,"dtype":"float32","shape":[-1],"bytes":-4}', "'0' of 'shape'"),
        ('{"kind":"bye","calls":1e999}', "'calls' "),
        ("[" * 5000, "not a line of JSON"),
    ],
)
def test_what_is_no_answer(line: str, told: str) -> None:
    with pytest.raises(Garbled) as caught:
        read_answer(line.encode())
    assert str(caught.value).startswith(told)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


@given(st.binary(max_size=80))
def test_no_line_is_more_than_garbled(line: bytes) -> None:
    with suppress(Garbled):
        read_answer(line)


@given(st.binary(max_size=200))
def test_what_came_is_quoted_in_one_short_line(data: bytes) -> None:
    text = quoted(data)
    assert text.isprintable() and len(text) <= 65
