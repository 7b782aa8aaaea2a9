"""Departments are asked for their part: by a request that may go unanswered, a whistle, or a call (吹哨、报到)."""

from __future__ import annotations

from math import log1p

import numpy as np

from agents.compiled import District, compiled
from agents.department import RESPOND
from agents.leader import COMMAND, DISTRICT
from agents.lists import sort_by
from agents.queues import ENOUGH, Work
from agents.things import Request
from agents.work import BINDING, PLAIN, Act, Class, Fate, Stage

from .assign import add_to_department, add_to_desk, is_sent_down
from .bundles import release
from .endings import end_cases
from .luck import luck_of_request

ATTEMPTS = 3
"""A request may come back twice; then the case is closed unsolved."""
NOT_YET = -1


@compiled
def ask_departments(d: District, thing: int, parts: int) -> None:
    """Ask every department concerned for a case or repair; a whistle need not be accepted.

    The people of those that were sent down are there, and need not be asked.
    """
    today, now, powers = d.days[d.now[0].day], d.now[0], d.powers[0]
    expect_answers(d, thing, parts)
    asked = to_be_asked(d, thing, parts)
    for k in range(parts):
        department = concerned(d, thing, k)
        if is_sent_down(d, department):
            put_to_work(d, thing, department, now.day, 0, PLAIN)
            continue
        note_passed(d, thing, department, False)
        if powers.whistle_due >= 0:
            today.whistles += 1
            put_to_work(d, thing, department, now.day, powers.whistle_due, BINDING if powers.first else PLAIN)
        else:
            file(d, thing, department, asked)


@compiled
def expect_answers(d: District, thing: int, parts: int) -> None:
    """So many departments owe their part of a thing from today on, and are counted on the day it is due."""
    answer, due = d.answers[thing], d.now[0].day + d.scenario[0].case_due
    answer.outstanding, answer.raised, answer.due = parts, NOT_YET, due
    if due < len(d.days):
        d.days[due].asked += parts


@compiled
def to_be_asked(d: District, thing: int, parts: int) -> int:
    """How many of the departments concerned have not sent their people down."""
    number = 0
    for k in range(parts):
        number += not is_sent_down(d, concerned(d, thing, k))
    return number


@compiled
def send_directly(d: District, row: int) -> None:
    """A case goes to all its departments at once; they are assessed on it and may not decline."""
    p = d.problems[row]
    expect_answers(d, row, p.parts)
    for k in range(p.parts):
        note_passed(d, row, p.domains[k], False)
        put_to_work(d, row, p.domains[k], d.now[0].day, d.powers[0].direct_due, PLAIN)


@compiled
def concerned(d: District, thing: int, k: int) -> int:
    """The k-th department that has to act on a case or repair."""
    if is_case(d, thing):
        return d.problems[thing].domains[k]
    return d.causes[thing - d.at[0].causes].domains[k]


@compiled
def is_case(d: District, thing: int) -> bool:
    """Whether a thing that departments are asked for is a case, not the repair of a cause."""
    return thing < d.at[0].copies


@compiled
def street_of(d: District, thing: int) -> int:
    """The street of a case or repair."""
    return d.problems[thing].street if is_case(d, thing) else d.causes[thing - d.at[0].causes].street


@compiled
def note_passed(d: District, thing: int, department: int, answered: bool) -> None:
    """Note for whoever watches that a street asked a department, or was answered."""
    now = d.now[0]
    if now.passed < len(d.passed):
        note = d.passed[now.passed]
        note.thing, note.department, note.answered = thing, department, answered
        now.passed += 1


@compiled
def file(d: District, thing: int, department: int, parts: int) -> None:
    """A request waits to be accepted."""
    r = d.requests[d.now[0].requests]
    d.now[0].requests += 1
    r.thing, r.department, r.first, r.parts = thing, department, d.now[0].day, parts
    ask(d, r, 1)


@compiled
def ask(d: District, r: Request, attempt: int) -> None:
    """A department is asked, for the first time or again."""
    r.attempt, r.raised, r.bound, r.hazard = attempt, d.now[0].day, False, 0.0
    r.limit = -log1p(-luck_of_request(d, r.thing, r.department, attempt))


@compiled
def put_to_work(d: District, thing: int, department: int, raised: int, period: int, priority: int) -> None:
    """A request to be answered joins the department's queue; hours spent on the way do not arrive at the street."""
    sc = d.scenario[0]
    if is_case(d, thing):
        act, hours, luck = Act.RESPOND, d.problems[thing].hours / 2, d.problems[thing].luck
    else:
        cause = d.causes[thing - d.at[0].causes]
        act, hours, luck = Act.REPAIR, sc.repair_cases * cause.hours / cause.parts, cause.luck
        period, priority = sc.case_due, PLAIN  # a whistle brings a repair into the queue, not before what waits there
    if is_sent_down(d, department):  # they are on the spot, and have the time that any case has
        site = street_of(d, thing) * sc.departments + department
        add_to_desk(d, site, act, thing, hours, sc.case_due, PLAIN, luck)
    else:
        add_to_department(d, department, act, thing, hours / sc.reach, period, priority, luck)
    if d.answers[thing].raised == NOT_YET:
        d.answers[thing].raised = raised


