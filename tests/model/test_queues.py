"""The queues: against a plain list of items, and against the theory of a server that does a unit of work a day."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from waiting import in_queues, waiting

from agents.cadre import QUEUED as KINDS
from agents.pointers import default_pointers, pointers
from agents.queues import ENOUGH, FREE, RESTS, arrange, in_reach, new_queues, put, serve, whole_pieces, work_off
from agents.queues import WORK as PIECE
from agents.rules import Rules
from agents.work import BINDING, CENTRAL, NEVER, PLAIN, RESTING, Act
from model.assign import CADRE_KINDS
from model.governance import GovernanceModel
from model.month import look_back
from model.scenario import PARAMETERS
from model.structure import move_work

WORK = (Act.REPORT, Act.EXECUTE, Act.CONFLICT, Act.CASEWORK)  # two of one kind, and one kind without work
SITES = 4
CUTS = [[0, 1, 2, 3], [0, 0, 1, 1], [0, 0, 0, 0], [1, 0, 1, 0]]
FOUR_DESKS = dict(streets=1, departments=SITES, cadres=SITES, residents=10, days=35, burn_in=0)


MOST = 1.5
"""Hours a day that go into one piece of a department's work."""


def test_the_largest_district_fits_the_small_whole_numbers_of_a_piece_of_work():
    most = {name: int(PARAMETERS[name].high) for name in ("streets", "departments", "cadres", "staff", "days", "burn_in",
                                                          "cooldown")}
    desks = most["streets"] * most["departments"]  # at most an office for every department
    people = most["streets"] * most["cadres"] + most["departments"] * most["staff"]
    largest = {"queue": desks * KINDS, "site": desks, "who": people + 1,
               "born": most["burn_in"] + most["days"] + most["cooldown"], "act": len(Act)}
    for name, value in largest.items():
        assert value <= np.iinfo(PIECE[name]).max, name


class PlainQueues:
    """The same in plain Python: a list of items, looked through every time."""

    def __init__(self, desk_of_site):
        self.desk_of_site, self.waiting, self.ended = desk_of_site, [], {}

    def queue_of(self, item):
        return self.desk_of_site[item["site"]] * KINDS + int(CADRE_KINDS[item["act"]])

    def ordered(self, queue):
        mine = [item for item in self.waiting if self.queue_of(item) == queue]
        return sorted(mine, key=lambda item: (item["priority"], item["born"], item["luck"]))

    def take_in(self, today):
        """In the morning what is done leaves, and what ended before today; the rest is in the queues."""
        self.keep(lambda item: item["fresh"] or (item["left"] > 0 and self.ended.get(item["ref"], NEVER) >= today))
        for item in self.waiting:
            item["fresh"] = False

    def serve(self, hours):
        touched = {}
        for queue, left in enumerate(hours):
            for item in self.ordered(queue):
                given = min(left, item["left"], MOST)
                left -= given
                item["left"] -= given
                if given > 0 or item["left"] == 0:
                    touched[item["ref"]] = (given, item["left"] == 0)
        return touched

    def look_through(self):
        """In the evening what came after work leaves, if it has ended or takes no hours."""
        self.keep(lambda item: not item["fresh"] or (item["left"] > 0 and item["ref"] not in self.ended))

    def keep(self, which):
        self.gone += sum(item["left"] for item in self.waiting if not which(item))
        self.waiting = [item for item in self.waiting if which(item)]

    gone = 0.0
    """Hours of what left undone."""


EIGHTHS = st.integers(0, 40).map(lambda n: n / 8)  # sums of eighths are exact, so both sides agree to the bit


