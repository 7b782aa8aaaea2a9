"""Grassroots cadres: those at the end of every line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from .work import ACTS, Act

if TYPE_CHECKING:
    from model.governance import GovernanceModel

KINDS = ("paperwork", "execute", "casework", "coordinate", "outreach", "polish")
PAPERWORK, EXECUTE, CASEWORK, COORDINATE, OUTREACH, POLISH = range(6)
ASSESSED = ("paperwork", "execute", "residents")
"""What cadres are assessed on; casework, coordination and outreach are the residents' part."""
ABOVE = np.array([0.50, 0.35, 0.15])
"""Attention when superiors assess (assumption)."""
BELOW = np.array([0.10, 0.20, 0.70])
"""Attention when response to residents is assessed (assumption)."""
OWN = np.array([0.8, 1.0, 1.2, 1.0, 1.2, 1.0])
"""Own inclination by kind (assumption; essay §3: cadres do not fear toil, they fear 劳无所得)."""
OVERHEADS = ("inspection", "rating", "switching", "training")
OVERHEAD_ACTS = (Act.INSPECTION, Act.RATING, Act.SWITCHING, Act.TRAINING)
KIND_OF_ACT = np.zeros(len(ACTS), int)
KIND_OF_ACT[[Act.INTERPRET, Act.EXECUTE, Act.CONFLICT, Act.PUSHED]] = EXECUTE
KIND_OF_ACT[[Act.CASEWORK]] = CASEWORK
KIND_OF_ACT[[Act.TRIAGE, Act.HANDOFF, Act.REQUEST, Act.CALLBACK, Act.REFUSE]] = COORDINATE
KIND_OF_ACT[[Act.OUTREACH]] = OUTREACH
KIND_OF_ACT[[Act.POLISH]] = POLISH
QUEUED = 4
"""Kinds 0–3 wait in the desk's queues; outreach and polish are each cadre's own."""


class CadreColumns:
    """State of all cadres of the district: row = street × cadres + cadre.

    Hours by kind are stored kind by kind (order F), since numpy adds up a few long columns faster than many short rows.
    """

    def __init__(self, streets: int, cadres: int, knowledge: np.ndarray, ties: float) -> None:
        n = streets * cadres
        self.street, self.rows = np.repeat(np.arange(streets), cadres), np.arange(n)
        self.weights, self.own = np.tile(ABOVE, (n, 1)), np.asfortranarray(np.tile(OWN, (n, 1)))
        self.start = np.repeat(knowledge, cadres)
        self.knowledge = self.start.copy()
        self.motivation = np.full(n, 0.5)
        self.ties = np.full(n, ties)
        """Ties among the residents of the cadre's grid."""
        self.given = np.zeros((n, len(KINDS)), order="F")
        """Hours of today by kind."""
        self.overhead = np.zeros((n, len(OVERHEADS)), order="F")
        """Hours of today taken before any choice."""
        self.inspection_due, self.rating_due = np.zeros(n), np.zeros(n)
        self.outreach_due, self.polish_due = np.zeros(n), np.zeros(n)
        self.month = {name: np.zeros(n) for name in ("spent", "toil", "contact", "outreach", "monitored", "polish",
                                                       "trained")}
        self.outreach_week, self.outreach_last = np.zeros(n), np.zeros(n)
        """Outreach hours of this week and of the last."""
        self.polish_hours = np.zeros(n)
        """Polish of last month."""
        self.lowest = np.full(n, 2)
        """Which assessed part was lowest last month."""
        self.slack, self.toil = np.zeros(n), np.zeros(n)


class Cadre(mesa.Agent):
    """A cadre; a view on one row of the model's cadre columns."""

    def __init__(self, model: GovernanceModel, index: int) -> None:
        super().__init__(model)
        self.index, self.street = index, index // model.scenario.cadres

    @property
    def knowledge(self) -> float:
        """Local knowledge, 0–1."""
        return float(self.model.cadres.knowledge[self.index])

    @property
    def motivation(self) -> float:
        """Motivation, 0–1."""
        return float(self.model.cadres.motivation[self.index])

    @property
    def weights(self) -> dict[str, float]:
        """Learned attention weights by what is assessed."""
        return dict(zip(ASSESSED, map(float, self.model.cadres.weights[self.index]), strict=True))

    @property
    def diary(self) -> dict[str, float]:
        """Today's hours by kind, overheads and idle; adds up to the day's paid hours."""
        state = self.model.cadres
        hours = dict(zip(OVERHEADS + KINDS, map(float, (*state.overhead[self.index], *state.given[self.index])),
                         strict=True))
        return {**hours, "idle": self.model.paid - sum(hours.values())}