@compiled
def answer_requests(d: District) -> None:
    """Departments accept, the district leader binds, the rest come back when their time is over."""
    now = d.now[0]
    for k in range(now.requests):
        consider(d, d.requests[k])
    bind_by_leader(d)
    unsolved, n, kept = np.empty(now.requests, np.int64), 0, 0
    for k in range(now.requests):
        r = d.requests[k]
        if r.hazard >= r.limit or r.bound:
            take_up(d, r)
        elif now.day - r.raised < d.scenario[0].request_due or come_back(d, r):
            d.requests[kept] = d.requests[k]
            kept += 1
        elif is_case(d, r.thing):
            unsolved[n] = r.thing
            n += 1
    now.requests = kept
    end_cases(d, unsolved[:n], Fate.UNSOLVED)


@compiled
def consider(d: District, r: Request) -> None:
    """A day more in which the department may accept."""
    sc, dep = d.scenario[0], d.departments[r.department]
    d.now[0].who, d.now[0].row = Class.DEPARTMENT, r.department
    chance = d.rules.accept_chance(dep.weights[RESPOND], float(r.parts), sc.accept_base, sc.accept_gain,
                                   sc.accept_crowd)
    r.hazard -= log1p(-min(chance, 1 - 1e-12))
    r.bound = False


@compiled
def take_up(d: District, r: Request) -> None:
    """A department has accepted a request, or is bound to it."""
    today = d.days[d.now[0].day]
    today.accepted += not r.bound
    today.accept_days += d.now[0].day - r.first
    today.accept_count += 1
    put_to_work(d, r.thing, r.department, r.first, 0 if r.bound else d.scenario[0].case_due,
                BINDING if r.bound else PLAIN)


@compiled
def bind_by_leader(d: District) -> None:
    """The district leader binds what has waited longest, `h_bind` hours of command each."""
    sc, now, n = d.scenario[0], d.now[0], 0
    hours = d.leaders[DISTRICT].given[COMMAND] - now.summon_hours - now.emergency_command + now.bind_hours_left
    can = int(hours / sc.h_bind + 1e-9)
    old, keys = np.empty(now.requests, np.int64), np.empty(now.requests)
    for k in range(now.requests):
        r = d.requests[k]
        if r.hazard < r.limit and r.raised <= now.day - sc.bind_after:
            old[n], keys[n] = k, r.raised * 64.0 + min(r.limit, 63.0)
            n += 1
    if can and n:
        sort_by(keys, old, n)
        for k in old[:min(can, n)]:
            d.requests[k].bound = True
    now.bind_hours_left = hours - min(can, n) * sc.h_bind if n > can else 0.0


@compiled
def come_back(d: District, r: Request) -> bool:
    """An unaccepted request comes back; the street asks again, or after the third time gives up. Whether it asks."""
    d.days[d.now[0].day].returned += 1
    d.departments[r.department].answered += 1
    if r.attempt < ATTEMPTS:
        ask(d, r, r.attempt + 1)
        return True
    if not is_case(d, r.thing):
        k = r.thing - d.at[0].causes
        d.causes[k].stage, d.died[r.thing] = Stage.UNKNOWN, d.now[0].day
        release(d, k)
    return False


@compiled
def part_done(d: District, thing: int, department: int) -> bool:
    """A department has done its part; whether now all have."""
    dep, answer = d.departments[department], d.answers[thing]
    note_passed(d, thing, department, True)
    dep.answered += 1
    dep.timely += d.now[0].day - answer.raised <= d.scenario[0].case_due
    if d.now[0].day <= answer.due < len(d.days):
        d.days[answer.due].answered += 1
    answer.outstanding -= 1
    return answer.outstanding == 0


@compiled
def forget_requests(d: District) -> None:
    """Requests about what ended today are dropped, and answers departments owed on it count as not given."""
    now, kept, q = d.now[0], 0, d.department_work
    for queue in range(RESPOND, len(q.start), q.head[0].kinds):
        for i in range(q.start[queue], q.stop[queue]):
            note_unanswered(d, q.work[i])
    for i in range(q.head[0].fresh):
        note_unanswered(d, q.fresh[i])
    for k in range(now.requests):
        if d.died[d.requests[k].thing] > now.day:
            d.requests[kept] = d.requests[k]
            kept += 1
    now.requests = kept


@compiled
def note_unanswered(d: District, w: Work) -> None:
    """A department still owed its part when the case or repair ended today."""
    if w.left > ENOUGH and d.died[w.thing] == d.now[0].day and (w.act == Act.RESPOND or w.act == Act.REPAIR):
        d.departments[w.site].answered += 1
        w.left = 0.0  # or it would be done after all where the same cause is found again tomorrow