class QueuesAsAList(RuleBasedStateMachine):
    """Any sequence of adding, serving, dropping and cutting anew leaves what the plain list leaves."""

    @initialize(place=st.sampled_from(CUTS))
    def begin(self, place):
        self.district, self.plain = GovernanceModel(**FOUR_DESKS, rng=1).district, PlainQueues(place)
        self.fast, self.refs, self.came, self.spent = self.district.desk_work, 0, 0.0, 0.0
        self.district.structure.desk_of_site[:] = place

    @property
    def day(self):
        return int(self.district.now[0].day)

    @rule(act=st.sampled_from(WORK), priority=st.sampled_from([BINDING, CENTRAL, PLAIN]),
          batch=st.lists(st.tuples(st.integers(0, SITES - 1), EIGHTHS), max_size=6))
    def add(self, act, priority, batch):
        for site, left in batch:
            luck = self.refs * 389 % 1024 / 1024  # all different within 1024 things, in no order
            item = dict(ref=self.refs, site=site, act=int(act), left=left, born=self.day, priority=priority, luck=luck,
                        fresh=True)
            put(self.fast.handle, self.day, self.plain.queue_of(item), int(act), self.refs, site, left, 5, priority, luck)
            self.plain.waiting.append(item)
            self.refs, self.came = self.refs + 1, self.came + left

    @rule(hours=st.lists(EIGHTHS, min_size=SITES * KINDS, max_size=SITES * KINDS))
    def serve(self, hours):
        self.arrange()
        ledger, wanted = np.zeros(len(Act)), self.plain.serve(hours)
        for queue, some in enumerate(hours):
            serve(self.fast.handle, queue, some, MOST, 1.0, ledger)
        rows, head = in_queues(self.fast), self.fast.head[0]
        done = self.fast.work[self.fast.done[:head.done]].thing.tolist()
        assert len(done) == len(set(done))
        assert {int(w.thing): (float(w.given), w.thing in done) for w in rows if w.given or w.thing in done} == wanted
        assert (np.bincount(rows.queue, rows.given, len(hours)) <= hours).all()
        assert ledger.tolist() == np.bincount(rows.act, rows.given, len(Act)).tolist()
        self.spent += rows.given.sum()

    def arrange(self):
        """What the plain list holds waits in the same order, and as many hours of it."""
        arrange(self.fast.handle, self.day, self.district.died, default_pointers().handle)
        self.plain.take_in(self.day)
        wanted = [item for queue in range(SITES * KINDS) for item in self.plain.ordered(queue)]
        assert in_queues(self.fast).thing.tolist() == [item["ref"] for item in wanted]
        hours = np.zeros(SITES * KINDS)
        for item in wanted:
            hours[self.plain.queue_of(item)] += item["left"]
        assert self.fast.waiting.tolist() == hours.tolist()

    @rule(ended=st.sets(st.integers(0, 60), max_size=8))
    def end_a_day(self, ended):
        ended = [ref for ref in ended if ref < self.refs and ref not in self.plain.ended]
        self.plain.ended.update(dict.fromkeys(ended, self.day))
        self.district.died[ended] = self.day
        look_back(self.district.handle)
        self.plain.look_through()
        self.district.now[0].day += 1
        if self.day % 2:  # what ended leaves when next arranged, or when desks are cut anew before
            self.arrange()

    @rule(place=st.sampled_from(CUTS))
    def cut(self, place):
        self.plain.take_in(self.day)
        for item in self.plain.waiting:
            item["fresh"] = True
        self.district.structure.desk_of_site[:] = self.plain.desk_of_site = place
        move_work(self.district.handle)
        assert not self.fast.came.any()

    @invariant()
    def the_same_waits(self):
        rows = waiting(self.fast)
        wanted = sorted((item for item in self.plain.waiting if item["left"] > 0), key=lambda item: item["ref"])
        rows = rows[np.argsort(rows.thing)]
        assert rows.thing.tolist() == [item["ref"] for item in wanted]
        assert rows.left.tolist() == [item["left"] for item in wanted]
        assert rows.queue.tolist() == [self.plain.queue_of(item) for item in wanted]
        assert rows.site.tolist() == [item["site"] for item in wanted]

    @invariant()
    def no_hour_vanishes(self):
        assert self.came == self.spent + self.plain.gone + waiting(self.fast).left.sum()


TestQueuesAsAList = QueuesAsAList.TestCase
TestQueuesAsAList.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)


# --- by hand ----------------------------------------------------------------------------------------------------

NOTHING_ENDED = np.full(6_000, NEVER, np.int32)


def queues_of(places):
    """Empty queues, one a place."""
    return new_queues(places, 1, 6_000)


def add(queues, hours, born=0, priority=PLAIN, luck=0.5, ref=0, period=5, queue=0):
    put(queues.handle, born, queue, int(Act.DATA), ref, 0, hours, period, priority, luck)


def arranged(queues, today=0):
    """What waits, in order of service."""
    arrange(queues.handle, today, NOTHING_ENDED, default_pointers().handle)
    return in_queues(queues)


def served(queues, *hours, worth=1.0, most=9.0):
    """A day's hours for each queue: what was worked on, and the things that are done."""
    rows, ledger = arranged(queues), np.zeros(len(Act))
    for queue, some in enumerate(hours):
        serve(queues.handle, queue, some, most, worth, ledger)
    rows, head = in_queues(queues), queues.head[0]
    assert ledger.sum() == pytest.approx(rows.given.sum() / worth)
    return rows[rows.given > 0], queues.work[queues.done[:head.done]].thing.tolist()


