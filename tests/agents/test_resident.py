"""Residents: trust that relaxes in closed form, sums of their street, civic hours, what they learn from their cases."""

from collections import defaultdict

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents import resident
from agents.resident import FADE, Resident, set_expectation, set_trust
from agents.rules import Rules
from agents.work import MONTH, Fate
from model import endings
from model.governance import GovernanceModel
from model.scenario import Scenario

STREETS, PER, CADRES = 3, 12, 3
ALL = range(STREETS * PER)
TINY = Scenario(streets=STREETS, departments=4, cadres=CADRES, residents=PER, days=35, burn_in=0)
EXACT = 1e-9
"""Trust is kept scaled back to day 0; over the 5,500 days of the longest run this magnifies rounding to some 1e-11."""
SINGLE = 1e-6
"""Expectation is kept in single precision: 6e-8 a value."""
near = pytest.approx
WHOLE = 2.0
"""Civic hours a month in these tests."""


@numba.njit
def relax(d, street):
    resident.relax(d, street)


@numba.njit
def mean_trust(d, street):
    return resident.mean_trust(d, street)


@numba.njit
def civic_left(d, who):
    return resident.civic_left(d, who)


@numba.njit
def spend_civic(d, who, hours):
    resident.spend_civic(d, who, hours)


@numba.njit
def neighbours_of(d, who):
    return [resident.neighbour(d, who, k) for k in range(resident.neighbours(d, who))]


@numba.njit
def answer_for_data(d, who, items):
    resident.answer_for_data(d, who, items)


class Fast:
    """The residents of a model that runs no days: events come from the test."""

    model = None

    def __init__(self, trust=0.5):
        Fast.model = Fast.model or GovernanceModel(TINY, rng=2)
        self.m, self.d = Fast.model, Fast.model.district.handle
        self.m.streets.level, self.m.streets.distance, self.m.streets.civic = trust, 0.0, 0.0
        self.m.streets.expectation, self.m.residents.expectation = 0.5 * PER, 0.5
        self.m.residents.distance, self.m.residents.civic_used, self.m.now.scale, self.m.now.day = 0.0, 0.0, 1.0, 0
        self.m.residents.civic, self.m.residents.civic_month = WHOLE, 0

    def relax(self, rest):
        """A day passes; cadres are as motivated as lets trust rest there."""
        self.m.cadres.motivation = np.repeat(1 - (0.5 - np.asarray(rest)) / 0.1, CADRES)
        for street in range(STREETS):
            relax(self.d, street)
        self.m.now.scale *= FADE

    def set(self, column, rows, values):
        for row, value in zip(rows, values, strict=True):
            {"trust": set_trust, "expectation": set_expectation}[column](self.d, row, value)

    @property
    def trust(self):
        return self.m.streets.level[self.m.residents.street] + self.m.residents.distance * self.m.now.scale

    @property
    def mean_trust(self):
        return [mean_trust(self.d, street) for street in range(STREETS)]


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
    np.testing.assert_allclose(fast.trust, slow.trust.ravel(), atol=EXACT)
    np.testing.assert_allclose(fast.mean_trust, slow.trust.mean(axis=1), atol=EXACT)
    np.testing.assert_allclose(fast.m.residents.expectation, slow.expectation.ravel(), atol=SINGLE)
    np.testing.assert_allclose(fast.m.streets.expectation / PER, slow.expectation.mean(axis=1), atol=SINGLE)


# --- trust and expectation --------------------------------------------------------------------------------------


def test_one_resident_by_hand():
    fast = Fast()
    fast.set("trust", [0], [0.9])
    assert fast.mean_trust[0] == near(0.5 + 0.4 / PER)
    for _ in range(3):
        fast.relax([0.4] * STREETS)
    assert fast.trust[:2] == near([0.4 + 0.5 * FADE**3, 0.4 + 0.1 * FADE**3])


@pytest.mark.parametrize("days", [1, 250, 5500])
def test_closed_form_is_the_day_by_day_loop(days):
    rng, fast, slow = np.random.default_rng(days), Fast(), Slow()
    for day in range(days):
        if day % 50 == 0:
            rows, trust = rng.permutation(ALL)[:5], rng.random(5)
            fast.set("trust", rows, trust)
            slow.set("trust", rows, trust)
        rest = 0.4 + 0.1 * rng.random(STREETS)
        fast.relax(rest)
        slow.relax(rest)
    agree(fast, slow)
    assert np.ptp(slow.trust) > 1e-3  # there was something to get wrong


def test_trust_without_events_goes_to_rest():
    fast = Fast(trust=0.9)
    for _ in range(5500):
        fast.relax([0.45] * STREETS)
    assert fast.trust == near([0.45] * len(ALL), abs=0.45 * FADE**5500 * 1.01)


batches = st.lists(st.tuples(st.integers(0, STREETS * PER - 1), st.floats(0, 1)), max_size=8)
events = st.lists(st.tuples(st.sampled_from(["trust", "expectation", "relax"]), batches), max_size=30)


