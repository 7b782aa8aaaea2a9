"""Waiting work of one kind of worker, served in order of (priority, born, luck) within each queue.

A queue belongs to a place (a desk, a department) and a kind of work; what arrives keeps its site, so that places can
be cut anew. Once a day all queues are arranged in one pass: fresh work is taken in, what is done or has ended leaves.
Work comes in whole pieces: at a desk a person has one piece of each kind in hand (`work_off`), in a department at most
so many hours a day go into one piece (`serve`).
"""

from __future__ import annotations

from typing import Annotated

import numpy as np

from .compiled import (
    Days,
    Floats,
    Ints,
    Owner,
    Row,
    Rules,
    Table,
    columns,
    compiled,
    entry,
    record,
    row_of,
    scratch,
    table,
    table_of,
)
from .work import BINDING, NEVER

ENOUGH = 1e-7
"""Hours below which work counts as done; far above the rounding of sums."""
LUCK_STEPS = 1 << 28
"""Luck is kept as a whole number, for exact ties."""
ASKED = 1024
"""Slots for what a rule was asked."""
SMALL = 1 << 16
"""More than a small whole number (i2) can be."""

FREE, RESTS = 0, -1
"""Nobody has a piece of work in hand; nobody may work on it now, as it waits for something else."""

WORK = record(**columns("thing luck", "i4"), **columns("queue site who born period", "i2"),
              **columns("act priority", "i1"), **columns("left given"))
"""A piece of work. thing: what it is about (see `agents.things.AT`); site: street × domain, or department; who: 1 + row
of the person who has it in hand, or `FREE`, or `RESTS`; left: hours still to be delivered; given: hours delivered
today; period: days it may take. Thousands are read every day, so whole numbers are as small as `Scenario` lets them
be."""
HEAD = record(**columns("fresh done begun kinds", "i8"))
"""fresh, done, begun: how many; kinds: queues a place."""
Work = Annotated[Row, row_of(WORK)]


class Queues(Owner):
    """All queues of desks, or of departments: queue = place × kinds + kind."""

    head: Annotated[Table, table_of(HEAD)]
    work: Annotated[Table, table_of(WORK)]
    """Queue by queue, without gaps. Arranging moves all towards the beginning, by as many places as there is fresh
    work, so that what comes in finds room; once the beginning is reached, all moves to the end."""
    fresh: Annotated[Table, table_of(WORK)]
    """What was put in since."""
    start: Ints
    stop: Ints
    """Of every queue: where it begins and ends in `work`."""
    ends: Ints
    next: Ints
    """Of every queue: before this place in `work` nothing is free."""
    hand: Ints
    """By person × kind: the place in `work` of the piece in hand, or −1."""
    free: Floats
    """Of every queue: hours of pieces that nobody has in hand."""
    waiting: Floats
    """Of every queue: hours that waited when it was arranged."""
    pressing: Floats
    """Of every queue: hours-weighted mean urgency."""
    due: Floats
    """Of every place: hours whose time allowed ended on the day its queues were arranged."""
    asked: Ints
    """What the rule `urgency` was asked last, in each of so many slots; see `urgency_of`."""
    urgent: Floats
    """What it answered."""
    came: Floats
    """Of every queue: hours put in since it was cut."""
    done: Ints
    """Places in `work` of what was finished today."""
    begun: Ints
    """Places in `work` of what was worked on today."""

    def in_use(self) -> dict[str, int]:
        """See `Owner`."""
        head = self.head[0]
        return {"fresh": int(head.fresh), "done": int(head.done), "begun": int(head.begun)}


def new_queues(places: int, kinds: int, room: int, people: int = 0) -> Queues:
    """Empty queues; `room` is how many pieces of work may wait at once, `people` how many may have some in hand."""
    head, n = table(1, HEAD), places * kinds
    head.kinds = kinds
    whole = {name: np.zeros(n, np.int64) for name in ("start", "stop", "next")}
    hours = {name: np.zeros(n) for name in ("free", "waiting", "pressing", "came")}
    lists = {name: scratch(room, np.int64) for name in ("done", "begun")}
    return Queues(head=head, work=scratch(room, WORK), fresh=scratch(room, WORK), **whole, **hours, **lists,
                  due=np.zeros(places), ends=np.zeros(n + 1, np.int64), hand=np.full(people * kinds, -1, np.int64),
                  asked=np.full(ASKED, -1, np.int64), urgent=np.zeros(ASKED))


