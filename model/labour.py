"""Departments and cadres split their day over what waits, work it off, and what is done takes effect."""

from __future__ import annotations

import numpy as np

from agents import cadre as cadres
from agents import department as departments
from agents.cadre import CASEWORK, EXECUTE, QUEUED
from agents.compiled import District, Ints, compiled, entry
from agents.department import FORM_STEP
from agents.lists import append, sort
from agents.places import Desk
from agents.queues import Queues, arrange
from agents.work import Act, Course

from .assign import send_errands
from .causes import repaired
from .directives import issue
from .jobs import job_done
from .own_work import end_own
from .requests import is_case, part_done
from .street import end_copy
from .supervision import inspect

SLOWEST = 0.05
"""Hours a cadre is taken to deliver a day at least, where days of work are worked out (assumption)."""


# --- departments ----------------------------------------------------------------------------------------------------


@entry
def departments_work(d: District) -> None:
    """Departments split their hours over core work, supervision and answers to streets; what is done takes effect."""
    open_departments(d)
    for row in range(len(d.departments)):
        departments.work(d, row)
    close_departments(d)


@entry
def open_departments(d: District) -> None:
    """Arrange what waits at departments."""
    arrange(d.department_work, d.now[0].day, d.died, d.rules)


@entry
def close_departments(d: District) -> None:
    """What departments did takes effect: issues first, then inspections, then answers."""
    q, at = d.department_work, d.at[0]
    note_hours_of_cases(d, q)
    note_own_progress(d, q)
    for row in done_with(q, Act.CORE, at.jobs):
        job_done(d, row)
    issues, carried = done_with(q, Act.ISSUE, at.ideas), done_with(q, Act.OWN, at.copies)
    sort(issues, len(issues))
    for row in issues:
        issue(d, row)
    inspect(d, done_with(q, Act.INSPECT, at.copies))
    for i in q.done[:q.head[0].done]:
        answer(d, i)
    sort(carried, len(carried))
    end_own(d, carried)


@compiled
def done_with(q: Queues, act: int, first: int) -> Ints:
    """What an activity finished today was about: rows of the table that starts there in the common numbering."""
    rows, n = np.empty(q.head[0].done, np.int64), 0
    for i in q.done[:q.head[0].done]:
        if q.work[i].act == act:
            rows[n] = q.work[i].thing - first
            n += 1
    return rows[:n]


@compiled
def note_own_progress(d: District, q: Queues) -> None:
    """Hours of departments that today arrived at streets and went into directives they carry out themselves."""
    if d.powers[0].own_policy <= 0:
        return
    for i in q.begun[:q.head[0].begun]:
        w = q.work[i]
        if w.act == Act.OWN:
            d.copies[w.thing - d.at[0].copies].done_hours += w.given * d.scenario[0].reach


@compiled
def answer(d: District, place: int) -> None:
    """A finished piece of a department's work for others takes effect."""
    w = d.department_work.work[place]
    dep = d.departments[w.site]
    if w.act == Act.RESPOND or w.act == Act.REPAIR:
        answered(d, w.thing, w.site)
    elif w.act == Act.READ:
        dep.register_read = True
    elif w.act == Act.REISSUE:
        dep.forms = min(dep.forms + FORM_STEP, 1.0)


@compiled
def answered(d: District, thing: int, department: int) -> None:
    """A department's people have done their part of a case or repair, at the department or where they were sent."""
    if part_done(d, thing, department):
        if is_case(d, thing):
            append(d.worked, thing)
        else:
            repaired(d, thing - d.at[0].causes)


@compiled
def note_hours_of_cases(d: District, q: Queues) -> None:
    """Hours that today went into cases, which their residents see."""
    for i in q.begun[:q.head[0].begun]:
        w = q.work[i]
        if w.act == Act.CASEWORK or w.act == Act.RESPOND:
            d.problems[w.thing].given += w.given


# --- cadres ---------------------------------------------------------------------------------------------------------


@entry
def cadres_work(d: District) -> None:
    """Cadres split what overheads leave of the day and work it off; what is done takes effect."""
    open_desks(d)
    for row in range(len(d.cadres)):
        cadres.work(d, row)
    close_desks(d)


@entry
def open_desks(d: District) -> None:
    """Arrange what waits at desks."""
    q = d.desk_work
    send_errands(d)
    arrange(q, d.now[0].day, d.died, d.rules)
    for place in d.streets:
        place.idle = 0.0
    for n in range(len(d.desks)):
        desk = d.desks[n]
        desk.to_come = desk.cadres
        for kind in range(QUEUED):
            desk.waiting[kind], desk.press[kind] = q.waiting[QUEUED * n + kind], q.pressing[QUEUED * n + kind]
            desk.paid[kind] = desk.delivered[kind] = 0.0
        desk.wanted = q.due[n]


@entry
def close_desks(d: District) -> None:
    """What cadres worked off at desks takes effect."""
    note_progress(d)
    note_hours_of_cases(d, d.desk_work)
    finish(d)
    for desk in d.desks:
        note_days_of_work(d, desk)
        note_overtime(d, desk)


@compiled
def is_progress(act: int) -> bool:
    """Whether an activity brings a directive's copy nearer to its end."""
    return act == Act.DATA or act == Act.REWORK or act == Act.INTERPRET or act == Act.EXECUTE or act == Act.CONFLICT


@compiled
def note_progress(d: District) -> None:
    """Hours that today went into copies of directives."""
    q = d.desk_work
    for i in q.begun[:q.head[0].begun]:
        w = q.work[i]
        if is_progress(w.act):
            d.copies[w.thing - d.at[0].copies].done_hours += w.given


@compiled
def finish(d: District) -> None:
    """What finished pieces of work bring about."""
    q, n = d.desk_work, 0
    done = q.done[:q.head[0].done]
    whole = np.empty(len(done), np.int64)
    for i in done:
        w = q.work[i]
        if w.act == Act.REPORT:
            d.copies[w.thing - d.at[0].copies].pending_reports -= 1
        elif w.act == Act.PUSHED:
            job_done(d, w.thing - d.at[0].jobs)
        elif w.act == Act.CASEWORK:
            append(d.worked, w.thing)
        elif w.act == Act.RESPOND or w.act == Act.REPAIR:
            answered(d, w.thing, w.site % len(d.departments))
        elif is_progress(w.act):
            whole[n] = w.thing - d.at[0].copies
            n += 1
    sort(whole, n)
    for k in whole[:n]:
        c = d.copies[k]
        if c.course == Course.LIVE and c.done_hours >= c.total_hours - 1e-5:
            end_copy(d, k, Course.DONE)


@compiled
def note_days_of_work(d: District, desk: Desk) -> None:
    """Days of execution and of casework that wait at a desk, at the pace of today."""
    slowest = SLOWEST * max(desk.cadres, 1)
    left, pace = desk.waiting[EXECUTE] - desk.delivered[EXECUTE], max(desk.delivered[EXECUTE], slowest)
    desk.days_of_work = left / pace
    left, pace = desk.waiting[CASEWORK] - desk.delivered[CASEWORK], max(desk.delivered[CASEWORK], slowest)
    desk.case_days = left / pace / d.scenario[0].case_due


@compiled
def note_overtime(d: District, desk: Desk) -> None:
    """Hours that overheads and what is due today would take at a desk beyond the paid ones; nobody works them."""
    paid = d.cadres[desk.first_cadre].hours * desk.cadres  # those at one desk have the same
    beyond = max(desk.wanted - paid, 0.0)
    d.days[d.now[0].day].overtime_wanted += beyond / len(d.cadres)
