"""What is to be looked at on a later day: rows noted for a day and a purpose, in the order they were noted.

They lie on slips of some rows each, one after another: a chain of single rows would be read one line of memory a row.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated

import numpy as np

from .compiled import Ints, IntTable, Owner, Table, columns, compiled, entry, record, scratch, table, table_of

Due = IntEnum("Due", "LOOK EXPIRE OVERDUE PLATFORM BEGIN LAPSE JOB PROBLEM IDEA EMERGENCY RAID", start=0)
"""What rows are noted for."""


ROWS = 15
"""Rows on a slip, which with the number of the next one is a line of memory."""
SLIP = record(rows=("i4", (ROWS,)), next="i4")
HEAD = record(**columns("free used", "i8"))


class Calendar(Owner):
    """Chains of slips, one a day and purpose; a slip that was read is used again."""

    first: IntTable
    """Days × purposes, −1 empty; so is `last`."""
    last: IntTable
    count: IntTable
    """Likewise: how many rows there are."""
    slips: Annotated[Table, table_of(SLIP)]
    head: Annotated[Table, table_of(HEAD)]

    def in_use(self) -> dict[str, int]:
        """See `Owner`."""
        return {"slips": int(self.head[0].used)}


def new_calendar(days: int, room: int) -> Calendar:
    """An empty calendar for so many days, and so many rows at once."""
    head = table(1, HEAD)
    head.free = -1
    shape = days, len(Due)
    slips = room // ROWS + days * len(Due)  # of every chain the last one may be nearly empty
    return Calendar(first=np.full(shape, -1, np.int64), last=np.full(shape, -1, np.int64),
                    count=np.zeros(shape, np.int64), slips=scratch(slips, SLIP), head=head)


@entry
def later(calendar: Calendar, what: int, day: int, row: int) -> None:
    """Note a row for a day; what lies behind the end of the run is forgotten."""
    if day >= len(calendar.first):
        return
    n = calendar.count[day, what]
    if n % ROWS == 0:
        begin_slip(calendar, what, day)
    calendar.slips[calendar.last[day, what]].rows[n % ROWS] = row
    calendar.count[day, what] = n + 1


@compiled
def begin_slip(calendar: Calendar, what: int, day: int) -> None:
    """Put an empty slip behind those of a day and purpose."""
    head = calendar.head[0]
    i = head.free
    if i >= 0:
        head.free = calendar.slips[i].next
    else:
        i = head.used
        head.used += 1
    calendar.slips[i].rows[:] = -1
    calendar.slips[i].next = -1
    if calendar.count[day, what] == 0:
        calendar.first[day, what] = i
    else:
        calendar.slips[calendar.last[day, what]].next = i
    calendar.last[day, what] = i


@compiled
def take(calendar: Calendar, what: int, day: int) -> Ints:
    """Rows noted for a day, forgotten now."""
    first, head, n = calendar.first[day, what], calendar.head[0], calendar.count[day, what]
    rows, i = np.empty(n, np.int64), first
    for k in range(n):
        rows[k] = calendar.slips[i].rows[k % ROWS]
        if k % ROWS == ROWS - 1:
            i = calendar.slips[i].next
    if n:
        calendar.slips[calendar.last[day, what]].next = head.free
        head.free = first
        calendar.first[day, what] = -1
        calendar.count[day, what] = 0
    return rows
