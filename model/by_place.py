"""What a run says street by street and department by department, where a town tells them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.work import Course, Fate

from .measures import counted

if TYPE_CHECKING:
    from .governance import GovernanceModel

BY_PLACE = {"street": ("served_cases", "served_policy"), "department": ("served_core",)}
"""By kind of place: the headlines that can be told of one."""


def by_place(m: GovernanceModel) -> dict[str, dict[str, list[float | None]]]:
    """The headlines of `BY_PLACE` for every place, as `MEASURES` has them for the whole town; None where nothing arose.

    Weighted by the severity (directives: value) that arose in each place, they add up to the town's own.
    """
    parts = {"served_cases": _cases(m), "served_policy": _policy(m), "served_core": _core(m)}
    return {kind: {name: [float(a) / float(b) if b > 0 else None for a, b in zip(*parts[name], strict=True)]
                   for name in names} for kind, names in BY_PLACE.items()}


Parts = tuple[np.ndarray, np.ndarray]
"""What was met, and what arose, a number a place."""


def _cases(m: GovernanceModel) -> Parts:
    p = m.problems
    arose = counted(m, p.born) & p.reasonable & (p.fate != Fate.UNBORN)
    met = arose & np.isin(p.fate, (Fate.SERVED, Fate.LATE, Fate.PREVENTED))
    return _sums(p.street, p.severity, met, arose, m.scenario.streets)


def _policy(m: GovernanceModel) -> Parts:
    ideas, rows = m.ideas, counted(m, m.ideas.born)
    got = m.copies.value_got.reshape(len(ideas), -1)[ideas.carrier[rows]]
    value = ideas.value[rows]
    return value @ got, np.full(m.scenario.streets, value.sum())


def _core(m: GovernanceModel) -> Parts:
    j = m.jobs
    arose = counted(m, j.born)
    return _sums(j.department, j.severity, arose & (j.course == Course.DONE), arose, m.scenario.departments)


def _sums(place: np.ndarray, size: np.ndarray, met: np.ndarray, arose: np.ndarray, places: int) -> Parts:
    top, bottom = (np.bincount(place[rows], size[rows], places) for rows in (met, arose))
    return top, bottom
