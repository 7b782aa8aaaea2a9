"""Patrols (网格巡查): cadres among residents notice needs that nobody has voiced."""

from __future__ import annotations

from math import exp

from agents.cadre import PATROL
from agents.calendar import Due, later
from agents.compiled import District, compiled, entry
from agents.lists import append
from agents.work import WEEK, Fate

from .luck import Purpose, luck_of_turn


@entry
def notice_needs(d: District) -> None:
    """Of the needs looked at this week and not voiced, cadres notice some in their grids."""
    if d.powers[0].patrol <= 0:
        return
    week = d.now[0].day // WEEK
    for row in d.looked_at.values[:d.looked_at.count[0]]:
        if d.problems[row].fate == Fate.LATENT and luck_of_turn(d, Purpose.FIND, row, week) < chance_to_find(d, row):
            open_found(d, row)


@compiled
def chance_to_find(d: District, row: int) -> float:
    """Chance a week, from the hours the grid's cadre patrolled yesterday."""
    sc, who = d.scenario[0], d.problems[row].resident
    grid = who % sc.residents * sc.cadres // sc.residents
    return 1 - exp(-sc.find * d.cadres[d.problems[row].street * sc.cadres + grid].overhead[PATROL])


@compiled
def open_found(d: District, row: int) -> None:
    """A need found is a case like others, but no call."""
    p, now, sc = d.problems[row], d.now[0], d.scenario[0]
    p.fate, p.voiced = Fate.OPEN, now.day
    now.open_cases += 1
    append(d.new_cases, row)
    later(d.calendar, Due.OVERDUE, now.day + sc.case_due + 1, row)
    later(d.calendar, Due.PLATFORM, now.day + 2 * sc.case_due + 1, row)
