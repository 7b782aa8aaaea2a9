"""The state of a district: tables of people, places and things, and what each holds; built from the world drawn.

Every number that changes lies in one of these tables. Python reads and writes the same memory as compiled code.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated

import numpy as np

from agents.cadre import ASSESSED, CADRE, QUEUED
from agents.cadre import KINDS as CADRE_KINDS
from agents.calendar import Calendar, new_calendar
from agents.compiled import (
    Days,
    FloatCube,
    FloatTable,
    Ints,
    IntTable,
    Owner,
    Rules,
    Table,
    Words,
    columns,
    record,
    scratch,
    table,
    table_of,
)
from agents.department import DEPARTMENT
from agents.department import KINDS as DEPARTMENT_KINDS
from agents.leader import ABOVE as LEADER_WEIGHTS
from agents.leader import FEEDBACK, FIRST_STREET, LEADER
from agents.lists import Rows, new_rows
from agents.places import DESK, STREET, Structure
from agents.queues import Queues, new_queues
from agents.resident import RESIDENT
from agents.things import (
    ANSWER,
    AT,
    CAUSE,
    COPY,
    EMERGENCY,
    ERRAND,
    IDEA,
    JOB,
    PASSED,
    PROBLEM,
    REQUEST,
)
from agents.work import CLASSES, DAY_HOURS, NEVER, Act

from .luck import starts_of
from .record import DAY
from .regimes import Powers
from .scenario import Scenario
from .structure import grid_of
from .town import PLACED
from .world import SPARE, World

NOTES_TO_SPARE = 1000
"""Notes of the calendar kept for inspections that somebody makes happen."""
FIRST_ROOM = 256
"""Pieces of work queues have room for on the first morning."""
AT_ONCE = 4096
"""Records filled at once, column by column: few enough to stay in the processor's own memory."""
LONG_AGO = -1000
"""The day on which registers last held an item they never held."""
NUMBERS = {name: field.annotation for name, field in Scenario.model_fields.items()
           if field.annotation in (int, float) and name not in PLACED}
SCENARIO = record(**{name: "i8" if kind is int else "f8" for name, kind in NUMBERS.items()})
"""The numbers of a scenario, as compiled code reads them; those that may differ by place stand with the places."""
POWERS = record(**{one.name: {"int": "i8", "bool": "?", "float": "f8"}[str(one.type)] for one in fields(Powers)})
"""What the regime in force lets people do."""
NOW = record(**columns("day who row open_cases requests errands passed commands misgrouped", "i8"), register_waits="?",
             **columns("paid scale central_overdue bind_hours_left merge_hours merged_today "
                       "command_waiting bind_waiting command_given emergency_command summon_hours"))
"""Where the run stands. who, row: whom rules are being asked for, `Class` and row; requests, errands, passed: rows in
use of these tables; commands: emergencies under the district's command; misgrouped: cases wrongly put with a repair;
paid: hours a day; scale: of residents' distances from their street's trust."""


class Drawn(Owner):
    """What was drawn beforehand and never changes."""

    theta: FloatTable
    """Streets × domains: what would work best there."""
    items: IntTable
    """Ideas × items: number in the common pool, or pool size + number in the domain's own pool."""
    whims: FloatTable
    """Ideas × senders (city, district, department, street …), standard normal."""
    luck_starts: Words
    first_problem: Ints
    """By day, the first row born then; as are the next three."""
    first_job: Ints
    first_idea: Ints
    first_emergency: Ints
    members: Ints
    """Problems of common causes, cause by cause."""
    first_member: Ints

    def copy(self) -> Drawn:
        """Itself, since it never changes."""
        return self


class LiveIdeas(Owner):
    """Ideas of each domain of which copies live."""

    rows: IntTable
    count: Ints


class Register(Owner):
    """Days on which data items were last collected."""

    held: Ints
    """By holder × item: offices hold common items, behind them domains their own."""
    last_asked: Ints
    """By common item, by any office."""
    asking: Ints
    """By department: when it last asked the streets for data."""
    misgrouped: Ints
    """Cases that wait for a repair that will not help them, as far as `now.misgrouped` says."""


