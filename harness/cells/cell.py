"""The cell: one replayable call's worth of inputs, named by a line of text.

A cell holds no numbers, only what they follow from; `inputs` makes them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from harness.cells.regimes import REGIMES
from harness.cells.tangents import AXIS, TANGENTS
from harness.cells.views import VIEWS
from harness.errors import InputError, did_you_mean
from harness.evaluate.formats import FORMATS

_SHAPE_OF_ID = "float32/n=8/normal/one_hot/s0/5/contiguous/seed=1"


@dataclass(frozen=True)
class Cell:
    """What the inputs of one call follow from.

    seed: >= 0; dtype: a name in FORMATS; n: the first ℕ variable of the statement; regime: of the
    first vector; tangent: of the next argument (those after it take the next ones in the list), or
    `axis`, which is of the last argument (those before it take the list from its start);
    shard: 0 or 1, two batches of different numbers per shape, because code that caches by shape
    exists; above, those that `inputs.RELATED` makes from shard 0; batch: the leading axes at the
    call, whose product is the number of rows; view: the memory layout at the call, a name in VIEWS.
    """

    seed: int
    dtype: str
    n: int
    regime: str
    tangent: str
    shard: int = 0
    batch: tuple[int, ...] = ()
    view: str = "contiguous"

    @property
    def rows(self) -> int:
        """How many vectors the call gets: 1 without a batch."""
        return math.prod(self.batch)

    def id(self) -> str:
        """The text that `parse_cell` reads back, such as
        `float32/n=8/normal/one_hot/s0/2x3/contiguous/seed=1`; no batch is `-`."""
        batch = "x".join(map(str, self.batch)) or "-"
        return (
            f"{self.dtype}/n={self.n}/{self.regime}/{self.tangent}/s{self.shard}"
            f"/{batch}/{self.view}/seed={self.seed}"
        )

    def data(self) -> Cell:
        """The cell that stands for all with the same numbers: contiguous, the batch one axis."""
        return replace(self, batch=(self.rows,), view="contiguous")


def parse_cell(text: str) -> Cell:
    """The cell whose `id` is the text. InputError, with what was expected, for any other text."""
    parts = text.strip().split("/")
    if len(parts) != 8:
        raise _malformed(text, f"it has {len(parts)} parts, not 8")
    dtype, n, regime, tangent, shard, batch, view, seed = parts
    return Cell(
        dtype=_one_of(text, dtype, FORMATS, "dtype"),
        n=_number(text, n, "n="),
        regime=_one_of(text, regime, REGIMES, "regime"),
        tangent=_one_of(text, tangent, (*TANGENTS, AXIS.name), "regime of tangents"),
        shard=_number(text, shard, "s"),
        batch=() if batch == "-" else tuple(_number(text, axis, "") for axis in batch.split("x")),
        view=_one_of(text, view, VIEWS, "view"),
        seed=_number(text, seed, "seed="),
    )


def datasets(cells: Iterable[Cell]) -> Mapping[Cell, tuple[Cell, ...]]:
    """The cells grouped by their numbers: `Cell.data` -> the cells, both in order of appearance.

    References and bounds depend on the numbers only, so one computation serves a whole group.
    """
    groups: dict[Cell, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(cell.data(), []).append(cell)
    return {data: tuple(members) for data, members in groups.items()}


def _number(text: str, part: str, prefix: str) -> int:
    digits = part.removeprefix(prefix)
    # One spelling per number, so that equal cells have equal ids: no signs, spaces, zeros, 1_000.
    canonical = digits.isascii() and digits.isdigit() and str(int(digits[:18])) == digits
    if not part.startswith(prefix) or not canonical:
        raise _malformed(text, f"'{part}' is not '{prefix}' and a whole number below 10^18")
    return int(digits)


def _one_of(text: str, word: str, known: Iterable[str], what: str) -> str:
    words = list(known)
    if word not in words:
        guess = did_you_mean(word, words) or f"known: {', '.join(words)}"
        raise InputError(f"'{text}' is not a cell: no {what} '{word}'", hint=guess)
    return word


def _malformed(text: str, why: str) -> InputError:
    return InputError(f"'{text}' is not a cell: {why}", hint=f"a cell looks like {_SHAPE_OF_ID}")
