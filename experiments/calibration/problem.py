"""What a fit is told: which numbers are free, which figures they are to meet, and how to observe these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from model.scenario import PARAMETERS, Scenario

from .published import Published

Observed = dict[str, float]
"""Figures by key."""


@dataclass(frozen=True)
class Free:
    """A parameter of the scenario that is fitted, and the range searched."""

    name: str
    low: float
    high: float

    def value(self, u: float) -> float:
        """From 0–1 to the range; in ratios where the range has no zero, so that 2 h is midway between 1 and 4 h."""
        if self.low > 0:
            return float(self.low * (self.high / self.low) ** u)
        return float(self.low + (self.high - self.low) * u)

    def place(self, value: float) -> float:
        """From the range to 0–1."""
        if self.low > 0:
            return float(np.clip(np.log(max(value, 1e-12) / self.low) / np.log(self.high / self.low), 0, 1))
        return float(np.clip((value - self.low) / (self.high - self.low), 0, 1))

    def __post_init__(self) -> None:
        known = PARAMETERS[self.name]
        assert known.low <= self.low < self.high <= known.high, f"{self.name}: search inside {known.low}–{known.high}"


@dataclass(frozen=True)
class Goal:
    """A figure to be met, and how far off counts as one."""

    figure: Published
    scale: float
    least: bool = False
    """Only falling short counts."""

    def miss(self, seen: float) -> float:
        """Distance in scales; ten where the model has no value."""
        if seen != seen:
            return 10.0
        return (min(seen - self.figure.value, 0.0) if self.least else seen - self.figure.value) / self.scale


@dataclass(frozen=True)
class Problem:
    """One kind of fit in one region."""

    name: str
    scenario: Scenario
    regime: str
    free: tuple[Free, ...]
    goals: tuple[Goal, ...]
    held_out: tuple[Published, ...]
    observe: Callable[[Scenario, int], Observed]
    """Scenario and seed → the goals' figures."""
    check: Callable[[Scenario, int], Observed]
    """The same, and those held out, from a longer run."""

    def values(self, u: np.ndarray) -> dict[str, float]:
        """Parameters at a point of the unit cube, to four figures, so that what is printed is what was run."""
        return {f.name: float(f"{f.value(x):.4g}") for f, x in zip(self.free, u, strict=True)}

    def start(self) -> np.ndarray:
        """Where the scenario's own values lie in the unit cube."""
        return np.array([f.place(getattr(self.scenario, f.name)) for f in self.free])

    def misses(self, seen: Observed) -> np.ndarray:
        """Distance from every goal, in its scale."""
        return np.array([g.miss(seen[g.figure.key]) for g in self.goals])


def mean_of(observe: Callable[[Scenario, int], Observed], scenario: Scenario, seeds: range,
            count: Callable[[], None] = lambda: None) -> Observed:
    """Means over seeds; `count` is called after every run."""
    found = []
    for seed in seeds:
        found.append(observe(scenario, seed))
        count()
    return {key: float(np.mean([one[key] for one in found])) for key in found[0]}
