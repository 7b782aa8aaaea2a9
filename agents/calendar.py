"""What is to be looked at on a later day: rows noted for a day and a purpose, in the order they were noted."""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated

import numpy as np

from .compiled import Ints, IntTable, Owner, Table, columns, compiled, entry, record, scratch, table, table_of


class Due(IntEnum):
    """What rows are noted for."""

    LOOK = 0
    EXPIRE = 1
    OVERDUE = 2
    PLATFORM = 3
    BEGIN = 4
    LAPSE = 5
    JOB = 6
    PROBLEM = 7
    IDEA = 8
    EMERGENCY = 9
    RAID = 10


NOTE = record(row="i4", next="i4")
HEAD = record(**columns("free used", "i8"))


class Calendar(Owner):
    """Chains of notes, one a day and purpose; a note that was read is used again."""

    first: IntTable
    """Days × purposes, −1 empty; so is `last`."""
    last: IntTable
    count: IntTable
    """Likewise: how many there are."""
    notes: Annotated[Table, table_of(NOTE)]
    head: Annotated[Table, table_of(HEAD)]

    def in_use(self) -> dict[str, int]:
        """See `Owner`."""
        return {"notes": int(self.head[0].used)}


def new_calendar(days: int, room: int) -> Calendar:
    """An empty calendar for so many days, and so many notes at once."""
    head = table(1, HEAD)
    head.free = -1
    shape = days, len(Due)
    return Calendar(first=np.full(shape, -1, np.int64), last=np.full(shape, -1, np.int64),
                    count=np.zeros(shape, np.int64), notes=scratch(room, NOTE), head=head)


@entry
def later(calendar: Calendar, what: int, day: int, row: int) -> None:
    """Note a row for a day; what lies behind the end of the run is forgotten."""
    if day >= len(calendar.first):
        return
    head = calendar.head[0]
    i = head.free
    if i >= 0:
        head.free = calendar.notes[i].next
    else:
        i = head.used
        head.used += 1
    note = calendar.notes[i]
    note.row, note.next = row, -1
    if calendar.first[day, what] < 0:
        calendar.first[day, what] = i
    else:
        calendar.notes[calendar.last[day, what]].next = i
    calendar.last[day, what] = i
    calendar.count[day, what] += 1


@compiled
def take(calendar: Calendar, what: int, day: int) -> Ints:
    """Rows noted for a day, forgotten now."""
    first, head, n = calendar.first[day, what], calendar.head[0], calendar.count[day, what]
    rows, i = np.empty(n, np.int64), first
    for k in range(n):
        rows[k] = calendar.notes[i].row
        i = calendar.notes[i].next
    if n:
        calendar.notes[calendar.last[day, what]].next = head.free
        head.free = first
        calendar.first[day, what] = -1
        calendar.count[day, what] = 0
    return rows
