"""Many runs: on threads of this process, or on Dask workers here or anywhere; results come as they are ready.

Runs of shipped rules go on threads: compiled code shares the cores, and no worker has to start. Anyone's own rules go
to processes, which can be killed. A run that raises costs itself only. A worker that dies costs its bundle, which is
then tried again run by run until the run that kills workers is found; that one is recorded too. What comes out does
not depend on workers or order: an outcome carries the index of its task.
"""

from __future__ import annotations

import os
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from model.errors import Text, text_of

from .codehash import code_hash

if TYPE_CHECKING:
    from distributed import Client

    from .pool import Deaths

Run = Callable[[Any], Any]
MANY = 500
"""From so many runs on, processes pay for their start where there are more cores than threads are good for."""
BUNDLE_SECONDS = 1.0  # long enough that sending a bundle costs nothing beside it
BUNDLE_MOST = 32
DEATHS = 3  # a run that was alone on its worker this often when the worker died is the cause


class SchedulerGoneError(Exception):
    """Nobody answers any more; what is not done stays undone."""


@dataclass(frozen=True)
class Outcome:
    """What became of one task: a result, or the sentence (also in Chinese) and traceback of its failure.

    `code` is the hash of the model's code in the process that ran it, None where that cannot say; `lost`: nobody knows
    whether it ended, so it can be done as if it had never begun.
    """

    index: int
    result: Any = None
    error: str | None = None
    trace: str = ""
    seconds: float = 0.0
    error_zh: str | None = None
    code: str | None = None
    lost: bool = False

    @property
    def ok(self) -> bool:
        """True if the run finished."""
        return self.error is None


@dataclass
class Bundle:
    """Tasks that travel together."""

    tasks: list[tuple[int, Any]]
    deaths: int = 0

    def again(self) -> list[Bundle]:
        """What to try next after its worker died: each task by itself."""
        return [Bundle([task], self.deaths + 1 if len(self.tasks) == 1 else 0) for task in self.tasks]


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
        return (attempt(run, index, task) for index, task in enumerate(tasks))
    from .pool import connect

    return _distribute(tasks, run, *connect(count, scheduler))


def attempt(run: Run, index: int, task: Any) -> Outcome:
    """Run one task; whatever it raises becomes part of its outcome."""
    start = time.perf_counter()
    try:
        result = run(task)
    except (Exception, SystemExit) as error:  # a researcher's rule may call exit()
        trace = traceback.format_exc()
        traceback.clear_frames(error.__traceback__)  # the model of a failed run is in them
        return failed(index, _raised(error), trace, seconds=time.perf_counter() - start, code=code_hash())
    return Outcome(index, result, seconds=time.perf_counter() - start, code=code_hash())


def failed(index: int, said: Text, trace: str = "", **more: Any) -> Outcome:
    """The outcome of a task that failed; `more` are further fields of it."""
    return Outcome(index, error=said[0], trace=trace, error_zh=said[1], **more)


def _raised(error: BaseException) -> Text:
    en, zh = (f"{type(error).__name__}: {said}".strip() for said in text_of(error))
    return en, zh


def run_bundle(run: Run, tasks: list[tuple[int, Any]]) -> list[Outcome]:
    """Run some tasks one after the other (called on a worker)."""
    return [attempt(run, index, task) for index, task in tasks]


def _distribute(tasks: Sequence[Any], run: Run, client: Client, deaths: Deaths, close: Callable) -> Iterator[Outcome]:
    try:
        yield from _Flight(client, deaths, run, deque(enumerate(tasks))).outcomes()
    finally:
        close()


@dataclass
class _Flight:
    """The bundles under way: never more than the workers can take, so memory stays flat."""

    client: Client
    deaths: Deaths
    run: Run
    waiting: deque[tuple[int, Any]]
    retry: deque[Bundle] = field(default_factory=deque)
    flying: dict[Any, Bundle] = field(default_factory=dict)
    size: int = 1
    threads: int = 1

    def outcomes(self) -> Iterator[Outcome]:
        left = {index for index, _ in self.waiting}
        with suppress(SchedulerGoneError):
            for outcome in self._landings():
                left.discard(outcome.index)
                yield outcome
        for index in sorted(left):
            yield failed(index, ("the Dask scheduler went away before this run was done",
                                 "这次运行完成之前 Dask 调度器已不在"), lost=True)

    def _landings(self) -> Iterator[Outcome]:
        from distributed import as_completed

        done = as_completed(loop=self.client.loop)
        while self.waiting or self.retry or self.flying:
            try:
                self._take_off(done)
            except OSError as error:
                raise SchedulerGoneError from error
            future = next(done)
            if future.cancelled():
                raise SchedulerGoneError
            yield from self._land(future, self.flying.pop(future))

    def _take_off(self, done: Any) -> None:
        self._count_threads()
        while (self.waiting or self.retry) and len(self.flying) < self.threads:
            bundle = self._next()
            future = self.client.submit(run_bundle, self.run, bundle.tasks, pure=False)
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
        return Bundle([self.waiting.popleft() for _ in range(min(self.size, fair, len(self.waiting)))])

    def _land(self, future: Any, bundle: Bundle) -> Iterator[Outcome]:
        from distributed import KilledWorker

        error = future.exception()
        if isinstance(error, KilledWorker):
            yield from self._after_death(bundle, self.deaths.reason(error))
        elif error is not None:  # the bundle could not start: e.g. the worker cannot import this code
            trace = "".join(traceback.format_exception(error))
            yield from (failed(index, _raised(error), trace) for index, _ in bundle.tasks)
        else:
            outcomes = future.result()
            self._learn(outcomes)
            yield from outcomes

    def _after_death(self, bundle: Bundle, reason: Text) -> Iterator[Outcome]:
        again = bundle.again()
        if len(again) == 1 and again[0].deaths >= DEATHS:
            en, zh = reason
            yield failed(again[0].tasks[0][0], (f"{en}, {DEATHS} times out of {DEATHS}", f"{zh}，{DEATHS} 次都是如此"))
        else:
            self.retry.extend(again)

    def _learn(self, outcomes: list[Outcome]) -> None:
        mean = sum(o.seconds for o in outcomes) / len(outcomes)
        self.size = max(1, min(BUNDLE_MOST, int(BUNDLE_SECONDS / max(mean, 1e-6))))
