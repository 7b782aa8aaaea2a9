"""Complaints on the platform above, and the corrections that departments answer them with (双减: C市与G地)."""

from __future__ import annotations

import numpy as np

from agents.calendar import Due, take
from agents.compiled import District, Ints, compiled, entry
from agents.leader import BY_DEPARTMENT
from agents.lists import sort_by
from agents.resident import civic_left, spend_civic, trust_of, waits_since
from agents.work import PLAIN, WEEK, Act, Class

from .assign import add_to_department
from .luck import Purpose, luck_of

NOBODY = -1


@compiled
def complain_above(d: District) -> None:
    """Residents left waiting for twice the due time may complain; one complaint a domain and day is acted on."""
    rows = take(d.calendar, Due.PLATFORM, d.now[0].day)
    keys, n = np.empty(len(rows)), 0
    for row in rows:
        p, luck = d.problems[row], luck_of(d, Purpose.PLATFORM, row)
        d.now[0].who, d.now[0].row = Class.RESIDENT, p.resident
        if not waits_since(d, row, Due.PLATFORM, 2 * d.scenario[0].case_due + 1):
            continue
        chance = d.rules.platform_chance(trust_of(d, p.resident), d.scenario[0].platform_base)
        if luck < chance and civic_left(d, p.resident) > 0:
            spend_civic(d, p.resident, d.scenario[0].h_voice)
            rows[n], keys[n] = row, luck
            n += 1
    if n == 0:
        return
    d.days[d.now[0].day].platform += n
    sort_by(keys, rows, n)
    first = np.full(d.scenario[0].departments, NOBODY)
    for row in rows[:n]:
        p = d.problems[row]
        if first[p.domains[0]] == NOBODY:
            first[p.domains[0]] = p.street
    answer_complaints(d, first)


@entry
def answer_complaints(d: District, street_of_domain: Ints) -> None:
    """Departments tell the complaining street apart if they see a difference and have an hour.

    street_of_domain: the complaining street of each domain, −1 none.
    """
    apart = np.zeros(len(d.departments), np.bool_)
    for k in range(len(d.departments)):
        if street_of_domain[k] != NOBODY:
            apart[k] = tells_apart(d, k, street_of_domain[k])
            if apart[k]:
                add_to_department(d, k, Act.DISTINGUISH, d.at[0].none, 1.0, WEEK, PLAIN, 0.5)
                correct(d, k, street_of_domain[k], True)
            else:
                d.days[d.now[0].day].uniform_corrections += 1
    for k in range(len(d.departments)):
        if street_of_domain[k] != NOBODY and not apart[k]:
            correct(d, k, street_of_domain[k], False)


@compiled
def tells_apart(d: District, row: int, street: int) -> bool:
    """Whether a department sees that the street differs, and has an hour for it."""
    dep = d.departments[row]
    d.now[0].who, d.now[0].row = Class.DEPARTMENT, row
    return d.rules.distinguishes(belief_gap(d, row, street)) and dep.supervise_backlog < dep.supervise_hours + 1


@compiled
def belief_gap(d: District, domain: int, street: int) -> float:
    """Between what the department believes of the street and of the mean of the others; 0 if there are none."""
    belief, others, streets = d.beliefs[BY_DEPARTMENT], 0.0, len(d.streets)
    for s in range(streets):
        if s != street:
            others += belief[s, domain]
    return abs(belief[street, domain] - others / (streets - 1)) if streets > 1 else 0.0


@compiled
def correct(d: District, domain: int, street: int, told_apart: bool) -> None:
    """A complaint changes the domain's live directives: of that street only, or, tightened, of all."""
    sc, wish, live = d.scenario[0], d.drawn.theta[street, domain], d.live_ideas
    for j in range(live.count[domain]):
        first = live.rows[domain, j] * sc.streets
        if told_apart:
            c = d.copies[first + street]
            d.now[0].who, d.now[0].row = Class.COPY, first + street
            c.x = d.rules.translate_content(c.x, wish, sc.translate_share)
        else:
            for k in range(first, first + sc.streets):
                c = d.copies[k]
                d.now[0].who, d.now[0].row = Class.COPY, k
                c.x = d.rules.correct_uniformly(c.x, wish, sc.translate_share)
                c.s = d.rules.tighten_specificity(c.s, sc.tighten_step)
