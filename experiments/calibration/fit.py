"""The search: Latin hypercube, Gauss–Newton, Nelder–Mead, profiles of the loss; all with common random numbers.

The loss is the sum of squared distances from the goals, each in its scale. Every set of values is run with the same
seeds, so that the loss is a function and differences between sets are not luck.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np

from .problem import Observed, Problem, mean_of

TOLERANCE = 1.0
"""Sets whose loss is at most this above the best count as fitting as well: one goal one scale further off."""
SPREAD, AIM, DESCEND = 0.3, 0.1, 0.2
"""Shares of the budget for the hypercube, Gauss–Newton and Nelder–Mead; the rest profiles the loss."""
GRID = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
NEAR, FAR = 0.25, 0.4
"""Shares of the range: within the first the linear picture of the model is drawn, beyond the second it is not used."""


@dataclass(frozen=True, eq=False)
class Tried:
    """A set of values that was run."""

    u: np.ndarray
    values: dict[str, float]
    seen: Observed
    loss: float


@dataclass(eq=False)
class Fit:
    """All sets that were run; the first is the scenario's own, moved into the ranges searched."""

    problem: Problem
    tried: list[Tried] = field(default_factory=list)

    @property
    def start(self) -> Tried:
        """The scenario as it is, or nearly where it lies outside the ranges searched."""
        return self.tried[0]

    @property
    def best(self) -> Tried:
        """The set of least loss."""
        return min(self.tried, key=lambda t: t.loss)

    def accepted(self) -> list[Tried]:
        """Sets that fit as well."""
        return [t for t in self.tried if t.loss <= self.best.loss + TOLERANCE]

    def interval(self, name: str) -> tuple[float, float]:
        """Smallest and largest value of a parameter among the sets that fit as well."""
        values = [t.values[name] for t in self.accepted()]
        return min(values), max(values)

    def open_share(self, k: int) -> float:
        """The share of the range searched that this interval covers; near 1: the figures do not tell the number."""
        places = [t.u[k] for t in self.accepted()]
        return float(max(places) - min(places))

    def profile(self, k: int) -> list[tuple[float, float]]:
        """Value and least loss found near it, for every place of the grid that anything was tried near."""
        best: dict[int, Tried] = {}
        for t in self.tried:
            cell = round(t.u[k] * (len(GRID) - 1))
            if cell not in best or t.loss < best[cell].loss:
                best[cell] = t
        name = self.problem.free[k].name
        return [(best[c].values[name], best[c].loss) for c in sorted(best)]

    def trade_off(self) -> tuple[str, str, float] | None:
        """The two parameters that stand in for each other most, and their correlation among sets that fit as well."""
        u = np.array([t.u for t in self.accepted()])
        names = [f.name for f in self.problem.free]
        if len(u) < 5:
            return None
        pairs = [(a, b) for a, b in itertools.combinations(range(len(names)), 2) if u[:, a].std() * u[:, b].std() > 0]
        found = [(names[a], names[b], float(np.corrcoef(u[:, a], u[:, b])[0, 1])) for a, b in pairs]
        return max(found, key=lambda f: abs(f[2]), default=None)


class _SpentError(Exception):
    """The budget is used up."""


def fit(problem: Problem, seeds: range, budget: int, count: Callable[[], None] = lambda: None) -> Fit:
    """Search for the values that meet the goals.

    `budget` sets of values are run with the same seeds; `count` is called after every run. The same arguments give the
    same, to the bit.
    """
    found = Fit(problem)

    def loss(u: np.ndarray, most: int = budget) -> float:
        if len(found.tried) >= most:
            raise _SpentError
        u = np.clip(u, 0, 1)
        values = problem.values(u)
        seen = mean_of(problem.observe, problem.scenario.with_(**values), seeds, count)
        found.tried.append(Tried(u, values, seen, float((problem.misses(seen) ** 2).sum())))
        return found.tried[-1].loss

    loss(problem.start())
    with suppress(_SpentError):
        _spread(found, loss, int(SPREAD * budget), seeds[0])
        for _ in range(int(AIM * budget)):
            loss(_aimed(found, {}))
        _descend(found, loss, int((SPREAD + AIM + DESCEND) * budget))
        _profile(found, loss)
    return found


def _spread(found: Fit, loss: Callable, n: int, seed: int) -> None:
    from scipy.stats import qmc

    for u in qmc.LatinHypercube(len(found.problem.free), rng=seed).random(n):
        loss(u)


def _descend(found: Fit, loss: Callable, most: int) -> None:
    """Nelder–Mead from the best set, until so many sets have been tried."""
    from scipy.optimize import minimize

    with suppress(_SpentError):
        minimize(lambda u: loss(u, most), found.best.u, method="Nelder-Mead", bounds=[(0, 1)] * len(found.best.u),
                 options={"initial_simplex": _simplex(found.best.u), "xatol": 1e-3, "fatol": 1e-3})


def _simplex(u: np.ndarray, step: float = 0.1) -> np.ndarray:
    inward = np.where(u > 0.5, -step, step)
    return np.vstack((u, u + np.diag(inward)))


def _profile(found: Fit, loss: Callable) -> None:
    """For values over the whole range of each number: the others where a linear picture says they do best, and run.

    Then nearer and nearer to the best, which is where "fits as well" ends; until the budget is used up.
    """
    width = 1.0
    while True:
        best = found.best.u.copy()
        for x, k in itertools.product(GRID, range(len(best))):
            loss(_aimed(found, {k: x if width == 1 else best[k] + width * (x - 0.5)}))
        width /= 2


def _aimed(found: Fit, fixed: dict[int, float]) -> np.ndarray:
    """The point where bounded least squares meet the goals best, the model being taken as linear around the best."""
    from scipy.optimize import lsq_linear

    centre = found.best.u
    intercept, slopes = _linear(found, centre)
    point = centre.copy()
    for k, x in fixed.items():
        point[k] = np.clip(x, 0, 1)
    rest = [i for i in range(len(centre)) if i not in fixed]
    aim = -(intercept + (point - centre) @ slopes)
    low, high = np.maximum(-centre[rest], -FAR), np.minimum(1 - centre[rest], FAR)
    point[rest] += lsq_linear(slopes[rest].T, aim, (low - 1e-9, high + 1e-9)).x
    return np.clip(point, 0, 1)


def _linear(found: Fit, centre: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Misses at the centre and their slopes (parameters × goals), by least squares over the sets tried near it."""
    u = np.array([t.u for t in found.tried]) - centre
    misses = np.array([found.problem.misses(t.seen) for t in found.tried])
    weight = np.exp(-(u**2).sum(axis=1) / (4 * NEAR**2))[:, None] + 1e-3
    fitted = np.linalg.lstsq(np.column_stack((np.ones(len(u)), u)) * weight, misses * weight, rcond=1e-6)[0]
    return fitted[0], fitted[1:]
