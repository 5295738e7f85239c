"""Earlier runs of a folder: how each declaration stood in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from harness.errors import InputError
from harness.report.document import DeclarationRecord, Document, EntryStanding
from harness.report.json_report import read_document
from harness.site.record import PastRecord

_WORST: tuple[EntryStanding, ...] = ("refuted", "violates", "inconclusive", "holds")


@dataclass(frozen=True)
class Past:
    """documents: earlier runs, oldest first; unread: files that are none, and why."""

    documents: tuple[Document, ...] = ()
    unread: tuple[str, ...] = ()


def past(files: Iterable[Path], shown: Iterable[str]) -> Past:
    """The documents in the files but for those that began when one of the `shown` runs did."""
    began = set(shown)
    documents, unread = [], []
    for file in files:
        try:
            document = read_document(file)
        except InputError as error:
            unread.append(f"{file.name}: {error.message}")
            continue
        if document.run.started not in began:
            documents.append(document)
    ordered = sorted(documents, key=lambda one: one.run.started)
    return Past(tuple(ordered), tuple(unread))


def history(name: str, documents: Iterable[Document], digest: str) -> list[PastRecord]:
    """One record for each of the documents that knew the declaration. digest: of the specs now."""
    found = []
    for document in documents:
        for one in document.declarations:
            if one.name == name and one.entries:
                found.append(_record(document, one, digest))
    return found


def _record(document: Document, declaration: DeclarationRecord, digest: str) -> PastRecord:
    standings = [one.standing for one in declaration.entries]
    ratios = [one.ratio for one in declaration.entries if one.ratio is not None]
    return PastRecord(
        started=document.run.started,
        crosscheck=document.crosscheck,
        effort=document.run.effort,
        seed=document.run.seed,
        standing=_worst(standings),
        conform=standings.count("conforms"),
        entries=len(standings),
        ratio=max(ratios, default=None),
        same_specs=document.specs.digest == digest,
    )


def _worst(standings: list[EntryStanding]) -> EntryStanding | None:
    for bad in _WORST:
        if bad in standings:
            return bad
    if "conforms" in standings:
        return "conforms"
    return standings[0] if standings else None
