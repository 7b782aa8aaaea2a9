"""What becomes of directives at the street: they are worked out, carried out and reported on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.attention import between, firsts
from agents.resident import turns
from agents.work import Act, Course

from .arrivals import start_problems
from .queues import CENTRAL, PLAIN
from .scenario import MONTH, WEEK

if TYPE_CHECKING:
    from .governance import GovernanceModel

ITEM_CIVIC, ITEM_TRUST = 0.02, 0.001
"""What a fresh data item costs the household asked: civic hours, trust (assumption)."""


def arrive(m: GovernanceModel, ideas: np.ndarray, i: np.ndarray, s: np.ndarray) -> None:
    """Copies of `ideas` reach the cadres of every street: what they will cost, and whether they are adapted."""
    d, c, sc, rules = m.directives, m.directives.copies, m.scenario, m.rules
    row = i * sc.streets + s
    clarity, target = c.clarity[row], c.target[row]
    m.tally["clarity"] += float(clarity.sum())
    m.tally["target"] += float(target.sum())
    m.tally["copies"] += len(i)
    days = np.maximum(np.rint(c.due[row]), 2).astype(int)
    c.copy_course[row], c.arrived[row], c.deadline[row], c.allowed[row] = Course.LIVE, m.day, m.day + days, days
    site = s * sc.departments + d.domain[i]
    interpret = rules.interpretation_hours(clarity, sc.h_int)
    execute = rules.execution_hours(target, c.resources[row], sc.h_exec)
    c.exec_hours[row] = execute
    clash = _contradictions(m, ideas, i, s, execute)
    items = fresh_items(m, ideas).repeat(sc.streets)
    data = rules.data_hours(items, sc.h_item, sc.supplements, sc.redo_share, sc.return_rate)
    _adapt(m, row, site)
    c.total_hours[row] = interpret + execute + clash + data
    rank, luck = np.where(d.central[i], CENTRAL, PLAIN), d.luck[i]
    acts = np.array([Act.INTERPRET, Act.EXECUTE, Act.CONFLICT, Act.DATA]).repeat(len(i))
    hours = np.concatenate((interpret, execute, clash, data))
    some = (hours > 0).nonzero()[0]
    each = some % len(i)
    m.cadre_work.add(site[each], acts[some], m.at.copies + row[each], hours[some], m.day, days[each], rank[each],
                     luck[each])
    _burden_residents(m, row, s, items)
    m.live = np.concatenate((m.live, row))


def fresh_items(m: GovernanceModel, ideas: np.ndarray) -> np.ndarray:
    """Items each idea makes every street collect: those its office's register does not hold fresh.

    All streets receive an idea on the same day, so their registers hold the same; one register an office suffices.
    On the day it is collected an item is fresh in any case: an office collects it once, another office asks again.
    """
    d, sc = m.directives, m.scenario
    wanted = np.arange(sc.items)[None, :] < np.rint(sc.items * m.departments.forms[d.domain[ideas]])[:, None]
    item, domain = d.items[ideas], d.domain[ideas][:, None]
    common = item < sc.item_pool
    office = m.structure.office_of_domain[domain]
    cell = np.where(common, office * sc.item_pool + item,
                    (m.scenario.departments + domain) * sc.item_pool + item - sc.item_pool)
    first = first_of_each(np.where(wanted, cell, -1).ravel()).reshape(cell.shape)
    stale = (m.day - m.register[cell] >= sc.fresh) & first & wanted
    asked = item[stale & common]
    again = m.day - m.last_asked[asked] < sc.fresh
    again |= ~first_of_each(asked)
    m.tally["item_requests"] += int(wanted.sum()) * sc.streets
    m.tally["duplicates"] += int(again.sum()) * sc.streets
    m.register[cell[stale]] = m.day
    m.last_asked[asked] = m.day
    return stale.sum(axis=1)


def first_of_each(values: np.ndarray) -> np.ndarray:
    """Where each value stands for the first time."""
    out = np.zeros(len(values), bool)
    out[firsts(values)[1]] = True
    return out


def _contradictions(m: GovernanceModel, ideas, i, s, execute) -> np.ndarray:
    """Hours wasted because live directives of neighbouring domains prescribe opposite things.

    Of two that arrive on one day the later in rank bears the waste, as the later one does on different days.
    """
    d, streets, waste = m.directives, m.scenario.streets, np.zeros(len(execute))
    near = []
    for idea in ideas:
        domain = int(d.domain[idea])
        near.append(m.neighbours_live(domain))
        m.live_ideas[domain].append(int(idea))
    mine, other = np.repeat(np.arange(len(ideas)), [len(n) for n in near]), np.array([k for n in near for k in n], int)
    if len(other):
        clash = np.asarray(m.rules.contradict(d.x.take(ideas[mine], axis=0), d.x.take(other, axis=0)), bool)
        pair, street = (clash & (d.copy_course.take(other, axis=0) == Course.LIVE)).nonzero()
        mine, other = mine[pair] * streets + street, other[pair] * streets + street
        np.add.at(waste, mine, 0.15 * np.minimum(execute[mine], d.copies.exec_hours[other]))
    return waste


def fit_now(m: GovernanceModel, copy: np.ndarray, site: np.ndarray, adapted: np.ndarray | bool) -> np.ndarray:
    """How well copies fit their street as they are carried out now; adapted ones leave nothing fixed."""
    c = m.directives.copies
    fixed = np.where(adapted, 0.0, c.s[copy])
    return m.rules.fit(c.x[copy], m.world.theta.reshape(-1)[site], fixed, m.scenario.v_err,
                       m.desk_knowledge[m.structure.desk_of_site[site]])


def fit_of(m: GovernanceModel, copy: np.ndarray) -> np.ndarray:
    """`fit_now` of copies as they stand, for whoever watches."""
    return fit_now(m, copy, m.idea_and_site(copy)[1], m.directives.copies.adapted[copy])


def _adapt(m: GovernanceModel, copy: np.ndarray, site: np.ndarray) -> None:
    """Some cadres do it their own way."""
    c, desk = m.directives.copies, m.structure.desk_of_site[site]
    chance = m.rules.adapt_chance(fit_now(m, copy, site, False), c.s[copy], m.scenario.fit_threshold,
                                  m.desk_motivation[desk], m.desk_knowledge[desk])
    c.adapted[copy] = m.luck_of_copies("adapt", copy) < chance


def _burden_residents(m: GovernanceModel, copy: np.ndarray, s: np.ndarray, items: np.ndarray) -> None:
    """One household a copy is asked for all its items."""
    sc, res = m.scenario, m.residents
    rows = s * sc.residents + (m.luck_of_copies("household", copy) * sc.residents).astype(int)
    res.use_civic(rows, m.day // MONTH, ITEM_CIVIC * items)
    for turn in turns(rows):
        asked = rows[turn]
        res.set_trust(asked, between(res.trust(asked) - ITEM_TRUST * items[turn], 0, 1))


def weekly_reports(m: GovernanceModel) -> None:
    """Every live copy owes a report a week; one not filed by the next is overdue, and work on it is redone.

    Weekly traces are looked at weekly, so they come before data due later (assumption).
    """
    d, c, sc = m.directives, m.directives.copies, m.scenario
    copy = m.live_copies(m.week_is_over[m.day - c.arrived[m.live]])
    if not len(copy):
        return
    idea, site = m.idea_and_site(copy)
    late = c.pending_reports[copy] > 0
    hours = sc.h_report * m.departments.forms[d.domain[idea]] * (1 + sc.redo_share * late)
    m.cadre_work.add(site, Act.REPORT, m.at.copies + copy, hours, m.day, WEEK, CENTRAL, d.luck[idea])
    c.pending_reports[copy] += 1
    m.desk_score("paper", site, ~late)


def deadlines(m: GovernanceModel) -> None:
    """What is done by the end of its last day counts fully, what comes later half; at twice the time it is dropped."""
    c = m.directives.copies
    over = m.day - c.deadline[m.live]
    copy = m.live_copies(over == 0)
    c.value_in_time[copy] = done_share(m, copy)
    m.desk_score("targets", m.idea_and_site(copy)[1], np.zeros(len(copy), bool))
    end_copies(m, m.live_copies(over > c.allowed[m.live]), Course.OVERDUE)


def done_share(m: GovernanceModel, copy: np.ndarray) -> np.ndarray:
    """Hours done ÷ hours due of copies, at most 1."""
    c = m.directives.copies
    return np.minimum(1.0, c.done_hours[copy] / np.maximum(c.total_hours[copy], 1e-9))


def end_copies(m: GovernanceModel, copy: np.ndarray, course: Course) -> None:
    """Copies are done or dropped: value by fit, trouble for residents by misfit."""
    if not len(copy):
        return
    d, c = m.directives, m.directives.copies
    idea, site = m.idea_and_site(copy)
    share, fit = done_share(m, copy), fit_now(m, copy, site, c.adapted[copy])
    late = m.day > c.deadline[copy]
    before = np.where(late, c.value_in_time[copy], share)
    got = c.value_got[copy] = fit * (before + 0.5 * (share - before))
    c.copy_course[copy] = course
    in_time = site[~late]
    m.desk_score("targets", in_time, np.ones(len(in_time), bool))
    worked = c.exec_hours[copy] * share
    m.tally["fit_hours"] += float((worked * fit).sum())
    m.tally["exec_hours"] += float(worked.sum())
    m.tally["value"] += float((got * (d.value[idea] * d.weight[idea])).sum()) / m.scenario.streets
    m.dead[m.at.copies + copy] = True
    _disturb(m, copy, fit, share)


def _disturb(m: GovernanceModel, copy: np.ndarray, fit: np.ndarray, share: np.ndarray) -> None:
    """A misfit carried out troubles some resident: his problem waits in the copy's slot."""
    chance = m.rules.disturbance(fit, m.scenario.fit_threshold, m.scenario.disturb_rate) * share
    hit = m.luck_of_copies("disturb", copy) < chance
    rows = m.problems.arrivals + copy[hit]
    if len(rows):
        m.problems.born[rows] = m.day
        m.tally["disturbed"] += float(m.problems.severity[rows].sum())
        start_problems(m, rows, first_look=m.day + 1)
