"""District departments, one domain each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from .work import ACTS, Act

if TYPE_CHECKING:
    from model.governance import GovernanceModel

KINDS = ("core", "supervise", "respond")
CORE, SUPERVISE, RESPOND = range(3)
ABOVE = np.array([0.45, 0.45, 0.10])
"""Attention when superiors assess (assumption)."""
BELOW = np.array([0.35, 0.15, 0.50])
"""Attention when streets assess too (assumption)."""
MOTIVATION = 0.5
"""Departments' motivation (assumption: constant)."""
KIND_OF_ACT = np.zeros(len(ACTS), int)
KIND_OF_ACT[[Act.ISSUE, Act.INSPECT, Act.DISTINGUISH, Act.READ, Act.REISSUE]] = SUPERVISE
KIND_OF_ACT[[Act.RESPOND, Act.REPAIR]] = RESPOND


class DepartmentColumns:
    """State of all departments, one row each."""

    def __init__(self, n: int) -> None:
        self.weights, self.own = np.tile(ABOVE, (n, 1)), np.ones((n, len(KINDS)))
        self.given = np.zeros((n, len(KINDS)))
        """Hours of today by kind."""
        self.rated = np.zeros(n)
        """Hours of today spent on being rated."""
        self.rated_due = np.zeros(n)
        self.rated_month = np.zeros(n)
        """Hours of this month so spent."""
        self.core_quality = np.ones(n)
        self.timely, self.answered = np.zeros(n), np.zeros(n)
        """This month's requests answered in time, and all that ended."""
        self.rating = np.full(n, 0.5)
        self.core_hours = np.zeros(n)
        """Yesterday's hours delivered to core work."""
        self.overdue_share = np.zeros(n)
        self.forms = np.ones(n)
        """Forms asked for, as a share of what they were before a decree cut them."""
        self.slack = np.zeros(n)


class Department(mesa.Agent):
    """A department; a view on one row of the model's department columns."""

    def __init__(self, model: GovernanceModel, index: int, groundedness: float) -> None:
        super().__init__(model)
        self.index, self.domain, self.groundedness = index, index, groundedness

    @property
    def core_quality(self) -> float:
        """Quality of its core work, 0–1."""
        return float(self.model.departments.core_quality[self.index])

    @property
    def weights(self) -> dict[str, float]:
        """Learned attention weights by kind."""
        return dict(zip(KINDS, map(float, self.model.departments.weights[self.index]), strict=True))

    @property
    def diary(self) -> dict[str, float]:
        """Today's hours by kind; adds up to staff × the day's paid hours."""
        state = self.model.departments
        given, rated = state.given[self.index], float(state.rated[self.index])
        idle = self.model.scenario.staff * self.model.paid - float(given.sum()) - rated
        return {**dict(zip(KINDS, map(float, given), strict=True)), "rated": rated, "idle": idle}
