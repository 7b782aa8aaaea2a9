"""Putting work to desks and departments, and noting what came of it: scores of desks, ends of problems."""

from __future__ import annotations

from agents import cadre, department
from agents.compiled import District, compiled, entry
from agents.queues import put
from agents.things import Copy, Problem
from agents.work import PLAIN, WEEK, Fate

CADRE_KINDS, DEPARTMENT_KINDS = cadre.KIND_OF_ACT, department.KIND_OF_ACT
QUEUED, ALL = cadre.QUEUED, len(department.KINDS)


@compiled
def site_of(d: District, p: Problem) -> int:
    """Site (street × domain) where a problem is worked on."""
    return p.street * d.scenario[0].departments + p.domains[0]


@compiled
def site_of_copy(d: District, c: Copy) -> int:
    """Site where a directive's copy is worked on."""
    return c.street * d.scenario[0].departments + c.domain


@compiled
def at_counter(d: District, p: Problem) -> bool:
    """Whether a matter is so small that the first desk settles it at its counter."""
    return p.hours <= d.scenario[0].spot


@compiled
def add_to_desk(d: District, site: int, act: int, thing: int, hours: float, period: int, priority: int,
                luck: float) -> None:
    """Work for the desk of a site."""
    queue = QUEUED * d.structure.desk_of_site[site] + CADRE_KINDS[act]
    put(d.desk_work, d.now[0].day, queue, act, thing, site, hours, period, priority, luck)


@compiled
def add_to_department(d: District, row: int, act: int, thing: int, hours: float, period: int, priority: int,
                      luck: float) -> None:
    """Work for a department."""
    queue = ALL * row + DEPARTMENT_KINDS[act]
    put(d.department_work, d.now[0].day, queue, act, thing, row, hours, period, priority, luck)


@compiled
def is_sent_down(d: District, department: int) -> bool:
    """Whether a department's people and its authority are at the streets."""
    return department < d.powers[0].sent_down


@compiled
def ask_desk(d: District, site: int, act: int, hours: float, luck: float) -> None:
    """Small coordinating work, due within a week; it joins the queue when cadres next work."""
    now = d.now[0]
    e = d.errands[now.errands]
    e.site, e.act, e.hours, e.luck = site, act, hours, luck
    now.errands += 1


@compiled
def send_errands(d: District) -> None:
    """Put the small work into the queues."""
    for k in range(d.now[0].errands):
        e = d.errands[k]
        add_to_desk(d, e.site, e.act, d.at[0].none, e.hours, WEEK, PLAIN, e.luck)
    d.now[0].errands = 0


@compiled
def is_direct(d: District, row: int) -> bool:
    """Whether a case goes past the desk: it requires departments, and calls come to these directly."""
    return d.powers[0].direct_due >= 0 and d.problems[row].authority and not at_counter(d, d.problems[row])


@compiled
def score(d: District, site: int, what: int, good: bool) -> None:
    """Note a result of the desk of a site."""
    desk = d.desks[d.structure.desk_of_site[site]]
    desk.good[what] += good
    desk.every[what] += 1


@compiled
def solved_as(d: District, p: Problem) -> int:
    """How a problem solved today is counted."""
    return Fate.SERVED if d.now[0].day <= p.born + d.scenario[0].case_due else Fate.LATE


@entry
def settle(d: District, row: int, fate: int) -> None:
    """A problem ends; whatever work on it still waits is dropped."""
    p = d.problems[row]
    d.now[0].open_cases -= p.fate == Fate.OPEN
    p.fate, p.closed = fate, d.now[0].day
    d.died[row] = d.now[0].day
