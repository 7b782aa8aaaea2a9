"""A whole year of both sides on one seed, in a form that is sent once and drawn in the browser."""

from __future__ import annotations

import base64
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from agents.work import Fate
from experiments.runs import Source
from model.governance import GovernanceModel
from model.structure import grid_of

from .definition import Definition
from .eye import Eye
from .outcome import DAILY, Side, rounded, series_of, side_of, thinned
from .sides import begun, build, guarded, inject_all, part, quiet, release, run_to, take_over

LOOKS = 5
"""Days of a year between two looks at what else there is to do."""
MOST_YEARS, MOST_CASES, OF_A_GRID = 12, 500, 8
"""Years kept for all visitors; cases of a year that can be followed, in all and of every grid, those whose ends differ
most."""
CASES = np.dtype([(name, "i4") for name in ("case", "grid", "street", "born", "closed_a", "closed_b")])


class CancelError(Exception):
    """Nobody wants this run any more."""


@dataclass(frozen=True)
class Year:
    """Both sides of one seed, day by day; day 0 is the morning of the switch."""

    definition: Definition
    seed: int
    frames: tuple[np.ndarray, np.ndarray]
    """A row a day (0 … days), a byte a field's place; `page.eye` says what is looked at."""
    lays: tuple[dict[str, Any], dict[str, Any]]
    """By side what `packet` says of it."""
    series: dict[str, tuple[list[float | None], list[float | None]]]
    """Every measure that has a day series, A's and B's, by the days of `series_days`."""
    series_days: list[int]
    measures: tuple[dict[str, float | None], dict[str, float | None]]
    """Of the whole run: those of `page.outcome.MEASURED`."""
    cases: np.ndarray = field(compare=False)
    """Cases voiced on both sides since the switch, those first whose ends lie most days apart (`CASES`)."""
    seconds: float = field(default=0.0, compare=False)

    def packet(self) -> dict[str, Any]:
        """The year as the browser gets it; JSON-able, ≤ 500 KB for a default district.

        Returns:
            `days`, `seed`, `events` ([day, kind, street, domain]), `sides`: two of {`fields`: [[name, offset, count],
            …], `streets`, `departments`, `cadres` (per street), `bytes`: base64 of zlib of a matrix (days + 1) × width,
            *column by column*, each column as differences from day to day modulo 256 (its first value as it is)}.

        In the browser: `new DecompressionStream("deflate")`, then for each place p: v = 0; for each day d:
        v = (v + raw[p·(days+1) + d]) & 255; out[d·width + p] = v.
        """
        events = [[e.day, e.kind, e.street, e.domain] for e in self.definition.events]
        sides = [{**lay, "bytes": packed} for lay, packed in zip(self.lays, self.packed, strict=True)]
        return {"days": self.definition.scenario.days, "seed": self.seed, "events": events, "sides": sides}

    @cached_property
    def packed(self) -> tuple[str, ...]:
        """The `bytes` of both sides."""
        return tuple(pack(frames) for frames in self.frames)


def pack(frames: np.ndarray) -> str:
    """Days × places as `packet` has them."""
    steps = np.diff(frames, axis=0, prepend=np.zeros((1, frames.shape[1]), np.uint8))
    return base64.b64encode(zlib.compress(np.ascontiguousarray(steps.T).tobytes(), 6)).decode("ascii")


def year_of(definition: Definition, seed: int | None = None, source: Source | None = None,
            cancelled: Callable[[], bool] = lambda: False) -> Year:
    """Run both sides from day 0 to the end, in this thread; `page.answers.Answering` does so in the background.

    Args:
        definition: what to run.
        seed: another seed than the definition's.
        source: a researcher's own rules.
        cancelled: asked every few days; True ends the run.

    Raises:
        CancelError: nobody wants it any more.
        InputError, RuleError: as a model does.
    """
    definition = definition if seed is None else definition.with_(seed=seed)
    if source is None and (kept := YEARS.get(definition)):
        return kept
    making, models = Making(definition), _models(definition, source, cancelled)
    try:
        for side, m in enumerate(models):
            for _day in making.run(side, m, source is not None):
                if cancelled():
                    raise CancelError
        return making.done(source is None)
    finally:
        release(models)


def _models(definition: Definition, source: Source | None, cancelled: Callable[[], bool]) -> list[GovernanceModel]:
    if source is not None:
        return build(definition, source)
    start = None
    for start in begun(quiet(definition.scenario), definition.seed):  # noqa: B007  the last one is the model
        if cancelled():
            raise CancelError
    b = part(start, definition.regimes[1])
    models = [take_over(start, definition.regimes[0]), b]
    for m in models:
        inject_all(m, definition.scenario)
    return models


