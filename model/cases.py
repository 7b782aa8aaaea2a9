"""Phase 4: cases are routed, sorted, asked of departments or whistled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.attention import distinct, firsts
from agents.department import RESPOND
from agents.leader import DISTRICT
from agents.work import Act, Fate

from .arrivals import REPAIRED
from .endings import end_cases, finished
from .queues import BINDING, PLAIN
from .voices import help_with

if TYPE_CHECKING:
    from .governance import GovernanceModel

ATTEMPTS = 3
"""A request may come back twice; then the case is closed unsolved (DESIGN §4)."""


def route(m: GovernanceModel) -> None:
    """Send the day's new and reopened cases where they can be solved."""
    fresh = np.concatenate(m.new_cases) if m.new_cases else m.nothing
    m.new_cases = []
    rows = _refuse(m, np.sort(fresh))
    _find_causes(m, rows)
    direct = _hand_over(m, rows)
    _begin(m, np.concatenate((direct, m.due_today("begin"))))
    _answer_requests(m)


def _refuse(m: GovernanceModel, rows: np.ndarray) -> np.ndarray:
    """Unreasonable demands are refused, less so the more residents' scores count; the others stay."""
    p = m.problems
    refused = ~p.reasonable[rows] & (m.luck_of("refuse", rows) < m.rules.refuse_chance(m.powers.rho))
    away, kept = rows[refused], rows[~refused]
    if len(away):
        m.ask_cadres(m.site_of_problem[away], Act.REFUSE, m.scenario.h_refuse, p.luck[away])
        m.settle(away, Fate.REFUSED)
    if m.powers.triage:
        m.ask_cadres(m.site_of_problem[kept], Act.TRIAGE, m.scenario.h_triage, p.luck[kept])
    return kept


def _hand_over(m: GovernanceModel, rows: np.ndarray) -> np.ndarray:
    """Each further office costs an hour and a day; returns the cases that need no other."""
    extra = handoffs(m, rows)
    m.tally["handoffs"] += int(extra.sum())
    m.tally["cases"] += len(rows)
    some = extra > 0
    on = rows[some]
    m.ask_cadres(m.site_of_problem[on], Act.HANDOFF, m.scenario.h_handoff * extra[some], m.problems.luck[on])
    for days in (1, 2):
        m.later("begin", m.day + days, rows[extra == days])
    return rows[~some]


def handoffs(m: GovernanceModel, rows: np.ndarray) -> np.ndarray:
    """Offices of the street a case touches, beyond the first."""
    first, second, third = m.structure.office_or_none[m.problems.domains.take(rows, axis=0)].T
    return ((second >= 0) & (second != first)).astype(int) + ((third >= 0) & (third != first) & (third != second))


def _begin(m: GovernanceModel, rows: np.ndarray) -> None:
    """Work on cases begins: by the street, or by departments where these alone can act or it whistles anyway."""
    p, sc = m.problems, m.scenario
    rows = rows[p.fate[rows] == Fate.OPEN]
    if not len(rows):
        return
    asks, site = p.authority[rows], m.site_of_problem[rows]
    if m.powers.dispatch:
        desk = m.structure.desk_of_site[site]
        asks = asks | (m.luck_of("inflate", rows) < m.rules.inflate_chance(m.case_days[desk], sc.inflation))
    alone, asks = (~asks).nonzero()[0], asks.nonzero()[0]
    _casework(m, rows[alone], site[alone])
    rows = rows[asks]
    parts = p.parts[rows]
    ask_departments(m, rows, p.domains.take(rows, axis=0), parts)
    m.ask_cadres(site[asks], Act.REQUEST, sc.h_request * parts, p.luck[rows])


