"""What is kept of a run that has ended: measures, curves, day series."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from agents.work import Fate
from model.governance import GovernanceModel
from model.measures import MEASURES, SMOOTH, WORTH

DAILY = tuple(name for name, measure in MEASURES.items() if measure.daily)
DIGITS = 4
MOST_POINTS = 400
"""Days of a series; a longer run is thinned evenly."""
SHOWN = ("served_cases", "served_policy", "served_core", "emergency_success", "formalism_share", "wait_p50",
         "authority", "casework_share", "core_quality", "served_need", "policy_fit", "trust")
"""Measures of the answer view; the first five are the headlines."""
MEASURED = (*SHOWN, *WORTH)
"""Measures kept of a run: all of them would take a tenth of its time."""
CURVES = ("served_cases", "core_quality", "formalism_share", "authority")
"""Shares by day that the answer view draws; `served_cases` by the day needs arose, over `SMOOTH` days."""
CURVE_POINTS, UNDEFINED = 126, 255
"""Of a curve: points at most; the byte of a day without a value. 0 and 254 stand for 0 and 1."""


class Side(NamedTuple):
    """One run: measures at the end, and curves (`CURVES` × points; None where nobody wanted them)."""

    measures: dict[str, float | None]
    curves: np.ndarray | None


def side_of(m: GovernanceModel, curves: bool = True) -> Side:
    """What is kept of a run that has ended."""
    found = {name: MEASURES[name].of(m) for name in MEASURED}
    return Side({n: float(v) if v is not None and np.isfinite(v) else None for n, v in found.items()},
                curves_of(m) if curves else None)


def curves_of(m: GovernanceModel) -> np.ndarray:
    """The curves of a run, a byte a point."""
    days = m.scenario.burn_in + thinned(m.scenario.days, CURVE_POINTS)
    daily = [served_by_day(m) if name == "served_cases" else MEASURES[name].daily(m) for name in CURVES]
    shares = np.stack([values[days] for values in daily])
    there = np.isfinite(shares)
    return np.where(there, np.rint(254 * np.clip(np.where(there, shares, 0), 0, 1)), UNDEFINED).astype(np.uint8)


def served_by_day(m: GovernanceModel) -> np.ndarray:
    """`served_cases` of the needs that arose in the `SMOOTH` days up to each day."""
    p, days = m.problems, m.scenario.horizon
    rows = np.flatnonzero(p.reasonable & (p.fate != Fate.UNBORN) & (p.born < days))
    met = np.isin(p.fate[rows], (Fate.SERVED, Fate.LATE, Fate.PREVENTED))
    born, severity = p.born[rows], p.severity[rows]
    top, bottom = (np.cumsum(np.bincount(born, severity * some, days)) for some in (met, 1.0))
    before = np.maximum(np.arange(days) - SMOOTH, -1)
    over = [total - np.where(before >= 0, total[before], 0.0) for total in (top, bottom)]
    return np.where(over[1] > 0, over[0] / np.maximum(over[1], 1e-12), np.nan)


def series_of(m: GovernanceModel) -> np.ndarray:
    """Day series since the switch: days (thinned) × `DAILY`."""
    keep = m.scenario.burn_in + thinned(m.scenario.days)
    return np.stack([MEASURES[name].daily(m)[keep] for name in DAILY], axis=1).astype("f4")


def rounded(value: float | None) -> float | None:
    """Four digits behind the point; None where undefined."""
    return None if value is None or not np.isfinite(value) else round(float(value), DIGITS)


def thinned(days: int, most: int | None = None) -> np.ndarray:
    """Days 0 … days − 1, or so many of them that a chart can bear, first and last included."""
    return np.unique(np.linspace(0, days - 1, min(days, most or MOST_POINTS)).astype(int)) if days else np.empty(0, int)
