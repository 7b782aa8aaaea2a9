"""What waits in queues and on calendars, as tests read it."""

import numpy as np

from agents.calendar import ROWS, Due
from agents.queues import ENOUGH


def in_queues(queues):
    """Work as it was arranged last, queue by queue in order of service; what was finished since is still there."""
    return queues.work[np.concatenate([np.arange(a, b) for a, b in zip(queues.start, queues.stop, strict=True)])]


def waiting(queues):
    """Unfinished work in queues, and what was put in since they were arranged."""
    rows = np.concatenate((in_queues(queues), queues.fresh[:queues.head[0].fresh])).view(np.recarray)
    return rows[rows.left > ENOUGH]


def chain_of(calendar, day, what):
    """Rows noted for a day and a purpose."""
    place = calendar.first[day, what]
    for k in range(calendar.count[day, what]):
        yield int(calendar.slips.rows[place, k % ROWS])
        place = calendar.slips.next[place] if k % ROWS == ROWS - 1 else place


def noted(calendar, what: Due, first: int):
    """Rows noted for a purpose, from a day on."""
    return np.array([row for day in range(first, len(calendar.first)) for row in chain_of(calendar, day, what)], int)
