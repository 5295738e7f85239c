"""What a run is asked to judge."""

from __future__ import annotations

from dataclasses import dataclass

from harness.conformance.replay import Replayable
from harness.corpus import Kept


@dataclass(frozen=True)
class Request:
    """What to judge. Empty tuples mean everything that there is.

    names: declarations; supplied: constants of `--impl`, which limit what is run; autograd: modes
    of torch whose derivatives of an entry's functions are judged, too; corpus: cases to try first;
    shrink: make the input of each violation smaller; replay: judge this case and nothing else.
    """

    names: tuple[str, ...] = ()
    backends: tuple[str, ...] = ()
    dtypes: tuple[str, ...] = ()
    devices: tuple[str, ...] = ("cpu",)
    effort: str = "default"
    seed: int = 1
    fail_fast: bool = False
    supplied: frozenset[str] = frozenset()
    autograd: tuple[str, ...] = ()
    corpus: tuple[Kept, ...] = ()
    shrink: bool = True
    replay: Replayable | None = None
