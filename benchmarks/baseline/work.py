"""What arises, and the hours of departments and cadres with what comes of them."""

from __future__ import annotations

from agents import cadre as cadres
from agents.department import CORE, SUPERVISE
from agents.work import Act, Course, Fate
from model.arrivals import RESPONSE_DAYS
from model.labour import FORM_STEP
from model.queues import BINDING, PLAIN

from . import cases, directives, requests, street
from .people import Cadre, Department, Leader
from .things import Problem

REPAIRED = 3
DRAWN = ("hours", "tacit", "severity", "reasonable", "authority", "voice_luck", "luck")
PROGRESS = (Act.DATA, Act.INTERPRET, Act.EXECUTE, Act.CONFLICT)


def arise(m) -> None:
    """The day's problems, core jobs and emergencies."""
    for row in m.on("problem"):
        start_problem(m, row, m.day)
    for job in m.on("job"):
        _start_job(m, job)
    for row in m.on("emergency"):
        _start_emergency(m, row)
    _end_emergencies(m)


def start_problem(m, row: int, first_look: int) -> None:
    """A problem begins, unless its common cause has been repaired."""
    c = m.columns
    cause = m.causes[c["cause"][row]] if c["cause"][row] >= 0 else None
    place = m.streets[c["street"][row]]
    problem = Problem(
        row, row=row, born=m.day, street=place, resident=place.residents[c["resident"][row]],
        domains=[k for k in c["domains"][row] if k >= 0], cause=cause, look=first_look,
        **{name: c[name][row] for name in DRAWN})
    m.problems.append(problem)
    if problem.reasonable:
        m.tally["need"] += problem.severity
    if cause:
        cause.members.append(problem)
    if cause and cause.stage == REPAIRED:
        cases.settle(m, problem, Fate.PREVENTED)
        m.tally["prevented"] += problem.severity
        return
    problem.resident.needs.append(problem)
    m.later("expire", m.day + m.scenario.patience, problem)


def _start_job(m, job) -> None:
    sc, department, place = m.scenario, m.departments[job.department], m.streets[job.street]
    job.course = Course.WAITING
    m.later("job_due", m.day + sc.core_due, job)
    behind = department.core_backlog > department.core_hours * sc.core_due / 2
    if behind and job.luck < m.rules.push_chance(department.weights[CORE], department.weights[SUPERVISE]):
        job.pushed = 1
        if m.powers.dispatch and m.rules.sends_back(place.desk(job.department).days_of_work):
            job.pushed = 2
            m.ask_desk(place, job.department, Act.REQUEST, None, sc.h_request, job.luck)
    if job.pushed == 1:
        m.tally["pushed_hours"] += job.hours
        m.add_to_desk(place, job.department, Act.PUSHED, job, job.hours * sc.pushed_cost, sc.core_due, PLAIN, job.luck)
    else:
        department.add(Act.CORE, job, job.hours, sc.core_due, BINDING if job.pushed else PLAIN, job.luck)


def _start_emergency(m, row: int) -> None:
    place = m.streets[int(m.world.emergencies.street[row])]
    m.world.emergencies.first[row] = m.rules.first_hours(place.knowledge, place.specificity, place.trust, place.ties,
                                                         place.idle)
    m.command_due.append((m.day, row))


def _end_emergencies(m) -> None:
    for day, row in [c for c in m.command_due if c[0] + RESPONSE_DAYS == m.day]:
        hours = m.command_given / RESPONSE_DAYS / len(m.command_due)
        quality = sum(d.core_quality for d in m.departments) / len(m.departments)
        m.world.emergencies.success[row] = m.world.emergencies.first[row] * m.rules.days_after(hours, quality)
        m.command_due.remove((day, row))


# --- hours ------------------------------------------------------------------------------------------------------


def departments_work(m) -> None:
    """Every department works; then what they did takes effect."""
    m.agents_by_type[Department].shuffle_do("step")
    done = [work for d in m.departments for queue in d.served for work, _, whole in queue if whole]
    for work in done:
        if work.act == Act.CORE:
            _core_done(work.thing)
    directives.issued(m, sorted((w.thing for w in done if w.act == Act.ISSUE), key=lambda idea: idea.row))
    street.inspect(m, [w.thing for w in done if w.act == Act.INSPECT])
    answers = [w for w in done if w.act in (Act.RESPOND, Act.REPAIR)]
    requests.departments_done(m, [(w.thing, m.departments[w.place]) for w in answers])
    for work in done:
        if work.act == Act.READ:
            m.departments[work.place].register_read = True
        elif work.act == Act.REISSUE:
            m.departments[work.place].forms = min(m.departments[work.place].forms + FORM_STEP, 1.0)


def cadres_work(m) -> None:
    """Every cadre puts hours into the desk; desks work them off; then what they did takes effect."""
    m.send_errands()
    desks = [desk for place in m.streets for desk in place.desks]
    for place in m.streets:
        place.idle = 0.0
    for desk in desks:
        desk.open_day(m.day, m.rules)
    m.agents_by_type[Cadre].shuffle_do("step")
    done = [work for desk in desks for work in _work_off(m, desk)]
    _split_rework(m)
    for work in done:
        _effect(m, work)
    copies = {w.thing.index: w.thing for w in done if w.act in PROGRESS}
    whole = [c for _, c in sorted(copies.items()) if c.live and c.done_hours >= c.total_hours - 1e-5]
    street.end_copies(m, whole, Course.DONE)
    for desk in desks:
        _note_days_of_work(m, desk)


def _work_off(m, desk) -> list:
    done = []
    for queue, hours, paid in zip(desk.queues, desk.delivered, desk.paid, strict=True):
        worth = max(hours / max(paid, 1e-12), 1e-12)
        for work, given, whole in queue.serve(hours):
            m.hours["cadre"][work.act] += given / worth
            if work.act in PROGRESS:
                work.thing.done_hours += given
            if whole:
                done.append(work)
    return done


def _split_rework(m) -> None:
    hours, rework = m.hours["cadre"], 1 - 1 / m.data_factor
    hours[Act.REWORK] += hours[Act.DATA] * rework
    hours[Act.DATA] *= 1 - rework


def _core_done(job) -> None:
    if job.course == Course.WAITING:  # else it fell due yesterday, and stays late
        job.course = Course.DONE


def _effect(m, work) -> None:
    if work.act == Act.REPORT:
        work.thing.pending_reports -= 1
    elif work.act == Act.PUSHED:
        _core_done(work.thing)
    elif work.act == Act.CASEWORK:
        m.worked.append(work.thing)


def _note_days_of_work(m, desk) -> None:
    def days(kind: int) -> float:
        pace = max(desk.delivered[kind], 0.05 * len(desk.cadres))
        return (desk.waiting[kind] - desk.delivered[kind]) / pace
    desk.days_of_work, desk.case_days = days(cadres.EXECUTE), days(cadres.CASEWORK) / m.scenario.case_due


def leaders_work(m) -> None:
    """Every leader splits the day."""
    m.agents_by_type[Leader].shuffle_do("step")
