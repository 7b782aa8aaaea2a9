"""Residents called on (动员群众) by cadres' outreach pass on neighbours' needs, and help with plain cases.

All of it comes out of their own civic hours.
"""

from __future__ import annotations

from agents.compiled import District, compiled
from agents.places import Street
from agents.resident import (
    civic_left,
    mean_trust,
    neighbour,
    neighbours,
    open_case,
    spend_civic,
)
from agents.work import MONTH, WEEK, Class

from .luck import Purpose, luck_of_turn

PLAIN_CASE = 0.5
"""Tacitness up to which volunteers can help (assumption)."""
SIGNING = 0.1
"""Civic hours it takes to sign a petition (assumption)."""


@compiled
def call_volunteers(d: District) -> None:
    """The share of every street's residents who are called on this week, and the hours they would have, on average."""
    sc = d.scenario[0]
    for s in range(sc.streets):
        place, outreach, ties = d.streets[s], 0.0, 0.0
        for k in range(place.first_cadre, place.first_cadre + place.cadres):
            outreach += d.cadres[k].outreach_last
            ties += d.cadres[k].ties
        d.now[0].who, d.now[0].row = Class.STREET, s
        call = d.rules.call_of(outreach, sc.h_outreach * place.cadres)
        place.called_on = d.rules.volunteers(mean_trust(d, s), ties / place.cadres, call)
        place.volunteer_hours = place.called_on * max(place.budget - place.civic, 0.0) * WEEK / MONTH
        place.volunteers_used = 0.0


@compiled
def passed_on(d: District, row: int) -> bool:
    """Whether a neighbour with hours left voices a need that its resident does not."""
    p, sc = d.problems[row], d.scenario[0]
    place = d.streets[p.street]
    if place.volunteer_hours - place.volunteers_used < sc.h_voice:
        return False
    n = neighbours(d, p.resident)
    if n == 0:
        return False
    d.now[0].who, d.now[0].row = Class.PROBLEM, row
    age = d.now[0].day - p.born
    if luck_of_turn(d, Purpose.PASS_ON, row, age) >= d.rules.pass_on_chance(place.called_on, sc.inform):
        return False
    helper = neighbour(d, p.resident, int(luck_of_turn(d, Purpose.HELPER, row, age) * n))
    if civic_left(d, helper) <= 0:
        return False
    give(d, place, helper, sc.h_voice)
    d.days[d.now[0].day].passed_on += 1
    open_case(d, row, True)
    return True


@compiled
def give(d: District, place: Street, who: int, hours: float) -> None:
    """A resident gives hours as a volunteer, which costs cadres some outreach."""
    sc = d.scenario[0]
    spend_civic(d, who, hours)
    place.volunteers_used += hours
    d.days[d.now[0].day].volunteer_hours += hours
    for k in range(place.first_cadre, place.first_cadre + place.cadres):
        d.cadres[k].outreach_due += hours * sc.call_cost / place.cadres


@compiled
def spread_help(d: District) -> None:
    """What is left of the week's volunteer hours is spread over its days."""
    days = WEEK - d.now[0].day % WEEK
    for place in d.streets:
        place.help_today = max(place.volunteer_hours - place.volunteers_used, 0.0) / days


@compiled
def help_with(d: District, row: int, hours: float) -> float:
    """Neighbours take over part of a plain case, more an hour the better they know each other; returns what is left."""
    p = d.problems[row]
    place, skill = d.streets[p.street], d.scenario[0].volunteer_skill * d.cadres[d.residents[p.resident].grid].ties
    if p.tacit > PLAIN_CASE or place.help_today <= 0 or skill <= 0:
        return hours
    for k in range(neighbours(d, p.resident)):
        helper = neighbour(d, p.resident, k)
        used = min(place.help_today, hours / skill, civic_left(d, helper))
        if used > 0:
            give(d, place, helper, used)
            place.help_today -= used
            p.given += used
            hours -= used * skill
    return max(hours, 0.0)


@compiled
def sign(d: District, cadre: int) -> bool:
    """Residents of a cadre's grid with hours left sign a petition; whether there are any."""
    signed, grid = False, d.cadres[cadre]
    for who in range(grid.first_resident, grid.first_resident + grid.residents):
        if civic_left(d, who) > 0:
            spend_civic(d, who, SIGNING)
            signed = True
    return signed
