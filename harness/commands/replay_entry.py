"""Which case a word of the command line names, and whose code it is judged with."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from harness.commands.entries import arithmetics_of
from harness.conformance.case_id import KEPT, CaseId, parse_case_id
from harness.conformance.replay import Replayable
from harness.conformance.replay_case import (
    asked_of,
    constants_asked,
    dtype_of,
    refuse_entry,
    refuse_unfit,
)
from harness.conformance.user import argument_kinds
from harness.conformance.user_process import process_entries
from harness.corpus import Kept, corpus_folder, read_case
from harness.errors import InputError, did_you_mean
from harness.implementations.catalogue import load_catalogue
from harness.implementations.entry import Backend, Entry
from harness.implementations.resolve import resolve
from harness.implementations.sources import load_catalogues
from harness.implementations.user_entry import BACKENDS, parse_impls, probe_backends, user_entry
from harness.specs.library import SpecLibrary


def case_of(word: str, corpus: Path | None) -> Replayable:
    """A case by its id, the name of a kept one, or the path of its file. InputError otherwise."""
    word = word.strip()
    if word.endswith(".json"):
        return read_case(Path(word))
    if "@" in word:
        return parse_case_id(word)
    name = word.removeprefix(KEPT)
    folder = corpus_folder(corpus, Path.cwd())
    path = folder / f"{name}.json"
    if name and Path(name).name == name and path.is_file():
        return read_case(path)
    known = [file.stem for file in folder.glob("*.json")] if folder.is_dir() else []
    hint = did_you_mean(name, known) or "copy an id or a name from a report of `check`"
    raise InputError(
        f"'{word}' is no id of a case, and no case in {folder} has this name", hint=hint
    )


def judged_by(
    given: Namespace, library: SpecLibrary, case: Replayable
) -> tuple[Replayable, Entry | None, bool]:
    """The case, the entry that it is judged with (None on exact reals), and whether that entry's
    code is foreign.

    --impl takes the place of the entry that the case names. InputError when there is no such
    entry, no such check, or the entry has nothing to do with it.
    """
    if isinstance(case, Kept):
        refuse_unfit(library, case)
    constants = constants_asked(library, case)
    asked = asked_of(case)
    if asked.check == "consistency":
        return case, None, False
    references = parse_impls(given.impl or ())
    arithmetics = arithmetics_of(given.arithmetic or ())
    if references and given.catalogue:
        hint = "what --impl names can be an entry of a catalogue, too"
        raise InputError("--impl and --catalogue both say who is judged", hint=hint)
    if given.process:
        made = process_entries(given.process, library, arithmetics)
        entry = _named(made.entries, asked.entry, "--process")
        refuse_entry(library, case, entry)
        return case, entry, True
    if arithmetics and not references:
        raise InputError("--arithmetic speaks of functions of --impl", hint="give --impl, too")
    if not references:
        entry = _known(given.catalogue or (), asked.entry)
        refuse_entry(library, case, entry)
        return case, entry, bool(given.catalogue)
    for constant in references:
        argument_kinds(library, constant)  # InputError for what is no constant
    own = next((c for c in constants if c in references), next(iter(references)))
    entry = user_entry(
        references,
        _backend(asked.entry, library, own, references[own]),
        dtypes=(dtype_of(case),),
        devices=(asked.device,),
        arithmetic=arithmetics,
        min_n=given.min_n or 0,
    )
    refuse_entry(library, case, entry)
    return _of(case, entry.name), entry, True


def _known(catalogues: Sequence[str | Path], name: str) -> Entry:
    known = load_catalogues(catalogues) if catalogues else load_catalogue()
    return _named(known, name, ", ".join(map(str, catalogues)) or "the catalogue")


def _named(known: Iterable[Entry], name: str, where: str) -> Entry:
    entries = {entry.name: entry for entry in known}
    if name in entries:
        return entries[name]
    if name.endswith(tuple(f"-{backend}" for backend in BACKENDS)):
        hint = "a name like this is made from --impl: give --impl CONST=MODULE:FUNCTION again"
    else:
        hint = did_you_mean(name, list(entries)) or f"entries: {', '.join(entries)}"
    raise InputError(f"no entry of {where} is called '{name}'", hint=hint)


def _backend(name: str, library: SpecLibrary, constant: str, reference: str) -> Backend:
    """Whose arrays the function gets: as in the run that the case is from, if that can be told."""
    function = resolve(reference)
    for backend in BACKENDS:
        if name.endswith(f"-{backend}"):
            return backend
    for entry in load_catalogue():
        if entry.name == name:
            return entry.backend
    found = probe_backends(function, argument_kinds(library, constant))
    if not found:
        raise InputError(f"{reference} answers neither numpy arrays nor torch tensors in kind")
    return found[0]


def _of(case: Replayable, entry: str) -> Replayable:
    if isinstance(case, CaseId):
        return replace(case, entry=entry)
    return Kept(case.case.model_copy(update={"entry": entry}), case.path)
