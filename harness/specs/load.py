"""Loading specs from a folder of YAML files."""

from __future__ import annotations

import os
import reprlib
from collections.abc import Iterable
from pathlib import Path

from harness.errors import InputError, did_you_mean
from harness.specs.build import build_library
from harness.specs.library import SpecFile, SpecLibrary
from harness.specs.model import KINDS, Spec
from harness.specs.validate import validated
from harness.specs.yaml_load import Document, read_document


def load_spec(path: Path) -> Spec:
    """The spec in one file; its Lean text is not looked at. InputError when it is not a spec."""
    return _spec_file(path).spec


def load_specs(directory: Path, also: Iterable[Path] = ()) -> SpecLibrary:
    """The library of all `**/*.yaml` of a folder, and of the files in `also`.

    InputError, with its place in the file, for a missing or empty folder, a file that is no spec, a
    declaration with two specs, a statement that does not type, definitions that go in a circle.
    """
    if not directory.is_dir():
        hint = "give a folder of spec files with --specs"
        raise InputError(f"{directory} is not a folder", hint=hint)
    paths = _spec_paths(directory)
    known = {path.resolve() for path in paths}
    paths += [path for path in also if path.resolve() not in known]
    if not paths:
        raise InputError(
            f"no specs in {directory}", hint="put one .yaml file for each declaration there"
        )
    return build_library(directory, [_spec_file(path) for path in paths])


def _spec_paths(directory: Path) -> list[Path]:
    """The spec files below a folder, without hidden ones, in an order of their own."""
    found = []
    for path in sorted(directory.rglob("*.y*ml")):
        inside = path.relative_to(directory).parts
        if any(part.startswith(".") for part in inside):
            continue
        if path.suffix == ".yml":
            raise InputError(f"{path} would not be read", hint="rename it to end in .yaml")
        if path.suffix == ".yaml":
            found.append(path)
    return found


def _spec_file(path: Path) -> SpecFile:
    document = read_document(path, _shown(path))
    return SpecFile(_spec(document), path, document)


def _spec(document: Document) -> Spec:
    kind = document.data.get("kind")
    kinds = ", ".join(KINDS)
    if kind is None:
        raise document.error((), "'kind' is missing", hint=f"write kind: and one of {kinds}")
    if not isinstance(kind, str) or kind not in KINDS:
        hint = did_you_mean(str(kind), list(KINDS)) or f"write one of {kinds}"
        raise document.error(("kind",), f"unknown kind {reprlib.repr(kind)}", hint=hint)
    return validated(document, KINDS[kind])


def _shown(path: Path) -> str:
    """The path as people want to read it: relative where it lies below the current folder."""
    here = Path(os.getcwd())
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