@settings(max_examples=60)
@given(events)
def test_sums_of_streets_equal_a_recount_after_any_events(happened):
    """Also where one resident has several events on a day: they are taken in order."""
    fast, slow = Fast(), Slow()
    for what, batch in happened:
        if what == "relax":
            rest = np.linspace(0.4, 0.5, STREETS)
            fast.relax(rest)
            slow.relax(rest)
            continue
        rows, values = [row for row, _ in batch], [value for _, value in batch]
        fast.set(what, rows, values)
        slow.set(what, rows, values)
        assert fast.trust[rows] == near(slow.trust.ravel()[rows], abs=EXACT)
    agree(fast, slow)


def test_sums_of_streets_equal_a_recount_in_every_day_of_a_run():
    model, touched = GovernanceModel(TINY, "whistle", rng=2, need_rate=0.2), 0
    for _ in range(35):
        distance, level = model.residents.distance.copy(), model.streets.level.copy()
        motivation = model.cadres.motivation.reshape(STREETS, -1).mean(axis=1)
        model.step()
        trust = model.streets.level[model.residents.street] + model.residents.distance * model.now.scale
        mean = model.streets.level + model.streets.distance / PER * model.now.scale
        np.testing.assert_allclose(mean, trust.reshape(STREETS, PER).mean(axis=1), atol=EXACT)
        np.testing.assert_allclose(model.streets.expectation, model.residents.expectation.reshape(STREETS, PER).sum(axis=1),
                                   atol=PER * SINGLE)
        if model.day % MONTH:  # at a month's end cadres' motivation changes
            rest = np.array([Rules().resting_trust(m) for m in motivation])
            now = model.cadres.motivation.reshape(STREETS, -1).mean(axis=1)
            if (now == motivation).all():
                np.testing.assert_allclose(model.streets.level, rest + (level - rest) * FADE, atol=EXACT)
        touched += (distance != model.residents.distance).sum()
    assert touched > 20
    assert ((trust >= 0) & (trust <= 1)).all()


# --- civic hours ------------------------------------------------------------------------------------------------


def test_civic_hours_are_used_up_and_come_back_next_month():
    fast = Fast()
    spend_civic(fast.d, 4, 0.5)
    spend_civic(fast.d, 4, 1.0)
    assert [civic_left(fast.d, who) for who in (3, 4)] == near([2.0, 0.5])
    fast.m.now.day = MONTH - 1
    assert civic_left(fast.d, 4) == near(0.5)
    fast.m.now.day = MONTH
    assert civic_left(fast.d, 4) == near(2.0)
    spend_civic(fast.d, 4, 0.25)
    assert civic_left(fast.d, 4) == near(1.75)


def test_hours_owed_are_carried_over_until_they_are_paid():
    fast = Fast()
    spend_civic(fast.d, 4, 4.5)
    left = []
    for month in range(4):
        fast.m.now.day = month * MONTH
        left.append(civic_left(fast.d, 4))
    assert left == near([-2.5, -0.5, 1.5, 2.0])
    fast.m.now.day = MONTH
    spend_civic(fast.d, 4, 1.0)  # on top of the 2.5 owed
    fast.m.now.day = 3 * MONTH
    assert civic_left(fast.d, 4) == near(2.0)
    fast.m.now.day = 2 * MONTH
    assert civic_left(fast.d, 4) == near(0.5)


def test_civic_hours_add_up_by_resident_and_street():
    fast = Fast()
    for who, hours in ((1, 0.5), (PER + 1, 0.25), (1, 1.0)):
        spend_civic(fast.d, who, hours)
    assert [civic_left(fast.d, who) for who in (0, 1, PER + 1)] == near([2.0, 0.5, 1.75])
    assert fast.m.streets.civic == near([1.5, 0.25, 0])
    assert fast.m.streets.civic.sum() == near(fast.m.residents.civic_used.sum())


def test_asking_for_civic_hours_uses_none():
    fast = Fast()
    spend_civic(fast.d, 0, 1.0)
    fast.m.now.day = MONTH
    for _ in range(2):
        assert [civic_left(fast.d, who) for who in (0, 1)] == near([2.0] * 2)
    fast.m.now.day = 0
    assert civic_left(fast.d, 0) == near(1.0)


def test_a_question_for_data_costs_time_and_a_little_trust():
    fast = Fast()
    answer_for_data(fast.d, 5, 10)
    assert civic_left(fast.d, 5) == near(1.8)
    assert fast.trust[[4, 5]] == near([0.5, 0.49])
    answer_for_data(fast.d, 5, 10_000)
    assert fast.trust[5] == near(0, abs=EXACT)  # and not below


# --- voicing, and learning from cases -----------------------------------------------------------------------------


def latent(model, row=0):
    """A need that waits to be voiced by its resident, today."""
    p = model.problems[row]
    p.fate, p.voice_luck, p.reasonable = Fate.LATENT, 0.0, True
    model.district.looked_at.values[0], model.district.looked_at.count[0] = row, 1
    return p


@pytest.mark.parametrize(("luck", "spent", "voiced"), [
    (0.0, 0.0, True), (0.999999, 0.0, False), (0.0, 99.0, False), (-1.0, 99.0, True)])
