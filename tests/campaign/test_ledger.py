"""The state folder survives whatever ends the process."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.campaign.ledger import HEAD, LINES, Head, Ledger
from harness.campaign.summary import Finding, Summary, lost
from harness.errors import InputError

HEADING = Head({"seed": "1"}, 3)


def part(cases: int) -> dict[int, Summary]:
    return {0: Summary(cases=cases), 2: Summary(inputs=cases)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Ledger(tmp_path / "state") as ledger:
        ledger.begin(HEADING)
        for shard in (0, 2, 1):
            ledger.record(shard, part(10 + shard))
    return tmp_path / "state"


def test_what_was_recorded_is_there_again(folder: Path) -> None:
    with Ledger(folder) as ledger:
        assert ledger.begun() == HEADING
        assert ledger.done() == {0, 1, 2}
        found = ledger.summaries()
        assert (found[0].cases, found[2].inputs) == (33, 33)
        assert ledger.summaries(last=1)[0].cases == 21


def test_a_new_folder_holds_nothing(tmp_path: Path) -> None:
    with Ledger(tmp_path / "new") as ledger:
        assert (ledger.begun(), ledger.done(), ledger.summaries()) == (None, set(), {})


def test_a_line_cut_anywhere_is_done_again(folder: Path) -> None:
    whole = (folder / LINES).read_bytes()
    start = whole[:-1].rindex(b"\n") + 1  # of the last line, that of shard 1
    for end in range(start, len(whole)):
        (folder / LINES).write_bytes(whole[:end])
        with Ledger(folder) as ledger:
            assert ledger.done() == {0, 2}
            ledger.record(1, part(11))
        assert (folder / LINES).read_bytes() == whole


def test_a_shard_recorded_twice_counts_once(folder: Path) -> None:
    with Ledger(folder) as ledger:
        ledger.record(1, part(11))
        assert ledger.summaries()[0].cases == 33


def test_a_changed_line_is_named(folder: Path) -> None:
    lines = (folder / LINES).read_bytes().splitlines(keepends=True)
    lines[1] = lines[1].replace(b'"cases":12', b'"cases":13')
    (folder / LINES).write_bytes(b"".join(lines))
    with Ledger(folder) as ledger, pytest.raises(InputError) as caught:
        ledger.done()
    assert f"{LINES}:2" in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 9}', "\x00"])
def test_a_head_that_is_none(folder: Path, text: str) -> None:
    (folder / HEAD).write_text(text, encoding="utf-8")
    with Ledger(folder) as ledger, pytest.raises(InputError):
        ledger.begun()


def test_shards_without_a_head(folder: Path) -> None:
    (folder / HEAD).unlink()
    with Ledger(folder) as ledger, pytest.raises(InputError):
        ledger.begun()


def test_one_process_at_a_time(folder: Path) -> None:
    with Ledger(folder), pytest.raises(InputError, match="another process"):
        Ledger(folder)
    with Ledger(folder) as again:
        assert again.done() == {0, 1, 2}


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="--state"):
        Ledger(tmp_path / "file" / "state")


def test_what_ends_a_campaign(folder: Path) -> None:
    with Ledger(folder) as ledger:
        assert ledger.ending(any_violation=True) is None
        ledger.record(5, {0: Summary(first=Finding((9, 0), "value", "off", "cell", 8))})
        assert ledger.ending(any_violation=True) == 5
        assert ledger.ending(any_violation=False) is None
        ledger.record(7, {0: lost(11, "cell", 8, "crash", "died")})
        assert ledger.ending(any_violation=False) == 7


def test_starting_anew_forgets(folder: Path) -> None:
    with Ledger(folder) as ledger:
        ledger.begin(Head({"seed": "2"}, 5))
        assert ledger.done() == set()
        assert ledger.begun() == Head({"seed": "2"}, 5)
