"""The same comparison on more seeds, in the background: what of a difference is the regime's, and what is luck."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from typing import Any, NamedTuple

import numpy as np

from experiments.runs import Source
from model.governance import GovernanceModel

from .compiling import COMPILING
from .definition import SEEDS, Definition
from .outcome import Side, side_of
from .sides import (
    STARTS,
    begun,
    build,
    find_rules,
    guarded,
    inject_all,
    part,
    quiet,
    release,
    run_to,
    take_over,
)
from .words_engine import said_by, sentence
from .workers import CREW, HANDS, WORKERS, DiedError, cancelled
from .year import YEARS, CancelError, Kept, Making, Year, year_of

MOST_KEPT = 20_000
"""Runs remembered for all visitors, about 3 KB each."""
KEEP_STARTS = 2
"""Mornings of the switch an ensemble keeps, so that another regime begins with them."""
PARTS, SEARCHES, MAPS, STRIPS = 1_000, 2_000, 3_000, 100_000
"""Ranks of what comes after all pairs."""
LOOK = 0.3
"""Seconds between two looks at whether anybody still wants it."""


class Pair(NamedTuple):
    """Both sides of one seed: measures at the end, and curves (sides × `CURVES` × points; None where not wanted)."""

    measures: tuple[dict[str, float | None], dict[str, float | None]]
    curves: np.ndarray | None

    @classmethod
    def of(cls, a: Side, b: Side) -> Pair:
        """From two runs."""
        there = a.curves is not None and b.curves is not None
        return cls((a.measures, b.measures), np.stack([a.curves, b.curves]) if there else None)


def run_pair(definition: Definition, source: Source | None, slot: int = -1) -> Pair:
    """Run both sides to the end, in the background.

    Raises:
        CancelError: the ensemble was cancelled meanwhile.
    """
    models = build(definition, source)
    try:
        while models[0].day < models[0].scenario.horizon:
            if slot >= 0 and cancelled(slot):
                raise CancelError
            for m in models:
                with guarded(source is not None):
                    m.step()
        return Pair.of(*(side_of(m) for m in models))
    finally:
        release(models)


def run_year(definition: Definition, source: Source, slot: int) -> Year:
    """The year of somebody's own rules, in the process."""
    return year_of(definition, None, source, lambda: cancelled(slot))


RUNS = Kept(MOST_KEPT)
"""Runs of all visitors by scenario, regime and seed, and the source of rules."""


def kept(definition: Definition, regime: str, seed: int, source: Source | None = None) -> Side | None:
    """A run that was made before."""
    return RUNS.get((definition.scenario, regime, seed, source))


def keep(definition: Definition, regime: str, seed: int, source: Source | None, side: Side) -> None:
    """Remember a run."""
    RUNS.put((definition.scenario, regime, seed, source), side)


