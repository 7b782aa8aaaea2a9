"""The answer over plausible worlds: in what share of them each outcome gains, which numbers decide, where it turns.

A world is a point of a plan of kind plausible: all assumed numbers, levels and worths drawn at once. Its gain is the
mean paired difference over its seeds, turned so that above 0 is better. The ranges are ours, so that a share says how
far the answer hangs on what is assumed, and is no probability.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.stats import binomtest

from languages.text import Text, _, listed
from model.errors import InputError
from model.measures import HEADLINES, MEASURES, WORTH
from model.scenario import PARAMETERS, Scenario, load_scenario

from .. import design
from ..installed import need
from ..paired import TIE, t_interval
from ..plan import SweepPlan
from ..store import Results
from .differences import by_regime
from .failure import FEWEST, Box, box_of

SCORE = "score"
OUTCOMES = (*HEADLINES, SCORE)
RESAMPLES, SURE = 100, 8
"""Bootstrap resamples of an index, and how many of the highest get an interval by them, which takes its time."""
FURTHEST = 1e12
"""Lagrange multiplier beyond which nothing moves any more."""
MOVES = 6
"""So many of the moves to a turn are named."""
BOXED = 20
"""So many numbers may limit a box: of a hundred some would by chance, and PRIM would take minutes."""
LEAF = 0.05
"""A leaf of the tree holds no smaller share of the worlds; it asks at most three questions."""


def outcome_label(name: str) -> Text:
    """What an outcome is called."""
    return _("Score at drawn worths") if name == SCORE else MEASURES[name].label


def known_outcome(name: str) -> str:
    """The name of an outcome.

    Raises:
        InputError: there is none.
    """
    if name not in OUTCOMES:
        raise InputError(_("{name!r} is no outcome of plausible worlds; give one of {list}", name=name,
                           list=listed(OUTCOMES)))
    return name


@dataclass(frozen=True, eq=False)
class Worlds:
    """The worlds of one region, under one regime against the plan's first."""

    region: str
    regime: str
    plan: SweepPlan
    base: Scenario
    table: pd.DataFrame
    """A row a world whose runs are all done: width, counts (layered looks like layered), the gain of every outcome."""
    place: pd.DataFrame
    """Where each drawn number lies: 0 the region's own, −1 and 1 the ends of the plan's own range."""
    seeds: dict[str, pd.DataFrame] = field(default_factory=dict)
    """By outcome the gains of the single seeds."""

    def chosen(self, outcome: str, width: float | None = None, filtered: bool = True) -> pd.Series:
        """The gains of an outcome, where it is defined: of one width (all if None), of worlds that count or all."""
        here = self.table[outcome].notna()
        if filtered:
            here &= self.table["counts"]
        if width is not None:
            here &= self.table["width"] == width
        return self.table.loc[here, outcome]

    def numbers(self, outcome: str) -> list[str]:
        """What may decide an outcome; worths only the score."""
        return [n for n in self.place if outcome == SCORE or not n.startswith(design.WORTH_OF)]


@lru_cache(maxsize=16)
def worlds(results: Results, regime: str) -> list[Worlds]:
    """The worlds of every region.

    Raises:
        InputError: the folder's plan is of another kind, or no world is done.
    """
    plan = results.plan
    if plan.design.kind != "plausible":
        raise InputError(_("{folder} holds a {kind} design; this needs kind = \"plausible\", e.g. `chuishao run "
                           "plausible`", folder=results.folder, kind=plan.design.kind))
    found = [one for region, given in zip(results.regions, plan.regions, strict=True)
             if (one := _worlds(results, region, load_scenario(given, **plan.fixed), regime)) is not None]
    if not found:
        raise InputError(_("{folder} holds no finished pair of {base!r} and {other!r}; see `chuishao status`",
                           folder=results.folder, base=plan.regimes[0], other=regime))
    return found


