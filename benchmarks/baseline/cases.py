"""Cases: voiced, routed, asked of departments, traced to common causes, and ended."""

from __future__ import annotations

from math import log1p

from agents.department import RESPOND
from agents.leader import DISTRICT
from agents.work import Act, Fate
from model.cases import ATTEMPTS
from model.queues import BINDING, PLAIN
from model.scenario import MONTH, WEEK
from model.voices import VOLUNTEER_WEEK

from . import street
from .things import Cause, Problem, Request

REPAIRED = 3


def voiced(m, p: Problem) -> None:
    """A need becomes a case."""
    p.fate, p.voiced = Fate.OPEN, m.day
    p.street.voiced += 1
    m.tally["voiced"] += 1
    m.new_cases.append(p)
    m.later("overdue", m.day + m.scenario.case_due + 1, p)


def answer_complaints(m) -> None:
    """One complaint a domain and day reaches its department."""
    first, told = {}, {True: [], False: []}
    for luck, domain, place in sorted(m.complaints, key=lambda c: c[0]):
        m.tally["platform"] += 1
        first.setdefault(domain, place)
    for domain, place in sorted(first.items()):
        d, belief = m.departments[domain], [row[domain] for row in m.beliefs["department"]]
        apart = m.rules.distinguishes(max(belief) - min(belief)) and d.supervise_backlog < d.supervise_hours + 1
        if apart:
            d.add(Act.DISTINGUISH, None, 1.0, WEEK, PLAIN, 0.5)
        m.tally["uniform_corrections"] += not apart
        told[bool(apart)].append((domain, place))
    for apart in (True, False):
        for domain, place in told[apart]:
            street.correct(m, domain, place, apart)


def call_volunteers(m) -> None:
    """The week's volunteer hours of every street."""
    sc = m.scenario
    for place in m.streets:
        outreach = sum(c.outreach_last for c in place.cadres)
        call = m.rules.call_of(outreach, sc.h_outreach * sc.cadres)
        free = max(sc.civic_hours - place.civic / sc.residents, 0) * WEEK / MONTH
        share = m.rules.volunteers(place.trust, place.ties, call)
        place.volunteer_hours, place.volunteers_used = sc.residents * share * min(VOLUNTEER_WEEK, free), 0.0


def route(m) -> None:
    """Send new and reopened cases on."""
    fresh, m.new_cases = sorted(m.new_cases, key=lambda p: p.row), []
    kept = [p for p in fresh if not _refused(m, p)]
    if m.powers.triage:
        for p in kept:
            m.ask_desk(p.street, p.domains[0], Act.TRIAGE, None, m.scenario.h_triage, p.luck)
    _find_causes(m, [p for p in kept if p.cause])
    direct = [p for p in kept if not _handed_over(m, p)]
    _begin(m, [p for p in direct + m.on("begin") if p.fate == Fate.OPEN])
    _answer_requests(m)


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
        m.ask_desk(p.street, p.domains[0], Act.HANDOFF, p, m.scenario.h_handoff * extra, p.luck)
        m.later("begin", m.day + extra, p)
    return extra > 0


def _begin(m, problems: list) -> None:
    asking = [p for p in problems if p.authority or _inflated(m, p)]
    today = {place: 0.3 * (place.volunteer_hours - place.volunteers_used) / (WEEK - m.day % WEEK) for place in m.streets}
    for p in problems:
        if p not in asking:
            _casework(m, p, today)
    for p in asking:
        ask_departments(m, p)
        m.ask_desk(p.street, p.domains[0], Act.REQUEST, p, m.scenario.h_request * len(p.domains), p.luck)


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


# --- requests and whistles ----------------------------------------------------------------------------------------


def ask_departments(m, thing) -> None:
    """Ask every department concerned; under dispatch the whistle binds at once."""
    thing.outstanding, thing.raised, parts = len(thing.domains), -1, len(thing.domains)
    case = isinstance(thing, Problem)
    for domain in thing.domains:
        if m.powers.dispatch:
            m.tally["bound"] += case
            m.tally["asked"] += case
            m.tally["whistles"] += 1
            _put_to_work(m, thing, m.departments[domain], m.day, True)
        else:
            _file(m, thing, m.departments[domain], 1, m.day, parts)


def _file(m, thing, department, attempt: int, first: int, parts: int) -> None:
    limit = -log1p(-m.luck("accept", thing.name, department.domain, attempt))
    m.requests.append(Request(thing, department, attempt, m.day, first, limit, parts))


def _put_to_work(m, thing, department, raised: int, binding: bool) -> None:
    sc = m.scenario
    act, hours = Act.RESPOND, thing.hours / 2
    if isinstance(thing, Cause):
        act, hours = Act.REPAIR, sc.repair_cases * thing.hours / len(thing.domains)
    department.add(act, thing, hours / sc.reach, 0.0 if binding else sc.case_due, BINDING if binding else PLAIN,
                   thing.luck)
    if thing.raised < 0:
        thing.raised = raised