@entry
def put(q: Queues, today: int, queue: int, act: int, thing: int, site: int, hours: float, period: int,
        priority: int, luck: float) -> None:
    """Put work into a queue; it is taken in when the queues are next arranged."""
    head = q.head[0]
    w = q.fresh[head.fresh]
    head.fresh += 1
    w.queue, w.act, w.thing, w.site, w.left, w.period, w.priority = queue, act, thing, site, hours, period, priority
    w.born, w.luck, w.given, w.who = today, int(luck * LUCK_STEPS), 0.0, FREE
    q.came[queue] += hours


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
def arrange(q: Queues, today: int, died: Days, rules: Rules) -> None:
    """Take fresh work in, leave out what is done or ended before today; note what waits and how it presses.

    What takes no hours is done at once. died: by thing, the day it ended, or behind `NEVER` if it rests.
    """
    head = q.head[0]
    for i in q.begun[:head.begun]:
        q.work[i].given = 0.0
    head.done = head.begun = 0
    for i in range(len(q.hand)):
        q.hand[i] = -1
    if q.start[0] < head.fresh:
        move_to_the_end(q)
    order, at, j = in_order(q), q.start[0] - head.fresh, 0
    for place in range(len(q.due)):
        q.due[place] = 0.0
        for kind in range(head.kinds):
            queue = place * head.kinds + kind
            j, at = arrange_one(q, queue, order, j, at, today, died, rules)
    head.fresh = 0


@compiled
def arrange_one(q: Queues, queue: int, order: Ints, j: int, at: int, today: int, died: Days,
                rules: Rules) -> tuple[int, int]:
    """Arrange one queue from a place on.

    order: of fresh work, of which the first j pieces have been taken in. Returns how many now have, and the next place.
    """
    work, fresh, place = q.work, q.fresh, queue // q.head[0].kinds
    i, stop, end = q.start[queue], q.stop[queue], q.ends[queue]
    waiting, pressing, due, free = 0.0, 0.0, q.due[place], 0.0
    q.start[queue] = q.next[queue] = at
    while True:
        while i < stop and (work[i].left <= ENOUGH or died[work[i].thing] < today):
            i += 1
        if j < end and (i == stop or before(fresh[order[j]], work[i])):
            work[at] = fresh[order[j]]
            j += 1
        elif i < stop:
            work[at] = work[i]
            i += 1
        else:
            break
        w = work[at]
        left = w.left
        due += left if today - w.born == w.period else 0.0
        note_holder(q, at, w, queue, died[w.thing] > NEVER)
        if w.who != RESTS:
            waiting += left
            pressing += urgency_of(q, today, w, rules) * left
            free += left if w.who == FREE and left > ENOUGH else 0.0
        at += 1
    q.stop[queue], q.waiting[queue], q.pressing[queue] = at, waiting, pressing / max(waiting, 1e-12)
    q.free[queue], q.due[place] = free, due
    return j, at


@compiled
def urgency_of(q: Queues, today: int, w: Work, rules: Rules) -> float:
    """How a piece of work presses; the rule is asked once a day for each age and time allowed, as far as slots last."""
    age = today - w.born
    question, slot = (today * SMALL + age) * SMALL + w.period, (61 * age + w.period) % ASKED
    if q.asked[slot] != question:
        q.asked[slot], q.urgent[slot] = question, rules.urgency(float(age), float(w.period))
    return q.urgent[slot]


@compiled
def move_to_the_end(q: Queues) -> None:
    """Move all work to the end of its table."""
    last = len(q.start) - 1
    more = len(q.work) - q.stop[last]
    for i in range(q.stop[last] - 1, q.start[0] - 1, -1):
        q.work[i + more] = q.work[i]
    for queue in range(last + 1):
        q.start[queue] += more
        q.stop[queue] += more


@compiled
def note_holder(q: Queues, place: int, w: Work, queue: int, rests: bool) -> None:
    """Whose a piece of work is this morning; what rests is put back, what takes no hours is done."""
    head = q.head[0]
    if w.left <= ENOUGH:
        q.done[head.done] = place
        head.done += 1
    elif rests:
        w.who = RESTS
    elif w.who > 0:
        q.hand[(w.who - 1) * head.kinds + queue % head.kinds] = place
    elif w.who == RESTS:
        w.who = FREE


