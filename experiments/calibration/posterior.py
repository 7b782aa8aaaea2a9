"""From a bank of runs to a posterior: history matching, then regression ABC; and whether that can be trusted.

1. Sets of numbers are implausible whose figures lie more than three standard deviations from a goal, the deviation
   being that of the goal (how far the model may be off what was published) and of the luck of seeds.
2. Of the rest, each run is given an error drawn from the goals' deviations (Wilkinson 2013: the model is not the
   world); the nearest are weighted by distance (Epanechnikov) and moved along a regression of the numbers on the
   figures (Beaumont, Zhang, Balding 2002), by the logit of their place, so that they stay inside their ranges.
3. The same is done with runs of the bank in the place of the world: are their numbers found again (cross-validation),
   and are their ranks uniform (simulation-based calibration, Talts et al. 2018)?

No library does this with a bank of runs that is there already: pyABC draws and keeps its own, ELFI is dormant, sbi
brings torch. What is used is numpy's least squares and scipy's tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from .bank import FIGURES, Bank
from .published import Published, published

FAR = 3.0
"""Standard deviations beyond which a set of numbers is implausible (Pukelsheim 1994)."""
NEAREST, FEWEST = 0.5, 40
"""Share of the plausible runs that are weighted; of fewer plausible runs nothing is said."""
EDGE = 1e-3
"""A place nearer to an end of its range counts as so far from it."""
TRUTHS, DRAWS = 200, 100
"""So many runs stand for the world when the method is checked; so many draws are kept."""
SURE = 0.9


@dataclass(frozen=True)
class Goal:
    """A figure to be met, and how far off counts as a standard deviation."""

    figure: Published
    scale: float


@dataclass(frozen=True, eq=False)
class Weighted:
    """Places of numbers with weights: a posterior as a sample."""

    u: np.ndarray
    weight: np.ndarray

    @property
    def size(self) -> float:
        """How many draws of equal weight would tell as much."""
        return float(self.weight.sum() ** 2 / (self.weight**2).sum())

    def mean(self) -> np.ndarray:
        """Mean place of every number."""
        return self.weight @ self.u / self.weight.sum()

    def sd(self) -> np.ndarray:
        """Standard deviation of every number's place."""
        return np.sqrt(self.weight @ (self.u - self.mean()) ** 2 / self.weight.sum())

    def quantile(self, share: float) -> np.ndarray:
        """The place below which so much of the weight lies, of every number."""
        order = np.argsort(self.u, axis=0)
        below = np.cumsum(self.weight[order], axis=0) / self.weight.sum()
        at = (below >= share).argmax(axis=0)
        return np.take_along_axis(self.u, order, axis=0)[at, np.arange(self.u.shape[1])]

    def rank(self, u: np.ndarray) -> np.ndarray:
        """The share of the weight below a place, of every number."""
        return self.weight @ (self.u < u) / self.weight.sum()

    def drawn(self, count: int) -> np.ndarray:
        """So many draws of equal weight, always the same, in no order: the first of them are a sample, too."""
        chosen = np.random.default_rng(1).choice(len(self.u), count, p=self.weight / self.weight.sum())
        return self.u[chosen]


