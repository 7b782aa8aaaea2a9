"""The district, one agent a person: builds it, and steps it through a day in the order of docs/odd.md §3."""

from __future__ import annotations

from collections import defaultdict

import mesa

from agents.cadre import KIND_OF_ACT
from agents.leader import FIRST_STREET
from agents.rules import Rules
from agents.work import ACTS, Course
from model.errors import InputError
from model.needs import draw_world
from model.queues import PLAIN
from model.regimes import LAYERED, Powers, Regime, parse_regime
from model.scenario import DAY_HOURS, WEEK, Scenario

from . import cases, directives, street, upkeep, voices, work
from .people import Cadre, Department, Leader, Resident
from .places import Street
from .plain import PlainLuck, plain_rules, written_rules
from .results import measures_of, standing
from .things import Cause, Idea, Job


class BaselineModel(mesa.Model):
    """The model of docs/odd.md with every resident stepping every day.

    Args:
        scenario: as of the model; no case log and no injected events.
        regime: as of the model.
        rng: whole number; the world drawn and all luck are those of the model with this number.
        rules: as of the model.
        tuned: call the default rules on Python's numbers, numpy's cost a number taken out; if not, exactly as they
            stand in agents/rules.py.
    """

    scenario: Scenario = None

    def __init__(self, scenario: Scenario | None = None, regime: Regime | str = LAYERED, rng: int = 7,
                 rules: Rules | None = None, tuned: bool = True) -> None:
        super().__init__(rng=int(rng))
        self.scenario = scenario or Scenario()
        if self.scenario.needs or self.scenario.events:
            raise InputError("the baseline takes neither a case log nor events; leave out needs and events",
                             "基线不接受案件日志与事件；请去掉 needs 与 events")
        self.regime = parse_regime(regime) if isinstance(regime, str) else regime
        self.rules, self.luck = (plain_rules if tuned else written_rules)(rules or Rules()), PlainLuck(int(rng))
        self.powers, self.day, self.paid = Powers(offices=self.scenario.departments), 0, DAY_HOURS
        self.record: list[dict[str, float]] = []
        self.ledger: list[dict[str, list[float]]] = []
        self._world(int(rng))
        self._people()
        self._notes()
        self._begin_books()
        street.note_pressure(self, self.day - 1)
        upkeep.start_week(self)
        upkeep.start_month(self)

    # --- a day ----------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """One working day."""
        self._begin_day()
        work.arise(self)
        directives.issue_and_transmit(self)
        self._hear_residents()
        cases.route(self)
        work.departments_work(self)
        work.cadres_work(self)
        cases.close(self)
        upkeep.look_back(self)
        self.record.append({**self.tally, **standing(self)})
        self.ledger.append(self.hours)
        self.day += 1

    def run(self, days: int | None = None) -> BaselineModel:
        """Run some days, or to the end."""
        end = self.scenario.horizon if days is None else min(self.day + days, self.scenario.horizon)
        while self.day < end:
            self.step()
        return self

    def measures(self) -> dict[str, float | None]:
        """All measures of the run."""
        return measures_of(self)

    def _hear_residents(self) -> None:
        self.complaints: list = []
        self.agents_by_type[Resident].shuffle_do("step")
        voices.answer_complaints(self)
        if self.day % WEEK == 0 and self.powers.mobilise:
            voices.call_volunteers(self)

    def _begin_day(self) -> None:
        self._begin_books()
        if self.day == self.scenario.burn_in:
            self._switch()
        for idea in self.on("lapse"):
            if idea.course == Course.WAITING:
                idea.course, idea.dead = Course.LAPSED, True

    def _begin_books(self) -> None:
        self.tally: dict[str, float] = defaultdict(float)
        self.hours = {who: [0.0] * len(ACTS) for who in ("leader", "department", "cadre")}

    def _switch(self) -> None:
        self.powers = self.regime.powers(self.scenario)
        self.paid = DAY_HOURS * self.powers.staff
        before = self.streets[0].office
        for place in self.streets:
            for desk in place.desks:
                for queue in desk.queues:
                    queue.arrange()
            place.cut(self.scenario, self.powers.offices)
        self._merge_registers(before)
        street.note_pressure(self, self.day - 1)
        for department in self.departments:
            department.timely = department.answered = 0
            if self.powers.cut_forms:
                department.forms = 1 - self.scenario.cut_share

    def _merge_registers(self, before: list[int]) -> None:
        old, self.register = self.register, {}
        now = self.streets[0].office
        for (kind, office, item), day in old.items():
            heirs = {now[d] for d in range(self.scenario.departments) if before[d] == office} if kind else {office}
            for heir in heirs:
                key = (kind, heir, item)
                self.register[key] = max(day, self.register.get(key, -1000))

    # --- what phases share ------------------------------------------------------------------------------------------

    def later(self, what: str, day: int, thing) -> None:
        """Remember a thing for a day."""
        self._calendar[what, day].append(thing)

    def on(self, what: str) -> list:
        """What was remembered for today."""
        return self._calendar.pop((what, self.day), [])

    def ask_desk(self, place: Street, domain: int, act: int, thing, hours: float, luck: float) -> None:
        """Small coordinating work, due within a week; it joins the queue when cadres next work."""
        self.errands.append((place, domain, act, thing, hours, luck))

    def add_to_desk(self, place: Street, domain: int, act: int, thing, hours, period, priority, luck) -> None:
        """Work for the desk of a domain of a street."""
        place.desk(domain).queues[KIND_OF_ACT[act]].add(act, thing, domain, hours, self.day, period, priority, luck)

    def send_errands(self) -> None:
        """Put the small work into the queues."""
        for place, domain, act, thing, hours, luck in self.errands:
            self.add_to_desk(place, domain, act, thing, hours, WEEK, PLAIN, luck)
        self.errands = []

    def voice(self, problem) -> None:
        """A resident has voiced a need."""
        cases.voiced(self, problem)

    # --- building -----------------------------------------------------------------------------------------------------

    def _world(self, seed: int) -> None:
        sc, world = self.scenario, draw_world(self.scenario, seed)
        p, d, j, c = world.problems, world.directives, world.jobs, world.causes
        self.world, self.theta = world, world.theta.tolist()
        self.beliefs = {who: table.tolist() for who, table in world.beliefs.items()}
        self.columns = {name: value.tolist() for name, value in vars(p).items() if hasattr(value, "tolist")}
        at = self.copies_from = len(p.born)
        at += len(d.born) * sc.streets
        self.jobs = [Job(at + i, False, 0, -1.0, *row) for i, row in enumerate(zip(*(column.tolist() for column in (
            j.born, j.department, j.street, j.hours, j.severity, j.luck)), strict=True))]
        at += len(j.born)
        rank = sorted(range(len(d.born)), key=lambda i: (not d.central[i], d.born[i], d.luck[i]))
        place = {row: n for n, row in enumerate(rank)}
        self.ideas = [Idea(at + i, row=i, born=int(d.born[i]), domain=int(d.domain[i]), central=bool(d.central[i]),
                           value=float(d.value[i]), items=d.items[i].tolist(), whims=d.whims[i].tolist(),
                           luck=float(d.luck[i]), rank=place[i]) for i in range(len(d.born))]
        at += len(d.born)
        self.causes = [Cause(at + i, street=int(c.street[i]), domains=[k for k in c.domains[i].tolist() if k >= 0],
                             hours=float(c.hours[i]), luck=float(c.luck[i])) for i in range(len(c.street))]
        self.problems: list = []

    def _people(self) -> None:
        sc, w = self.scenario, self.world
        self.streets = [Street(s) for s in range(sc.streets)]
        grounded = [g for who in ("city", "district", "street") for g in w.groundedness[who].tolist()]
        self.leaders = [Leader(self, n, g) for n, g in enumerate(grounded)]
        self.departments = [Department(self, d, g) for d, g in enumerate(w.groundedness["department"].tolist())]
        self.live_ideas: list[list[Idea]] = [[] for _ in range(sc.departments)]
        for place in self.streets:
            place.leader = self.leaders[FIRST_STREET + place.number]
            knowledge = float(w.knowledge[place.number])
            place.cadres = [Cadre(self, place, knowledge) for _ in range(sc.cadres)]
            place.residents = [Resident(self, place) for _ in range(sc.residents)]
            place.cut(sc, sc.departments)
        self.cadres = [cadre for place in self.streets for cadre in place.cadres]

    def _notes(self) -> None:
        self._calendar: dict = defaultdict(list)
        for job in self.jobs:
            self.later("job", job.born, job)
        for idea in self.ideas:
            self.later("idea", idea.born, idea)
        for row, born in enumerate(self.columns["born"][:self.world.problems.arrivals]):
            self.later("problem", born, row)
        for row, born in enumerate(self.world.emergencies.born.tolist()):
            self.later("emergency", born, row)
        self.live, self.inbox, self.held, self.errands, self.requests = [], [], [], [], []
        self.new_cases, self.worked, self.relieved = [], [], []
        self.register: dict[tuple[bool, int, int], int] = {}
        self.last_asked: dict[int, int] = {}
        self.central_overdue = self.bind_hours_left = self.merge_hours = self.merged_today = 0.0
        self.command_due, self.command_log, self.command_given, self.emergency_command = [], [], 0.0, 0.0
        sc = self.scenario
        self.data_factor = self.rules.data_hours(1.0, 1.0, sc.supplements, sc.redo_share, sc.return_rate)