class Ensemble:
    """Runs a definition on its own seed and those after it, nearest first, beginning at once.

    Args:
        definition: what to run; a seed at the end of the range goes on from 0.
        seeds: how many pairs.
        rules_of: rule files by name, as for a `Session`.
        year: whether the first pair is looked at every day, for `year`.
        others: regimes that are run on `other_seeds` seeds after all pairs are there (parts of a reform).
        rank: what goes first, if there is more to do: a lower one.
        keep_starts: mornings of the switch that are kept, so that another regime begins with them.
        bare: measures are enough, curves are not wanted.

    `progress` goes from 0 to 1; what is known may be asked for at any time. Visitors who ask
    the same share results; what is nearest to each visitor's seed goes first: nobody waits for all of another's.
    """

    def __init__(self, definition: Definition, seeds: int = 10, rules_of: Mapping[str, Source] | None = None, *,
                 year: bool = False, others: Iterable[str] = (), other_seeds: int = 0,
                 rank: int = 0, keep_starts: int = KEEP_STARTS, bare: bool = False) -> None:
        self.definition, self.total, self.failed = definition, seeds, 0
        self._source, self.error = find_rules(definition, rules_of)
        """`error`: why the last run that failed did."""
        self.seeds = [(definition.seed + n) % SEEDS for n in range(seeds)]
        self.year: Year | None = None
        self.others: dict[str, dict[int, Side]] = {name: {} for name in others} if self._source is None else {}
        self._other_seeds, self._rank, self._keep_starts, self._bare = other_seeds, rank, keep_starts, bare
        self._lock, self._jobs, self._open = threading.RLock(), [], 0
        self._changed: Callable[[], None] | None = None
        self._pairs: dict[int, Pair] = {}
        self._cancelled = self.error is not None
        if not self._cancelled:
            self._begin(year)

    @property
    def progress(self) -> float:
        """Share of pairs done or failed."""
        return (len(self._pairs) + self.failed) / self.total

    @property
    def done(self) -> bool:
        """No pair is left, or it was cancelled."""
        return self._cancelled or self.progress >= 1

    @property
    def pairs(self) -> int:
        """Pairs done so far."""
        return len(self._pairs)

    @property
    def idle(self) -> bool:
        """Nothing of it is left to run, other regimes and the year included."""
        return self._cancelled or (self.done and not self._open)

    def tell(self, changed: Callable[[], None]) -> None:
        """Call this after something new is known, from any thread, and now if something is."""
        self._changed = changed
        if self._pairs or self.year or self.error:
            changed()

    def _say(self) -> None:
        if self._changed is not None:
            self._changed()

    def known(self) -> list[Pair]:
        """The pairs done so far, in the order of seeds."""
        with self._lock:
            return [self._pairs[seed] for seed in self.seeds if seed in self._pairs]

    def seeds_known(self) -> list[int]:
        """Their seeds."""
        with self._lock:
            return [seed for seed in self.seeds if seed in self._pairs]

    def other_pairs(self, regime: str) -> list[tuple[dict[str, float | None], dict[str, float | None]]]:
        """Measures of side B and of another regime where both are known, in the order of seeds."""
        with self._lock:
            return [(self._pairs[seed].measures[1], self.others[regime][seed].measures)
                    for seed in self.seeds if seed in self._pairs and seed in self.others[regime]]

    def cancel(self) -> None:
        """Stop, also the run under way; what is done stays."""
        self._cancelled = True
        CREW.drop(self._jobs)
        if self._source is not None:
            WORKERS.cancel(self._slot)

    # --- what is run ------------------------------------------------------------------------------------------------

    def _begin(self, year: bool) -> None:
        if self._source is not None:
            self._slot, self._again = WORKERS.slot(), True
            self._left = list(self.seeds)
            if year:
                self._hand_over(run_year, self._year_there)
            self._next()
            return
        first = 0
        if year and self.total:
            self.year = YEARS.get(self.definition)
            if self.year is None:
                self._take(self.definition.seed)
                self._start(self._make_year(), 0)
                first = 1
        for n, seed in enumerate(self.seeds[first:], start=first):
            if not self._take(seed):
                self._start(self._make_pair(n, seed), n)
        if self.others:
            for n, seed in enumerate(self.seeds):
                if not self._take_others(seed) and n < self._other_seeds:
                    self._start(self._make_others(n, seed), PARTS + n)

    def _start(self, work: Iterator[None], n: int) -> None:
        if self._cancelled:
            raise CancelError
        with self._lock:
            self._open += 1
        self._jobs.append(CREW.begin(self._guarded(work), self._rank + n))

    def _guarded(self, work: Iterator[None]) -> Iterator[None]:
        """What a run fails by is counted and told."""
        try:
            yield from work
        except Exception as error:
            self._gone_wrong(error)
        finally:
            with self._lock:
                self._open -= 1
        self._say()

    def _take(self, seed: int) -> bool:
        """Whether others have run both sides of a pair already."""
        both = [self._kept(regime, seed) for regime in self.definition.regimes]
        if None in both:
            return False
        self._there(seed, Pair.of(*both))
        return True

    def _kept(self, regime: str, seed: int) -> Side | None:
        """A run that was made before, if it has all that is wanted."""
        side = kept(self.definition, regime, seed, self._source)
        return None if side is None or (side.curves is None and not self._bare) else side

    def _there(self, seed: int, pair: Pair) -> None:
        with self._lock:
            self._pairs[seed] = pair
        self._say()

    def _make_pair(self, n: int, seed: int) -> Iterator[None]:
        regimes = [name for name in dict.fromkeys(self.definition.regimes) if self._kept(name, seed) is None]
        yield from self._make(regimes, seed, n < self._keep_starts)
        if not self._take(seed):  # forgotten at once: more is asked than can be kept
            raise CancelError

    def _make_others(self, n: int, seed: int) -> Iterator[None]:
        missing = [name for name in self.others if kept(self.definition, name, seed) is None]
        yield from self._make(missing, seed, n < self._keep_starts)
        self._take_others(seed)
        self._say()

    def _take_others(self, seed: int) -> bool:
        """Whether the other regimes have been run on a seed; those that have are taken."""
        found = {name: kept(self.definition, name, seed) for name in self.others}
        with self._lock:
            for name, side in found.items():
                if side is not None:
                    self.others[name][seed] = side
        return None not in found.values()

    def _make(self, regimes: list[str], seed: int, keep_start: bool) -> Iterator[None]:
        """Run some regimes from one morning of the switch."""
        if not regimes:
            return
        before = quiet(self.definition.scenario)
        start, m = STARTS.borrow(before, seed), None
        models: list[GovernanceModel] = []
        try:
            if start is None:
                for made in begun(before, seed):
                    m = made
                    yield
                if keep_start:
                    start = STARTS.keep(before, seed, m)
            for name in regimes:
                last = start is None and name == regimes[-1]
                models.append(take_over(m, name) if last else part(start.model if start else m, name))
                yield from self._run(models[-1], name, seed)
                vars(models.pop()).clear()
        finally:
            if start is not None:
                STARTS.give_back(start)
            elif m is not None:
                models.append(m)
            for one in models:
                vars(one).clear()

    def _run(self, m: GovernanceModel, regime: str, seed: int) -> Iterator[None]:
        inject_all(m, self.definition.scenario)
        yield
        yield from run_to(m, m.scenario.horizon)
        keep(self.definition, regime, seed, None, side_of(m, curves=not self._bare))
        yield

    # --- the year ---------------------------------------------------------------------------------------------------

    def _make_year(self) -> Iterator[None]:
        """The first pair, looked at every day; as soon as the sides part, another thread may run side B."""
        d, before = self.definition, quiet(self.definition.scenario)
        start = STARTS.borrow(before, d.seed)
        try:
            if start is None:
                made = None
                for made in begun(before, d.seed):  # noqa: B007  the last one is the model
                    yield
                start = STARTS.keep(before, d.seed, made)
            models = [part(start.model, regime) for regime in d.regimes]
        finally:
            if start is not None:
                STARTS.give_back(start)
        making = Making(d)
        self._start(self._year_side(making, 1, models[1]), 0)
        yield from self._year_side(making, 0, models[0])

    def _year_side(self, making: Making, side: int, m: GovernanceModel) -> Iterator[None]:
        d = self.definition
        try:
            inject_all(m, d.scenario)
            yield from making.run(side, m)
            keep(d, d.regimes[side], d.seed, None, making.side(side))
        finally:
            vars(m).clear()
        with self._lock:
            ready = making.whole and self.year is None
            if ready:
                self.year = making.done()
        if ready:
            self._take(d.seed)

    def _year_there(self, year: Year) -> None:
        self.year = year
        self._say()

    # --- somebody's own rules, in a process -----------------------------------------------------------------------

    def _next(self) -> None:
        """Take what others have run already; hand the first that is missing to the process."""
        with self._lock:
            while self._left and not self._cancelled:
                seed = self._left[0]
                if not self._take(seed):
                    self._hand_over(run_pair, self._pair_there, seed)
                    return
                self._left.pop(0)

    def _hand_over(self, work: Callable, there: Callable[[Any], None], seed: int | None = None) -> None:
        definition = self.definition if seed is None else self.definition.with_(seed=seed)
        future = WORKERS.submit(work, definition, self._source, self._slot)
        future.add_done_callback(lambda future: self._ended(future, there))

    def _pair_there(self, pair: Pair) -> None:
        with self._lock:
            seed = self._left.pop(0)
        for side, regime in enumerate(self.definition.regimes):
            keep(self.definition, regime, seed, self._source,
                 Side(pair.measures[side], pair.curves[side]))
        self._there(seed, pair)
        self._next()

    def _ended(self, future: Future, there: Callable[[Any], None]) -> None:
        try:
            found = future.result()
        except CancelError:
            self._cancelled = True
        except DiedError as error:
            again, self._again = self._again, False
            if not again:
                self._gone_wrong(error)
            self._go_on(there, failed=not again)
        except Exception as error:
            self._gone_wrong(error)
            self._go_on(there, failed=True)
        else:
            there(found)

    def _go_on(self, there: Callable[[Any], None], failed: bool) -> None:
        if there != self._pair_there:
            return
        with self._lock:
            if failed:
                self._left.pop(0)
        self._next()

    def _gone_wrong(self, error: Exception) -> None:
        if isinstance(error, CancelError):
            return
        with self._lock:
            self.failed += 1
            said = said_by(error) if str(error) else type(error).__name__
            self.error = sentence("ensemble_failed", n=self.failed, error=said)
        self._say()


