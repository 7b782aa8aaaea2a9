"""Residents, in grids of one cadre each. A resident's record, what they do in a day, and the Mesa agent.

Trust relaxes to a level of its street. It is kept as a distance from that level, scaled back to day 0, so that it moves
in closed form and nobody is touched between events.
"""

from __future__ import annotations

import numpy as np

from .calendar import Due, later
from .compiled import District, Ints, columns, compiled, entry, record
from .lists import append, sort_by
from .people import Person
from .work import MONTH, NEVER, Class, Fate

FADE = 0.998
"""A day's share of the distance between trust and where it rests that remains (assumption)."""
NEIGHBOURS = 4
"""Neighbours who hear what became of a case, at most (assumption)."""
ITEM_CIVIC, ITEM_TRUST = 0.02, 0.001
"""What a fresh data item costs the household asked: civic hours, trust (assumption)."""

RESIDENT = record(street="i2", civic_month="i2", grid="i4", distance="f8",
                  **columns("expectation civic_used civic", "f4"), knows="?")
"""A resident. grid: row of its cadre; civic_month, civic_used: the month in which civic hours were last used, and how
many, with those owed from before; civic: hours a month; distance: of trust from the street's level, at the scale of day
0; expectation: of an answer; knows: of the cheaper channel, where there is one. 32 bytes. Code reads what is kept in
single precision as `float(…)`, without which uncompiled it would also reckon in it."""


# --- a resident's day -----------------------------------------------------------------------------------------------


@entry
def act(d: District, who: int) -> None:
    """Look at one's unvoiced needs, those that are looked at today."""
    for row in d.looked_at.values[:d.looked_at.count[0]]:
        if d.problems[row].resident == who:
            look(d, row)


@compiled
def look(d: District, row: int) -> None:
    """Voice a need if it seems worth it and there are hours left. What a log says was voiced, is, the first time."""
    p, sc, now = d.problems[row], d.scenario[0], d.now[0]
    if p.fate != Fate.LATENT:
        return
    now.who, now.row = Class.RESIDENT, p.resident
    d.days[now.day].looks += 1
    person = d.residents[p.resident]
    cost = sc.voice_cost * (d.powers[0].contact if person.knows else 1.0)
    certain = p.voice_luck < 0 and p.calls == 0
    luck = p.luck if p.voice_luck < 0 else p.voice_luck
    if certain or luck < d.rules.voice_chance(p.severity, float(person.expectation), cost, sc.voice_steep):
        if certain or civic_left(d, p.resident) > 0:
            spend_civic(d, p.resident, sc.h_voice)
            open_case(d, row, True)
        else:
            d.days[now.day].hindered += 1


@compiled
def open_case(d: District, row: int, called: bool) -> None:
    """A need becomes a case, by a call or found; one that was closed unsolved one again, by the papers a new one."""
    p, sc, now = d.problems[row], d.scenario[0], d.now[0]
    p.fate, p.called, p.measured, p.before = Fate.OPEN, now.day, False, p.given
    p.calls += 1
    now.open_cases += 1
    d.streets[p.street].voiced += called
    d.days[now.day].voiced += called
    append(d.new_cases, row)
    if p.calls > 1:
        d.days[now.day].repeats += called
        d.died[row] = NEVER
    else:
        p.voiced = now.day
        later(d.calendar, Due.OVERDUE, now.day + sc.case_due + 1, row)
        later(d.calendar, Due.PLATFORM, now.day + 2 * sc.case_due + 1, row)


@compiled
def waits_since(d: District, row: int, what: int, days: int) -> bool:
    """Whether a case has been open for so many days; if not, or if it is closed on paper, it is looked at again.

    A need is noted once for each purpose, however often it is voiced.
    """
    p, day = d.problems[row], d.now[0].day
    if p.fate == Fate.OPEN and day >= p.called + days:
        return True
    if p.fate == Fate.OPEN:
        later(d.calendar, what, p.called + days, row)
    elif p.fate == Fate.LATENT:
        later(d.calendar, what, day + days, row)  # the soonest it may have been open for so long
    return False


@compiled
def by_age(d: District, rows: Ints, number: int) -> None:
    """Order needs as their residents remember them: the oldest first, then by luck."""
    keys = np.empty(number)
    for k in range(number):
        keys[k] = d.problems[rows[k]].born + d.problems[rows[k]].luck
    sort_by(keys, rows, number)


# --- trust, expectation, civic hours --------------------------------------------------------------------------------


@entry
def trust_of(d: District, who: int) -> float:
    """Trust today, 0–1."""
    person = d.residents[who]
    return d.streets[person.street].level + person.distance * d.now[0].scale


@entry
def set_trust(d: District, who: int, value: float) -> None:
    """Set trust, and the sum of its street."""
    person = d.residents[who]
    place = d.streets[person.street]
    distance = (value - place.level) / d.now[0].scale
    place.distance += distance - person.distance
    person.distance = distance


@entry
def set_expectation(d: District, who: int, value: float) -> None:
    """Set expectation, and the sum of its street."""
    person = d.residents[who]
    d.streets[person.street].expectation += value - float(person.expectation)
    person.expectation = value


