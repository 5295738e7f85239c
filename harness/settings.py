"""Defaults of the options, from `[tool.crosscheck]` in the user's pyproject.toml.

The file is the nearest one in the current folder or above it; paths are relative to its folder. The
environment may say who is judged, and goes before the file; an option on the command line goes
before both.
"""

from __future__ import annotations

import os
import re
import tomllib
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.errors import InputError, Place, did_you_mean

CATALOGUE, IMPL = "CROSSCHECK_CATALOGUE", "CROSSCHECK_IMPL"

_WHO = ("catalogue", "impl")


@dataclass(frozen=True)
class Settings:
    """Values by the name of the option in the parsed arguments; path: where they were read."""

    values: Mapping[str, object]
    path: Path | None = None


@dataclass(frozen=True)
class _Table:
    """The `[tool.crosscheck]` of one file, as read."""

    path: Path
    text: str

    def error(self, key: str, message: str, hint: str = "") -> InputError:
        """An error at the line that sets `key`."""
        lines = self.text.split("\n")
        header = next((i for i, line in enumerate(lines) if "tool.crosscheck" in line), 0)
        wanted = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=")
        line = next((i for i in range(header, len(lines)) if wanted.match(lines[i])), header)
        place = Place(str(self.path), line + 1, len(lines[line]) - len(lines[line].lstrip()) + 1)
        return InputError(message, place=place, source=lines[line], hint=hint)


Reader = Callable[[_Table, str, object], object]


def load_settings(start: Path) -> Settings:
    """The settings in force in the folder `start`.

    InputError, with the line, for TOML that cannot be read, an unknown key or a value of another
    type.
    """
    path = next((at for at in _candidates(start) if at.is_file()), None)
    if path is None:
        return Settings({})
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError:
        raise InputError("the file is not UTF-8 text", place=Place(str(path))) from None
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(path, text, error) from None
    tool = data.get("tool")
    own = tool.get("crosscheck", {}) if isinstance(tool, dict) else {}
    table = _Table(path, text)
    if not isinstance(own, dict):
        raise table.error("crosscheck", "'crosscheck' is not a table", "write [tool.crosscheck]")
    return Settings({_option(key): _value(table, key, own[key]) for key in own}, path)


def from_environment() -> Settings:
    """What the environment sets: CROSSCHECK_CATALOGUE (files or libraries, separated as PATH is)
    and CROSSCHECK_IMPL (`CONST=MODULE:FUNCTION`, separated by spaces)."""
    catalogues = [one for one in os.environ.get(CATALOGUE, "").split(os.pathsep) if one]
    found = {"catalogue": catalogues, "impl": os.environ.get(IMPL, "").split()}
    return Settings({name: value for name, value in found.items() if value})


def with_settings(arguments: Namespace, settings: Settings) -> Namespace:
    """The arguments, with the settings in the place of options that were not given (None).

    Who is judged is said in one place: a catalogue that is given puts `impl` aside, and the other
    way round.
    """
    merged = vars(arguments).copy()
    said = any(merged.get(name) for name in _WHO)
    for name, value in settings.values.items():
        if name in merged and merged[name] is None and not (said and name in _WHO):
            merged[name] = value
    return Namespace(**merged)


def _candidates(start: Path) -> list[Path]:
    here = start.resolve()
    return [folder / "pyproject.toml" for folder in (here, *here.parents)]


def _not_toml(path: Path, text: str, error: tomllib.TOMLDecodeError) -> InputError:
    found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    message = f"not TOML: {str(error).partition(' (at ')[0]}"
    if found is None:
        return InputError(message, place=Place(str(path)))
    line, column = int(found[1]), int(found[2])
    source = [*text.split("\n"), ""][line - 1]
    return InputError(message, place=Place(str(path), line, column), source=source)


def _option(key: str) -> str:
    return key.replace("-", "_")


def _value(table: _Table, key: str, value: object) -> object:
    name = key.replace("_", "-")
    if name not in _READERS:
        hint = did_you_mean(name, list(_READERS)) or f"known keys: {', '.join(_READERS)}"
        raise table.error(key, f"unknown key '{key}' in [tool.crosscheck]", hint)
    return _READERS[name](table, key, value)


def _text(table: _Table, key: str, value: object) -> object:
    if isinstance(value, str):
        return value
    raise table.error(key, f"'{key}' is not a text", "put it in quotes")


def _path(table: _Table, key: str, value: object) -> object:
    _text(table, key, value)
    return table.path.parent / str(value)


def _flag(table: _Table, key: str, value: object) -> object:
    if isinstance(value, bool):
        return value
    raise table.error(key, f"'{key}' is not true or false")


def _number(table: _Table, key: str, value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise table.error(key, f"'{key}' is not a natural number")


def _texts(table: _Table, key: str, value: object) -> object:
    listed = [value] if isinstance(value, str) else value
    if isinstance(listed, list) and all(isinstance(one, str) for one in listed):
        return listed
    raise table.error(key, f"'{key}' is not a list of texts", f'write {key} = ["...", "..."]')


def _paths_or_names(table: _Table, key: str, value: object) -> object:
    """Files relative to the folder of the settings; what is none there is the name of a library."""
    listed = _texts(table, key, value)
    assert isinstance(listed, list)
    paths = [table.path.parent / str(one) for one in listed]
    return [
        str(path) if path.exists() or "." in one or "/" in one else one
        for one, path in zip(listed, paths, strict=True)
    ]


def _pairs(table: _Table, key: str, value: object) -> object:
    """`{softmaxVec = "mine:softmax"}`, as the option takes it: `softmaxVec=mine:softmax`."""
    if isinstance(value, dict) and all(isinstance(one, str) for one in value.values()):
        return [f"{constant}={text}" for constant, text in value.items()]
    raise table.error(key, f"'{key}' is not a table of texts", f'write {key} = {{ name = "..." }}')


_READERS: Mapping[str, Reader] = {
    "specs": _path,
    "lean": _path,
    "catalogue": _paths_or_names,
    "corpus": _path,
    "impl": _pairs,
    "process": _texts,
    "arithmetic": _pairs,
    "min-n": _number,
    "backend": _texts,
    "dtype": _texts,
    "device": _texts,
    "effort": _text,
    "seed": _number,
    "autograd": _flag,
    "fail-fast": _flag,
    "require-lean": _flag,
    "require-cuda": _flag,
    "no-state": _flag,
}
