"""Break the reform with the smallest change: which numbers, moved how far, turn the answer against it?

A stated search, no proof, as `chuishao nearest` makes it with more runs: every number is moved alone to both ends of
its range, one pair each; those that push hardest are halved between where they are and their end until the turn is
found, alone, then two at a time; what turned is run again on fresh seeds, and only what turns there too is told.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from experiments.confirm import FRESH
from experiments.nearest import between, distance, ends
from experiments.plan import load_plan
from model.errors import InputError
from model.scenario import PARAMETERS

from ..definition import SEEDS, Definition
from ..ensemble import SEARCHES, Pair, run_each
from ..shipped import preload_maps
from .maps import BIG, direction_of, judged

STRONGEST, PAIRS, HALVINGS, FRESH_PAIRS = 4, 3, 4, 8
Point = dict[str, Any]


def numbers(every: bool = False) -> list[str]:
    """What is moved: the main numbers and those of the plan `where-does-it-fail`, or all but sizes."""
    if every:
        return [name for name in PARAMETERS if name not in BIG]
    main = [name for name, p in PARAMETERS.items() if p.main]
    return list(dict.fromkeys([*main, *(n for n in load_plan("where-does-it-fail").vary if n in PARAMETERS)]))


@dataclass
class Tried:
    """A setting and its pairs."""

    point: Point
    definition: Definition
    distance: float
    pairs: list[Pair] = field(default_factory=list)


@dataclass(frozen=True)
class Break:
    """A setting at which B is worse than A, on fresh seeds too."""

    point: Point
    distance: float
    told: dict[str, Any]
    definition: Definition


class Search:
    """Looks for the smallest change at which B is worse.

    Args:
        definition: where one is; its seed is the first.
        outcome: a measure, or `worth`.
        worth: of a core job, in cases.
        every: move all numbers, not only the main ones.
    """

    def __init__(self, definition: Definition, outcome: str, worth: float = 1.0, every: bool = False) -> None:
        self.definition, self.outcome, self.worth = definition, outcome, worth
        self.names = numbers(every)
        self.phase, self.done, self.total = "base", 0, 0
        self.base: dict[str, Any] | None = None
        self.pushes: list[Tried] = []
        self.found: list[Break] = []
        self.ended = False
        self._stop = threading.Event()

    def begin(self) -> None:
        """Search, in a thread of its own."""
        threading.Thread(target=self.look, daemon=True, name="break").start()

    def stop(self) -> None:
        """Nobody looks any more."""
        self._stop.set()

    def look(self) -> None:
        """The whole search."""
        preload_maps(self.definition)
        base = self._tried({})
        self._run([base], PAIRS, "base")
        if base.pairs:
            self.base = self._told(base)
        if self.base and self.base["verdict"] != "worse":
            self._search()
        self.phase, self.ended = "done", True

    def _search(self) -> None:
        self.pushes = [one for point in ends(self.names) if point and (one := self._tried(point)) and one.distance]
        self._run(self.pushes, 1, "ends")
        strong = self.strongest()
        turned = self._walk([one.point for one in strong], "alone")
        if not turned and len(strong) > 1:
            both = [{**a.point, **b.point} for a, b in combinations(strong, 2)]
            turned = self._walk(both, "two")
        self._confirm(turned)

    def strongest(self) -> list[Tried]:
        """Ends that push furthest against B, a number once."""
        best: dict[str, Tried] = {}
        for one in sorted((t for t in self.pushes if t.pairs), key=self._push):
            best.setdefault(next(iter(one.point)), one)
        return list(best.values())[:STRONGEST]

    def _push(self, one: Tried) -> float:
        """B's lead over A there; the smaller, the worse for B."""
        return direction_of(self.outcome) * self._told(one)["d"]

    def _walk(self, points: list[Point], phase: str) -> list[Tried]:
        """Of each way the nearest setting that turns, found by halving; nothing where its end does not."""
        far = [one for point in points if (one := self._tried(point))]
        self._run(far, PAIRS, phase)
        turned: list[Tried] = []
        for end in (one for one in far if self._turns(one)):
            low, high, best = 0.0, 1.0, end
            for _n in range(HALVINGS):
                middle = self._tried(between(self.definition.scenario, end.point, (low + high) / 2))
                if middle is None or self._stop.is_set():
                    break
                self._run([middle], PAIRS, phase)
                if self._turns(middle):
                    high, best = (low + high) / 2, middle
                else:
                    low = (low + high) / 2
            turned += [best, *([end] if end is not best else [])]
        return turned

    def _confirm(self, turned: list[Tried]) -> None:
        fresh = [self._tried(one.point, FRESH) for one in turned]
        self._run([one for one in fresh if one], FRESH_PAIRS, "fresh")
        held = [one for one in fresh if one and self._turns(one)]
        seen: set[tuple[str, ...]] = set()
        for one in sorted(held, key=lambda t: t.distance):
            names = tuple(sorted(one.point))
            if names not in seen:  # of each number the nearest that holds
                seen.add(names)
                self.found.append(Break(one.point, one.distance, self._told(one), one.definition))

    def _told(self, one: Tried) -> dict[str, Any]:
        return judged(one.pairs, self.outcome, self.worth)

    def _turns(self, one: Tried) -> bool:
        return bool(one.pairs) and self._told(one)["verdict"] == "worse"

    def _tried(self, point: Point, later: int = 0) -> Tried | None:
        try:
            definition = self.definition.with_(**point) if point else self.definition
        except (InputError, ValueError):
            return None
        definition = definition.with_(seed=(definition.seed + later) % SEEDS)
        return Tried(point, definition, distance(self.definition.scenario, point))

    def _run(self, some: list[Tried], pairs: int, phase: str) -> None:
        wanted = {}
        for n in range(pairs):
            for one in some:
                if n >= len(one.pairs):
                    d = one.definition
                    wanted[d if not n else d.with_(seed=(d.seed + n) % SEEDS)] = one
        self.phase, self.done, self.total = phase, 0, len(wanted)

        def each(definition: Definition, pair: Pair | None) -> None:
            if pair is not None:
                wanted[definition].pairs.append(pair)
            self.done += 1

        run_each(wanted, each, self._stop, SEARCHES)
