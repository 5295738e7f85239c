"""A spec drafted from what Lean's environment said, for declarations that no text shows.

What a macro declares (`@[to_additive]`, `@[simps]`) stands in no source, and neither do the types
that elaboration fills in; the exporter has both.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from harness.errors import InputError, Place, did_you_mean
from harness.lean.draft import KINDS
from harness.lean.evidence import read_evidence
from harness.lean.evidence_model import DeclarationFacts
from harness.lean.export import parse_export
from harness.lean.rung import LEAN1, type_digest
from harness.lean.sketch import LEMMA_ENDINGS, Draft, Sketch, completed


def read_facts(path: Path) -> tuple[DeclarationFacts, ...]:
    """The declarations in evidence, or in what the exporter printed for names of anybody's choice.

    InputError for a file that is neither, and for one that was constructed for a test.
    """
    place = Place(str(path))
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError:
        raise InputError("not UTF-8 text", place=place) from None
    if not _is_export(text):
        return tuple(read_evidence(path).declarations)
    printed = parse_export(text)
    if printed.constructed:
        raise InputError("this was written by hand for a test; Lean did not say it", place=place)
    return tuple(one for one in printed.declarations if isinstance(one, DeclarationFacts))


def draft_of_facts(name: str, facts: Sequence[DeclarationFacts]) -> Draft:
    """The draft for the declaration with that full or last name, without a fingerprint: there is no
    text that a person could have reviewed.

    InputError when there is none or several, and for what a spec cannot mirror.
    """
    one = _found(name.removeprefix("_root_."), facts)
    if one.kind not in KINDS:
        hint = f"a spec mirrors a {', '.join(KINDS[:-1])} or {KINDS[-1]}"
        raise InputError(f"{one.name} is {one.kind}", hint=hint)
    known = {each.name: each for each in facts}
    lemma = next((one.name + end for end in LEMMA_ENDINGS if one.name + end in known), "")
    sketch = Sketch(
        name=one.name,
        kind=one.kind,
        file=f"{(one.module or '').replace('.', '/')}.lean",
        docstring=one.doc or "",
        type=_one_line(one.type),
        value="",
        lemma=lemma if one.kind == "def" else "",
        equation=_one_line(known[lemma].type) if lemma and one.kind == "def" else "",
        links=(link(one),),
    )
    return completed(sketch, ())


def link(one: DeclarationFacts) -> str:
    """The line of a spec that keeps the digest of the elaborated type."""
    return f"{LEAN1}: {type_digest(one)}"


def fact_named(name: str, facts: Sequence[DeclarationFacts]) -> DeclarationFacts | None:
    """The facts of a declaration by its full name."""
    return next((one for one in facts if one.name == name), None)


def _found(wanted: str, facts: Sequence[DeclarationFacts]) -> DeclarationFacts:
    exact = fact_named(wanted, facts)
    if exact:
        return exact
    same = [one for one in facts if one.name.rpartition(".")[2] == wanted]
    if len(same) == 1:
        return same[0]
    if same:
        some = ", ".join(sorted(one.name for one in same)[:4])
        raise InputError(f"'{wanted}' may be {some}", hint="give the full name")
    names = sorted(one.name for one in facts)
    hint = did_you_mean(wanted, names) or "the exporter says only what it was asked for"
    raise InputError(f"Lean was not asked for a declaration '{wanted}'", hint=hint)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _is_export(text: str) -> bool:
    """Whether it is the exporter's document and not evidence, which has digests."""
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return False
    return isinstance(data, dict) and "declarations" in data and "digests" not in data
