"""Needs of residents: they arise, and residents are heard."""

from __future__ import annotations

from agents.calendar import Due, later, take
from agents.compiled import District, compiled, entry
from agents.lists import append
from agents.resident import NEIGHBOURS, by_age, look, neighbour, neighbours
from agents.work import WEEK, Fate, Stage

from .assign import settle
from .complaints import complain_above
from .luck import Purpose, luck_of_turn
from .volunteers import call_volunteers, passed_on


@compiled
def begin_needs(d: District) -> None:
    """The day's problems begin."""
    day = d.now[0].day
    for row in range(d.drawn.first_problem[day], d.drawn.first_problem[day + 1]):
        begin(d, row, day)
    for row in take(d.calendar, Due.PROBLEM, day):
        begin(d, row, day)


@compiled
def begin(d: District, row: int, first_look: int) -> None:
    """A problem begins, unless its common cause has been repaired."""
    p, now = d.problems[row], d.now[0]
    today = d.days[now.day]
    p.born, p.fate = now.day, Fate.LATENT
    prevented = p.cause >= 0 and d.causes[p.cause].stage == Stage.REPAIRED
    if p.reasonable or prevented:
        today.need += p.severity
    if prevented:
        settle(d, row, Fate.PREVENTED)
        today.prevented += p.severity
        return
    later(d.calendar, Due.LOOK, first_look, row)
    later(d.calendar, Due.EXPIRE, now.day + p.patience, row)


@entry
def hear_residents(d: District) -> None:
    """Residents look at their unvoiced needs, once a week each; complain above; volunteer."""
    note_who_looks(d)
    for row in d.looked_at.values[:d.looked_at.count[0]]:
        look(d, row)
    hear_the_rest(d)


@entry
def note_who_looks(d: District) -> None:
    """Needs that are looked at today, the oldest of a resident first."""
    rows = take(d.calendar, Due.LOOK, d.now[0].day)
    by_age(d, rows, len(rows))
    d.looked_at.count[0] = 0
    for row in rows:
        append(d.looked_at, row)


@entry
def hear_the_rest(d: District) -> None:
    """What residents do beside looking at their own needs; one not voiced or passed on is looked at in a week again."""
    day = d.now[0].day
    complain_above(d)
    if day % WEEK == 0 and d.powers[0].volunteers:
        call_volunteers(d)
    for row in d.looked_at.values[:d.looked_at.count[0]]:
        p = d.problems[row]
        if p.fate == Fate.LATENT and not passed_on(d, row):
            later(d.calendar, Due.LOOK, day + WEEK, row)
        elif p.fate == Fate.OPEN and d.powers[0].contact < 1:
            tell(d, row)


@compiled
def tell(d: District, row: int) -> None:
    """Who has called knows of the cheaper channel, and may tell their neighbours."""
    p = d.problems[row]
    d.residents[p.resident].knows = True
    for k in range(neighbours(d, p.resident)):
        if luck_of_turn(d, Purpose.TELL, row, NEIGHBOURS * p.calls + k) < d.scenario[0].tell:
            d.residents[neighbour(d, p.resident, k)].knows = True
