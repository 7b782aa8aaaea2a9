"""The queues: against a plain list of items, and against the theory of a server that does a unit of work a day."""

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from model.queues import BINDING, CENTRAL, DONE, PLAIN, Queues

KIND_OF_ACT = np.array([0, 1, 1])
SITES, KINDS, ACTS = 4, 3, 3  # an odd number of kinds, one without work
CUTS = [[0, 1, 2, 3], [0, 0, 1, 1], [0, 0, 0, 0], [1, 0, 1, 0]]


class PlainQueues:
    """The same in plain Python: a list of items, looked through every time."""

    def __init__(self, place_of_site):
        self.place_of_site, self.waiting = place_of_site, []

    def queue_of(self, item):
        return self.place_of_site[item["site"]] * KINDS + int(KIND_OF_ACT[item["act"]])

    def ordered(self, queue):
        mine = [item for item in self.waiting if self.queue_of(item) == queue]
        return sorted(mine, key=lambda item: (item["priority"], item["born"], item["luck"]))

    def serve(self, hours):
        touched = {}
        for queue, left in enumerate(hours):
            for item in self.ordered(queue):
                given = min(left, item["left"])
                left -= given
                item["left"] -= given
                if given > 0 or item["left"] == 0:
                    touched[item["ref"]] = [given, item["left"] == 0, item["act"], item["site"]]
        return touched

    def shed(self, dead):
        undone = [item for item in self.waiting if item["left"] > 0]
        self.waiting = [item for item in undone if item["ref"] not in dead]
        return {item["ref"] for item in undone if item["ref"] in dead}


EIGHTHS = st.integers(0, 40).map(lambda n: n / 8)  # sums of eighths are exact, so both sides agree to the bit


class QueuesAsAList(RuleBasedStateMachine):
    """Any sequence of adding, serving, dropping and cutting anew leaves what the plain list leaves."""

    @initialize(place=st.sampled_from(CUTS))
    def begin(self, place):
        self.fast, self.plain = Queues(np.array(place), KINDS, KIND_OF_ACT), PlainQueues(place)
        self.day, self.refs, self.came, self.spent, self.dropped = 0, 0, 0.0, 0.0, 0.0

    @rule(act=st.integers(0, ACTS - 1), priority=st.sampled_from([BINDING, CENTRAL, PLAIN]),
          batch=st.lists(st.tuples(st.integers(0, SITES - 1), EIGHTHS), max_size=6))
    def add(self, act, priority, batch):
        refs = np.arange(self.refs, self.refs + len(batch))
        self.refs += len(batch)
        luck = (refs * 389 % 1024) / 1024  # all different within 1024 things, in no order
        site = np.array([site for site, _ in batch], np.intp)
        hours = np.array([hours for _, hours in batch], float)
        self.fast.add(site, act, refs, hours, self.day, 5, priority, luck)
        for ref, (where, left), chance in zip(refs.tolist(), batch, luck.tolist(), strict=True):
            self.plain.waiting.append(dict(ref=ref, site=where, act=act, left=left, born=self.day,
                                           priority=priority, luck=chance))
        self.came += sum(left for _, left in batch)

    @rule(hours=st.lists(EIGHTHS, min_size=SITES * KINDS, max_size=SITES * KINDS))
    def serve(self, hours):
        self.fast.arrange()
        hours = hours[:self.fast.size]
        out = self.fast.serve(np.array(hours))
        columns = (column.tolist() for column in (out.ref, out.hours, out.done, out.act, out.site))
        assert {ref: told for ref, *told in zip(*columns, strict=True)} == self.plain.serve(hours)
        self.spent += out.hours.sum()
        by_queue = np.bincount(out.queue, out.hours, self.fast.size)
        assert (by_queue <= np.array(hours)).all()
        self.day += 1

    @rule(dead=st.sets(st.integers(0, 60), max_size=8))
    def shed(self, dead):
        mask = np.zeros(max(self.refs, 61), bool)
        mask[list(dead)] = True
        left = {item["ref"]: item["left"] for item in self.plain.waiting}
        _, ref, _ = self.fast.shed(mask).tolist()
        assert set(ref) == self.plain.shed(dead)
        self.dropped += sum(map(left.get, ref))

    @precondition(lambda self: self.refs)
    @rule(place=st.sampled_from(CUTS))
    def cut(self, place):
        self.fast.arrange()
        before = self.fast.items()["left"].sum()
        self.fast.cut(np.array(place))
        self.plain.place_of_site = place
        assert self.fast.items()["left"].sum() == before
        assert self.fast.size == (max(place) + 1) * KINDS

    @invariant()
    def the_same_waits_in_the_same_order(self):
        items = self.fast.items()
        wanted = [item for queue in range(self.fast.size) for item in self.plain.ordered(queue)]
        assert items["ref"].tolist() == [item["ref"] for item in wanted]
        assert items["left"].tolist() == [item["left"] for item in wanted]
        assert items["queue"].tolist() == [self.plain.queue_of(item) for item in wanted]
        assert items["site"].tolist() == [item["site"] for item in wanted]
        assert len(self.fast) == len(wanted)
        hours = np.zeros(self.fast.size)
        for item in wanted:
            hours[self.plain.queue_of(item)] += item["left"]
        assert self.fast.backlog().tolist() == hours.tolist()

    @invariant()
    def no_hour_vanishes(self):
        assert self.came == self.spent + self.dropped + self.fast.items()["left"].sum()


