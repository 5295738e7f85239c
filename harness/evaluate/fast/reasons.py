"""Why a kernel is not there."""

from __future__ import annotations

from harness.evaluate.arithmetic import Rounding


class NotCompiled(Exception):
    """Why there is no kernel; the walk judges instead."""


def refuse_flushing(rounding: Rounding) -> None:
    """NotCompiled for code that flushes to zero: a random definition was judged where the walk has
    no bound, and until it is known why, neither definitions nor statements have such kernels."""
    if rounding.flush_to_zero:
        raise NotCompiled("code that flushes to zero has no kernel")
