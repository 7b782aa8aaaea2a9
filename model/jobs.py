"""Core jobs: departments' own work, which nobody voices; some are pushed down to streets (业务下压)."""

from __future__ import annotations

from agents.calendar import Due, later, take
from agents.compiled import District, compiled
from agents.department import CORE, SUPERVISE, account_for_core, falls_behind
from agents.work import BINDING, PLAIN, Act, Class, Course, Pushed

from .assign import add_to_department, add_to_desk, ask_desk, is_sent_down


@compiled
def begin_jobs(d: District) -> None:
    """The day's core jobs come."""
    for row in range(d.drawn.first_job[d.now[0].day], d.drawn.first_job[d.now[0].day + 1]):
        begin_job(d, row)


@compiled
def begin_job(d: District, row: int) -> None:
    """A department keeps a job or pushes it down; a street with authority may send it back."""
    sc, now, job = d.scenario[0], d.now[0], d.jobs[row]
    job.course, job.pushed = Course.WAITING, where_to(d, row)
    later(d.calendar, Due.JOB, now.day + sc.core_due, row)
    site = job.street * sc.departments + job.department
    if is_sent_down(d, job.department):
        add_to_desk(d, site, Act.PUSHED, d.at[0].jobs + row, job.hours, sc.core_due, PLAIN, job.luck)
        return
    if job.pushed == Pushed.DOWN:
        d.days[now.day].pushed_hours += job.hours
        add_to_desk(d, site, Act.PUSHED, d.at[0].jobs + row, job.hours * sc.pushed_cost, sc.core_due, PLAIN, job.luck)
        return
    if job.pushed == Pushed.BACK:
        ask_desk(d, site, Act.REQUEST, sc.h_request, job.luck)
    first = job.pushed == Pushed.BACK and d.powers[0].first
    add_to_department(d, job.department, Act.CORE, d.at[0].jobs + row, job.hours, sc.core_due,
                      BINDING if first else PLAIN, job.luck)


@compiled
def where_to(d: District, row: int) -> int:
    """Whether a job is kept, pushed down, or sent back."""
    sc, job = d.scenario[0], d.jobs[row]
    dep, site = d.departments[job.department], job.street * sc.departments + job.department
    d.now[0].who, d.now[0].row = Class.DEPARTMENT, job.department
    if is_sent_down(d, job.department) or not falls_behind(dep, sc.core_due):
        return Pushed.KEPT
    chance = d.rules.push_chance(dep.weights[CORE], dep.weights[SUPERVISE])
    if job.luck >= chance * (1 - d.powers[0].own_policy):
        return Pushed.KEPT
    days = d.desks[d.structure.desk_of_site[site]].days_of_work
    return Pushed.BACK if d.powers[0].send_back and d.rules.sends_back(days) else Pushed.DOWN


@compiled
def job_done(d: District, row: int) -> None:
    """A core job is done; one that fell due yesterday and is still worked on today stays late."""
    if d.jobs[row].course == Course.WAITING:
        d.jobs[row].course = Course.DONE


@compiled
def account_for_jobs(d: District) -> None:
    """Core jobs not done in time are dropped; quality follows the share done in time."""
    day = d.now[0].day
    today = d.days[day]
    for dep in d.departments:
        dep.good = dep.bad = 0.0
    for row in take(d.calendar, Due.JOB, day):
        job = d.jobs[row]
        today.core_due += job.severity
        if job.course == Course.WAITING:
            job.course = Course.OVERDUE
            d.died[d.at[0].jobs + row] = day
            d.departments[job.department].bad += job.hours
        else:
            d.departments[job.department].good += job.hours
            today.core_in_time += job.severity
    for dep in d.departments:
        account_for_core(dep)
