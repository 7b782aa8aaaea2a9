"""The end of a day, a week and a month: people look back and learn."""

from __future__ import annotations

from agents import cadre as cadres
from agents import department as departments
from agents import leader as leaders
from agents.leader import CITY, DISTRICT, FIRST_STREET
from agents.work import Act, Course
from model.labour import TRAIN_DAY
from model.queues import PLAIN
from model.scenario import MONTH, WEEK
from model.upkeep import POLISH_MONTH

from . import cases, street
from .people import Resident


def look_back(m) -> None:
    """Reports fall due, deadlines pass, inspections are asked for; weekly and monthly people learn."""
    street.weekly_reports(m)
    street.deadlines(m)
    _core_quality(m)
    street.ask_inspections(m)
    cases.shed(m)
    street.note_pressure(m, m.day)
    for place in m.streets:
        place.rest = m.rules.resting_trust(sum(c.motivation for c in place.cadres) / len(place.cadres))
    m.agents_by_type[Resident].do("rest")
    if (m.day + 1) % WEEK == 0:
        _feedback(m)
        start_week(m)
    if (m.day + 1) % MONTH == 0:
        _month(m)


def start_week(m) -> None:
    """Outreach and feedback wait anew."""
    sc = m.scenario
    one = sc.h_feedback * sc.departments
    for c in m.cadres:
        c.outreach_week, c.outreach_last, c.outreach_due = 0.0, c.outreach_week, sc.h_outreach
    for leader in m.leaders:
        leader.feedback_due = one * (sc.streets if leader.number < FIRST_STREET else 1)
        if m.powers.triage and leader.number == DISTRICT:
            leader.feedback_due += one * sc.streets
        leader.needed = max(leader.feedback_due, 1e-9)
    for d in m.departments:
        d.register_read, m.register_waits = False, m.powers.triage
        if m.powers.triage:
            d.add(Act.READ, None, sc.h_feedback * sc.streets, WEEK, PLAIN, 0.5)
        if m.powers.cut_forms and d.forms < 0.999:
            d.add(Act.REISSUE, None, 1.0, WEEK, PLAIN, 0.999)


def _core_quality(m) -> None:
    jobs = m.on("job_due")
    good, bad = [0.0] * len(m.departments), [0.0] * len(m.departments)
    for job in jobs:
        m.tally["core_due"] += job.severity
        if job.course == Course.WAITING:
            job.course, job.dead = Course.OVERDUE, True
            bad[job.department] += job.hours
        else:
            good[job.department] += job.hours
            m.tally["core_in_time"] += job.severity
    for d, g, b in zip(m.departments, good, bad, strict=True):
        d.core_quality += 0.02 * ((g / (g + b) if g + b > 0 else 1.0) - d.core_quality)


# --- feedback -------------------------------------------------------------------------------------------------------


def _feedback(m) -> None:
    sc, rules = m.scenario, m.rules
    for leader in m.leaders:
        leader.read = min(max(1 - leader.feedback_due / leader.needed, 0), 1)
    passes = [rules.survives(leader.read, sc.openness) for leader in m.leaders]
    live = {(c.street.number, c.idea.domain) for c in m.live}
    for place in m.streets:
        s, up = place.number, passes[FIRST_STREET + place.number]
        arriving = {"street": up, "department": up * sc.openness, "district": up * passes[DISTRICT],
                    "city": up * passes[DISTRICT] * passes[CITY]}
        for d in range(sc.departments):
            seen = place.desk(d).knowledge if (s, d) in live else 0.0
            for who, share in arriving.items():
                _learn(m, who, s, d, m.theta[s][d], share * seen)
    register = _read_register(m, passes[DISTRICT]) if m.register_waits else 0.0
    for place in m.streets:
        place.voiced = 0.0
    reach = [(1 - (1 - up * passes[DISTRICT]) * (1 - register)) * passes[CITY] for up in passes[FIRST_STREET:]]
    m.tally["feedback_reach"] += sum(reach) / len(reach)
    m.tally["feedback_weeks"] += 1


