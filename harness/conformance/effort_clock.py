"""The time that shrinking takes: of the processor, for a busy machine is not the code's fault."""

from __future__ import annotations

import time

_WAITING = 0.1
"""What a second of waiting counts, beside one of work: code that sleeps must end, too."""


def worked() -> float:
    """Seconds of this process's work, and a tenth of all that pass; differences mean something.

    A second of work on an idle machine counts 1.1.
    """
    return time.process_time() + _WAITING * time.perf_counter()
