"""GitHub's annotations: lines on stdout that a workflow shows beside the changed code."""

from __future__ import annotations


def annotation(severity: str, file: str, line: int, column: int, text: str) -> str:
    """`::error file=...,line=...,col=...::text`, with the escapes that GitHub reads.

    severity: error, warning or notice; file: from the root of the repository, with `/`; a line of 0
    is left out.
    """
    place = f"file={_property(file)}" + (f",line={line},col={column}" if line else "")
    return f"::{severity} {place}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
