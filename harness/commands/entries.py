"""Which catalogue entries a command judges: those of the catalogue, or what `--impl` supplies."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from harness.conformance.user import argument_kinds
from harness.conformance.user_process import process_entries, refuse_missing
from harness.errors import AbsentError, InputError, did_you_mean
from harness.implementations.catalogue import load_catalogue
from harness.implementations.entry import Backend, Entry
from harness.implementations.resolve import is_installed, resolve
from harness.implementations.sources import load_catalogues
from harness.implementations.user_entry import (
    BACKENDS,
    DEFAULT_DTYPES,
    parse_impls,
    probe_backends,
    user_entry,
)
from harness.specs.library import SpecLibrary


@dataclass(frozen=True)
class Judged:
    """entries: what is judged; foreign: their code is not of this package; supplied: constant ->
    reference, of --impl or --process; remarks: what of them is not judged."""

    entries: tuple[Entry, ...]
    foreign: bool = False
    supplied: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    remarks: tuple[str, ...] = ()


def judged(given: Namespace, library: SpecLibrary) -> Judged:
    """The entries for the options --impl, --process, --arithmetic, --min-n, --catalogue, --backend
    and --device.

    InputError for an unknown constant, a reference that does not resolve, a function that answers
    neither numpy nor torch arrays in kind; AbsentError for what is asked for and is not here.
    """
    commands = getattr(given, "process", None)  # not all commands have it
    _check_present(given, programs=bool(commands))
    references = parse_impls(given.impl or ())
    if references and given.catalogue:
        hint = "what --impl names can be an entry of a catalogue, too"
        raise InputError("--impl and --catalogue both say who is judged", hint=hint)
    arithmetics = arithmetics_of(given.arithmetic or ())
    if given.min_n and not references:
        hint = "a catalogue has min_n, and so has the hello of a program"
        raise InputError("--min-n speaks of functions of --impl", hint=hint)
    if commands:
        if references or given.catalogue:
            other = "--impl" if references else "--catalogue"
            hint = "a program can be an entry of a catalogue, too"
            raise InputError(f"--process and {other} both say who is judged", hint=hint)
        return _programs(commands, arithmetics, library)
    if arithmetics and not references:
        raise InputError("--arithmetic speaks of functions of --impl", hint="give --impl, too")
    if given.catalogue:
        # What is not installed is judged unsupported, so that nobody takes its absence for a pass.
        entries = load_catalogues(given.catalogue)
        refuse_missing(entries)
        return Judged(entries, foreign=True)
    if not references:
        return Judged(tuple(one for one in load_catalogue() if _installed(one.library)))
    by_backend: dict[Backend, dict[str, str]] = {}
    for constant, reference in references.items():
        for backend in _backends(given, library, constant, reference):
            by_backend.setdefault(backend, {})[constant] = reference
    for constant in arithmetics:
        if constant not in references:
            hint = did_you_mean(constant, list(references)) or f"supplied: {', '.join(references)}"
            raise InputError(f"--arithmetic: '{constant}' is not supplied by --impl", hint=hint)
    mine = tuple(
        user_entry(
            functions,
            backend,
            dtypes=given.dtype or DEFAULT_DTYPES,
            devices=given.device or ("cpu",),
            arithmetic={name: arithmetics[name] for name in functions if name in arithmetics},
            min_n=given.min_n or 0,
        )
        for backend, functions in by_backend.items()
    )
    return Judged(mine, True, MappingProxyType(references))


def _programs(
    commands: Sequence[str], arithmetics: Mapping[str, str], library: SpecLibrary
) -> Judged:
    """The programs of --process."""
    made = process_entries(commands, library, arithmetics)
    supplied = {c: one.reference for entry in made.entries for c, one in entry.constants.items()}
    return Judged(made.entries, True, MappingProxyType(supplied), made.remarks)


def arithmetics_of(texts: Sequence[str]) -> dict[str, str]:
    """`CONST=NAME` of --arithmetic: constant -> name. InputError for another shape."""
    named = {}
    for text in texts:
        constant, equals, name = (part.strip() for part in text.partition("="))
        if not equals or not constant or not name:
            hint = "write it as in: --arithmetic softmaxVec=flush_to_zero"
            raise InputError(f"--arithmetic '{text}' is not CONST=NAME", hint=hint)
        named[constant] = name
    return named


def _backends(
    given: Namespace, library: SpecLibrary, constant: str, reference: str
) -> tuple[Backend, ...]:
    """Those that were named, else those in whose arrays the function answers."""
    known = list(library.definitions)
    if constant not in known:
        hint = did_you_mean(constant, known) or f"known: {', '.join(sorted(known))}"
        raise InputError(f"--impl: no constant is named '{constant}'", hint=hint)
    function = resolve(reference)
    if given.backend:
        return tuple(backend for backend in BACKENDS if backend in given.backend)
    device = (given.device or ("cpu",))[0]
    answered = probe_backends(function, argument_kinds(library, constant), device)
    if not answered:
        raise InputError(
            f"{reference} answers neither numpy arrays nor torch tensors with their like",
            hint="name the one that it is for with --backend, to see what it does",
        )
    return answered


def _check_present(given: Namespace, *, programs: bool) -> None:
    for backend in given.backend:
        if not _installed(backend):
            message = f"--backend {backend}: {backend} is not installed"
            raise AbsentError(message, hint=f"pip install {backend}")
    # A program brings its own device, and says in its hello which.
    if given.require_cuda or ("cuda" in given.device and not programs):
        option = "--require-cuda" if given.require_cuda else "--device cuda"
        if why := _why_no_cuda():
            raise AbsentError(f"{option}: {why}", hint="run on a machine with a CUDA device")


def _why_no_cuda() -> str:
    """Why there is no CUDA, or the empty text."""
    if not _installed("torch"):
        return "torch is not installed"
    from harness.commands.machine import cuda_devices, imported

    torch = imported("torch")
    if torch is None:
        return "torch does not load"
    if torch.version.cuda is None and getattr(torch.version, "hip", None) is None:
        return f"torch {torch.__version__} is built without CUDA"
    return "" if cuda_devices(torch) else "torch sees no CUDA device"


def _installed(library: str | None) -> bool:
    return library is None or is_installed(library)
