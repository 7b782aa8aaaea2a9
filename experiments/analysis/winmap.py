"""Where the reform is better, worse or not told apart, over two of the numbers a sweep varies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from languages.text import _, listed
from model.errors import InputError
from model.measures import MEASURES

from ..paired import Paired, mark, paired
from ..store import Results
from .differences import FAMILY, by_regime, known_measure, two_arms

BINS = 4
"""Cells each way, unless told otherwise."""


@dataclass(frozen=True)
class WinMap:
    """Cells of a map: low and high of both numbers, pairs, difference, low, high, p, verdict."""

    x: str
    y: str
    region: str
    cells: pd.DataFrame


def winmap(results: Results, measure: str, x: str | None = None, y: str | None = None, bins: int = BINS,
           regime: str | None = None) -> list[WinMap]:
    """Divide the plane of two varied numbers into cells and judge the paired differences in each.

    Args:
        results: a folder whose plan varies two numbers or more.
        measure: name of a measure.
        x: a varied number; the plan's first, or first but y, if None.
        y: another; the plan's first but x if None.
        bins: cells each way where a number takes more values than that; of equal width.
        regime: compared with the plan's first; the plan's second if None.

    Returns:
        One map a region; a cell is judged as a point is, see `differences`. A cell's points differ in all else that the
        plan varies, so its interval is about the mean over those. Only whole pairs count; a cell without any has a row
        with points = 0 and no difference.

    Raises:
        InputError: fewer than two varied numbers, or a name that is not varied.
    """
    known_measure(measure)
    names = results.columns[3:-2]
    x = x or next((n for n in names if n != y), "")
    y = y or next((n for n in names if n != x), "")
    if len(names) < 2 or x not in names or y not in names or x == y:
        raise InputError(_("a map needs two different numbers that the plan varies, not {x!r} and {y!r}; varied: "
                           "{names}", x=x, y=y, names=listed(names) if names else _("none")))
    table = results.runs()
    pairs = two_arms(results, table, measure, regime)
    values = table.drop_duplicates("point").set_index("point")[[x, y]].astype(float)
    place = values.apply(lambda column: _cells(column, bins))
    families = _families(results, table, place, measure, pairs.columns[1])
    return [WinMap(x, y, region, _judge(part, values, place, measure, families[region]))
            for region, part in pairs.groupby(level="region")]


def _families(results: Results, table: pd.DataFrame, place: pd.DataFrame, measure: str,
              regime: str) -> dict[str, dict[tuple[int, int], list[float | None]]]:
    """By region and cell: p of the headlines' differences but the one that is shown."""
    base, *others = results.plan.regimes
    found: dict[str, dict[tuple[int, int], list[float | None]]] = {region: {} for region in table["region"].unique()}
    for name in FAMILY:
        wide = by_regime(table, name)
        for other in others:
            if other in wide and (name, other) != (measure, regime):
                for region, part in wide[[base, other]].groupby(level="region"):
                    for cell, group in _by_cell(part, place):
                        found[region].setdefault(cell, []).append(_compared(group, name)[0].p)
    return found


def _cells(column: pd.Series, bins: int) -> pd.Series:
    """The cell of every point: its own value where there are few, else a bin of equal width."""
    if column.nunique() <= bins:
        return column.rank(method="dense").astype(int) - 1
    edges = np.linspace(column.min(), column.max(), bins + 1)
    return pd.Series(np.clip(np.searchsorted(edges, column, side="right") - 1, 0, bins - 1), column.index)


def _by_cell(pairs: pd.DataFrame, place: pd.DataFrame) -> Iterable[tuple[tuple[int, int], pd.DataFrame]]:
    points = pairs.index.get_level_values("point")
    return pairs.groupby([place.loc[points, name].to_numpy() for name in place])


def _compared(group: pd.DataFrame, measure: str) -> tuple[Paired, int]:
    """The second column against the first over whole pairs, and over how many points."""
    whole = group.dropna()  # before the means: else each arm would be averaged over seeds of its own
    means = whole.groupby(level="point").mean()  # a point is one draw, its seeds are not
    units = means if len(means) > 1 else whole
    return paired(units.iloc[:, 0].tolist(), units.iloc[:, 1].tolist(), MEASURES[measure].direction), len(means)


def _judge(pairs: pd.DataFrame, values: pd.DataFrame, place: pd.DataFrame, measure: str,
           families: dict[tuple[int, int], list[float | None]]) -> pd.DataFrame:
    rows = []
    for cell, group in _by_cell(pairs, place):
        inside = values.loc[group.index.get_level_values("point").unique()]
        s, points = _compared(group, measure)
        spans = {f"{n}_{end}": getattr(inside[n], end)() for n in place for end in ("min", "max")}
        rows.append({"i": cell[0], "j": cell[1], **spans, "points": points, "difference": s.difference, "low": s.low,
                     "high": s.high, "p": s.p, "verdict": mark(s.difference, MEASURES[measure].direction, s.p,
                                                              families.get(cell, ()))})
    return pd.DataFrame(rows)