@compiled
def mean_trust(d: District, street: int) -> float:
    """Mean trust of a street, without touching anybody."""
    place = d.streets[street]
    return place.level + place.distance / place.residents * d.now[0].scale


@compiled
def civic_left(d: District, who: int) -> float:
    """Civic hours left this month; below 0, owed: with any left one may begin, and what goes beyond is carried over."""
    return float(d.residents[who].civic) - civic_used(d, who)


@compiled
def civic_used(d: District, who: int) -> float:
    """Civic hours used this month, with those owed from before."""
    person = d.residents[who]
    months = d.now[0].day // MONTH - person.civic_month
    return max(float(person.civic_used) - months * float(person.civic), 0.0) if months else float(person.civic_used)


@compiled
def spend_civic(d: District, who: int, hours: float) -> None:
    """Charge civic hours."""
    person = d.residents[who]
    person.civic_used = civic_used(d, who) + hours
    person.civic_month = d.now[0].day // MONTH
    d.streets[person.street].civic += hours


@compiled
def answer_for_data(d: District, who: int, items: int) -> None:
    """A household is asked for data: it costs time, and a little trust."""
    spend_civic(d, who, ITEM_CIVIC * items)
    set_trust(d, who, min(max(trust_of(d, who) - ITEM_TRUST * items, 0.0), 1.0))


@compiled
def learn_from_case(d: District, row: int, solved: bool, luck: float) -> None:
    """A case has ended: what its resident makes of it, and what they and four neighbours expect from now on."""
    p, rules, now, sc = d.problems[row], d.rules, d.now[0], d.scenario[0]
    now.who, now.row = Class.RESIDENT, p.resident
    hours = p.given - p.before + d.powers[0].centre_hours + (sc.h_callback if d.powers[0].call_back else 0.0)
    worth = rules.answer_worth(solved, float(now.day - p.voiced), float(sc.case_due), hours, sc.courtesy)
    expectation = float(d.residents[p.resident].expectation)
    chance = rules.satisfied_chance(worth, expectation, sc.tolerance, sc.doubt)
    p.satisfaction = 1.0 if luck < chance else 0.0
    set_trust(d, p.resident, rules.learn_trust(trust_of(d, p.resident), p.satisfaction))
    set_expectation(d, p.resident, rules.learn_expectation(expectation, worth, sc.learn_own))
    for k in range(neighbours(d, p.resident)):
        other = neighbour(d, p.resident, k)
        expectation = float(d.residents[other].expectation)
        set_expectation(d, other, rules.learn_expectation(expectation, worth, sc.learn_near))


@compiled
def neighbours(d: District, who: int) -> int:
    """How many neighbours a resident has, four at most."""
    return min(NEIGHBOURS, d.cadres[d.residents[who].grid].residents - 1)


@compiled
def neighbour(d: District, who: int, k: int) -> int:
    """A resident's k-th neighbour: the grid is a ring, and they live next to or next but one to each other."""
    grid, step = d.cadres[d.residents[who].grid], k // 2 + 1
    return grid.first_resident + (who - grid.first_resident + (step if k % 2 == 0 else -step)) % grid.residents


@compiled
def relax(d: District, street: int) -> None:
    """A day passes: trust moves towards where the cadres' motivation lets it rest."""
    place, motivation = d.streets[street], 0.0
    for k in range(place.first_cadre, place.first_cadre + place.cadres):
        motivation += d.cadres[k].motivation
    d.now[0].who, d.now[0].row = Class.STREET, street
    rest = d.rules.resting_trust(motivation / place.cadres)
    place.level = rest + (place.level - rest) * FADE


# --- the agent ------------------------------------------------------------------------------------------------------


class Resident(Person):
    """A resident of a street."""

    TABLE = "residents"
    ACT = staticmethod(act)

    @property
    def street(self) -> int:
        """Number of the street."""
        return int(self.row["street"])

    @property
    def grid(self) -> int:
        """Number of the grid, which is its cadre's number within the street."""
        return int(self.row["grid"]) - int(self.model.streets.first_cadre[self.street])

    @property
    def trust(self) -> float:
        """Trust today, 0–1; can be set."""
        return trust_of(self.district.handle, self.index)

    @trust.setter
    def trust(self, value: float) -> None:
        set_trust(self.district.handle, self.index, _share("trust", value))

    @property
    def expectation(self) -> float:
        """Expectation of an answer in time, 0–1; can be set."""
        return float(self.row["expectation"])

    @expectation.setter
    def expectation(self, value: float) -> None:
        set_expectation(self.district.handle, self.index, _share("expectation", value))

    @property
    def ties(self) -> float:
        """Ties of the grid, 0–1."""
        return float(self.model.cadres.ties[self.row["grid"]])

    @property
    def open_problems(self) -> list[int]:
        """Problems voiced or not that are not settled (rows of the model's problems)."""
        return self.model.open_problems_of(self.index)


def _share(name: str, value: float) -> float:
    if not 0 <= value <= 1:
        raise ValueError(f"{name} of a resident lies between 0 and 1, not {value!r}")
    return float(value)
