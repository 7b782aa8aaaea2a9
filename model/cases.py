"""Phases 4 and 7: cases are routed, sorted, asked of departments or whistled; and they end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.department import RESPOND
from agents.leader import DISTRICT
from agents.work import Act, Fate

from .arrivals import REPAIRED
from .queues import BINDING, PLAIN
from .scenario import MONTH, WEEK
from .voices import help_with, person

if TYPE_CHECKING:
    from .governance import GovernanceModel

ATTEMPTS = 3
"""A request may come back twice; then the case is closed unsolved (DESIGN §4)."""
REPAIR_CASES = 6.0
"""A common cause costs as much to repair as six of its cases (assumption)."""


def route(m: GovernanceModel) -> None:
    """Send the day's new and reopened cases where they can be solved."""
    fresh = np.concatenate(m.new_cases) if m.new_cases else np.empty(0, int)
    m.new_cases = []
    rows = _refuse(m, np.sort(fresh))
    _find_causes(m, rows)
    start = np.concatenate((rows, m.due_today("again")))
    start = start[m.problems.fate[start] == Fate.OPEN]
    _hand_over(m, rows)
    _begin(m, np.sort(start))
    _begin(m, m.due_today("handed"), handed=True)
    _answer_requests(m)


def site_of(m: GovernanceModel, rows: np.ndarray) -> np.ndarray:
    """Street × domain of the leading office of these problems."""
    return m.problems.street[rows] * m.scenario.departments + m.problems.domains[rows, 0]


def _refuse(m: GovernanceModel, rows: np.ndarray) -> np.ndarray:
    """Unreasonable demands are refused, less so the more residents' scores count; the others stay."""
    p = m.problems
    refused = ~p.reasonable[rows] & (m.luck("refuse", rows) < m.rules.refuse_chance(m.powers.rho))
    m.ask_cadres(site_of(m, rows[refused]), Act.REFUSE, m.at.none + 0 * rows[refused], m.scenario.h_refuse,
                 p.luck[rows[refused]])
    m.settle(rows[refused], Fate.REFUSED)
    if m.powers.triage:
        kept = rows[~refused]
        m.ask_cadres(site_of(m, kept), Act.TRIAGE, m.at.none + 0 * kept, m.scenario.h_triage, p.luck[kept])
    return rows[~refused]


def _hand_over(m: GovernanceModel, rows: np.ndarray) -> None:
    """Each further office costs an hour and a day; all offices of a case are told on its first day."""
    extra = handoffs(m, rows)
    m.tally["handoffs"] += int(extra.sum())
    m.tally["cases"] += len(rows)
    some = extra > 0
    m.ask_cadres(site_of(m, rows[some]), Act.HANDOFF, m.at.problems + rows[some], m.scenario.h_handoff * extra[some],
                 m.problems.luck[rows[some]])


def handoffs(m: GovernanceModel, rows: np.ndarray) -> np.ndarray:
    """Offices of the street a case touches, beyond the first."""
    domains = m.problems.domains[rows]
    office = np.where(domains >= 0, m.structure.office_of_domain[domains], -1)
    second = (office[:, 1] >= 0) & (office[:, 1] != office[:, 0])
    third = (office[:, 2] >= 0) & (office[:, 2] != office[:, 0]) & (office[:, 2] != office[:, 1])
    return second.astype(int) + third


