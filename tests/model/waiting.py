"""What waits in queues and on calendars, as tests read it."""

import numpy as np

from agents.calendar import Due
from agents.queues import ENOUGH


def in_queues(queues):
    """Work as it was arranged last, queue by queue in order of service; what was finished since is still there."""
    return queues.work[np.concatenate([np.arange(a, b) for a, b in zip(queues.start, queues.stop, strict=True)])]


def waiting(queues):
    """Unfinished work in queues, and what was put in since they were arranged."""
    rows = np.concatenate((in_queues(queues), queues.fresh[:queues.head[0].fresh])).view(np.recarray)
    return rows[rows.left > ENOUGH]


def chain_of(calendar, place):
    """Rows of the notes that begin at a place."""
    while place >= 0:
        yield int(calendar.notes.row[place])
        place = calendar.notes.next[place]


def noted(calendar, what: Due, first: int):
    """Rows noted for a purpose, from a day on."""
    return np.array([row for place in calendar.first[first:, what] for row in chain_of(calendar, place)], int)
