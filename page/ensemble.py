"""The same comparison on more seeds, in the background: what of a difference is the regime's, and what is luck."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any, NamedTuple

import numpy as np
from scipy.special import stdtrit

from experiments.analysis.differences import FAMILY
from experiments.paired import BETTER, OPEN, WORSE, Paired, mark, paired
from experiments.runs import Source
from model.governance import GovernanceModel
from model.measures import MEASURES

from .definition import SEEDS, Definition
from .frame import rounded
from .session import thinned
from .sides import build, find_rules, guarded, release
from .words_engine import said_by, sentence
from .workers import THREAD, WORKERS, DiedError, cancelled

MOST_KEPT = 200
"""Pairs of runs remembered for all visitors, about 80 KB each."""
DAILY = tuple(name for name, measure in MEASURES.items() if measure.daily)


class Pair(NamedTuple):
    """Both sides of one seed: measures at the end, and day series (sides × days × `DAILY`, single precision)."""

    measures: tuple[dict[str, float | None], dict[str, float | None]]
    series: np.ndarray


class CancelError(Exception):
    """Nobody wants this run any more."""


def run_pair(definition: Definition, source: Source | None, slot: int = -1) -> Pair:
    """Run both sides to the end, in the background.

    Raises:
        CancelError: the ensemble was cancelled meanwhile.
    """
    sides = build(definition, source)
    try:
        while sides[0].day < sides[0].scenario.horizon:
            if slot >= 0 and cancelled(slot):
                raise CancelError
            for m in sides:
                with guarded(source is not None):
                    m.step()
        a, b = sides
        return Pair((a.measures(), b.measures()), np.stack([_series(m) for m in sides]))
    finally:
        release(sides)


def _series(m: GovernanceModel) -> np.ndarray:
    keep = m.scenario.burn_in + thinned(m.scenario.days)
    return np.stack([MEASURES[name].daily(m)[keep] for name in DAILY], axis=1).astype("f4")


class _Kept:
    """The last pairs of all visitors, by definition."""

    def __init__(self) -> None:
        self._pairs: OrderedDict[Any, Pair] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Any) -> Pair | None:
        with self._lock:
            if key in self._pairs:
                self._pairs.move_to_end(key)
            return self._pairs.get(key)

    def put(self, key: Any, pair: Pair) -> None:
        with self._lock:
            self._pairs[key] = pair
            while len(self._pairs) > MOST_KEPT:
                self._pairs.popitem(last=False)


KEPT = _Kept()


class Ensemble:
    """Runs a definition on its own seed and those after it, one after another, beginning at once.

    Args:
        definition: what to run; a seed at the end of the range goes on from 0.
        seeds: how many pairs.
        rules_of: rule files by name, as for a `Session`.

    `progress` goes from 0 to 1; bands may be asked for at any time and rest on the pairs done so far. Visitors who ask
    the same share results; each has one run at a time with the worker, so that nobody waits for all of another's.
    """

    def __init__(self, definition: Definition, seeds: int = 10, rules_of: Mapping[str, Source] | None = None) -> None:
        self.definition, self.total, self.failed = definition, seeds, 0
        self._source, self.error = find_rules(definition, rules_of)
        """`error`: why the last run that failed did."""
        self._slot, self._lock = WORKERS.slot(), threading.RLock()
        self._left = [(definition.seed + n) % SEEDS for n in range(seeds)]
        self._pairs: dict[int, Pair] = {}
        self._cancelled = self.error is not None
        self._again = True
        self._next()

    @property
    def progress(self) -> float:
        """Share of pairs done or failed."""
        return (len(self._pairs) + self.failed) / self.total

    @property
    def done(self) -> bool:
        """No run is left, or it was cancelled."""
        return self._cancelled or self.progress >= 1

    @property
    def pairs(self) -> int:
        """Pairs that bands rest on."""
        return len(self._pairs)

    def cancel(self) -> None:
        """Stop, also the run under way; what is done stays."""
        self._cancelled = True
        WORKERS.cancel(self._slot)

    def band(self, measure: str) -> dict[str, Any]:
        """B − A over the pairs done.

        Returns:
            `day`, `mean`, `low`, `high`: by day since the switch, with the 95 % interval (Student's t) of that day
            alone, None with fewer than two values; empty lists for a measure without day series. `end`: of the whole
            run, by `experiments.paired`: pairs, a, b, mean, low, high, p_better, verdict (+1 B better, −1 worse, 0
            not told apart, judged among the headlines), method.
        """
        pairs = [self._pairs[seed] for seed in sorted(self._pairs)]
        end, family = _end(pairs, measure), [_end(pairs, name).p for name in FAMILY if name != measure]
        verdict = mark(end.difference, MEASURES[measure].direction, end.p, family)
        days = _by_day(np.stack([p.series[1] - p.series[0] for p in pairs])[:, :, DAILY.index(measure)]) \
            if pairs and measure in DAILY else {"mean": [], "low": [], "high": []}
        day = thinned(self.definition.scenario.days).tolist() if days["mean"] else []
        return {"day": day, **days, "end": {
            "pairs": end.pairs, "a": end.mean_a, "b": end.mean_b, "mean": end.difference, "low": end.low,
            "high": end.high, "p_better": end.p_better, "verdict": {BETTER: 1, OPEN: 0, WORSE: -1}[verdict],
            "method": end.method}}

    def differences(self, measure: str) -> list[float]:
        """B − A of the whole run, one value a pair, where both sides have one."""
        both = [[side[measure] for side in self._pairs[seed].measures] for seed in sorted(self._pairs)]
        return [b - a for a, b in both if a is not None and b is not None]

    # --- one run after another --------------------------------------------------------------------------------------

    def _key(self, seed: int) -> Any:
        d = self.definition
        return d.scenario, d.regimes, seed, self._source

    def _next(self) -> None:
        """Take what others have run already; hand the first that is missing to the worker."""
        with self._lock:
            while self._left and not self._cancelled:
                seed = self._left[0]
                if (kept := KEPT.get(self._key(seed))) is None:
                    self._hand_over(seed)
                    return
                self._pairs[self._left.pop(0)] = kept

    def _hand_over(self, seed: int) -> None:
        worker = THREAD if self._source is None else WORKERS
        future = worker.submit(run_pair, self.definition.with_(seed=seed), self._source, self._slot)
        future.add_done_callback(lambda future: self._ended(seed, future))

    def _ended(self, seed: int, future: Future) -> None:
        try:
            pair = future.result()
        except CancelError:
            self._cancelled = True
            return
        except DiedError as error:
            self._gone_wrong(error, again=self._again)
            self._again = False
        except Exception as error:
            self._gone_wrong(error, again=False)
        else:
            KEPT.put(self._key(seed), pair)
            with self._lock:
                self._left.pop(0)
                self._pairs[seed] = pair
        self._next()

    def _gone_wrong(self, error: Exception, again: bool) -> None:
        if not again:
            with self._lock:
                self._left.pop(0)
                self.failed += 1
                said = said_by(error) if str(error) else type(error).__name__
                self.error = sentence("ensemble_failed", n=self.failed, error=said)


def _end(pairs: list[Pair], measure: str) -> Paired:
    """B against A at the end of the runs."""
    sides = [[pair.measures[side][measure] for pair in pairs] for side in (0, 1)]
    return paired(*sides, MEASURES[measure].direction)


def _by_day(differences: np.ndarray) -> dict[str, list[float | None]]:
    """Mean and interval of every day, vectorised; `differences` is pairs × days."""
    there = np.isfinite(differences)
    n = there.sum(axis=0)
    filled = np.where(there, differences, 0.0)
    mean = filled.sum(axis=0) / np.maximum(n, 1)
    spread = np.where(there, differences - mean, 0.0)
    error = np.sqrt((spread**2).sum(axis=0) / np.maximum(n - 1, 1) / np.maximum(n, 1))
    half = stdtrit(np.maximum(n - 1, 1), 0.975) * error
    columns = {"mean": mean, "low": mean - half, "high": mean + half}
    return {name: [rounded(v) if k >= 2 else None for v, k in zip(column.tolist(), n.tolist(), strict=True)]
            for name, column in columns.items()}
