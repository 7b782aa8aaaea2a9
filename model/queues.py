"""All waiting work of one kind of worker, as columns, served in order of (priority, born, luck) within each queue.

A queue belongs to a place (a desk, a department) and a kind of work; what arrives keeps its site, so that places can
be cut anew. Only whole columns are touched, never single items, and what is done or withdrawn leaves at once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from agents.attention import between

BINDING, CENTRAL, PLAIN = 0, 1, 2
_LUCK_BITS, _BORN_BITS, _RANK_BITS = 28, 14, 44
_LEFT, _BORN, _PERIOD, _ACT, _REF, _SITE = range(6)
DONE = 1e-7
"""Hours below which work counts as done; far above the rounding of a column's running sum."""


class Served(NamedTuple):
    """What a day's hours did: by item, hours and whether it is done."""

    act: np.ndarray
    ref: np.ndarray
    site: np.ndarray
    born: np.ndarray
    queue: np.ndarray
    hours: np.ndarray
    done: np.ndarray


class Queues:
    """Places × kinds queues. `kind_of_act[act]` tells which kind an activity belongs to."""

    def __init__(self, place_of_site: np.ndarray, kinds: int, kind_of_act: np.ndarray) -> None:
        self.kinds, self.kind_of_act = kinds, kind_of_act
        self._key = np.empty(0, np.int64)
        self._cols = np.empty((6, 0))
        self._new = np.empty((6, 256))
        self._new_key = np.empty(256, np.int64)
        self._news = 0
        self.cut(place_of_site)

    def cut(self, place_of_site: np.ndarray) -> None:
        """Give every site a (new) place; waiting work moves with its site."""
        if self._news:
            self.arrange()
        self.place_of_site = place_of_site
        self._first_queue = np.asarray(place_of_site, np.int64) * self.kinds
        self.size = (int(place_of_site.max()) + 1) * self.kinds
        self.came, self._every = np.zeros(self.size), np.arange(self.size)
        queue = self._queue_of(self._cols[_SITE].astype(np.intp), self._cols[_ACT].astype(np.intp))
        self._key = (queue << _RANK_BITS) | (self._key & ((1 << _RANK_BITS) - 1))
        self._order()

    def add(self, site, act: int, ref, hours, born: int, period, priority, luck) -> None:
        """Put work in: arrays (or one value for all) of site, reference, hours, days allowed, priority, luck."""
        n = len(ref)
        if n == 0:
            return
        self._make_room(n)
        at = slice(self._news, self._news + n)
        new = self._new
        new[_LEFT, at], new[_BORN, at], new[_PERIOD, at] = hours, born, period
        new[_ACT, at], new[_REF, at], new[_SITE, at] = act, ref, site
        rank = (priority << (_BORN_BITS + _LUCK_BITS)) + (born << _LUCK_BITS)
        rank = rank + np.multiply(luck, 2**_LUCK_BITS).astype(np.int64)
        self._new_key[at] = (self._queue_of(site, act) << _RANK_BITS) + rank
        self._news += n

    def arrange(self) -> None:
        """Sort in what was added since."""
        if self._news:
            n = self._news
            self.came += np.bincount(self._new_key[:n] >> _RANK_BITS, self._new[_LEFT, :n], self.size)
            self._key = np.concatenate((self._key, self._new_key[:n]))
            self._cols = np.concatenate((self._cols, self._new[:, :n]), axis=1)
            self._news = 0
            self._order()

    def shed(self, dead: np.ndarray) -> Served:
        """Take out all work whose reference is dead, and what is done; returns what was dead."""
        self.arrange()
        gone = dead[self._cols[_REF].astype(np.intp)]
        undone = self._cols[_LEFT] > DONE
        lost = np.flatnonzero(gone & undone)
        out = self._served(lost, np.zeros(len(lost)))
        self._keep(np.flatnonzero(undone & ~gone))
        return out

    def backlog(self) -> np.ndarray:
        """Hours waiting in each queue."""
        self.arrange()
        return np.bincount(self._queue, self._cols[_LEFT], self.size)

    def pressing(self, today: int, urgency, backlog: np.ndarray) -> np.ndarray:
        """Hours-weighted mean urgency of each queue; `urgency(age, period)` is the rule."""
        left = self._cols[_LEFT]
        weight = urgency(today - self._cols[_BORN], self._cols[_PERIOD]) * left
        return np.bincount(self._queue, weight, self.size) / np.maximum(backlog, 1e-12)

    def serve(self, hours: np.ndarray) -> Served:
        """Work `hours` (one a queue) off in order; returns the items touched. `shed` drops the done."""
        left = self._cols[_LEFT]
        before = np.cumsum(left) - left
        first = np.searchsorted(self._queue, self._every)
        base = np.append(before, before[-1] + left[-1] if len(left) else 0.0)[first]
        given = between((hours + base)[self._queue] - before, 0.0, left)
        touched = np.flatnonzero((given > 0) | (left <= DONE))
        out = self._served(touched, given[touched])
        np.maximum(left - given, 0.0, out=left)
        return out

    def __len__(self) -> int:
        return len(self._key) + self._news

    def items(self) -> dict[str, np.ndarray]:
        """The waiting work as named columns, in order of service."""
        self.arrange()
        names = ("left", "born", "period", "act", "ref", "site")
        return {"queue": self._queue, **{n: c.copy() for n, c in zip(names, self._cols, strict=True)}}

    def peek(self) -> tuple[np.ndarray, np.ndarray]:
        """Hours and queues of all waiting work, in no order; unlike `items` it leaves the running sums to the bit."""
        n = self._news
        queue = np.concatenate((self._queue, self._new_key[:n] >> _RANK_BITS))
        return np.concatenate((self._cols[_LEFT], self._new[_LEFT, :n])), queue

    def _served(self, which: np.ndarray, hours) -> Served:
        cols = self._cols[:, which]
        whole = cols[_ACT:].astype(np.intp)
        return Served(whole[0], whole[1], whole[2], cols[_BORN], self._queue[which], hours, cols[_LEFT] - hours <= DONE)

    def _queue_of(self, site, act) -> np.ndarray:
        return self._first_queue[site] + self.kind_of_act[act]

    def _make_room(self, n: int) -> None:
        while self._news + n > self._new.shape[1]:
            self._new = np.concatenate((self._new, np.empty_like(self._new)), axis=1)
            self._new_key = np.concatenate((self._new_key, np.empty_like(self._new_key)))

    def _order(self) -> None:
        order = np.argsort(self._key, kind="stable")
        self._key, self._cols = self._key[order], self._cols[:, order]
        self._queue = self._key >> _RANK_BITS

    def _keep(self, keep: np.ndarray) -> None:
        self._key, self._cols, self._queue = self._key[keep], self._cols[:, keep], self._queue[keep]
