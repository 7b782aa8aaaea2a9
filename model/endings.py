"""How cases end: solved, expired, closed on paper; and what residents make of it."""

from __future__ import annotations

import numpy as np

from agents.calendar import Due, later, take
from agents.compiled import District, Ints, compiled, entry
from agents.lists import empty
from agents.places import RESIDENTS, SOLVED
from agents.resident import by_age, learn_from_case
from agents.work import MONTH, Act, Class, Fate

from .assign import ask_desk, at_counter, score, settle, site_of
from .luck import Purpose, luck_of_turn


@entry
def close(d: District) -> None:
    """Close what was worked on, expire what waited too long, close some overdue cases on paper."""
    worked, relieved = empty(d.worked), empty(d.relieved)
    solved, n = np.empty(len(worked) + len(relieved), np.int64), 0
    for row in worked:
        if d.problems[row].fate == Fate.OPEN and helped(d, row):
            solved[n] = row
            n += 1
    for row in relieved:
        solved[n] = row
        n += 1
    by_age(d, solved, n)
    for row in solved[:n]:
        if d.problems[row].fate == Fate.OPEN:  # a case may be worked off and relieved on one day
            solve(d, row)
    expire(d)


@compiled
def helped(d: District, row: int) -> bool:
    """Whether work on a case helped; if not, it is begun again tomorrow. What the counter can settle is settled."""
    p = d.problems[row]
    if at_counter(d, p):
        return True
    d.now[0].who, d.now[0].row = Class.PROBLEM, row
    knowledge = d.desks[d.structure.desk_of_site[site_of(d, p)]].knowledge
    if luck_of_turn(d, Purpose.FIX, row, p.attempt) < d.rules.fix_chance(p.tacit, knowledge):
        return True
    p.attempt += 1
    d.days[d.now[0].day].reopened += 1
    later(d.calendar, Due.BEGIN, d.now[0].day + 1, row)
    return False


@compiled
def solve(d: District, row: int) -> None:
    """An open case is truly solved."""
    p = d.problems[row]
    d.days[d.now[0].day].solved += p.severity * p.reasonable
    p.measured = True
    end_case(d, row, Fate.SERVED if d.now[0].day <= p.born + d.scenario[0].case_due else Fate.LATE, True)


@compiled
def expire(d: District) -> None:
    """Needs lapse that waited too long; some overdue cases are closed on paper."""
    day, n = d.now[0].day, 0
    over, overdue = take(d.calendar, Due.EXPIRE, day), take(d.calendar, Due.OVERDUE, day)
    ended = np.empty(len(over) + len(overdue), np.int64)
    for row in over:
        p = d.problems[row]
        if p.fate == Fate.LATENT:
            settle(d, row, Fate.EXPIRED)
        elif p.fate == Fate.OPEN:
            p.ending = Fate.EXPIRED
            ended[n] = row
            n += 1
    for row in overdue:
        p = d.problems[row]
        if p.fate == Fate.OPEN and closed_falsely(d, row) and p.ending != Fate.EXPIRED:
            p.ending = Fate.FALSE
            ended[n] = row
            n += 1
    by_age(d, ended, n)
    for row in ended[:n]:
        end_case(d, row, d.problems[row].ending, False)


@compiled
def closed_falsely(d: District, row: int) -> bool:
    """Each month a case is overdue, it may be closed on paper."""
    p, day = d.problems[row], d.now[0].day
    d.now[0].who, d.now[0].row = Class.PROBLEM, row
    weight = d.desks[d.structure.desk_of_site[site_of(d, p)]].residents_weight
    chance = d.rules.false_close_chance(weight, d.scenario[0].audit)
    if luck_of_turn(d, Purpose.FALSE_CLOSE, row, (day - p.voiced) // MONTH) < chance:
        p.measured = True
        return True
    later(d.calendar, Due.OVERDUE, day + MONTH, row)
    return False


@entry
def end_case(d: District, row: int, fate: int, solved: bool) -> None:
    """A voiced case ends: its resident learns from it, and under two-way assessment is called back."""
    p, now, sc = d.problems[row], d.now[0], d.scenario[0]
    fast, today = solved and now.day - p.voiced <= sc.case_due, d.days[now.day]
    settle(d, row, fate)
    learn_from_case(d, row, solved, fast)
    today.satisfaction += p.satisfaction * p.reasonable
    today.ended += p.reasonable
    site = site_of(d, p)
    if d.powers[0].rho > 0:
        ask_desk(d, site, Act.CALLBACK, sc.h_callback * d.powers[0].rho, p.luck)
    score(d, site, RESIDENTS, fast)
    score(d, site, SOLVED, solved)


@compiled
def end_cases(d: District, rows: Ints, fate: int) -> None:
    """Open cases among these end unsolved, the oldest first."""
    by_age(d, rows, len(rows))
    for row in rows:
        if d.problems[row].fate == Fate.OPEN:
            end_case(d, row, fate, False)
