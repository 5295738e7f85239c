"""A stream that was cut is read as far as it goes and says so; one that was changed is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import InputError
from harness.report.json_report import json_text
from harness.report.records import check_records
from harness.report.results_file import ENDS_EARLY, read_results
from tests.report.samples import document
from tests.report.streams import RESULTS, stream

RECORDS = check_records(RESULTS, {})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "results.jsonl"


def test_a_whole_stream_has_the_results_in_order(file: Path) -> None:
    file.write_bytes(stream())
    found = read_results(file)
    assert (found.checks, found.truncated) == (RECORDS, "")
    assert found.run == document(RESULTS).run


def test_a_document_is_read_as_well(file: Path) -> None:
    file.write_text(json_text(document(RESULTS)), encoding="utf-8")
    found = read_results(file)
    assert (found.checks, found.truncated) == (document(RESULTS).results, "")


def test_cut_at_any_byte_it_is_truncated_or_nothing(file: Path) -> None:
    data = stream()
    header = data.index(b"\n") + 1
    ends = [k for k, byte in enumerate(data, start=1) if byte == ord("\n")]
    for cut in [*range(0, header, 20), *range(header, len(data), 7), *ends[:-1], len(data) - 1]:
        file.write_bytes(data[:cut])
        if cut < header:
            with pytest.raises(InputError):
                read_results(file)
            continue
        found = read_results(file)
        there = sum(end <= cut for end in ends) - 1
        assert found.truncated == f"truncated: {there} of 3 checks"
        assert len(found.checks) == 3
        lost = [one for one in found.checks if one.verdict == "not run"]
        assert len(lost) == 3 - there and all(one.notes == [ENDS_EARLY] for one in lost)
        assert all(one in RECORDS for one in found.checks if one not in lost)


def test_spoilt_at_any_byte_it_is_refused(file: Path) -> None:
    data = stream()
    digest = data.index(b'"footer"') + 8
    for place in range(0, len(data), 11):
        spoilt = bytearray(data)
        spoilt[place] ^= 0x01
        file.write_bytes(bytes(spoilt))
        # What the footer says beside its counts and its digest is a repetition for people.
        if place > digest and b'"sentence"' in data[digest:place]:
            continue
        with pytest.raises(InputError):
            read_results(file)


def test_what_is_no_stream_is_told_at_its_line(file: Path) -> None:
    header, first, second, third, footer = stream().splitlines(keepends=True)
    for lines, line, told in (
        ([header, first, first], 3, "check 1 is there twice or was not announced"),
        ([header, first, header], 3, "a second header, or something after the footer"),
        ([header, first, second, third, footer, first], 6, "something after the footer"),
        ([header, first, second, third, footer, b"x"], 6, "there is something after the footer"),
        ([header, first, second, footer], 4, "the footer counts 3 of 2 checks"),
        ([header, second, first, third, footer], 5, "the digest of the footer is another one"),
        ([header, b'{"kind":"check"}\n'], 2, "no line of results: place: field required"),
        ([header, b"{}\n"], 2, "no line of results: unable to extract tag"),
        ([header.replace(b'"stream":1', b'"stream":2')], 1, "a stream of version 2"),
        ([header[:50]], 1, "the stream ends within its header"),
    ):
        file.write_bytes(b"".join(lines))
        with pytest.raises(InputError) as caught:
            read_results(file)
        assert caught.value.place is not None and caught.value.place.line == line
        assert told in caught.value.message


def test_a_file_that_is_not_there(file: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_results(file)
