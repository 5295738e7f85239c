"""The catalogue file and its loader, which turns what is written into entries.

A catalogue is data: code is only named in it (`module:function`), and imported when it is called.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from harness.errors import InputError
from harness.evaluate.arithmetic import Arithmetic, named, with_fields
from harness.implementations.adapter import Adapter, Axis, Returns
from harness.implementations.catalogue_model import (
    PROGRAM,
    AdapterModel,
    ArithmeticChoice,
    CatalogueModel,
    ConstantModel,
    EntryModel,
    ProcessModel,
)
from harness.implementations.entry import Entry, Expectation, Implementation, Process
from harness.implementations.resolve import split_reference
from harness.specs.validate import validated
from harness.specs.yaml_load import Document, Keys, read_document

_ONE = "keep one of them"
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


def adapter_of(written: Mapping[str, object]) -> Adapter:
    """An adapter written in Python as a catalogue has it. InputError for what is none."""
    text = json.dumps({"adapter": dict(written)}, indent=1, default=repr)
    document = Document("adapter", text, {"adapter": dict(written)}, {}, {}, {})
    try:
        return _adapter(AdapterModel.model_validate(dict(written)), document, ("adapter",))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        known = ", ".join(AdapterModel.model_fields)
        raise InputError(
            f"adapter={dict(written)!r}: {where}: {first['msg']}", hint=f"its keys are {known}"
        ) from None


def _refuse_empty(document: Document, value: object, where: Keys = ()) -> None:
    """No text, list or mapping of a catalogue says something by being empty."""
    if value in ("", [], {}):
        raise document.error(where, f"'{where[-1]}' is empty", hint="write what it holds")
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            _refuse_empty(document, inner, (*where, key))


def _entry(model: EntryModel, document: Document, where: Keys, folder: Path | None) -> Entry:
    if model.backend == "numpy" and model.process is None:
        if "cuda" in model.devices:
            raise document.error((*where, "devices"), "numpy has no cuda", hint="remove it")
        if "bfloat16" in model.dtypes and "ml_dtypes" not in (model.library, *model.requires):
            hint = "remove it, or write requires: [ml_dtypes], which brings it"
            raise document.error((*where, "dtypes"), "numpy has no bfloat16", hint=hint)
    if model.max_n is not None and model.max_n < model.min_n:
        raise document.error((*where, "max_n"), "max_n is below min_n", hint="exchange them")
    if model.process is not None:
        return _of_process(model, model.process, document, where, folder)
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
        expectation=_expectation(model, document, where),
        max_n=model.max_n,
        requires=model.requires,
        seconds=model.seconds,
    )


def _of_process(
    model: EntryModel, process: ProcessModel, document: Document, where: Keys, folder: Path | None
) -> Entry:
    """An entry whose constants are implemented by a program."""
    for key in ("backend", "library", "requires", "adapter", "max_n"):
        if (*where, key) in document.values:
            hint = "remove it, or name functions instead of a process"
            raise document.error((*where, key), f"a process has no {key}", hint=hint)
    for name, constant in model.constants.items():
        if constant.call != PROGRAM:
            at: Keys = (*where, "constants", name)
            hint = f"write constants: [{', '.join(model.constants)}]"
            raise document.error(at, f"{name} has a function, and the entry a process", hint=hint)
    reference = f"process:<{' '.join(process.command)}>"
    place = document.error((*where, "process"), "").place
    promise = None
    if (*where, "arithmetic") in document.values:
        promise = _arithmetic(model.arithmetic, document, (*where, "arithmetic"))
    return Entry(
        name=model.name,
        backend="numpy",
        constants={name: Implementation(reference, place=place) for name in model.constants},
        dtypes=tuple(dict.fromkeys(model.dtypes)),
        devices=tuple(dict.fromkeys(model.devices)),
        min_n=model.min_n,
        expectation=_expectation(model, document, where),
        process=Process(
            process.command,
            folder,
            process.seconds,
            process.start_seconds,
            dict.fromkeys(model.constants, promise) if promise else {},
            place,
        ),
    )


def _expectation(model: EntryModel, document: Document, where: Keys) -> Expectation:
    expect = model.expect
    if expect is None:
        return Expectation()
    at: Keys = (*where, "expect")
    for dtype in expect.dtypes:
        if dtype not in model.dtypes:
            hint = f"the entry has {', '.join(model.dtypes)}"
            raise document.error((*at, "dtypes"), f"{model.name} has no {dtype}", hint=hint)
    place = document.error(at, "").place
    return Expectation(
        expect.violates,
        expect.reason,
        expect.link,
        expect.case,
        expect.dtypes,
        expect.defect,
        expect.conforms or "",
        place,
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
        adapter=_adapter(
            constant.adapter or entry.adapter,
            document,
            (*(where if constant.adapter else above), "adapter"),
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


def _adapter(model: AdapterModel | None, document: Document, where: Keys) -> Adapter:
    if model is None:
        return Adapter()
    axis, returns = model.axis, model.returns
    if sorted(model.order) != list(range(len(model.order))):
        hint = "write the places 0, 1, ... each once, as in: [1, 0]"
        raise document.error((*where, "order"), f"{list(model.order)} is no order", hint=hint)
    if model.names and model.order:
        raise document.error((*where, "order"), "arguments with names need no order", hint=_ONE)
    if axis and axis.keyword and axis.position is not None:
        raise document.error((*where, "axis"), "both keyword and position are given", hint=_ONE)
    if axis and axis.keyword in model.keywords:
        hint = "the axis is added by itself; remove it from keywords"
        raise document.error((*where, "keywords", axis.keyword), "it is the axis, too", hint=hint)
    return Adapter(
        keywords=_keywords(model, document, where),
        axis=Axis(axis.keyword or "", axis.position, axis.along) if axis else None,
        rows=model.rows,
        order=model.order,
        names=model.names,
        returns=Returns(returns.item, returns.attribute or "") if returns else None,
        arrays=model.arrays,
    )


def _keywords(adapter: AdapterModel, document: Document, where: Keys) -> dict[str, object]:
    keywords: dict[str, object] = {}
    for name, value in adapter.keywords.items():
        if not isinstance(value, str | int | float | None):
            at: Keys = (*where, "keywords", name)
            raise document.error(at, f"the keyword '{name}' is not one value", hint="write one")
        keywords[name] = _literal(value) if isinstance(value, str) else value
    return keywords


def _literal(value: str) -> object:
    """Our YAML has only texts and natural numbers: -1 and true are written in quotes."""
    try:
        found: object = json.loads(value)
    except ValueError:
        return value
    return found if found is None or isinstance(found, bool | int | float) else value
