"""From a read YAML document to a typed model: every complaint at its place in the file."""

from __future__ import annotations

import reprlib
import typing
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from harness.errors import InputError, did_you_mean
from harness.specs.yaml_load import Document, Keys

Model = TypeVar("Model", bound=BaseModel)

_WANTED = {"model_type": "a mapping", "dict_type": "a mapping", "tuple_type": "a list"}


def validated(document: Document, model: type[Model]) -> Model:
    """The document as an instance of `model`. InputError for the first thing that is wrong."""
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        found = [_complaint(document, model, problem) for problem in error.errors()]
    # A key mistyped is also a key missing: the unknown key says more.
    first = min(found, key=lambda one: (not one.message.startswith("unknown key"), _line(one)))
    if len(found) > 1:
        first.message += f"; {len(found) - 1} more in this file"
    raise first


def _complaint(document: Document, model: type[BaseModel], problem: Any) -> InputError:
    where: Keys = problem["loc"]
    while problem["type"] != "missing" and where not in document.values:
        where = where[:-1]  # pydantic adds the member of a union
    parent, name = where[:-1], where[-1] if where else ""
    owner = _model_at(model, parent)
    inside = next((f" in '{key}'" for key in reversed(parent) if isinstance(key, str)), "")
    match problem["type"]:
        case "extra_forbidden":
            known = [field.alias or key for key, field in owner.model_fields.items()]
            unused = [key for key in known if (*parent, key) not in document.keys]
            hint = did_you_mean(str(name), unused) or f"known keys: {', '.join(known)}"
            message = f"unknown key {reprlib.repr(name)}{inside}"
            return document.error(where, message, hint=hint, at_key=True)
        case "missing":
            meaning = _field(owner, name).description
            hint = f"add {name}: ..." + (f" {meaning}" if meaning else "")
            return document.error(parent, f"'{name}' is missing{inside}", hint=hint, at_key=True)
        case "string_type":
            hint = "write text; put quotes around a number"
            return document.error(where, f"'{name}' is not a text", hint=hint)
        case kind if kind in _WANTED:
            return document.error(where, f"'{name}' is not {_WANTED[kind]}")
        case _:
            message = f"'{name}' cannot be {reprlib.repr(problem['input'])}"
            return document.error(where, message, hint=_remedy(owner, name, problem))


def _remedy(owner: type[BaseModel], name: str | int, problem: Any) -> str:
    if problem["type"] == "literal_error":
        expected = str(problem["ctx"]["expected"])
        return did_you_mean(str(problem["input"]), expected.split("'")[1::2]) or f"write {expected}"
    examples = _field(owner, name).examples if isinstance(name, str) else None
    return f"write it as in: {examples[0]}" if examples else str(problem["msg"])


def _line(error: InputError) -> int:
    return error.place.line if error.place else 0


def _field(owner: type[BaseModel], name: str | int) -> Any:
    for key, field in owner.model_fields.items():
        if name in (key, field.alias):
            return field
    raise KeyError(name)


def _model_at(model: type[BaseModel], where: Keys) -> type[BaseModel]:
    """The innermost model on the way to `where`."""
    for key in where:
        if isinstance(key, str) and key in {
            field.alias or name for name, field in model.model_fields.items()
        }:
            model = next(iter(_models(_field(model, key).annotation)), model)
    return model


def _models(annotation: Any) -> list[type[BaseModel]]:
    """The models that a type annotation names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in typing.get_args(annotation) for model in _models(inner)]
