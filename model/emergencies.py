"""Emergencies: the first hours are decided on the spot, the days after by the district's command."""

from __future__ import annotations

from agents.calendar import Due, take
from agents.compiled import District, compiled
from agents.department import KINDS, RESPOND
from agents.leader import COMMAND, DISTRICT
from agents.queues import Work
from agents.resident import mean_trust
from agents.work import BINDING, NEVER, Act, Class

from .assign import add_to_department
from .luck import Purpose, luck_of

RESPONSE_DAYS = 3
"""Days of district command that decide an emergency after its first hours (assumption)."""
NEAREST = 3
"""Departments an emergency concerns: one and its neighbours (assumption)."""
SUMMONED_HOURS = 2.0
"""Hours each person of a summoned department gives to the street (assumption)."""


@compiled
def begin_emergencies(d: District) -> None:
    """The day's emergencies come, those of three days ago end."""
    day = d.now[0].day
    for row in range(d.drawn.first_emergency[day], d.drawn.first_emergency[day + 1]):
        begin_emergency(d, row)
    for row in take(d.calendar, Due.EMERGENCY, day):
        begin_emergency(d, row)
    for row in range(len(d.emergencies)):
        if d.emergencies[row].until == day:
            days_after(d, row)


@compiled
def begin_emergency(d: District, row: int) -> None:
    """An emergency comes; streets that may summon departments do so at once, the others ask the district's leader."""
    e = d.emergencies[row]
    e.until = d.now[0].day + RESPONSE_DAYS
    e.summoned = 1.0 if d.powers[0].summon else 0.0
    d.now[0].commands += 1


@compiled
def came_today(d: District, row: int) -> bool:
    """Whether an emergency came today."""
    return d.emergencies[row].until == d.now[0].day + RESPONSE_DAYS


@compiled
def hours_to_summon(d: District) -> float:
    """Hours the district's leader needs to summon departments to the emergencies of today."""
    hours = 0.0
    for row in range(len(d.emergencies)):
        if came_today(d, row) and d.emergencies[row].summoned == 0:
            hours += d.scenario[0].h_bind
    return hours


@compiled
def decide_emergencies(d: District) -> None:
    """The first hours of today's emergencies; those whom the leader summons come when there is an hour for it.

    The leader's hours of command are spread over the day, so the first of them has passed with its share of the day.
    """
    now, hour, given = d.now[0], d.scenario[0].h_bind, d.leaders[DISTRICT].given[COMMAND]
    now.summon_hours = 0.0
    for row in range(len(d.emergencies)):
        if came_today(d, row):
            e = d.emergencies[row]
            if e.summoned == 0 and now.summon_hours + hour < given:
                now.summon_hours += hour
                e.summoned = 1 - now.summon_hours / given
            first_hours(d, row)


@compiled
def first_hours(d: District, row: int) -> None:
    """What those on the spot make of it, and whoever comes to help."""
    e, sc, now, rules, ties = d.emergencies[row], d.scenario[0], d.now[0], d.rules, 0.0
    place, free = d.streets[e.street], free_share(d, row)
    for k in range(place.first_cadre, place.first_cadre + place.cadres):
        ties += d.cadres[k].ties
    now.who, now.row = Class.STREET, e.street
    hands = rules.many_hands(place.called_on, place.knowledge, sc.crowd, sc.k_crowd)
    hands += rules.many_hands(e.summoned * sc.reach * free, place.knowledge, sc.summon_gain, sc.k_summon)
    e.first = rules.first_hours(place.knowledge, place.specificity, mean_trust(d, e.street), ties / place.cadres,
                                place.idle, hands)
    if e.summoned > 0:
        for k in range(min(NEAREST, sc.departments)):
            who = nearest(d, row, k)
            add_to_department(d, who, Act.SUMMONED, d.at[0].none, SUMMONED_HOURS * d.departments[who].staff / sc.reach,
                              0, BINDING, 0.0)


@compiled
def nearest(d: District, row: int, k: int) -> int:
    """The k-th of the departments an emergency concerns: neighbours on the ring of domains, from one by luck."""
    return (int(luck_of(d, Purpose.NEAREST, row) * len(d.departments)) + k) % len(d.departments)


@compiled
def free_share(d: District, row: int) -> float:
    """Of the hours that the departments an emergency concerns have in three days, the share not owed to streets."""
    free, number = 0.0, min(NEAREST, len(d.departments))
    for k in range(number):
        who = nearest(d, row, k)
        free += (1 - min(1.0, owed_hours(d, who) / (RESPONSE_DAYS * d.departments[who].hours))) / number
    return free


@compiled
def owed_hours(d: District, department: int) -> float:
    """Hours of binding work for streets that wait at a department now."""
    q, hours = d.department_work, 0.0
    queue = len(KINDS) * department + RESPOND
    for i in range(q.start[queue], q.stop[queue]):
        hours += owed(d, q.work[i])
    for i in range(q.head[0].fresh):
        if q.fresh[i].queue == queue:
            hours += owed(d, q.fresh[i])
    return hours


@compiled
def owed(d: District, w: Work) -> float:
    """Hours left of a piece of work, if it binds and what it is about has not ended and waits for no repair."""
    return w.left if w.priority == BINDING and d.now[0].day < d.died[w.thing] <= NEVER else 0.0


@compiled
def days_after(d: District, row: int) -> None:
    """The command ends; several at once have shared its hours."""
    e, sc, now, quality = d.emergencies[row], d.scenario[0], d.now[0], 0.0
    for dep in d.departments:
        quality += dep.core_quality
    hours = now.command_given / RESPONSE_DAYS / now.commands
    busy = sc.drain * (1 - free_share(d, row))
    now.who, now.row = Class.EMERGENCY, row
    e.success = e.first * d.rules.days_after(hours, quality / len(d.departments), busy)
    now.commands -= 1


@compiled
def note_command(d: District) -> None:
    """Add up the command hours of the last days."""
    now = d.now[0]
    d.days[now.day].command = now.emergency_command
    now.command_given = 0.0
    for day in range(max(now.day - RESPONSE_DAYS + 1, 0), now.day + 1):
        now.command_given += d.days[day].command
