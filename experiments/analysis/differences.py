"""Paired differences of a sweep: every point, region and regime against the first regime, seed by seed."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from languages.text import _
from model.errors import InputError, listed_by, near
from model.measures import HEADLINES, MEASURES, Measure

from ..paired import BETTER, OPEN, TIE, WORSE, Paired, mark, paired
from ..store import Results

__all__ = ["BETTER", "FAMILY", "OPEN", "WORSE", "all_lines", "by_regime", "differences", "judged", "known_measure",
           "lines", "score", "single", "two_arms"]
FAMILY = tuple(m for m in HEADLINES if MEASURES[m].direction)
"""Measures whose differences are judged together; see `differences`."""


def known_measure(name: str) -> Measure:
    """The measure of a name.

    Raises:
        InputError: there is none.
    """
    if name not in MEASURES:
        raise InputError(_("there is no measure {name!r}; {remedy}", name=name,
                           remedy=near(name, MEASURES, listed_by("measures"))))
    return MEASURES[name]


def by_regime(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    """A measure with one column per regime and one row per point, region and seed; NaN where a run is missing."""
    return table.pivot(index=["point", "region", "seed"], columns="regime", values=measure).astype(float)


def two_arms(results: Results, table: pd.DataFrame, measure: str, regime: str | None = None) -> pd.DataFrame:
    """A measure of the runs in `table` under the plan's first regime and another (its second if None), by `by_regime`.

    Raises:
        InputError: one of them has no finished run.
    """
    base, other = results.plan.regimes[0], regime or results.plan.regimes[1]
    wide = by_regime(table, measure)
    if base not in wide or other not in wide:
        raise InputError(_("{folder} holds no finished pair of {base!r} and {other!r}; see `chuishao status`",
                           folder=results.folder, base=base, other=other))
    return wide[[base, other]]


def differences(results: Results, measure: str) -> pd.DataFrame:
    """The paired difference of a measure at every point.

    A difference is marked better or worse after Holm's correction at 5 % over its family: the headline measures with a
    direction × the regimes but the base, in one point and region. A measure outside of it is judged as if it joined.

    Args:
        results: a folder of `chuishao run` or `compare --out`.
        measure: name of a measure.

    Returns:
        One row a point, region and other regime: point, region, varied values, regime, pairs, mean of both, difference,
        low, high (95 %, of this difference alone), interval (t or bootstrap), p_better, variance_ratio, p (as the
        interval is made), verdict (better, worse or unresolved).

    Raises:
        InputError: no such measure, or no finished pair.
    """
    known_measure(measure)
    return pd.DataFrame(_rows(results, measure))


def _rows(results: Results, measure: str) -> list[dict[str, Any]]:
    base, there = results.plan.regimes[0], set(results.runs()["regime"])
    if base not in there or len(there) < 2:
        raise InputError(_("{folder} holds no finished run of {base!r} and another regime; see `chuishao status`",
                           folder=results.folder, base=base))
    at = values_at(results)
    return [{"point": point, "region": region, **at[point], "regime": regime, **row}
            for (point, region, regime), row in rows_of(results, measure).items()]


@lru_cache(maxsize=8)
def values_at(results: Results) -> dict[int, dict[str, Any]]:
    """What varies between points, by point."""
    values = results.runs().drop_duplicates("point").set_index("point")[results.columns[3:-2]]
    return dict(zip(values.index, values.to_dict("records"), strict=True))


def rows_of(results: Results, measure: str) -> dict[tuple[int, str, str], dict[str, Any]]:
    """The figures of `differences` by point, region and regime but the first."""
    return {key: {**_figures(s), "verdict": verdict} for key, (s, verdict) in judged(results, measure).items()}


def _figures(s: Paired) -> dict[str, Any]:
    return {"pairs": s.pairs, "base_mean": s.mean_a, "mean": s.mean_b, "difference": s.difference, "low": s.low,
            "high": s.high, "interval": s.method, "p_better": s.p_better, "variance_ratio": s.variance_ratio, "p": s.p}


def judged(results: Results, measure: str) -> dict[tuple[int, str, str], tuple[Paired, str]]:
    """The paired statistics of a measure and their mark, by point, region and regime but the first."""
    found, direction = {}, known_measure(measure).direction
    for (point, region, regime), s in pairs_of(results, measure).items():
        family = family_of(results)[point, region]
        others = [p for key, p in family.items() if key != (measure, regime)]
        found[point, region, regime] = s, mark(s.difference, direction, s.p, others)
    return found


def pairs_of(results: Results, measure: str) -> dict[tuple[int, str, str], Paired]:
    """The paired statistics of a measure by point, region and regime but the first."""
    row, places = rows_by_regime(results)
    values = np.append(results.runs()[measure].to_numpy(float), np.nan)
    of = {regime: values[row[regime]] for regime in row}
    base, *others = results.plan.regimes
    return {(point, region, regime): paired(of[base][here].tolist(), of[regime][here].tolist(),
                                            MEASURES[measure].direction)
            for (point, region), here in places.items() for regime in others if regime in of}


@lru_cache(maxsize=2)
def rows_by_regime(results: Results) -> tuple[dict[str, np.ndarray], dict[tuple[int, str], np.ndarray]]:
    """Each regime's rows of `results.runs()` by point, region and seed (-1: missing), and places of a point and region.

    All measures of a comparison share them.
    """
    table = results.runs()
    wide = by_regime(table.assign(row=np.arange(len(table))), "row").fillna(-1).astype(int)
    places = wide.groupby(level=["point", "region"]).indices
    return {regime: wide[regime].to_numpy() for regime in wide}, {key: places[key] for key in sorted(places)}


Family = dict[tuple[str, str], float | None]
"""p of the differences that are judged together, by measure and regime."""


@lru_cache(maxsize=8)
def family_of(results: Results) -> dict[tuple[int, str], Family]:
    """The family of every point and region."""
    found: dict[tuple[int, str], Family] = {}
    for measure in FAMILY:
        for (point, region, regime), s in pairs_of(results, measure).items():
            found.setdefault((point, region), {})[measure, regime] = s.p
    return found


NUMBERS = ("base_mean", "mean", "difference", "low", "high")
"""Columns that are None where there is no value; NaN in `lines`."""


@lru_cache(maxsize=256)
def _lines_of(results: Results, measure: str) -> list[dict[str, Any]]:
    return [{**row, **{name: np.nan for name in NUMBERS if row[name] is None}, "measure": measure}
            for row in _rows(results, measure)]


def all_lines(results: Results, *measures: str) -> pd.DataFrame:
    """Differences of measures, also where there is no value."""
    return pd.DataFrame([row for measure in measures for row in _lines_of(results, measure)])


def lines(results: Results, measures: tuple[str, ...] = HEADLINES, regime: str | None = None) -> pd.DataFrame:
    """Differences of several measures, of one regime or all, where there is a value."""
    table = all_lines(results, *measures)
    rank = {region: n for n, region in enumerate(results.regions)}
    table = table[table["difference"].notna()].sort_values("region", key=lambda c: c.map(rank), kind="stable")
    return table if regime is None else table[table["regime"] == regime]


def single(results: Results) -> bool:
    """Whether there is one point only."""
    return len(results.plan.points()) == 1


def score(table: pd.DataFrame) -> pd.Series:
    """Difference in the good direction over the width of its interval: how clear it is."""
    direction = table["measure"].map(lambda m: MEASURES[m].direction)
    return direction * table["difference"] / (table["high"] - table["low"]).clip(lower=1e-12)


Spread = dict[str, dict[str, dict[str, dict[str, float | None]]]]
"""By region, regime and measure: low and high (95 % of the draws), gains (share of draws that are better)."""


def over_draws(results: Results) -> Spread:
    """What the draws say one by one; empty where all pairs have the same numbers."""
    if results.plan.posterior is None:
        return {}
    base, *others = results.plan.regimes
    found: Spread = {}
    for measure in HEADLINES:
        wide = by_regime(results.runs(), measure)
        for region in results.regions:
            for regime in others:
                if base in wide and regime in wide and region in wide.index.get_level_values("region"):
                    gap = (wide[regime] - wide[base]).xs(region, level="region").dropna().to_numpy()
                    found.setdefault(region, {}).setdefault(regime, {})[measure] = _spread(measure, gap)
    return found


def _spread(measure: str, gap: np.ndarray) -> dict[str, float | None]:
    if not len(gap):
        return dict.fromkeys(("low", "high", "gains"))
    low, high = np.quantile(gap, [0.025, 0.975])
    better = gap * (MEASURES[measure].direction or 1) > TIE
    return {"low": float(low), "high": float(high), "gains": float(better.mean())}


def draws_as_json(results: Results) -> dict[str, Any]:
    """The posterior's name and what its draws say."""
    return {"posterior": results.plan.posterior, "regions": over_draws(results)}