def _casework(m: GovernanceModel, rows: np.ndarray, site: np.ndarray) -> None:
    if not len(rows):
        return
    p, sc, desk = m.problems, m.scenario, m.structure.desk_of_site[site]
    own = m.structure.own_or_none[p.domains.take(rows, axis=0)].sum(axis=1) / p.parts[rows]
    hours = m.rules.case_hours(p.hours[rows], m.desk_knowledge[desk], own, sc.psi)
    hours = help_with(m, rows, hours)
    m.cadre_work.add(site, Act.CASEWORK, rows, hours, m.day, sc.case_due, PLAIN, p.luck[rows])


# --- requests and whistles --------------------------------------------------------------------------------------


def ask_departments(m: GovernanceModel, things: np.ndarray, domains: np.ndarray, parts: np.ndarray) -> None:
    """Ask every department concerned, so many for each thing; under dispatch the whistle binds at once."""
    if not len(things):
        return
    m.set_outstanding(things, parts)
    department, thing, parts = domains[domains >= 0], things.repeat(parts), parts.repeat(parts)
    m.today.asked.append((thing, department))
    if m.powers.dispatch:
        cases = int(np.count_nonzero(thing < m.at.copies))
        m.tally["bound"] += cases
        m.tally["asked"] += cases
        m.tally["whistles"] += len(thing)
        _put_to_work(m, thing, department, binding=True)
    else:
        _file(m, thing, department, 1.0, float(m.day), parts)


def _file(m: GovernanceModel, thing, department, attempt, first, parts) -> None:
    if not len(thing):
        return
    limit = -np.log1p(-m.luck("accept", thing, department, attempt))
    m.requests.add(thing=thing, department=department, attempt=attempt, raised=m.day, first=first, hazard=0.0,
                   limit=limit, parts=parts)


def _put_to_work(m: GovernanceModel, thing, department, binding: bool) -> None:
    """Accepted or bound requests join the department's queue; hours spent on the way do not arrive at the street."""
    due, priority = (0.0, BINDING) if binding else (m.scenario.case_due, PLAIN)
    m.department_work.add(department, m.answer_act[thing], thing, m.answer_hours[thing], m.day, due, priority,
                          m.answer_luck[thing])


def _answer_requests(m: GovernanceModel) -> None:
    """Departments accept, the district leader binds, the rest come back when their time is over."""
    req, sc = m.requests, m.scenario
    if not len(req):
        return
    department = req.department.astype(int)
    chance = m.rules.accept_chance(m.departments.weights[:, RESPOND][department], req.parts, sc.accept_base,
                                   sc.accept_gain, sc.accept_crowd)
    hazard = req.hazard
    hazard -= np.log1p(-np.minimum(chance, 1 - 1e-12))
    accepted = hazard >= req.limit
    bound = _bound_by_leader(m, ~accepted)
    binding = accepted | bound
    settled = binding | (m.day - req.raised >= sc.request_due)
    if not np.count_nonzero(settled):
        return
    m.tally["accepted"] += int(np.count_nonzero(accepted))
    thing = req.thing.astype(int)
    case = thing < m.at.copies
    m.tally["bound"] += int(np.count_nonzero(binding & case))
    m.tally["asked"] += int(np.count_nonzero(settled & case))
    m.tally["accept_days"] += float((m.day - req.first[binding]).sum())
    m.tally["accept_count"] += int(np.count_nonzero(binding))
    for which, at_once in ((accepted, False), (bound, True)):
        if np.count_nonzero(which):
            _put_to_work(m, thing[which], department[which], at_once)
    returned = req.rows.compress(settled & ~binding, axis=1)
    req.keep(~settled)
    _come_back(m, returned)


def _bound_by_leader(m: GovernanceModel, open_: np.ndarray) -> np.ndarray:
    """The district leader binds what has waited longest, one command hour each."""
    req, sc = m.requests, m.scenario
    out = np.zeros(len(req), bool)
    hours = m.leaders.given[DISTRICT, 2] - m.emergency_command + m.bind_hours_left
    can = int(hours / m.scenario.h_bind + 1e-9)
    old = (open_ & (req.raised <= m.day - sc.bind_after)).nonzero()[0]
    if can and len(old):
        order = np.lexsort((req.limit[old], req.raised[old]))
        out[old[order[:can]]] = True
    m.bind_hours_left = hours - min(can, len(old)) * m.scenario.h_bind if len(old) > can else 0.0
    return out


