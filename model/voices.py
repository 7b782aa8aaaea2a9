"""Phase 3: residents voice needs, go to the platform above, and volunteer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.attention import between, firsts
from agents.resident import nth
from agents.work import Act, Fate

from .queues import PLAIN
from .scenario import MONTH, WEEK
from .supervision import correct

if TYPE_CHECKING:
    from .governance import GovernanceModel

VOICE_HOURS = 0.5
"""Civic hours it takes to voice a need (assumption)."""
VOLUNTEER_WEEK = 2.0
"""Hours a volunteer gives a week at most (assumption)."""


def hear_residents(m: GovernanceModel) -> None:
    """Let residents look at their unvoiced needs, once a week each, and act on them."""
    _voice(m)
    _platform(m)
    if m.day % WEEK == 0:
        _volunteer(m)


def _voice(m: GovernanceModel) -> None:
    p, res, sc = m.problems, m.residents, m.scenario
    rows = m.due_today("look")
    rows = rows[p.fate[rows] == Fate.LATENT]
    who, month = m.person_of_problem[rows], m.day // MONTH
    chance = m.rules.voice_chance(res.trust(who), res.expectation[who], sc.voice_base, sc.voice_expectation)
    speaks = p.voice_luck[rows] < chance
    speaks[speaks] = _able(m, rows[speaks], who[speaks], month)
    m.later("look", m.day + WEEK, rows[~speaks])
    rows = rows[speaks]
    res.use_civic(who[speaks], month, VOICE_HOURS)
    p.fate[rows], p.voiced[rows] = Fate.OPEN, m.day
    m.open_cases += len(rows)
    m.tally["voiced"] += len(rows)
    m.voiced_of_street += np.bincount(p.street[rows], minlength=sc.streets)
    m.new_cases.append(rows)
    m.later("overdue", m.day + sc.case_due + 1, rows)
    m.later("platform", m.day + 2 * sc.case_due + 1, rows)


def _able(m: GovernanceModel, rows: np.ndarray, who: np.ndarray, month: int) -> np.ndarray:
    """Whether civic hours last for these needs, the oldest of a resident first; logged ones are voiced in any case."""
    p = m.problems
    before = nth(who, p.born[rows], p.luck[rows]) * VOICE_HOURS
    left = m.residents.civic_left(who, month, m.scenario.civic_hours) - before
    return (left >= VOICE_HOURS) | (p.voice_luck[rows] < 0)


def _platform(m: GovernanceModel) -> None:
    """Residents left waiting for twice the due time may complain above; one complaint a domain and day is acted on."""
    p, sc = m.problems, m.scenario
    rows = m.due_today("platform")
    rows = rows[p.fate[rows] == Fate.OPEN]
    if not len(rows):
        return
    trust = m.residents.trust(m.person_of_problem[rows])
    luck = m.luck_of("platform", rows)
    chosen = luck < m.rules.platform_chance(trust, sc.platform_base)
    rows, luck = rows[chosen], luck[chosen]
    if not len(rows):
        return
    m.tally["platform"] += len(rows)
    rows = rows[luck.argsort()]
    domain, first = firsts(p.domains[rows, 0])
    complain(m, domain, p.street[rows[first]])


def complain(m: GovernanceModel, domain: np.ndarray, street: np.ndarray) -> None:
    """Complaints above reach the departments, which tell streets apart if they see the difference and have an hour."""
    apart = np.asarray(m.rules.distinguishes(_belief_gap(m.beliefs["department"][:, domain], street)), bool)
    apart = apart & (m.supervise_backlog[domain] < m.supervise_hours[domain] + 1)
    alike, apart = (~apart).nonzero()[0], apart.nonzero()[0]
    m.department_work.add(domain[apart], Act.DISTINGUISH, m.at.none, 1.0, m.day, WEEK, PLAIN, 0.5)
    m.tally["uniform_corrections"] += len(alike)
    correct(m, domain[apart], street[apart], told_apart=True)
    correct(m, domain[alike], street[alike], told_apart=False)


def _belief_gap(belief: np.ndarray, street: np.ndarray) -> np.ndarray:
    """Between each complaining street and the mean of the others (streets × domains); 0 where there are no others."""
    own, others = belief[street, np.arange(len(street))], len(belief) - 1
    return np.abs(own - (belief.sum(axis=0) - own) / others) if others else np.zeros(len(street))


def _volunteer(m: GovernanceModel) -> None:
    """The week's volunteer hours of every street, in expectation, within residents' civic hours.

    Called on by last week's outreach; calling costs an outreach hour for ten.
    """
    sc, cad = m.scenario, m.cadres
    if not m.powers.mobilise:
        return
    waiting = np.full(sc.streets, sc.h_outreach * sc.cadres)
    call = m.rules.call_of(cad.outreach_last.reshape(sc.streets, -1).sum(axis=1), waiting)
    share = m.rules.volunteers(m.residents.mean_trust(), m.by_street(cad.ties), call)
    free = np.maximum(sc.civic_hours - m.residents.street_civic / sc.residents, 0) * WEEK / MONTH
    m.volunteer_hours = sc.residents * share * np.minimum(VOLUNTEER_WEEK, free)
    m.volunteers_used = np.zeros(sc.streets)


def help_with(m: GovernanceModel, rows: np.ndarray, hours: np.ndarray) -> np.ndarray:
    """Volunteers take over part of the day's plain cases (tacitness ≤ .5); returns the hours left to cadres.

    A volunteer hour saves .3 of a casework hour (assumption).
    """
    if not np.count_nonzero(m.volunteer_hours) or not len(rows):
        return hours
    p = m.problems
    today = 0.3 * (m.volunteer_hours - m.volunteers_used) / (WEEK - m.day % WEEK)
    order = p.street[rows].argsort(kind="stable")
    street, want = p.street[rows][order], np.where(p.tacit[rows] <= 0.5, hours, 0.0)[order]
    total = want.cumsum()
    before = total - want
    first = np.searchsorted(street, np.arange(m.scenario.streets))
    base = np.append(before, total[-1])[first]
    saved = between(today[street] - (before - base[street]), 0, want)
    used = np.bincount(street, saved, m.scenario.streets) / 0.3
    m.volunteers_used += used
    m.residents.street_civic += used
    m.tally["volunteer_hours"] += float(used.sum())
    m.cadres.outreach_due += np.repeat(used / 10 / m.scenario.cadres, m.scenario.cadres)
    out = hours.copy()
    out[order] -= saved
    return out
