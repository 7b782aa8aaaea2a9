"""Background workers for all visitors: started when first needed, never in the way.

Threads for the model's own rules, which are compiled and let others run meanwhile. A process for anyone else's, which
may be any Python: a thread would keep the interpreter from the visitors' own days. Neither is a pool of
`concurrent.futures`, which at its end waits for whatever is under way: a server that ends must end.
"""

from __future__ import annotations

import atexit
import heapq
import multiprocessing
import os
import queue
import signal
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from multiprocessing.connection import Connection
from typing import Any

from languages.text import _
from model.errors import SaidError

SLOTS = 256
"""Ensembles that can be told apart when one is cancelled."""
HANDS = 2
"""Threads of the server that run models."""
IDLE = 60.0
"""Seconds without work after which the process ends and gives its memory back."""
_flags: Any = None


class DiedError(SaidError):
    """The process died; the next work starts another."""

    def __init__(self) -> None:
        super().__init__(_("the background process died, perhaps for lack of memory"))


class Job:
    """Work in steps of some milliseconds: an iterator. Lower ranks go first."""

    def __init__(self, work: Iterator[Any], rank: tuple[int, ...], number: int) -> None:
        self.rank, self._work, self._number, self.stopped = rank, work, number, False

    def __lt__(self, other: Job) -> bool:
        return (self.rank, self._number) < (other.rank, other._number)

    def step(self) -> bool:
        """Do a step; whether there is another. Work tells of its own failures; others end it."""
        try:
            if self.stopped:
                self._work.close()
                return False
            next(self._work)
        except StopIteration:
            return False
        except Exception:
            traceback.print_exc()
            return False
        return True


class Crew:
    """Threads that do the steps of whatever job has the lowest rank; a new one of a lower rank is begun at once."""

    def __init__(self, hands: int = HANDS) -> None:
        self._hands, self._jobs, self._count = hands, [], 0
        self._there, self._threads = threading.Condition(), 0

    def begin(self, work: Iterator[Any], *rank: int) -> Job:
        """Take work on."""
        with self._there:
            self._count += 1
            job = Job(work, rank, self._count)
            heapq.heappush(self._jobs, job)
            if self._threads < self._hands:
                self._threads += 1
                threading.Thread(target=self._serve, daemon=True, name="ensembles").start()
            self._there.notify()
        return job

    def drop(self, jobs: Iterable[Job]) -> None:
        """No further step of these; what they hold is given back now, or by the thread that is at a step."""
        gone = set(jobs)
        with self._there:
            for job in gone:
                job.stopped = True
            gone &= set(self._jobs)
            self._jobs = [job for job in self._jobs if job not in gone]
            heapq.heapify(self._jobs)
        for job in gone:
            job.step()

    def _serve(self) -> None:
        while True:
            with self._there:
                while not self._jobs:
                    self._there.wait()
                job = heapq.heappop(self._jobs)
            while job.step():
                with self._there:
                    job = heapq.heappushpop(self._jobs, job)


class Workers:
    """A low-priority process that does one piece of work after another, in the order they come."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("spawn")  # forking a server with threads can deadlock
        self.flags = self._context.Array("b", SLOTS, lock=False)
        self._lock, self._slot = threading.Lock(), 0
        self._work: queue.Queue[tuple[Future, Callable, tuple]] = queue.Queue()
        self._over = threading.Event()
        atexit.register(self._over.set)  # before Python ends the process, which must not be started anew then
        self._thread: threading.Thread | None = None
        self._process: Any = None
        self._pipe: Connection | None = None

    @property
    def pid(self) -> int | None:
        """Number of the process, None while there is none."""
        process = self._process
        return process.pid if process is not None else None

    def slot(self) -> int:
        """A flag of its own for an ensemble, lowered."""
        with self._lock:
            self._slot = (self._slot + 1) % SLOTS
            self.flags[self._slot] = 0
            return self._slot

    def cancel(self, slot: int) -> None:
        """Raise a flag; the run that has it ends within a day of the model."""
        self.flags[slot] = 1

    def submit(self, work: Callable, *args: Any) -> Future:
        """Hand work over; the function, its arguments, its result or its exception travel by pickle."""
        future: Future = Future()
        self._work.put((future, work, args))
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, daemon=True)
                self._thread.start()
        return future

    def _serve(self) -> None:
        while True:
            try:
                future, work, args = self._work.get(timeout=IDLE if self._process is not None else None)
            except queue.Empty:
                self._end()
                continue
            if self._over.is_set():
                return
            try:
                fine, out = self._ask(work, args)
            except (EOFError, OSError):
                if self._over.is_set():
                    return
                self._end()
                fine, out = False, DiedError()
            (future.set_result if fine else future.set_exception)(out)

    def _ask(self, work: Callable, args: tuple) -> tuple[bool, Any]:
        if self._process is None:
            self._pipe, there = self._context.Pipe()
            # a daemon: Python ends it at its own end
            self._process = self._context.Process(target=_do, args=(there, self.flags), daemon=True)
            self._process.start()
            there.close()
        self._pipe.send((work, args))
        return self._pipe.recv()

    def _end(self) -> None:
        self._process.terminate()
        self._process.join()
        self._pipe.close()
        self._process = None


def cancelled(slot: int) -> bool:
    """Whether nobody wants the run of this flag any more."""
    return bool((WORKERS.flags if _flags is None else _flags)[slot])


def _tried(work: Callable, args: tuple) -> tuple[bool, Any]:
    """Whether it went well, and what came out, or the exception."""
    try:
        return True, work(*args)
    except Exception as error:
        return False, error.with_traceback(None)


def _do(pipe: Connection, flags: Any) -> None:
    """The process: low priority, gone at Ctrl-C and when the server is."""
    global _flags
    _flags = flags
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if hasattr(os, "nice"):
        os.nice(10)
    threading.Thread(target=_end_with_server, daemon=True).start()
    while True:
        pipe.send(_tried(*pipe.recv()))


def _end_with_server() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)


WORKERS, CREW = Workers(), Crew()
