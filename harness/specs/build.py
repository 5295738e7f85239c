"""From spec files to a library: types, statements, definitions and forms, checked against another.

Whatever is wrong is an InputError at its place in the YAML file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from harness.errors import InputError, did_you_mean
from harness.specs.forms import Rewrite, rewrite_of
from harness.specs.library import SpecFile, SpecLibrary
from harness.specs.model import DefSpec, Licence, Spec, TheoremSpec
from harness.specs.yaml_load import Keys
from harness.statement.compare import same_proposition
from harness.statement.define import definition_of
from harness.statement.elaborate import Scope, elaborate, elaborate_signature
from harness.statement.parse import parse, parse_type
from harness.statement.substitute import constants_of
from harness.statement.term import Definition, Forall, Signature

Result = TypeVar("Result")


def build_library(directory: Path, files: Sequence[SpecFile]) -> SpecLibrary:
    """The library of the given files. InputError as the module says."""
    files = sorted(files, key=lambda file: (file.spec.name, str(file.path)))
    by_name = _by_name(files)
    scope = _scope(files)
    statements = {
        name: _statement(file, keys, scope)
        for name, file in by_name.items()
        if (keys := _statement_keys(file.spec))
    }
    facts = {
        name: tuple(
            _statement(file, ("facts", number, "statement"), scope)
            for number in range(len(file.spec.facts))
        )
        for name, file in by_name.items()
        if isinstance(file.spec, DefSpec)
    }
    definitions, unfolded = _definitions(files, statements)
    _check_lemmas(by_name, statements, facts)
    _check_cycles(definitions, {name: by_name[full] for name, full in unfolded.items()})
    base_forms = {name: _base_form(by_name[full].spec) for name, full in unfolded.items()}
    return SpecLibrary(
        directory=directory,
        specs=tuple(file.spec for file in files),
        files=by_name,
        scope=scope,
        statements=statements,
        facts=facts,
        definitions=definitions,
        unfolded=unfolded,
        base_forms=base_forms,
        rewrites=_rewrites(files, statements, definitions, base_forms),
        digest=_digest(directory, files),
    )


def _by_name(files: Sequence[SpecFile]) -> dict[str, SpecFile]:
    found: dict[str, SpecFile] = {}
    for file in files:
        if file.spec.name in found:
            other = found[file.spec.name].document.file
            message = f"{file.spec.name} has a spec already, in {other}"
            raise file.document.error(("name",), message, hint="remove one of the two files")
        found[file.spec.name] = file
    return found


def _scope(files: Sequence[SpecFile]) -> Scope:
    namespaces = tuple(dict.fromkeys(file.spec.namespace for file in files))
    signatures: dict[str, Signature] = {}
    for file in files:
        for name, keys in _typed_names(file.spec):
            text = str(file.document.at(keys))
            signature = _placed(
                file,
                keys,
                partial(_signature, name, text, namespaces),
            )
            if signature.name in signatures:
                message = f"{signature.name} has a type already, in another spec"
                raise file.document.error(keys, message, hint="remove one of the two")
            signatures[signature.name] = signature
    return Scope(signatures, namespaces)


def _signature(name: str, text: str, namespaces: tuple[str, ...]) -> Signature:
    return elaborate_signature(name, parse_type(text), namespaces)


def _typed_names(spec: Spec) -> list[tuple[str, Keys]]:
    if isinstance(spec, DefSpec):
        return [(spec.name, ("type",))]
    if isinstance(spec, TheoremSpec) and spec.unfolds:
        return [(spec.unfolds.constant, ("unfolds", "type"))]
    return []


def _statement_keys(spec: Spec) -> Keys:
    if isinstance(spec, DefSpec):
        return ("equation", "statement")
    return ("statement",) if isinstance(spec, TheoremSpec) else ()


def _statement(file: SpecFile, keys: Keys, scope: Scope) -> Forall:
    text = str(file.document.at(keys))
    return _placed(file, keys, lambda: elaborate(parse(text), scope))


def _placed(file: SpecFile, keys: Keys, compute: Callable[[], Result]) -> Result:
    """What `compute` returns; its errors get their place in the YAML file."""
    try:
        return compute()
    except InputError as error:
        raise file.document.within(keys, error) from None


def _check_lemmas(
    by_name: Mapping[str, SpecFile],
    statements: Mapping[str, Forall],
    facts: Mapping[str, tuple[Forall, ...]],
) -> None:
    """A lemma that an equation or a fact cites says the same in its own spec, where it has one."""
    for name, stated in facts.items():
        file, spec = by_name[name], by_name[name].spec
        assert isinstance(spec, DefSpec)
        cited: list[tuple[Keys, str, Forall]] = [
            (("equation",), spec.equation.lemma, statements[name])
        ]
        for number, (fact, statement) in enumerate(zip(spec.facts, stated, strict=True)):
            cited.append((("facts", number), fact.lemma, statement))
        for keys, lemma, statement in cited:
            own = by_name.get(lemma)
            if own and not same_proposition(statement, statements[lemma]):
                message = f"{lemma} states something else in {own.document.file}"
                hint = "write the same statement in both"
                raise file.document.error((*keys, "statement"), message, hint=hint)


def _definitions(
    files: Sequence[SpecFile], statements: Mapping[str, Forall]
) -> tuple[dict[str, Definition], dict[str, str]]:
    definitions: dict[str, Definition] = {}
    unfolded: dict[str, str] = {}
    for file in files:
        spec, keys = file.spec, _statement_keys(file.spec)
        if not _typed_names(spec):
            continue
        definition = _placed(file, keys, partial(definition_of, statements[spec.name]))
        unfolds = spec.unfolds if isinstance(spec, TheoremSpec) else None
        constant = unfolds.constant if unfolds else spec.short_name
        if definition.constant != constant:
            message = f"the left side is {definition.constant}, not {constant}"
            raise file.document.error(keys, message, hint=f"write `{constant} ... = ...`")
        definitions[constant] = definition
        unfolded[constant] = spec.name
    return definitions, unfolded


def _check_cycles(definitions: Mapping[str, Definition], files: Mapping[str, SpecFile]) -> None:
    for constant in definitions:
        if path := _way_back(constant, definitions[constant], definitions):
            file = files[constant]
            message = f"the definition goes in a circle: {' → '.join((constant, *path))}"
            keys = _statement_keys(file.spec)
            raise file.document.error(keys, message, hint="a constant cannot be its own meaning")


def _way_back(
    constant: str, start: Definition, definitions: Mapping[str, Definition]
) -> tuple[str, ...]:
    """The constants on a way from `start` back to `constant`, or nothing."""
    ways: dict[str, tuple[str, ...]] = {name: (name,) for name in constants_of(start.body)}
    waiting = list(ways)
    while waiting and constant not in ways:
        name = waiting.pop(0)
        for following in constants_of(definitions[name].body) if name in definitions else ():
            if following not in ways:
                ways[following] = (*ways[name], following)
                waiting.append(following)
    return ways.get(constant, ())


def _base_form(spec: Spec) -> str | None:
    return spec.equation.form if isinstance(spec, DefSpec) else None


def _rewrites(
    files: Sequence[SpecFile],
    statements: Mapping[str, Forall],
    definitions: Mapping[str, Definition],
    base_forms: Mapping[str, str | None],
) -> tuple[Rewrite, ...]:
    found: dict[tuple[str, str], Rewrite] = {}
    for file in files:
        licences = file.spec.rewrite if isinstance(file.spec, TheoremSpec) else ()
        for number, licence in enumerate(licences):
            keys: Keys = ("rewrite", number)
            constant, form = licence.constant, licence.form
            if constant not in definitions:
                hint = did_you_mean(constant, list(definitions)) or "write a spec for it"
                message = f"no spec defines '{constant}'"
                raise file.document.error((*keys, "constant"), message, hint=hint)
            if form == base_forms[constant] or (constant, form) in found:
                message = f"{constant} has a form '{form}' already"
                raise file.document.error((*keys, "form"), message, hint="choose another name")
            rewrite = _placed(
                file, keys, partial(_rewrite, licence, file.spec.name, statements, definitions)
            )
            found[constant, form] = rewrite
    return tuple(found.values())


def _rewrite(
    licence: Licence,
    lemma: str,
    statements: Mapping[str, Forall],
    definitions: Mapping[str, Definition],
) -> Rewrite:
    constant = licence.constant
    rewrite = rewrite_of(licence, statements[lemma], lemma, definitions[constant])
    if path := _way_back(constant, rewrite.definition, definitions):
        way = " → ".join((constant, *path))
        raise InputError(
            f"the form goes in a circle: {way}", hint="license it for another constant"
        )
    return rewrite


def _digest(directory: Path, files: Sequence[SpecFile]) -> str:
    """SHA-256 over names and texts, the same for every line ending and place of the folder."""
    digest = hashlib.sha256()
    for file in files:
        inside = file.path.is_relative_to(directory)
        name = file.path.relative_to(directory).as_posix() if inside else file.path.name
        digest.update(f"{name}\0{file.document.text}\0".encode())
    return digest.hexdigest()