def test_a_need_is_voiced_by_luck_and_by_who_has_the_time(luck, spent, voiced):
    model = GovernanceModel(TINY, rng=2)
    p = latent(model)
    p.voice_luck = luck  # below 0: a log says that it was voiced
    spend_civic(model.district.handle, p.resident, spent)
    for who in ALL:
        resident.act(model.district.handle, who)
    assert (p.fate, p.voiced) == ((Fate.OPEN, 0) if voiced else (Fate.LATENT, -1))
    assert model.streets.voiced.sum() == voiced
    assert model.residents.civic_used.sum() == near(spent + 0.5 * voiced)


@pytest.mark.parametrize(("day", "solved", "given", "satisfied", "own", "near_by"), [
    (3, True, 0.0, 1, 0.65, 0.525), (15, True, 2.0, 1, 0.65, 0.525),  # worth 1
    (20, True, 2.0, 1, 0.55, 0.5 + 1 / 120),  # worth ⅔
    (3, False, 2.0, 1, 0.53, 0.505), (3, False, 0.0, 0, 0.35, 0.475)])  # worth .6 and 0
def test_a_resident_and_their_neighbours_learn_from_a_case(day, solved, given, satisfied, own, near_by):
    model = GovernanceModel(TINY, rng=2)
    p = latent(model)
    resident.act(model.district.handle, p.resident)
    assert p.fate == Fate.OPEN
    model.now.day, p.given = day, given  # of a due time of 15 days
    endings.end_case(model.district.handle, 0, Fate.SERVED if solved else Fate.UNSOLVED, solved)
    rules, who = Rules(), Resident(model, int(p.resident))
    assert p.satisfaction == satisfied
    assert who.trust == near(rules.learn_trust(0.5, satisfied))
    assert who.expectation == near(own, abs=SINGLE)
    others = [Resident(model, index) for index in ALL if index != who.index]
    assert {one.trust for one in others} == {0.5}
    grid = [one.expectation for one in others if (one.street, one.grid) == (who.street, who.grid)]
    assert grid == near([near_by] * 3, abs=SINGLE)  # a grid has four residents here
    assert {one.expectation for one in others if (one.street, one.grid) != (who.street, who.grid)} == {0.5}
    assert mean_trust(model.district.handle, who.street) == near(0.5 + (who.trust - 0.5) / PER)
    assert model.streets.expectation[who.street] == near(0.5 * PER + own - 0.5 + 3 * (near_by - 0.5), abs=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(("residents", "cadres"), [(10, 1), (13, 3), (10, 25), (12, 6), (100, 16)])
def test_neighbours_live_next_or_next_but_one_in_the_same_grid(residents, cadres):
    model = GovernanceModel(streets=2, departments=4, cadres=cadres, residents=residents, days=35, burn_in=0, rng=1)
    grids = defaultdict(list)
    for one in (Resident(model, index) for index in range(2 * residents)):
        grids[one.street, one.grid].append(one.index)
    for grid in grids.values():
        for at, index in enumerate(grid):
            expected = {grid[(at + step) % len(grid)] for step in (1, -1, 2, -2)} - {index}
            found = neighbours_of(model.district.handle, index) if len(grid) > 1 else []
            assert set(found) == expected and len(found) == len(expected)


# --- the agent ----------------------------------------------------------------------------------------------------


def test_a_resident_is_a_view_on_their_row():
    model = GovernanceModel(TINY, rng=2)
    people = [Resident(model, index) for index in ALL]
    assert [one.street for one in people] == [0] * 12 + [1] * 12 + [2] * 12
    assert [one.grid for one in people] == ([0] * 4 + [1] * 4 + [2] * 4) * 3
    model.cadres.ties[:] = np.arange(9) / 10
    assert [one.ties for one in people] == near(np.repeat(np.arange(9) / 10, 4))
    people[7].trust, people[7].expectation = 0.9, 0.8
    assert (people[7].trust, people[7].expectation) == near((0.9, 0.8))  # single precision is 6e-8
    assert model.streets.expectation == near([6.3, 6, 6])
    assert people[20].trust == mean_trust(model.district.handle, 1)


@pytest.mark.parametrize("name", ["trust", "expectation"])
@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_what_a_resident_cannot_have_is_refused(name, value):
    one = Resident(GovernanceModel(TINY, rng=2), 3)
    with pytest.raises(ValueError, match=f"{name} of a resident lies between 0 and 1"):
        setattr(one, name, value)
    assert getattr(one, name) == 0.5


def test_a_resident_knows_their_open_problems():
    model = GovernanceModel(Scenario(streets=2, departments=4, cadres=3, residents=12, days=35, burn_in=0), rng=2)
    people = [Resident(model, index) for index in range(24)]
    assert not any(one.open_problems for one in people)
    model.run(20)
    p = model.problems
    known = {row for one in people for row in one.open_problems}
    assert known == set(np.flatnonzero(np.isin(p.fate, (Fate.LATENT, Fate.OPEN))).tolist())
    assert known
    for one in people:
        assert all((p.street[row], p.resident[row]) == (one.street, one.index) for row in one.open_problems)
