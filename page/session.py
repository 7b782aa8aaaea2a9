"""A visitor's run: both sides of a comparison on one seed, stepped together, read from any thread."""

from __future__ import annotations

import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
import pandas as pd

from agents.work import ACTS, CLASSES
from experiments.activities import GROUPS
from experiments.runs import Source
from languages.text import Text
from model.errors import InputError, RuleError
from model.governance import GovernanceModel
from model.measures import HEADLINES, MEASURES

from .definition import Definition
from .eye import Eye
from .outcome import rounded, thinned
from .people import person_in
from .sides import DAY_LIMIT, build, endless, find_rules, guarded, release
from .why import Link, Modes, why_of
from .words_engine import filled, said_by, sentence
from .year import pack

WINDOW = 6
"""Days that a picture comes with: a morning, and the five days that its arrows count."""
TURN = 0.0005
"""Seconds the run pauses between two days when somebody waits to read."""
_epochs = count(1)


@dataclass(frozen=True)
class Failure:
    """Why a run stopped: one sentence, and what a person copies to report it."""

    text: Text
    details: str


class Session:
    """Two models on one seed. Every method may be called from any thread; a day is never seen half done.

    Args:
        definition: what to run.
        rules_of: rule files by name, from the server's start.

    A model or rule that fails sets `failure` and stops the run; nothing is raised. If it fails before day 0 there are
    no sides: snapshots have none, and nothing else is worth asking.
    """

    def __init__(self, definition: Definition, rules_of: Mapping[str, Source] | None = None) -> None:
        self.start = self.definition = definition
        self.epoch = next(_epochs)
        self.failure: Failure | None = None
        self.closed = False
        self._lock, self._waiting = threading.RLock(), 0
        self._models: list[GovernanceModel] = []
        self._eyes: list[tuple[Eye, deque[np.ndarray]]] = []
        """By side what looks at it every evening, and the last days it saw."""
        self._modes = Modes()
        self._cache: dict[Any, Any] = {}
        source, missing = find_rules(definition, rules_of)
        if missing is not None:
            self.failure = Failure(sentence("failed_start", error=missing), missing)
            return
        self._own_rules = source is not None
        self._try(lambda: self._begin(source))

    def _begin(self, source: Source | None) -> None:
        self._models.extend(build(self.definition, source))
        self._eyes = [(Eye(m), deque(maxlen=WINDOW)) for m in self._models]
        self._look()

    # --- running ------------------------------------------------------------------------------------------------

    @property
    def day(self) -> int:
        """Days done since the switch; the cool-down is run with the last of them and not shown."""
        models, sc = self._models, self.definition.scenario
        return min(max(0, min(m.day for m in models) - sc.burn_in), sc.days) if models else 0

    @property
    def days(self) -> int:
        """Days the run has."""
        return self.definition.scenario.days

    @property
    def ended(self) -> bool:
        """No day is left, or the run has failed or was closed."""
        return self.day >= self.days or self.failure is not None or self.closed

    def step(self, n: int = 1) -> int:
        """Run both sides n days, or to the end; returns how many were done. Others may read between two days."""
        done = 0
        while done < n and not self.ended:
            with self._lock:
                if self.ended:  # closed while waiting
                    break
                self._try(self._one_day)
                done += self.failure is None
            if self._waiting:
                time.sleep(TURN)  # a lock is not fair: let those through who wait
        return done

    def _one_day(self) -> None:
        self._cache = {}
        for m in self._models:
            with guarded(self._own_rules):
                m.step()
        for side, m in enumerate(self._models):
            self._modes.note(side, m)
        self._look()
        if self.day == self.days:
            self._cool_down()

    def _look(self) -> None:
        for eye, seen in self._eyes:
            seen.append(np.zeros(eye.width, np.uint8))
            eye.look(seen[-1])

    def _cool_down(self) -> None:
        """Run on after the last day, so that what arose can end; what is seen stays as it was on that day."""
        for m in self._models:
            while m.day < m.scenario.horizon:
                with guarded(self._own_rules):
                    m.step()

    def inject(self, kind: str, street: int = 0, domain: int = 0) -> Text | None:
        """Make something happen today on both sides: emergency, inspection, whistle or central_work.

        Returns:
            None, or the sentence that says why it cannot be.
        """
        with self._turn():
            if self.ended:
                return self.failure.text if self.failure else sentence("run_over", day=self.day)
            try:
                with_event = self.definition.with_(events=(*self.definition.events, {
                    "day": self.day, "kind": kind, "street": street, "domain": domain}))
                for m in self._models:
                    m.inject(kind, street, domain)
            except InputError as error:
                return sentence("event_wrong", error=said_by(error))
            self.definition = with_event
            return None

    def close(self) -> None:
        """Forget both models; a loop that still runs ends at its next day."""
        self.closed = True
        with self._turn():
            self._cache, self._eyes = {}, []
            release(self._models)

    # --- reading --------------------------------------------------------------------------------------------------

    def snapshot(self) -> dict[str, Any]:
        """The picture of today as `Year.packet` has a year, of the last days only; no `sides` if there are none."""
        def read() -> dict[str, Any]:
            first = self.day - len(self._eyes[0][1]) + 1
            return {"day": self.day, "epoch": self.epoch, "days": self.day - first,
                    "sides": [{**eye.lay, "bytes": pack(np.stack(seen))} for eye, seen in self._eyes],
                    "events": [[e.day - first, e.kind, e.street, e.domain] for e in self.definition.events
                               if e.day <= self.day]}
        return self._read("picture", read, {"day": 0, "epoch": self.epoch, "sides": []})

    def marks(self) -> list[list[Any]]:
        """[day, kind, street] of every event up to today, for the time line."""
        return [[e.day, e.kind, e.street] for e in self.definition.events if e.day <= self.day]

    def so_far(self, names: Iterable[str] = HEADLINES) -> dict[str, list[float | None]]:
        """A, B and B − A of some measures of the run so far."""
        names = tuple(names)
        sides = self._read(("so far", names), lambda: [[rounded(MEASURES[name].of(m)) for name in names]
                                                       for m in self._models], [[None] * len(names)] * 2)
        return {name: with_difference(*both) for name, *both in zip(names, *sides, strict=True)}

    def measures(self) -> list[dict[str, float | None]]:
        """Every measure of the run so far, a side each, to the last bit."""
        return self._read("measures", lambda: [m.measures() for m in self._models], [])

    def day_rows(self) -> list[pd.DataFrame]:
        """Every day series since the switch, a side each, to the last bit; for export."""
        return self._read("day rows", lambda: [m.series().loc[0:] for m in self._models], [])

    def series(self, names: Iterable[str]) -> dict[str, list]:
        """Day series since the switch: `day`, and for each name [A's, B's]; None where undefined or not by day."""
        def read() -> dict[str, list]:
            n = self.day
            keep = thinned(n)
            return {"day": keep.tolist(), **{name: [_by_day(m, name, keep) for m in self._models] for name in names}}
        names = tuple(names)
        return self._read(("series", names), read, {"day": [], **{name: [[], []] for name in names}})

    def time_use(self, side: int) -> dict[str, dict[str, float]]:
        """Shares of paid hours since the switch by agent class and group, each class adding up to 1.

        Groups are those of `experiments.activities`, words by their names.
        """
        def read() -> dict[str, dict[str, float]]:
            hours = self._hours(side)
            return {who: _shares(hours[c]) for c, who in enumerate(CLASSES)}
        return self._read(("time", side), read, {})

    def ledger(self) -> list[tuple[str, str, float, float, float]]:
        """Agent class, activity, hours on A, on B, and B − A since the switch; activities nobody spent are left out."""
        def read() -> list[tuple[str, str, float, float, float]]:
            a, b = (self._hours(side) for side in (0, 1))
            return [(who, act.lower(), float(a[c, n]), float(b[c, n]), float(b[c, n] - a[c, n]))
                    for c, who in enumerate(CLASSES) for n, act in enumerate(ACTS) if a[c, n] or b[c, n]]
        return self._read("ledger", read, [])

    def person(self, kind: str, index: int) -> dict[str, Any]:
        """The day of a leader, department, cadre or resident on both sides; see `page.people.person_of`."""
        return self._read(("person", kind, index), lambda: person_in(self._models, self._modes, kind, index), {})

    def why(self, measure: str) -> list[Link]:
        """Why B differs from A on a measure so far; see `page.why`."""
        return self._read(("why", measure), lambda: why_of(self._modes, self._models, measure), [])

    def _hours(self, side: int) -> np.ndarray:
        m = self._models[side]
        return m.record.hours[slice(*m.scenario.counted)].sum(axis=0)

    # --- turns and failures ---------------------------------------------------------------------------------------

    @contextmanager
    def _turn(self) -> Iterator[None]:
        self._waiting += 1
        try:
            with self._lock:
                yield
        finally:
            self._waiting -= 1

    def _read(self, key: Any, make: Callable[[], Any], empty: Any) -> Any:
        """What `make` gives for today, made once a day; `empty` without models or where a rule fails in reading."""
        with self._turn():
            if not self._models:
                return empty
            if key not in self._cache:
                try:
                    self._cache[key] = make()
                except RuleError as error:
                    self._fail(error)
                    return empty
            return self._cache[key]

    def _try(self, act: Callable[[], Any]) -> None:
        try:
            act()
        except Exception as error:  # whatever it is, it must end as words on this visitor's page
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        if self.failure is None:
            self.failure = _failure(error, self.day, bool(self._models))


