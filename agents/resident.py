"""Residents, in grids of one cadre each; touched only when something happens to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from .attention import begins

if TYPE_CHECKING:
    from model.governance import GovernanceModel

FADE = 0.998
"""A day's share of the distance between trust and where it rests that remains (assumption)."""


class ResidentColumns:
    """State of all residents: row = street × residents + resident; 18 bytes each.

    Trust relaxes to a level of its street. It is kept as a distance from that level, scaled back to day 0, so that it
    moves in closed form and nobody is touched between events.
    """

    def __init__(self, streets: int, residents: int, trust: float = 0.5, expectation: float = 0.5) -> None:
        n = streets * residents
        self.per_street = residents
        self._distance = np.zeros(n)
        self.expectation = np.full(n, expectation, np.float32)
        self.civic_used = np.zeros(n, np.float32)
        """Civic hours used in the month of the last use."""
        self._month = np.zeros(n, np.int16)
        self.level = np.full(streets, trust)
        """Where trust has relaxed to in each street."""
        self.scale = 1.0
        self._sum = np.zeros(streets)
        self._expect = np.full(streets, expectation * residents)
        self.street_civic = np.zeros(streets)
        """Civic hours used this month in each street."""

    def relax(self, rest: np.ndarray) -> None:
        """A day passes; `rest` is where each street's trust would rest."""
        self.level = rest + (self.level - rest) * FADE
        self.scale *= FADE

    def trust(self, rows: np.ndarray) -> np.ndarray:
        """Trust of these residents today."""
        return self.level[rows // self.per_street] + self._distance[rows] * self.scale

    def set_trust(self, rows: np.ndarray, value: np.ndarray) -> None:
        """Set trust; no resident stands twice in `rows` (see `turns`)."""
        street = rows // self.per_street
        new = (value - self.level[street]) / self.scale
        np.add.at(self._sum, street, new - self._distance[rows])
        self._distance[rows] = new

    def set_expectation(self, rows: np.ndarray, value: np.ndarray) -> None:
        """Set expectation; no resident stands twice in `rows`."""
        np.add.at(self._expect, rows // self.per_street, value - self.expectation[rows])
        self.expectation[rows] = value

    def mean_trust(self) -> np.ndarray:
        """Mean trust of each street, without touching anybody."""
        return self.level + self._sum / self.per_street * self.scale

    def mean_expectation(self) -> np.ndarray:
        """Mean expectation of each street."""
        return self._expect / self.per_street

    def civic_left(self, rows: np.ndarray, month: int, hours: float) -> np.ndarray:
        """Civic hours these residents have left this month."""
        return hours - self.civic_used[rows] * (self._month[rows] == month)

    def use_civic(self, rows: np.ndarray, month: int, hours) -> None:
        """Charge civic hours."""
        self.civic_used[rows[self._month[rows] != month]] = 0.0
        self._month[rows] = month
        single = hours if isinstance(hours, np.ndarray) else np.float32(hours)  # numpy casts slowly inside add.at
        np.add.at(self.civic_used, rows, single)
        np.add.at(self.street_civic, rows // self.per_street, hours)


def nth(rows: np.ndarray, *keys: np.ndarray) -> np.ndarray:
    """Of each event of a day, how many the same resident has before it.

    Args:
        rows: residents; some may stand there several times.
        keys: what orders the events of one resident, most weighty first; without keys the order of `rows`.

    Returns:
        One number an event, 0 for the first of each resident.
    """
    out = np.zeros(len(rows), np.intp)
    if len(set(rows.tolist())) == len(rows):
        return out
    order, place = np.lexsort((*keys[::-1], rows)), np.arange(len(rows))
    out[order] = place - np.maximum.accumulate(place * begins(rows[order]))
    return out


def turns(rows: np.ndarray, *keys: np.ndarray) -> list[np.ndarray | slice]:
    """Positions of events (as of `nth`) in batches: the first of each resident, then the second where there is one."""
    turn = nth(rows, *keys)
    if not np.count_nonzero(turn):
        return [slice(None)]
    return [(turn == k).nonzero()[0] for k in range(int(turn.max()) + 1)]


class Resident(mesa.Agent):
    """A resident; a view on one row of the model's resident columns."""

    def __init__(self, model: GovernanceModel, index: int) -> None:
        super().__init__(model)
        self.index = index

    @property
    def street(self) -> int:
        """Number of the street."""
        return self.index // self.model.scenario.residents

    @property
    def grid(self) -> int:
        """Number of the grid, which is its cadre's number within the street."""
        return self.index % self.model.scenario.residents * self.model.scenario.cadres // self.model.scenario.residents

    @property
    def trust(self) -> float:
        """Trust today, 0–1."""
        return float(self.model.residents.trust(np.array([self.index]))[0])

    @property
    def expectation(self) -> float:
        """Expectation of an answer in time, 0–1."""
        return float(self.model.residents.expectation[self.index])

    @property
    def ties(self) -> float:
        """Ties of the grid, 0–1."""
        return float(self.model.cadres.ties[self.street * self.model.scenario.cadres + self.grid])

    @property
    def open_problems(self) -> list[int]:
        """Problems voiced or not that are not settled (rows of the model's problems)."""
        return self.model.open_problems_of(self.index)
