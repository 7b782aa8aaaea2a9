"""What a regime's gains are worth together: cases + y · directives + x · core jobs, for every y and x.

How many cases a directive or a core job is worth is nobody's to set but the reader's, so it is never set here: told are
the worths at which the answer turns, with their interval, and the share of all worths under which a regime wins. Sums
of a run stand in `model.measures.WORTH`; a win is a paired 95 % interval (Student's t) above 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from model.measures import WORTH

from ..activities import SERVES
from ..store import Results
from .differences import by_regime

ITEMS = (1.0, 1.0, 1.0)
"""Worths that count a case, a directive and a core job alike."""
STEPS = 400
"""Parts of each side of the simplex of weights: a share of wins is counted over 160,000 weights."""
DRAWN = ("lhs", "sobol", "morris")
"""Designs whose points stand for all that could be drawn."""
AXIS = np.round(np.geomspace(0.1, 100.0, 61), 6)
"""Worths over which the sign map is drawn, both ways."""


@dataclass(frozen=True)
class BreakEven:
    """At which worth of a core job (in cases) a regime and the base are even.

    low, high: between them lie all worths from 0 on at which the two cannot be told apart (95 %; Fieller 1954), high is
    None if they have no end, both are None if there are none. side: the regime wins where a core job is worth less
    ("below") or more ("above") than `value`, or by its means "always" or "never", with no value.
    """

    at_policy: float
    value: float | None
    low: float | None
    high: float | None
    side: str


@dataclass(frozen=True)
class Worth:
    """How a regime does against the base, whatever things are worth."""

    region: str
    regime: str
    pairs: int
    """Seeds, or points where these are drawn."""
    break_even: tuple[BreakEven, ...]
    """At a directive worth 1 case, and worth the cases that its paid hours would meet (if known)."""
    hours: tuple[float, float, float] | None
    """Paid hours under the base a case met, a directive's value got, a core job done."""
    won: dict[str, float | None]
    """Share of all weights under which the regime wins: `per_item`, and `per_hour` that items take under the base."""
    lost: dict[str, float | None]


def worths(results: Results) -> list[Worth]:
    """The worth of every regime but the first in every region, over all points of a folder."""
    return [one for region in results.regions for regime in results.plan.regimes[1:]
            if (one := worth(results, region, regime)) is not None]


def worth(results: Results, region: str, regime: str) -> Worth | None:
    """The worth of one regime against the plan's first; None with fewer than two pairs."""
    gains = gains_of(results, region, regime)
    if len(gains) < 2:
        return None
    hours = hours_per_item(results, region)
    share = {"per_item": shares_won(gains), "per_hour": shares_won(gains, hours) if hours else (None, None)}
    prices = [1.0, *([hours[1] / hours[0]] if hours else [])]
    return Worth(region, regime, len(gains), tuple(break_even(gains, y) for y in prices), hours,
                 {k: won for k, (won, _lost) in share.items()}, {k: lost for k, (_won, lost) in share.items()})


@lru_cache(maxsize=256)
def gains_of(results: Results, region: str, regime: str) -> np.ndarray:
    """Paired differences of the three sums to the plan's first regime: units × 3.

    A unit is a seed, averaged over the plan's points (whole seeds only); a point, averaged over its seeds, where points
    are drawn.
    """
    base, table = results.plan.regimes[0], results.runs()
    table = table[table["region"] == region]
    if not {base, regime} <= set(table["regime"]):
        return np.empty((0, 3))
    columns = [by_regime(table, name)[[base, regime]].diff(axis=1)[regime] for name in WORTH]
    pairs = pd.concat(columns, axis=1).dropna()
    points = pairs.index.get_level_values("point").nunique()
    if points > 1 and results.plan.design.kind in DRAWN:
        return pairs.groupby(level="point").mean().to_numpy(float)
    seeds = pairs.groupby(level="seed")
    return seeds.mean()[seeds.size() == points].to_numpy(float)


@lru_cache(maxsize=8)
def hours_per_item(results: Results, region: str) -> tuple[float, float, float] | None:
    """Paid hours that a case met, a unit of directive value got and a core job done take under the plan's first regime.

    Which activities serve what is said in `experiments.activities`; None where something was never met.
    """
    base, ledger, runs = results.plan.regimes[0], results.ledger(), results.runs()
    spent = ledger[(ledger["regime"] == base) & (ledger["region"] == region)]
    met = runs[(runs["regime"] == base) & (runs["region"] == region)]
    found = []
    for name, acts in zip(WORTH, SERVES.values(), strict=True):
        hours, got = spent.loc[spent["activity"].isin(acts), "hours"].sum(), met[name].astype(float).sum()
        if not (hours > 0 and got > 0):
            return None
        found.append(float(hours / got))
    return found[0], found[1], found[2]


def break_even(gains: np.ndarray, at_policy: float = 1.0) -> BreakEven:
    """The worth of a core job at which a regime gains nothing, where a directive is worth `at_policy` cases."""
    fixed, per_job = gains[:, 0] + at_policy * gains[:, 1], gains[:, 2]
    a, b = float(fixed.mean()), float(per_job.mean())
    low, high = _open_from_to(fixed, per_job)
    if a * b < 0:
        return BreakEven(at_policy, -a / b, low, high, "below" if a > 0 else "above")
    return BreakEven(at_policy, None, low, high, "always" if a > 0 or b > 0 else "never")