class District(Owner):
    """All of it: the world drawn, people, places, things, what waits, what was counted."""

    scenario: Annotated[Table, table_of(SCENARIO)]
    powers: Annotated[Table, table_of(POWERS)]
    now: Annotated[Table, table_of(NOW)]
    at: Annotated[Table, table_of(AT)]
    rules: Rules
    drawn: Drawn
    leaders: Annotated[Table, table_of(LEADER)]
    departments: Annotated[Table, table_of(DEPARTMENT)]
    cadres: Annotated[Table, table_of(CADRE)]
    residents: Annotated[Table, table_of(RESIDENT)]
    streets: Annotated[Table, table_of(STREET)]
    desks: Annotated[Table, table_of(DESK)]
    structure: Structure
    register: Register
    beliefs: FloatCube
    """Whose × streets × domains: what is believed to work best there; see `agents.leader.BY_CITY`."""
    problems: Annotated[Table, table_of(PROBLEM)]
    causes: Annotated[Table, table_of(CAUSE)]
    ideas: Annotated[Table, table_of(IDEA)]
    copies: Annotated[Table, table_of(COPY)]
    jobs: Annotated[Table, table_of(JOB)]
    emergencies: Annotated[Table, table_of(EMERGENCY)]
    died: Days
    """By thing, the day it ended."""
    answers: Annotated[Table, table_of(ANSWER)]
    """By thing that departments can be asked for."""
    requests: Annotated[Table, table_of(REQUEST)]
    passed: Annotated[Table, table_of(PASSED)]
    errands: Annotated[Table, table_of(ERRAND)]
    calendar: Calendar
    desk_work: Queues
    department_work: Queues
    live: Rows
    """Copies that live, or did this morning."""
    live_ideas: LiveIdeas
    ideas_today: Rows
    arriving: Rows
    """Ideas issued, on their way to the streets."""
    held: Rows
    """Ideas that wait to be merged."""
    looked_at: Rows
    """Needs that their residents look at today."""
    new_cases: Rows
    worked: Rows
    """Cases on which work was done today."""
    relieved: Rows
    """Cases whose cause was repaired today."""
    days: Annotated[Table, table_of(DAY)]
    hours: FloatCube
    """Days × classes × activities: the ledger."""

    def in_use(self) -> dict[str, int]:
        """See `Owner`."""
        now = self.now[0]
        return {"requests": int(now.requests), "passed": int(now.passed), "errands": int(now.errands)}


def build(scenario: Scenario, world: World, seed: int, rules: object) -> District:
    """A district on the morning of its first day, under layered assessment; offices are cut later."""
    copies = len(world.ideas["born"]) * scenario.streets
    return District(
        scenario=_numbers(scenario), powers=powers_of(Powers(offices=scenario.departments)), now=_now(scenario),
        at=_at(world, copies), rules=rules, drawn=_drawn(scenario, world, seed), **_people(scenario, world),
        **_places(scenario, world), **_things(scenario, world), **_waiting(scenario, world), **_records(scenario))


def powers_of(powers: Powers) -> np.recarray:
    """Powers as compiled code reads them."""
    out = table(1, POWERS)
    for name in POWERS.names or ():
        out[0][name] = getattr(powers, name)
    return out


def _numbers(sc: Scenario) -> np.recarray:
    out = table(1, SCENARIO)
    for name in NUMBERS:
        out[0][name] = getattr(sc, name)
    return out


def _now(sc: Scenario) -> np.recarray:
    out = table(1, NOW)
    out.paid, out.scale = DAY_HOURS, 1.0
    return out


def _at(world: World, copies: int) -> np.recarray:
    out, start = table(1, AT), 0
    sizes = {"copies": len(world.problems["born"]), "jobs": copies, "ideas": len(world.jobs["born"]),
             "causes": len(world.ideas["born"]), "none": len(world.causes["luck"])}
    for name, before in sizes.items():
        start += before
        out[0][name] = start
    out.arrivals = world.arrivals
    return out


