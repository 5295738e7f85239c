"""What `lake build` prints when its output is a pipe: steps of the build, and messages of Lean.

The shapes are those of the public logs in tests/lean_evidence/recordings. A message goes on until
the next step, message or closing line; where Lean's own text begins a line with `error: `, that
line is taken for a message of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, cast

from harness.errors import Place

Severity = Literal["trace", "info", "warning", "error"]
Mark = Literal["built", "noted", "warned", "failed"]

_MARKS: dict[str, Mark] = {"✔": "built", "ℹ": "noted", "⚠": "warned", "✖": "failed"}
_STEP = re.compile(r"([✔ℹ⚠✖]) \[(\d+)/(\d+)\] (\w+) (\S+)(?: \(([^)]*)\))?\s*$")
_MESSAGE = re.compile(r"(trace|info|warning|error): ?(.*)$", re.DOTALL)
_PLACED = re.compile(r"(.+?\.lean)(?::(\d+):(\d+))?: (.*)$", re.DOTALL)
_CLOSING = re.compile(
    r"Build completed|Some (?:required )?(?:builds|targets) logged failures:|- \S+$"
)
_EXIT = re.compile(r"Lean exited with code (-?\d+)")


@dataclass(frozen=True)
class Step:
    """`✔ [2/5] Built Proofs.Autograd.Vec (1.2s)`: one target of the build, done or failed."""

    mark: Mark
    done: int
    total: int
    action: str
    target: str
    duration: str = ""


@dataclass(frozen=True)
class LakeMessage:
    """One message; target: what was being built when it was printed, empty outside of a step.

    place: None when the message names no Lean file; its line and column count from 1 (Lean's
    columns from 0), and both are 1 when only the file is named. text: all its lines.
    """

    severity: Severity
    text: str
    place: Place | None = None
    target: str = ""

    @property
    def summary(self) -> str:
        """The first line."""
        return self.text.partition("\n")[0]

    @property
    def is_about_proofs(self) -> bool:
        """Whether it is more than Lake's own remark that a program has failed."""
        return self.place is not None or not (
            self.summary == "build failed" or _EXIT.match(self.summary)
        )


def step_of(line: str) -> Step | None:
    """The step that a line of Lake's output tells of, if it does."""
    found = _STEP.match(line)
    if found is None:
        return None
    mark, done, total, action, target, duration = found.groups()
    return Step(_MARKS[mark], int(done), int(total), action, target, duration or "")


def messages(lines: Iterable[str]) -> tuple[LakeMessage, ...]:
    """The messages in the lines of a build's output, in order. Never raises."""
    return tuple(_messages(lines))


def _messages(lines: Iterable[str]) -> Iterator[LakeMessage]:
    target = ""
    head: tuple[str, str] | None = None
    text: list[str] = []
    for line in lines:
        step, found = step_of(line), _MESSAGE.match(line)
        if step is None and found is None and not _CLOSING.match(line):
            text.append(line)
            continue
        if head:
            yield _message(*head, text)
        head, text = None, []
        if step:
            target = step.target
        elif found:
            head, text = (found[1], target), [found[2]]
        else:
            target = ""
    if head:
        yield _message(*head, text)


def _message(severity: str, target: str, lines: list[str]) -> LakeMessage:
    text = "\n".join(lines).rstrip()
    placed = _PLACED.match(text)
    kind = cast(Severity, severity)
    if placed is None or "\n" in placed[1]:
        return LakeMessage(kind, text, None, target)
    file, line, column, rest = placed.groups()
    place = Place(_relative(file), int(line or 1), int(column or 0) + 1)
    return LakeMessage(kind, rest, place, target)


def _relative(file: str) -> str:
    """`./././A/B.lean` and `.\\.\\A\\B.lean` are `A/B.lean`."""
    parts = file.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part != ".")
