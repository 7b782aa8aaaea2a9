"""All waiting work of one kind of worker, as columns, served in order of (priority, born, luck) within each queue.

A queue belongs to a place (a desk, a department) and a kind of work; what arrives keeps its site, so that places can
be cut anew. Only whole columns are touched, never single items, and what is done or withdrawn leaves at once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from agents.attention import begins, between

BINDING, CENTRAL, PLAIN = 0, 1, 2
_LUCK_BITS, _BORN_BITS, _RANK_BITS = 28, 14, 44
_HOURS, _BORN, _PERIOD, _LUCK = range(4)
_TURN, _ACT, _REF, _SITE = range(4)
"""A turn is priority and born in one number; luck decides between equal ones."""
DONE = 1e-7
"""Hours below which work counts as done; far above the rounding of a column's running sum."""


class Served(NamedTuple):
    """What a day's hours did: by item, hours and whether it is done."""

    act: np.ndarray
    ref: np.ndarray
    site: np.ndarray
    queue: np.ndarray
    hours: np.ndarray
    done: np.ndarray


class Queues:
    """Places × kinds queues. `kind_of_act[act]` tells which kind an activity belongs to.

    What an item is stays in its slot, a column of `_times` and `_things`; only its key, slot and hours left are sorted.
    """

    def __init__(self, place_of_site: np.ndarray, kinds: int, kind_of_act: np.ndarray) -> None:
        self.kinds, self.kind_of_act = kinds, kind_of_act
        self._times, self._things = np.empty((4, 1024)), np.empty((4, 1024), np.intp)
        self._used = self._taken = 0
        """Slots filled, and those of them that are taken into the columns below."""
        self._key, self._slot, self._left = np.empty(0, np.int64), np.empty(0, np.intp), np.empty(0)
        self._in_order = True
        self.cut(place_of_site)

    def cut(self, place_of_site: np.ndarray) -> None:
        """Give every site a (new) place; waiting work moves with its site."""
        self.arrange()
        self.place_of_site = place_of_site
        self._first_queue = np.asarray(place_of_site, np.int64) * self.kinds
        self.size = (int(place_of_site.max()) + 1) * self.kinds
        self.came = np.zeros(self.size)
        self._key = (self._queue_of(self._slot) << _RANK_BITS) | (self._key & ((1 << _RANK_BITS) - 1))
        self._in_order = False
        self.arrange()

    def add(self, site, act: int, ref, hours, born: int, period, priority, luck) -> None:
        """Put work in at sites: arrays (or one value for all) of reference, hours, days allowed, priority, luck."""
        n = len(site)
        if n == 0:
            return
        if self._used + n > self._times.shape[1]:
            self._make_room(n)
        at, times, things = slice(self._used, self._used + n), self._times, self._things
        times[_HOURS, at], times[_BORN, at], times[_PERIOD, at], times[_LUCK, at] = hours, born, period, luck
        things[_TURN, at] = (priority << _BORN_BITS) + born
        things[_ACT, at], things[_REF, at], things[_SITE, at] = act, ref, site
        self._used += n

    def arrange(self) -> None:
        """Take in what was added since, and sort all of it."""
        self._take_in()
        if not self._in_order:
            self._keep(self._key.argsort(kind="stable"))
            self._queue, self._in_order = self._key >> _RANK_BITS, True

    def shed(self, dead: np.ndarray) -> np.ndarray:
        """Take out all work whose reference is dead, and what is done; returns act, ref and site of what was dead."""
        self._take_in()
        undone = self._left > DONE
        gone = undone & dead[self._things[_REF].take(self._slot)]
        lost = self._slot[gone.nonzero()[0]]
        self._keep((undone ^ gone).nonzero()[0])
        self._in_order = False
        return self._things[_ACT:].take(lost, axis=1)

    def backlog(self) -> np.ndarray:
        """Hours waiting in each queue."""
        self.arrange()
        return np.bincount(self._queue, self._left, self.size)

    def pressing(self, today: int, urgency, backlog: np.ndarray) -> np.ndarray:
        """Hours-weighted mean urgency of each queue; `urgency(age, period)` is the rule."""
        born, period = self._times[_BORN].take(self._slot), self._times[_PERIOD].take(self._slot)
        weight = urgency(today - born, period) * self._left
        return np.bincount(self._queue, weight, self.size) / np.maximum(backlog, 1e-12)

    def serve(self, hours: np.ndarray) -> Served:
        """Work `hours` (one a queue) off as last arranged; returns the items touched. `shed` drops the done."""
        left = self._left
        before = left.cumsum() - left
        first = begins(self._queue).nonzero()[0]
        reach = np.zeros(self.size)
        reach[self._queue[first]] = before[first]
        reach = (hours + reach).take(self._queue)
        touched = ((reach > before) | (left <= DONE)).nonzero()[0]
        held, slot = left[touched], self._slot[touched]
        given = between(reach[touched] - before[touched], 0.0, held)
        rest = held - given
        left[touched] = np.maximum(rest, 0.0)
        return Served(*self._things[_ACT:].take(slot, axis=1), self._queue[touched], given, rest <= DONE)

    def __len__(self) -> int:
        return len(self._key) + self._used - self._taken

    def items(self) -> dict[str, np.ndarray]:
        """The waiting work as named columns, in order of service."""
        self.arrange()
        columns = {"born": self._times[_BORN], "period": self._times[_PERIOD], "act": self._things[_ACT],
                   "ref": self._things[_REF], "site": self._things[_SITE]}
        return {"queue": self._queue, "left": self._left.copy(), **{n: c[self._slot] for n, c in columns.items()}}

    def peek(self) -> tuple[np.ndarray, np.ndarray]:
        """Hours and queues of all waiting work, in no order; unlike `items` it leaves the running sums to the bit."""
        new = slice(self._taken, self._used)
        hours = np.concatenate((self._left, self._times[_HOURS, new]))
        return hours, np.concatenate((self._key >> _RANK_BITS, self._queue_of(new)))

    def _take_in(self) -> None:
        """Put what was added since behind the rest."""
        if self._used > self._taken:
            new = slice(self._taken, self._used)
            queue, hours, turn = self._queue_of(new), self._times[_HOURS, new], self._things[_TURN, new]
            luck = np.multiply(self._times[_LUCK, new], 2**_LUCK_BITS).astype(np.int64)
            self.came += np.bincount(queue, hours, self.size)
            self._key = np.concatenate((self._key, (queue << _RANK_BITS) + (turn << _LUCK_BITS) + luck))
            self._slot = np.concatenate((self._slot, np.arange(self._taken, self._used)))
            self._left = np.concatenate((self._left, hours))
            self._taken, self._in_order = self._used, False

    def _keep(self, which: np.ndarray) -> None:
        """Leave these items, in this order."""
        self._key, self._slot, self._left = self._key.take(which), self._slot.take(which), self._left.take(which)

    def _queue_of(self, slot: slice | np.ndarray) -> np.ndarray:
        return self._first_queue[self._things[_SITE, slot]] + self.kind_of_act[self._things[_ACT, slot]]

    def _make_room(self, n: int) -> None:
        """Close the gaps between slots; double their number as long as over half of it would be full."""
        held = np.concatenate((self._slot, np.arange(self._taken, self._used)))
        room = self._times.shape[1]
        while 2 * (len(held) + n) > room:
            room *= 2
        times, things = np.empty((4, room)), np.empty((4, room), np.intp)
        times[:, :len(held)], things[:, :len(held)] = self._times.take(held, 1), self._things.take(held, 1)
        self._times, self._things, self._slot = times, things, np.arange(len(self._slot))
        self._taken, self._used = len(self._slot), len(held)
