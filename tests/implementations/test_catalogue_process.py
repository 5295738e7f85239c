"""Entries of a catalogue that name a program instead of functions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from harness.errors import InputError
from harness.evaluate.arithmetic import NAMED
from harness.implementations.catalogue import load_catalogue
from harness.implementations.entry import Entry, Process
from harness.implementations.schema import schema_text

MINIMAL = """\
schema: 1
entries:
  - name: mine
    process: [./mine, --fast]
    dtypes: [float32, bfloat16]
    constants: [softmaxVec, sumExp]
"""


def load(folder: Path, text: str) -> tuple[Entry, ...]:
    file = folder / "catalogue.yaml"
    file.write_text(text, encoding="utf-8")
    return load_catalogue(file)


def test_a_command_and_its_constants(tmp_path: Path) -> None:
    (entry,) = load(tmp_path, MINIMAL)
    assert entry.process == Process(("./mine", "--fast"), tmp_path)
    assert entry.process.place is not None and entry.process.place.line == 4
    assert (entry.backend, entry.dtypes) == ("numpy", ("float32", "bfloat16"))
    assert {c: one.reference for c, one in entry.constants.items()} == {
        "softmaxVec": "process:<./mine --fast>",
        "sumExp": "process:<./mine --fast>",
    }


def test_a_text_is_taken_apart_as_a_shell_does(tmp_path: Path) -> None:
    (entry,) = load(tmp_path, MINIMAL.replace("[./mine, --fast]", "./mine 'a b'"))
    assert entry.process == Process(("./mine", "a b"), tmp_path)


def test_limits_promises_and_what_every_entry_has(tmp_path: Path) -> None:
    text = MINIMAL.replace(
        "[./mine, --fast]", "{command: [julia, mine.jl], seconds: 90, start_seconds: 300}"
    )
    text += "    devices: [cpu, cuda]\n    min_n: 1\n    arithmetic: online\n"
    text += "    expect: {violates: sumExp, reason: it is fast}\n"
    (entry,) = load(tmp_path, text)
    promises = dict.fromkeys(("softmaxVec", "sumExp"), NAMED["online"])
    assert entry.process == Process(("julia", "mine.jl"), tmp_path, 90, 300, promises)
    assert (entry.devices, entry.min_n) == (("cpu", "cuda"), 1)
    assert entry.expectation.violates == ("sumExp",)


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("[./mine, --fast]", "[]", 4, "'process' is empty"),
        ("[./mine, --fast]", '"./mine \'"', 4, "'process' cannot be"),
        ("--fast]", "3]", 4, "is not a text (write text; put quotes around a number)"),
        ("[./mine, --fast]", "{command: [x], second: 3}", 4, "did you mean 'seconds'?"),
        ("[./mine, --fast]", "{command: [x], seconds: 0}", 4, "'seconds' cannot be 0"),
        ("    dtypes", "    library: torch\n    dtypes", 5, "a process has no library"),
        ("    dtypes", "    backend: torch\n    dtypes", 5, "a process has no backend"),
        ("[softmaxVec, sumExp]", "\n      sumExp: a:b", 7, "sumExp has a function, and the entry"),
        ("[softmaxVec, sumExp]", "[]", 6, "'constants' is empty"),
        ("    constants: [softmaxVec, sumExp]\n", "", 3, "'constants' is missing"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(
    tmp_path: Path, old: str, new: str, line: int, told: str
) -> None:
    with pytest.raises(InputError) as caught:
        load(tmp_path, MINIMAL.replace(old, new))
    assert told in str(caught.value)
    assert caught.value.place is not None and caught.value.place.line == line


def test_the_schema_takes_it_and_needs_a_backend_without_it() -> None:
    schema: Any = json.loads(schema_text())
    entry = yaml.safe_load(MINIMAL)
    jsonschema.validate(entry, schema)
    del entry["entries"][0]["process"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(entry, schema)
