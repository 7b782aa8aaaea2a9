"""One background process for all visitors' ensembles: started when first needed, ended when idle, never in the way.

A process, because a thread that runs a model keeps the interpreter from the visitors' own days.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any

SLOTS = 256
"""Ensembles that can be told apart when one is cancelled."""
IDLE = 60.0
"""Seconds without work after which the process ends and gives its memory back."""
_cancelled: Any = None


class Workers:
    """A pool of one low-priority process; `submit` starts it anew whenever it is not there."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._context = multiprocessing.get_context("spawn")  # forking a server with threads can deadlock
        self._pool: ProcessPoolExecutor | None = None
        self._flags = self._context.Array("b", SLOTS, lock=False)
        self._running, self._slot = 0, 0
        self._timer: threading.Timer | None = None

    def slot(self) -> int:
        """A flag of its own for an ensemble, lowered."""
        with self._lock:
            self._slot = (self._slot + 1) % SLOTS
            self._flags[self._slot] = 0
            return self._slot

    def cancel(self, slot: int) -> None:
        """Raise a flag; the run that has it ends within a day of the model."""
        self._flags[slot] = 1

    def submit(self, work: Callable, *args: Any) -> Future:
        """Hand work over; the function and its arguments travel by pickle."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            if self._pool is None:
                self._pool = ProcessPoolExecutor(1, self._context, _begin, (self._flags,))
            future = self._pool.submit(work, *args)
            self._running += 1
        future.add_done_callback(self._one_less)
        return future

    def drop(self) -> None:
        """Forget a process that died."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """End whatever runs; for a server that ends, which would else wait for the run under way."""
        self._flags[:] = [1] * SLOTS
        self.drop()

    def _one_less(self, _: Future) -> None:
        with self._lock:
            self._running -= 1
            if self._running == 0:
                self._timer = threading.Timer(IDLE, self._end_if_idle)
                self._timer.daemon = True
                self._timer.start()

    def _end_if_idle(self) -> None:
        if self._running == 0:
            self.drop()


def cancelled(slot: int) -> bool:
    """In the process: whether the run of this flag is still wanted."""
    return _cancelled is not None and bool(_cancelled[slot])


def _begin(flags: Any) -> None:
    """Start of the process: low priority, gone at Ctrl-C and when the server is."""
    global _cancelled
    _cancelled = flags
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if hasattr(os, "nice"):
        os.nice(10)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


WORKERS = Workers()