def _come_back(m: GovernanceModel, rows: np.ndarray) -> None:
    """Unaccepted requests come back; the street asks again, and after the third time gives up."""
    if not rows.shape[1]:
        return
    thing, department, attempt = rows[0].astype(int), rows[1].astype(int), rows[2]
    m.tally["returned"] += len(thing)
    m.note_answers(department, np.zeros(len(thing), bool))
    again = (attempt < ATTEMPTS).nonzero()[0]
    _file(m, thing[again], department[again], attempt[again] + 1, rows[4][again], rows[7][again])
    if len(again) == len(thing):
        return
    for_good = distinct(thing[attempt >= ATTEMPTS])
    problems = for_good[for_good < m.at.copies]
    problems = problems[m.problems.fate[problems] == Fate.OPEN]
    end_cases(m, problems, Fate.UNSOLVED, good=False)
    causes = for_good[for_good >= m.at.causes] - m.at.causes
    m.causes.stage[causes] = 0
    m.dead[m.at.causes + causes] = True


def departments_done(m: GovernanceModel, thing: np.ndarray, department: np.ndarray) -> None:
    """Departments have done their part; where all have, the case or repair is done."""
    if not len(thing):
        return
    m.today.answered.append((thing, department))
    m.note_answers(department, m.day - m.raised[thing] <= m.scenario.case_due)
    all_done = m.part_done(thing)
    finished(m, all_done[all_done < m.at.copies])
    _repaired(m, all_done[all_done >= m.at.causes] - m.at.causes)


# --- common causes ----------------------------------------------------------------------------------------------


def _find_causes(m: GovernanceModel, rows: np.ndarray) -> None:
    """Someone sees what several cases have in common: cadres by knowing the place, triage by its register."""
    p, c, sc = m.problems, m.causes, m.scenario
    rows = rows[p.cause[rows] >= 0]
    if not len(rows):
        return
    cause = p.cause[rows]
    np.add.at(c.known, cause, np.int16(1))
    known, desk = c.known[cause], m.structure.desk_of_site[m.site_of_problem[rows]]
    luck = m.luck_of("recognise", rows)
    if m.powers.triage:
        right = luck < m.rules.triage_chance(known, sc.misgroup)
        judged = right | (known >= 2)
    else:
        judged = right = luck < m.rules.recognise_chance(m.desk_knowledge[desk], known)
    judged = (judged & (c.stage[cause] == 0)).nonzero()[0]
    if not len(judged):
        return
    found, first = firsts(cause[judged])
    right = right[judged[first]]
    c.stage[found] = 2 - right
    grouped = int(np.count_nonzero(right))
    m.tally["causes_found"] += grouped
    m.tally["causes_misgrouped"] += len(found) - grouped
    m.dead[m.at.causes + found] = False
    ask_departments(m, m.at.causes + found, c.domains[found], c.parts[found])


def _repaired(m: GovernanceModel, causes: np.ndarray) -> None:
    """A repair ends; if it met the cause, its open cases are solved with it and later ones do not arise."""
    if not len(causes):
        return
    c, p = m.causes, m.problems
    right = causes[c.stage[causes] == 1]
    c.stage[causes[c.stage[causes] == 2]] = 0
    if not len(right):
        return
    c.stage[right] = REPAIRED
    m.tally["repairs"] += len(right)
    rows = np.concatenate([m.members_of_cause(k) for k in right])
    latent = rows[p.fate[rows] == Fate.LATENT]
    m.settle(latent, Fate.PREVENTED)
    m.tally["prevented"] += float(p.severity[latent].sum())
    m.relieved.append(rows[p.fate[rows] == Fate.OPEN])
