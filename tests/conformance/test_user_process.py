"""Programs that a user names become entries; what they offer, their hello says."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from harness.conformance.user_process import process_entries, refuse_missing
from harness.errors import AbsentError, InputError
from harness.implementations.catalogue import load_catalogue
from harness.specs.library import SpecLibrary
from tests.protocol.doubles import Fake


def test_the_hello_makes_the_entry(library: SpecLibrary) -> None:
    fake = Fake(hello={"devices": ["cpu", "cuda"]})
    made = process_entries(["./mine --fast"], library, {}, lambda _: fake)
    (entry,) = made.entries
    assert (entry.name, entry.backend, entry.dtypes) == ("fake", "numpy", ("float64", "float32"))
    assert list(entry.constants) == ["softmaxVec", "softmaxJvp", "sumExp", "dotCLM"]
    assert entry.constants["sumExp"].reference == "process:<./mine --fast>"
    assert entry.devices == ("cpu", "cuda")
    assert entry.process is not None and entry.process.command == ("./mine", "--fast")
    assert fake.over and fake.killed


def test_two_programs_have_two_names(library: SpecLibrary) -> None:
    made = process_entries(["./a", ["./b", "c d"]], library, {}, lambda _: Fake())
    assert [entry.name for entry in made.entries] == ["fake", "fake-2"]


def test_who_says_no_hello_is_judged_for_everything(library: SpecLibrary) -> None:
    made = process_entries(["./my adapter"], library, {}, lambda _: Fake(cut=20))
    (entry,) = made.entries
    assert entry.name == "my" and set(entry.constants) == set(library.definitions)


def test_what_no_spec_defines_is_told(library: SpecLibrary) -> None:
    constants = {"sumExp": "ieee", "relu": "ieee"}
    made = process_entries(["./a"], library, {}, lambda _: Fake(hello={"constants": constants}))
    assert list(made.entries[0].constants) == ["sumExp"]
    assert made.remarks == ("fake offers relu, which no spec defines: not judged",)
    with pytest.raises(InputError, match="fake offers softmaxVek, and no spec") as caught:
        unknown = {"constants": {"softmaxVek": "ieee"}}
        process_entries(["./a"], library, {}, lambda _: Fake(hello=unknown))
    assert caught.value.hint == "did you mean 'softmaxVec'?"


def test_a_promise_of_the_user_stands_before_that_of_the_hello(library: SpecLibrary) -> None:
    made = process_entries(["./a"], library, {"sumExp": "online"}, lambda _: Fake())
    process = made.entries[0].process
    assert process is not None
    assert {c: one.name for c, one in process.promises.items()} == {"sumExp": "online"}
    with pytest.raises(InputError, match="which no program offers"):
        process_entries(["./a"], library, {"softmaxDerivCLM": "ieee"}, lambda _: Fake())


@pytest.mark.parametrize(
    ("command", "kind", "told"),
    [
        ("", InputError, "the command of a process is empty"),
        ("'", InputError, "is no command"),
        ("./no-such-program", InputError, "there is no program"),
        ("no-such-program-at-all", AbsentError, "is installed"),
    ],
)
def test_what_cannot_be_started_is_bad_input(
    library: SpecLibrary, command: str, kind: Any, told: str
) -> None:
    with pytest.raises(kind, match=told):
        process_entries([command], library)


def test_a_catalogue_must_say_where_its_program_is(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.yaml"

    def entries(command: str) -> Any:
        file.write_text(
            "schema: 1\nentries:\n  - name: mine\n    process: [" + command + ", x]\n"
            "    dtypes: [float32]\n    constants: [sumExp]\n"
        )
        return load_catalogue(file)

    with pytest.raises(InputError, match=r"there is no program \./mine") as caught:
        refuse_missing(entries("./mine"))
    assert caught.value.place is not None and caught.value.place.line == 4
    refuse_missing(entries("not-installed-here"))
    refuse_missing(entries(f'"{sys.executable}"'))