def _worlds(results: Results, region: str, base: Scenario, regime: str) -> Worlds | None:
    plan, first = results.plan, results.plan.regimes[0]
    runs = results.runs()
    runs = runs[(runs["region"] == region) & runs["regime"].isin([first, regime])]
    whole = runs.groupby("point").size()
    points = whole.index[whole == 2 * plan.seeds.per_point]
    runs = runs[runs["point"].isin(points)]
    if runs.empty:
        return None
    one = runs.drop_duplicates("point").set_index("point")
    seeds = {name: _gains(runs, name, first, regime) * MEASURES[name].direction for name in HEADLINES}
    seeds[SCORE] = _score(runs, one, plan, first, regime)
    table = pd.DataFrame({"width": one[design.WIDTH].astype(float), "counts": _like_layered(runs, plan, first),
                          **{name: gains.mean(axis=1, skipna=False) for name, gains in seeds.items()}})
    return Worlds(region, regime, plan, base, table, _places(one, plan, base, regime), seeds)


def _gains(runs: pd.DataFrame, measure: str, first: str, regime: str) -> pd.DataFrame:
    """Paired differences: one row per point, one column per seed."""
    wide = by_regime(runs, measure)
    return _by_point(wide[regime] - wide[first])


def _by_point(values: pd.Series) -> pd.DataFrame:
    order = values.groupby(level="point").cumcount()
    return values.to_frame("v").assign(k=order).droplevel(["region", "seed"]).set_index("k", append=True)["v"].unstack()


def _score(runs: pd.DataFrame, one: pd.DataFrame, plan: SweepPlan, first: str, regime: str) -> pd.DataFrame:
    """Gain in cases + y · directives + x · core jobs at the world's own worths, as a share of the first regime's."""
    gained: Any = 0.0
    had: Any = 0.0
    for name in WORTH:
        worth = one.get(design.WORTH_OF + name, pd.Series(1.0, one.index)).astype(float)
        gained = gained + _gains(runs, name, first, regime).mul(worth, axis=0)
        had = had + _by_point(by_regime(runs, name)[first]).mul(worth, axis=0)
    return gained / had.where(had > 0)


def _like_layered(runs: pd.DataFrame, plan: SweepPlan, first: str) -> pd.Series:
    """Whether the first regime, by its mean over seeds, lies within every band."""
    means = runs[runs["regime"] == first].groupby("point")[list(plan.plausible.bands)].mean().astype(float)
    inside = pd.Series(True, runs["point"].unique())
    for name, (low, high) in plan.plausible.bands.items():
        inside &= means[name].between(low, high)
    return inside


def _places(one: pd.DataFrame, plan: SweepPlan, base: Scenario, regime: str) -> pd.DataFrame:
    found, levels = {}, design.levels_of(plan, regime)
    for name in design.places(plan):
        if name in PARAMETERS:
            low, middle, high = design.number_range(plan, base, name)
            off = one[f"parameter_{name}" if name in MEASURES else name].astype(float) - middle
            side = np.where(off < 0, middle - low, high - middle)
            found[name] = (off / np.where(side > 0, side, np.inf)).astype(float)
        elif name in plan.plausible.levels and name in levels:
            low, high = plan.plausible.levels[name]
            found[name] = (one[name].astype(float) - (low + high) / 2) / ((high - low) / 2)
        elif name.startswith(design.WORTH_OF):
            low, high = np.log(plan.plausible.worths[name.removeprefix(design.WORTH_OF)])
            found[name] = (np.log(one[name].astype(float)) - (low + high) / 2) / ((high - low) / 2)
    return pd.DataFrame(found)


def shares(of: Worlds) -> pd.DataFrame:
    """In what share of the worlds each outcome gains.

    Returns:
        One row an outcome, width of the ranges and filter (whether only worlds count in which layered looks like
        layered): outcome, width, filtered, worlds, gains with low and high (Wilson 1927, 95 %), loses, mean with
        mean_low and mean_high (95 %; of the score: a share of layered's).
    """
    return pd.DataFrame([_share(of, outcome, width, filtered) for outcome in OUTCOMES
                         for width in of.plan.plausible.widths for filtered in (True, False)])


