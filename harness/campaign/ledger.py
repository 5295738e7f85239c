"""The state folder: which shards are done and what they found, whatever ends the process.

`campaign.json` says which campaign it is, `shards.jsonl` has one line for each finished shard. A
line carries its own checksum and is on the disk before the shard counts as done; a line cut short
by `kill -9` or a full disk is recognised, dropped and its shard done again. One process at a time
holds the folder, by a lock that the system takes back when the process ends.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from harness.campaign.summary import ENDING, Summary, from_json, merged, to_json
from harness.errors import InputError, Place
from harness.state import write_whole

SCHEMA = 1
HEAD = "campaign.json"
LINES = "shards.jsonl"
LOCK = "campaign.lock"


@dataclass(frozen=True)
class Head:
    """identity: see identity.py; length: units of a shard, chosen when the campaign began."""

    identity: Mapping[str, str]
    length: int


class Ledger:
    """A state folder, held until `close`. InputError when it is another campaign's, or held."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = FileLock(str(folder / LOCK))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(blocking=False)
        except Timeout:
            message = f"another process works on the campaign in {folder}"
            hint = "wait for it, or give another folder with --state"
            raise InputError(message, hint=hint) from None
        except OSError as error:
            raise _unusable(folder, error) from error
        self._lines = folder / LINES

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lock.release()

    def begun(self) -> Head | None:
        """What the folder holds; None when it is new. InputError for what cannot be read."""
        path = self.folder / HEAD
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            if self._lines.exists():
                raise InputError(f"{self.folder} has {LINES} without {HEAD}", hint=_OTHER) from None
            return None
        except OSError as error:
            raise _unusable(self.folder, error) from error
        except (UnicodeDecodeError, json.JSONDecodeError) as error:
            raise InputError("not JSON", place=Place(str(path)), hint=_OTHER) from error
        if not isinstance(data, dict) or data.get("schema") != SCHEMA:
            raise InputError(f"not a campaign of schema {SCHEMA}", place=Place(str(path)))
        return Head(dict(data["identity"]), int(data["length"]))

    def begin(self, head: Head) -> None:
        """Makes the folder that of a new campaign."""
        data = {"schema": SCHEMA, "identity": dict(head.identity), "length": head.length}
        try:
            self._lines.unlink(missing_ok=True)
            write_whole(self.folder / HEAD, json.dumps(data, indent=1, ensure_ascii=False) + "\n")
        except OSError as error:
            raise _unusable(self.folder, error) from error

    def record(self, shard: int, summaries: Mapping[int, Summary]) -> None:
        """Adds a finished shard; it is on the disk when this returns."""
        body = f"{shard} {to_json(summaries)}"
        line = f"{_checksum(body)} {body}\n".encode()
        try:
            with self._lines.open("ab") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise _unusable(self.folder, error) from error

    def done(self) -> set[int]:
        """The shards that are done. A line cut short at the end is taken away."""
        self._mend()
        return {shard for shard, _ in self._read()}

    def summaries(self, last: int | None = None) -> dict[int, Summary]:
        """Job -> the sum over the shards that are done, up to and with `last`, each once."""
        parts: dict[int, list[Summary]] = {}
        seen: set[int] = set()
        for shard, line in self._read():
            if shard in seen or (last is not None and shard > last):
                continue
            seen.add(shard)
            for job, summary in from_json(line).items():
                held = parts.setdefault(job, [])
                held.append(summary)
                if len(held) > 256:  # memory does not grow with the campaign
                    held[:] = [merged(held)]
        return {job: merged(held) for job, held in sorted(parts.items())}

    def ending(self, *, any_violation: bool) -> int | None:
        """The first shard that ends the campaign: one whose code took its process with it, or any
        with a violation."""
        endings = (
            shard
            for shard, line in self._read()
            for summary in from_json(line).values()
            if summary.first and (any_violation or summary.first.kind in ENDING)
        )
        return min(endings, default=None)

    def _read(self) -> Iterator[tuple[int, str]]:
        if not self._lines.exists():
            return
        with self._lines.open("rb") as file:
            for number, raw in enumerate(file, start=1):
                found = _parsed(raw)
                if found is None:
                    place = Place(str(self._lines), number)
                    raise InputError("the line was changed or cut", place=place, hint=_OTHER)
                yield found

    def _mend(self) -> None:
        """Cuts off what follows the last whole line, if the file ends in a part of one."""
        if not self._lines.exists():
            return
        good = 0
        with self._lines.open("r+b") as file:
            for raw in file:
                if raw.endswith(b"\n"):
                    good += len(raw)
            file.truncate(good)


_OTHER = "remove the folder, or give another one with --state"


def _checksum(body: str) -> str:
    return hashlib.blake2b(body.encode(), digest_size=8).hexdigest()


def _parsed(raw: bytes) -> tuple[int, str] | None:
    try:
        checksum, shard, body = raw.decode("utf-8").rstrip("\n").split(" ", 2)
        number = int(shard)
    except ValueError:  # UnicodeDecodeError is one
        return None
    return (number, body) if checksum == _checksum(f"{shard} {body}") else None


def _unusable(folder: Path, error: OSError) -> InputError:
    message = f"the state of the campaign cannot be kept in {folder}: {error.strerror or error}"
    return InputError(message, hint="give a folder that can be written with --state")
