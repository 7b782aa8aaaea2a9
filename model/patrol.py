"""Patrols (网格巡查): cadres among residents notice needs that nobody has voiced."""

from __future__ import annotations

from math import exp

from agents.cadre import PATROL
from agents.compiled import District, compiled, entry
from agents.resident import open_case
from agents.work import WEEK, Fate

from .luck import Purpose, luck_of_turn


@entry
def notice_needs(d: District) -> None:
    """Of the needs looked at today and not voiced, cadres notice some in their grids."""
    if d.powers[0].patrol <= 0:
        return
    week = d.now[0].day // WEEK
    for row in d.looked_at.values[:d.looked_at.count[0]]:
        if d.problems[row].fate == Fate.LATENT and luck_of_turn(d, Purpose.FIND, row, week) < chance_to_find(d, row):
            open_case(d, row, False)


@compiled
def chance_to_find(d: District, row: int) -> float:
    """Chance a week, from the hours the grid's cadre patrolled yesterday."""
    return 1 - exp(-d.scenario[0].find * d.cadres[d.residents[d.problems[row].resident].grid].overhead[PATROL])
