"""A run as its parts know it: what it was made of, where it stands, and its tables. `model.governance` runs it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import numpy as np

from agents.rules import Rules
from agents.work import Fate
from languages.text import ENGLISH, Given, Text

from .caselog import CaseLog
from .district import District
from .record import Record
from .regimes import Powers, Regime
from .scenario import Scenario
from .town import unnamed
from .world import World


def _table(name: str) -> property:
    return property(lambda run: getattr(run.district, name), doc=f"The table of {name}; see `model.district`.")


class Run:
    """The state of a run."""

    scenario: Scenario = None  # type: ignore[assignment]  # Mesa 3.5 has a property of this name for its own scenarios
    seed: int
    regime: Regime
    rules: Rules
    own_hooks: dict[str, Callable]
    """Hooks that the regime's file brings, once it has started."""
    sets_state: bool
    """Whether such a hook has set anything in the district."""
    case_log: CaseLog | None
    without_log: tuple[float, float]
    """With a log: the share of needs voiced without it, and the mean expectation, neither of which it tells."""
    world: World
    powers: Powers
    """What the regime in force lets people do."""
    watch: AbstractContextManager
    """To be entered while rules may be asked; raises what they did wrong."""
    district: District
    record: Record

    leaders = _table("leaders")
    departments = _table("departments")
    cadres = _table("cadres")
    residents = _table("residents")
    streets = _table("streets")
    desks = _table("desks")
    problems = _table("problems")
    causes = _table("causes")
    ideas = _table("ideas")
    copies = _table("copies")
    jobs = _table("jobs")
    emergencies = _table("emergencies")
    beliefs = _table("beliefs")

    @property
    def day(self) -> int:
        """Days run so far, burn-in included."""
        return int(self.district.now["day"][0]) if "district" in vars(self) else 0

    @property
    def now(self) -> np.record:
        """Where the run stands; see `model.district.NOW`."""
        return self.district.now[0]

    @property
    def paid(self) -> float:
        """Paid hours of a person today."""
        return float(self.now.paid)

    def street_name(self, k: int) -> Text:
        """What the k-th street is called, counted from 0: by the scenario, or by its case log."""
        return self._place_name("street", int(k))

    def department_name(self, k: int) -> Text:
        """What the k-th department is called, counted from 0: by the scenario, or by its case log."""
        return self._place_name("department", int(k))

    def _place_name(self, kind: str, k: int) -> Text:
        sc, own = self.scenario, getattr(self.scenario, kind)
        if self.case_log is None or (own and own[k].given):
            return sc.street_name(k) if kind == "street" else sc.department_name(k)
        names = self.case_log.street_names if kind == "street" else self.case_log.domain_names
        return Given({ENGLISH: names[k]}) if k < len(names) else unnamed(kind, k)

    def open_problems_of(self, resident: int) -> list[int]:
        """Rows of a resident's unsettled problems."""
        fate = self.problems.fate
        mine = (self.problems.resident == resident) & ((fate == Fate.LATENT) | (fate == Fate.OPEN))
        return np.flatnonzero(mine).tolist()
