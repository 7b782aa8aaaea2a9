"""Waiting work of one kind of worker, served in order of (priority, born, luck) within each queue.

A queue belongs to a place (a desk, a department) and a kind of work; what arrives keeps its site, so that places can
be cut anew. Once a day all queues are arranged in one pass: fresh work is taken in, what is done or has ended leaves.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .compiled import Floats, Ints, Owner, Rules, columns, compiled, entry, record, row_of, scratch, table, table_of

ENOUGH = 1e-7
"""Hours below which work counts as done; far above the rounding of sums."""
LUCK_STEPS = 1 << 28
"""Luck is kept as a whole number, for exact ties."""

WORK = record(**columns("queue thing site luck", "i4"), **columns("act priority born period", "i2"),
              **columns("left given"))
"""A piece of work. thing: what it is about (see `agents.things.AT`); site: street × domain, or department; left: hours
still to be delivered; given: hours delivered today; period: days it may take."""
HEAD = record(**columns("side fresh done kinds", "i8"), trifles="?")
"""side: which half of `work` is in use; fresh, done: how many; kinds: queues a place; trifles: whether anything was put
in that counts as done already."""
Work = row_of(WORK)


class Queues(Owner):
    """All queues of desks, or of departments: queue = place × kinds + kind."""

    head: table_of(HEAD)
    work: table_of(WORK, 2)
    """Two halves: arranging copies the one in use into the other, queue by queue."""
    fresh: table_of(WORK)
    """What was put in since."""
    start: Ints
    stop: Ints
    """Of every queue: where it begins and ends in `work`."""
    ends: Ints
    waiting: Floats
    """Of every queue: hours that waited when it was arranged."""
    pressing: Floats
    """Of every queue: hours-weighted mean urgency."""
    came: Floats
    """Of every queue: hours put in since it was cut."""
    done: Ints
    """Places in `work` of what was finished today."""


def new_queues(places: int, kinds: int, room: int) -> Queues:
    """Empty queues; `room` is how many pieces of work may wait at once."""
    head, n = table(1, HEAD), places * kinds
    head.kinds = kinds
    return Queues(head=head, work=scratch((2, room), WORK), fresh=scratch(room, WORK), start=np.zeros(n, np.int64),
                  stop=np.zeros(n, np.int64), ends=np.zeros(n + 1, np.int64), waiting=np.zeros(n),
                  pressing=np.zeros(n), came=np.zeros(n), done=scratch(room, np.int64))


@entry
def put(q: Queues, today: int, queue: int, act: int, thing: int, site: int, hours: float, period: int,
        priority: int, luck: float) -> None:
    """Put work into a queue; it is taken in when the queues are next arranged."""
    head = q.head[0]
    w = q.fresh[head.fresh]
    head.fresh += 1
    w.queue, w.act, w.thing, w.site, w.left, w.period, w.priority = queue, act, thing, site, hours, period, priority
    w.born, w.luck, w.given = today, int(luck * LUCK_STEPS), 0.0
    q.came[queue] += hours
    if hours <= ENOUGH:
        head.trifles = True


@compiled
def before(w: Work, other: Work) -> bool:
    """Whether work is served before other work of its queue."""
    if w.priority != other.priority:
        return w.priority < other.priority
    if w.born != other.born:
        return w.born < other.born
    return w.luck < other.luck


@compiled
def in_order(q: Queues) -> Ints:
    """Places of fresh work, queue by queue in order of service; where each queue's end goes into `ends`."""
    n, queues = q.head[0].fresh, len(q.start)
    order = np.empty(n, np.int64)
    for queue in range(queues + 1):
        q.ends[queue] = 0
    for i in range(n):
        q.ends[q.fresh[i].queue + 1] += 1
    for queue in range(queues):
        q.ends[queue + 1] += q.ends[queue]
    starts = q.ends[:queues].copy()
    for i in range(n):
        queue = q.fresh[i].queue
        k = q.ends[queue]
        q.ends[queue] += 1
        while k > starts[queue] and before(q.fresh[i], q.fresh[order[k - 1]]):
            order[k] = order[k - 1]
            k -= 1
        order[k] = i
    return order


@entry
def arrange(q: Queues, today: int, died: Ints, rules: Rules) -> None:
    """Take fresh work in, leave out what is done or ended before today; note what waits and how it presses.

    died: by thing, the day it ended.
    """
    head, at, j = q.head[0], 0, 0
    old, new, fresh, order = q.work[head.side], q.work[1 - head.side], q.fresh, in_order(q)
    age, period, urgent = -1, 0, 0.0
    for queue in range(len(q.start)):
        i, stop, end, waiting, pressing = q.start[queue], q.stop[queue], q.ends[queue], 0.0, 0.0
        q.start[queue] = at
        while i < stop or j < end:
            if i < stop and (old[i].left <= ENOUGH or died[old[i].thing] < today):
                i += 1
                continue
            if j < end and (i == stop or before(fresh[order[j]], old[i])):
                new[at] = fresh[order[j]]
                j += 1
            else:
                new[at] = old[i]
                i += 1
            w = new[at]
            at += 1
            w.given = 0.0
            if today - w.born != age or w.period != period:  # often like the piece before
                age, period = today - w.born, w.period
                urgent = rules.urgency(float(age), float(period))
            waiting += w.left
            pressing += urgent * w.left
        q.stop[queue], q.waiting[queue], q.pressing[queue] = at, waiting, pressing / max(waiting, 1e-12)
    head.fresh, head.done, head.side = 0, 0, 1 - head.side


@compiled
def in_use(q: Queues) -> Any:
    """The half of `work` that is in use."""
    return q.work[q.head[0].side]


@entry
def serve(q: Queues, queue: int, hours: float, worth: float, ledger: Floats) -> int:
    """Work hours off in order; paid hours behind them go into the ledger by activity, what is finished into `done`.

    worth: hours delivered an hour paid. Returns the place behind the last piece of work that was touched.
    """
    head, work = q.head[0], in_use(q)
    for i in range(q.start[queue], q.stop[queue]):
        if hours <= 0 and not head.trifles:
            return i
        w = work[i]
        w.given = min(w.left, hours)
        hours -= w.given
        w.left -= w.given
        ledger[w.act] += w.given / worth
        if w.left <= ENOUGH:
            q.done[head.done] = i
            head.done += 1
    return q.stop[queue]


@compiled
def shed_fresh(q: Queues, today: int, died: Ints) -> None:
    """In the evening: what came after the day's work leaves if it ended today or takes no hours."""
    head, kept = q.head[0], 0
    for i in range(head.fresh):
        if q.fresh[i].left > ENOUGH and died[q.fresh[i].thing] > today:
            q.fresh[kept] = q.fresh[i]
            kept += 1
    head.fresh = kept


@compiled
def empty_into_fresh(q: Queues, today: int, died: Ints) -> None:
    """Take all waiting work out of the queues and hold it as fresh, so that it can be put into others."""
    head, held = q.head[0], 0
    kept = q.work[1 - head.side]
    for queue in range(len(q.start)):
        for i in range(q.start[queue], q.stop[queue]):
            w = q.work[head.side, i]
            if w.left > ENOUGH and died[w.thing] >= today:
                kept[held] = w
                held += 1
        q.start[queue] = q.stop[queue] = 0
    for i in range(head.fresh):
        kept[held + i] = q.fresh[i]
    head.fresh += held
    for i in range(head.fresh):
        q.fresh[i] = kept[i]