def _share(of: Worlds, outcome: str, width: float, filtered: bool) -> dict[str, Any]:
    gains = of.chosen(outcome, width, filtered)
    n, told = len(gains), {"outcome": outcome, "width": width, "filtered": filtered, "worlds": len(gains)}
    if not n:
        return {**told, **dict.fromkeys(("gains", "low", "high", "loses", "mean", "mean_low", "mean_high"))}
    low, high = t_interval(gains.to_numpy()) if n > 1 else (None, None)
    ends = dict(zip(("low", "high"), map(float, binomtest(int((gains > TIE).sum()), n).proportion_ci(method="wilson")),
                    strict=True))
    return {**told, "gains": float((gains > TIE).mean()), **ends,
            "loses": float((gains < -TIE).mean()), "mean": float(gains.mean()), "mean_low": low,
            "mean_high": high}


@lru_cache(maxsize=64)
def deciding(of: Worlds, outcome: str) -> pd.DataFrame:
    """First-order indices from the worlds as they were drawn, by RBD-FAST (Tarantola et al. 2006; SALib).

    Over the worlds that count, of all widths. Only RBD-FAST and delta take a sample as it is: delta (Borgonovo) had
    not ended after eight minutes for 112 numbers in 700 worlds. An index says what share of the
    variance of the gain goes with a number alone; `chance` is the highest of all numbers where the gains are shuffled.

    Returns:
        One row a number, most important first: parameter, S1, S1_conf (half of the 95 % interval), slope
        (rank correlation with the gain: above 0, more of it is better for the regime), chance.

    Raises:
        InputError: too few worlds.
    """
    from SALib.analyze import rbd_fast
    from scipy.stats import spearmanr

    gains, names = _enough(of, outcome), of.numbers(outcome)
    x, y = of.place.loc[gains.index, names], gains.to_numpy()
    x, y = x.loc[:, x.std() > 0], y if y.std() > 0 else y + np.linspace(0, 1e-12, len(y))
    space = {"num_vars": x.shape[1], "names": list(x), "bounds": [[-2.0, 2.0]] * x.shape[1]}
    found = rbd_fast.analyze(space, x.to_numpy(), y, num_resamples=2, seed=1)["S1"]
    shuffled = np.random.default_rng(1).permutation(y)
    chance = rbd_fast.analyze(space, x.to_numpy(), shuffled, num_resamples=2, seed=1)["S1"]
    table = pd.DataFrame({"parameter": list(x), "S1": np.asarray(found, float), "S1_conf": np.nan,
                          "slope": [float(spearmanr(x[name], y).statistic) for name in x],
                          "chance": float(np.max(chance))}).sort_values("S1", ascending=False, ignore_index=True)
    top = list(table["parameter"].head(SURE))
    space = {"num_vars": len(top), "names": top, "bounds": [[-2.0, 2.0]] * len(top)}
    sure = rbd_fast.analyze(space, x[top].to_numpy(), y, num_resamples=RESAMPLES, seed=1)["S1_conf"]
    table.loc[:len(top) - 1, "S1_conf"] = np.asarray(sure, float)
    return table


def _enough(of: Worlds, outcome: str) -> pd.Series:
    gains = of.chosen(outcome)
    if len(gains) < FEWEST:
        raise InputError(_("{region}: only {n} worlds count, and it takes {fewest}; run the plan with a larger --scale",
                           region=of.region, n=len(gains), fewest=FEWEST))
    return gains


@dataclass(frozen=True)
class Tree:
    """Up to three questions that tell worlds that gain from those that do not."""

    lines: list[dict[str, Any]]
    """Depth first: depth, parameter, value, above (the answer that leads here; None at the root), worlds, gains."""
    right: float
    """Share of worlds that it gets right in cross-validation (five parts)."""
    most: float
    """Share that the commoner sign alone gets right."""


