"""Many runs: on threads of this process, or on Dask workers here or anywhere; results come as they are ready.

Runs of shipped rules go on threads: compiled code shares the cores, and no worker has to start. Anyone's own rules go
to processes, which can be killed. A run that raises costs itself only. A worker that dies costs the runs of one pair,
which are then tried one by one until the run that kills workers is found; that one is recorded too. What comes out does
not depend on workers or order: an outcome carries the index of its task.
"""

from __future__ import annotations

import os
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from languages.text import _

from .outcome import Numbered, Outcome, Run, attempt_pair, failed, in_pairs, raised, run_pair

if TYPE_CHECKING:
    from distributed import Client

    from .pool import Deaths

MANY = 500
"""From so many runs on, processes pay for their start where there are more cores than threads are good for."""
DEATHS = 3  # a run that was alone on its worker this often when the worker died is the cause


class SchedulerGoneError(Exception):
    """Nobody answers any more; what has not come out stays undone."""


def usable_cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def default_workers(runs: int) -> int:
    """As many as there are cores, fewer where starting them would take longer than the runs."""
    return max(1, min(usable_cores(), runs // 8))


def run_tasks(
    tasks: Sequence[Any], run: Run, workers: int | None = None, scheduler: str | None = None
) -> Iterator[Outcome]:
    """Run every task and yield an outcome for each, in the order they finish.

    Args:
        tasks: what to run; each is given to `run`.
        run: a function that workers can import.
        workers: runs at a time; None chooses. One that may not end or kill its process gets a process of its own,
            unless it is 1.
        scheduler: the address of a Dask scheduler that is running already; `workers` is then its own matter.

    Raises:
        InputError: no scheduler answers at the address.
        SchedulerGoneError: it answers no more, while outcomes are asked for.
    """
    if scheduler is None and all(getattr(task, "ours", False) for task in tasks):
        from . import threads

        count = workers or min(usable_cores(), max(1, len(tasks)))
        if count <= threads.MOST or len(tasks) < MANY:
            return threads.in_threads(tasks, run, count)
    count = workers or default_workers(len(tasks))
    if scheduler is None and count == 1:
        return chain.from_iterable(attempt_pair(run, pair) for pair in in_pairs(tasks))
    from .pool import connect

    return _distribute(tasks, run, *connect(count, scheduler))


def _distribute(tasks: Sequence[Any], run: Run, client: Client, deaths: Deaths, close: Callable) -> Iterator[Outcome]:
    try:
        yield from _Flight(client, deaths, run, deque(in_pairs(tasks))).landings()
    finally:
        close()


@dataclass
class _Flight:
    """The pairs of runs under way: never more than there are workers, so memory stays flat."""

    client: Client
    deaths: Deaths
    run: Run
    waiting: deque[list[Numbered]]
    alone: Counter[int] = field(default_factory=Counter)
    """How often a worker died of a run that was alone on it."""
    flying: dict[Any, list[Numbered]] = field(default_factory=dict)
    threads: int = 1

    def landings(self) -> Iterator[Outcome]:
        """Outcomes as they come."""
        from distributed import as_completed

        done = as_completed(loop=self.client.loop)
        while self.waiting or self.flying:
            try:
                self._take_off(done)
                future = next(done)
                if future.cancelled():
                    raise SchedulerGoneError
                landed = list(self._land(future, self.flying.pop(future)))
            except OSError as error:  # also while a result is fetched
                raise SchedulerGoneError from error
            yield from landed

    def _take_off(self, done: Any) -> None:
        if len(self.flying) < self.threads:  # workers of a cluster come and go
            self.threads = max(1, sum(self.client.nthreads().values()))
        while self.waiting and len(self.flying) < self.threads:
            pair = self.waiting.popleft()
            future = self.client.submit(run_pair, self.run, pair, pure=False)
            self.flying[future] = pair
            done.add(future)

    def _land(self, future: Any, pair: list[Numbered]) -> Iterator[Outcome]:
        from distributed import KilledWorker

        error = future.exception()
        if isinstance(error, KilledWorker):
            yield from self._after_death(pair, self.deaths.reason(error))
        elif error is not None:  # it could not start: e.g. the worker cannot import this code
            trace = "".join(traceback.format_exception(error))
            yield from (raised(index, error, trace) for index, _task in pair)
        else:
            yield from future.result()

    def _after_death(self, pair: list[Numbered], reason: str) -> Iterator[Outcome]:
        """Try each run of a pair by itself; one that was alone too often when its worker died is the cause."""
        if len(pair) == 1:
            index = pair[0][0]
            self.alone[index] += 1
            if self.alone[index] >= DEATHS:
                yield failed(index, _("{reason}, {n} times out of {n}", reason=reason, n=DEATHS))
                return
        self.waiting.extend([one] for one in pair)
