"""Results that a run left in a file: the document of `--json`, or the stream of `--stream`.

A stream that ends before its footer is read as far as it goes; the checks that are missing are
`not run`. One that was changed after it was written is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from harness.conformance.verdict import CheckResult, Verdict
from harness.errors import InputError, Place
from harness.report.document import (
    CheckRecord,
    Document,
    FolderRecord,
    MachineRecord,
    RunRecord,
)
from harness.report.json_report import read_document
from harness.report.numbers import count
from harness.report.records import check_records
from harness.report.result_stream import (
    LINE,
    START,
    AskedRecord,
    StreamCheck,
    StreamFooter,
    StreamHeader,
    digest_of,
)

ENDS_EARLY = "the stream of results ends before this check"
"""The note on a check that is not in a truncated stream."""


@dataclass(frozen=True)
class Results:
    """What was run and found. truncated: "" or what is there of how much."""

    path: Path
    run: RunRecord
    specs: FolderRecord
    checks: list[CheckRecord]
    machine: MachineRecord
    truncated: str = ""


def results_of(path: Path, document: Document) -> Results:
    """The results in a document, which stands at `path`."""
    return Results(path, document.run, document.specs, document.results, document.machine)


def read_results(path: Path) -> Results:
    """The results in a file of either kind. InputError when it holds none, or changed ones."""
    try:
        with path.open("rb") as file:
            is_stream = file.read(len(START)) == START
        data = path.read_bytes() if is_stream else b""
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    if is_stream:
        return _streamed(path, data)
    return results_of(path, read_document(path))


def _streamed(path: Path, data: bytes) -> Results:
    *lines, rest = data.split(b"\n")
    if not lines:
        raise _wrong(path, 1, "the stream ends within its header", "run the check again")
    header = _line(path, 1, lines[0])
    if not isinstance(header, StreamHeader):
        raise _wrong(path, 1, "the stream has no header")
    found: dict[int, CheckRecord] = {}
    footer: StreamFooter | None = None
    for number, text in enumerate(lines[1:], start=2):
        line = _line(path, number, text)
        if footer is not None or isinstance(line, StreamHeader):
            raise _wrong(path, number, "a second header, or something after the footer")
        if isinstance(line, StreamCheck):
            if line.place in found or line.place >= len(header.checks):
                raise _wrong(
                    path, number, f"check {line.place} is there twice or was not announced"
                )
            found[line.place] = line.result
        else:
            footer = line
    if footer is not None:
        number = len(lines)
        if rest:
            raise _wrong(path, number + 1, "there is something after the footer")
        if not footer.checks == len(found) == len(header.checks):
            raise _wrong(path, number, f"the footer counts {footer.checks} of {len(found)} checks")
        if footer.digest != digest_of(line + b"\n" for line in lines[:-1]):
            raise _wrong(path, number, "the digest of the footer is another one")
        whole = [found[k] for k in range(len(found))]
        return Results(path, header.run, header.specs, whole, header.machine)
    checks = [found.get(k) or _missing(asked) for k, asked in enumerate(header.checks)]
    said = f"truncated: {len(found)} of {count(len(header.checks), 'check')}"
    return Results(path, header.run, header.specs, checks, header.machine, said)


def _line(path: Path, number: int, text: bytes) -> StreamHeader | StreamCheck | StreamFooter:
    try:
        return LINE.validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"][1:]))
        if where == "stream":
            message = f"a stream of version {first['input']}, which this version does not read"
            raise _wrong(path, number, message, "run the check again") from None
        told = first["msg"][:1].lower() + first["msg"][1:]
        raise _wrong(path, number, f"no line of results: {where and where + ': '}{told}") from None


def _missing(asked: AskedRecord) -> CheckRecord:
    result = CheckResult(
        asked.declaration,
        asked.check,
        asked.entry,
        asked.dtype,
        asked.device,
        Verdict.NOT_RUN,
        notes=(ENDS_EARLY,),
    )
    (record,) = check_records([result], {})
    return record


def _wrong(path: Path, line: int, message: str, hint: str = "") -> InputError:
    remedy = hint or "the file was changed after it was written: run the check again"
    return InputError(message, place=Place(str(path), line), hint=remedy)
