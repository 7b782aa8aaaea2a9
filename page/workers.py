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
from concurrent.futures.process import BrokenProcessPool
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
        """Hand work over; the function and its arguments travel by pickle.

        Raises:
            RuntimeError: the server is ending.
        """
        try:
            return self._submit(self._there(), work, args)
        except RuntimeError:  # the process died or ended just now; a second time means that the server ends
            return self._submit(self._there(), work, args)

    def close(self) -> None:
        """End whatever runs; for a server that ends, which would else wait for the run under way."""
        self._flags[:] = [1] * SLOTS
        self._forget(self._pool)

    # No lock is held where the pool is called: it calls back under a lock of its own.

    def _there(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(1, self._context, _begin, (self._flags,))
            self._running += 1
            return self._pool

    def _submit(self, pool: ProcessPoolExecutor, work: Callable, args: tuple) -> Future:
        try:
            future = pool.submit(work, *args)
        except RuntimeError:
            self._one_less(pool, dead=True)
            raise
        future.add_done_callback(lambda f: self._one_less(pool, _died(f)))
        return future

    def _one_less(self, pool: ProcessPoolExecutor, dead: bool) -> None:
        if dead:
            self._forget(pool)
        with self._lock:
            self._running -= 1
            if self._running == 0:
                timer = threading.Timer(IDLE, self._end_if_idle)
                timer.daemon = True
                timer.start()

    def _end_if_idle(self) -> None:
        with self._lock:
            if self._running or self._pool is None:
                return
            pool, self._pool = self._pool, None
        pool.shutdown(wait=False)

    def _forget(self, pool: ProcessPoolExecutor | None) -> None:
        with self._lock:
            if pool is None or self._pool is not pool:
                return
            self._pool = None
        pool.shutdown(wait=False, cancel_futures=True)


def _died(future: Future) -> bool:
    return not future.cancelled() and isinstance(future.exception(), BrokenProcessPool)


def cancelled(slot: int) -> bool:
    """In the process: whether nobody wants the run of this flag any more."""
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
