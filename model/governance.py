"""The model: a district under a regime, one working day a step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import mesa
import numpy as np
import pandas as pd

from agents.cadre import Cadre
from agents.compiled import prepare
from agents.department import Department
from agents.leader import Leader
from agents.pointers import pointers
from agents.resident import Resident
from agents.rules import Rules
from agents.work import CLASSES, DAY_HOURS, MONTH
from languages.text import _

from . import (
    accounts,
    cases,
    day,
    directives,
    district,
    endings,
    events,
    labour,
    logged,
    month,
    needs,
    patrol,
    pay,
    record,
    room,
    structure,
    supervision,
)
from .errors import InputError
from .measures import MEASURES, Seen, series_of
from .mesa_manners import Agents, seed_of
from .owncode import OwnCode
from .regimes import LAYERED, Powers, Regime, parse_regime
from .rulebook import changed_slots, hooks_of
from .scenario import Scenario
from .watch import Watch, call_hook, call_own_hook
from .world import draw_world


class GovernanceModel(Agents):
    """One district under one regime.

    Args:
        scenario: people, hours, needs and conditions; or give its values by name, e.g. `streets=3`.
        regime: what differs from layered; it starts after the common burn-in.
        rng: a whole number or a numpy Generator; the same number gives the same needs and luck in every regime.
        seed: the same by Mesa's other name.
        rules: decision rules, see `agents.rules`.
        collect: a `mesa.DataCollector`; the model's own, `datacollector`, is made like it and collects every day.

    Raises:
        InputError: a scenario, case log or regime that does not fit.
        RuleError: while running, if a rule of one's own fails or breaks its contract.
    """

    watch: Watch

    def __init__(self, scenario: Scenario | None = None, regime: Regime | str = LAYERED, rng: Any = None,
                 rules: Rules | None = None, *, seed: Any = None, collect: mesa.DataCollector | None = None,
                 **kwargs: Any) -> None:
        self.seed = seed_of(rng, seed)
        super().__init__(rng=self.seed)
        self.check_steps()
        self.scenario = scenario.with_(**kwargs) if scenario and kwargs else scenario or Scenario(**kwargs)
        self.regime = parse_regime(regime) if isinstance(regime, str) else regime
        if self.regime.code_lost:
            raise InputError(_("the rules of {name!r} are not here; give the regime's own TOML file, or open the "
                               "folder of its results", name=self.regime.label))
        self.rules, self.own_hooks, self.sets_state = rules or Rules(), {}, False
        prepare()
        self.case_log = logged.read_log(self.scenario)
        self.without_log = logged.without_log(self.scenario, self.seed, self.case_log, GovernanceModel)
        self.world = draw_world(self.scenario, self.seed, self.case_log, *self.without_log)
        self.watch = Watch(self)
        self.district = district.build(self.scenario, self.world, self.seed, self.watch.pointers)
        self.record = record.Record(self.district)
        self.collect_like(collect)
        self._begin()

    def _begin(self) -> None:
        d = self.district.handle
        self.powers = Powers(offices=self.scenario.departments)
        structure.cut_streets(self.district, self.scenario, self.powers.offices)
        pay.check_pay(self.scenario, self.regime.powers(self.scenario))
        pay.pay(self.district, self.scenario, self.powers)
        with self.watch:
            self.note_people()
            supervision.look_at_copies(d, -1, False)
            month.begin_week(d)
            month.begin_month(d)
        for event in self.scenario.events:
            self.inject(event.kind, event.street, event.domain, self.scenario.burn_in + event.day)
        call_hook(self, "at_start")

    # --- running ------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """One working day."""
        self._begin_day()
        d = self.district.handle
        with self.watch:
            day.one_day(d)
        self._end_day()

    def step_by_agents(self) -> None:
        """The same day, with every agent's `step()` called from Python: slow, for whoever wants to follow somebody."""
        self._begin_day()
        d = self.district.handle
        with self.watch:
            day.arise(d)
            directives.open_leaders_day(d)
            self.agents_by_type[Leader].do("step")
            directives.close_leaders_day(d)
            needs.note_who_looks(d)
            self.agents_by_type[Resident].do("step")
            needs.hear_the_rest(d)
            patrol.notice_needs(d)
            cases.route(d)
            labour.open_departments(d)
            self.agents_by_type[Department].do("step")
            labour.close_departments(d)
            labour.open_desks(d)
            self.agents_by_type[Cadre].do("step")
            labour.close_desks(d)
            endings.close(d)
            month.look_back(d)
        self._end_day(uncounted=1)

    def _begin_day(self) -> None:
        self.refuse_to_pass_the_end()
        room.make_room(self.district)
        if self.day == self.scenario.burn_in:
            self._switch()

    def _end_day(self, uncounted: int = 0) -> None:
        """Close the day; a step has been counted by Mesa itself."""
        call_hook(self, "each_day")
        record.note_standing(self.district.handle)
        self.note_mesa_days(uncounted)

    def run(self, days: int | None = None) -> GovernanceModel:
        """Run some days, or to the scenario's end; returns itself."""
        end = self.scenario.horizon if days is None else min(self.day + days, self.scenario.horizon)
        while self.day < end:
            if self._needs_python():
                self.step()
            else:
                self._run_at_once(end)
        return self

    def _needs_python(self) -> bool:
        """Whether something may happen between days: a hook, a collector, an error of a rule, a step of one's own."""
        return (bool(changed_slots(self.rules)) or bool(hooks_of(self.rules)) or hasattr(self, "datacollector")
                or type(self).step is not GovernanceModel.step
                or (self.regime.own is not None and self.day >= self.scenario.burn_in))

    def _run_at_once(self, end: int) -> None:
        """Run to the end, or to the switch if that comes first."""
        self._begin_day()
        switch = self.scenario.burn_in
        days = min((switch if self.day < switch < end else end) - self.day, MONTH)  # then Python hears of Ctrl-C
        with self.watch:
            days = day.run_days(self.district.handle, days)
        self.note_mesa_days(days)

    def _switch(self) -> None:
        """The regime starts: new powers, and offices cut anew with all that waits in them."""
        self.powers = self.regime.powers(self.scenario)
        self.district.powers[:] = district.powers_of(self.powers)
        self.now.paid = DAY_HOURS * self.powers.staff
        structure.cut_streets(self.district, self.scenario, self.powers.offices)
        pay.pay(self.district, self.scenario, self.powers)
        if self.powers.first_secretary:
            month.send_secretaries(self.district.handle)
        if self.powers.contact < 1:
            self.residents.knows = self.world.hears < self.scenario.ads
        self.departments.timely, self.departments.answered = 0, 0
        if self.powers.forms < 1:
            self.departments.forms = self.powers.forms
        self.note_people()
        month.forget_scores(self.district.handle)
        supervision.look_at_copies(self.district.handle, self.day - 1, False)
        if self.regime.own:
            self._take_own_rules(self.regime.own)

    def _take_own_rules(self, own: OwnCode) -> None:
        """Rules and hooks that the regime's file brings take the place of those so far."""
        self.rules, self.own_hooks = replace(self.rules, **own.slots), own.called
        self.watch.pointers = pointers(self.rules)
        self.district.take(rules=self.watch.pointers)
        call_own_hook(self, "at_start")

    def fork(self, regime: Regime | str) -> GovernanceModel:
        """A copy of this run, so far, that goes on under another regime; to be taken before the switch.

        Raises:
            InputError: the regimes have parted already, or hooks keep memory that cannot be copied.
        """
        if self.day > self.scenario.burn_in:
            raise InputError(_("a run can be forked until the switch (day 0), not on day {day}; fork it earlier",
                               day=self.day - self.scenario.burn_in))
        if hooks_of(self.rules):
            raise InputError(_("a run with hooks keeps memory of its own and cannot be forked; run each regime from "
                               "the start"))
        twin = GovernanceModel.__new__(GovernanceModel)
        mesa.Model.__init__(twin, rng=self.seed)
        twin.check_steps()
        shared = ("seed", "scenario", "rules", "case_log", "without_log", "world", "powers")
        for name in shared:
            setattr(twin, name, getattr(self, name))
        twin.regime = parse_regime(regime) if isinstance(regime, str) else regime
        twin.own_hooks, twin.sets_state = {}, False
        pay.check_pay(self.scenario, twin.regime.powers(self.scenario))
        twin.district, twin.watch = self.district.copy(), Watch(twin)
        twin.district.take(rules=twin.watch.pointers)
        twin.record = record.Record(twin.district)
        twin.let_mesa_count(self.steps)
        twin.collect_like(getattr(self, "datacollector", None))
        return twin

    # --- results ------------------------------------------------------------------------------------------------

    def measures(self) -> dict[str, float | None]:
        """All measures of the run so far; None where one is not defined."""
        seen: Any = Seen(self)
        return {name: _plain(measure.of(seen)) for name, measure in MEASURES.items()}

    def series(self) -> pd.DataFrame:
        """Day × measure, for each measure that has a meaning by day; days count from the switch."""
        return series_of(self)

    def ledger(self) -> pd.DataFrame:
        """Paid hours of the days counted by agent class and activity."""
        return self.record.ledger(*self.scenario.counted)

    def neutrality(self) -> dict[str, Any]:
        """What two arms must share: the world drawn, the burn-in to the bit, and the paid hours."""
        sc, hours = self.scenario, self.record.hours
        since = hours[sc.burn_in:].sum(axis=(0, 2))
        due = np.array([sc.streets + 2, sum(sc.by_department("staff")), len(self.cadres)]) * DAY_HOURS
        before = hours[:sc.burn_in].sum(axis=2) - due
        gone = pay.moved(self.district, sc)
        after = hours[sc.burn_in:].sum(axis=2) - due * self.paid / DAY_HOURS - list(gone.values())
        error = max((float(np.abs(part).max()) for part in (before, after) if len(part)), default=0.0)
        return {"world": self.world.digest, "burn_in": self.record.digest(sc.burn_in),
                "paid_hours": dict(zip(CLASSES, map(float, since), strict=True)), "spent_plus_idle_error": error,
                "moved": {who: hours * len(after) for who, hours in gone.items()},
                **({"sets_state": True} if self.sets_state else {})}

    def accounts(self) -> dict[str, dict[str, int]]:
        """Where every problem, idea and core job stands; nothing vanishes."""
        return accounts.accounts(self)

    def case_notes(self, lang: str = "en") -> list[str]:
        """What was done with a real case log, in sentences (en or zh); empty without one."""
        return logged.case_notes(self, lang)

    def case_waits(self) -> dict[str, dict[str, float | None]] | None:
        """Waiting times of a real log beside the model's, in working days; None without a log."""
        return logged.case_waits(self)

    def case_times(self) -> dict[str, tuple[np.ndarray, np.ndarray, int]]:
        """When the cases of a real log were opened and closed, by the log and in the model; only with a log."""
        return logged.case_times(self)

    def inject(self, kind: str, street: int = 0, domain: int = 0, day: int | None = None) -> None:
        """Make something happen on a day (today if None): emergency, inspection, whistle or central_work."""
        events.inject(self, kind, street, domain, self.day if day is None else day)

    # --- the state ------------------------------------------------------------------------------------------------

    def note_people(self) -> None:
        """Work out anew what desks and streets know of their cadres, as after somebody changed a cadre."""
        month.note_people(self.district.handle)


def _plain(value: Any) -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)
