"""The form of `report.json`: what a report repeats is written once, and what is nothing is not.

Of each check: its declaration is that of the link that it stands in; a field that `NOTHING` names
is left out where it is 0, empty or null; `sizes` has a list for each column; a case is its position
in `cases` of the report. A case there says nothing that its id says, and its hex floats are short.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from harness.report.document import Part, Real, SizeRecord
from harness.report.numbers import short_hex

Data = dict[str, Any]

NOTHING: Mapping[str, object] = {
    **dict.fromkeys(("cells", "cases_n0", "out_of_range", "unbounded", "undecided"), 0),
    **dict.fromkeys(("discarded", "unsupported", "violations", "part"), 0),
    **dict.fromkeys(("worst_ratio", "worst_ulp", "tightness", "violation", "violation_n0")),
    **dict.fromkeys(("oracle", "mode"), ""),
    **{name: [] for name in ("constants", "ours", "notes", "kept", "sizes")},
    "histogram": {},
}
"""What a field of a check is when it is left out."""

_FOUND = ("worst_ratio", "worst_ulp", "violation", "violation_n0")
"""Fields of a check that have a case."""

_COLUMNS = tuple(SizeRecord.model_fields)


class SizeColumns(Part):
    """What was seen at each size, by rising n: lists of one length."""

    n: list[int]
    cases: list[int]
    ulp: list[Real]
    ratio: list[Real]


def packed(report: Data) -> Data:
    """The JSON value of a report, as it is written."""
    report = deepcopy(report)
    places: dict[str, int] = {}
    cases: list[Data] = []

    def placed(case: Data) -> int:
        key = repr(case)
        if key not in places:
            places[key] = len(cases)
            cases.append(_short(case))
        return places[key]

    for link, check in _checks(report):
        assert check.pop("declaration") == link["declaration"]["name"]
        _replace_cases(check, placed)
        if check["sizes"]:
            rows = check["sizes"]
            check["sizes"] = {name: [row[name] for row in rows] for name in _COLUMNS}
        for name, nothing in NOTHING.items():
            if check[name] == nothing:
                del check[name]
    return {**report, "cases": cases}


def unpacked(report: Data) -> Data:
    """The JSON value of a report, from what was written; hex floats stay short."""
    report = deepcopy(report)
    cases = [_whole(case) for case in report.pop("cases")]
    for link, check in _checks(report):
        check["declaration"] = link["declaration"]["name"]
        for name, nothing in NOTHING.items():
            check.setdefault(name, deepcopy(nothing))
        _replace_cases(check, lambda place: deepcopy(cases[place]))
        if check["sizes"]:
            rows = zip(*(check["sizes"][name] for name in _COLUMNS), strict=True)
            check["sizes"] = [dict(zip(_COLUMNS, row, strict=True)) for row in rows]
    return report


def packed_schema(schema: Data) -> Data:
    """The JSON schema of what is written, from that of a report."""
    schema = deepcopy(schema)
    parts = schema["$defs"]
    check, case = parts["CheckRecord"], deepcopy(parts["CaseRecord"])
    del check["properties"]["declaration"], parts["SizeRecord"]
    check["required"] = [
        name for name in check["required"] if name not in NOTHING and name != "declaration"
    ]
    for name, nothing in NOTHING.items():
        check["properties"][name]["default"] = nothing
    check["properties"]["sizes"] = {
        "$ref": "#/$defs/SizeColumns",
        "description": "Left out where nothing was seen.",
    }
    place = {"type": "integer", "minimum": 0, "description": "Position in `cases` of the report."}
    parts["PeakRecord"]["properties"]["case"] = place
    parts["ViolationRecord"]["properties"]["case"] = {
        **place,
        "type": ["integer", "null"],
    }
    case["required"] = [name for name in case["required"] if name not in ("cell", "row")]
    case["description"] = "One input. Without `cell` and `row`: the id ends with @cell#row."
    parts["ListedCase"] = case
    parts["SizeColumns"] = SizeColumns.model_json_schema(mode="serialization")
    schema["properties"]["cases"] = {
        "description": "The cases of all checks, each once.",
        "items": {"$ref": "#/$defs/ListedCase"},
        "type": "array",
    }
    schema["required"].append("cases")
    return schema


def _checks(report: Data) -> Iterator[tuple[Data, Data]]:
    """Each check after its link."""
    for link in report["trace"]["links"]:
        for check in link["checks"]:
            yield link, check


def _replace_cases(check: Data, other: Callable[[Any], Any]) -> None:
    for name in _FOUND:
        found = check[name]
        if found is not None and found["case"] is not None:
            found["case"] = other(found["case"])


def _short(case: Data) -> Data:
    short = {**case, "inputs": {name: _hex(value) for name, value in case["inputs"].items()}}
    if _of_id(case["id"]) == (case["cell"], case["row"]):
        del short["cell"], short["row"]
    return short


def _whole(case: Data) -> Data:
    if "cell" in case:
        return case
    cell, row = _of_id(case["id"])
    return {"id": case["id"], "cell": cell, "row": row, "n": case["n"], "inputs": case["inputs"]}


def _of_id(name: str) -> tuple[str, int]:
    """Cell and row, of an id that has both."""
    cell, _, row = name.rpartition("@")[2].rpartition("#")
    return cell, int(row) if row.isascii() and row.isdigit() else -1


def _hex(value: object) -> object:
    if isinstance(value, list):
        return [_hex(one) for one in value]
    return short_hex(value) if isinstance(value, str) else value
