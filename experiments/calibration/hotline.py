"""The reform's dynamics against the published series of Beijing's 12345 hotline, as *measured* rates.

What is published is what the papers say, so that the model's measured rates, polish and false closures included, stand
beside it, not its true ones. Two readings of a month's resolution: `due`, of the cases whose time ran out in it, those
solved by then, as a hotline asks that calls back after its term [M]; `ended`, of the cases that ended in it, whenever.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from agents.work import Fate
from model.governance import GovernanceModel
from model.scenario import Scenario

from .problem import Free, Goal, Observed, Problem
from .published import Published, published

REGIME = "hotline"
"""The reform whose series it is; what the reform opens and how strong assessment from below is (σ) are
its levels, not fitted."""
FREE = (Free("learning_rate", 0.01, 1.0), Free("gaming", 0.0, 1.0))
"""How fast weights follow assessment from below, how far polish lifts the papers.

These two move the rates after the switch and nothing before it but the speed of learning what already holds; loads
are left to the formalism fit. Courtesy, tolerance and doubt were set beside this series and are not fitted again.
"""
FITTED = ("resolution_start", "satisfaction_start", "resolution_months", "satisfaction_months")
HELD_OUT = ("resolution_2019", "satisfaction_2019", "satisfaction_2021", "resolution_2024", "satisfaction_2024")
ENDED = (Fate.SERVED, Fate.LATE, Fate.REFUSED, Fate.FALSE, Fate.UNSOLVED, Fate.EXPIRED)


def problem(region: Scenario, count: str = "due") -> Problem:
    """The hotline: fitted to two months of 2019 [F27], the rest held out."""
    known = published()
    fitted, held = [known[k] for k in FITTED], [known[k] for k in HELD_OUT]
    goals = tuple(Goal(figure, 0.05) for figure in fitted)
    return Problem("hotline", region, REGIME, FREE, goals, tuple(held), partial(_observe, fitted, count),
                   partial(_observe, [*fitted, *held], count))


def _observe(figures: list[Published], count: str, scenario: Scenario, seed: int) -> Observed:
    m = GovernanceModel(scenario.with_(days=max(f.days[1] for f in figures), cooldown=0), REGIME, rng=seed).run()
    resolved = {"due": resolved_in_time, "ended": resolved_at_last}[count]
    rates = {"resolution": resolved, "satisfaction": satisfaction}
    return {f.key: rates[f.rate](m, *f.days) for f in figures}


def resolved_in_time(m: GovernanceModel, first: int, last: int) -> float:
    """Of the voiced cases whose time ran out in these days since the switch: solved by then, as the papers say."""
    p = m.problems
    due = p.voiced + m.scenario.case_due
    rows = np.flatnonzero((p.voiced >= 0) & _within(m, due, first, last))
    return _resolved(m, rows, p.measured[rows] & (p.closed[rows] <= due[rows]), first, last)


def resolved_at_last(m: GovernanceModel, first: int, last: int) -> float:
    """Of the voiced cases that ended in these days since the switch: solved, as the papers say."""
    rows = _ended(m, first, last)
    return _resolved(m, rows, m.problems.measured[rows], first, last)


def _resolved(m: GovernanceModel, rows: np.ndarray, solved: np.ndarray, first: int, last: int) -> float:
    # as in the measure `measured_resolution`, unreasonable demands count where residents are called back
    weight = np.where(m.problems.reasonable[rows], 1.0, m.regime.powers(m.scenario).call_back)
    return _lifted(m, first, last, _mean(solved * 1.0, weight))


def satisfaction(m: GovernanceModel, first: int, last: int) -> float:
    """Share satisfied of those whose case ended in these days, as the papers say (nan if none ended)."""
    rows = _ended(m, first, last)
    rows = rows[np.isfinite(m.problems.satisfaction[rows])]
    if not m.regime.powers(m.scenario).call_back:  # else all are asked, as in the measure `measured_satisfaction`
        rows = rows[m.problems.reasonable[rows]]
    return _lifted(m, first, last, _mean(m.problems.satisfaction[rows], np.ones(len(rows))))


def _ended(m: GovernanceModel, first: int, last: int) -> np.ndarray:
    p = m.problems
    return np.flatnonzero(_within(m, p.closed, first, last) & (p.voiced >= 0) & np.isin(p.fate, ENDED))


def _within(m: GovernanceModel, day: np.ndarray, first: int, last: int) -> np.ndarray:
    return (day >= m.scenario.burn_in + first) & (day < m.scenario.burn_in + last)


def _mean(values: np.ndarray, weight: np.ndarray) -> float:
    return float(values @ weight / weight.sum()) if weight.sum() > 0 else float("nan")


def _lifted(m: GovernanceModel, first: int, last: int, true: float) -> float:
    days = slice(m.scenario.burn_in + first, m.scenario.burn_in + last)
    months = m.record.column("months")[days].sum()
    return float(true + (1 - true) * (m.record.column("lift")[days].sum() / months if months else 0.0))
