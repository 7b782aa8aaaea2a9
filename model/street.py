"""What becomes of directives at the street: they are worked out, carried out, reported on and inspected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.attention import between
from agents.resident import turns
from agents.work import Act, Course

from .arrivals import start_problems
from .queues import CENTRAL, PLAIN
from .scenario import MONTH, WEEK

if TYPE_CHECKING:
    from .governance import GovernanceModel

RECTIFY_SHARE, RECTIFY_DAYS = 0.3, 10
"""A rectification order: this share of the execution hours, in ten days (DESIGN §4)."""
ITEM_CIVIC, ITEM_TRUST = 0.02, 0.001
"""What a fresh data item costs the household asked: civic hours, trust (assumption)."""


def arrive(m: GovernanceModel, ideas: np.ndarray, i: np.ndarray, s: np.ndarray) -> None:
    """Copies of `ideas` reach the cadres of every street: what they will cost, and whether they are adapted."""
    d, sc, rules = m.directives, m.scenario, m.rules
    m.tally["clarity"] += float(d.clarity[i, s].sum())
    m.tally["target"] += float(d.target[i, s].sum())
    m.tally["copies"] += len(i)
    days = np.maximum(np.rint(d.due[i, s]), 2).astype(int)
    d.copy_course[i, s], d.arrived[i, s], d.deadline[i, s], d.allowed[i, s] = Course.LIVE, m.day, m.day + days, days
    site = s * sc.departments + d.domain[i]
    interpret = rules.interpretation_hours(d.clarity[i, s], sc.h_int)
    execute = rules.execution_hours(d.target[i, s], d.resources[i, s], sc.h_exec)
    d.exec_hours[i, s] = execute
    clash = _contradictions(m, ideas, i, s, execute)
    items = np.repeat(fresh_items(m, ideas), sc.streets)
    data = rules.data_hours(items, sc.h_item, sc.supplements, sc.redo_share, sc.return_rate)
    _adapt(m, i, s, site)
    d.total_hours[i, s] = interpret + execute + clash + data
    copy = m.at.copies + i * sc.streets + s
    rank, luck = np.where(d.central[i], CENTRAL, PLAIN), d.luck[i]
    acts = np.repeat([Act.INTERPRET, Act.EXECUTE, Act.CONFLICT, Act.DATA], len(i))
    hours = np.concatenate((interpret, execute, clash, data))
    some = np.flatnonzero(hours > 0)
    each = some % len(i)
    m.cadre_work.add(site[each], acts[some], copy[each], hours[some], m.day, days[each], rank[each], luck[each])
    _burden_residents(m, i, s, items)
    m.live = np.concatenate((m.live, i * sc.streets + s))


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
    out[np.unique(values, return_index=True)[1]] = True
    return out


def _contradictions(m: GovernanceModel, ideas, i, s, execute) -> np.ndarray:
    """Hours wasted because live directives of neighbouring domains prescribe opposite things.

    Of two that arrive on one day the later in rank bears the waste, as the later one does on different days.
    """
    d, waste = m.directives, np.zeros((len(ideas), m.scenario.streets))
    near = []
    for idea in ideas:
        domain = int(d.domain[idea])
        near.append(m.neighbours_live(domain))
        m.live_ideas[domain].append(int(idea))
    mine, other = np.repeat(np.arange(len(ideas)), [len(n) for n in near]), np.array([k for n in near for k in n], int)
    if len(other):
        clash = np.asarray(m.rules.contradict(d.x[ideas[mine]], d.x[other]), bool)
        clash = clash & (d.copy_course[other] == Course.LIVE)
        lost = clash * 0.15 * np.minimum(execute.reshape(waste.shape)[mine], d.exec_hours[other])
        np.add.at(waste, mine, lost)
    return waste.ravel()


def fit_now(m: GovernanceModel, i: np.ndarray, s: np.ndarray, adapted: np.ndarray | None = None) -> np.ndarray:
    """How well copies fit their street as they are carried out now; adapted ones leave nothing fixed."""
    d, sc = m.directives, m.scenario
    site = s * sc.departments + d.domain[i]
    fixed = np.where(d.adapted[i, s] if adapted is None else adapted, 0.0, d.s[i, s])
    return m.rules.fit(d.x[i, s], m.world.theta[s, d.domain[i]], fixed, sc.v_err, m.desk_knowledge[
        m.structure.desk_of_site[site]])


def _adapt(m: GovernanceModel, i: np.ndarray, s: np.ndarray, site: np.ndarray) -> None:
    """Some cadres do it their own way."""
    d, desk = m.directives, m.structure.desk_of_site[site]
    chance = m.rules.adapt_chance(fit_now(m, i, s, np.zeros(len(i), bool)), d.s[i, s], m.scenario.fit_threshold,
                                  m.desk_motivation[desk], m.desk_knowledge[desk])
    d.adapted[i, s] = m.luck_of_copies("adapt", i * m.scenario.streets + s) < chance


def _burden_residents(m: GovernanceModel, i: np.ndarray, s: np.ndarray, items: np.ndarray) -> None:
    """One household a copy is asked for all its items."""
    sc, res = m.scenario, m.residents
    rows = s * sc.residents + (m.luck_of_copies("household", i * m.scenario.streets + s) * sc.residents).astype(int)
    res.use_civic(rows, m.day // MONTH, ITEM_CIVIC * items)
    for turn in turns(rows):
        asked = rows[turn]
        res.set_trust(asked, between(res.trust(asked) - ITEM_TRUST * items[turn], 0, 1))


def weekly_reports(m: GovernanceModel) -> None:
    """Every live copy owes a report a week; one not filed by the next is overdue, and work on it is redone.

    Weekly traces are looked at weekly, so they come before data due later (assumption).
    """
    d, sc = m.directives, m.scenario
    age = m.day - d.arrived.reshape(-1)[m.live]
    i, s = m.live_copies((age > 0) & (age % WEEK == 0))
    copy = i * sc.streets + s
    late = d.pending_reports[i, s] > 0
    hours = sc.h_report * m.departments.forms[d.domain[i]] * (1 + sc.redo_share * late)
    site = s * sc.departments + d.domain[i]
    m.cadre_work.add(site, Act.REPORT, m.at.copies + copy, hours, m.day, WEEK, CENTRAL, d.luck[i])
    d.pending_reports[i, s] += 1
    m.desk_score("paper", site, ~late)


def deadlines(m: GovernanceModel) -> None:
    """What is done by the deadline counts fully, what comes later half; at twice the time a copy is dropped."""
    d = m.directives
    over = m.day - d.deadline.reshape(-1)[m.live]
    i, s = m.live_copies(over == 1)
    d.value_in_time[i, s] = _done_share(m, i, s)
    m.desk_score("targets", s * m.scenario.departments + d.domain[i], np.zeros(len(i), bool))
    i, s = m.live_copies(over > d.allowed.reshape(-1)[m.live])
    end_copies(m, i, s, Course.OVERDUE)


def _done_share(m: GovernanceModel, i: np.ndarray, s: np.ndarray) -> np.ndarray:
    d = m.directives
    return np.minimum(1.0, d.done_hours[i, s] / np.maximum(d.total_hours[i, s], 1e-9))


def end_copies(m: GovernanceModel, i: np.ndarray, s: np.ndarray, course: Course) -> None:
    """Copies are done or dropped: value by fit, trouble for residents by misfit."""
    if not len(i):
        return
    d = m.directives
    share, fit = _done_share(m, i, s), fit_now(m, i, s)
    late = m.day > d.deadline[i, s]
    before = np.where(late, d.value_in_time[i, s], share)
    d.value_got[i, s] = fit * (before + 0.5 * (share - before))
    d.copy_course[i, s] = course
    m.desk_score("targets", (s * m.scenario.departments + d.domain[i])[~late], np.ones(int((~late).sum()), bool))
    worked = d.exec_hours[i, s] * share
    m.tally["fit_hours"] += float((worked * fit).sum())
    m.tally["exec_hours"] += float(worked.sum())
    m.tally["value"] += float((d.value_got[i, s] * (d.value * d.weight)[i]).sum()) / m.scenario.streets
    copy = i * m.scenario.streets + s
    m.dead[m.at.copies + copy] = True
    _disturb(m, i, s, copy, fit, share)


def _disturb(m: GovernanceModel, i, s, copy, fit, share) -> None:
    """A misfit carried out troubles some resident: his problem waits in the copy's slot."""
    chance = m.rules.disturbance(fit, m.scenario.fit_threshold, m.scenario.disturb_rate) * share
    hit = m.luck_of_copies("disturb", i * m.scenario.streets + s) < chance
    rows = m.problems.arrivals + copy[hit]
    if len(rows):
        m.problems.born[rows] = m.day
        m.tally["disturbed"] += float(m.problems.severity[rows].sum())
        start_problems(m, rows, first_look=m.day + 1)


