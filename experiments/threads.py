"""Runs on threads of this process: the compiled engine lets go of Python's lock, so that they share the cores.

For runs of shipped rules alone. A rule of somebody's own may hold the lock, never end or crash, and no thread can be
killed: such runs go to processes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from queue import Empty, Queue
from typing import Any

from .outcome import Numbered, Outcome, Run, attempt_pair, in_pairs
from .runs import raise_in

MOST = 4
"""As many as are of use: a quarter of a run (world, tables, measures) holds Python's lock."""
PATIENCE = 0.5
"""Seconds that threads whose results are not wanted have to end; after that they end with the process."""


class _UnwantedError(BaseException):
    """Raised in a thread whose results nobody waits for any more."""


def in_threads(tasks: Sequence[Any], run: Run, count: int) -> Iterator[Outcome]:
    """Run every task on one of so many threads and yield an outcome for each, in the order they finish."""
    pool = _Pool(tasks, run, count)
    try:
        pool.start()
        for _ in tasks:
            yield pool.next()
    finally:
        pool.end()


class _Pool:
    """Threads that take tasks, neighbours of one pair together, so that what they share is made once."""

    def __init__(self, tasks: Sequence[Any], run: Run, count: int) -> None:
        self._left: Iterator[list[Numbered]] = iter(list(in_pairs(tasks)))
        self._taking = threading.Lock()
        self._at_end: set[int] = set()
        self._done: Queue[Outcome | BaseException] = Queue(2 * count)  # not more, so memory stays flat
        self._run = run
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(count)]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def next(self) -> Outcome:
        """The next outcome.

        Raises:
            BaseException: what ended a run and is no failure, e.g. KeyboardInterrupt.
        """
        found = self._done.get()
        if isinstance(found, BaseException):
            raise found
        return found

    def end(self) -> None:
        """Have every thread end; does nothing after the last outcome."""
        with self._taking:  # a thread at its end waits here, so that none is hit where nothing catches it any more
            self._left = iter(())
            for thread in self._threads:
                if thread.is_alive() and thread.ident not in self._at_end:
                    raise_in(thread.ident, _UnwantedError)
        deadline = time.monotonic() + PATIENCE
        while any(t.is_alive() for t in self._threads) and time.monotonic() < deadline:
            with suppress(Empty):  # one may wait to hand over what it has
                self._done.get(timeout=0.01)

    def _work(self) -> None:
        with suppress(_UnwantedError):
            try:
                while pair := self._take():
                    for outcome in attempt_pair(self._run, pair):
                        self._done.put(outcome)
            except _UnwantedError:
                pass
            except BaseException as error:
                self._done.put(error)
            with self._taking:
                self._at_end.add(threading.get_ident())

    def _take(self) -> list[Numbered] | None:
        with self._taking:
            return next(self._left, None)