def _answer_requests(m) -> None:
    sc, back = m.scenario, []
    for r in m.requests:
        chance = m.rules.accept_chance(r.department.weights[RESPOND], r.parts, sc.accept_base, sc.accept_gain,
                                       sc.accept_crowd)
        r.hazard -= log1p(-min(chance, 1 - 1e-12))
    bound = _bound_by_leader(m, [r for r in m.requests if r.hazard < r.limit])
    left = []
    for r in m.requests:
        case = isinstance(r.thing, Problem)
        if r.hazard >= r.limit or r in bound:
            m.tally["accepted"] += r not in bound
            m.tally["bound"] += case
            m.tally["asked"] += case
            m.tally["accept_days"] += m.day - r.first
            m.tally["accept_count"] += 1
            _put_to_work(m, r.thing, r.department, r.first, r in bound)
        elif m.day - r.raised >= sc.request_due:
            m.tally["asked"] += case
            back.append(r)
        else:
            left.append(r)
    m.requests = left
    _come_back(m, back)


def _bound_by_leader(m, open_: list) -> list:
    sc = m.scenario
    hours = m.leaders[DISTRICT].given[2] - m.emergency_command + m.bind_hours_left
    can = int(hours / sc.h_bind + 1e-9)
    old = sorted((r for r in open_ if r.raised <= m.day - sc.bind_after), key=lambda r: (r.raised, r.limit))
    m.bind_hours_left = hours - min(can, len(old)) * sc.h_bind if len(old) > can else 0.0
    return old[:can]


def _come_back(m, requests: list) -> None:
    given_up = []
    for r in requests:
        m.tally["returned"] += 1
        r.department.answered += 1
        if r.attempt < ATTEMPTS:
            _file(m, r.thing, r.department, r.attempt + 1, r.first, r.parts)
        elif r.thing not in given_up:
            given_up.append(r.thing)
    given_up.sort(key=lambda thing: thing.name)
    end_cases(m, [(p, Fate.UNSOLVED) for p in given_up if isinstance(p, Problem) and p.fate == Fate.OPEN], False)
    for cause in given_up:
        if isinstance(cause, Cause):
            cause.stage, cause.dead = 0, True


def departments_done(m, answers: list) -> None:
    """Departments have done their part; where all have, the case or repair is done."""
    for thing, department in answers:
        department.answered += 1
        department.timely += m.day - thing.raised <= m.scenario.case_due
        thing.outstanding -= 1
    whole = {thing.name: thing for thing, _ in answers if thing.outstanding <= 0}
    for _, thing in sorted(whole.items()):
        if isinstance(thing, Problem):
            m.worked.append(thing)
        else:
            _repaired(m, thing)


# --- common causes --------------------------------------------------------------------------------------------------


def _find_causes(m, problems: list) -> None:
    for p in problems:
        p.cause.known += 1
    found = {}
    for p in problems:
        known, luck = p.cause.known, m.luck("recognise", p.row)
        if m.powers.triage:
            seen = luck < m.rules.triage_chance(known, m.scenario.misgroup)
            wrong = not seen and known >= 2
        else:
            seen, wrong = luck < m.rules.recognise_chance(p.street.desk(p.domains[0]).knowledge, known), False
        if seen or wrong:
            found.setdefault(p.cause.name, (p.cause, bool(seen)))
    for _, (cause, right) in sorted(found.items()):
        if cause.stage == 0:
            cause.stage, cause.dead = (1 if right else 2), False
            m.tally["causes_found" if right else "causes_misgrouped"] += 1
            ask_departments(m, cause)


def _repaired(m, cause: Cause) -> None:
    if cause.stage != 1:
        cause.stage = 0 if cause.stage == 2 else cause.stage
        return
    cause.stage = REPAIRED
    m.tally["repairs"] += 1
    for p in cause.members:
        if p.fate == Fate.LATENT:
            settle(m, p, Fate.PREVENTED)
            m.tally["prevented"] += p.severity
        elif p.fate == Fate.OPEN:
            m.relieved.append(p)


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
    _shed(m)


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
    """Cases end; residents learn. All judge by what they felt this morning, the last case of a resident counts."""
    sc, rules, lessons = m.scenario, m.rules, []
    for p, fate in ended:
        settle(m, p, fate)
        wait, r = m.day - p.voiced, p.resident
        fast = good and wait <= sc.case_due
        p.satisfaction = rules.satisfaction(float(good), wait, sc.case_due, r.expectation)
        lessons.append((r, rules.learn_trust(r.trust, p.satisfaction), rules.learn_expectation(r.expectation, float(fast))))
        m.tally["satisfaction"] += p.satisfaction * p.reasonable
        m.tally["ended"] += p.reasonable
        if m.powers.rho:
            m.ask_desk(p.street, p.domains[0], Act.CALLBACK, None, sc.h_callback * m.powers.rho, p.luck)
        desk = p.street.desk(p.domains[0])
        desk.score("residents", fast)
        desk.score("solved", good)
    for resident, trust, expectation in lessons:
        resident.trust, resident.expectation = trust, expectation


def _shed(m) -> None:
    for department in m.departments:
        for queue in department.queues:
            department.answered += sum(w.act in (Act.RESPOND, Act.REPAIR) for w in queue.shed())
    for place in m.streets:
        for desk in place.desks:
            for queue in desk.queues:
                queue.shed()
    m.requests = [r for r in m.requests if not r.thing.dead]
