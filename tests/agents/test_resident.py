"""Residents' columns: trust that relaxes in closed form, running means, civic hours."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.resident import FADE, Resident, ResidentColumns, turns
from agents.work import Fate
from model.governance import GovernanceModel
from model.scenario import Scenario

STREETS, PER = 3, 7
ALL = np.arange(STREETS * PER)
EXACT = 1e-9
"""Trust is kept scaled back to day 0; over the 5,500 days of the longest run this magnifies rounding to some 1e-11."""


class Slow:
    """The same residents, each touched every day."""

    def __init__(self):
        self.trust = np.full((STREETS, PER), 0.5)
        self.expectation = np.full((STREETS, PER), 0.5)

    def relax(self, rest):
        self.trust = rest[:, None] + (self.trust - rest[:, None]) * FADE

    def set(self, column, rows, values):
        for row, value in zip(rows, values, strict=True):
            getattr(self, column)[row // PER, row % PER] = value


def agree(fast, slow):
    np.testing.assert_allclose(fast.trust(ALL), slow.trust.ravel(), atol=EXACT)
    np.testing.assert_allclose(fast.mean_trust(), slow.trust.mean(axis=1), atol=EXACT)
    # expectation is kept in single precision: 6e-8 a value
    np.testing.assert_allclose(fast.expectation, slow.expectation.ravel(), atol=1e-6)
    np.testing.assert_allclose(fast.mean_expectation(), slow.expectation.mean(axis=1), atol=1e-6)


def test_one_resident_by_hand():
    columns = ResidentColumns(1, 2)
    columns.set_trust(np.array([0]), np.array([0.9]))
    assert columns.mean_trust() == pytest.approx([0.7])
    for _ in range(3):
        columns.relax(np.array([0.4]))
    assert columns.trust(np.array([0, 1])) == pytest.approx([0.4 + 0.5 * FADE**3, 0.4 + 0.1 * FADE**3])


@pytest.mark.parametrize("days", [1, 250, 5500])
def test_closed_form_is_the_day_by_day_loop(days):
    rng, fast, slow = np.random.default_rng(days), ResidentColumns(STREETS, PER), Slow()
    for day in range(days):
        if day % 50 == 0:
            rows, trust = rng.permutation(ALL)[:5], rng.random(5)
            fast.set_trust(rows, trust)
            slow.set("trust", rows, trust)
        rest = 0.4 + 0.1 * rng.random(STREETS)
        fast.relax(rest)
        slow.relax(rest)
    agree(fast, slow)
    assert np.ptp(slow.trust) > 1e-3  # there was something to get wrong


def test_trust_without_events_goes_to_rest():
    columns = ResidentColumns(1, 2, trust=0.9)
    for _ in range(5500):
        columns.relax(np.array([0.45]))
    assert columns.trust(np.array([0, 1])) == pytest.approx([0.45, 0.45], abs=0.45 * FADE**5500 * 1.01)


batches = st.lists(st.tuples(st.integers(0, STREETS * PER - 1), st.floats(0, 1)), max_size=8, unique_by=lambda e: e[0])
events = st.lists(st.tuples(st.sampled_from(["trust", "expectation", "relax"]), batches), max_size=30)


@settings(max_examples=60)
@given(events)
def test_running_means_equal_a_recount_after_any_events(happened):
    fast, slow = ResidentColumns(STREETS, PER), Slow()
    for what, batch in happened:
        if what == "relax":
            rest = np.linspace(0.4, 0.5, STREETS)
            fast.relax(rest)
            slow.relax(rest)
            continue
        rows = np.array([row for row, _ in batch], np.intp)
        values = np.array([value for _, value in batch], float)
        getattr(fast, f"set_{what}")(rows, values)
        slow.set(what, rows, values)
        assert fast.trust(rows) == pytest.approx(slow.trust.ravel()[rows], abs=EXACT)
    agree(fast, slow)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2), st.floats(0, 1)), max_size=12, unique=True))
def test_turns_take_each_resident_s_events_in_order(happened):
    rows, day, luck = (np.array([event[n] for event in happened], kind) for n, kind in enumerate((int, int, float)))
    made = [np.arange(len(rows))[turn] for turn in turns(rows, day, luck)]
    assert all(len(set(rows[turn].tolist())) == len(turn) for turn in made)
    played = [happened[n] for turn in made for n in turn]
    assert len(played) == len(happened)
    for who in set(rows.tolist()):
        assert [event for event in played if event[0] == who] == sorted(e for e in happened if e[0] == who)


def test_an_empty_batch_changes_nothing():
    columns, none = ResidentColumns(2, 3), np.empty(0, np.intp)
    columns.set_trust(none, np.empty(0))
    columns.set_expectation(none, np.empty(0))
    columns.use_civic(none, 0, 1.0)
    assert columns.mean_trust() == pytest.approx([0.5, 0.5])
    assert columns.mean_expectation() == pytest.approx([0.5, 0.5])
    assert (columns.street_civic == 0).all()


def test_civic_hours_are_used_up_and_come_back_next_month():
    columns, one = ResidentColumns(2, 3), np.array([4])
    columns.use_civic(one, 0, 0.5)
    columns.use_civic(one, 0, 1.0)
    assert columns.civic_left(np.array([3, 4]), 0, 2.0) == pytest.approx([2, 0.5])
    assert columns.civic_left(one, 1, 2.0) == pytest.approx([2])
    columns.use_civic(one, 1, 0.25)
    assert columns.civic_left(one, 1, 2.0) == pytest.approx([1.75])


def test_civic_hours_of_one_batch_add_up_by_resident_and_street():
    columns, rows = ResidentColumns(2, 3), np.array([1, 4, 1])
    columns.use_civic(rows, 2, np.array([0.5, 0.25, 1.0]))
    assert columns.civic_left(np.array([0, 1, 4]), 2, 2.0) == pytest.approx([2, 0.5, 1.75])
    assert columns.street_civic == pytest.approx([1.5, 0.25])
    assert columns.street_civic.sum() == pytest.approx(columns.civic_used.sum())


def test_asking_for_civic_hours_uses_none():
    columns = ResidentColumns(1, 2)
    columns.use_civic(np.array([0]), 0, 1.0)
    for _ in range(2):
        assert columns.civic_left(np.array([0, 1]), 1, 2.0) == pytest.approx([2, 2])
    assert columns.civic_left(np.array([0]), 0, 2.0) == pytest.approx([1])


def test_a_resident_is_a_view_on_his_row():
    model = GovernanceModel(Scenario(streets=3, departments=4, cadres=3, residents=12, days=35, burn_in=0), rng=2)
    people = [Resident(model, index) for index in range(36)]
    assert [one.street for one in people] == [0] * 12 + [1] * 12 + [2] * 12
    assert [one.grid for one in people] == ([0] * 4 + [1] * 4 + [2] * 4) * 3
    model.cadres.ties[:] = np.arange(9) / 10
    assert [one.ties for one in people] == pytest.approx(np.repeat(np.arange(9) / 10, 4))
    model.residents.set_trust(np.array([7]), np.array([0.9]))
    model.residents.set_expectation(np.array([7]), np.array([0.8]))
    assert (people[7].trust, people[7].expectation) == pytest.approx((0.9, 0.8))  # single precision is 6e-8
    assert people[8].trust == model.residents.mean_trust()[2]


def test_a_resident_knows_his_open_problems():
    model = GovernanceModel(Scenario(streets=2, departments=4, cadres=3, residents=12, days=35, burn_in=0), rng=2)
    people = [Resident(model, index) for index in range(24)]
    assert not any(one.open_problems for one in people)
    model.run(20)
    p = model.problems
    known = {row for one in people for row in one.open_problems}
    assert known == set(np.flatnonzero(np.isin(p.fate, (Fate.LATENT, Fate.OPEN))).tolist())
    assert known
    for one in people:
        assert all((p.street[row], p.resident[row]) == (one.street, one.index % 12) for row in one.open_problems)