def _open_from_to(fixed: np.ndarray, per_job: np.ndarray) -> tuple[float | None, float | None]:
    """The smallest and the largest worth ≥ 0 at which the mean of fixed + worth · per_job is not told apart from 0."""
    n = len(fixed)
    t2 = float(stdtrit(n - 1, 0.975)) ** 2 / n
    (vaa, vab), (_, vbb) = np.cov(fixed, per_job).tolist()
    a, b = float(fixed.mean()), float(per_job.mean())
    square, twice, level = b * b - t2 * vbb, 2 * (a * b - t2 * vab), a * a - t2 * vaa  # ≤ 0: not told apart
    roots = [x for x in _roots(square, twice, level) if x > 0]
    ends = [0.0, *roots, math.inf]
    inside = [(low + min(high, 2 * low + 2)) / 2 for low, high in pairwise(ends)]
    here = [ends[n:n + 2] for n, x in enumerate(inside) if square * x * x + twice * x + level <= 0]
    if not here:
        return (roots[0], roots[-1]) if roots else (None, None)  # one point, where nothing varies over pairs
    return here[0][0], None if math.isinf(here[-1][1]) else here[-1][1]


def _roots(square: float, twice: float, level: float) -> list[float]:
    """Where a quadratic is 0, in order."""
    if abs(square) <= 1e-12 * (abs(twice) + abs(level)):
        return [-level / twice] if twice else []
    inside = twice * twice - 4 * square * level
    if inside < -1e-9 * twice * twice:
        return []
    half = math.sqrt(max(inside, 0.0))
    return sorted({(-twice - half) / (2 * square), (-twice + half) / (2 * square)})


def shares_won(gains: np.ndarray, per_item: tuple[float, float, float] = ITEMS) -> tuple[float, float]:
    """Of all weights on the three kinds (uniform on the simplex): under which share a regime wins, and loses.

    `gains` are pairs × 3; an item of each kind is multiplied by `per_item` before it is weighed, as the paid hours it
    takes.
    """
    scaled = gains * (np.asarray(per_item) / per_item[0])
    mean = scaled.mean(axis=0)
    spread = np.cov(scaled.T) * float(stdtrit(len(scaled) - 1, 0.975)) ** 2 / len(scaled)
    score = _weights() @ mean
    half = np.sqrt(np.maximum((_weights() @ spread * _weights()).sum(axis=1), 0.0))
    sure = np.abs(score) - half > 1e-12 * np.abs(mean).max()
    return float((sure & (score > 0)).mean()), float((sure & (score < 0)).mean())


@cache
def _weights() -> np.ndarray:
    """The middles of equal triangles that cover the simplex."""
    i, j = (place.ravel() for place in np.indices((STEPS, STEPS)))
    up, down = i + j < STEPS, i + j < STEPS - 1
    x, y = (np.concatenate((side[up] + 1 / 3, side[down] + 2 / 3)) / STEPS for side in (i, j))
    return np.stack([1 - x - y, x, y], axis=1)


def sign_map(results: Results, region: str, regimes: list[str] | None = None) -> pd.DataFrame:
    """Which regime is best where a core job is worth x cases and a directive y.

    Returns:
        One row a cell of `AXIS` × `AXIS`: x, y, best (a regime, the plan's first included), gain (its mean score less
        the first's), sure (told apart from the first, or where that is best: every other is worse).
    """
    base = results.plan.regimes[0]
    found = {r: g for r in regimes or results.plan.regimes[1:] if len(g := gains_of(results, region, r)) > 1}
    x, y = (grid.ravel() for grid in np.meshgrid(AXIS, AXIS))
    weights = np.stack([np.ones_like(x), y, x])
    means, widths = np.zeros((len(found) + 1, len(x))), np.zeros((len(found) + 1, len(x)))
    for n, gains in enumerate(found.values(), start=1):
        spread = np.cov(gains.T) * float(stdtrit(len(gains) - 1, 0.975)) ** 2 / len(gains)
        means[n] = gains.mean(axis=0) @ weights
        widths[n] = np.sqrt(np.maximum(np.einsum("ik,ij,jk->k", weights, spread, weights), 0.0))
    best = means.argmax(axis=0)
    gain = means.max(axis=0)
    lost = (means[1:] + widths[1:] < 0).all(axis=0)
    sure = np.where(best == 0, lost, gain > np.take_along_axis(widths, best[None], axis=0)[0])
    return pd.DataFrame({"x": x, "y": y, "best": np.array([base, *found])[best], "gain": gain, "sure": sure})


def as_json(found: Worth) -> dict[str, Any]:
    """As `compare --json` has it."""
    return {"break_even": [{"of": "core", "at_policy": b.at_policy, "value": b.value, "low": b.low, "high": b.high,
                            "side": b.side} for b in found.break_even],
            "wins_share": found.won, "loses_share": found.lost,
            "hours": dict(zip(SERVES, found.hours, strict=True)) if found.hours else None}
