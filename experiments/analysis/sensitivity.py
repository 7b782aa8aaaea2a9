"""Which numbers move the difference between two regimes: Morris and Sobol indices, by SALib."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from languages.text import _
from model.errors import InputError

from ..design import LEVELS, check_levels, problem
from ..plan import SweepPlan
from ..store import Results
from .differences import by_regime, known_measure

SEED = 1
"""Of SALib's own resampling, so that the same folder gives the same intervals."""


def sensitivity(results: Results, measure: str, regime: str | None = None) -> pd.DataFrame:
    """Indices of the paired difference of a measure (regime − the plan's first) over what the plan varies.

    Args:
        results: a folder whose plan is of kind morris or sobol, in one region.
        measure: name of a measure.
        regime: the other regime; the plan's second if None.

    Returns:
        One row a parameter, most important first. Morris: mu_star, mu_star_conf, mu, sigma. Sobol: ST, ST_conf, S1,
        S1_conf. The conf columns are half-widths of 95 % intervals.

    Raises:
        InputError: another design, or one with a hole or rounded points: its indices would be silently wrong.
    """
    known_measure(measure)
    plan = results.plan
    if plan.design.kind not in ("morris", "sobol") or len(plan.regions) != 1:
        raise InputError(_("{folder} holds a {kind} design in {regions} region(s); indices need kind = \"morris\" or "
                           "\"sobol\" in one region, e.g. `chuishao run sensitivity`", folder=results.folder,
                           kind=plan.design.kind, regions=len(plan.regions)))
    names = {"base": plan.regimes[0], "other": regime or plan.regimes[1]}
    return indices(plan, point_differences(results, measure, **names))


def point_differences(results: Results, measure: str, base: str, other: str) -> np.ndarray:
    """The mean paired difference at every point, in the plan's order; refuses missing runs and undefined values."""
    wide = by_regime(results.runs(), measure)
    for name in (base, other):
        if name not in wide:
            raise InputError(_("{folder} holds no finished run of {name!r}; see `chuishao status`",
                               folder=results.folder, name=name))
    d = (wide[other] - wide[base]).reset_index()
    points, seeds = len(results.plan.points()), results.plan.seeds.per_point
    whole = d.groupby("point")[0].count().reindex(range(points), fill_value=0)
    if (whole < seeds).any():
        short = int((whole < seeds).sum())
        raise InputError(_("{folder}: {short} of {points} points lack a run or a value of {measure}; finish with "
                           "`chuishao run` (--retry-failed), or choose a measure always defined",
                           folder=results.folder, short=short, points=points, measure=measure))
    return d.groupby("point")[0].mean().to_numpy()


def indices(plan: SweepPlan, values: np.ndarray) -> pd.DataFrame:
    """SALib's indices of one value a point."""
    check_levels(plan)
    what, space = plan.design.kind, problem(plan)
    if not np.isfinite(values).all():
        raise InputError(_("a value is not finite; indices of an incomplete design would be wrong"))
    found = _morris(plan, space, values) if what == "morris" else _sobol(space, values)
    table = pd.DataFrame({"parameter": space["names"], **found})
    return table.sort_values(table.columns[1], ascending=False, ignore_index=True)


def _morris(plan: SweepPlan, space: dict[str, Any], values: np.ndarray) -> dict[str, np.ndarray]:
    from SALib.analyze import morris

    points = np.array([list(point.values()) for point in plan.points()], float)
    got = morris.analyze(space, points, values, num_levels=LEVELS, seed=SEED)
    return {name: np.asarray(got[name], float) for name in ("mu_star", "mu_star_conf", "mu", "sigma")}


def _sobol(space: dict[str, Any], values: np.ndarray) -> dict[str, np.ndarray]:
    from SALib.analyze import sobol

    got = sobol.analyze(space, values, calc_second_order=False, seed=SEED)
    return {name: np.asarray(got[name], float) for name in ("ST", "ST_conf", "S1", "S1_conf")}