def test_service_is_by_priority_then_age_then_luck():
    queues = queues_of(1)
    add(queues, 1, born=3, luck=0.9, ref=0)
    add(queues, 1, born=3, luck=0.1, ref=1)
    add(queues, 1, born=2, luck=0.99, ref=2)
    add(queues, 1, born=9, priority=CENTRAL, luck=0.99, ref=3)
    add(queues, 1, born=9, priority=BINDING, luck=0.99, ref=4)
    add(queues, 1, born=16_000, priority=BINDING, luck=1 - 2**-53, ref=5)
    assert arranged(queues).thing.tolist() == [4, 5, 3, 2, 1, 0]


def test_what_comes_later_is_put_among_what_waits():
    queues = queues_of(1)
    for ref, born in enumerate((2, 5, 8)):
        add(queues, 1, born=born, ref=ref)
    arranged(queues)
    for ref, born in enumerate((1, 6, 5, 9), start=3):
        add(queues, 1, born=born, ref=ref, luck=0.4)
    assert arranged(queues).thing.tolist() == [3, 0, 5, 1, 4, 2, 6]


def test_hours_go_down_the_queue_and_the_last_item_is_begun():
    queues = queues_of(1)
    for ref, hours in enumerate((2.0, 1.0, 4.0, 1.0)):
        add(queues, hours, born=ref, ref=ref)
    rows, done = served(queues, 4.5)
    assert queues.waiting == pytest.approx([8])
    assert rows.thing.tolist() == [0, 1, 2]
    assert rows.given == pytest.approx([2, 1, 1.5])
    assert done == [0, 1]
    left = arranged(queues)
    assert left.thing.tolist() == [2, 3]
    assert left.left == pytest.approx([2.5, 1])
    assert not left.given.any()


def test_hours_delivered_are_worth_more_hours_paid():
    queues = queues_of(1)
    add(queues, 3.0)
    rows, done = served(queues, 2.0, worth=0.8)  # the ledger is checked there: 2.5 h
    assert rows.given == pytest.approx([2])
    assert done == []


def test_a_queue_keeps_its_hours_to_itself():
    queues = queues_of(3)
    for queue in (0, 2):
        add(queues, 3.0, ref=queue, queue=queue)
    rows, done = served(queues, 1.0, 7.0, 2.0)
    assert queues.waiting.tolist() == [3, 0, 3]
    assert rows.thing.tolist() == [0, 2]
    assert rows.given.tolist() == [1, 2]
    assert done == []


def test_work_that_takes_no_time_is_done_without_hours():
    queues = queues_of(1)
    add(queues, 0.0)
    assert served(queues, 0.0)[1] == [0]


def test_a_remainder_below_the_threshold_counts_as_done():
    queues = queues_of(1)
    add(queues, 1.0)
    assert served(queues, 1.0 - ENOUGH / 2)[1] == [0]
    assert len(arranged(queues)) == 0


def test_an_empty_queue_serves_nothing():
    queues = queues_of(1)
    rows, done = served(queues, 8.0)
    assert len(rows) == len(done) == 0
    assert queues.waiting.tolist() == [0]


def test_pressing_is_the_mean_urgency_by_hours():
    queues = queues_of(2)
    add(queues, 3.0, born=0, period=10, ref=0)
    add(queues, 1.0, born=8, period=10, ref=1)
    arranged(queues, today=10)
    assert queues.pressing == pytest.approx([(3 * 1.0 + 1 * 0.2) / 4, 0])  # urgency is age ÷ period, from .1 to 1


def test_what_came_is_counted_since_the_cut():
    district = GovernanceModel(**FOUR_DESKS, rng=1).district
    queues = district.desk_work
    for hours in (3.0, 2.0):
        add(queues, hours)
    arranged(queues)
    assert queues.came[0] == queues.came.sum() == 5
    move_work(district.handle)
    assert not queues.came.any()
    arranged(queues)
    assert queues.waiting.sum() == 5


def test_room_is_made_for_any_number_at_once():
    queues, n = queues_of(1), 5_000
    for ref in range(n):
        add(queues, 1.0, ref=ref, luck=(n - ref - 0.5) / n)
    assert arranged(queues).thing.tolist() == list(range(n))[::-1]


# --- whole pieces -----------------------------------------------------------------------------------------------

ANNA, BEN = 0, 1


def desk(*hours):
    """Pieces of work that wait at a desk for two, in this order."""
    queues = new_queues(1, 1, 100, 2)
    for ref, some in enumerate(hours):
        add(queues, some, born=ref, ref=ref)
    return queues


def worked(queues, *days):
    """(person, hours) after one another on a day; hours given to each thing, day by day, and what was delivered."""
    ledger, out = np.zeros(len(Act)), []
    for people in days:
        arranged(queues)
        used = [work_off(queues.handle, 0, who, hours, 0.5, ledger) for who, hours in people]
        rows = in_queues(queues)
        assert rows.given.sum() == pytest.approx(sum(used))
        out.append(({int(w.thing): float(w.given) for w in rows if w.given}, used))
    assert ledger.sum() == pytest.approx(2 * sum(sum(used) for _, used in out))
    return out


