"""Cases: voiced, routed, begun and ended."""

from __future__ import annotations

from agents.work import Act, Fate
from model.queues import PLAIN
from model.scenario import MONTH, WEEK

from . import requests
from .things import Problem


def voiced(m, p: Problem) -> None:
    """A need becomes a case."""
    p.fate, p.voiced = Fate.OPEN, m.day
    p.street.voiced += 1
    m.tally["voiced"] += 1
    m.new_cases.append(p)
    m.later("overdue", m.day + m.scenario.case_due + 1, p)


def route(m) -> None:
    """Send new and reopened cases on."""
    fresh, m.new_cases = sorted(m.new_cases, key=lambda p: p.row), []
    kept = [p for p in fresh if not _refused(m, p)]
    if m.powers.triage:
        for p in kept:
            m.ask_desk(p.street, p.domains[0], Act.TRIAGE, None, m.scenario.h_triage, p.luck)
    requests.find_causes(m, [p for p in kept if p.cause])
    direct = [p for p in kept if not _handed_over(m, p)]
    _begin(m, [p for p in direct + m.on("begin") if p.fate == Fate.OPEN])
    requests.answer_requests(m)


def _refused(m, p: Problem) -> bool:
    if p.reasonable or m.luck("refuse", p.row) >= m.rules.refuse_chance(m.powers.rho):
        return False
    m.ask_desk(p.street, p.domains[0], Act.REFUSE, None, m.scenario.h_refuse, p.luck)
    settle(m, p, Fate.REFUSED)
    return True


def _handed_over(m, p: Problem) -> bool:
    extra = len({p.street.office[d] for d in p.domains}) - 1
    m.tally["handoffs"] += extra
    m.tally["cases"] += 1
    if extra:
        m.ask_desk(p.street, p.domains[0], Act.HANDOFF, None, m.scenario.h_handoff * extra, p.luck)
        m.later("begin", m.day + extra, p)
    return extra > 0


def _begin(m, problems: list) -> None:
    days, asking = WEEK - m.day % WEEK, []
    today = {place: 0.3 * (place.volunteer_hours - place.volunteers_used) / days for place in m.streets}
    for p in problems:
        if p.authority or _inflated(m, p):
            asking.append(p)
        else:
            _casework(m, p, today)
    for p in asking:
        requests.ask_departments(m, p)
        m.ask_desk(p.street, p.domains[0], Act.REQUEST, None, m.scenario.h_request * len(p.domains), p.luck)


def _inflated(m, p: Problem) -> bool:
    if not m.powers.dispatch:
        return False
    days = p.street.desk(p.domains[0]).case_days
    return m.luck("inflate", p.row) < m.rules.inflate_chance(days, m.scenario.inflation)


def _casework(m, p: Problem, today: dict) -> None:
    sc, place = m.scenario, p.street
    own = sum(place.own_share[d] for d in p.domains) / len(p.domains)
    hours = m.rules.case_hours(p.hours, place.desk(p.domains[0]).knowledge, own, sc.psi)
    if p.tacit <= 0.5 and place.volunteer_hours:
        saved = min(max(today[place], 0.0), hours)
        today[place] -= saved
        hours -= saved
        used = saved / 0.3
        place.volunteers_used += used
        place.civic += used
        m.tally["volunteer_hours"] += used
        for cadre in place.cadres:
            cadre.outreach_due += used / 10 / sc.cadres
    m.add_to_desk(place, p.domains[0], Act.CASEWORK, p, hours, sc.case_due, PLAIN, p.luck)


# --- how cases end --------------------------------------------------------------------------------------------------


def settle(m, p: Problem, fate: int) -> None:
    """A problem ends; work on it will be dropped."""
    p.fate, p.closed, p.dead = fate, m.day, True


def close(m) -> None:
    """Close what was worked on, expire what waited too long, close some overdue cases on paper."""
    worked, m.worked = [p for p in m.worked if p.fate == Fate.OPEN], []
    solved = {p.row: p for p in m.relieved}
    m.relieved = []
    for p in worked:
        if m.luck("fix", p.row, p.attempt) < m.rules.fix_chance(p.tacit, p.street.desk(p.domains[0]).knowledge):
            solved[p.row] = p
        else:
            p.attempt += 1
            m.tally["reopened"] += 1
            m.later("begin", m.day + 1, p)
    _solve(m, [p for _, p in sorted(solved.items())])
    _expire(m)


def _solve(m, problems: list) -> None:
    for p in problems:
        m.tally["solved"] += p.severity * p.reasonable
        p.measured = True
    due = m.scenario.case_due
    end_cases(m, [(p, Fate.SERVED if m.day <= p.born + due else Fate.LATE) for p in problems], True)


def _expire(m) -> None:
    over = m.on("expire")
    for p in over:
        if p.fate == Fate.LATENT:
            settle(m, p, Fate.EXPIRED)
    ended = {p: Fate.EXPIRED for p in over if p.fate == Fate.OPEN}
    for p in m.on("overdue"):
        if p.fate == Fate.OPEN:
            month, weight = (m.day - p.voiced) // MONTH, p.street.desk(p.domains[0]).residents_weight
            if m.luck("false_close", p.row, month) < m.rules.false_close_chance(weight, m.scenario.audit):
                p.measured = True
                ended.setdefault(p, Fate.FALSE)
            else:
                m.later("overdue", m.day + MONTH, p)
    end_cases(m, list(ended.items()), False)


def end_cases(m, ended: list, good: bool) -> None:
    """Cases end; residents learn from one after the other, the oldest first."""
    sc, rules = m.scenario, m.rules
    for p, fate in sorted(ended, key=lambda case: (case[0].born, case[0].luck)):
        settle(m, p, fate)
        wait, r = m.day - p.voiced, p.resident
        fast = good and wait <= sc.case_due
        p.satisfaction = rules.satisfaction(float(good), wait, sc.case_due, r.expectation)
        r.trust = rules.learn_trust(r.trust, p.satisfaction)
        r.expectation = rules.learn_expectation(r.expectation, float(fast))
        m.tally["satisfaction"] += p.satisfaction * p.reasonable
        m.tally["ended"] += p.reasonable
        if m.powers.rho:
            m.ask_desk(p.street, p.domains[0], Act.CALLBACK, None, sc.h_callback * m.powers.rho, p.luck)
        desk = p.street.desk(p.domains[0])
        desk.score("residents", fast)
        desk.score("solved", good)


def shed(m) -> None:
    """Drop all work on what has ended."""
    for department in m.departments:
        for queue in department.queues:
            department.answered += sum(w.act in (Act.RESPOND, Act.REPAIR) for w in queue.shed())
    for place in m.streets:
        for desk in place.desks:
            for queue in desk.queues:
                queue.shed()
    m.requests = [r for r in m.requests if not r.thing.dead]
