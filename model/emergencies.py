"""Emergencies: the first hours are decided on the spot, the days after by the district's command."""

from __future__ import annotations

from agents.calendar import Due, take
from agents.compiled import District, compiled
from agents.resident import mean_trust
from agents.work import Class

RESPONSE_DAYS = 3
"""Days of district command that decide an emergency after its first hours (assumption)."""


@compiled
def begin_emergencies(d: District) -> None:
    """The day's emergencies come, those of three days ago end."""
    day = d.now[0].day
    for row in range(d.drawn.first_emergency[day], d.drawn.first_emergency[day + 1]):
        first_hours(d, row)
    for row in take(d.calendar, Due.EMERGENCY, day):
        first_hours(d, row)
    for row in range(len(d.emergencies)):
        if d.emergencies[row].until == day:
            days_after(d, row)


@compiled
def first_hours(d: District, row: int) -> None:
    """What those on the spot make of it today."""
    e, sc, now, ties = d.emergencies[row], d.scenario[0], d.now[0], 0.0
    place = d.streets[e.street]
    for k in range(e.street * sc.cadres, (e.street + 1) * sc.cadres):
        ties += d.cadres[k].ties
    now.who, now.row = Class.STREET, e.street
    e.first = d.rules.first_hours(place.knowledge, place.specificity, mean_trust(d, e.street), ties / sc.cadres,
                                  place.idle)
    e.until = now.day + RESPONSE_DAYS
    now.commands += 1


@compiled
def days_after(d: District, row: int) -> None:
    """The command ends; several at once have shared its hours."""
    e, now, quality = d.emergencies[row], d.now[0], 0.0
    for dep in d.departments:
        quality += dep.core_quality
    hours = now.command_given / RESPONSE_DAYS / now.commands
    now.who, now.row = Class.EMERGENCY, row
    e.success = e.first * d.rules.days_after(hours, quality / len(d.departments))
    now.commands -= 1


@compiled
def note_command(d: District) -> None:
    """Add up the command hours of the last days."""
    now = d.now[0]
    d.days[now.day].command = now.emergency_command
    now.command_given = 0.0
    for day in range(max(now.day - RESPONSE_DAYS + 1, 0), now.day + 1):
        now.command_given += d.days[day].command
