"""The document as JUnit XML, for the machines that draw test results."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree

from harness.report.document import CheckRecord, DeclarationRecord, Document
from harness.report.findings import is_finding

_ILLEGAL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_text(document: Document) -> str:
    """One suite for the Lean side, one for each entry, dtype and device."""
    root = ElementTree.Element("testsuites", name="crosscheck", time=_seconds(document.run.seconds))
    _suite(root, "lean", [_mirror_case(one) for one in document.declarations])
    suites: dict[str, list[ElementTree.Element]] = {}
    short = {one.name: one.short_name for one in document.declarations}
    for result in document.results:
        suites.setdefault(_suite_name(result), []).append(_check_case(result, short))
    for name, cases in suites.items():
        _suite(root, name, cases)
    for suite in root:
        suite.insert(0, _properties(document))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, "unicode") + "\n"


def _properties(document: Document) -> ElementTree.Element:
    """What must be known to run it again."""
    run = document.run
    facts = {
        "crosscheck": document.crosscheck,
        "seed": str(run.seed),
        "effort": run.effort,
        "started": run.started,
        "specs": document.specs.digest,
        **document.machine.libraries,
    }
    properties = ElementTree.Element("properties")
    for name, value in facts.items():
        ElementTree.SubElement(properties, "property", name=_legal(name), value=_legal(value))
    return properties


def _suite(root: ElementTree.Element, name: str, cases: Iterable[ElementTree.Element]) -> None:
    members = list(cases)
    suite = ElementTree.SubElement(root, "testsuite", name=_legal(name), tests=str(len(members)))
    for outcome, attribute in (("failure", "failures"), ("skipped", "skipped")):
        suite.set(attribute, str(sum(case.find(outcome) is not None for case in members)))
    suite.set("errors", "0")
    suite.extend(members)


def _suite_name(result: CheckRecord) -> str:
    if result.check == "consistency":
        return "exact reals"
    return f"{result.entry}-{result.dtype}-{result.device}"


def _check_case(result: CheckRecord, short: dict[str, str]) -> ElementTree.Element:
    case = ElementTree.Element(
        "testcase",
        classname=_legal(_suite_name(result)),
        name=_legal(f"{short.get(result.declaration, result.declaration)}[{result.check}]"),
        time=_seconds(result.seconds),
    )
    violation = result.violation or result.violation_n0
    text = violation.message if violation else "; ".join(result.notes)
    if is_finding(result):
        kind = violation.kind if violation else result.verdict
        failure = ElementTree.SubElement(
            case, "failure", type=_legal(kind), message=_legal(f"{result.verdict}: {text}")
        )
        if violation and violation.case:
            failure.text = _legal(violation.replay or f"case {violation.case.id}")
    elif result.verdict != "conforms":
        message = f"{result.verdict}: {text}" if text else result.verdict
        ElementTree.SubElement(case, "skipped", message=_legal(message))
    return case


def _mirror_case(declaration: DeclarationRecord) -> ElementTree.Element:
    lean = declaration.lean
    case = ElementTree.Element(
        "testcase", classname="lean", name=_legal(f"{declaration.short_name}[mirror]"), time="0"
    )
    if lean.mirror != "same" or lean.link == "suspect":
        kind = lean.mirror if lean.mirror != "same" else lean.link
        failure = ElementTree.SubElement(
            case, "failure", type=kind, message=_legal(lean.message or kind)
        )
        failure.text = _legal("\n".join(lean.detail))
    return case


def _seconds(value: float) -> str:
    return f"{value:.3f}"


def _legal(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return _ILLEGAL.sub("�", text)