def _learn(m, who: str, s: int, d: int, signal: float, arriving: float) -> None:
    m.beliefs[who][s][d] = m.rules.learn_belief(m.beliefs[who][s][d], signal, arriving, m.scenario.learning_rate)


def _read_register(m, share: float) -> float:
    sc, voiced = m.scenario, [max(place.voiced, 1e-9) for place in m.streets]
    for d in range(sc.departments):
        mean = sum(v * m.theta[s][d] for s, v in enumerate(voiced)) / sum(voiced)
        for s in range(sc.streets):
            signal = m.rules.register_signal(m.theta[s][d], mean, sc.voice_bias)
            _learn(m, "department", s, d, signal, m.departments[d].register_read * sc.openness)
            _learn(m, "district", s, d, signal, share)
    return share


# --- the month ------------------------------------------------------------------------------------------------------


def _month(m) -> None:
    sc, rules, rho = m.scenario, m.rules, m.powers.rho
    for c in m.cadres:
        _assess(m, c)
        _change(m, c)
    for d in m.departments:
        _assess_department(m, d)
    for leader in m.leaders:
        _learn_weights(rules, leader, leaders.ABOVE, leaders.BELOW, rho, sc.learning_rate)
    m.tally["months"] += 1
    start_month(m)
    for place in m.streets:
        place.note_people()


def start_month(m) -> None:
    """Ratings and polish wait anew."""
    sc, rho = m.scenario, m.powers.rho
    for c in m.cadres:
        c.polish_due = POLISH_MONTH if sc.gaming > 0 else 0.0
        c.rating_due = rho * sc.departments / sc.cadres
        c.forget_month()
    for d in m.departments:
        d.rated_due, d.rated_month = rho * sc.streets, 0.0
    for place in m.streets:
        place.civic = 0.0
        for desk in place.desks:
            desk.forget_scores()


def _learn_weights(rules, agent, above, below, rho: float, rate: float) -> None:
    agent.weights = [rules.learn_weight(w, rules.assessed_weight(float(a), float(b), rho), rate)
                     for w, a, b in zip(agent.weights, above, below, strict=True)]


def _assess(m, c) -> None:
    sc, rules, polish = m.scenario, m.rules, c.month["polish"]
    true = [c.desk.share(name) for name in ("paper", "targets", "residents")]
    if c.lowest == 2:
        m.tally["lift"] += rules.gaming_lift(0.0, sc.gaming, sc.audit, polish) / len(m.cadres)
    true[c.lowest] += rules.gaming_lift(true[c.lowest], sc.gaming, sc.audit, polish)
    c.lowest = true.index(min(true))
    _learn_weights(rules, c, cadres.ABOVE, cadres.BELOW, m.powers.rho, sc.learning_rate)


def _change(m, c) -> None:
    sc, rules, month = m.scenario, m.rules, c.month
    c.toil = month["toil"] / max(month["spent"], 1e-9)
    c.motivation = rules.learn_motivation(c.motivation, c.toil, c.desk.share("solved", 0.5))
    c.slack = rules.slack(c.motivation, month["monitored"])
    c.knowledge = rules.learn_knowledge(c.knowledge, month["contact"], c.start)
    if m.powers.train:
        c.knowledge = rules.learn_knowledge(c.knowledge, 40 * month["trained"] / (TRAIN_DAY * MONTH), c.knowledge)
    c.ties = rules.learn_knowledge(c.ties, month["outreach"], sc.ties)


def _assess_department(m, d) -> None:
    rules, rho = m.rules, m.powers.rho
    d.rating = rules.rating(d.timely / d.answered if d.answered > 0 else 0.5, rho)
    below = departments.BELOW.tolist()
    below[departments.RESPOND] *= 1.5 - d.rating
    below = [b / sum(below) for b in below]
    _learn_weights(rules, d, departments.ABOVE, below, rho, m.scenario.learning_rate)
    d.slack = rules.slack(departments.MOTIVATION, d.rated_month)
    d.timely = d.answered = 0
