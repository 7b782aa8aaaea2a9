"""The budget of a day: hours are shared by pull, never overspent, and nothing is held back from waiting work."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.attention import water_fill

EPS = 1e-9
"""Rounding: at most six rounds over hours below a hundred, so errors are some 1e-13."""


def rows(low, high, n, kinds):
    return st.lists(st.lists(st.floats(low, high), min_size=kinds, max_size=kinds), min_size=n, max_size=n)


@st.composite
def days(draw, low=0.01, backlog=60.0):
    """Pull, backlog and hours of some agents; every kind has some pull unless `low` is 0."""
    n, kinds = draw(st.integers(1, 4)), draw(st.integers(1, 6))
    pull, waiting = draw(rows(low, 10, n, kinds)), draw(rows(0, backlog, n, kinds))
    hours = draw(st.lists(st.floats(0, 24), min_size=n, max_size=n))
    return np.array(pull), np.array(waiting), np.array(hours)


def level_fill(pull, backlog, hours):
    """One agent, another way: raise a common level λ until Σ min(λ·pull, backlog) uses the hours."""
    if backlog.sum() <= hours:
        return backlog
    low, high = 0.0, (backlog / pull).max()
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if np.minimum(middle * pull, backlog).sum() > hours else (middle, high)
    return np.minimum(low * pull, backlog)


def test_worked_example():
    # 8 h by 4 : 2 : 2 would be 4, 2, 2; the first has 1 h waiting, so 7 h are shared 3.5 : 3.5, the second has 3 h
    given_ = water_fill(np.array([[4.0, 2, 2]]), np.array([[1.0, 3, 9]]), np.array([8.0]))
    assert given_[0] == pytest.approx([1, 3, 4])


def test_each_agent_has_a_day_of_his_own():
    pull, backlog = np.array([[1.0, 1], [3, 1], [1, 1]]), np.array([[9.0, 9], [9, 9], [0, 0]])
    assert water_fill(pull, backlog, np.array([8.0, 4, 8])) == pytest.approx(np.array([[4.0, 4], [3, 1], [0, 0]]))


def test_kinds_without_pull_get_what_others_leave():
    pull, hours = np.array([[0.0, 2, 0]]), np.array([8.0])
    # without pull means a share of 1e-12 while others want hours
    assert water_fill(pull, np.array([[9.0, 9, 9]]), hours)[0] == pytest.approx([0, 8, 0], abs=1e-10)
    assert water_fill(pull, np.array([[1.0, 5, 9]]), hours)[0] == pytest.approx([1, 5, 2], abs=1e-10)


@given(days(low=0.0))
def test_nothing_is_overspent_and_nothing_held_back(day):
    pull, backlog, hours = day
    out = water_fill(pull, backlog, hours)
    assert (out >= -EPS).all()
    assert (out <= backlog + EPS).all()
    np.testing.assert_allclose(out.sum(axis=1), np.minimum(hours, backlog.sum(axis=1)), atol=EPS)


@given(days())
def test_it_is_the_common_level(day):
    pull, backlog, hours = day
    wanted = [level_fill(*agent) for agent in zip(pull, backlog, hours, strict=True)]
    np.testing.assert_allclose(water_fill(pull, backlog, hours), wanted, atol=1e-7)  # bisection is the coarser of the two


@given(days())
def test_unsaturated_kinds_share_in_proportion_and_saturated_ones_have_less(day):
    pull, backlog, hours = day
    for p, b, g in zip(pull, backlog, water_fill(pull, backlog, hours), strict=True):
        open_ = g < b - 1e-6
        levels = g[open_] / p[open_]
        if len(levels):
            np.testing.assert_allclose(levels, levels[0], atol=EPS / p.min())
            assert (b[~open_] / p[~open_] <= levels[0] + 1e-6 / p.min()).all()


@given(days(backlog=0.0))
def test_no_work_is_a_day_off(day):
    pull, backlog, hours = day
    assert (water_fill(pull, backlog, hours) == 0).all()


@given(days(), st.randoms(use_true_random=False))
def test_order_of_kinds_and_agents_does_not_matter(day, random):
    pull, backlog, hours = day
    kinds, agents = list(range(pull.shape[1])), list(range(len(hours)))
    random.shuffle(kinds)
    random.shuffle(agents)
    mixed = np.ix_(agents, kinds)
    np.testing.assert_allclose(
        water_fill(pull[mixed], backlog[mixed], hours[agents]), water_fill(pull, backlog, hours)[mixed], atol=EPS)


@given(days(), st.floats(0.01, 100))
def test_only_the_proportion_of_pull_counts(day, factor):
    pull, backlog, hours = day
    np.testing.assert_allclose(water_fill(pull * factor, backlog, hours), water_fill(pull, backlog, hours), atol=EPS)


@given(days())
def test_arguments_are_left_alone(day):
    before = [a.copy() for a in day]
    water_fill(*day)
    for was, now in zip(before, day, strict=True):
        np.testing.assert_array_equal(now, was)