class Making:
    """A year under way; each side may be run by a thread of its own."""

    def __init__(self, definition: Definition) -> None:
        self.definition, self._begun = definition, time.perf_counter()
        self._sides: list[dict[str, Any] | None] = [None, None]

    def run(self, side: int, m: GovernanceModel, own_rules: bool = False) -> Iterator[None]:
        """Run a side from the switch to its end, looking every evening; may be stopped between two days."""
        eye, sc = Eye(m), m.scenario
        frames = np.zeros((sc.days + 1, eye.width), np.uint8)
        eye.look(frames[0])
        for day in range(1, sc.days + 1):
            with guarded(own_rules):
                m.run(1)
            eye.look(frames[day])
            if day % LOOKS == 0:
                yield
        if own_rules:
            while m.day < sc.horizon:
                with guarded(own_rules):
                    m.step()
        else:
            yield from run_to(m, sc.horizon)
        p = m.problems[:m.world.arrivals]
        ends = {name: p[name].copy() for name in ("born", "street", "resident", "voiced", "closed")}
        solved = np.isin(p.fate, (Fate.SERVED, Fate.LATE))
        self._sides[side] = {"frames": frames, "lay": eye.lay, "side": side_of(m),
                             "daily": series_of(m), "ends": ends, "solved": solved}

    def side(self, side: int) -> Side:
        """What is kept of a side that was run."""
        return self._sides[side]["side"]

    @property
    def whole(self) -> bool:
        """Whether both sides are there."""
        return all(self._sides)

    def done(self, keep: bool = True) -> Year:
        """The year, once both sides are there."""
        sides, sc = self._sides, self.definition.scenario
        series = {name: tuple([rounded(v) for v in side["daily"][:, n].tolist()] for side in sides)
                  for n, name in enumerate(DAILY)}
        year = Year(self.definition, self.definition.seed, tuple(s["frames"] for s in sides),
                    tuple(s["lay"] for s in sides), series, thinned(sc.days).tolist(),
                    tuple(s["side"].measures for s in sides), self._cases(), time.perf_counter() - self._begun)
        if keep:
            YEARS.put(self.definition, year)
        return year

    def _cases(self) -> np.ndarray:
        sc, (a, b) = self.definition.scenario, (side["ends"] for side in self._sides)
        both = (a["born"] >= sc.burn_in) & (a["born"] < sc.burn_in + sc.days) & (a["voiced"] >= 0) & (b["voiced"] >= 0)
        rows = np.flatnonzero(both & (self._sides[0]["solved"] | self._sides[1]["solved"]))
        ends = [np.where(side["closed"] >= 0, side["closed"], sc.horizon)[rows] for side in (a, b)]
        rows = rows[np.argsort(-np.abs(ends[0] - ends[1]), kind="stable")]
        grid = grid_of(sc, a["resident"][rows])
        order = np.argsort(grid, kind="stable")
        _grids, first, count = np.unique(grid[order], return_index=True, return_counts=True)
        place = np.empty(len(rows), int)
        place[order] = np.arange(len(rows)) - np.repeat(first, count)
        rows = rows[(np.arange(len(rows)) < MOST_CASES) | (place < OF_A_GRID)]
        out = np.zeros(len(rows), CASES)
        out["case"], out["street"], out["grid"] = rows, a["street"][rows], grid_of(sc, a["resident"][rows])
        out["born"] = a["born"][rows] - sc.burn_in
        for name, side in (("closed_a", a), ("closed_b", b)):
            out[name] = np.where(side["closed"][rows] >= 0, side["closed"][rows] - sc.burn_in, -1)
        return out


class Kept:
    """The last so many of something, for all visitors."""

    def __init__(self, most: int) -> None:
        self._most, self._held = most, OrderedDict()

    def get(self, key: Any) -> Any:
        """None if it is not there any more."""
        with suppress(KeyError):  # each is one step of the interpreter's, so no lock is needed
            self._held.move_to_end(key)
        return self._held.get(key)

    def items(self) -> list[tuple[Any, Any]]:
        """All that is there."""
        return list(self._held.items())

    def put(self, key: Any, value: Any) -> None:
        """Keep it; the one that was longest not asked for goes."""
        self._held[key] = value
        while len(self._held) > self._most:
            with suppress(KeyError):
                self._held.popitem(last=False)


YEARS = Kept(MOST_YEARS)