def test_a_person_goes_on_with_the_piece_in_hand_and_two_share_none():
    queues = desk(3.0, 5.0, 1.0)
    today, tomorrow = worked(queues, [(ANNA, 2.0), (BEN, 2.0)], [(BEN, 2.0), (ANNA, 4.0)])
    assert today == ({0: 2.0, 1: 2.0}, [2.0, 2.0])
    # Ben's is 1, though 0 is older; Anna ends hers, then takes the only free one, and has nothing to do for 2 hours
    assert tomorrow == ({1: 2.0, 0: 1.0, 2: 1.0}, [2.0, 2.0])


def test_what_binds_interrupts_and_is_taken_in_hand_by_nobody():
    queues = desk(3.0)
    worked(queues, [(ANNA, 1.0)])
    add(queues, 0.5, born=9, ref=7, priority=BINDING)
    add(queues, 0.5, born=9, ref=8, priority=BINDING, luck=0.9)
    (given, used), = worked(queues, [(ANNA, 0.75)])
    assert given == {7: 0.5, 8: 0.25}
    (given, used), = worked(queues, [(BEN, 4.0), (ANNA, 1.0)])
    assert given == {8: 0.25, 0: 1.0} and used == [0.25, 1.0]


def test_what_rests_is_worked_on_by_nobody_and_leaves_the_hand():
    queues, died = desk(3.0, 1.0), np.full(10, NEVER, np.int32)
    worked(queues, [(ANNA, 1.0)])
    died[0] = RESTING
    arrange(queues.handle, 0, died, default_pointers().handle)
    assert in_queues(queues).who.tolist() == [RESTS, FREE] and queues.waiting.tolist() == [1.0]
    assert queues.free.tolist() == [1.0]
    assert work_off(queues.handle, 0, ANNA, 8.0, 1.0, np.zeros(len(Act))) == 1.0
    (given, _), = worked(queues, [(BEN, 8.0)])  # it rests no more, and is anybody's
    assert given == {0: 2.0}


def test_what_is_free_is_what_nobody_has_in_hand():
    queues = desk(3.0, 5.0, 1.0)
    worked(queues, [(ANNA, 1.0)])
    arranged(queues)
    assert queues.waiting.tolist() == [8.0] and queues.free.tolist() == [6.0] and (queues.hand - queues.start[0]).tolist()[0] == 0 and queues.hand[1] == -1
    assert [whole_pieces(queues.handle, 0, hours) for hours in (0.0, 0.5, 5.0, 5.5, 9.0)] == [0, 5, 5, 6, 6]


def test_a_department_has_one_person_a_piece():
    queues = queues_of(1)
    for ref, hours in enumerate((20.0, 3.0, 20.0)):
        add(queues, hours, born=ref, ref=ref)
    arranged(queues)
    assert in_reach(queues.handle, 0, 8.0, 99.0) == 19.0 and in_reach(queues.handle, 0, 8.0, 10.0) == 11.0
    rows, done = served(queues, 18.0, most=8.0)
    assert rows.given.tolist() == [8, 3, 7] and done == [1]


def test_those_who_stay_at_their_desk_keep_their_piece_when_streets_are_cut_anew():
    m = GovernanceModel(**{**FOUR_DESKS, "residents": 60}, rng=1).run(20)
    held = waiting(m.district.desk_work)
    held = held[held.who > 0]
    move_work(m.district.handle)
    assert len(held) and (waiting(m.district.desk_work).who > 0).sum() == len(held)
    m.cadres.desk[:] = (m.cadres.desk + 1) % SITES
    move_work(m.district.handle)
    assert (waiting(m.district.desk_work).who > 0).sum() == 0


def test_urgency_is_asked_once_a_day_for_each_age_and_time_allowed():
    queues, asked = queues_of(2), []
    rules = pointers(replace(Rules(), urgency=lambda age, due: asked.append((age, due)) or 0.5))
    for ref, (born, period) in enumerate([(0, 5), (0, 10), (0, 5), (3, 5), (0, 5)]):
        add(queues, 1.0, born=born, period=period, ref=ref, queue=ref % 2)
    arrange(queues.handle, 4, NOTHING_ENDED, rules.handle)
    assert sorted(asked) == [(1, 5), (4, 5), (4, 10)] and queues.pressing.tolist() == [0.5, 0.5]
    arrange(queues.handle, 5, NOTHING_ENDED, rules.handle)
    assert sorted(asked[3:]) == [(2, 5), (5, 5), (5, 10)]