def with_difference(a: float | None, b: float | None) -> list[float | None]:
    """A, B, B − A."""
    return [a, b, None if a is None or b is None else rounded(b - a)]


def _by_day(m: GovernanceModel, name: str, keep: np.ndarray) -> list[float | None]:
    daily = MEASURES[name].daily
    if daily is None:
        return [None] * len(keep)
    return [rounded(v) for v in daily(m)[m.scenario.burn_in:][keep].tolist()]


def _shares(hours: np.ndarray) -> dict[str, float]:
    total = max(float(hours.sum()), 1e-12)
    return {group: float(sum(hours[n] for n, act in enumerate(ACTS) if act.lower() in acts)) / total
            for group, acts in GROUPS.items()}


def _without_end(error: Exception) -> Text:
    """A rule's own sentence, which tells slot and place, with the page's words for the time limit."""
    long = sentence("endless", n=DAY_LIMIT)
    if error.__cause__ is None:  # no rule's sentence is around it
        return long
    why = error.text.values["why"]
    return filled(error.text, **{**error.text.values, "why": filled(why, **{**why.values, "kind": "", "said": long})})


def _failure(error: Exception, day: int, started: bool) -> Failure:
    details = "".join(traceback.format_exception(error))
    if endless(error):
        text = _without_end(error)
    elif isinstance(error, RuleError | InputError):
        text = said_by(error)
    else:
        text = sentence("failed_model", error=f"{type(error).__name__}: {error}")
    said = sentence("failed", day=day, error=text) if started else sentence("failed_start", error=text)
    return Failure(said, details)