@dataclass(frozen=True, eq=False)
class Posterior:
    """A fit with its uncertainty."""

    bank: Bank
    runs: pd.DataFrame
    """Of the bank: set, seed, figures."""
    goals: tuple[Goal, ...]

    @cached_property
    def keys(self) -> list[str]:
        """The figures fitted to."""
        return [goal.figure.key for goal in self.goals]

    @cached_property
    def whole(self) -> pd.DataFrame:
        """Runs that have every figure fitted to."""
        return self.runs.dropna(subset=self.keys)

    @cached_property
    def luck(self) -> pd.Series:
        """Variance between seeds of one set, of every figure."""
        return self.whole.groupby("set")[list(FIGURES)].var(ddof=1).mean().fillna(0.0)

    @cached_property
    def implausibility(self) -> pd.Series:
        """The largest distance from a goal, in standard deviations, by set."""
        sets = self.whole.groupby("set")
        mean, count = sets[self.keys].mean(), sets.size()
        far = {g.figure.key: (mean[g.figure.key] - g.figure.value).abs() / np.sqrt(
            g.scale**2 + self.luck[g.figure.key] / count) for g in self.goals}
        return pd.DataFrame(far).max(axis=1)

    @cached_property
    def plausible(self) -> pd.DataFrame:
        """The runs of sets that are not implausible."""
        kept = self.implausibility.index[self.implausibility <= FAR]
        return self.whole[self.whole["set"].isin(kept)].reset_index(drop=True)

    @cached_property
    def places(self) -> np.ndarray:
        """Place of the numbers of each plausible run."""
        return np.array([self.bank.draw(n) for n in self.plausible["set"]]).reshape(-1, len(self.bank.free))

    @cached_property
    def seen(self) -> np.ndarray:
        """Figures of each plausible run as the world might have shown them: with an error of the goals' size."""
        scale = np.array([goal.scale for goal in self.goals])
        error = np.random.default_rng(2).standard_normal((len(self.plausible), len(scale))) * scale
        return self.plausible[self.keys].to_numpy() + error

    @cached_property
    def found(self) -> Weighted:
        """The posterior, given what was published."""
        return self.given(np.array([goal.figure.value for goal in self.goals]), np.ones(len(self.plausible), bool))

    def given(self, figures: np.ndarray, use: np.ndarray, seen: np.ndarray | None = None) -> Weighted:
        """The posterior given some figures, from some of the plausible runs."""
        return regression_abc(self.places[use], (self.seen if seen is None else seen)[use], figures)

    @cached_property
    def shrunk(self) -> np.ndarray:
        """How much narrower each number's posterior is than before, 0–1 (by standard deviation of its place)."""
        return self._shrunk(self.found)

    def _shrunk(self, found: Weighted) -> np.ndarray:
        return 1 - found.sd() / np.sqrt(1 / 12)

    @cached_property
    def chance(self) -> float:
        """What the luckiest of the numbers shrinks by where figures go with no number, 19 times of 20."""
        rng, target = np.random.default_rng(3), np.array([goal.figure.value for goal in self.goals])
        use = np.ones(len(self.places), bool)
        most = [self._shrunk(self.given(target, use, rng.permutation(self.seen))).max() for _again in range(60)]
        return float(np.quantile(most, 0.95))

    @cached_property
    def told(self) -> list[str]:
        """Numbers of which the figures tell anything, the most told first.

        Narrower than luck makes the narrowest of all, and found again where known (one-sided, 5 % over all numbers).
        """
        from scipy.stats import norm

        r, truths = self.recovery["r"].fillna(0.0).to_numpy(), len(self.checked["truth"])
        least = np.tanh(norm.isf(0.05 / len(r)) / np.sqrt(max(truths - 3, 1)))
        order = np.argsort(-self.shrunk, kind="stable")
        return [self.bank.free[k].name for k in order if self.shrunk[k] > self.chance and r[k] > least]

    @cached_property
    def recovery(self) -> pd.DataFrame:
        """Runs of the bank in the place of the world, each left out with its set.

        Returns:
            One row a number: name, r (correlation of the number and its posterior mean), inside (share of truths in
            the interval of 90 %), p (of uniform ranks, Kolmogorov–Smirnov; simulation-based calibration).
        """
        from scipy.stats import kstest

        truth, mean = self.checked["truth"], self.checked["mean"]
        rank = self.checked["rank"]
        low, high = (1 - SURE) / 2, (1 + SURE) / 2
        with np.errstate(invalid="ignore"):
            r = [float(np.corrcoef(truth[:, k], mean[:, k])[0, 1]) for k in range(truth.shape[1])]
        return pd.DataFrame({"name": [f.name for f in self.bank.free], "r": r,
                             "inside": ((rank > low) & (rank < high)).mean(axis=0),
                             "p": [float(kstest(rank[:, k], "uniform").pvalue) for k in range(truth.shape[1])]})

    @cached_property
    def checked(self) -> dict[str, np.ndarray]:
        """Truth, posterior mean and rank of the truth, a row a run that stood for the world and a column a number."""
        sets = self.plausible["set"].to_numpy()
        chosen = np.random.default_rng(4).permutation(np.unique(sets))[:TRUTHS]
        rows = [int(np.flatnonzero(sets == n)[0]) for n in chosen]
        found = [self.given(self.seen[row], sets != sets[row]) for row in rows]
        return {"truth": self.places[rows], "mean": np.array([one.mean() for one in found]),
                "rank": np.array([one.rank(self.places[row]) for one, row in zip(found, rows, strict=True)])}

    def pairs(self, least: float = 0.3) -> list[tuple[str, str, float]]:
        """Numbers that stand in for each other: their correlation in the posterior, the strongest first."""
        w, names = self.found, [f.name for f in self.bank.free]
        away = (w.u - w.mean()) * np.sqrt(w.weight / w.weight.sum())[:, None] / np.maximum(w.sd(), 1e-12)
        r = away.T @ away
        some = [k for k, name in enumerate(names) if name in self.told]
        pairs = [(names[a], names[b], float(r[a, b])) for i, a in enumerate(some) for b in some[i + 1:]]
        return sorted((one for one in pairs if abs(one[2]) >= least), key=lambda one: -abs(one[2]))

    def draws(self, count: int = DRAWS) -> list[dict[str, float]]:
        """Draws from the posterior as numbers."""
        return [self.bank.values(np.clip(u, 0, 1)) for u in self.found.drawn(count)]


