"""`chuishao confirm`: a pilot says how many pairs are needed; a fresh, fixed number of them gives the answer.

Stopping when an interval looks narrow covers 78–85 % instead of 95 % on skewed data (`python -m benchmarks.coverage`),
and pairs that chose the number of pairs are not evidence. So the pilot's pairs are used for nothing but the number,
which is then kept.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import chdtri, stdtrit

from languages.text import _
from model.errors import InputError

from .analysis.differences import by_regime, differences
from .freeze import text_of
from .plan import SweepPlan
from .store import open_results
from .sweep import run_plan

FRESH = 1_000_000
"""So much later than the plan's seeds begin those of the confirmation."""
ASSURANCE = 0.8
"""Chance that the interval comes out as narrow as was asked, over pilots of normal differences."""


def confirm(plan: SweepPlan, folder: Path, *, half_width: float, pilot: int = 10, most: int = 1000,
            **how: Any) -> dict[str, Any]:
    """Pilot, fixed number of pairs, confirmation on fresh seeds; the same call again goes on where it ended.

    Args:
        plan: points, regions and regimes; its primary measure decides, its number of seeds is not used.
        folder: gets `pilot/` and `confirmation/`, folders like those of `chuishao run`.
        half_width: wanted half width of the 95 % interval, in the measure's unit.
        pilot: pairs of the pilot at every point.
        most: no more pairs than this.
        how: as of `run_plan`.

    Returns:
        plan, measure, half_width, pilot (pairs), wanted (pairs), pairs, failed (runs) and rows: one a point, region and
        regime, with the pilot's difference and the fresh difference, low, high, half_width, p_better, verdict.
    """
    if not half_width > 0 or pilot < 5 or most < 2:
        raise InputError(_("a confirmation needs a half width above 0, a pilot of 5 pairs or more, and at most 2 or "
                           "more"))
    first = _seeds(plan, plan.seeds.root, pilot)
    failed = run_plan(first, text_of(first), folder / "pilot", **how)["failed"]
    seen = open_results(folder / "pilot")
    wanted = max(pairs_needed(d, half_width) for d in _spreads(seen, plan.primary))
    second = _seeds(plan, plan.seeds.root + FRESH, min(wanted, most))
    failed += run_plan(second, text_of(second), folder / "confirmation", **how)["failed"]
    rows = _rows(differences(seen, plan.primary), differences(open_results(folder / "confirmation"), plan.primary))
    return {"plan": plan.name, "measure": plan.primary, "half_width": half_width, "pilot": pilot, "wanted": wanted,
            "pairs": min(wanted, most), "failed": failed, "rows": rows}


def pairs_needed(d: np.ndarray, half_width: float) -> int:
    """The smallest number of pairs whose t interval is as narrow, by the upper limit of the pilot's spread.

    The spread is taken at the upper end of its one-sided 80 % interval: the pilot's own value would be too small about
    every second time.
    """
    d = d[np.isfinite(d)]
    n = len(d)
    if n < 2:
        raise InputError(_("the pilot left fewer than two finished pairs at a point; see `chuishao status` of its "
                           "folder"))
    spread = float(d.std(ddof=1)) * math.sqrt((n - 1) / chdtri(n - 1, ASSURANCE))
    need = max(2, int((1.959 * spread / half_width) ** 2))  # t is wider than the normal, so never too many
    while stdtrit(need - 1, 0.975) * spread / math.sqrt(need) > half_width:
        need += 1
    return need


def _seeds(plan: SweepPlan, root: int, count: int) -> SweepPlan:
    return plan.model_copy(update={"scale": 1.0, "seeds": plan.seeds.model_copy(update={"root": root,
                                                                                        "per_point": count})})


def _spreads(results: Any, measure: str) -> list[np.ndarray]:
    wide = by_regime(results.runs(), measure)
    base, *others = (r for r in results.plan.regimes if r in wide)
    found = [(group[regime] - group[base]).to_numpy() for _, group in wide.groupby(level=["point", "region"])
             for regime in others]
    if not found:
        raise InputError(_("no pair of the pilot in {folder} has finished; see `chuishao status` of that folder",
                           folder=results.folder))
    return found


def _rows(pilot: Any, fresh: Any) -> list[dict[str, Any]]:
    key = ["point", "region", "regime"]
    before = pilot.set_index(key)["difference"].rename("pilot")
    table = fresh.join(before, on=key).assign(half_width=(fresh["high"] - fresh["low"]).astype(float) / 2)
    return table.drop(columns=["base_mean", "mean", "p", "variance_ratio"]).to_dict("records")

