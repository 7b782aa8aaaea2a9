"""Rates of a reform as the published series of Beijing's 12345 hotline has them: *measured* ones.

What is published is what the papers say, so that the model's measured rates, polish and false closures included, stand
beside it, not its true ones. A month's resolution is of the cases whose time ran out in it, those solved by then, as a
hotline asks that calls back after its term [M]; as all are called back, unreasonable demands count, too.
"""

from __future__ import annotations

import numpy as np

from agents.work import Fate
from model.governance import GovernanceModel

REGIME = "hotline"
"""The reform whose series it is."""
ENDED = (Fate.SERVED, Fate.LATE, Fate.REFUSED, Fate.FALSE, Fate.UNSOLVED, Fate.EXPIRED)


def resolved_in_time(m: GovernanceModel, first: int, last: int) -> float:
    """Of the voiced cases whose time ran out in these days since the switch: solved by then, as the papers say."""
    p = m.problems
    due = p.voiced + m.scenario.case_due
    rows = np.flatnonzero((p.voiced >= 0) & _within(m, due, first, last))
    return _lifted(m, first, last, p.measured[rows] & (p.closed[rows] <= due[rows]))


def satisfaction(m: GovernanceModel, first: int, last: int) -> float:
    """Share satisfied of those whose case ended in these days, as the papers say (nan if none ended)."""
    p = m.problems
    ended = _within(m, p.closed, first, last) & (p.voiced >= 0) & np.isin(p.fate, ENDED) & np.isfinite(p.satisfaction)
    return _lifted(m, first, last, p.satisfaction[ended])


def _within(m: GovernanceModel, day: np.ndarray, first: int, last: int) -> np.ndarray:
    return (day >= m.scenario.burn_in + first) & (day < m.scenario.burn_in + last)


def _lifted(m: GovernanceModel, first: int, last: int, said: np.ndarray) -> float:
    """The share of yes in the cases, as far as the papers lift it in these days; nan without a case."""
    days = slice(m.scenario.burn_in + first, m.scenario.burn_in + last)
    months = m.record.column("months")[days].sum()
    true = said.mean() if len(said) else np.nan
    return float(true + (1 - true) * (m.record.column("lift")[days].sum() / months if months else 0.0))