def regression_abc(u: np.ndarray, seen: np.ndarray, figures: np.ndarray, share: float = NEAREST) -> Weighted:
    """The nearest runs, weighted by distance, moved to where they would lie had they shown the figures.

    `u` are places of numbers and `seen` what was shown, a row a run; `share` of the runs is used.
    """
    spread = seen.std(axis=0)
    off = (seen - figures) / np.where(spread > 0, spread, 1.0)
    far = np.sqrt((off**2).sum(axis=1))
    near = np.argsort(far, kind="stable")[:min(len(u), max(FEWEST, round(share * len(u))))]
    edge = far[near].max()
    weight = 1 - (far[near] / edge) ** 2 if edge > 0 else np.ones(len(near))
    weight = np.maximum(weight, 1e-9)
    inside = np.clip(u[near], EDGE, 1 - EDGE)
    logit = np.log(inside / (1 - inside))
    root = np.sqrt(weight)[:, None]
    with_one = np.column_stack((np.ones(len(near)), off[near]))
    slopes = np.linalg.lstsq(with_one * root, logit * root, rcond=1e-10)[0][1:]
    moved = logit - off[near] @ slopes
    return Weighted(1 / (1 + np.exp(-moved)), weight)


def goals_of(target: str, level: str | None) -> tuple[Goal, ...]:
    """What is fitted to, and how far the model may be off each.

    Formalism: the sources give .25 to .67, four times the deviation. Escalation is of provinces' planning targets, not
    of streets'. The start of the hotline's series is disputed between two sources, a tenth apart.
    """
    known = published()
    share = known[f"formalism_{(level or '0.45')[2:]}"]
    first = (Goal(replace(share, key=FIGURES[0]), 0.1), Goal(known["escalation"], 0.2))
    if target == "formalism":
        return first
    return (*first, Goal(known["resolution_start"], 0.1), Goal(known["satisfaction_start"], 0.1),
            Goal(known["repeat_start"], 0.05))


def ends(found: Weighted, share: float = SURE) -> Sequence[np.ndarray]:
    """Both ends of the interval of so much of the weight."""
    return found.quantile((1 - share) / 2), found.quantile((1 + share) / 2)
