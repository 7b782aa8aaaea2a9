"""The model: a district under a regime, one working day a step."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import mesa
import numpy as np
import pandas as pd

from agents.attention import distinct
from agents.cadre import KIND_OF_ACT as CADRE_KINDS
from agents.cadre import QUEUED, Cadre, CadreColumns
from agents.department import KIND_OF_ACT as DEPARTMENT_KINDS
from agents.department import KINDS, Department, DepartmentColumns
from agents.leader import Leader, LeaderColumns
from agents.resident import Resident, ResidentColumns
from agents.rules import Rules
from agents.work import ACTS, Act, Course, Fate, Requests

from . import arrivals, cases, directives, endings, events, labour, supervision, upkeep, voices
from .census import crowd, let_go_of_models
from .luck import Luck
from .measures import MEASURES, series_of
from .needs import draw_world
from .queues import PLAIN, Queues
from .record import Record, Today, new_tally
from .regimes import LAYERED, Powers, Regime, parse_regime
from .rulebook import bind, call_hook
from .scenario import DAY_HOURS, MONTH, WEEK, Scenario
from .structure import cut

let_go_of_models()


class Offsets:
    """Where each table starts in the common numbering of things that work can refer to.

    Problems come first: a problem's row is its number.
    """

    def __init__(self, problems: int, copies: int, jobs: int, ideas: int, causes: int) -> None:
        self.problems = 0
        self.copies = problems
        self.jobs = self.copies + copies
        self.ideas = self.jobs + jobs
        self.causes = self.ideas + ideas
        self.none = self.causes + causes
        """What work refers to that is about no single thing; it never dies."""


class GovernanceModel(mesa.Model):
    """One district under one regime.

    Args:
        scenario: people, hours, needs and conditions.
        regime: switches and control arms; they start after the common burn-in.
        rng: whole number; the same number gives the same needs and luck in every regime.
        rules: decision rules, see `agents.rules`.

    Raises:
        InputError: a scenario, case log or regime that does not fit.
        RuleError: while running, if a rule of one's own fails or breaks its contract.
    """

    scenario: Scenario = None  # an attribute of our own: Mesa 3.5 has a property of this name that binds its scenario

    def __init__(self, scenario: Scenario | None = None, regime: Regime | str = LAYERED, rng: int = 7,
                 rules: Rules | None = None) -> None:
        super().__init__(rng=int(rng))  # a seed read from a table is a numpy number, which Python's random refuses
        self.scenario = scenario or Scenario()
        self.regime = parse_regime(regime) if isinstance(regime, str) else regime
        self.seed = int(rng)
        self.rules = bind(rules or Rules(), self)
        self.luck = Luck(self.seed)
        self.case_log = events.read_log(self.scenario)
        self.world = draw_world(self.scenario, self.seed, self.case_log, events.voiced_share(self))
        self.day = 0
        self.paid = DAY_HOURS
        self._tables()
        self._constants()
        self._people()
        self._desks_and_queues()
        self._notes()
        self._make_agents()
        self._calendar: dict[tuple[str, int], list[np.ndarray]] = defaultdict(list)
        for event in self.scenario.events:
            self.inject(event.kind, event.street, event.domain, self.scenario.burn_in + event.day)
        upkeep.start_week(self)
        upkeep.start_month(self)
        call_hook(self, "at_start")

    # --- running ------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """One working day."""
        self._begin_day()
        arrivals.arise(self)
        directives.issue_and_transmit(self)
        voices.hear_residents(self)
        cases.route(self)
        labour.departments_work(self)
        labour.cadres_work(self)
        endings.close(self)
        upkeep.look_back(self)
        self._own_agents()
        self.record.write(self)
        self.day += 1

    def run(self, days: int | None = None) -> GovernanceModel:
        """Run some days, or to the scenario's end; returns itself."""
        end = self.scenario.horizon if days is None else min(self.day + days, self.scenario.horizon)
        while self.day < end:
            self.step()
        return self

    def _own_agents(self) -> None:
        """What a researcher's rules file adds at the end of a day: memory, agents of its own."""
        call_hook(self, "each_day")

    def _begin_day(self) -> None:
        self.tally, self.hours = new_tally(), np.zeros((len(labour.CLASSES), len(ACTS)))
        self.today = Today()
        if self.day == self.scenario.burn_in:
            self._switch()
        idea = self.due_today("lapse")
        idea = idea[self.directives.course[idea] == Course.WAITING]
        self.directives.course[idea] = Course.LAPSED
        self.dead[self.at.ideas + idea] = True

    def _switch(self) -> None:
        """The regime starts: new powers, and offices cut anew with all that waits in them."""
        self.powers = self.regime.powers(self.scenario)
        self.paid = DAY_HOURS * self.powers.staff
        old, self.structure = self.structure, cut(self.scenario, self.powers.offices)
        self.cadre_work.cut(self.structure.desk_of_site)
        self._merge_registers(old.office_of_domain)
        self._new_scores()
        self.note_desks()
        supervision.note_pressure(self, self.day - 1)
        if self.powers.cut_forms:
            supervision.decree(self)

    # --- results ------------------------------------------------------------------------------------------------

    def measures(self) -> dict[str, float | None]:
        """All measures of the run so far; None where one is not defined."""
        return {name: _plain(measure.of(self)) for name, measure in MEASURES.items()}

    def series(self) -> pd.DataFrame:
        """Day × measure, for each measure that has a meaning by day; days count from the switch."""
        return series_of(self)

    def ledger(self) -> pd.DataFrame:
        """Paid hours since the switch by agent class and activity."""
        return self.record.ledger(self.scenario.burn_in)

    def neutrality(self) -> dict[str, Any]:
        """What two arms must share: the world drawn, the burn-in to the bit, and the paid hours."""
        hours = self.record.hours
        since = hours[self.scenario.burn_in:].sum(axis=(0, 2))
        due = np.array([self.scenario.streets + 2, self.scenario.departments * self.scenario.staff,
                        self.scenario.streets * self.scenario.cadres]) * DAY_HOURS
        paid = hours[:self.scenario.burn_in].sum(axis=2) - due
        after = hours[self.scenario.burn_in:].sum(axis=2) - due * self.paid / DAY_HOURS
        error = max((float(np.abs(part).max()) for part in (paid, after) if len(part)), default=0.0)
        return {"world": self.world.digest, "burn_in": self.record.digest(self.scenario.burn_in),
                "paid_hours": dict(zip(labour.CLASSES, map(float, since), strict=True)), "spent_plus_idle_error": error}

    def accounts(self) -> dict[str, dict[str, int]]:
        """Where every problem, idea and core job stands; nothing vanishes."""
        return events.accounts(self)

    def case_notes(self, lang: str = "en") -> list[str]:
        """What was done with a real case log, in sentences (en or zh); empty without one."""
        return events.case_notes(self, lang)

    def case_waits(self) -> dict[str, dict[str, float | None]] | None:
        """Waiting times of a real log beside the model's, in working days; None without a log."""
        return events.case_waits(self)

    def case_times(self) -> dict[str, tuple[np.ndarray, np.ndarray, int]]:
        """When the cases of a real log were opened and closed, by the log and in the model; only with a log."""
        return events.case_times(self)

    def inject(self, kind: str, street: int = 0, domain: int = 0, day: int | None = None) -> None:
        """Make something happen on a day (today if None): emergency, inspection, whistle or central_work."""
        events.inject(self, kind, street, domain, self.day if day is None else day)

    # --- what phases share ----------------------------------------------------------------------------------------

    def born_today(self, table: str) -> np.ndarray:
        """Rows of a table that come into being today."""
        first = self._first[table]
        rows = np.arange(first[self.day], first[self.day + 1])
        extra = self.due_today("inject " + table)
        return np.concatenate((rows, extra)) if len(extra) else rows

    def later(self, what: str, day: int, rows: np.ndarray) -> None:
        """Remember rows for a day."""
        if len(rows):
            self._calendar[what, day].append(rows)

    def due_today(self, what: str) -> np.ndarray:
        """Rows remembered for today, forgotten now."""
        parts = self._calendar.pop((what, self.day), None)
        if not parts:
            return self.nothing
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def live_copies(self, where: np.ndarray) -> np.ndarray:
        """Those of the day's live copies that are so marked and have not ended since."""
        copy = self.live[where]
        return copy[self.directives.copies.copy_course[copy] == Course.LIVE]

    def idea_and_site(self, copy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Ideas of these copies, and sites (street × domain) where they are worked on."""
        return self.directives.copies.idea[copy], self.site_of_copy[copy]

    def settle(self, rows: np.ndarray, fate: Fate) -> None:
        """Problems end; whatever work on them still waits is dropped."""
        if not len(rows):
            return
        self.open_cases -= int(np.count_nonzero(self.problems.fate[rows] == Fate.OPEN))
        self.problems.fate[rows] = fate
        self.problems.closed[rows] = self.day
        self.dead[rows] = True

    def ask_cadres(self, site: np.ndarray, act: Act, hours, luck) -> None:
        """Small coordinating work for the desk of a site, due within a week; put in their queues once a day."""
        if len(site):
            self.errands.append((site, act, hours, luck))

    def send_errands(self) -> None:
        """Put the day's small work into the queues."""
        for site, act, hours, luck in self.errands:
            self.cadre_work.add(site, act, self.at.none, hours, self.day, WEEK, PLAIN, luck)
        self.errands = []

    def desk_score(self, name: str, site: np.ndarray, good: np.ndarray) -> None:
        """Note results for the desks of these sites; `month_score` counts them."""
        if len(site):
            self.scores[name].append((site, good))

    def month_score(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Good results and all results of the month, by desk."""
        n = len(self.structure.staff_of_desk)
        if not self.scores[name]:
            return np.zeros(n), np.zeros(n)
        site, good = (np.concatenate(part) for part in zip(*self.scores[name], strict=True))
        desk = self.structure.desk_of_site[site]
        return np.bincount(desk, good, n), np.bincount(desk, minlength=n)

    def luck_of(self, purpose: str, rows: np.ndarray) -> np.ndarray:
        """Luck of problems for a purpose that concerns each of them once."""
        return self.luck.table(purpose, len(self.problems.born))[rows]

    def luck_of_copies(self, purpose: str, copies: np.ndarray) -> np.ndarray:
        """Luck of copies (idea × streets + street) for a purpose that concerns each of them once."""
        return self.luck.table(purpose, self.directives.x.size)[copies]

    def members_of_cause(self, cause: int) -> np.ndarray:
        """Problems of a common cause."""
        return self._by_cause[self._first_of_cause[cause]:self._first_of_cause[cause + 1]]

    def by_street(self, values: np.ndarray) -> np.ndarray:
        """Means of a column of cadres by street."""
        return values.reshape(self.scenario.streets, -1).sum(axis=1) / self.scenario.cadres

    def cadre_in_charge(self, site: np.ndarray, luck: np.ndarray) -> np.ndarray:
        """One cadre of the desk of each site, by luck."""
        desk = self.structure.desk_of_site[site]
        return self._first_cadre[desk] + (luck * self.structure.staff_of_desk[desk]).astype(int)

    def set_outstanding(self, things: np.ndarray, parts: np.ndarray) -> None:
        """So many departments have to do their part, from today."""
        self.outstanding[things] = parts
        self.raised[things] = self.day

    def part_done(self, things: np.ndarray) -> np.ndarray:
        """One department after the other is done; returns the things where all are."""
        np.subtract.at(self.outstanding, things, np.int16(1))
        things = distinct(things)
        return things[self.outstanding[things] <= 0]

    def note_answers(self, department: np.ndarray, timely: np.ndarray) -> None:
        """Requests of departments ended, in time or not."""
        n = self.scenario.departments
        self.departments.answered += np.bincount(department, minlength=n)
        self.departments.timely += np.bincount(department, timely, n)

    def shed(self) -> None:
        """Drop all work on what has ended, so that no hour of tomorrow goes there."""
        act, _, site = self.department_work.shed(self.dead)
        answer = site[(act == Act.RESPOND) | (act == Act.REPAIR)]
        if len(answer):
            self.note_answers(answer, np.zeros(len(answer), bool))
        self.cadre_work.shed(self.dead)
        if len(self.requests):
            gone = self.dead[self.requests.thing.astype(int)]
            if np.count_nonzero(gone):
                self.requests.keep(~gone)

    def note_desks(self) -> None:
        """Means over the cadres of each desk, as they stand this month."""
        desk, staff, cad = self.structure.desk_of_cadre, self.structure.staff_of_desk, self.cadres
        self.desk_knowledge = np.bincount(desk, cad.knowledge) / staff
        self.desk_motivation = np.bincount(desk, cad.motivation) / staff
        self.desk_residents_weight = np.bincount(desk, cad.weights[:, 2]) / staff
        self.street_knowledge = self.by_street(cad.knowledge)
        self._first_cadre = np.searchsorted(desk, np.arange(len(staff)))
        self.queues_of_cadre, self.staff_beside = np.arange(QUEUED)[:, None] + desk * QUEUED, staff[desk]

    def open_problems_of(self, resident: int) -> list[int]:
        """Rows of a resident's unsettled problems."""
        p, per = self.problems, self.scenario.residents
        mine = (p.street == resident // per) & (p.resident == resident % per)
        return np.flatnonzero(mine & ((p.fate == Fate.LATENT) | (p.fate == Fate.OPEN))).tolist()

    # --- building -------------------------------------------------------------------------------------------------

    def _tables(self) -> None:
        w = self.world
        self.problems, self.causes, self.directives = w.problems, w.causes, w.directives
        self.jobs, self.emergencies, self.beliefs = w.jobs, w.emergencies, w.beliefs
        copies = len(w.directives.born) * self.scenario.streets
        self.at = Offsets(len(w.problems.born), copies, len(w.jobs.born), len(w.directives.born), len(w.causes.street))
        self.dead = np.zeros(self.at.none + 1, bool)
        self.outstanding = np.zeros(self.at.none + 1, np.int16)
        self.raised = np.full(self.at.none + 1, -1.0)
        days = np.arange(self.scenario.horizon + 1)
        born = {"problems": w.problems.born[:w.problems.arrivals], "directives": w.directives.born,
                "jobs": w.jobs.born, "emergencies": w.emergencies.born}
        self._first = {name: np.searchsorted(column, days).tolist() for name, column in born.items()}
        order = np.lexsort((w.directives.luck, w.directives.born, ~w.directives.central))
        self.rank_of_idea = np.empty(len(order), int)
        self.rank_of_idea[order] = np.arange(len(order))

    def _constants(self) -> None:
        """What never changes, worked out once; what is injected sets its own (see `events.inject`)."""
        sc, p, c, d = self.scenario, self.problems, self.causes, self.directives
        self.site_of_problem = p.street * sc.departments + p.domains[:, 0]
        self.person_of_problem = p.street * sc.residents + p.resident
        copies, street = len(d.copies.street), d.copies.street
        self.site_of_copy = street * sc.departments + d.domain[d.copies.idea]
        self.person_of_copy = street * sc.residents + (self.luck.table("household", copies) * sc.residents).astype(int)
        """Who is asked for its data."""
        self.first_inspection = 1 + (self.luck.table("inspect", copies) * MONTH).astype(int)
        """So many days after they arrive copies are inspected first."""
        # what a department does for each thing it is asked for, hours it spends on it, luck that orders it in the queue
        self.answer_act = self._of_things(Act.RESPOND, Act.REPAIR, int)
        self.answer_hours = self._of_things(p.hours / 2, sc.repair_cases * c.hours / c.parts) / sc.reach
        self.answer_luck = self._of_things(p.luck, c.luck)
        self._by_cause = np.argsort(p.cause[:p.arrivals], kind="stable")
        self._first_of_cause = np.searchsorted(p.cause[self._by_cause], np.arange(len(c.street) + 1)).tolist()
        n = sc.departments
        self.domains_beside = [sorted({(domain - 1) % n, (domain + 1) % n} - {domain}) for domain in range(n)]
        """On the ring of domains."""

    def _of_things(self, of_problem, of_cause, dtype=float) -> np.ndarray:
        """A column, by their common numbers, of what departments can be asked for: problems, and repairs of causes."""
        out = np.zeros(self.at.none + 1, dtype)
        out[:self.at.copies], out[self.at.causes:self.at.none] = of_problem, of_cause
        return out

    def _people(self) -> None:
        sc, w = self.scenario, self.world
        grounded = np.concatenate([w.groundedness[who] for who in ("city", "district", "street")])
        self.leader_grounded, self.leaders = grounded.tolist(), LeaderColumns(grounded)
        self.departments = DepartmentColumns(sc.departments)
        self.cadres = CadreColumns(sc.streets, sc.cadres, w.knowledge, sc.ties)
        self.residents = ResidentColumns(sc.streets, sc.residents)
        self.nothing = np.empty(0, np.intp)

    def _desks_and_queues(self) -> None:
        sc = self.scenario
        self.powers = Powers(offices=sc.departments)
        self.structure = cut(sc, sc.departments)
        self.cadre_work = Queues(self.structure.desk_of_site, QUEUED, CADRE_KINDS)
        self.department_work = Queues(np.arange(sc.departments), len(KINDS), DEPARTMENT_KINDS)
        self.requests = Requests()
        self.register = np.full(2 * sc.departments * sc.item_pool, -1000)
        self.last_asked = np.full(sc.item_pool, -1000)
        self.data_factor = float(self.rules.data_hours(1.0, 1.0, sc.supplements, sc.redo_share, sc.return_rate))
        self._new_scores()
        self.note_desks()

    def _notes(self) -> None:
        """Running notes that phases leave for each other; each is set by the phase named like its file."""
        sc = self.scenario
        self.record, self.live = Record(), np.empty(0, int)
        self.live_ideas: list[list[int]] = [[] for _ in range(sc.departments)]
        self.inbox, self.held, self.new_cases, self.worked, self.errands, self.relieved = ([] for _ in range(6))
        self.command_due, self.command_log, self.command_given, self.emergency_command = [], [], 0.0, 0.0
        days = np.arange(sc.horizon + 1 + MONTH)
        self.week_is_over, self.month_begins = (days > 0) & (days % WEEK == 0), days % MONTH == 0
        self.month_begins[-MONTH:] = False  # days to come, up to a month, are looked up from the end
        self.open_cases = 0
        self.bind_hours_left = self.merge_hours = 0.0
        self.pressure, self.street_overdue, self.central_overdue = [0.0] * (sc.streets + 2), np.zeros(sc.streets), 0.0
        self.specificity_of_street = np.full(sc.streets, sc.specificity)
        self.idle_of_street, self.voiced_of_street = np.zeros(sc.streets), np.zeros(sc.streets)
        self.department_mode = np.zeros(len(self.directives.born), int)
        self.core_backlog, self.supervise_backlog = np.zeros(sc.departments), np.zeros(sc.departments)
        self.supervise_hours = np.zeros(sc.departments)
        self.register_read, self.register_waits = np.zeros(sc.departments, bool), False
        self.volunteer_hours, self.volunteers_used = np.zeros(sc.streets), np.zeros(sc.streets)
        self.satisfaction = np.full(len(self.problems.born), np.nan)
        self.tally, self.hours, self.today = new_tally(), np.zeros((len(labour.CLASSES), len(ACTS))), Today()
        supervision.note_pressure(self, self.day - 1)

    def _new_scores(self) -> None:
        """Month scores by desk, and what waits at each desk, begin anew with the cut of offices."""
        n = len(self.structure.staff_of_desk)
        self.scores: dict[str, list] = {name: [] for name in ("paper", "targets", "residents", "solved")}
        self.days_of_work, self.case_days = np.zeros(n), np.zeros(n)
        self.departments.timely[:], self.departments.answered[:] = 0, 0

    def _merge_registers(self, old_office: np.ndarray) -> None:
        """An office's register holds what the offices merged into it held."""
        pool, new_office = self.scenario.item_pool, self.structure.office_of_domain
        old = self.register.reshape(-1, pool).copy()
        for office in range(self.structure.offices):
            self.register.reshape(-1, pool)[office] = old[np.unique(old_office[new_office == office])].max(axis=0)

    def _make_agents(self) -> None:
        """Mesa agents: views on the columns, for readers, pages and rule writers."""
        sc, g = self.scenario, self.world.groundedness
        levels = ["city", "district", *["street"] * sc.streets]
        Leader.create_agents(self, len(levels), list(range(len(levels))), levels, self.leader_grounded)
        Department.create_agents(self, sc.departments, list(range(sc.departments)), g["department"].tolist())
        Cadre.create_agents(self, len(self.cadres.street), list(range(len(self.cadres.street))))
        with crowd():
            Resident.create_agents(self, len(self.residents.expectation), list(range(len(self.residents.expectation))))


def _plain(value: Any) -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)
