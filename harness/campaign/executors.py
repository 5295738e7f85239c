"""Where shards run: processes of this machine, or a Dask cluster.

Both speak the `Executor` protocol of concurrent.futures; beyond it, they only have to be ended.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing.connection import wait
from typing import Any

from harness.errors import AbsentError


class Workers:
    """An executor that is started when it is first used, and ended when nobody needs it.

    count: how many shards run at a time; start: makes an executor; end: ends one at once, with what
    it still does.
    """

    def __init__(
        self, count: int, start: Callable[[], Executor], end: Callable[[Executor], None]
    ) -> None:
        self.count = count
        self._start, self._end = start, end
        self._running: Executor | None = None

    @property
    def executor(self) -> Executor:
        """The one that runs."""
        if self._running is None:
            self._running = self._start()
        return self._running

    def end(self) -> None:
        """End what runs; the next use starts another."""
        running, self._running = self._running, None
        if running is not None:
            self._end(running)


def processes(count: int) -> Workers:
    """Worker processes of this machine."""

    def start() -> Executor:
        os.environ.setdefault("OMP_NUM_THREADS", "1")  # read by torch when a worker imports it
        # Spawned: a forked child would have the locks, not the threads, of libraries in use here.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(count, context, initializer=_as_child)

    def end(executor: Executor) -> None:
        executor.shutdown(wait=False, cancel_futures=True)
        for child in multiprocessing.active_children():
            child.kill()

    return Workers(count, start, end)


def cluster(address: str) -> Workers:
    """The Dask cluster whose scheduler is at an address.

    AbsentError when `distributed` is not installed, nobody answers there or it has no workers.
    """
    try:
        dask: Any = importlib.import_module("distributed")
    except ImportError:
        message = "--scheduler needs Dask, which is not installed"
        raise AbsentError(message, hint="pip install 'lean-crosscheck[dask]'") from None
    hint = "start one with `dask scheduler`, and workers with `dask worker ADDRESS`"
    try:
        client = dask.Client(address, timeout=10, set_as_default=False)
    except (OSError, ValueError, TypeError, TimeoutError) as error:
        message = f"--scheduler {address}: no Dask scheduler answers ({type(error).__name__})"
        raise AbsentError(message, hint=hint) from error
    threads = sum(client.nthreads().values())
    if not threads:
        client.close()
        raise AbsentError(f"--scheduler {address}: the cluster has no workers", hint=hint)

    def start() -> Executor:
        # Not pure: a shard that is sent again is to be done again.
        executor: Executor = client.get_executor(pure=False)
        return executor

    def end(executor: Executor) -> None:
        executor.shutdown(wait=False)  # which, in Dask, cancels

    return Workers(threads, start, end)


def _as_child() -> None:
    """Ctrl-C is for the parent, which ends this process; without a parent it ends itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
