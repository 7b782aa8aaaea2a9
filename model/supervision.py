"""Inspection, corrections and the pressure that overdue directives put on their senders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agents.attention import begins, distinct
from agents.work import Act, Course

from .queues import CENTRAL, PLAIN
from .scenario import MONTH, WEEK
from .street import done_share, fit_now

if TYPE_CHECKING:
    from .governance import GovernanceModel

RECTIFY_SHARE, RECTIFY_DAYS = 0.3, 10
"""A rectification order asks for this share of the execution hours, in so many days: a part of the work over again, and
soon, before the next monthly inspection. Both are assumed (DESIGN §4); the essay names 挑问题喊整改 without numbers."""


def ask_inspections(m: GovernanceModel) -> None:
    """One inspection a live copy and month is asked for, on a day of its own; it waits for its department's hours."""
    d, sc = m.directives, m.scenario
    copy = m.live_copies(m.month_begins[m.day - d.copies.arrived[m.live] - m.first_inspection[m.live]])
    idea = d.copies.idea[copy]
    m.department_work.add(d.domain[idea], Act.INSPECT, m.at.copies + copy, sc.h_inspect, m.day, MONTH, PLAIN,
                          d.luck[idea])


def inspect(m: GovernanceModel, copy: np.ndarray) -> None:
    """Inspectors come: an hour of a cadre each, a rectification order where they find fault, sanctions for adapting."""
    d, c, sc = m.directives, m.directives.copies, m.scenario
    copy = copy[c.copy_course[copy] == Course.LIVE]
    if not len(copy):
        return
    idea, site = m.idea_and_site(copy)
    adapted, elapsed = c.adapted[copy], (m.day - c.arrived[copy]) / c.allowed[copy]
    found = m.rules.inspection_finds(fit_now(m, copy, site, adapted), sc.fit_threshold, done_share(m, copy), elapsed,
                                     adapted).astype(bool)
    cadre = m.cadre_in_charge(site, m.luck_of_copies("charge", copy))
    np.add.at(m.cadres.inspection_due, cadre, sc.h_inspect)
    m.tally["inspections"] += len(copy)
    m.tally["faults"] += int(np.count_nonzero(found))
    mend = idea[found]
    m.cadre_work.add(site[found], Act.RECTIFY, m.at.copies + copy[found], RECTIFY_SHARE * sc.h_exec, m.day,
                     RECTIFY_DAYS, np.where(d.central[mend], CENTRAL, PLAIN), d.luck[mend])
    own = found & adapted
    _sanction(m, copy[own], cadre[own])


def _sanction(m: GovernanceModel, copy: np.ndarray, cadre: np.ndarray) -> None:
    """A cadre who adapted loses heart, unless residents petition; then the order is mended for all streets."""
    if not len(copy):
        return
    d, mot = m.directives, m.cadres.motivation
    chance = m.rules.petition_chance(m.residents.mean_trust()[d.copies.street[copy]], m.cadres.ties[cadre])
    saved = m.luck_of_copies("petition", copy) < chance
    np.add.at(mot, cadre, np.where(saved, 0.2, -0.2))
    np.clip(mot, 0, 1, out=mot)
    m.tally["sanctions"] += int(np.count_nonzero(~saved))
    m.tally["petitions"] += int(np.count_nonzero(saved))
    for idea in distinct(d.copies.idea[copy[saved]]):
        theta = m.world.theta[:, d.domain[idea]]
        d.x[idea] = m.rules.translate_content(d.x[idea], theta, m.scenario.translate_share)


def correct(m: GovernanceModel, domains: np.ndarray, streets: np.ndarray, told_apart: bool) -> None:
    """A complaint above changes live directives: of that street only, or, tightened, of all (DESIGN: M12)."""
    c, sc, rules = m.directives.copies, m.scenario, m.rules
    for domain, street in zip(domains, streets, strict=True):
        wish = m.world.theta[street, domain]
        copies = c.of_idea.take(np.array(m.live_ideas[domain], int), axis=0)
        if told_apart:
            copy = copies[:, street]
            c.x[copy] = rules.translate_content(c.x[copy], wish, sc.translate_share)
        else:
            copy = copies.ravel()
            c.x[copy] = rules.correct_uniformly(c.x[copy], wish, sc.translate_share)
            c.s[copy] = rules.tighten_specificity(c.s[copy], sc.tighten_step)


def note_pressure(m: GovernanceModel, day: int) -> None:
    """Overdue ÷ live directives of every sender at the end of a day, and what else depends on the copies now live."""
    d, c, sc = m.directives, m.directives.copies, m.scenario
    m.live = live = m.live[c.copy_course[m.live] == Course.LIVE]
    idea, site = m.idea_and_site(live)
    street, domain, desk = c.street[live], d.domain[idea], m.structure.desk_of_site[site]
    overdue, central = (day > c.deadline[live]) | (c.pending_reports[live] > 1), d.central[idea]
    m.central_overdue = np.count_nonzero(overdue & central) / max(np.count_nonzero(central), 1)
    m.departments.overdue_share = np.bincount(domain, overdue, sc.departments) / _number(domain, sc.departments)
    here = _number(street, sc.streets)
    m.street_overdue = np.bincount(street, overdue, sc.streets) / here
    m.specificity_of_street = np.bincount(street, c.s[live], sc.streets) / here
    staff = m.structure.staff_of_desk
    number = np.bincount(desk, minlength=len(staff))
    m.open_per_cadre = number / staff
    m.central_of_desk = np.bincount(desk, central, len(staff)) / np.maximum(number, 1)
    if (m.day + 1) % WEEK == 0:
        alive = set(idea[begins(idea)].tolist())  # an idea's copies stand together
        m.live_ideas = [[k for k in ideas if k in alive] for ideas in m.live_ideas]


def _number(group: np.ndarray, groups: int) -> np.ndarray:
    """Members of each group, at least 1, to divide by."""
    return np.maximum(np.bincount(group, minlength=groups), 1)


def reissue(m: GovernanceModel) -> None:
    """After a decree cut forms, departments ask for them again as their supervise hours allow (1 h a hundredth)."""
    dep = m.departments
    short = np.flatnonzero(dep.forms < 0.999)
    m.department_work.add(short, Act.REISSUE, m.at.none, 1.0, m.day, WEEK, PLAIN, 0.999)


def decree(m: GovernanceModel) -> None:
    """Cut forms by decree (control arm `cut_forms`)."""
    m.departments.forms[:] = 1 - m.scenario.cut_share
