"""What a day's picture of one side shows, read from the model's tables by compiled code: a byte a place.

`page.year.FIELDS` says what each field means. Nothing here changes a number of the model.
"""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np

from agents.cadre import CASEWORK, COORDINATE, EXECUTE, INSPECTION, OUTREACH, PAPERWORK, PATROL, POLISH, RATING
from agents.compiled import Days, District, Floats, Ints, Kind, compiled, entry
from agents.department import RESPOND, SUPERVISE
from agents.queues import Queues
from agents.work import Course, Fate
from model.governance import GovernanceModel
from model.scenario import Scenario
from model.world import SPARE

Bytes = Annotated[Any, Kind(np.dtype("u1"))]
MOST, PERCENT = 255, 99
QUARTERS = 32
"""Quarters of an hour in a paid day."""
LOOK = 2
"""Grows when something is looked at otherwise, so that years made before are made anew."""
BY_DEPARTMENT = ("dep_core", "dep_wait", "dep_respond", "dep_paper")
BY_STREET = ("asked", "answered")
BY_CADRE = ("cadre_paper", "cadre_directives", "cadre_residents", "grid_open", "grid_latent", "grid_trust")
FIELDS = (*BY_DEPARTMENT, "leader_load", *BY_STREET, *BY_CADRE)
"""In the order they are written."""


def sizes(sc: Scenario) -> dict[str, int]:
    """How many places each field has."""
    number = {**dict.fromkeys(BY_DEPARTMENT, sc.departments), **dict.fromkeys(BY_STREET, sc.streets),
              **dict.fromkeys(BY_CADRE, sum(sc.by_street("cadres"))), "leader_load": sc.streets + 2}
    return {name: number[name] for name in FIELDS}


class Eye:
    """Looks at one side, every evening."""

    def __init__(self, m: GovernanceModel) -> None:
        self._m = m
        self._room = np.zeros(max(m.scenario.departments, len(m.cadres)) + 1)
        self._first = np.zeros(3, np.int64)
        self.places, self.width = {}, 0
        """By field: where it begins, and how many places it has."""
        for name, count in sizes(m.scenario).items():
            self.places[name] = self.width, count
            self.width += count

    @property
    def lay(self) -> dict[str, Any]:
        """How many there are, and where each field lies."""
        sc = self._m.scenario
        return {"fields": [[name, *place] for name, place in self.places.items()], "streets": sc.streets,
                "departments": sc.departments, "cadres": list(sc.by_street("cadres"))}

    def look(self, out: np.ndarray) -> None:
        """Write today's picture.

        Raises:
            RuleError: a rule of one's own fails in it.
        """
        with self._m.watch:
            look(self._m.district.handle, self._room, self._first, out)


@entry
def look(d: District, hours: Floats, first: Ints, out: Bytes) -> None:
    """Write one side's picture; hours: room to reckon in.

    first: the first need and the first idea that are still to be looked at, and that idea as it may be tomorrow.
    """
    at = look_at_departments(d, hours, out, 0)
    for led in d.leaders:
        out[at] = percent((led.given[0] + led.given[1] + led.given[2]) / max(led.hours, 1e-9))
        at += 1
    at = look_at_streets(d, out, at)
    at = look_at_cadres(d, out, at)
    look_at_grids(d, hours, first, out, at)


@compiled
def percent(share: float) -> int:
    """A share as whole per cent, held to 0–99."""
    return min(max(round(100 * share), 0), PERCENT)


@compiled
def quarters(share: float) -> int:
    """A share of a day as per cent, to the quarter of an hour: as fine as a clock is drawn, a third less to send."""
    return percent(round(QUARTERS * share) / QUARTERS)


@compiled
def look_at_departments(d: District, hours: Floats, out: Bytes, at: int) -> int:
    """Quality of core work, days that wait, shares of today's hours; returns where the next field begins."""
    n = len(d.departments)
    add_waiting(d.department_work, d.died, d.now[0].day, hours, n)
    for k in range(n):
        dep = d.departments[k]
        paid = max(dep.hours, 1e-9)
        out[at + k] = percent(dep.core_quality)
        out[at + n + k] = min(round(hours[k] / paid), MOST)
        out[at + 2 * n + k] = percent(dep.given[RESPOND] / paid)
        out[at + 3 * n + k] = percent((dep.given[SUPERVISE] + dep.rated_today + dep.centre_today) / paid)
    return at + 4 * n


