"""Paired differences of a sweep: every point, region and regime against the first regime, seed by seed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from model.errors import InputError, listed_by, near
from model.measures import MEASURES, Measure

from ..paired import AUTO, p_value, paired
from ..store import Results

BETTER, OPEN, WORSE = "better", "unresolved", "worse"


def known_measure(name: str) -> Measure:
    """The measure of a name.

    Raises:
        InputError: there is none.
    """
    if name not in MEASURES:
        en, zh = near(name, MEASURES, listed_by("measures"))
        raise InputError(f"there is no measure {name!r}; {en}", f"没有指标 {name!r}；{zh}")
    return MEASURES[name]


def by_regime(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    """A measure with a column a regime and a row a point, region and seed; NaN where a run is missing."""
    return table.pivot(index=["point", "region", "seed"], columns="regime", values=measure).astype(float)


def two_arms(results: Results, table: pd.DataFrame, measure: str, regime: str | None = None) -> pd.DataFrame:
    """A measure of the runs in `table` under the plan's first regime and another (its second if None), by `by_regime`.

    Raises:
        InputError: one of them has no finished run.
    """
    base, other = results.plan.regimes[0], regime or results.plan.regimes[1]
    wide = by_regime(table, measure)
    if base not in wide or other not in wide:
        raise InputError(f"{results.folder} holds no finished pair of {base!r} and {other!r}; see `chuishao status`",
                         f"{results.folder} 中没有 {base!r} 与 {other!r} 都完成的配对；请看 `chuishao status`")
    return wide[[base, other]]


def differences(results: Results, measure: str, against: str | None = None, how: str = AUTO) -> pd.DataFrame:
    """The paired difference of a measure at every point.

    Args:
        results: a folder of `chuishao run`.
        measure: name of a measure.
        against: regime the others are compared with; the plan's first if None.
        how: how intervals are made: auto, t, bca or studentised.

    Returns:
        One row a point, region and other regime: point, region, varied values, regime, pairs, mean of both, difference,
        low, high (95 %), interval (t, bca or bootstrap), p_better, variance_ratio, p (as the interval is made), verdict
        (better, worse or unresolved, after Benjamini–Hochberg at 5 % over all rows).

    Raises:
        InputError: no such measure or regime, or no finished pair.
    """
    direction = known_measure(measure).direction
    base = against or results.plan.regimes[0]
    table = results.runs()
    wide = by_regime(table, measure)
    if base not in wide or len(wide.columns) < 2:
        raise InputError(f"{results.folder} holds no finished run of {base!r} and another regime; "
                         "see `chuishao status`",
                         f"{results.folder} 中没有完成的 {base!r} 与另一制度的运行；请看 `chuishao status`")
    values = table.drop_duplicates("point").set_index("point")[results.columns[3:-2]]
    rows = [_row(group, base, regime, measure, how, {"point": point, "region": region, **values.loc[point].to_dict()})
            for (point, region), group in wide.groupby(level=["point", "region"])
            for regime in results.plan.regimes if regime != base and regime in wide]
    return judged(pd.DataFrame(rows), direction)


def _row(group: pd.DataFrame, base: str, regime: str, measure: str, how: str, where: dict[str, Any]) -> dict[str, Any]:
    a, b = group[base].tolist(), group[regime].tolist()
    s = paired(a, b, MEASURES[measure].direction, how)
    return {**where, "regime": regime, "pairs": s.pairs, "base_mean": s.mean_a, "mean": s.mean_b,
            "difference": s.difference, "low": s.low, "high": s.high, "interval": s.method,
            "p_better": s.p_better, "variance_ratio": s.variance_ratio, "p": p_value(np.array(b) - np.array(a), how)}


def judged(table: pd.DataFrame, direction: int) -> pd.DataFrame:
    """Add q and verdict to rows with p and difference: better, worse or unresolved (Benjamini–Hochberg at 5 %)."""
    from scipy.stats import false_discovery_control

    known = table["p"].notna()
    table["q"] = np.nan
    if known.any():
        table.loc[known, "q"] = false_discovery_control(table.loc[known, "p"])
    sign = np.sign(table["difference"].astype(float)) * direction
    sure = (table["q"] < 0.05).to_numpy()
    table["verdict"] = np.select([sure & (sign > 0), sure & (sign < 0)], [BETTER, WORSE], OPEN)
    return table
