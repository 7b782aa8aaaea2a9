"""Phase 8: feedback goes up (weekly); assessment, motivation, knowledge and weights move (monthly)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents import cadre as cadres
from agents import department as departments
from agents import leader as leaders
from agents.leader import CITY, DISTRICT, FIRST_STREET
from agents.work import Act, Course

from .events import raids
from .labour import TRAIN_DAY
from .queues import PLAIN
from .scenario import MONTH, WEEK
from .street import deadlines, weekly_reports
from .supervision import ask_inspections, note_pressure, reissue

if TYPE_CHECKING:
    from .governance import GovernanceModel

POLISH_MONTH = 6.0
"""Hours of polish a month beyond which it adds too little (assumption)."""


def look_back(m: GovernanceModel) -> None:
    """Reports fall due, deadlines pass, inspections are asked for; weekly and monthly people learn."""
    weekly_reports(m)
    deadlines(m)
    _core_quality(m)
    ask_inspections(m)
    raids(m)
    m.shed()
    note_pressure(m, m.day)
    m.residents.relax(m.rules.resting_trust(m.by_street(m.cadres.motivation)))
    if (m.day + 1) % WEEK == 0:
        _feedback(m)
        start_week(m)
    if (m.day + 1) % MONTH == 0:
        _month(m)
        m.note_desks()


def start_week(m: GovernanceModel) -> None:
    """Outreach and feedback wait anew; what was not done last week has lapsed."""
    sc, led = m.scenario, m.leaders
    m.cadres.outreach_week, m.cadres.outreach_last = np.zeros(len(m.cadres.street)), m.cadres.outreach_week
    m.cadres.outreach_due = np.full(len(m.cadres.street), sc.h_outreach)
    one = sc.h_feedback * sc.departments
    led.feedback_due[:] = one
    led.feedback_due[[CITY, DISTRICT]] = one * sc.streets
    if m.powers.triage:
        led.feedback_due[DISTRICT] += one * sc.streets
        every = np.arange(sc.departments)
        m.department_work.add(every, Act.READ, m.at.none, sc.h_feedback * sc.streets, m.day, WEEK, PLAIN, 0.5)
    m.feedback_needed = np.maximum(led.feedback_due, 1e-9)
    m.register_read[:], m.register_waits = False, m.powers.triage
    if m.powers.cut_forms:
        reissue(m)


def _core_quality(m: GovernanceModel) -> None:
    """Core jobs not done in time are dropped; quality follows the share done in time."""
    jobs, dep = m.jobs, m.departments
    rows = m.due_today("job_due")
    waits = jobs.course[rows] == Course.WAITING
    late, done = rows[waits], rows[~waits]
    jobs.course[late] = Course.OVERDUE
    m.dead[m.at.jobs + late] = True
    hours = jobs.hours
    good = np.bincount(jobs.department[done], hours[done], m.scenario.departments)
    bad = np.bincount(jobs.department[late], hours[late], m.scenario.departments)
    both = good + bad
    ratio = np.where(both > 0, good / np.maximum(both, 1e-12), 1.0)
    dep.core_quality = dep.core_quality + 0.02 * (ratio - dep.core_quality)
    m.tally["core_in_time"] += float(jobs.severity[done].sum())
    m.tally["core_due"] += float(jobs.severity[rows].sum())


# --- feedback ---------------------------------------------------------------------------------------------------


def _feedback(m: GovernanceModel) -> None:
    """What cadres see of local conditions goes up, filtered at each layer; the register goes straight up."""
    led, sc, rules = m.leaders, m.scenario, m.rules
    led.read = np.clip(1 - led.feedback_due / m.feedback_needed, 0, 1)
    passes = rules.survives(led.read, sc.openness)
    street, district, city = passes[FIRST_STREET:, None], passes[DISTRICT], passes[CITY]
    seen = _seen(m)
    for who, share in (("street", street), ("department", street * sc.openness), ("district", street * district),
                       ("city", street * district * city)):
        m.beliefs[who] = rules.learn_belief(m.beliefs[who], m.world.theta, share * seen, sc.learning_rate)
    register = _read_register(m, passes) if m.register_waits else 0.0
    m.voiced_of_street = np.zeros(sc.streets)
    direct = street * district
    m.tally["feedback_reach"] += float(((1 - (1 - direct) * (1 - register)) * city).mean())
    m.tally["feedback_weeks"] += 1


def _seen(m: GovernanceModel) -> np.ndarray:
    """How much cadres can tell of each street and domain: where directives are at work, as far as they know it."""
    out = np.zeros(m.world.theta.size)
    out[m.site_of_copy[m.live]] = 1.0
    return (out * m.desk_knowledge[m.structure.desk_of_site]).reshape(m.world.theta.shape)


def _read_register(m: GovernanceModel, passes: np.ndarray) -> float:
    """Departments and the district read the register of cases; it shows who voices, not who needs."""
    sc, theta = m.scenario, m.world.theta
    voiced = np.maximum(m.voiced_of_street, 1e-9)
    signal = m.rules.register_signal(theta, (voiced[:, None] * theta).sum(axis=0) / voiced.sum(), sc.voice_bias)
    for who, share in (("department", m.register_read * sc.openness), ("district", passes[DISTRICT])):
        m.beliefs[who] = m.rules.learn_belief(m.beliefs[who], signal, share, sc.learning_rate)
    return float(passes[DISTRICT])


# --- the month --------------------------------------------------------------------------------------------------


def _month(m: GovernanceModel) -> None:
    _assess_cadres(m)
    _people_change(m)
    _assess_departments(m)
    rho, rate = m.powers.rho, m.scenario.learning_rate
    target = m.rules.assessed_weight(leaders.ABOVE, leaders.BELOW, rho)
    m.leaders.weights = m.rules.learn_weight(m.leaders.weights, target, rate)
    start_month(m)


def start_month(m: GovernanceModel) -> None:
    """Ratings and polish wait anew."""
    sc, cad, rho = m.scenario, m.cadres, m.powers.rho
    cad.polish_due = np.full(len(cad.street), POLISH_MONTH if sc.gaming > 0 else 0.0)
    cad.rating_due = np.full(len(cad.street), rho * sc.departments / sc.cadres)
    m.departments.rated_due = np.full(sc.departments, rho * sc.streets)
    m.departments.rated_month[:] = 0
    m.residents.street_civic[:] = 0
    for name in m.scores:
        m.scores[name] = []
    for values in cad.month.values():
        values[:] = 0


def _assess_cadres(m: GovernanceModel) -> None:
    """Measured results by desk; polish lifts the lowest; weights follow what is assessed."""
    cad, sc, rules = m.cadres, m.scenario, m.rules
    desk = m.structure.desk_of_cadre
    true = np.stack([share(*m.month_score(name))[desk] for name in ("paper", "targets", "residents")], axis=1)
    rows = np.arange(len(true))
    factor = rules.gaming_lift(0.0, sc.gaming, sc.audit, cad.month["polish"])
    m.tally["lift"] += float(np.where(cad.lowest == 2, factor, 0.0).mean())
    m.tally["months"] += 1
    true[rows, cad.lowest] += rules.gaming_lift(true[rows, cad.lowest], sc.gaming, sc.audit, cad.month["polish"])
    cad.lowest = true.argmin(axis=1)
    target = rules.assessed_weight(cadres.ABOVE, cadres.BELOW, m.powers.rho)
    cad.weights = rules.learn_weight(cad.weights, target, sc.learning_rate)


def _people_change(m: GovernanceModel) -> None:
    """Slack, motivation, knowledge and ties follow the month's hours."""
    cad, sc, rules, month = m.cadres, m.scenario, m.rules, m.cadres.month
    solved = share(*m.month_score("solved"), empty=0.5)[m.structure.desk_of_cadre]
    cad.toil = month["toil"] / np.maximum(month["spent"], 1e-9)
    cad.motivation = rules.learn_motivation(cad.motivation, cad.toil, solved)
    cad.slack = rules.slack(cad.motivation, month["monitored"])
    cad.knowledge = rules.learn_knowledge(cad.knowledge, month["contact"], cad.start)
    if m.powers.train:
        cad.knowledge = rules.learn_knowledge(cad.knowledge, 40 * month["trained"] / (TRAIN_DAY * MONTH), cad.knowledge)
    cad.ties = rules.learn_knowledge(cad.ties, month["outreach"], np.full(len(cad.ties), sc.ties))


def _assess_departments(m: GovernanceModel) -> None:
    """Streets rate departments; poor answers must be mended: a low rating raises the weight of answering."""
    dep, sc, rules, rho = m.departments, m.scenario, m.rules, m.powers.rho
    timely = np.where(dep.answered > 0, dep.timely / np.maximum(dep.answered, 1), 0.5)
    dep.rating = rules.rating(timely, rho)
    below = np.tile(departments.BELOW, (sc.departments, 1))
    below[:, departments.RESPOND] *= 1.5 - dep.rating
    below /= below.sum(axis=1, keepdims=True)
    target = rules.assessed_weight(departments.ABOVE, below, rho)
    dep.weights = rules.learn_weight(dep.weights, target, sc.learning_rate)
    dep.slack = rules.slack(departments.MOTIVATION, dep.rated_month)
    dep.timely[:], dep.answered[:] = 0, 0


def share(good: np.ndarray, all_: np.ndarray, empty: float = 1.0) -> np.ndarray:
    """Good ÷ all; `empty` where nothing was counted."""
    return np.where(all_ > 0, good / np.maximum(all_, 1), empty)