# --- supervision ------------------------------------------------------------------------------------------------


def ask_inspections(m: GovernanceModel) -> None:
    """One inspection a live copy and month is asked for, on a day of its own; it waits for its department's hours."""
    d, sc = m.directives, m.scenario
    after = (m.luck.table("inspect", d.x.size)[m.live] * MONTH).astype(int) + 1
    age = m.day - d.arrived.reshape(-1)[m.live]
    i, s = m.live_copies((age >= after) & ((age - after) % MONTH == 0))
    m.department_work.add(d.domain[i], Act.INSPECT, m.at.copies + i * sc.streets + s, sc.h_inspect, m.day, MONTH,
                          PLAIN, d.luck[i])


def inspect(m: GovernanceModel, copy: np.ndarray) -> None:
    """Inspectors come: an hour of a cadre each, a rectification order where they find fault, sanctions for adapting."""
    d, sc = m.directives, m.scenario
    i, s = copy // sc.streets, copy % sc.streets
    live = d.copy_course[i, s] == Course.LIVE
    i, s, copy = i[live], s[live], copy[live]
    if not len(i):
        return
    elapsed = (m.day - d.arrived[i, s]) / np.maximum(d.deadline[i, s] - d.arrived[i, s], 1)
    found = m.rules.inspection_finds(fit_now(m, i, s), sc.fit_threshold, _done_share(m, i, s), elapsed,
                                     d.adapted[i, s]).astype(bool)
    site = s * sc.departments + d.domain[i]
    cadre = m.cadre_in_charge(site, m.luck_of_copies("charge", i * m.scenario.streets + s))
    np.add.at(m.cadres.inspection_due, cadre, sc.h_inspect)
    m.tally["inspections"] += len(i)
    m.tally["faults"] += int(found.sum())
    m.cadre_work.add(site[found], Act.RECTIFY, m.at.copies + copy[found], RECTIFY_SHARE * sc.h_exec, m.day,
                     RECTIFY_DAYS, np.where(d.central[i], CENTRAL, PLAIN)[found], d.luck[i[found]])
    own = found & d.adapted[i, s]
    _sanction(m, i[own], s[own], cadre[own])


