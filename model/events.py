"""What somebody makes happen in a run: emergencies, whistles, central works, inspections."""

from __future__ import annotations

import numpy as np

from agents.calendar import Due, later
from agents.things import INJECTED
from agents.work import NEVER
from languages.text import Text, _

from .district import NOTES_TO_SPARE
from .errors import InputError
from .run import Run
from .world import SPARE

TABLE_OF = {"emergency": ("emergencies", Due.EMERGENCY), "whistle": ("problems", Due.PROBLEM),
            "central_work": ("ideas", Due.IDEA)}


def inject(m: Run, kind: str, street: int, domain: int, day: int) -> None:
    """Make something happen; its luck was drawn beforehand, so both sides of a comparison get the same.

    emergency: on a street. whistle: a case only departments can solve, voiced at once. central_work: a central idea.
    inspection: every live copy on the street is inspected. Streets and domains count from 0.
    """
    if kind not in (*TABLE_OF, "inspection"):
        raise InputError(_("unknown event {kind!r}; known: emergency, inspection, whistle, central_work", kind=kind))
    if not m.day <= day < m.scenario.burn_in + m.scenario.days:
        first, last = m.day - m.scenario.burn_in, m.scenario.days - 1
        raise InputError(_("event {kind} on day {day}: give a day from {first} to {last}",
                           kind=kind, day=day - m.scenario.burn_in, first=first, last=last))
    m.scenario.check_place(street, domain, day - m.scenario.burn_in)
    if kind == "inspection":
        _count_raids(m)
        later(m.district.calendar.handle, Due.RAID, day, street)
        return
    table, due = getattr(m, TABLE_OF[kind][0]), TABLE_OF[kind][1]
    spare = np.flatnonzero(table.born == NEVER)
    spare = spare[spare < m.district.at[0].arrivals] if kind == "whistle" else spare
    if not len(spare):
        raise InputError(_too_many(kind, SPARE))
    row = spare[0]
    _make(m, kind, table[row], row, street, domain)
    table.born[row] = day
    later(m.district.calendar.handle, due, day, row)


def _count_raids(m: Run) -> None:
    """Compiled notes have room for so many."""
    if m.district.calendar.count[:, Due.RAID].sum() >= NOTES_TO_SPARE:
        raise InputError(_too_many("inspection", NOTES_TO_SPARE))


def _too_many(kind: str, most: int) -> Text:
    return _("no more than {most} events of kind {kind!r} fit into one run; use fewer", most=most, kind=kind)


def _make(m: Run, kind: str, thing: np.record, row: int, street: int, domain: int) -> None:
    """Turn a row kept ready into what was asked for."""
    if kind == "whistle":
        before, here = m.streets[thing.street], m.streets[street]
        within = (thing.resident - before.first_resident) * here.residents // before.residents
        thing.street, thing.resident = street, here.first_resident + within
        thing.authority, thing.reasonable, thing.voice_luck = True, True, INJECTED
        thing.domains, thing.parts = (domain, -1, -1), 1
        hours = thing.hours + m.scenario.spot  # or half of them would be so small that the counter settles them
        thing.severity *= (hours / thing.hours)**m.scenario.severity_effort
        thing.hours = hours
    elif kind == "emergency":
        thing.street = street
    else:
        thing.domain, thing.central, thing.rank = domain, True, row - len(m.ideas)
        m.copies.domain[row * m.scenario.streets:(row + 1) * m.scenario.streets] = domain
