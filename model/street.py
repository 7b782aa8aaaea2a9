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
PARTS = np.array([Act.INTERPRET, Act.EXECUTE, Act.CONFLICT, Act.DATA])
"""Of the work on a directive."""


def arrive(m: GovernanceModel, ideas: np.ndarray, copy: np.ndarray) -> None:
    """All copies of `ideas` reach the cadres: what they will cost, and whether they are adapted."""
    d, c, sc, rules = m.directives, m.directives.copies, m.scenario, m.rules
    clarity, target, idea = c.clarity[copy], c.target[copy], c.idea[copy]
    m.tally["clarity"] += float(clarity.sum())
    m.tally["target"] += float(target.sum())
    m.tally["copies"] += len(copy)
    days = np.maximum(np.rint(c.due[copy]), 2).astype(int)
    c.copy_course[copy], c.arrived[copy], c.deadline[copy], c.allowed[copy] = Course.LIVE, m.day, m.day + days, days
    site = m.site_of_copy[copy]
    interpret = rules.interpretation_hours(clarity, sc.h_int)
    execute = c.exec_hours[copy] = rules.execution_hours(target, c.resources[copy], sc.h_exec)
    clash = _contradictions(m, ideas, execute)
    items = fresh_items(m, ideas).repeat(sc.streets)
    data = rules.data_hours(items, sc.h_item, sc.supplements, sc.redo_share, sc.return_rate)
    _adapt(m, copy, site)
    c.total_hours[copy] = np.maximum(interpret + execute + clash + data, 1e-9)  # to divide by
    rank, luck = np.where(d.central[idea], CENTRAL, PLAIN), d.luck[idea]
    hours = np.concatenate((interpret, execute, clash, data))
    some = (hours > 0).nonzero()[0]
    each = some % len(copy)
    m.cadre_work.add(site[each], PARTS.repeat(len(copy))[some], m.at.copies + copy[each], hours[some], m.day,
                     days[each], rank[each], luck[each])
    _burden_residents(m, copy, items)
    m.live = np.concatenate((m.live, copy))


def fresh_items(m: GovernanceModel, ideas: np.ndarray) -> np.ndarray:
    """Items each idea makes every street collect: those its office's register does not hold fresh.

    All streets receive an idea on the same day, so their registers hold the same; one register an office suffices.
    On the day it is collected an item is fresh in any case: an office collects it once, another office asks again.
    """
    d, sc = m.directives, m.scenario
    item, domain = d.items.take(ideas, axis=0), d.domain[ideas][:, None]
    wanted = np.arange(sc.items) < np.rint(sc.items * m.departments.forms[domain])
    holder = np.where(item < sc.item_pool, m.structure.office_of_domain[domain], sc.departments - 1 + domain)
    cell = holder * sc.item_pool + item
    row, column = (wanted & (m.day - m.register[cell] >= sc.fresh)).nonzero()
    stale, first = firsts(cell[row, column])
    asked = stale[stale < sc.departments * sc.item_pool] % sc.item_pool  # behind them lie the domains' own items
    new = set(asked[m.day - m.last_asked[asked] >= sc.fresh].tolist())
    m.tally["item_requests"] += int(np.count_nonzero(wanted)) * sc.streets
    m.tally["duplicates"] += (len(asked) - len(new)) * sc.streets
    m.register[stale] = m.last_asked[asked] = m.day
    return np.bincount(row[first], minlength=len(ideas))


