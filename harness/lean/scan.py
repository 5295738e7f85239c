"""The scanner: the declarations of Lean source, read without Lean.

It reads what people write, expands no macro and knows no notation. What it cannot read is listed in
`Scan.unread`; it never raises on the contents of a file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from harness.errors import InputError, Place
from harness.lean.commands import KINDS, split_commands
from harness.lean.declaration import Declaration, Flag, Scan, Unread
from harness.lean.declare import declarations_in, flags_in
from harness.lean.scopes import Scope, after_command, leave_in
from harness.lean.signature import Source
from harness.lean.tokens import significant, tokenize


def scan_text(text: str, file: str) -> Scan:
    """The declarations of one file's text; `file` is how places name it. Never raises."""
    all_tokens = tokenize(text)
    source = Source(file, text, significant(all_tokens))
    declarations: list[Declaration] = []
    flags: list[Flag] = []
    unread = [
        Unread(Place(file, token.line, token.column), f"this {token.kind} is never closed")
        for token in all_tokens
        if token.unterminated
    ]
    scopes: tuple[Scope, ...] = (Scope(),)
    for command in split_commands(source.tokens, text):
        problems = ["a bracket in this command stays open"] if command.unclosed else []
        if command.word == "#exit":
            unread.append(_unread(source, command.head, "Lean reads nothing behind `#exit`"))
            break
        here = flags_in(source, command)
        flags.extend(here)
        if command.word in KINDS or command.word == "alias":
            found, problem = declarations_in(source, command, scopes[-1], here)
            declarations.extend(found)
            scopes = leave_in(scopes)
        elif command.known:
            scopes, problem = after_command(scopes, source, command)
        else:
            problem = f"unknown command `{command.word}`" if command.word else "not a command"
        for text_of_problem in (*problems, problem):
            if text_of_problem:
                place = min(command.head, command.stop - 1)
                unread.append(_unread(source, place, text_of_problem))
    if any(scope.kind == "mutual" for scope in scopes):
        unread.append(Unread(Place(file), "`mutual` has no `end`"))
    return Scan(file, tuple(declarations), tuple(unread), tuple(flags))


def scan_directory(path: Path) -> tuple[Scan, ...]:
    """One scan a `.lean` file below `path`, sorted; files are named relative to `path`, with `/`.

    `.lake` is skipped. A file that is not UTF-8 or cannot be opened gives a scan with that in
    `unread`. `path` may be one file. Raises InputError when it does not exist.
    """
    if path.is_file():
        return (_scan_file(path, path.name),)
    if not path.is_dir():
        hint = "give the folder that holds the Lean source"
        raise InputError(f"no folder or file '{path}'", hint=hint)
    return tuple(_scan_file(path / name, name) for name in sorted(_lean_files(path)))


def _lean_files(path: Path) -> Iterator[str]:
    for folder, inner, names in os.walk(path):
        inner[:] = [name for name in inner if name != ".lake"]
        for name in names:
            if name.endswith(".lean"):
                yield (Path(folder) / name).relative_to(path).as_posix()


def _scan_file(path: Path, name: str) -> Scan:
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        reason = f"not UTF-8: byte {error.object[error.start]:#04x} at offset {error.start}"
        return Scan(name, (), (Unread(Place(name), reason),))
    except OSError as error:
        return Scan(name, (), (Unread(Place(name), f"cannot be read: {error.strerror}"),))
    return scan_text(text, name)


def _unread(source: Source, index: int, reason: str) -> Unread:
    token = source.tokens[index]
    line = source.text[token.offset :].partition("\n")[0]
    return Unread(source.place(index), reason, line.rstrip("\r"))
