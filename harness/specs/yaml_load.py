"""YAML for files that people edit: plain data only, and the place of every key and value.

Refused are tags, anchors and aliases, duplicate keys, several documents, directives, invisible
characters, texts that YAML would quietly read as a boolean, null, number or date, and files over
the limits below. Documents are read from parser events: nothing is constructed, depth is bounded.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from harness.errors import InputError, Place
from harness.specs.scalar import offsets

MAX_BYTES = 64 * 1024
MAX_DEPTH = 16

Keys = tuple[str | int, ...]
"""Where something stands in a document: `("facts", 0, "statement")`."""

_INVISIBLE = {"Cc", "Cf", "Cn", "Cs", "Zl", "Zp"}
_INTEGER = re.compile(r"0|[1-9][0-9]{0,8}")
_RESERVED = {"bool": "a boolean", "null": "null", "float": "a number", "timestamp": "a date"}


@dataclass(frozen=True)
class Document:
    """A read YAML file.

    file: as the user named it; data: dicts, lists, str and int; keys, values: the index into `text`
    of the first character of each key (or list item) and of each value; scalars: for each text, the
    index of each of its characters, None where escapes hide it.
    """

    file: str
    text: str
    data: dict[str, Any]
    keys: dict[Keys, int]
    values: dict[Keys, int]
    scalars: dict[Keys, list[int] | None]

    def error(
        self, where: Keys, message: str, *, hint: str = "", at_key: bool = False
    ) -> InputError:
        """An error at the value found at `where`, or at its key."""
        index = (self.keys if at_key else self.values).get(where, 0)
        return error_at(self.file, self.text, index, message, hint)

    def within(self, where: Keys, error: InputError) -> InputError:
        """`error`, whose place counts lines and columns of the text at `where`, placed in the file.

        The place is that of the start of the text where its characters cannot be followed.
        """
        indices = self.scalars.get(where)
        index = self.values[where]
        if error.place is not None and indices:
            lines = str(self.at(where)).split("\n")[: error.place.line - 1]
            inner = sum(len(line) + 1 for line in lines) + error.place.column - 1
            index = indices[inner] if inner < len(indices) else indices[-1] + 1
        return error_at(self.file, self.text, index, error.message, error.hint)

    def at(self, where: Keys) -> object:
        """The data at `where`. KeyError or IndexError when there is none."""
        found: Any = self.data
        for key in where:
            found = found[key]
        return found


def error_at(file: str, text: str, index: int, message: str, hint: str = "") -> InputError:
    """An error at character `index` of `text`."""
    start = text.rfind("\n", 0, index) + 1
    place = Place(file, text.count("\n", 0, index) + 1, index - start + 1)
    return InputError(message, place=place, source=text[start:].split("\n", 1)[0], hint=hint)


def read_document(path: Path, file: str | None = None) -> Document:
    """The YAML file at `path`, shown to people as `file`. InputError as the module says."""
    shown = str(path) if file is None else file
    try:
        if not path.is_file():
            raise InputError(f"{shown} is not a file", hint="give the path of a YAML file")
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{shown} cannot be read: {error.strerror or error}") from error
    return parse_document(raw, shown)


def parse_document(raw: bytes, file: str) -> Document:
    """The YAML document in `raw`; `file` is for messages. InputError as the module says."""
    if len(raw) > MAX_BYTES:
        raise InputError(
            f"the file is larger than {MAX_BYTES // 1024} KiB",
            place=Place(file),
            hint="one file holds one spec",
        )
    text = _decode(raw, file)
    return _Reader(file, text).document()


def _decode(raw: bytes, file: str) -> str:
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        text = raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = len(raw[raw.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8")) + 1
        raise InputError(
            "the file is not UTF-8 text",
            place=Place(file, line, column),
            hint="save it as UTF-8",
        ) from None
    if hidden := _invisible(text):
        hint = "indent with spaces" if hidden[1] == "a tab" else "remove it"
        raise error_at(file, text, hidden[0], f"found {hidden[1]}", hint)
    return text


class _Reader:
    """Reads one document from the events of the YAML parser."""

    def __init__(self, file: str, text: str) -> None:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self.file = file
        self.text = text
        self.loader = loader(text)
        self.keys: dict[Keys, int] = {}
        self.values: dict[Keys, int] = {}
        self.scalars: dict[Keys, list[int] | None] = {}

    def document(self) -> Document:
        try:
            data = self._document()
        except yaml.YAMLError as error:
            raise self._not_yaml(error) from None
        except (ValueError, OverflowError):  # PyYAML's own, for an escape such as "\\Uffffffff"
            raise InputError(
                "not YAML: found an impossible escape", place=Place(self.file)
            ) from None
        finally:
            self.loader.dispose()
        return Document(self.file, self.text, data, self.keys, self.values, self.scalars)

    def _document(self) -> dict[str, Any]:
        events = self._events()
        next(events)
        start = next(events)
        if isinstance(start, yaml.StreamEndEvent):
            raise self._error(start, "the file is empty", "copy another file of this folder")
        if start.version or start.tags:
            raise self._error(start, "found a YAML directive", "remove the line that starts with %")
        data = self._value(next(events), events, ())
        next(events)
        following = next(events)
        if not isinstance(following, yaml.StreamEndEvent):
            raise self._error(following, "found a second YAML document", "one file holds one")
        if not isinstance(data, dict):
            index = self.values[()]
            hint = "write lines of the form `key: value`"
            raise error_at(self.file, self.text, index, "the file is not a mapping", hint)
        return data

    def _events(self) -> Iterator[Any]:
        while self.loader.check_event():
            yield self.loader.get_event()

    def _value(self, event: Any, events: Iterator[Any], where: Keys) -> Any:
        self._refuse(event)
        self.values[where] = _index(event)
        if isinstance(event, yaml.ScalarEvent):
            text = self._scalar(event)
            found = offsets(self.text, _span(event), event.style or "", str(text))
            self.scalars[where] = found
            self.values[where] = found[0] if found else _index(event)
            return text
        if len(where) >= MAX_DEPTH:
            raise self._error(event, f"found more than {MAX_DEPTH} levels of nesting", "flatten it")
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, where)
        return self._mapping(events, where)

    def _refuse(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise self._error(event, "found a YAML anchor or alias", "repeat the text, or quote it")
        if event.tag is not None:
            raise self._error(event, f"found the YAML tag '{event.tag}'", "remove it, or quote it")

    def _sequence(self, events: Iterator[Any], where: Keys) -> list[Any]:
        items: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            inner = (*where, len(items))
            self.keys[inner] = _index(event)
            items.append(self._value(event, events, inner))
        return items

    def _mapping(self, events: Iterator[Any], where: Keys) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event)
            inner = (*where, key)
            if key in entries:
                first = self.text.count("\n", 0, self.keys[inner]) + 1
                message = f"found the key {key!r} again (first in line {first})"
                raise self._error(event, message, "remove one of them")
            self.keys[inner] = _index(event)
            entries[key] = self._value(next(events), events, inner)
        return entries

    def _key(self, event: Any) -> str:
        self._refuse(event)
        key = self._scalar(event) if isinstance(event, yaml.ScalarEvent) else None
        if not isinstance(key, str):
            raise self._error(event, "found a key that is not a word", "write `key: value`")
        return key

    def _scalar(self, event: Any) -> str | int:
        text = str(event.value)
        if event.style:
            if hidden := _invisible(text):
                raise self._error(event, f"the text holds {hidden[1]}", "remove it")
            return text
        kind = str(self.loader.resolve(yaml.ScalarNode, text, (True, False))).rpartition(":")[2]
        if kind == "int" and _INTEGER.fullmatch(text):
            return int(text)
        if not text:
            raise self._error(event, "found a key without a value", "write one, or remove the key")
        if kind != "str":
            read = _RESERVED.get(kind, "something else than text")
            raise self._error(event, f"YAML reads {text!r} as {read}", "put quotes around it")
        return text

    def _error(self, event: Any, message: str, hint: str) -> InputError:
        return error_at(self.file, self.text, _index(event), message, hint)

    def _not_yaml(self, error: yaml.YAMLError) -> InputError:
        problem, index = "it cannot be read", 0
        if isinstance(error, yaml.MarkedYAMLError):
            problem = error.problem or problem
            index = getattr(error.problem_mark or error.context_mark, "index", 0)
        hint = "quote texts that hold `: `, ` #`, or that start with a sign"
        return error_at(self.file, self.text, index, f"not YAML: {problem}", hint)


def _index(event: Any) -> int:
    return int(event.start_mark.index)


def _span(event: Any) -> tuple[int, int]:
    return int(event.start_mark.index), int(event.end_mark.index)


def _invisible(text: str) -> tuple[int, str] | None:
    """The index and name of the first character that nobody sees, other than a newline."""
    for index, character in enumerate(text):
        if character != "\n" and unicodedata.category(character) in _INVISIBLE:
            return index, "a tab" if character == "\t" else f"the character U+{ord(character):04X}"
    return None
