"""The command that replays a case of a report, complete, to be pasted into a shell."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

_PLAIN = re.compile(r"[\w@%+=:,./-][\w@%+=:,./#-]*", re.ASCII)


@dataclass(frozen=True)
class Replaying:
    """How the cases of a run are replayed.

    options: the words that say whose code is judged; corpus: those that say where kept cases are;
    kept: shrunk cases are kept there, so that their names suffice.
    """

    options: tuple[str, ...] = ()
    corpus: tuple[str, ...] = ()
    kept: bool = False

    def command(self, case: str) -> str:
        """The line for a case, by its id or its name."""
        where = () if "@" in case else self.corpus
        words = ["crosscheck", "replay", case, *where, *self.options]
        return " ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    """A word for the shell; `#` begins a comment only where a word does."""
    return word if _PLAIN.fullmatch(word) else shlex.quote(word)
