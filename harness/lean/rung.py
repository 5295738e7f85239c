"""The rung *proved*: what evidence says of a spec, as a pure function of the two."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from harness.lean.evidence_model import DeclarationFacts, Evidence
from harness.lean.mirror_text import NAMESPACE
from harness.specs.model import AbbrevSpec, DefSpec, Spec

ALLOWED_AXIOMS = frozenset({"propext", "Classical.choice", "Quot.sound"})
LEAN1 = "lean1"
_SORRY = "sorryAx"

State = Literal["proved", "not proved", "no evidence"]


@dataclass(frozen=True)
class Proof:
    """state: *not proved* when there is evidence and it does not suffice; reason: one line that
    says why, or of a proof what must be known of it (empty when nothing)."""

    state: State
    reason: str = ""


NO_EVIDENCE = Proof("no evidence")


def proof_of(spec: Spec, evidence: Evidence | None) -> Proof:
    """Where a spec stands by evidence that holds; without any, nothing is known.

    A theorem is proved when Lean's environment has it with the statement of the spec, without
    `sorry`, on no axioms but Lean's three. A def is proved when the lemmas of its equation and
    facts are; an abbreviation when its restatement holds. For both also the declaration itself must
    be there, with that kind, and rest on no other axioms.
    """
    if evidence is None:
        return NO_EVIDENCE
    facts = {one.name: one for one in evidence.declarations}
    problems: list[str] = []
    remarks: list[str] = []
    problems += _declaration(spec.name, spec.kind, facts)
    for name in _theorems(spec):
        problems += _declaration(name, "theorem", facts) if name != spec.name else ()
        if name in facts and not name.startswith(f"{NAMESPACE}."):
            problem, remark = _statement(facts[name])
            problems += [problem] if problem else []
            remarks += [remark] if remark else []
    if problems:
        return Proof("not proved", "; ".join(dict.fromkeys(problems)))
    return Proof("proved", "; ".join(dict.fromkeys(remarks)))


def lean1_of(name: str, evidence: Evidence) -> str | None:
    """The digest of the elaborated type of a declaration in the evidence, None without it.

    It sees what the scanner cannot (instances, notations, implicit variables), and not the body of
    a definition. It is never compared with `scan1:`.
    """
    return next((type_digest(one) for one in evidence.declarations if one.name == name), None)


def type_of(name: str, evidence: Evidence | None) -> str | None:
    """The elaborated type of a declaration in the evidence, None without it."""
    known = evidence.declarations if evidence else ()
    return next((one.type for one in known if one.name == name), None)


def type_digest(one: DeclarationFacts) -> str:
    """`lean1:` and the SHA-256 of kind, name and elaborated type."""
    text = json.dumps([one.kind, one.name, one.type], ensure_ascii=False)
    return f"{LEAN1}:{hashlib.sha256(text.encode('utf-8')).hexdigest()}"


def _theorems(spec: Spec) -> tuple[str, ...]:
    """The theorems whose proofs a spec's rung rests on."""
    if isinstance(spec, AbbrevSpec):
        return (f"{NAMESPACE}.{spec.short_name}_value",)
    if isinstance(spec, DefSpec):
        return (spec.equation.lemma, *(fact.lemma for fact in spec.facts))
    return (spec.name,)


def _declaration(name: str, kind: str, facts: Mapping[str, DeclarationFacts]) -> Iterator[str]:
    """What keeps a declaration from being evidence, apart from its statement."""
    one = facts.get(name)
    if one is None:
        yield f"the evidence does not have {name}"
        return
    if one.kind != kind:
        yield f"{name} is {one.kind} in Lean, not {kind}"
    if one.usesSorry or _SORRY in one.axioms:
        yield f"{name} rests on `sorry`"
    others = sorted({*one.axioms} - ALLOWED_AXIOMS - {_SORRY})
    if others:
        yield f"{name} rests on the axiom{'s' * (len(others) > 1)} {', '.join(others)}"


def _statement(one: DeclarationFacts) -> tuple[str, str]:
    """What is wrong with the statement that was compared, and what must be said of it."""
    mirror = one.mirror
    if mirror is None:
        return f"Mirror.lean does not restate {one.name}", ""
    if mirror.alphaEqual:
        return "", ""
    if mirror.reducibleDefEq:
        return "", f"{one.name} says the same once abbreviations are unfolded"
    return f"{one.name} states something else than the spec", ""
