"""Inspection, sanctions, and the pressure that overdue directives put on their senders."""

from __future__ import annotations

import numpy as np

from agents.calendar import Due, take
from agents.compiled import District, Ints, compiled, entry
from agents.lists import contains
from agents.resident import mean_trust
from agents.work import BINDING, CENTRAL, MONTH, PLAIN, WEEK, Act, Class, Course

from .assign import add_to_department, add_to_desk, site_of_copy
from .luck import Purpose, luck_of, luck_of_turn
from .street import desk_of_copy, done_share, fit_now, pass_deadline, report_weekly, year_ends
from .volunteers import sign

RECTIFY_SHARE, RECTIFY_DAYS = 0.3, 10
"""A rectification order asks for this share of the execution hours, in so many days: a part of the work over again, and
soon, before the next monthly inspection. Both are assumed; the essay names 挑问题喊整改 without numbers."""
HEART = 0.2
"""Motivation a cadre loses by a sanction, and wins by a petition (assumption)."""


@compiled
def ask_monthly(d: District, k: int, rush: bool) -> None:
    """A live copy is to be inspected once a month, at the year's end twice; it waits for its department's hours."""
    c = d.copies[k]
    age = d.now[0].day - c.arrived - c.first_inspection
    if age >= 0 and (age % MONTH == 0 or (rush and age % MONTH == MONTH // 2)):
        ask_inspection(d, k, MONTH // 2 if rush else MONTH, PLAIN)


@compiled
def ask_inspection(d: District, k: int, period: int, priority: int) -> None:
    """A department is to inspect a copy."""
    c = d.copies[k]
    add_to_department(d, c.domain, Act.INSPECT, d.at[0].copies + k, d.scenario[0].h_inspect, period, priority,
                      d.ideas[c.idea].luck)


@compiled
def raids(d: District) -> None:
    """Inspections from above that somebody made happen: every live copy of the street, at once, by binding order."""
    for street in take(d.calendar, Due.RAID, d.now[0].day):
        for k in d.live.values[:d.live.count[0]]:
            if d.copies[k].street == street and not d.copies[k].own:
                ask_inspection(d, k, 0, BINDING)


@compiled
def inspect(d: District, copies: Ints) -> None:
    """Inspectors come, for hours of a cadre: a rectification order where they find fault, sanctions for adapting."""
    sc, today = d.scenario[0], d.days[d.now[0].day]
    sanctioned, charged, n = np.empty(len(copies), np.int64), np.empty(len(copies), np.int64), 0
    for k in copies:
        c = d.copies[k]
        if c.course != Course.LIVE:
            continue
        cadre = in_charge(d, k)
        d.cadres[cadre].inspection_due += sc.h_inspect
        today.inspections += 1
        if finds_fault(d, k):
            today.faults += 1
            idea = d.ideas[c.idea]
            add_to_desk(d, site_of_copy(d, c), Act.RECTIFY, d.at[0].copies + k, RECTIFY_SHARE * sc.h_exec,
                        RECTIFY_DAYS, CENTRAL if idea.central else PLAIN, idea.luck)
            if c.adapted:
                sanctioned[n], charged[n] = k, cadre
                n += 1
    sanction(d, sanctioned[:n], charged[:n])


@compiled
def in_charge(d: District, k: int) -> int:
    """The cadre whom the inspection of a copy meets: one of its desk, by luck."""
    desk = desk_of_copy(d, d.copies[k])
    return desk.first_cadre + int(luck_of(d, Purpose.CHARGE, k) * desk.cadres)


@compiled
def finds_fault(d: District, k: int) -> bool:
    """Whether an inspector finds fault with a copy: where there is one, they may not notice it."""
    c, sc = d.copies[k], d.scenario[0]
    c.inspected += 1
    depth = sc.depth if not d.powers[0].platform else 1 - (1 - sc.depth)**sc.platform_watch
    if luck_of_turn(d, Purpose.DEPTH, k, c.inspected) >= depth:
        return False
    elapsed = (d.now[0].day - c.arrived) / max(c.deadline - c.arrived, 1)
    fit = fit_now(d, k, c.adapted)
    return d.rules.inspection_finds(fit, sc.fit_threshold, done_share(c), elapsed, c.adapted)


@compiled
def sanction(d: District, copies: Ints, cadres: Ints) -> None:
    """A cadre who adapted loses heart, unless residents petition; then the order is mended for all streets."""
    today, mended, n = d.days[d.now[0].day], np.empty(len(copies), np.int64), 0
    for j in range(len(copies)):
        c, cadre = d.copies[copies[j]], d.cadres[cadres[j]]
        d.now[0].who, d.now[0].row = Class.CADRE, cadres[j]
        chance = d.rules.petition_chance(mean_trust(d, c.street), cadre.ties, d.streets[c.street].called_on)
        if luck_of(d, Purpose.PETITION, copies[j]) < chance and sign(d, cadres[j]):
            cadre.motivation += HEART
            today.petitions += 1
            if not contains(mended[:n], c.idea):
                mended[n] = c.idea
                n += 1
        else:
            cadre.motivation -= HEART
            today.sanctions += 1
    for j in cadres:
        d.cadres[j].motivation = min(max(d.cadres[j].motivation, 0.0), 1.0)
    for row in mended[:n]:
        mend(d, row)


@compiled
def mend(d: District, row: int) -> None:
    """After a petition, an idea is fitted to every street."""
    streets = len(d.streets)
    for k in range(row * streets, (row + 1) * streets):
        c = d.copies[k]
        d.now[0].who, d.now[0].row = Class.COPY, k
        c.x = d.rules.translate_content(c.x, d.drawn.theta[c.street, c.domain], d.scenario[0].translate_share)


# --- pressure -------------------------------------------------------------------------------------------------------


@entry
def look_at_copies(d: District, day: int, evening: bool) -> None:
    """Overdue ÷ live directives of every sender at the end of a day, and what else depends on the copies now live.

    evening: reports and inspections are asked for, deadlines pass, in the same pass, as live copies are many.
    """
    forget_counts(d)
    central = late_central = kept = 0
    rush = year_ends(d)
    for k in d.live.values[:d.live.count[0]]:
        c = d.copies[k]
        if evening and c.course == Course.LIVE:
            see_to(d, k, rush)
        if c.course != Course.LIVE:
            continue
        d.live.values[kept] = k
        kept += 1
        late = day > c.deadline or c.pending_reports > 1
        count_copy(d, k, late)
        if d.ideas[c.idea].central:
            central += 1
            late_central += late
    d.live.count[0] = kept
    d.now[0].central_overdue = late_central / max(central, 1)
    note_shares(d)
    forget_ended_ideas(d)


@compiled
def see_to(d: District, k: int, rush: bool) -> None:
    """What a live copy's evening brings; on what a department carries out itself nobody reports."""
    c = d.copies[k]
    if not c.own:
        report_weekly(d, k, rush)
    pass_deadline(d, k)
    if not c.own and c.course == Course.LIVE:
        ask_monthly(d, k, rush)


@compiled
def forget_counts(d: District) -> None:
    """Counts of live copies begin anew."""
    for dep in d.departments:
        dep.live = dep.late = 0
    for place in d.streets:
        place.live = place.late = 0
        place.specificity = 0.0
    for desk in d.desks:
        desk.live = desk.central_live = 0


@compiled
def count_copy(d: District, k: int, late: bool) -> None:
    """A live copy counts for its department, and where it is carried out for its street and desk."""
    c = d.copies[k]
    place, dep, desk = d.streets[c.street], d.departments[c.domain], desk_of_copy(d, c)
    dep.live += 1
    dep.late += late
    if c.own:
        return
    place.live += 1
    place.late += late
    place.specificity += c.s
    desk.live += 1
    desk.central_live += d.ideas[c.idea].central


@compiled
def note_shares(d: District) -> None:
    """Shares of the counts; leaders feel them as pressure tomorrow."""
    for dep in d.departments:
        dep.overdue = dep.late / max(dep.live, 1)
    for place in d.streets:
        place.overdue, place.specificity = place.late / max(place.live, 1), place.specificity / max(place.live, 1)
    for desk in d.desks:
        desk.open_per_cadre = desk.live / max(desk.cadres, 1)
        desk.central = desk.central_live / max(desk.cadres, 1)


@compiled
def forget_ended_ideas(d: District) -> None:
    """Of each domain's live ideas keep those of which a copy lives."""
    live = d.live_ideas
    for domain in range(len(live.count)):
        kept = 0
        for j in range(live.count[domain]):
            row = live.rows[domain, j]
            if d.ideas[row].alive > 0:
                live.rows[domain, kept] = row
                kept += 1
        live.count[domain] = kept


@compiled
def reissue(d: District, row: int) -> None:
    """After a decree cut forms, a department asks for them again as its supervise hours allow (1 h a hundredth)."""
    if d.departments[row].forms < 0.999:
        add_to_department(d, row, Act.REISSUE, d.at[0].none, 1.0, WEEK, PLAIN, 0.999)