def _begin(m: GovernanceModel, rows: np.ndarray, handed: bool = False) -> None:
    """Work on cases begins: by the street, or by departments where these alone can act or the street whistles anyway."""
    p, sc = m.problems, m.scenario
    rows = rows[p.fate[rows] == Fate.OPEN]
    if not handed:
        extra = handoffs(m, rows)
        for days in (1, 2):
            m.later("handed", m.day + days, rows[extra == days])
        rows = rows[extra == 0]
    if not len(rows):
        return
    asks = p.authority[rows]
    if m.powers.dispatch:
        desk = m.structure.desk_of_site[site_of(m, rows)]
        asks = asks | (m.luck("inflate", rows) < m.rules.inflate_chance(m.case_days[desk], sc.inflation))
    _casework(m, rows[~asks])
    ask_departments(m, m.at.problems + rows[asks], p.domains[rows[asks]], np.ones(int(asks.sum())))
    m.tally["needing"] += int(p.parts[rows[asks]].sum())
    ones = np.ones(int(asks.sum()))
    m.ask_cadres(site_of(m, rows[asks]), Act.REQUEST, m.at.problems + rows[asks],
                 sc.h_request * p.parts[rows[asks]] * ones, p.luck[rows[asks]])


def _casework(m: GovernanceModel, rows: np.ndarray) -> None:
    p, sc = m.problems, m.scenario
    desk = m.structure.desk_of_site[site_of(m, rows)]
    domains = p.domains[rows]
    own = np.where(domains >= 0, m.structure.own_share[domains], 0).sum(axis=1) / p.parts[rows]
    hours = m.rules.case_hours(p.hours[rows], m.desk_knowledge[desk], own, sc.psi)
    hours = help_with(m, rows, hours)
    m.cadre_work.add(site_of(m, rows), Act.CASEWORK, m.at.problems + rows, hours, m.day, sc.case_due, PLAIN,
                     p.luck[rows])


# --- requests and whistles --------------------------------------------------------------------------------------


def ask_departments(m: GovernanceModel, things: np.ndarray, domains: np.ndarray, attempt: np.ndarray) -> None:
    """Ask every department concerned; under dispatch the whistle binds at once."""
    which, column = np.nonzero(domains >= 0)
    department = domains[which, column]
    m.set_outstanding(things, (domains >= 0).sum(axis=1))
    thing, parts = things[which], (domains >= 0).sum(axis=1)[which]
    if m.powers.dispatch:
        m.tally["bound"] += len(thing)
        m.tally["whistles"] += len(thing)
        _put_to_work(m, thing, department, np.full(len(thing), float(m.day)), binding=True)
    else:
        _file(m, thing, department, attempt[which], np.full(len(thing), float(m.day)), parts)


def _file(m: GovernanceModel, thing, department, attempt, first, parts) -> None:
    limit = -np.log1p(-m.luck("accept", thing, department, attempt))
    m.requests.add(thing=thing, department=department, attempt=attempt, raised=m.day, first=first, hazard=0.0,
                   limit=limit, parts=parts)


def _put_to_work(m: GovernanceModel, thing, department, raised, binding: bool) -> None:
    """Accepted or bound requests join the department's queue; hours spent on the way do not arrive at the street."""
    hours, luck = m.hours_of_thing(thing)
    repair = thing >= m.at.causes
    for act, which in ((Act.RESPOND, ~repair), (Act.REPAIR, repair)):
        m.department_work.add(department[which], act, thing[which], hours[which] / m.scenario.reach, m.day,
                              0.0 if binding else m.scenario.case_due, BINDING if binding else PLAIN, luck[which])
    m.raised[thing] = np.where(m.raised[thing] < 0, raised, m.raised[thing])


def _answer_requests(m: GovernanceModel) -> None:
    """Departments accept, the district leader binds, the rest come back when their time is over."""
    req, sc = m.requests, m.scenario
    if not len(req):
        return
    department = req.department.astype(int)
    chance = m.rules.accept_chance(m.departments.weights[department, RESPOND], req.parts, sc.accept_base,
                                   sc.accept_gain, sc.accept_crowd)
    req.hazard[:] += -np.log1p(-np.minimum(chance, 1 - 1e-12))
    accepted = req.hazard >= req.limit
    bound = _bound_by_leader(m, ~accepted)
    back = ~accepted & ~bound & (m.day - req.raised >= sc.request_due)
    m.tally["accepted"] += int(accepted.sum())
    m.tally["bound"] += int(bound.sum()) + int(accepted.sum())
    m.tally["accept_days"] += float((m.day - req.first[accepted | bound]).sum())
    m.tally["accept_count"] += int((accepted | bound).sum())
    for which, binding in ((accepted, False), (bound, True)):
        _put_to_work(m, req.thing[which].astype(int), department[which], req.first[which], binding)
    returned = req.rows[:, back]
    req.keep(~(accepted | bound | back))
    _come_back(m, returned)


