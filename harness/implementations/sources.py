"""Where catalogues come from: files, and installed libraries that ship one of their own.

A library names its catalogue by an entry point of the group `crosscheck.catalogues`: the package
that holds a file `catalogue.yaml`. In its pyproject.toml:

    [project.entry-points."crosscheck.catalogues"]
    mylib = "mylib.crosscheck"
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Mapping
from importlib.metadata import entry_points
from pathlib import Path

from harness.errors import InputError, did_you_mean
from harness.implementations.catalogue import load_catalogue
from harness.implementations.entry import Entry

GROUP = "crosscheck.catalogues"
FILE_NAME = "catalogue.yaml"
LIBRARIES = Path(__file__).with_name("libraries.yaml")
"""Entries for libraries that people use, for `crosscheck compare`."""


def shipped() -> Mapping[str, str]:
    """The catalogues of installed libraries: name of the entry point -> its package."""
    return {point.name: point.value for point in entry_points(group=GROUP)}


def catalogue_path(source: str | Path) -> Path:
    """The file that `source` names: a file, or a library that ships a catalogue.

    InputError when it is neither, or when the package of an entry point holds no catalogue.
    """
    path = Path(source)
    if path.is_file() or str(source) != path.name or path.suffix in (".yaml", ".yml"):
        return path  # what is no file is told by whoever reads it
    known = shipped()
    package = known.get(str(source))
    if package is None:
        near = did_you_mean(str(source), list(known))
        ship = f"installed libraries ship {', '.join(sorted(known))}" if known else ""
        raise InputError(
            f"no catalogue '{source}': it is no file, and no installed library ships one so called",
            hint=near or ship or "write a file as in harness/implementations/catalogue.yaml",
        )
    return _file_in(package, str(source))


def load_catalogues(sources: Iterable[str | Path]) -> tuple[Entry, ...]:
    """The entries of several catalogues, in order. InputError when two have one name."""
    found: dict[str, Entry] = {}
    for source in sources:
        for entry in load_catalogue(catalogue_path(source)):
            if entry.name in found:
                raise InputError(
                    f"{source}: an entry '{entry.name}' is in another catalogue, too",
                    hint="rename one of them",
                )
            found[entry.name] = entry
    return tuple(found.values())


def _file_in(package: str, name: str) -> Path:
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        spec = None
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / FILE_NAME
        if path.is_file():
            return path
    raise InputError(
        f"the catalogue '{name}' should be {FILE_NAME} in the package {package}, which has none",
        hint="tell its authors, or name a file with --catalogue",
    )
