"""Findings as SARIF 2.1.0, for code scanning: a rule a declaration, a result a finding.

A finding about Lean text lies at its line in the Lean source, one about code at the line of the
function where that is known, else at the spec.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from harness.report.document import CheckRecord, DeclarationRecord, ViolationRecord
from harness.report.findings import is_finding, lean_findings
from harness.report.numbers import array, clean
from harness.report.trace import LinkRecord, TraceDocument

VERSION = "2.1.0"
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

Places = Mapping[str, tuple[str, int]]
"""`module:function` -> file, relative to the repository, and line."""


def sarif_text(document: TraceDocument, places: Places) -> str:
    """One run with all findings; without any it says that the rules hold."""
    rules = [_rule(link.declaration) for link in document.links]
    number = {rule["id"]: k for k, rule in enumerate(rules)}
    results = [one for link in document.links for one in _results(document, link, places)]
    for result in results:
        result["ruleIndex"] = number[result["ruleId"]]
    run: dict[str, Any] = {
        "tool": {"driver": {"name": "crosscheck", "version": document.crosscheck, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    if document.results:
        run["properties"] = {
            "seed": [one.seed for one in document.results],
            "effort": [one.effort for one in document.results],
        }
    data = {"$schema": SCHEMA, "version": VERSION, "runs": [run]}
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _rule(one: DeclarationRecord) -> dict[str, Any]:
    return {
        "id": one.name,
        "name": one.short_name,
        "shortDescription": {"text": one.summary},
        "fullDescription": {"text": one.statement},
        "help": {"text": f"{one.requirement}: {one.requirement_text}"},
    }


def _results(document: TraceDocument, link: LinkRecord, places: Places) -> list[dict[str, Any]]:
    one = link.declaration
    found = []
    if lean_findings([one]):
        said = one.lean.message or one.lean.proof or f"the link is {one.lean.link}"
        spots = [_spot(one.spec, 1)]
        if one.lean.first_line:
            spots.insert(0, _spot(f"{document.lean.path}/{one.lean.file}", one.lean.first_line))
        found.append(_result(one, "lean", said, spots, "error"))
    for check in link.checks:
        if is_finding(check):
            found.append(_of_check(link, check, places))
    return found


def _of_check(link: LinkRecord, check: CheckRecord, places: Places) -> dict[str, Any]:
    one, violation = link.declaration, check.violation or check.violation_n0
    who = f" for {check.entry} in {check.dtype} on {check.device}" if check.entry else ""
    said = violation.message if violation else "; ".join(check.notes)
    code = _code(link, check, violation, places)
    spots = [_spot(*place) for place in code] or [_spot(one.spec, 1)]
    level = "warning" if check.verdict == "inconclusive" else "error"
    result = _result(
        one,
        f"{check.check}/{check.entry}/{check.dtype}/{check.device}",
        f"{one.short_name} {check.verdict}{who}: {said}",
        spots,
        level,
    )
    if violation and violation.case:
        result["properties"] = {
            "case": violation.case.id,
            "inputs": {name: array(value)[0] for name, value in violation.case.inputs.items()},
        }
    return result


def _code(
    link: LinkRecord, check: CheckRecord, violation: ViolationRecord | None, places: Places
) -> list[tuple[str, int]]:
    """The functions that the check called, the one that the violation names first."""
    named = violation.constant if violation else ""
    constants = sorted(check.constants, key=lambda constant: constant != named)
    references = [link.implementations.get(c, {}).get(check.entry, "") for c in constants]
    return [places[reference] for reference in references if reference in places][:1]


def _result(
    one: DeclarationRecord, what: str, said: str, spots: list[dict[str, Any]], level: str
) -> dict[str, Any]:
    identity = hashlib.sha256(f"{one.name}\n{what}".encode()).hexdigest()
    return {
        "ruleId": one.name,
        "level": level,
        "message": {"text": clean(said)},
        "locations": spots[:1],
        "relatedLocations": [{"id": k, **spot} for k, spot in enumerate(spots[1:], start=1)],
        "partialFingerprints": {"crosscheck/v1": identity[:32]},
    }


def _spot(path: str, line: int) -> dict[str, Any]:
    from urllib.parse import quote

    uri = quote(path.replace("\\", "/"), safe="/")
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": uri},
            "region": {"startLine": line},
        }
    }
