"""The one family of errors that reaches a user: what was found, where, and what to do.

Every error that a person can cause is an `InputError`; the command line prints it in one line (plus
a caret when the place is known) and exits with `InputError.exit_code`. Anything else is our bug.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where a text stands: `file` as the user named it, `line` and `column` from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class InputError(Exception):
    """Something the user gave cannot be used. Exit code 2.

    message: one sentence that names what was found; hint: what to do (may be empty);
    place: file, line, column; source: the line of text that the caret points into.
    """

    exit_code = 2

    def __init__(
        self,
        message: str,
        *,
        place: Place | None = None,
        source: str | None = None,
        hint: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.source = source
        self.hint = hint

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return (_rebuild, (type(self), self.message, self.place, self.source, self.hint))

    def __str__(self) -> str:
        head = f"{self.place}: {self.message}" if self.place else self.message
        return f"{head} ({self.hint})" if self.hint else head

    def with_caret(self) -> str:
        """The message, and below it the offending line with a caret under the column; nothing that
        a terminal obeys, and a character for each column of the line."""
        message = "".join(map(visible, str(self)))
        if self.source is None or self.place is None or not self.source.strip():
            return message
        line = "".join("→" if c == "\t" else c if c.isprintable() else "�" for c in self.source)
        caret = " " * (self.place.column - 1) + "^"
        return f"{message}\n    {line}\n    {caret}"


class AbsentError(InputError):
    """Something that was required is not on this machine. Exit code 3."""

    exit_code = 3


def _rebuild(
    kind: type[InputError],
    message: str,
    place: Place | None,
    source: str | None,
    hint: str,
) -> InputError:
    return kind(message, place=place, source=source, hint=hint)


def visible(character: str) -> str:
    """The character, or `\\x1b` for one that cannot be seen."""
    if character.isprintable():
        return character
    return character.encode("unicode_escape").decode("ascii")


def did_you_mean(word: str, known: list[str]) -> str:
    """`did you mean 'x'?` for the nearest known word, or the empty string."""
    import difflib

    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else ""
