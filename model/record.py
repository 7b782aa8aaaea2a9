"""What is written down every day: hours by class and activity, counts of what happened, and where people stand."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from agents.work import ACTS

from .labour import CLASSES

if TYPE_CHECKING:
    from .governance import GovernanceModel
    from .queues import Served


@dataclass
class Today:
    """What passed between people today, for whoever watches; nothing in the model reads it."""

    asked: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)
    """Things (cases, repairs) and departments first asked for them."""
    answered: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)
    """Things and departments that have done their part."""
    modes: dict[int, list[int]] = field(default_factory=dict)
    """How each leader (row) transmitted his directives of today."""
    department_work: Served | None = None
    cadre_work: Served | None = None


class Record:
    """Day rows of a run. `hours` is days × classes × activities."""

    def __init__(self) -> None:
        self._hours: list[np.ndarray] = []
        self._days: list[dict[str, float]] = []

    def write(self, m: GovernanceModel) -> None:
        """Close the day's books."""
        self._hours.append(m.hours)
        self._days.append({**m.tally, **_standing(m)})

    def __len__(self) -> int:
        return len(self._days)

    @property
    def hours(self) -> np.ndarray:
        """Paid hours by day, class, activity."""
        return np.array(self._hours).reshape(len(self), len(CLASSES), len(ACTS))

    def column(self, name: str) -> np.ndarray:
        """One count or standing, by day; 0 where it did not happen."""
        return np.array([day.get(name, 0.0) for day in self._days])

    def digest(self, days: int) -> str:
        """A hash over all of the first days, to the last bit."""
        h = hashlib.sha256(self.hours[:days].tobytes())
        for day in self._days[:days]:
            h.update(repr(sorted((k, v) for k, v in day.items() if v)).encode())
        return h.hexdigest()

    def ledger(self, first: int) -> pd.DataFrame:
        """Hours since a day by agent class and activity."""
        total = self.hours[first:].sum(axis=0)
        rows = [(who, name.lower(), float(total[c, act]))
                for c, who in enumerate(CLASSES) for act, name in enumerate(ACTS) if total[c, act] > 0]
        return pd.DataFrame(rows, columns=["agent_class", "activity", "hours"])


def new_tally() -> dict[str, float]:
    """The counts of a day, all zero."""
    return defaultdict(float)


def _standing(m: GovernanceModel) -> dict[str, float]:
    res, cad, dep = m.residents, m.cadres, m.departments
    means = {"trust": res.mean_trust(), "expectation": res.mean_expectation(), "motivation": cad.motivation,
             "knowledge": cad.knowledge, "slack": cad.slack, "toil_index": cad.toil, "core_quality": dep.core_quality}
    return {
        **{name: float(column.sum()) / len(column) for name, column in means.items()},
        "open_cases": float(m.open_cases),
        "live_copies": float(len(m.live)),
        "pending_requests": float(len(m.requests)),
    }