def _contradictions(m: GovernanceModel, ideas: np.ndarray, execute: np.ndarray) -> np.ndarray:
    """Hours wasted because live directives of neighbouring domains prescribe opposite things.

    Of two that arrive on one day the later in rank bears the waste, as the later one does on different days.
    """
    d, streets, waste = m.directives, m.scenario.streets, np.zeros(len(execute))
    mine, near = [], []
    for number, (idea, domain) in enumerate(zip(ideas.tolist(), d.domain[ideas].tolist(), strict=True)):
        for beside in m.domains_beside[domain]:
            near += m.live_ideas[beside]
        mine += [number] * (len(near) - len(mine))
        m.live_ideas[domain].append(idea)
    if near:
        mine, other = np.array(mine), np.array(near)
        clash = np.asarray(m.rules.contradict(d.x.take(ideas[mine], axis=0), d.x.take(other, axis=0)), bool)
        pair, street = (clash & (d.copy_course.take(other, axis=0) == Course.LIVE)).nonzero()
        mine, other = mine[pair] * streets + street, other[pair] * streets + street
        np.add.at(waste, mine, 0.15 * np.minimum(execute[mine], d.copies.exec_hours[other]))
    return waste


def fit_now(m: GovernanceModel, copy: np.ndarray, site: np.ndarray, adapted: np.ndarray | bool) -> np.ndarray:
    """How well copies fit their street as they are carried out now; adapted ones leave nothing fixed."""
    c = m.directives.copies
    fixed = np.where(adapted, 0.0, c.s[copy])
    return m.rules.fit(c.x[copy], m.world.theta.take(site), fixed, m.scenario.v_err,
                       m.desk_knowledge[m.structure.desk_of_site[site]])


def fit_of(m: GovernanceModel, copy: np.ndarray) -> np.ndarray:
    """`fit_now` of copies as they stand, for whoever watches."""
    return fit_now(m, copy, m.site_of_copy[copy], m.directives.copies.adapted[copy])


def _adapt(m: GovernanceModel, copy: np.ndarray, site: np.ndarray) -> None:
    """Some cadres do it their own way."""
    c, desk = m.directives.copies, m.structure.desk_of_site[site]
    chance = m.rules.adapt_chance(fit_now(m, copy, site, False), c.s[copy], m.scenario.fit_threshold,
                                  m.desk_motivation[desk], m.desk_knowledge[desk])
    c.adapted[copy] = m.luck_of_copies("adapt", copy) < chance


def _burden_residents(m: GovernanceModel, copy: np.ndarray, items: np.ndarray) -> None:
    """One household a copy is asked for all its items."""
    res, rows = m.residents, m.person_of_copy[copy]
    res.use_civic(rows, m.day // MONTH, ITEM_CIVIC * items)
    for turn in turns(rows):
        asked = rows[turn]
        res.set_trust(asked, between(res.trust(asked) - ITEM_TRUST * items[turn], 0, 1))


def weekly_reports(m: GovernanceModel) -> None:
    """Every live copy owes a report a week; one not filed by the next is overdue, and work on it is redone.

    Weekly traces are looked at weekly, so they come before data due later (assumption).
    """
    d, c, sc = m.directives, m.directives.copies, m.scenario
    copy = m.live_copies(m.week_is_over[m.day - c.arrived[m.live].astype(int)])  # numpy looks up by short ints slowly
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
    m.desk_score("targets", m.site_of_copy[copy], np.zeros(len(copy), bool))
    end_copies(m, m.live_copies(over > c.allowed[m.live]), Course.OVERDUE)


def done_share(m: GovernanceModel, copy: np.ndarray) -> np.ndarray:
    """Hours done ÷ hours due of copies, at most 1."""
    c = m.directives.copies
    return np.minimum(1.0, c.done_hours[copy] / c.total_hours[copy])


def end_copies(m: GovernanceModel, copy: np.ndarray, course: Course) -> None:
    """Copies are done or dropped: value by fit, trouble for residents by misfit."""
    if not len(copy):
        return
    d, c = m.directives, m.directives.copies
    idea, site = m.idea_and_site(copy)
    share, fit = done_share(m, copy), fit_now(m, copy, site, c.adapted[copy])
    in_time = m.day <= c.deadline[copy]
    before = np.where(in_time, share, c.value_in_time[copy])
    got = c.value_got[copy] = fit * (before + 0.5 * (share - before))
    c.copy_course[copy] = course
    m.desk_score("targets", site[in_time], in_time[in_time])
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
