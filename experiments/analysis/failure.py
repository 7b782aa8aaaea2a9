"""The box of failure: between which limits of the varied numbers the reform does worse, by PRIM."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from languages.text import _, listed
from model.errors import InputError

from ..installed import need
from ..paired import TIE
from ..store import Results
from .differences import known_measure, two_arms

FEWEST = 30
"""Finished points a region needs; with fewer a box is mostly luck."""
CHANCE = 0.05
"""A limit whose quasi-p is above this is dropped."""


@dataclass(frozen=True)
class Box:
    """Where a regime does worse in one region, as limits on what the plan varies."""

    region: str
    table: pd.DataFrame
    """A row a finished point: the varied numbers, difference, worse, inside."""
    limits: pd.DataFrame
    """A row a restricted number: parameter, low, high (of the box), least, most (of the points), quasi_p."""

    @property
    def points(self) -> int:
        """Finished points."""
        return len(self.table)

    @property
    def worse(self) -> int:
        """Points where the mean paired difference is on the bad side of 0."""
        return int(self.table["worse"].sum())

    @property
    def inside(self) -> int:
        """Points inside the box."""
        return int(self.table["inside"].sum())

    @property
    def hits(self) -> int:
        """Points inside that are worse."""
        return int((self.table["worse"] & self.table["inside"]).sum())

    @property
    def coverage(self) -> float | None:
        """Share of all worse points that lie inside; None where none is worse."""
        return self.hits / self.worse if self.worse else None

    @property
    def density(self) -> float | None:
        """Share of the points inside that are worse; None where none is worse."""
        return self.hits / self.inside if self.worse else None


def failure_boxes(results: Results, measure: str, regime: str | None = None) -> list[Box]:
    """The box of failure of every region.

    A point fails where its mean paired difference is on the bad side of 0, told apart or not. PRIM peels the plane down
    to ever denser boxes; of those the one with the highest harmonic mean of coverage and density is taken, and limits
    that a binomial test finds no better than chance are dropped. Coverage and density are of the points that made the
    box. Source: Friedman and Fisher 1999; Bryant and Lempert 2010; by the EMA Workbench.

    Args:
        results: a folder whose points differ in two numbers or more.
        measure: name of a measure with a direction.
        regime: compared with the plan's first; the plan's second if None.

    Raises:
        InputError: no direction, fewer than two varied numbers, too few points, or the workbench is not installed.
    """
    direction = known_measure(measure).direction
    names = results.columns[3:-2]
    if not direction or len(names) < 2:
        raise InputError(_("a box of failure needs a measure of which more or less is better, and two or more varied "
                           "numbers; not {measure!r} over {names}", measure=measure,
                           names=listed(names) if names else _("nothing")))
    table = results.runs()
    arms = two_arms(results, table, measure, regime).dropna()
    means = (arms.iloc[:, 1] - arms.iloc[:, 0]).groupby(level=["region", "point"], sort=False).mean()
    if not len(means):
        raise InputError(_("no pair has a value of {measure}; see `chuishao status`, or give another --measure",
                           measure=measure))
    values = table.drop_duplicates("point").set_index("point")[names].astype(float)
    by_region = {region: part.droplevel("region") for region, part in means.groupby(level="region")}
    return [box_of(region, values.loc[d.index].assign(difference=d), names, direction)
            for region in results.regions if (d := by_region.get(region)) is not None]


def box_of(region: str, table: pd.DataFrame, names: list[str], direction: int) -> Box:
    """The box of failure of points with their difference; direction: +1 where more is better."""
    if len(table) < FEWEST:
        raise InputError(_("a box of failure needs {fewest} finished points in {region}, not {points}; take more "
                           "points, e.g. `chuishao run where-does-it-fail`", fewest=FEWEST, region=region,
                           points=len(table)))
    worse = direction * table["difference"] < -TIE
    limits = _prim(table[names], worse.to_numpy()) if 0 < worse.sum() < len(worse) else []
    inside = np.ones(len(table), dtype=bool)
    for row in limits:
        inside &= table[row["parameter"]].between(row["low"], row["high"]).to_numpy()
    columns = ["parameter", "low", "high", "least", "most", "quasi_p"]
    return Box(region, table.assign(worse=worse, inside=inside), pd.DataFrame(limits, columns=columns))


def _prim(x: pd.DataFrame, worse: np.ndarray) -> list[dict[str, Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the workbench's own, about pandas and what else could be installed
        box = _workbench().Prim(x.reset_index(drop=True), worse.astype(int), threshold=1e-9).find_box()
    path = box.peeling_trajectory
    both = 2 * path["coverage"] * path["density"] / (path["coverage"] + path["density"]).clip(lower=1e-12)
    chosen = int(both.idxmax())
    while weak := {end: p for end, p in _chances(box.qp[chosen]).items() if p > CHANCE}:
        chosen = _without(box, chosen, *max(weak, key=lambda end: weak[end]))
    limits, chances = box.box_lims[chosen], _chances(box.qp[chosen])
    return [{"parameter": name, "low": float(limits[name].iloc[0]), "high": float(limits[name].iloc[1]),
             "least": float(x[name].min()), "most": float(x[name].max()),
             "quasi_p": max(p for (other, _), p in chances.items() if other == name)}
            for name in dict.fromkeys(name for name, _ in chances)]


def _chances(quasi: dict[str, list[float]]) -> dict[tuple[str, int], float]:
    """The quasi-p of every limit, by number and end (0 low, 1 high); PRIM writes −1 where there is none."""
    return {(name, end): float(p) for name, ends in quasi.items() for end, p in enumerate(ends) if p >= 0}


def _without(box: Any, chosen: int, name: str, end: int) -> int:
    """Take one limit away; the wider box becomes the last of the trajectory."""
    limits, x = box.box_lims[chosen].copy(), box.prim.x
    limits.loc[limits.index[end], name] = box.box_lims[0][name].iloc[end]
    box.update(limits, np.flatnonzero(((x >= limits.iloc[0]) & (x <= limits.iloc[1])).all(axis=1)))
    return len(box.box_lims) - 1


def _workbench() -> Any:
    need("analysis", _("the box of failure"), "ema_workbench.analysis")
    from ema_workbench.analysis import prim

    return prim