def _drawn(sc: Scenario, world: World, seed: int) -> Drawn:
    days = np.arange(sc.horizon + 1)
    cause = world.problems["cause"][:world.arrivals]
    members = np.argsort(cause, kind="stable")
    members = members[cause[members] >= 0]
    first = {"first_problem": world.problems["born"][:world.arrivals], "first_job": world.jobs["born"],
             "first_idea": world.ideas["born"], "first_emergency": world.emergencies["born"]}
    return Drawn(theta=world.theta, items=world.items, whims=world.whims, luck_starts=starts_of(seed), members=members,
                 first_member=np.searchsorted(cause[members], np.arange(len(world.causes["luck"]) + 1)),
                 **{name: np.searchsorted(born, days) for name, born in first.items()})


def _people(sc: Scenario, world: World) -> dict[str, np.ndarray]:
    staffed, peopled = sc.by_street("cadres"), sc.by_street("residents")
    cadres, residents = table(sum(staffed), CADRE), table(sum(peopled), RESIDENT)
    cadres.street, cadres.lowest = np.repeat(np.arange(sc.streets), staffed), 2
    cadres.knowledge = cadres.level = np.repeat(world.knowledge, staffed)
    cadres.motivation, cadres.ties = 0.5, np.repeat(sc.by_street("ties"), staffed)
    cadres.weights, cadres.own = weights_above(sc, ASSESSED), inclinations(sc)
    residents.street, residents.expectation = np.repeat(np.arange(sc.streets), peopled), 0.5
    residents.grid = grid_of(sc, np.arange(len(residents)))
    cadres.residents = np.bincount(residents["grid"], minlength=len(cadres))
    cadres.first_resident = np.cumsum(cadres.residents) - cadres.residents
    residents.civic = world.civic
    departments, leaders = table(sc.departments, DEPARTMENT), table(sc.streets + FIRST_STREET, LEADER)
    departments.groundedness, departments.weights = world.groundedness["department"], weights_above(
        sc, DEPARTMENT_KINDS)
    departments.staff = sc.by_department("staff")
    departments.rating, departments.core_quality, departments.forms, departments.own = 0.5, 1.0, 1.0, 1.0
    leaders.groundedness = np.concatenate([world.groundedness[who] for who in ("city", "district", "street")])
    leaders.weights, leaders.read, leaders.needed, leaders.press, leaders.own = LEADER_WEIGHTS, 1.0, 1e-9, 1.0, 1.0
    # M14: the grounded listen (assumption: linear, 1 at the mean)
    leaders["own"][:, FEEDBACK] = 2 * leaders.groundedness
    return {"cadres": cadres, "residents": residents, "departments": departments, "leaders": leaders,
            "beliefs": np.stack([world.beliefs[who] for who in ("city", "district", "department", "street")])}


def inclinations(sc: Scenario) -> list[float]:
    """A cadre's own, by kind of work, relative to that to execution."""
    return [1.0 if kind == "execute" else getattr(sc, f"own_{kind}") for kind in CADRE_KINDS]


def weights_above(sc: Scenario, kinds: tuple[str, ...]) -> np.ndarray:
    """What superiors assess, as shares: `weigh_…` of the scenario."""
    weights = np.array([getattr(sc, f"weigh_{kind}") for kind in kinds])
    return weights / weights.sum()


def _places(sc: Scenario, world: World) -> dict[str, object]:
    streets, desks = table(sc.streets, STREET), _most_desks(sc)
    streets.cadres, streets.residents = sc.by_street("cadres"), sc.by_street("residents")
    streets.first_cadre, streets.first_resident = (np.cumsum(n) - n for n in (streets.cadres, streets.residents))
    people: np.ndarray = streets["residents"]
    streets.level, streets.expectation, streets.ties = 0.5, 0.5 * people, sc.by_street("ties")
    streets.budget = [civic.sum(dtype=float) for civic in np.split(world.civic, streets["first_resident"][1:])]
    sites = sc.streets * sc.departments
    whole = lambda size, value=0: np.full(size, value, np.int64)  # noqa: E731
    return {"streets": streets, "desks": table(desks, DESK),
            "structure": Structure(office_of_domain=whole(sc.departments), own_share=np.zeros(sites),
                                   desk_of_site=whole(sites)),
            "register": Register(held=whole(2 * sc.departments * sc.item_pool, LONG_AGO),
                                 last_asked=whole(sc.item_pool, LONG_AGO),
                                 asking=whole(sc.departments, LONG_AGO), misgrouped=whole(len(world.problems["born"])))}


