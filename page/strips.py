"""The sliders' strips: who is better where, if one number of the district is moved and all else stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.special import stdtrit

from experiments.analysis.differences import FAMILY
from experiments.paired import BETTER, WORSE, mark, paired
from experiments.runs import ROOT
from model.errors import InputError
from model.measures import MEASURES, WORTH

from .definition import Definition
from .ensemble import STRIPS, Ensemble
from .outcome import SHOWN
from .workers import CREW
from .year import Kept

Measures = tuple[dict[str, float | None], dict[str, float | None]]
"""Of both sides of a pair."""


@dataclass(frozen=True)
class Slider:
    """A number that can be moved, and where its strip is reckoned."""

    low: float
    high: float
    at: tuple[float, ...]
    log: bool = False


SLIDERS = {
    "reach": Slider(0.05, 1.0, (0.05, 0.15, 0.25, 0.4, 0.55, 0.7, 0.8, 0.9, 1.0)),
    "load": Slider(0.25, 3.0, (0.25, 0.4, 0.6, 0.8, 1.0, 1.3, 1.7, 2.3, 3.0), log=True),
    "knowledge": Slider(0.02, 0.98, (0.02, 0.12, 0.25, 0.37, 0.5, 0.62, 0.75, 0.87, 0.98)),
    "authority_share": Slider(0.0, 0.8, (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)),
    "repair_cases": Slider(1.0, 12.0, (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0, 9.0, 12.0), log=True),
    "campaign_size": Slider(1.0, 20.0, (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 20.0), log=True),
}
"""Numbers of the answer view's sliders."""
OUTCOMES = (*FAMILY, "wait_p50")
LIVE_SEEDS, LIVE_AT = 4, (0, 8, 4, 2, 6)
"""Pairs a point, and points in the order they are run, where nothing was made beforehand."""
POINTS = Kept(4000)
"""Points of all visitors by scenario (as it is there), regimes and seed, about 1 KB each."""


def ends_of(pairs: list[Measures], measures: tuple[str, ...]) -> dict[str, tuple[Any, str]]:
    """B against A on each measure and who is better, as `chuishao compare` has both: a, b, open, or thin."""
    found = {name: paired([a[name] for a, _b in pairs], [b[name] for _a, b in pairs], MEASURES[name].direction)
             for name in dict.fromkeys((*measures, *FAMILY))}
    family = {name: found[name].p for name in FAMILY}
    return {name: (found[name], _better(found[name], name, family)) for name in measures}


def _better(end: Any, name: str, family: Mapping[str, float | None]) -> str:
    if end.pairs < 2:
        return "thin"
    said = mark(end.difference, MEASURES[name].direction, end.p, [p for one, p in family.items() if one != name])
    return {BETTER: "b", WORSE: "a"}.get(said, "open")


def gains_of(pairs: list[Measures]) -> np.ndarray:
    """B − A of what a regime brings in all, pairs × 3; pairs that lack one are left out."""
    rows = [[(a[name], b[name]) for name in WORTH] for a, b in pairs]
    return np.array([[b - a for a, b in row] for row in rows if all(None not in both for both in row)]).reshape(-1, 3)


def told_gains(gains: np.ndarray) -> dict[str, Any]:
    """What a worth slider needs of them: mean, covariance of the mean, Student's t."""
    if len(gains) < 2:
        return {"gains": None, "cov": None, "t": None}
    cov = np.cov(gains.T) / len(gains)
    return {"gains": gains.mean(axis=0).tolist(), "cov": cov.tolist(), "t": float(stdtrit(len(gains) - 1, 0.975))}


def point_of(x: float, pairs: list[Measures]) -> dict[str, Any]:
    """One point of a strip."""
    ends = ends_of(pairs, OUTCOMES)
    return {"x": x, "pairs": len(pairs), "better": {name: better for name, (_end, better) in ends.items()},
            "d": {name: end.difference for name, (end, _better) in ends.items()}, **told_gains(gains_of(pairs))}


def key_of(definition: Definition, name: str, x: float) -> Any:
    """What a point is kept by: what is run for it, on the usual seeds, whatever the slider's own value is now."""
    return definition.with_(**{name: x, "seed": ROOT}), name


@lru_cache(maxsize=64)
def _keys(definition: Definition) -> dict[str, tuple[Any, ...]]:
    """The points of every strip; those that do not fit are left out, as a town's own tables may not bear them."""
    found: dict[str, tuple[Any, ...]] = {}
    for name, slider in SLIDERS.items():
        for x in slider.at:
            with suppress(InputError, ValueError):
                found[name] = (*found.get(name, ()), key_of(definition, name, x))
    return found


def strips_of(definition: Definition) -> dict[str, dict[str, Any]]:
    """What is known of every strip."""
    found = {}
    for name, slider in SLIDERS.items():
        points = [POINTS.get(key) for key in _keys(definition).get(name, ())]
        found[name] = {"low": slider.low, "high": slider.high, "scale": "log" if slider.log else "linear",
                       "value": getattr(definition.scenario, name), "points": [p for p in points if p]}
    return found


class Filling:
    """Fills strips in, coarse ones first, where nothing was made beforehand and nobody asks for anything else."""

    def __init__(self, definition: Definition, changed: Callable[[], None]) -> None:
        self._definition, self._changed, self._stopped = definition, changed, False
        self._runs: list[Ensemble] = []
        self._job = CREW.begin(self._all(), STRIPS)

    def _all(self) -> Iterator[None]:
        for order, n in enumerate(LIVE_AT):
            for name, slider in SLIDERS.items():
                self._begin(name, slider.at[n], order)
                yield

    def _begin(self, name: str, x: float, order: int) -> None:
        key = next((key for key in _keys(self._definition).get(name, ()) if getattr(key[0].scenario, name) == x), None)
        if key is None:
            return
        if POINTS.get(key) is None and not self._stopped:
            run = Ensemble(key[0], LIVE_SEEDS, rank=STRIPS + 100 * order, keep_starts=0, bare=True)
            self._runs.append(run)
            run.tell(lambda: self._there(run, key, x))

    def _there(self, run: Ensemble, key: Any, x: float) -> None:
        if run.pairs == LIVE_SEEDS and not self._stopped and POINTS.get(key) is None:
            POINTS.put(key, point_of(x, [pair.measures for pair in run.known()]))
            self._changed()

    def stop(self) -> None:
        """Leave it at what is there."""
        self._stopped = True
        CREW.drop([self._job])
        for run in self._runs:
            run.cancel()


assert set(OUTCOMES) <= set(SHOWN)