@entry
def serve(q: Queues, queue: int, hours: float, most: float, worth: float, ledger: Floats) -> None:
    """Work hours off in order; paid hours behind them go into the ledger by activity, what is finished into `done`.

    most: hours that can be delivered to one piece a day; worth: hours delivered an hour paid.
    """
    work = q.work
    for i in range(q.start[queue], q.stop[queue]):
        if hours <= 0:
            return
        if work[i].who != RESTS and work[i].left > ENOUGH:
            hours -= give(q, i, min(hours, most), worth, ledger)


@compiled
def give(q: Queues, place: int, hours: float, worth: float, ledger: Floats) -> float:
    """Deliver hours to a piece of work, as far as it needs them; returns how many."""
    head, w = q.head[0], q.work[place]
    given = min(w.left, hours)
    if w.given == 0.0 and given > 0.0:
        q.begun[head.begun] = place
        head.begun += 1
    w.given += given
    w.left -= given
    ledger[w.act] += given / worth
    if w.left <= ENOUGH:
        q.done[head.done] = place
        head.done += 1
    return given


@entry
def in_reach(q: Queues, queue: int, most: float, enough: float) -> float:
    """Hours of a queue that can be delivered today, if each piece takes so many at most; counted until it is enough."""
    work, hours = q.work, 0.0
    for i in range(q.start[queue], q.stop[queue]):
        if hours >= enough:
            return hours
        if work[i].who != RESTS:
            hours += min(work[i].left, most)
    return hours


# --- pieces in hand -------------------------------------------------------------------------------------------------


@entry
def work_off(q: Queues, queue: int, who: int, hours: float, worth: float, ledger: Floats) -> float:
    """A person works hours off: first what binds, then the piece in hand, then the next free one, one after another.

    who: row of the person. Returns hours delivered; the rest found nothing that is free. Ledger, worth as for `serve`.
    """
    left, mine = hours, who * q.head[0].kinds + queue % q.head[0].kinds
    while left > ENOUGH:
        place = next_free(q, queue)
        binds = place >= 0 and q.work[place].priority == BINDING
        if q.hand[mine] >= 0 and not binds:
            place = q.hand[mine]
        elif place >= 0:
            q.free[queue] -= q.work[place].left
            q.next[queue] = place + 1
            if not binds:
                q.work[place].who, q.hand[mine] = who + 1, place
        else:
            break
        left -= give(q, place, left, worth, ledger)
        if q.hand[mine] == place and q.work[place].left <= ENOUGH:
            q.hand[mine] = -1
    return hours - left


@compiled
def next_free(q: Queues, queue: int) -> int:
    """Place of the first piece of work in a queue that nobody has in hand, or −1."""
    work, i = q.work, q.next[queue]
    while i < q.stop[queue] and (work[i].who != FREE or work[i].left <= ENOUGH):
        i += 1
    q.next[queue] = i
    return i if i < q.stop[queue] else -1


@entry
def whole_pieces(q: Queues, queue: int, hours: float) -> float:
    """Hours of the next free pieces that together are so many hours at least."""
    work, i, found = q.work, q.next[queue], 0.0
    while i < q.stop[queue] and found < hours - ENOUGH:
        if work[i].who == FREE:
            found += work[i].left
        i += 1
    return found


@compiled
def left_in_hand(q: Queues, queue: int, who: int) -> float:
    """Hours left of the piece a person has in hand."""
    place = q.hand[who * q.head[0].kinds + queue % q.head[0].kinds]
    return q.work[place].left if place >= 0 else 0.0


@compiled
def shed_fresh(q: Queues, today: int, died: Days) -> None:
    """In the evening: what came after the day's work leaves if it ended today or takes no hours."""
    head, kept = q.head[0], 0
    for i in range(head.fresh):
        if q.fresh[i].left > ENOUGH and died[q.fresh[i].thing] > today:
            q.fresh[kept] = q.fresh[i]
            kept += 1
    head.fresh = kept


@compiled
def empty_into_fresh(q: Queues, today: int, died: Days) -> None:
    """Take all waiting work out of the queues and hold it as fresh, so that it can be put into others."""
    head, first = q.head[0], q.start[0]
    end = first
    for i in range(first, q.stop[len(q.stop) - 1]):
        if q.work[i].left > ENOUGH and died[q.work[i].thing] >= today:
            q.work[end] = q.work[i]
            q.work[end].given = 0.0
            end += 1
    for i in range(head.fresh - 1, -1, -1):
        q.fresh[end - first + i] = q.fresh[i]
    for i in range(first, end):
        q.fresh[i - first] = q.work[i]
    head.fresh += end - first
    for queue in range(len(q.start)):
        q.start[queue] = q.stop[queue] = first
