"""What is written down every day: hours by class and activity, counts of what happened, and where people stand."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from agents.compiled import District, columns, entry, record
from agents.resident import mean_trust
from agents.work import ACTS, CLASSES

DAY = record(**columns(
    "voiced looks hindered repeats passed_on handoffs cases volunteer_hours reopened solved satisfaction ended need "
    "prevented pushed_hours core_due core_in_time value_arisen clarity target copies item_requests duplicates "
    "disturbed fit_hours exec_hours value "
    "inspections faults petitions sanctions answered asked whistles accepted accept_days accept_count returned "
    "causes_found causes_misgrouped repairs platform uniform_corrections feedback_reach feedback_weeks months lift "
    "command overtime_wanted set_aside "
    "motivation knowledge slack toil_index trust expectation core_quality"))
"""A day: what was counted, and from `motivation` on where people and things stood at its end. asked, answered: requests
and whistles whose answer falls due that day, and those of them answered by then."""


@entry
def note_standing(d: District) -> None:
    """Where people and things stand at the end of a day."""
    now = d.now[0]
    today = d.days[now.day]
    for cadre in d.cadres:
        today.motivation += cadre.motivation / len(d.cadres)
        today.knowledge += cadre.knowledge / len(d.cadres)
        today.slack += cadre.slack / len(d.cadres)
        today.toil_index += cadre.toil / len(d.cadres)
    for s in range(len(d.streets)):
        today.trust += mean_trust(d, s) / len(d.streets)
        today.expectation += d.streets[s].expectation / len(d.residents)
    for dep in d.departments:
        today.core_quality += dep.core_quality / len(d.departments)
    now.day += 1


class Record:
    """The days a model has run."""

    def __init__(self, district: District) -> None:
        self._district = district

    def __len__(self) -> int:
        return int(self._district.now["day"][0])

    @property
    def hours(self) -> np.ndarray:
        """Paid hours by day, class, activity."""
        return self._district.hours[:len(self)]

    @property
    def days(self) -> np.recarray:
        """Counts and standings, a row a day."""
        return self._district.days[:len(self)].view(np.recarray)

    def column(self, name: str) -> np.ndarray:
        """One count or standing, by day."""
        return np.ascontiguousarray(self.days[name])

    def digest(self, days: int) -> str:
        """A hash over all of the first days, to the last bit."""
        h = hashlib.sha256(self.hours[:days].tobytes())
        h.update(self.days[:days].tobytes())
        return h.hexdigest()

    def ledger(self, first: int, last: int) -> pd.DataFrame:
        """Hours from a day to before another by agent class and activity."""
        total = self.hours[first:last].sum(axis=0)
        rows = [(who, name.lower(), float(total[c, act]))
                for c, who in enumerate(CLASSES) for act, name in enumerate(ACTS) if total[c, act] > 0]
        return pd.DataFrame(rows, columns=["agent_class", "activity", "hours"])
