"""Digests of the generators' bits; `python -m tests.cells.golden` writes them anew.

Only after `draws.GENERATION` has a new name: ids of cases mean other inputs from then on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from harness.cells import draws
from harness.cells.cell import Cell
from harness.cells.inputs import indices, inputs
from harness.cells.regimes import REGIMES
from harness.cells.tangents import TANGENTS
from harness.evaluate.formats import FORMATS
from harness.statement.term import Var
from harness.statement.types import NAT, REAL, FinType, FunType, Length, LinearType, VecType

FILE = Path(__file__).with_name("golden.json")
SIZES = (1, 2, 7, 8, 65, 257)

_N, _M = Length(("n",)), Length(("m",))
VARIABLES = (
    Var("n", NAT),
    Var("m", NAT),
    Var("x", VecType(_N)),
    Var("dx", VecType(_N)),
    Var("c", REAL),
    Var("L", LinearType(VecType(_M), REAL)),
    Var("rows", FunType(FinType(_N), LinearType(VecType(_M), REAL))),
)
"""One of each type that is sampled."""


def digests() -> dict[str, str]:
    """`dtype regime` -> digest over sizes, shards, seeds and variables; every tangent is met."""
    found = {"generation": draws.GENERATION, "indices": _indices()}
    tangents = list(TANGENTS)
    for dtype in FORMATS:
        for place, regime in enumerate(REGIMES):
            digest = hashlib.blake2b(digest_size=8)
            for k, n in enumerate(SIZES):
                for shard in range(4):
                    tangent = tangents[(place + k + shard) % len(tangents)]
                    cell = Cell(1 + k % 2, dtype, n, regime, tangent, shard, (2, 3))
                    # The rows of maps are many numbers: up to n = 8 they are enough.
                    sampled = VARIABLES if n <= 8 else VARIABLES[:-1]
                    for name, numbers in inputs(cell, sampled).items():
                        digest.update(f"{name}{numbers.shape}".encode())
                        digest.update(numbers.astype("<f8").tobytes())
            found[f"{dtype} {regime}"] = digest.hexdigest()
    return found


def known() -> Mapping[str, str]:
    """The digests that are committed."""
    found = json.loads(FILE.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def _indices() -> str:
    places = [indices(n, key) for n in (0, 1, 4, 5, 17, 1000) for key in ("definition", "theorem")]
    return hashlib.blake2b(repr(places).encode(), digest_size=8).hexdigest()


if __name__ == "__main__":
    text = json.dumps(digests(), indent=1) + "\n"
    FILE.write_text(text, encoding="utf-8", newline="\n")
