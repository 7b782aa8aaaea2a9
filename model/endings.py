"""Phase 7: how cases end: solved, expired, closed on paper; and what residents make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.attention import distinct
from agents.resident import turns
from agents.work import Act, Fate

from .scenario import MONTH

if TYPE_CHECKING:
    from .governance import GovernanceModel


def finished(m: GovernanceModel, rows: np.ndarray) -> None:
    """Work on cases is done; whether it helped shows in phase 7."""
    m.worked.append(rows)


def close(m: GovernanceModel) -> None:
    """Close what was worked on, expire what waited too long, close some overdue cases on paper."""
    rows = np.concatenate(m.worked) if m.worked else m.nothing
    m.worked = []
    rows = rows[m.problems.fate[rows] == Fate.OPEN]
    solve(m, np.concatenate((_fixed(m, rows), *m.relieved)))
    m.relieved = []
    _expire(m)


def _fixed(m: GovernanceModel, rows: np.ndarray) -> np.ndarray:
    """Of the cases worked on those that were helped; the others are begun again tomorrow."""
    if not len(rows):
        return rows
    p, desk = m.problems, m.structure.desk_of_site[m.site_of_problem[rows]]
    fixed = m.luck("fix", rows, p.attempt[rows]) < m.rules.fix_chance(p.tacit[rows], m.desk_knowledge[desk])
    again = rows[~fixed]
    p.attempt[again] += 1
    m.tally["reopened"] += len(again)
    m.later("begin", m.day + 1, again)
    return rows[fixed]


def solve(m: GovernanceModel, rows: np.ndarray) -> None:
    """These open cases are truly solved."""
    if not len(rows):
        return
    rows = distinct(rows)
    p = m.problems
    m.tally["solved"] += float(p.severity[rows][p.reasonable[rows]].sum())
    p.measured[rows] = True
    end_cases(m, rows, np.where(p.born[rows] >= m.day - m.scenario.case_due, Fate.SERVED, Fate.LATE), good=True)


def _expire(m: GovernanceModel) -> None:
    """Needs lapse that waited too long; some overdue cases are closed on paper."""
    p = m.problems
    rows = m.due_today("expire")
    m.settle(rows[p.fate[rows] == Fate.LATENT], Fate.EXPIRED)
    rows = rows[p.fate[rows] == Fate.OPEN]
    false = _closed_falsely(m)
    if len(false):
        expired = set(rows.tolist())
        false = np.array([row for row in false.tolist() if row not in expired], int)
    fate = np.array([Fate.EXPIRED] * len(rows) + [Fate.FALSE] * len(false), np.int8)
    end_cases(m, np.concatenate((rows, false)), fate, good=False)


def _closed_falsely(m: GovernanceModel) -> np.ndarray:
    """Each month a case is overdue, it may be closed on paper; returns those that are."""
    p, sc = m.problems, m.scenario
    rows = m.due_today("overdue")
    rows = rows[p.fate[rows] == Fate.OPEN]
    if not len(rows):
        return rows
    desk = m.structure.desk_of_site[m.site_of_problem[rows]]
    month = (m.day - p.voiced[rows]) // MONTH
    false = m.luck("false_close", rows, month) < m.rules.false_close_chance(m.desk_residents_weight[desk], sc.audit)
    p.measured[rows[false]] = True
    m.later("overdue", m.day + MONTH, rows[~false])
    return rows[false]


def end_cases(m: GovernanceModel, rows: np.ndarray, fate, good: bool) -> None:
    """Voiced cases end: residents learn from each in queue order, and under two-way assessment are called back."""
    if not len(rows):
        return
    p, sc = m.problems, m.scenario
    m.settle(rows, fate)
    who, wait = m.person_of_problem[rows], m.day - p.voiced[rows]
    fast = good & (wait <= sc.case_due)
    sat = np.empty(len(rows))
    for turn in turns(who, p.born[rows], p.luck[rows]):
        sat[turn] = _learn_from(m, who[turn], wait[turn], fast[turn], good)
    counts = sat[p.reasonable[rows]]
    m.tally["satisfaction"] += float(counts.sum())
    m.tally["ended"] += len(counts)
    m.satisfaction[rows] = sat
    site = m.site_of_problem[rows]
    if m.powers.rho:
        m.ask_cadres(site, Act.CALLBACK, sc.h_callback * m.powers.rho, p.luck[rows])
    m.desk_score("residents", site, fast)
    m.desk_score("solved", site, fast | good)


def _learn_from(m: GovernanceModel, who: np.ndarray, wait: np.ndarray, fast: np.ndarray, good: bool) -> np.ndarray:
    """What residents with one ended case each make of it; returns their satisfaction."""
    res, rules = m.residents, m.rules
    expectation = res.expectation[who]
    satisfaction = rules.satisfaction(float(good), wait, m.scenario.case_due, expectation)
    res.set_trust(who, rules.learn_trust(res.trust(who), satisfaction))
    res.set_expectation(who, rules.learn_expectation(expectation, fast * 1.0))
    return satisfaction