@lru_cache(maxsize=64)
def tree(of: Worlds, outcome: str) -> Tree:
    """A small classification tree (CART, Breiman et al. 1984; scikit-learn) of gaining, over the worlds that count.

    Raises:
        InputError: too few worlds, or scikit-learn is not installed.
    """
    from sklearn.model_selection import StratifiedKFold, cross_val_score

    gains, names = _enough(of, outcome), of.numbers(outcome)
    x, better = of.place.loc[gains.index, names], (gains > TIE).to_numpy()
    most = float(max(better.mean(), 1 - better.mean()))
    found = _classifier(len(x)).fit(x.to_numpy(), better)
    parts = min(5, int(better.sum()), int((~better).sum()))
    right = float(cross_val_score(_classifier(len(x)), x.to_numpy(), better, cv=StratifiedKFold(
        parts, shuffle=True, random_state=1)).mean()) if parts > 1 else most
    rows = _branches(found.tree_, of, names, x.to_numpy(), better, np.ones(len(x), bool), 0, 0)
    return Tree(rows, right, most)


def _classifier(worlds_: int) -> Any:
    need("analysis", _("the tree"), "sklearn")
    from sklearn.tree import DecisionTreeClassifier

    return DecisionTreeClassifier(max_depth=3, min_samples_leaf=max(5, round(LEAF * worlds_)), random_state=1)


def _branches(grown: Any, of: Worlds, names: list[str], x: np.ndarray, better: np.ndarray, here: np.ndarray, node: int,
              depth: int, **came: Any) -> list[dict[str, Any]]:
    rows = [{"depth": depth, "parameter": None, "value": None, "above": None, **came, "worlds": int(here.sum()),
             "gains": float(better[here].mean())}]
    if grown.children_left[node] < 0:
        return rows
    k, edge = grown.feature[node], grown.threshold[node]
    value = value_at(of, names[k], edge)
    for above, child in ((False, grown.children_left[node]), (True, grown.children_right[node])):
        inside = here & ((x[:, k] > edge) == above)
        rows += _branches(grown, of, names, x, better, inside, child, depth + 1, parameter=names[k], value=value,
                          above=above)
    return rows


def value_at(of: Worlds, name: str, place: float) -> float:
    """What a number is at a place of its range; places are not cut at hard limits."""
    if name in PARAMETERS:
        low, middle, high = design.number_range(of.plan, of.base, name)
        return float(middle + abs(place) * ((high if place > 0 else low) - middle))
    if name.startswith(design.WORTH_OF):
        return design.worth_at(of.plan, name.removeprefix(design.WORTH_OF), place, 1.0)
    low, high = of.plan.plausible.levels[name]
    return float((low + high) / 2 + place * (high - low) / 2)


@lru_cache(maxsize=64)
def failure_box(of: Worlds, outcome: str) -> Box:
    """The box of failure (PRIM; see `failure_boxes`), over the worlds that count, its limits as values.

    Limits are sought on the `BOXED` numbers that go most with the gain, by index or rank correlation.

    Raises:
        InputError: too few worlds, or the workbench is not installed.
    """
    gains, index = _enough(of, outcome), deciding(of, outcome)
    weight = np.maximum(index["S1"], index["slope"].fillna(0.0)**2)
    names = list(index["parameter"][weight.sort_values(ascending=False, kind="stable").index[:BOXED]])
    found = box_of(of.region, of.place.loc[gains.index, names].assign(difference=gains), names, 1)
    limits = found.limits.assign(**{end: [value_at(of, name, at) for name, at in zip(
        found.limits["parameter"], found.limits[end], strict=True)] for end in ("low", "high", "least", "most")})
    return Box(found.region, found.table, limits)


