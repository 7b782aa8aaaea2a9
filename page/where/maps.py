"""A map of any two numbers: where B is better, worse, or not told apart from A, coarse first, then finer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from experiments.paired import BETTER, OPEN, WORSE, mark, paired
from model.errors import InputError
from model.measures import MEASURES, WORTH
from model.scenario import PARAMETERS, Scenario

from ..definition import SEEDS, Definition
from ..ensemble import MAPS, Pair, run_each
from ..shipped import preload_maps

SIDE = 9
"""Points each way."""
COARSE = (4, 2, 1)
"""Distance of the points of the first passes, one pair each."""
PAIRS = 4
"""Pairs of every point in the end."""
AXES = ("reach", "load")
"""The two numbers of a map that nobody has chosen."""
THIN, FAILED = "thin", "failed"
BIG = ("streets", "departments", "cadres", "residents", "staff", "needs_sample", "days", "burn_in", "cooldown")
"""How large or long a run is: nothing to be mapped."""


def axis_names() -> list[str]:
    """Numbers that a map can have, those that move the answer most first."""
    names = [name for name in PARAMETERS if name not in BIG]
    return sorted(names, key=lambda name: not PARAMETERS[name].main)


def values(name: str) -> list[float]:
    """Where a number's range is looked at."""
    p = PARAMETERS[name]
    found = [float(f"{v:.3g}") for v in np.linspace(p.low, p.high, SIDE)]
    return [float(round(v)) for v in found] if p.whole else found


@dataclass
class Cell:
    """A point of the map."""

    i: int
    j: int
    step: int
    """Distance of the pass that it came with."""
    pairs: list[Pair] = field(default_factory=list)
    failed: bool = False


class Map:
    """Fills a map of two numbers in the background.

    Args:
        definition: everything but the two numbers; its seed is the first.
        x: a number's name, from left to right.
        y: another's, from below.
    """

    def __init__(self, definition: Definition, x: str, y: str) -> None:
        self.definition, self.x, self.y = definition, x, y
        self._changed: Callable[[], None] = lambda: None
        self.xs, self.ys = values(x), values(y)
        self.cells = {(i, j): Cell(i, j, step) for step in COARSE for i, j in _pass(step)}
        self.total, self.done = PAIRS * SIDE * SIDE, 0
        self._stop = threading.Event()

    def begin(self) -> None:
        """Fill it, in a thread of its own."""
        threading.Thread(target=self.fill, daemon=True, name="map").start()

    def tell(self, changed: Callable[[], None]) -> None:
        """Call this after something came."""
        self._changed = changed

    def stop(self) -> None:
        """Nobody looks any more."""
        self._stop.set()

    @property
    def ended(self) -> bool:
        """Whether everything was run, or it was stopped."""
        return self.done >= self.total or self._stop.is_set()

    def fill(self) -> None:
        """Run all pairs."""
        preload_maps(self.definition)
        at: dict[Definition, tuple[int, int]] = {}

        def wanted() -> Iterator[Definition]:
            for n in range(PAIRS):
                for i, j in self.order():
                    one = self._definition(i, j, n)
                    if one is not None:
                        at[one] = (i, j)
                        yield one

        def each(one: Definition, pair: Pair | None) -> None:
            cell = self.cells[at[one]]
            if pair is None:
                cell.failed = True
            else:
                cell.pairs = [*cell.pairs, pair]
            self.done += 1
            self._changed()

        run_each(wanted(), each, self._stop, MAPS)
        self._changed()

    def order(self) -> list[tuple[int, int]]:
        """Points, the coarse first, of these the nearest to where one is."""
        x, y = self.here()
        return sorted(self.cells, key=lambda at: (-self.cells[at].step, (at[0] - x) ** 2 + (at[1] - y) ** 2))

    def here(self) -> tuple[float, float]:
        """Where the definition itself lies, in steps from the lower left."""
        scenario = self.definition.scenario
        return _at(scenario, self.x, self.xs), _at(scenario, self.y, self.ys)

    def _definition(self, i: int, j: int, n: int) -> Definition | None:
        try:
            return self.definition.with_(**{self.x: _whole(self.x, self.xs[i]), self.y: _whole(self.y, self.ys[j])},
                                         seed=(self.definition.seed + n) % SEEDS)
        except (InputError, ValueError):  # two numbers that do not go together
            self.cells[i, j].failed = True
            self.done += 1
            return None

    def told(self, outcome: str, worth: float = 1.0) -> list[dict[str, Any]]:
        """Every point with pairs: i, j, step, pairs, a, b, d, low, high, verdict."""
        return [{"i": c.i, "j": c.j, "step": c.step, **judged(c.pairs, outcome, worth)}
                if c.pairs else {"i": c.i, "j": c.j, "step": c.step, "pairs": 0, "verdict": FAILED}
                for c in self.cells.values() if c.pairs or c.failed]


def differences(pairs: list[Pair], outcome: str, worth: float = 1.0) -> tuple[list[float | None], list[float | None]]:
    """A's and B's values of an outcome: a measure, or `worth`: cases, directives and `worth` × core jobs."""
    weights = dict(zip(WORTH, (1.0, 1.0, worth), strict=True))
    if outcome != "worth":
        return tuple([pair.measures[side][outcome] for pair in pairs] for side in (0, 1))
    return tuple([sum(weight * (pair.measures[side][name] or 0.0) for name, weight in weights.items())
                  for pair in pairs] for side in (0, 1))


def direction_of(outcome: str) -> int:
    """+1 where more is better."""
    return 1 if outcome == "worth" else MEASURES[outcome].direction


def judged(pairs: list[Pair], outcome: str, worth: float = 1.0) -> dict[str, Any]:
    """What some pairs say of an outcome; the verdict is of this difference alone, by its 95 % interval."""
    way = direction_of(outcome)
    s = paired(*differences(pairs, outcome, worth), way)
    verdict = mark(s.difference, way, s.p) if s.pairs > 1 else THIN
    side = None if s.difference is None else int(np.sign(round(way * s.difference, 9)))
    return {"pairs": s.pairs, "a": s.mean_a, "b": s.mean_b, "d": s.difference, "low": s.low, "high": s.high,
            "side": side, "verdict": {BETTER: "better", WORSE: "worse", OPEN: "open"}.get(verdict, verdict)}


def _pass(step: int) -> list[tuple[int, int]]:
    ends = [s for s in COARSE if s > step]
    return [(i, j) for i in range(0, SIDE, step) for j in range(0, SIDE, step)
            if not any(i % s == 0 and j % s == 0 for s in ends)]


def _at(scenario: Scenario, name: str, points: list[float]) -> float:
    return float(np.interp(getattr(scenario, name), points, range(len(points))))


def _whole(name: str, value: float) -> float:
    return int(value) if PARAMETERS[name].whole else value
