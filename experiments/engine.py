"""Many runs: on threads of this process, or on Dask workers here or anywhere; results come as they are ready.

Runs of shipped rules go on threads: compiled code shares the cores, and no worker has to start. Anyone's own rules go
to processes, which can be killed. A run that raises costs itself only. A worker that dies costs its bundle, which is
then tried again run by run until the run that kills workers is found; that one is recorded too. What comes out does
not depend on workers or order: an outcome carries the index of its task.
"""

from __future__ import annotations

import os
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from languages.text import _

from .outcome import Numbered, Outcome, Run, attempt_pair, failed, in_pairs, raised, run_bundle

if TYPE_CHECKING:
    from distributed import Client

    from .pool import Deaths

MANY = 500
"""From so many runs on, processes pay for their start where there are more cores than threads are good for."""
BUNDLE_SECONDS = 1.0  # long enough that sending a bundle costs nothing beside it
BUNDLE_MOST = 32
GONE = _("the Dask scheduler went away before this run was done")
DEATHS = 3  # a run that was alone on its worker this often when the worker died is the cause


class SchedulerGoneError(Exception):
    """Nobody answers any more; what is not done stays undone."""


@dataclass
class Bundle:
    """Pairs of tasks that travel together."""

    pairs: list[list[Numbered]]
    deaths: int = 0

    def again(self) -> list[Bundle]:
        """What to try next after its worker died: each task by itself."""
        tasks = list(chain(*self.pairs))
        return [Bundle([[task]], self.deaths + 1 if len(tasks) == 1 else 0) for task in tasks]


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
        yield from _Flight(client, deaths, run, deque(in_pairs(tasks))).outcomes()
    finally:
        close()


@dataclass
class _Flight:
    """The bundles under way: never more than the workers can take, so memory stays flat."""

    client: Client
    deaths: Deaths
    run: Run
    waiting: deque[list[Numbered]]
    retry: deque[Bundle] = field(default_factory=deque)
    flying: dict[Any, Bundle] = field(default_factory=dict)
    size: int = 1
    threads: int = 1

    def outcomes(self) -> Iterator[Outcome]:
        left = {index for index, _task in chain(*self.waiting)}
        with suppress(SchedulerGoneError):
            for outcome in self._landings():
                left.discard(outcome.index)
                yield outcome
        for index in sorted(left):
            yield failed(index, GONE, lost=True)

    def _landings(self) -> Iterator[Outcome]:
        from distributed import as_completed

        done = as_completed(loop=self.client.loop)
        while self.waiting or self.retry or self.flying:
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
        self._count_threads()
        while (self.waiting or self.retry) and len(self.flying) < self.threads:
            bundle = self._next()
            future = self.client.submit(run_bundle, self.run, bundle.pairs, pure=False)
            self.flying[future] = bundle
            done.add(future)

    def _count_threads(self) -> None:
        # workers of a cluster come and go
        if len(self.flying) < self.threads:
            self.threads = max(1, sum(self.client.nthreads().values()))

    def _next(self) -> Bundle:
        if self.retry:
            return self.retry.popleft()
        fair = max(1, len(self.waiting) // (4 * self.threads))  # the last bundles should end together
        pairs = [self.waiting.popleft()]
        while self.waiting and len(pairs) < fair and sum(map(len, pairs)) < self.size:
            pairs.append(self.waiting.popleft())
        return Bundle(pairs)

    def _land(self, future: Any, bundle: Bundle) -> Iterator[Outcome]:
        from distributed import KilledWorker

        error = future.exception()
        if isinstance(error, KilledWorker):
            yield from self._after_death(bundle, self.deaths.reason(error))
        elif error is not None:  # the bundle could not start: e.g. the worker cannot import this code
            trace = "".join(traceback.format_exception(error))
            yield from (raised(index, error, trace) for index, _task in chain(*bundle.pairs))
        else:
            outcomes = future.result()
            self._learn(outcomes)
            yield from outcomes

    def _after_death(self, bundle: Bundle, reason: str) -> Iterator[Outcome]:
        again = bundle.again()
        if len(again) == 1 and again[0].deaths >= DEATHS:
            ((index, _task),) = again[0].pairs[0]
            yield failed(index, _("{reason}, {n} times out of {n}", reason=reason, n=DEATHS))
        else:
            self.retry.extend(again)

    def _learn(self, outcomes: list[Outcome]) -> None:
        mean = sum(o.seconds for o in outcomes) / len(outcomes)
        self.size = max(1, min(BUNDLE_MOST, int(BUNDLE_SECONDS / max(mean, 1e-6))))