@dataclass(frozen=True)
class Turn:
    """Where the answer turns, by a line fitted to the gains, and the nearest drawn world where it did.

    Distance: of all numbers the root of the sum of squares of how far they go, 1 being an end of the own range; a world
    drawn at random from the own ranges lies some √(numbers ÷ 3) away.
    """

    gain: float
    """What the line says of the region as it is."""
    fit: float
    """Share of the variance that the line explains of worlds it was not fitted to."""
    distance: float | None
    """To the nearest turn on the line, inside the doubled ranges; None: none found."""
    moves: list[dict[str, Any]]
    """The largest of the moves there: parameter, own, value, place."""
    drawn: float | None
    """Distance of the nearest drawn world that counts and in which every seed has the other sign; None: none."""
    typical: float
    """Median distance of the drawn worlds that count."""


@lru_cache(maxsize=64)
def turning(of: Worlds, outcome: str) -> Turn:
    """The nearest world in which the sign of an outcome's gain turns.

    Raises:
        InputError: too few worlds, or scikit-learn is not installed.
    """
    gains, names = _enough(of, outcome), of.numbers(outcome)
    x = of.place.loc[gains.index, names]
    slopes, at_home, fit = _line(x.to_numpy(), gains.to_numpy())
    there = _nearest(slopes, at_home, *_bounds(of, names))
    length = np.sqrt((x**2).sum(axis=1))
    each = of.seeds[outcome].loc[gains.index]
    turned = length[((each < -TIE) if at_home > 0 else (each > TIE)).all(axis=1)]
    moves = [] if there is None else [
        {"parameter": names[k], "own": value_at(of, names[k], 0.0), "value": value_at(of, names[k], there[k]),
         "place": float(there[k])} for k in np.argsort(-np.abs(there))[:MOVES] if abs(there[k]) > 1e-9]
    return Turn(float(at_home), fit, None if there is None else float(np.sqrt((there**2).sum())), moves,
                float(turned.min()) if len(turned) else None, float(length.median()))


def _line(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float, float]:
    """Slopes, value at 0, and R² by cross-validation of a ridge regression."""
    need("analysis", _("the nearest turn"), "sklearn")
    from sklearn.linear_model import RidgeCV
    from sklearn.model_selection import KFold, cross_val_predict

    model = RidgeCV(np.geomspace(1.0, 1e4, 13))
    guess = cross_val_predict(model, x, y, cv=KFold(5, shuffle=True, random_state=1))
    model.fit(x, y)
    return model.coef_, float(model.intercept_), float(1 - ((y - guess)**2).mean() / max(y.var(), 1e-300))


def _bounds(of: Worlds, names: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """How far places may go: the widest ranges, inside hard limits."""
    widest, ends = max(of.plan.plausible.widths), []
    for name in names:
        low = high = widest
        if name in PARAMETERS:
            p, (least, middle, most) = PARAMETERS[name], design.number_range(of.plan, of.base, name)
            low = min(low, (middle - p.low) / (middle - least)) if middle > least else 0.0
            high = min(high, (p.high - middle) / (most - middle)) if most > middle else 0.0
        elif name in of.plan.plausible.levels:
            hard, (least, most) = design.OF_REGIMES[name], of.plan.plausible.levels[name]
            low, high = (min(widest, gap / ((most - least) / 2)) for gap in (
                (least + most) / 2 - hard.low, hard.high - (least + most) / 2))
        ends.append((-low, high))
    return tuple(np.array(ends).T)


def _nearest(slopes: np.ndarray, at_home: float, low: np.ndarray, high: np.ndarray) -> np.ndarray | None:
    """The shortest way, inside the bounds, to where home + slopes · way is 0: by the Lagrange multiplier."""
    def way(step: float) -> np.ndarray:
        return np.clip(-np.sign(at_home) * step * slopes, low, high)

    def left(step: float) -> float:
        return np.sign(at_home) * (at_home + slopes @ way(step))

    return None if left(FURTHEST) > 0 else way(brentq(left, 0.0, FURTHEST, xtol=1e-12, maxiter=1000))
