"""Two texts that should be one, shown so that a person sees where they part."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

_WORD = re.compile(r"\s+|[^\s()\[\]{}⟨⟩,]+|.")


def difference(expected: str, found: str) -> str:
    """Three lines: the spec's text, Lean's text, and both in one with `[-spec-]` and `{+Lean+}`."""
    return f"spec: {expected}\nLean: {found}\ndiff: {word_diff(expected, found)}"


def word_diff(old: str, new: str) -> str:
    """`old` turned into `new`: dropped words as `[-word-]`, added ones as `{+word+}`."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    pieces = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for operation, start, stop, new_start, new_stop in matcher.get_opcodes():
        dropped, added = "".join(before[start:stop]), "".join(after[new_start:new_stop])
        if operation == "equal":
            pieces.append(dropped)
            continue
        pieces += [f"[-{dropped}-]"] if dropped else []
        pieces += [f"{{+{added}+}}"] if added else []
    return "".join(pieces)
