"""Leaders: one of the city, one of the district, one a street."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

if TYPE_CHECKING:
    from model.governance import GovernanceModel

KINDS = ("transmit", "feedback", "command")
ABOVE = np.array([0.6, 0.2, 0.2])
"""Attention when superiors assess (assumption)."""
BELOW = np.array([0.4, 0.4, 0.2])
"""Attention when residents' results are assessed (assumption)."""
CITY, DISTRICT, FIRST_STREET = 0, 1, 2


class LeaderColumns:
    """State of all leaders: row 0 the city's, 1 the district's, 2 … the streets'."""

    def __init__(self, grounded: np.ndarray) -> None:
        n = len(grounded)
        self.weights = np.tile(ABOVE, (n, 1))
        self.own, self.pressing = np.ones((n, len(KINDS))), np.ones((n, len(KINDS)))
        self.own[:, 1] = 2 * grounded  # M14: the grounded listen (assumption: linear, 1 at the mean)
        """Own inclination and urgency by kind, 1 but for feedback."""
        self.given = np.zeros((n, len(KINDS)))
        """Hours of today by kind."""
        self.feedback_due = np.zeros(n)
        """Hours of feedback still to read this week."""
        self.read = np.ones(n)
        """Share of last week's feedback read."""


class Leader(mesa.Agent):
    """A leader; a view on one row of the model's leader columns."""

    def __init__(self, model: GovernanceModel, index: int, level: str, groundedness: float) -> None:
        super().__init__(model)
        self.index, self.level, self.groundedness = index, level, groundedness

    @property
    def weights(self) -> dict[str, float]:
        """Learned attention weights by kind."""
        return dict(zip(KINDS, map(float, self.model.leaders.weights[self.index]), strict=True))

    @property
    def diary(self) -> dict[str, float]:
        """Today's hours by kind, idle hours included; adds up to the day's paid hours."""
        given = self.model.leaders.given[self.index]
        return {**dict(zip(KINDS, map(float, given), strict=True)), "idle": self.model.paid - float(given.sum())}
