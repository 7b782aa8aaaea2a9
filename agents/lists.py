"""Short lists of rows that one phase leaves for another, and the sorts of a day."""

from __future__ import annotations

import numpy as np

from .compiled import Floats, Ints, Owner, compiled, scratch


class Rows(Owner):
    """Row numbers, in the order they were put in."""

    values: Ints
    count: Ints
    """One number: how many there are."""

    def in_use(self) -> dict[str, int]:
        """See `Owner`."""
        return {"values": int(self.count[0])}


def new_rows(room: int) -> Rows:
    """An empty list with room for so many."""
    return Rows(values=scratch(room, np.int64), count=np.zeros(1, np.int64))


@compiled
def append(rows: Rows, row: int) -> None:
    """Put a row behind the others."""
    rows.values[rows.count[0]] = row
    rows.count[0] += 1


@compiled
def empty(rows: Rows) -> Ints:
    """Take all rows out."""
    out = rows.values[:rows.count[0]].copy()
    rows.count[0] = 0
    return out


@compiled
def sort_by(keys: Floats, rows: Ints, number: int) -> None:
    """Sort the first rows by their keys, both in place (Shell 1959; a day's lists are short)."""
    gap = 1
    while gap < number // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(gap, number):
            key, row = keys[i], rows[i]
            j = i - gap
            while j >= 0 and keys[j] > key:
                keys[j + gap], rows[j + gap] = keys[j], rows[j]
                j -= gap
            keys[j + gap], rows[j + gap] = key, row
        gap //= 3


@compiled
def sort(rows: Ints, number: int) -> None:
    """Sort the first rows."""
    sort_by(rows.astype(np.float64), rows, number)


@compiled
def contains(rows: Ints, row: int) -> bool:
    """Whether a row is among these."""
    for other in rows:  # noqa: SIM110 (the compiler has no `any`)
        if other == row:
            return True
    return False
