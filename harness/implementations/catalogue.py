"""The catalogue file and its loader, which turns what is written into entries.

A catalogue is data: code is only named in it (`module:function`), and imported when it is called.
"""

from __future__ import annotations

import json
from pathlib import Path

from harness.errors import InputError
from harness.evaluate.arithmetic import Arithmetic, named, with_fields
from harness.implementations.catalogue_model import (
    Adapter,
    ArithmeticChoice,
    CatalogueModel,
    ConstantModel,
    EntryModel,
)
from harness.implementations.entry import Entry, Expectation, Implementation
from harness.implementations.resolve import split_reference
from harness.specs.validate import validated
from harness.specs.yaml_load import Document, Keys, read_document

DEFAULT_CATALOGUE = Path(__file__).with_name("catalogue.yaml")


def load_catalogue(path: Path | None = None) -> tuple[Entry, ...]:
    """The entries of the catalogue file at `path`, or of the one of this package, in file order.

    InputError, with file, line and column, for what is not a catalogue: YAML that is not plain, an
    unknown key, dtype or arithmetic, a reference of another shape, a name that is used twice.
    References are not imported; they are later, with the folder of the catalogue on the path.
    """
    document = read_document(DEFAULT_CATALOGUE if path is None else path)
    model = validated(document, CatalogueModel)
    _refuse_empty(document, document.data)
    folder = None if path is None else path.parent
    entries: dict[str, Entry] = {}
    for index, entry in enumerate(model.entries):
        where: Keys = ("entries", index)
        if entry.name in entries:
            raise document.error((*where, "name"), f"a second entry is called '{entry.name}'")
        entries[entry.name] = _entry(entry, document, where, folder)
    return tuple(entries.values())


def _refuse_empty(document: Document, value: object, where: Keys = ()) -> None:
    """No text, list or mapping of a catalogue says something by being empty."""
    if value in ("", [], {}):
        raise document.error(where, f"'{where[-1]}' is empty", hint="write what it holds")
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            _refuse_empty(document, inner, (*where, key))


def _entry(model: EntryModel, document: Document, where: Keys, folder: Path | None) -> Entry:
    if model.backend == "numpy":
        for key, value in (("dtypes", "bfloat16"), ("devices", "cuda")):
            if value in getattr(model, key):
                raise document.error((*where, key), f"numpy has no {value}", hint="remove it")
    expect = model.expect
    return Entry(
        name=model.name,
        backend=model.backend,
        constants={
            name: _implementation(model, constant, document, (*where, "constants", name), folder)
            for name, constant in model.constants.items()
        },
        dtypes=tuple(dict.fromkeys(model.dtypes)),
        devices=tuple(dict.fromkeys(model.devices)),
        library=model.library,
        min_n=model.min_n,
        expectation=Expectation(expect.violates, expect.reason, expect.link, expect.case)
        if expect
        else Expectation(),
    )


def _implementation(
    entry: EntryModel,
    constant: ConstantModel,
    document: Document,
    where: Keys,
    folder: Path | None,
) -> Implementation:
    at_call = (*where, "call") if (*where, "call") in document.values else where
    place = document.error(at_call, "").place
    try:
        split_reference(constant.call, place)
    except InputError as error:
        raise document.error(at_call, error.message, hint=error.hint) from None
    above = where[:2]  # what the entry says for all of its constants
    return Implementation(
        reference=constant.call,
        keywords=_keywords(
            constant.adapter or entry.adapter, document, where if constant.adapter else above
        ),
        arithmetic=_arithmetic(
            constant.arithmetic or entry.arithmetic,
            document,
            (*(where if constant.arithmetic else above), "arithmetic"),
        ),
        place=place,
        folder=folder,
    )


def _arithmetic(choice: ArithmeticChoice, document: Document, where: Keys) -> Arithmetic:
    try:
        base = named(choice.base)
    except InputError as error:
        at = (*where, "base") if (*where, "base") in document.values else where
        raise document.error(at, error.message, hint=error.hint) from None
    fields = choice.model_dump(exclude={"base"}, exclude_none=True)
    if not fields:
        return base
    said = ", ".join(f"{name}={value}" for name, value in fields.items())
    return with_fields(base, {**fields, "name": f"{base.name} with {said}"})


def _keywords(adapter: Adapter | None, document: Document, where: Keys) -> dict[str, object]:
    keywords: dict[str, object] = {}
    for name, value in adapter.keywords.items() if adapter else ():
        if not isinstance(value, str | int):
            at: Keys = (*where, "adapter", "keywords", name)
            raise document.error(at, f"the keyword '{name}' is not one value", hint="write one")
        keywords[name] = _literal(value)
    return keywords


def _literal(value: str | int) -> object:
    """Our YAML has only texts and natural numbers: -1 and true are written in quotes."""
    try:
        found: object = json.loads(str(value))
    except ValueError:
        return value
    return found if found is None or isinstance(found, bool | int | float) else value
