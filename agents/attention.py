"""The budget of a day: hours split over kinds of work; what is not needed is idle, and nothing can be overspent."""

from __future__ import annotations

import numpy as np


def between(values, low, high):
    """Values held between two bounds; `np.clip`, but three times as fast on the short arrays of a day."""
    return np.minimum(np.maximum(values, low), high)


def begins(ordered):
    """Where each value of a sorted column begins."""
    out = np.empty(len(ordered), bool)
    out[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=out[1:])
    return out


def distinct(values):
    """Values of a short column once each, in order; `np.unique`, but several times as fast."""
    ordered = np.sort(values)
    return ordered[begins(ordered)]


def firsts(values):
    """`distinct` values, and where each stands first in the column."""
    order = values.argsort(kind="stable")
    ordered = values[order]
    new = begins(ordered)
    return ordered[new], order[new]


def water_fill(pull, backlog, hours):
    """Share hours in proportion to pull; what one kind cannot use goes to the others, in the same proportion.

    Args:
        pull: agents × kinds, ≥ 0.
        backlog: agents × kinds, hours that wait.
        hours: one an agent.

    Returns:
        agents × kinds hours, each ≤ its backlog, each row's sum ≤ hours. Kinds without pull get what others leave.
    """
    given, room, left = 0.0, backlog, hours
    pull, opened = np.maximum(pull, 1e-12), room > 0
    number = np.count_nonzero(opened)
    for _ in range(backlog.shape[1]):
        pull = pull * opened
        share = pull * (left / np.maximum(np.add.reduce(pull, axis=1), 1e-300))[:, None]
        take = np.minimum(share, room)
        given, room = given + take, room - take
        opened = room > 0
        before, number = number, np.count_nonzero(opened)
        if number == before:
            break
        left = left - np.add.reduce(take, axis=1)
    return given


def in_order(pull, backlog, hours):
    """Serve what pulls most until it is done or the hours are over, then the next; shapes as in `water_fill`."""
    order = np.argsort(-pull, axis=1, kind="stable")
    waiting = np.take_along_axis(backlog, order, axis=1)
    before = np.cumsum(waiting, axis=1) - waiting
    given = np.empty_like(waiting)
    np.put_along_axis(given, order, between(hours[:, None] - before, 0.0, waiting), axis=1)
    return given