@compiled
def add_waiting(q: Queues, died: Days, today: int, hours: Floats, places: int) -> None:
    """Hours that wait at each place, arranged or put in since; what has ended waits no more."""
    head = q.head[0]
    for place in range(places):
        hours[place] = 0.0
    for queue in range(len(q.start)):
        for i in range(q.start[queue], q.stop[queue]):
            if died[q.work[i].thing] >= today:
                hours[queue // head.kinds] += q.work[i].left
    for i in range(head.fresh):
        if died[q.fresh[i].thing] >= today:
            hours[q.fresh[i].queue // head.kinds] += q.fresh[i].left


@compiled
def look_at_streets(d: District, out: Bytes, at: int) -> int:
    """What was asked and answered today."""
    n = len(d.streets)
    for k in range(2 * n):
        out[at + k] = 0
    for note in d.passed[:d.now[0].passed]:
        place = at + street_of(d, note.thing) + (n if note.answered else 0)
        out[place] = min(out[place] + 1, MOST)
    return at + 2 * n


@compiled
def street_of(d: District, thing: int) -> int:
    """The street of a case or a repair."""
    causes = d.at[0].causes
    if thing >= causes:
        return d.causes[thing - causes].street
    return d.problems[thing].street


@compiled
def look_at_cadres(d: District, out: Bytes, at: int) -> int:
    """How the day went: paper, directives, residents."""
    n = len(d.cadres)
    for k in range(n):
        cad = d.cadres[k]
        paid, given, gone = max(cad.hours, 1e-9), cad.given, cad.overhead
        out[at + k] = quarters((given[PAPERWORK] + given[POLISH] + gone[INSPECTION] + gone[RATING]) / paid)
        out[at + n + k] = quarters(given[EXECUTE] / paid)
        out[at + 2 * n + k] = quarters((given[CASEWORK] + given[COORDINATE] + given[OUTREACH] + gone[PATROL]) / paid)
    return at + 3 * n


@compiled
def look_at_grids(d: District, people: Floats, first: Ints, out: Bytes, at: int) -> None:
    """Needs that wait, voiced and not, and trust, in every cadre's grid."""
    n = len(d.cadres)
    trust = np.zeros(n)
    for k in range(n):
        out[at + k] = out[at + n + k] = 0
        people[k] = 0.0
    pass_what_ended(d, first)
    arrivals, streets, day = d.at[0].arrivals, len(d.streets), d.now[0].day
    count_needs(d, first[0], d.drawn.first_problem[day], out, at)
    count_needs(d, arrivals - SPARE, arrivals, out, at)
    count_needs(d, arrivals + first[1] * streets, arrivals + d.drawn.first_idea[day] * streets, out, at)
    count_needs(d, len(d.problems) - SPARE * streets, len(d.problems), out, at)
    for who in range(len(d.residents)):
        grid, me = d.residents[who].grid, d.residents[who]
        people[grid] += 1
        trust[grid] += d.streets[me.street].level + me.distance * d.now[0].scale
    for k in range(n):
        out[at + 2 * n + k] = percent(trust[k] / max(people[k], 1.0))


@compiled
def count_needs(d: District, row: int, end: int, out: Bytes, at: int) -> None:
    """Count the needs of some rows that wait."""
    n = len(d.cadres)
    for p in d.problems[row:end]:
        if waits(p.fate):
            place = at + d.residents[p.resident].grid + (n if p.fate == Fate.LATENT else 0)
            out[place] = min(out[place] + 1, MOST)


@compiled
def waits(fate: int) -> bool:
    """Whether a need waits, voiced or not."""
    return fate == Fate.OPEN or fate == Fate.LATENT


@compiled
def pass_what_ended(d: District, first: Ints) -> None:
    """Go on to the first need that has not ended, and the first idea whose copies, and their trouble, have not.

    Looking at all needs every evening would cost more than the day.
    """
    born, ideas = d.drawn.first_problem[d.now[0].day], d.drawn.first_idea[d.now[0].day]
    while first[0] < born and d.problems[first[0]].fate > Fate.OPEN:
        first[0] += 1
    while first[1] < first[2] and is_over(d, first[1]):  # trouble begins the day after a copy ends
        first[1] += 1
    first[2] = max(first[1], first[2])
    while first[2] < ideas and is_over(d, first[2]):
        first[2] += 1


@compiled
def is_over(d: District, idea: int) -> bool:
    """Whether no copy of an idea lives, and no trouble of theirs waits."""
    streets = len(d.streets)
    row = d.at[0].arrivals + idea * streets
    for p in d.problems[row:row + streets]:
        if waits(p.fate):
            return False
    return d.ideas[idea].alive == 0 and d.ideas[idea].course > Course.WAITING