def run_each(wanted: Iterable[Definition], each: Callable[[Definition, Pair | None], None], stop: threading.Event,
             rank: int) -> None:
    """Have one pair of every definition run, in their order, by the threads that run everybody's.

    Args:
        wanted: what to run.
        each: gets every pair once it is done, None where it failed.
        stop: ends it early once it is set.
        rank: what goes first, if there is more to do.
    """
    while not COMPILING.wait(LOOK):
        if stop.is_set():
            return
    ended: queue.SimpleQueue[Ensemble] = queue.SimpleQueue()
    going: set[Ensemble] = set()
    for definition in wanted:
        if stop.is_set():
            break
        run = Ensemble(definition, 1, rank=rank, keep_starts=0, bare=True)
        going.add(run)
        run.tell(lambda run=run: ended.put(run) if run.done else None)
        while len(going) >= 2 * HANDS and not stop.is_set():
            _take_ended(ended, going, each)
    while going and not stop.is_set():
        _take_ended(ended, going, each)
    for run in going:
        run.cancel()


def _take_ended(ended: queue.SimpleQueue[Ensemble], going: set[Ensemble],
                each: Callable[[Definition, Pair | None], None]) -> None:
    """Hand on one that has ended, if one does within a moment; one may tell of its end twice."""
    try:
        run = ended.get(timeout=LOOK)
    except queue.Empty:
        return
    if run in going:
        going.remove(run)
        each(run.definition, next(iter(run.known()), None))