def _most_desks(sc: Scenario) -> int:
    """Desks where every domain has an office of its own."""
    return sum(min(sc.departments, cadres) for cadres in sc.by_street("cadres"))


def _things(sc: Scenario, world: World) -> dict[str, np.ndarray]:
    problems, causes = _filled(PROBLEM, world.problems), _filled(CAUSE, world.causes)
    people = np.array(sc.by_street("residents"))
    problems.resident += (np.cumsum(people) - people)[problems.street]
    problems.voiced = problems.called = problems.closed = problems.bundled = -1
    problems.satisfaction = np.nan
    ideas, jobs, emergencies = (_filled(kind, drawn) for kind, drawn in (
        (IDEA, world.ideas), (JOB, world.jobs), (EMERGENCY, world.emergencies)))
    n = len(ideas)
    ideas.rank[np.lexsort((ideas.luck, ideas.born, ~ideas.central))] = np.arange(n)
    ideas.weight, ideas.parts, ideas.carrier = 1.0, 1.0, np.arange(n)
    emergencies.until, emergencies.first, emergencies.success = -1, np.nan, np.nan
    copies = table(n * sc.streets, COPY)
    copies.idea, copies.street = np.repeat(np.arange(n), sc.streets), np.tile(np.arange(sc.streets), n)
    copies.domain, copies.x = np.repeat(ideas.domain, sc.streets), np.repeat(world.x0, sc.streets)
    copies.s, copies.due, copies.clarity, copies.target = sc.specificity, sc.directive_due, 1.0, 1.0
    copies.arrived = copies.deadline = -1
    things = len(problems) + len(copies) + len(jobs) + n + len(causes) + 1
    return {"problems": problems, "causes": causes, "ideas": ideas, "copies": copies, "jobs": jobs,
            "emergencies": emergencies, "died": np.full(things, NEVER, np.int32), "answers": table(things, ANSWER)}


def _filled(kind: np.dtype, drawn: dict[str, np.ndarray]) -> np.recarray:
    out = table(len(next(iter(drawn.values()))), kind)
    filled = [(out[name], drawn[name]) for name in kind.names or () if name in drawn]
    for start in range(0, len(out), AT_ONCE):
        for column, values in filled:
            column[start:start + AT_ONCE] = values[start:start + AT_ONCE]
    return out


def _waiting(sc: Scenario, world: World) -> dict[str, object]:
    """Lists with room for the worst: all that is drawn waits at once. Queues grow as they need (`model.room`)."""
    problems, jobs, ideas = (len(part["born"]) for part in (world.problems, world.jobs, world.ideas))
    copies, desks = ideas * sc.streets, _most_desks(sc)
    lists = {name: new_rows(size) for name, size in {
        "live": copies, "ideas_today": ideas, "arriving": ideas, "held": ideas, "looked_at": problems,
        "new_cases": problems, "worked": 2 * problems, "relieved": problems}.items()}
    return {**lists, "live_ideas": LiveIdeas(rows=scratch((sc.departments, ideas), np.int64),
                                             count=np.zeros(sc.departments, np.int64)),
            "calendar": new_calendar(sc.horizon, 5 * problems + jobs + ideas + NOTES_TO_SPARE + 3 * SPARE),
            "desk_work": new_queues(desks, QUEUED, FIRST_ROOM, sum(sc.by_street("cadres"))),
            "department_work": new_queues(sc.departments, len(DEPARTMENT_KINDS), FIRST_ROOM),
            "requests": scratch(4 * problems + 1000, REQUEST), "passed": scratch(8 * problems + 1000, PASSED),
            "errands": scratch(8 * problems + jobs + 1000, ERRAND)}


def _records(sc: Scenario) -> dict[str, np.ndarray]:
    return {"days": table(sc.horizon, DAY), "hours": np.zeros((sc.horizon, len(CLASSES), len(Act)))}
