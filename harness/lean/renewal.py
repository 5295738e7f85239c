"""Renewing a value in a spec file by changing its one line: all else stays as people wrote it."""

from __future__ import annotations

import re

from harness.errors import InputError
from harness.specs.yaml_load import Document, parse_document


def with_value(raw: bytes, file: str, key: str, value: str) -> bytes:
    """The YAML file with `key: value` at the top level: in the line that it has, or as a last line.

    Comments, quotes, order, line endings and a byte order mark stay. InputError, with its place,
    where the value is not in the line of its key, or the file is written as one `{...}`.
    """
    document = parse_document(raw, file)
    line = _line_of(document, key)
    ending = b"\r\n" if b"\r\n" in raw else b"\n"
    lines = raw.split(b"\n")
    text = value.encode("ascii")
    if line is None:
        whole = raw if raw.endswith(b"\n") else raw + ending
        changed = whole + key.encode("ascii") + b": " + text + ending
    else:
        name = key.encode("ascii")
        pattern = rb"^([^\w\"']*[\"']?" + name + rb"[\"']?\s*:\s+)([\"']?)([^\s\"'#]+)(\2)"
        lines[line], count = re.subn(pattern, rb"\g<1>\g<2>" + text + rb"\g<4>", lines[line])
        changed = b"\n".join(lines) if count else raw
    try:
        found = parse_document(changed, file).data
    except InputError:
        found = {}
    if found != {**document.data, key: value}:
        message = f"'{key}' cannot be renewed in place"
        raise document.error((key,), message, hint=f"write `{key}: {value}` in a line of its own")
    return changed


def _line_of(document: Document, key: str) -> int | None:
    """The line of the key from 0, or None when the file has no such key."""
    index = document.keys.get((key,))
    return None if index is None else document.text.count("\n", 0, index)
