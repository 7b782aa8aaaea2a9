"""What departments are asked for and do; common causes are found and repaired."""

from __future__ import annotations

from math import log1p

from agents.department import RESPOND
from agents.leader import DISTRICT
from agents.work import Act, Fate
from model.cases import ATTEMPTS
from model.queues import BINDING, PLAIN

from . import cases
from .things import Cause, Problem, Request

REPAIRED = 3


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


def answer_requests(m) -> None:
    """Departments accept, the district leader binds, the rest come back in time."""
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


def _bound_by_leader(m, open_: list) -> set:
    sc = m.scenario
    hours = m.leaders[DISTRICT].given[2] - m.emergency_command + m.bind_hours_left
    can = int(hours / sc.h_bind + 1e-9)
    old = sorted((r for r in open_ if r.raised <= m.day - sc.bind_after), key=lambda r: (r.raised, r.limit))
    m.bind_hours_left = hours - min(can, len(old)) * sc.h_bind if len(old) > can else 0.0
    return set(old[:can])


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
    cases.end_cases(m, [(p, Fate.UNSOLVED) for p in given_up if isinstance(p, Problem) and p.fate == Fate.OPEN], False)
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


def find_causes(m, problems: list) -> None:
    """Someone sees what several cases have in common."""
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
            cases.settle(m, p, Fate.PREVENTED)
            m.tally["prevented"] += p.severity
        elif p.fate == Fate.OPEN:
            m.relieved.append(p)
