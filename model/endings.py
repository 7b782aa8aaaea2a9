"""How cases end: solved, expired, closed on paper; and what residents make of it.

Who is not called back may find a case closed that is not solved: the need is then theirs to voice again.
"""

from __future__ import annotations

import numpy as np

from agents.calendar import Due, later, take
from agents.compiled import District, Ints, compiled, entry
from agents.lists import empty
from agents.places import RESIDENTS, SOLVED
from agents.resident import by_age, learn_from_case, waits_since
from agents.work import MONTH, WEEK, Act, Class, Fate

from .assign import ask_desk, at_counter, is_direct, is_sent_down, score, settle, site_of, solved_as
from .luck import Purpose, luck_of_turn


@entry
def close(d: District) -> None:
    """Close what was worked on, expire what waited too long, close some overdue cases on paper."""
    worked, relieved = empty(d.worked), empty(d.relieved)
    ended, n = np.empty(len(worked) + len(relieved), np.int64), 0
    for row in worked:
        if d.problems[row].fate == Fate.OPEN and finished(d, row):
            ended[n] = row
            n += 1
    for row in relieved:
        d.problems[row].ending = Fate.SERVED
        ended[n] = row
        n += 1
    by_age(d, ended, n)
    for row in ended[:n]:
        p = d.problems[row]
        if p.fate == Fate.OPEN and p.ending == Fate.SERVED:  # a case may be worked off and relieved on one day
            solve(d, row)
        elif p.fate == Fate.OPEN:
            end_case(d, row, Fate.LATENT, False)
    expire(d)


@compiled
def finished(d: District, row: int) -> bool:
    """Whether a case worked off ends today: solved or not, unless a call finds that it is not; then it goes on.

    Those who answer a direct case know less of the place than the street's cadres. What the counter can settle is
    settled.
    """
    p = d.problems[row]
    p.ending = Fate.SERVED
    if at_counter(d, p):
        return True
    d.now[0].who, d.now[0].row = Class.PROBLEM, row
    knowledge = d.desks[d.structure.desk_of_site[site_of(d, p)]].knowledge
    if is_direct(d, row) and not is_sent_down(d, p.domains[0]):
        knowledge *= d.scenario[0].direct_knowledge
    if luck_of_turn(d, Purpose.FIX, row, p.attempt) < d.rules.fix_chance(p.tacit, knowledge):
        return True
    p.ending = Fate.LATENT
    p.attempt += 1
    d.days[d.now[0].day].reopened += 1
    if d.powers[0].call_back:
        call_back(d, row)
        later(d.calendar, Due.BEGIN, d.now[0].day + 1, row)
    return not d.powers[0].call_back


@compiled
def call_back(d: District, row: int) -> None:
    """A resident is asked what became of their case."""
    ask_desk(d, site_of(d, d.problems[row]), Act.CALLBACK, d.scenario[0].h_callback, d.problems[row].luck)


@compiled
def solve(d: District, row: int) -> None:
    """An open case is truly solved."""
    p = d.problems[row]
    d.days[d.now[0].day].solved += p.severity * p.reasonable
    end_case(d, row, solved_as(d, p), True)


@compiled
def expire(d: District) -> None:
    """Needs lapse that waited too long; some overdue cases are closed on paper."""
    day, n = d.now[0].day, 0
    over, overdue = take(d.calendar, Due.EXPIRE, day), take(d.calendar, Due.OVERDUE, day)
    ended = np.empty(len(over) + len(overdue), np.int64)
    for row in over:
        p = d.problems[row]
        if p.fate == Fate.LATENT:
            settle(d, row, Fate.FALSE if p.measured else Fate.EXPIRED)
        elif p.fate == Fate.OPEN:
            p.ending = Fate.EXPIRED
            ended[n] = row
            n += 1
    for row in overdue:
        p = d.problems[row]
        lapses = p.fate == Fate.OPEN and p.ending == Fate.EXPIRED
        if not lapses and waits_since(d, row, Due.OVERDUE, d.scenario[0].case_due + 1) and closed_falsely(d, row):
            p.ending = Fate.LATENT
            ended[n] = row
            n += 1
    by_age(d, ended, n)
    for row in ended[:n]:
        end_case(d, row, d.problems[row].ending, False)


@compiled
def closed_falsely(d: District, row: int) -> bool:
    """Each month a case is overdue, it may be closed on paper, the less the more residents called on watch.

    This stands unless its resident is called back.
    """
    p, day = d.problems[row], d.now[0].day
    d.now[0].who, d.now[0].row = Class.PROBLEM, row
    desk = d.desks[d.structure.desk_of_site[site_of(d, p)]]
    chance = d.rules.false_close_chance(desk.residents_weight, desk.watched) * (1 - d.streets[p.street].called_on)
    later(d.calendar, Due.OVERDUE, day + MONTH, row)
    if luck_of_turn(d, Purpose.FALSE_CLOSE, row, day - p.born) >= chance:
        return False
    if d.powers[0].call_back:
        call_back(d, row)
    return not d.powers[0].call_back


@entry
def end_case(d: District, row: int, fate: int, solved: bool) -> None:
    """A case ends: its resident learns from it, and may be called back. LATENT: it was closed as if it were solved."""
    p, now, sc = d.problems[row], d.now[0], d.scenario[0]
    today = d.days[now.day]
    p.measured = solved or fate == Fate.LATENT
    settle(d, row, fate)
    if fate == Fate.LATENT:
        p.closed = -1
        later(d.calendar, Due.LOOK, now.day + WEEK, row)
    learn_from_case(d, row, solved, luck_of_turn(d, Purpose.SATISFIED, row, p.calls))
    today.satisfaction += p.satisfaction * p.reasonable
    today.ended += p.reasonable
    site = site_of(d, p)
    if d.powers[0].call_back:
        call_back(d, row)
    score(d, site, RESIDENTS, p.measured and now.day - p.called <= sc.case_due)
    score(d, site, SOLVED, solved)


@compiled
def end_cases(d: District, rows: Ints, fate: int) -> None:
    """Open cases among these end unsolved, the oldest first."""
    by_age(d, rows, len(rows))
    for row in rows:
        if d.problems[row].fate == Fate.OPEN:
            end_case(d, row, fate, False)