def _sanction(m: GovernanceModel, i: np.ndarray, s: np.ndarray, cadre: np.ndarray) -> None:
    """A cadre who adapted loses heart, unless residents petition; then the order is mended for all streets."""
    if not len(i):
        return
    d, mot = m.directives, m.cadres.motivation
    chance = m.rules.petition_chance(m.residents.mean_trust()[s], m.cadres.ties[cadre])
    saved = m.luck_of_copies("petition", i * m.scenario.streets + s) < chance
    np.add.at(mot, cadre, np.where(saved, 0.2, -0.2))
    np.clip(mot, 0, 1, out=mot)
    m.tally["sanctions"] += int((~saved).sum())
    m.tally["petitions"] += int(saved.sum())
    for idea in np.unique(i[saved]):
        theta = m.world.theta[:, d.domain[idea]]
        d.x[idea] = m.rules.translate_content(d.x[idea], theta, m.scenario.translate_share)


def correct(m: GovernanceModel, domains: np.ndarray, streets: np.ndarray, told_apart: bool) -> None:
    """A complaint above changes live directives: of that street only, or, tightened, of all (DESIGN: M12)."""
    d, sc, rules = m.directives, m.scenario, m.rules
    for domain, street in zip(domains, streets, strict=True):
        wish = m.world.theta[street, domain]
        ideas = np.array(m.live_ideas[domain], int)
        if told_apart:
            d.x[ideas, street] = rules.translate_content(d.x[ideas, street], wish, sc.translate_share)
        else:
            d.x[ideas] = rules.correct_uniformly(d.x[ideas], wish, sc.translate_share)
            d.s[ideas] = rules.tighten_specificity(d.s[ideas], sc.tighten_step)


def note_pressure(m: GovernanceModel) -> None:
    """Overdue ÷ live directives of every sender, and what else depends on the copies now live."""
    d, sc = m.directives, m.scenario
    i, s = m.live // sc.streets, m.live % sc.streets
    on = d.copy_course[i, s] == Course.LIVE
    m.live, i, s = m.live[on], i[on], s[on]
    overdue = ((m.day > d.deadline[i, s]) | (d.pending_reports[i, s] > 1)).astype(float)
    m.departments.overdue_share = _share(d.domain[i], overdue, sc.departments)
    m.street_overdue = _share(s, overdue, sc.streets)
    central = d.central[i]
    m.central_overdue = float(overdue[central].mean()) if central.any() else 0.0
    m.specificity_of_street = _share(s, d.s[i, s], sc.streets)
    desk = m.structure.desk_of_site[s * sc.departments + d.domain[i]]
    staff = m.structure.staff_of_desk
    m.open_per_cadre = np.bincount(desk, minlength=len(staff)) / staff
    m.central_of_desk = _share(desk, central.astype(float), len(staff))
    if (m.day + 1) % WEEK == 0:
        alive = np.zeros(len(d.born), bool)
        alive[i] = True
        m.live_ideas = [[k for k in ideas if alive[k]] for ideas in m.live_ideas]


def _share(group: np.ndarray, value: np.ndarray, groups: int) -> np.ndarray:
    return np.bincount(group, value, groups) / np.maximum(np.bincount(group, minlength=groups), 1)


def reissue(m: GovernanceModel) -> None:
    """After a decree cut forms, departments ask for them again as their supervise hours allow (1 h a hundredth)."""
    dep = m.departments
    short = np.flatnonzero(dep.forms < 0.999)
    m.department_work.add(short, Act.REISSUE, m.at.none + np.zeros(len(short), int), 1.0, m.day, WEEK, PLAIN, 0.999)


def decree(m: GovernanceModel) -> None:
    """Cut forms by decree (control arm `cut_forms`)."""
    m.departments.forms[:] = 1 - m.scenario.cut_share