TestQueuesAsAList = QueuesAsAList.TestCase
TestQueuesAsAList.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)


# --- by hand ----------------------------------------------------------------------------------------------------


def one_queue():
    return Queues(np.array([0]), 1, np.array([0]))


def put(queues, hours, born=0, priority=PLAIN, luck=0.5, ref=0, period=5):
    queues.add(np.array([0]), 0, np.array([ref]), hours, born, period, priority, luck)


def test_service_is_by_priority_then_age_then_luck():
    queues = one_queue()
    put(queues, 1, born=3, luck=0.9, ref=0)
    put(queues, 1, born=3, luck=0.1, ref=1)
    put(queues, 1, born=2, luck=0.99, ref=2)
    put(queues, 1, born=9, priority=CENTRAL, luck=0.99, ref=3)
    put(queues, 1, born=9, priority=BINDING, luck=0.99, ref=4)
    put(queues, 1, born=16_000, priority=BINDING, luck=1 - 2**-53, ref=5)
    assert queues.items()["ref"].tolist() == [4, 5, 3, 2, 1, 0]


def test_hours_go_down_the_queue_and_the_last_item_is_begun():
    queues = one_queue()
    for ref, hours in enumerate((2.0, 1.0, 4.0, 1.0)):
        put(queues, hours, born=ref, ref=ref)
    assert queues.backlog() == pytest.approx([8])
    out = queues.serve(np.array([4.5]))
    assert out.ref.tolist() == [0, 1, 2]
    assert out.hours == pytest.approx([2, 1, 1.5])
    assert out.done.tolist() == [True, True, False]
    assert queues.shed(np.zeros(4, bool)).size == 0  # what is done was not dropped
    assert queues.items()["ref"].tolist() == [2, 3]
    assert queues.items()["left"] == pytest.approx([2.5, 1])


def test_a_queue_keeps_its_hours_to_itself():
    queues = Queues(np.array([0, 1, 2]), 1, np.array([0]))
    for site in (0, 2):
        queues.add(np.array([site]), 0, np.array([site]), 3.0, 0, 5, PLAIN, 0.5)
    assert queues.backlog().tolist() == [3, 0, 3]
    out = queues.serve(np.array([1.0, 7.0, 2.0]))
    assert out.ref.tolist() == [0, 2]
    assert out.hours.tolist() == [1, 2]


def test_work_that_takes_no_time_is_done_without_hours():
    queues = one_queue()
    put(queues, 0.0)
    queues.arrange()
    assert queues.serve(np.array([0.0])).done.tolist() == [True]


def test_a_remainder_below_the_threshold_counts_as_done():
    queues = one_queue()
    put(queues, 1.0)
    queues.arrange()
    assert queues.serve(np.array([1.0 - DONE / 2])).done.tolist() == [True]


def test_an_empty_queue_serves_nothing():
    queues = one_queue()
    assert queues.serve(np.array([8.0])).ref.size == 0
    assert queues.backlog().tolist() == [0]
    assert len(queues) == 0


def test_pressing_is_the_mean_urgency_by_hours():
    queues = one_queue()
    put(queues, 3.0, born=0, period=10, ref=0)
    put(queues, 1.0, born=8, period=10, ref=1)
    backlog = queues.backlog()
    pressing = queues.pressing(10, lambda age, period: age / period, backlog)
    assert pressing == pytest.approx([(3 * 1.0 + 1 * 0.2) / 4])


def test_what_came_is_counted_since_the_cut():
    queues = one_queue()
    put(queues, 3.0)
    put(queues, 2.0)
    queues.arrange()
    assert queues.came.tolist() == [5]
    queues.cut(np.array([0]))
    assert queues.came.tolist() == [0]
    assert queues.backlog().tolist() == [5]


def test_room_is_made_for_any_number_at_once():
    queues, n = one_queue(), 5_000
    queues.add(np.zeros(n, np.intp), 0, np.arange(n), 1.0, 0, 5, PLAIN, (np.arange(n)[::-1] + 0.5) / n)
    assert len(queues) == n
    assert queues.items()["ref"].tolist() == list(range(n))[::-1]