def _bound_by_leader(m: GovernanceModel, open_: np.ndarray) -> np.ndarray:
    """The district leader binds what has waited longest, one command hour each."""
    req, sc = m.requests, m.scenario
    out = np.zeros(len(req), bool)
    hours = m.leaders.given[DISTRICT, 2] - m.emergency_command + m.bind_hours_left
    can = int(hours / m.scenario.h_bind + 1e-9)
    old = np.flatnonzero(open_ & (req.raised <= m.day - sc.bind_after))
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
    again = attempt < ATTEMPTS
    _file(m, thing[again], department[again], attempt[again] + 1, rows[4][again], rows[7][again])
    for_good = np.unique(thing[~again])
    problems = for_good[for_good < m.at.copies] - m.at.problems
    problems = problems[m.problems.fate[problems] == Fate.OPEN]
    end_cases(m, problems, Fate.UNSOLVED)
    causes = for_good[for_good >= m.at.causes] - m.at.causes
    m.causes.stage[causes] = 0
    m.dead[m.at.causes + causes] = True


def departments_done(m: GovernanceModel, thing: np.ndarray, department: np.ndarray) -> None:
    """Departments have done their part; where all have, the case or repair is done."""
    m.note_answers(department, m.day - m.raised[thing] <= m.scenario.case_due)
    all_done = m.part_done(thing)
    problems = all_done[all_done < m.at.copies] - m.at.problems
    finished(m, problems)
    _repaired(m, all_done[all_done >= m.at.causes] - m.at.causes)


# --- common causes ----------------------------------------------------------------------------------------------


def _find_causes(m: GovernanceModel, rows: np.ndarray) -> None:
    """Someone sees what several cases have in common: cadres by knowing the place, triage by its register."""
    p, c, sc = m.problems, m.causes, m.scenario
    rows = rows[p.cause[rows] >= 0]
    if not len(rows):
        return
    cause = p.cause[rows]
    np.add.at(c.known, cause, 1)
    known, desk = c.known[cause], m.structure.desk_of_site[site_of(m, rows)]
    luck = m.luck("recognise", rows)
    seen = luck < m.rules.recognise_chance(m.desk_knowledge[desk], known)
    wrong = np.zeros(len(rows), bool)
    if m.powers.triage:
        seen = luck < m.rules.triage_chance(known, sc.misgroup)
        wrong = ~seen & (known >= 2)
    for stage, which in ((1, seen), (2, wrong)):
        found = np.unique(cause[which])
        found = found[c.stage[found] == 0]
        c.stage[found] = stage
        m.tally["causes_found" if stage == 1 else "causes_misgrouped"] += len(found)
        m.dead[m.at.causes + found] = False
        ask_departments(m, m.at.causes + found, c.domains[found], np.ones(len(found)))


def _repaired(m: GovernanceModel, causes: np.ndarray) -> None:
    """A repair ends; if it met the cause, its open cases are solved with it and later ones do not arise."""
    c, p = m.causes, m.problems
    right = causes[c.stage[causes] == 1]
    c.stage[causes[c.stage[causes] == 2]] = 0
    if not len(right):
        return
    c.stage[right] = REPAIRED
    m.tally["repairs"] += len(right)
    member = np.isin(p.cause[:p.arrivals], right)
    rows = np.flatnonzero(member)
    m.settle(rows[p.fate[rows] == Fate.LATENT], Fate.PREVENTED)
    solved(m, rows[p.fate[rows] == Fate.OPEN])


