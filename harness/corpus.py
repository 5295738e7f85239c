"""Violations that were found, one file each: tried first in the next run, and fit to be committed.

They are in `.crosscheck/corpus/`, which git ignores, or in the folder that `--corpus` names.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from harness.errors import InputError, Place
from harness.json_file import read_json
from harness.state import FOLDER as STATE
from harness.state import prepared, write_whole

SCHEMA = 1
FOLDER = "corpus"
_HINT = "remove the file, or keep other files elsewhere: `crosscheck check` writes the cases anew"


def _hex_floats(value: object) -> object:
    """Nested lists of hex floats; ValueError for anything else."""
    if isinstance(value, list):
        return [_hex_floats(part) for part in value]
    if isinstance(value, str):
        try:
            if math.isfinite(float.fromhex(value)):
                return value
        except (ValueError, OverflowError):
            pass
    raise ValueError(f"{value!r} is not a finite hex float")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KeptCall(_Part):
    """The inputs of one call; numbers as hex floats, nested like the array that is passed."""

    sizes: dict[str, Annotated[int, Field(ge=0)]]
    batch: tuple[Annotated[int, Field(ge=1)], ...]
    view: str
    numbers: dict[str, Annotated[Any, BeforeValidator(_hex_floats)]]


class KeptCase(_Part):
    """What was asked of whom, the calls of which the last one failed, and how."""

    schema_version: Literal[1] = Field(alias="schema")
    declaration: str
    check: str
    part: int = Field(ge=0)
    entry: str
    dtype: str
    device: str
    calls: Annotated[tuple[KeptCall, ...], Field(min_length=1)]
    kind: str
    message: str
    origin: str = Field(description="The case that it was shrunk from.")

    @property
    def name(self) -> str:
        """A word for the shell and for file systems: declaration and a digest of the inputs."""
        asked = self.model_dump(include={"check", "part", "entry", "dtype", "calls"}, mode="json")
        digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
        return f"{quote(self.declaration, safe='')}-{digest[:12]}"


@dataclass(frozen=True)
class Kept:
    """A case and its file."""

    case: KeptCase
    path: Path

    @property
    def name(self) -> str:
        """What `replay` takes."""
        return self.path.stem


def corpus_folder(option: Path | None, folder: Path) -> Path:
    """Where cases are: the folder of the option, else that of the state in `folder`."""
    return option if option is not None else folder / STATE / FOLDER


def corpus_files(folder: Path) -> tuple[Path, ...]:
    """The files of a corpus, by name; none when there is no such folder. InputError."""
    try:
        return tuple(sorted(path for path in folder.iterdir() if path.suffix == ".json"))
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise InputError(f"{folder} cannot be read: {error.strerror or error}") from error


def read_case(path: Path) -> Kept:
    """The case in a file. InputError when there is none, or one of another version."""
    data = read_json(path, _HINT)
    try:
        return Kept(KeptCase.model_validate(data), path)
    except RecursionError:
        raise InputError("nested too deeply", place=Place(str(path)), hint=_HINT) from None
    except ValidationError as error:
        raise _no_case(path, data, error) from None


def keep_cases(cases: Iterable[KeptCase], option: Path | None, folder: Path) -> str | None:
    """Writes cases into the corpus; the reason in one line when that is impossible."""
    target = corpus_folder(option, folder)
    try:
        for case in cases:
            if option is None:
                prepared(folder)
            target.mkdir(parents=True, exist_ok=True)
            data = case.model_dump(mode="json", by_alias=True)
            text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
            write_whole(target / f"{case.name}.json", text)
    except OSError as error:
        return f"violations are not kept in {target}: {error.strerror or error}"
    return None


def _no_case(path: Path, data: object, error: ValidationError) -> InputError:
    version = data.get("schema") if isinstance(data, dict) else None
    if isinstance(version, int) and version != SCHEMA:
        message = f"a case of schema {version}; this version reads schema {SCHEMA}"
        return InputError(message, place=Place(str(path)), hint=_HINT)
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"])) or "the file"
    message = f"not a case of crosscheck: {where}: {first['msg'].lower()}"
    return InputError(message, place=Place(str(path)), hint=_HINT)
