"""What Mesa expects of a model: agents on demand, an end, a data collector; kept apart from what the model is."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import mesa
import numpy as np
from mesa.agent import AgentSet

from agents.cadre import Cadre
from agents.department import Department
from agents.leader import Leader
from agents.people import Person
from agents.resident import Resident
from languages.text import _

from .errors import InputError
from .run import Run

PEOPLE: dict[type[Person], str] = {Leader: "leaders", Department: "departments", Cadre: "cadres", Resident: "residents"}
"""Kinds of agents, by the table they are rows of, in the order they act."""
SEED = 7
"""What a model without a seed runs with: the same run each time."""


def seed_of(rng: Any, seed: Any) -> int:
    """A whole number from what Mesa's users give as `rng` or `seed`: a whole number, a Generator, or nothing.

    Raises:
        InputError: both are given, or something else.
    """
    if rng is not None and seed is not None:
        raise InputError(_("give rng or seed, not both"))
    given = rng if rng is not None else seed
    if given is None:
        return SEED
    if isinstance(given, np.random.Generator):
        return int(given.integers(2**31))
    if isinstance(given, bool) or not isinstance(given, int | np.integer) or given < 0:
        raise InputError(_("a seed is a whole number of 0 or more, or a numpy Generator, not {given!r}", given=given))
    return int(given)


class Agents(Run, mesa.Model):
    """Mesa's side of a model: agents are made when somebody asks for them, since a run needs none."""

    _made = False
    _numbered = 0
    step: Callable[[], None]
    _mesa_step: Callable[[], None]
    _user_step: Callable[[], None]
    """A day of ours, which Mesa counts before it calls it."""

    @property
    def agents(self) -> AgentSet:
        """Every leader, department, cadre and resident, and whatever agents somebody added."""
        self._make_agents()
        return self._all_agents

    @agents.setter
    def agents(self, agents: Any) -> None:
        raise AttributeError("model.agents cannot be set: people stand in the model's tables for a whole run")

    @property
    def agents_by_type(self) -> dict[type[mesa.Agent], AgentSet]:
        """The agents by their class."""
        self._make_agents()
        return self._agents_by_type

    @property
    def agent_types(self) -> list[type[mesa.Agent]]:
        """Classes of agents."""
        return list(self.agents_by_type)

    def _make_agents(self) -> None:
        if not self._made:
            self._made = True
            for kind, table in PEOPLE.items():
                rows = len(getattr(self.district, table))
                kind.create_agents(self, rows, list(range(rows)))

    def register_agent(self, agent: mesa.Agent) -> None:
        """Number agents as they come; Mesa before 3.5 counts people and agents that somebody added apart."""
        self._numbered += 1
        agent.unique_id = self._numbered
        super().register_agent(agent)

    def remove_all_agents(self) -> None:
        """Refused, as is removing one of them.

        Raises:
            TypeError: always.
        """
        raise TypeError("the people of a run cannot be removed; make a Scenario with other numbers")

    def refuse_to_pass_the_end(self) -> None:
        """A step past the end says so.

        Raises:
            InputError: the run is over.
        """
        if self.day >= self.scenario.horizon:
            sc = self.scenario
            raise InputError(_("the run is over after {days} days and {cooldown} of cool-down; for a longer one give "
                               "Scenario(days=…)", days=sc.days, cooldown=sc.cooldown))

    def collect_like(self, collector: mesa.DataCollector | None) -> None:
        """Collect with a copy: `mesa.batch_run` gives one and the same collector to all its runs.

        Without any there is no `datacollector`, which Mesa says in its own words where it needs one.
        """
        if collector is not None:
            self.datacollector = deepcopy(collector)

    def check_steps(self) -> None:
        """Have every step checked: since Mesa 3.5 a model whose step has failed takes no other, in silence."""
        self._mesa_step = self.step
        self.step = self._step_or_say_why

    def _step_or_say_why(self) -> None:
        before = self.day
        self._mesa_step()
        if self.day == before:
            with self.watch:  # raises what a rule did wrong
                raise InputError(_("this run has failed before; build the model anew"))

    def let_mesa_count(self, days: int) -> None:
        """Let Mesa count days (and since 3.5 let its time pass) that were not run by its own step."""
        day, self._user_step = self._user_step, lambda: None
        try:
            for _ in range(days):
                self._mesa_step()
        finally:
            self._user_step = day

    def note_mesa_days(self, days: int) -> None:
        """Tell Mesa of days that were run at once; collect what is to be collected; at the end the model has run."""
        self.let_mesa_count(days)
        if hasattr(self, "datacollector"):
            self.datacollector.collect(self)
        self.running = self.day < self.scenario.horizon