# --- how cases end ----------------------------------------------------------------------------------------------


def finished(m: GovernanceModel, rows: np.ndarray) -> None:
    """Work on cases is done; whether it helped shows in phase 7."""
    m.worked.append(rows)


def close(m: GovernanceModel) -> None:
    """Close what was worked on, expire what waited too long, close some overdue cases on paper."""
    p = m.problems
    rows = np.concatenate(m.worked) if m.worked else np.empty(0, int)
    m.worked = []
    rows = rows[p.fate[rows] == Fate.OPEN]
    desk = m.structure.desk_of_site[site_of(m, rows)]
    fixed = m.luck("fix", rows, p.attempt[rows]) < m.rules.fix_chance(p.tacit[rows], m.desk_knowledge[desk])
    solved(m, rows[fixed])
    p.attempt[rows[~fixed]] += 1
    m.tally["reopened"] += int((~fixed).sum())
    m.later("again", m.day + 1, rows[~fixed])
    _expire(m)
    _close_falsely(m)
    m.shed()


def solved(m: GovernanceModel, rows: np.ndarray) -> None:
    """These cases are truly solved."""
    due = m.problems.born[rows] + m.scenario.case_due
    m.tally["solved"] += float(m.problems.severity[rows][m.problems.reasonable[rows]].sum())
    m.problems.measured[rows] = True
    end_cases(m, rows[m.day <= due], Fate.SERVED)
    end_cases(m, rows[m.day > due], Fate.LATE)


def _expire(m: GovernanceModel) -> None:
    p = m.problems
    rows = m.due_today("expire")
    m.settle(rows[p.fate[rows] == Fate.LATENT], Fate.EXPIRED)
    end_cases(m, rows[p.fate[rows] == Fate.OPEN], Fate.EXPIRED)


def _close_falsely(m: GovernanceModel) -> None:
    """Each month a case is overdue, it may be closed on paper."""
    p, sc = m.problems, m.scenario
    rows = m.due_today("overdue")
    rows = rows[p.fate[rows] == Fate.OPEN]
    desk = m.structure.desk_of_site[site_of(m, rows)]
    month = (m.day - p.voiced[rows]) // MONTH
    false = m.luck("false_close", rows, month) < m.rules.false_close_chance(m.desk_residents_weight[desk], sc.audit)
    p.measured[rows[false]] = True
    end_cases(m, rows[false], Fate.FALSE)
    m.later("overdue", m.day + MONTH, rows[~false])


def end_cases(m: GovernanceModel, rows: np.ndarray, fate: Fate) -> None:
    """Voiced cases end: residents learn from it, and under two-way assessment are called back."""
    if not len(rows):
        return
    p, res, sc, rules = m.problems, m.residents, m.scenario, m.rules
    m.settle(rows, fate)
    who, wait = person(m, rows), m.day - p.voiced[rows]
    good = fate in (Fate.SERVED, Fate.LATE)
    sat = rules.satisfaction(float(good), wait, sc.case_due, res.expectation[who])
    res.set_trust(who, rules.learn_trust(res.trust(who), sat))
    fast = (good & (wait <= sc.case_due)) * 1.0
    res.set_expectation(who, rules.learn_expectation(res.expectation[who], fast))
    m.tally["satisfaction"] += float(sat[p.reasonable[rows]].sum())
    m.tally["ended"] += int(p.reasonable[rows].sum())
    m.satisfaction[rows] = sat
    site = site_of(m, rows)
    if m.powers.rho:
        m.ask_cadres(site, Act.CALLBACK, m.at.none + 0 * rows, sc.h_callback * m.powers.rho, p.luck[rows])
    m.desk_score("residents", site, np.full(len(rows), good) & (wait <= sc.case_due))
    m.desk_score("solved", site, np.full(len(rows), good))


__all__ = ["WEEK", "close", "route"]
