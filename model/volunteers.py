"""Residents volunteer, called on by cadres' outreach (动员群众); they take over part of the plain cases."""

from __future__ import annotations

from agents.compiled import District, compiled
from agents.resident import mean_trust
from agents.work import MONTH, WEEK, Class

VOLUNTEER_WEEK = 2.0
"""Hours a volunteer gives a week at most (assumption)."""
SAVED = 0.3
"""Casework hours a volunteer hour saves (assumption)."""
PLAIN_CASE = 0.5
"""Tacitness up to which volunteers can help (assumption)."""
CALL_COST = 0.1
"""Outreach hours a volunteer hour costs (assumption)."""


@compiled
def call_volunteers(d: District) -> None:
    """The week's volunteer hours of every street, in expectation, within residents' civic hours."""
    sc = d.scenario[0]
    for s in range(sc.streets):
        place, outreach, ties = d.streets[s], 0.0, 0.0
        for k in range(s * sc.cadres, (s + 1) * sc.cadres):
            outreach += d.cadres[k].outreach_last
            ties += d.cadres[k].ties
        d.now[0].who, d.now[0].row = Class.STREET, s
        call = d.rules.call_of(outreach, sc.h_outreach * sc.cadres)
        share = d.rules.volunteers(mean_trust(d, s), ties / sc.cadres, call)
        free = max(place.budget - place.civic, 0.0) / sc.residents * WEEK / MONTH
        place.volunteer_hours, place.volunteers_used = sc.residents * share * min(VOLUNTEER_WEEK, free), 0.0


@compiled
def spread_help(d: District) -> None:
    """What is left of the week's volunteer hours is spread over its days."""
    days = WEEK - d.now[0].day % WEEK
    for place in d.streets:
        place.help_today = SAVED * (place.volunteer_hours - place.volunteers_used) / days


@compiled
def help_with(d: District, row: int, hours: float) -> float:
    """Volunteers take over part of a plain case; returns the hours left to cadres."""
    p, sc = d.problems[row], d.scenario[0]
    place = d.streets[p.street]
    if p.tacit > PLAIN_CASE or place.volunteer_hours <= 0:
        return hours
    saved = min(max(place.help_today, 0.0), hours)
    used = saved / SAVED
    place.help_today -= saved
    place.volunteers_used += used
    place.civic += used
    d.days[d.now[0].day].volunteer_hours += used
    for k in range(p.street * sc.cadres, (p.street + 1) * sc.cadres):
        d.cadres[k].outreach_due += used * CALL_COST / sc.cadres
    return hours - saved
