"""What the page answers: B against A on the pairs so far, by the same functions as `chuishao compare`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from experiments.analysis.worth import break_even
from experiments.runs import Source
from languages.text import Text, say
from model.measures import MEASURES, WORTH
from model.regimes import SWITCHES, parse_regime

from .definition import Definition
from .ensemble import Ensemble
from .outcome import CURVE_POINTS, CURVES, SHOWN, UNDEFINED, thinned
from .shipped import is_shipped, preload
from .strips import OUTCOMES, SLIDERS, Filling, Measures, ends_of, gains_of, strips_of, told_gains
from .year import Year

__all__ = ["CURVES", "PRIMARY", "SHOWN", "SLIDERS", "Answer", "Answering", "Part", "answer_of", "flips"]
PRIMARY = "served_cases"
"""What parts are first asked about."""
PART_SEEDS = 12
"""Pairs a part of the reform is measured on, unless more were made beforehand."""


@dataclass(frozen=True)
class Part:
    """A switch, and what it does where it is flipped on side B."""

    on: bool
    regime: str
    """The spelling with the switch flipped."""
    pairs: tuple[Measures, ...]
    """Measures without it and with it."""


@dataclass(frozen=True)
class Answer:
    """What is known so far of a definition.

    `wire(lang)` gives, JSON-able:
        pairs, wanted, running, origin ("shipped" or "live"), seconds, seeds (of the pairs).
        measures: {name: {label, unit ("share", "days", …), direction (+1 more is better, −1, 0), a, b, d, low, high,
            p, better ("a", "b", "open", "thin": fewer than two pairs), dots: [B − A of every pair]}}; None where
            undefined. `better` is the mark of `chuishao compare`.
        curves: {name: {label, day: [days of the points], low, high (what 0 and 254 stand for), a: [pairs × points],
            b: […]}}; whole numbers 0–254, −1 where undefined. `served_cases` by the day needs arose.
        parts: {switch: {label, on, regime (the spelling if it is flipped), d, low, high, pairs, better}}: what the
            switch adds here on `PRIMARY` (B with it less B without it, whichever of both B is); d is None while not
            known. Empty for a reform without switches.
        worth: {x (the worth of a core job in cases at which both are even, None), low, high, side ("below", "above",
            "always", "never": where B wins), gains: [mean of cases, directives, core jobs], cov: [[3 × 3] of the
            mean], t}, None with fewer than two pairs: B − A at weights w = (1, y, x) is w·gains ± t·√(w·cov·w).
        strips: {parameter: {low, high, value, scale ("linear" or "log"), points: [{x, pairs, better:
            {measure: "a"/"b"/"open"/"thin"}, d: {measure: …}, gains, cov, t}, …]}}, in the order of x; points are few
            or none until they are known.
    """

    definition: Definition
    pairs: tuple[Measures, ...] = ()
    curves: tuple[np.ndarray, ...] = field(default=(), compare=False)
    """Sides × `CURVES` × points, a pair each."""
    seeds: tuple[int, ...] = ()
    parts: Mapping[str, Part] = field(default_factory=dict, compare=False)
    strips: Mapping[str, dict[str, Any]] = field(default_factory=dict, compare=False)
    wanted: int = 0
    running: bool = False
    origin: str = "live"
    seconds: float = field(default=0.0, compare=False)

    def wire(self, lang: str = "en") -> dict[str, Any]:
        """As the browser gets it."""
        return {"pairs": len(self.pairs), "wanted": self.wanted, "running": self.running, "origin": self.origin,
                "seconds": round(self.seconds, 2), "seeds": list(self.seeds), "worth": self.worth,
                "measures": self._measures(lang), "curves": self._curves(lang), "parts": self._parts(lang),
                "strips": dict(self.strips)}

    @cached_property
    def _ends(self) -> dict[str, tuple[Any, str]]:
        return ends_of(list(self.pairs), SHOWN)

    @cached_property
    def _gains(self) -> np.ndarray:
        return gains_of(list(self.pairs))

    @cached_property
    def worth(self) -> dict[str, Any] | None:
        """At which worth of a core job both are even, a directive being worth a case; None with fewer than 2 pairs."""
        if len(self._gains) < 2:
            return None
        even = break_even(self._gains, 1.0)
        return {"x": even.value, "low": even.low, "high": even.high, "side": even.side, **told_gains(self._gains)}

    def _measures(self, lang: str) -> dict[str, Any]:
        out = {}
        for name, (end, better) in self._ends.items():
            measure = MEASURES[name]
            out[name] = {"label": say(measure.label, lang), "unit": measure.unit, "direction": measure.direction,
                         "a": end.mean_a, "b": end.mean_b, "d": end.difference, "low": end.low, "high": end.high,
                         "p": end.p, "better": better,
                         "dots": [None if None in (a[name], b[name]) else b[name] - a[name] for a, b in self.pairs]}
        return out

    def _curves(self, lang: str) -> dict[str, Any]:
        if not self.curves:
            return {}
        day = thinned(self.definition.scenario.days, CURVE_POINTS).tolist()
        every = np.stack(self.curves).astype(int)
        every[every == UNDEFINED] = -1
        return {name: {"label": say(MEASURES[name].label, lang), "day": day, "low": 0.0, "high": 1.0,
                       "a": every[:, 0, n].tolist(), "b": every[:, 1, n].tolist()} for n, name in enumerate(CURVES)}

    @cached_property
    def _part_ends(self) -> dict[str, tuple[Any, str]]:
        return {name: ends_of(list(one.pairs), OUTCOMES)[PRIMARY] for name, one in self.parts.items()}

    def _parts(self, lang: str) -> dict[str, Any]:
        out = {}
        for name, one in self.parts.items():
            end, better = self._part_ends[name]
            out[name] = {"label": say(SWITCHES[name][0], lang), "on": one.on, "regime": one.regime,
                         "pairs": len(one.pairs), "d": end.difference, "low": end.low, "high": end.high,
                         "better": better}
        return out


def flips(definition: Definition) -> dict[str, tuple[bool, str]]:
    """By switch, whether side B has it and how B is spelt with it flipped; empty for a reform without switches."""
    regime = definition.regimes[1]
    on = parse_regime(regime).on
    if not on & set(SWITCHES):
        return {}
    return {name: (name in on, parse_regime(f"{regime}{'-' if name in on else '+'}{name}").name) for name in SWITCHES}


def answer_of(run: Ensemble, seconds: float = 0.0) -> Answer:
    """The answer of an ensemble as it stands."""
    d, known = run.definition, run.known()
    parts = {}
    for name, (on, spelling) in flips(d).items():
        both = run.other_pairs(spelling) if spelling in run.others else []
        parts[name] = Part(on, spelling, tuple((other, b) if on else (b, other) for b, other in both))
    seeds = run.seeds_known()
    origin = "shipped" if run.done and all(is_shipped(d, seed) for seed in seeds) else "live"
    return Answer(d, tuple(pair.measures for pair in known), tuple(pair.curves for pair in known), tuple(seeds), parts,
                  strips_of(d), run.total, not run.done, origin, seconds)


class Answering:
    """One visitor's answers: shipped at once where there are any, replaced by live ones as they come.

    Args:
        changed: called, from any thread, after something new is known; it should only note that there is.
        pairs: how many pairs are wanted in all.
        rules_of: rule files by name, from the server's start.
    """

    def __init__(self, changed: Callable[[], None] = lambda: None, pairs: int = 40,
                 rules_of: Mapping[str, Source] | None = None) -> None:
        self._changed, self._wanted, self._rules = changed, pairs, rules_of
        self._run: Ensemble | None = None
        self._filling: Filling | None = None
        self._lock, self._asked = threading.RLock(), 0.0
        self._seconds: dict[int, float] = {}

    def ask(self, definition: Definition) -> Answer:
        """Begin anew with a definition, cancel the work before; what is known already is given at once."""
        with self._lock:
            self.leave()
            preload(definition)
            self._asked, self._seconds = time.perf_counter(), {}
            others = {spelling for _on, spelling in flips(definition).values()} - {definition.regimes[1]}
            self._run = Ensemble(definition, self._wanted, self._rules, year=True, others=sorted(others),
                                 other_seeds=PART_SEEDS)
            self._run.tell(self._news(self._run))
            return self.answer

    def _news(self, run: Ensemble) -> Callable[[], None]:
        def news() -> None:
            if run is not self._run:
                return
            with self._lock:
                if run.idle and self._filling is None and run is self._run and run.definition.rules is None:
                    self._filling = Filling(run.definition, self._changed)
            self._changed()
        return news

    @property
    def answer(self) -> Answer | None:
        """What is known now; None before anything was asked."""
        run = self._run
        if run is None:
            return None
        seconds = self._seconds.setdefault(run.pairs, time.perf_counter() - self._asked)
        return answer_of(run, seconds)

    @property
    def year(self) -> Year | None:
        """The `Year` of the definition's own seed; None until it is there (the first thing that is run)."""
        return self._run.year if self._run else None

    @property
    def error(self) -> Text | None:
        """A sentence (`Text`) where runs fail, else None."""
        return self._run.error if self._run else None

    def leave(self) -> None:
        """Stop everything."""
        with self._lock:
            for work in (self._run, self._filling):
                if work is not None:
                    work.cancel() if isinstance(work, Ensemble) else work.stop()
            self._filling = None


assert set(WORTH).isdisjoint(SHOWN)
