"""The budget of a day: hours are shared by pull, never overspent, and nothing is held back from waiting work."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.attention import in_order, water_fill

EPS = 1e-9
"""Rounding: at most six rounds over hours below a hundred, so errors are some 1e-13."""
near = pytest.approx


def numbers(low, high, kinds):
    return st.lists(st.floats(low, high), min_size=kinds, max_size=kinds)


@st.composite
def days(draw, low=0.01, backlog=60.0):
    """Pull, backlog and hours of somebody; every kind has some pull unless `low` is 0."""
    kinds = draw(st.integers(1, 6))
    return np.array(draw(numbers(low, 10, kinds))), np.array(draw(numbers(0, backlog, kinds))), draw(st.floats(0, 24))


def level_fill(pull, backlog, hours):
    """The same another way: raise a common level λ until Σ min(λ·pull, backlog) uses the hours."""
    if backlog.sum() <= hours:
        return backlog
    low, high = 0.0, (backlog / pull).max()
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if np.minimum(middle * pull, backlog).sum() > hours else (middle, high)
    return np.minimum(low * pull, backlog)


def test_worked_example():
    # 8 h by 4 : 2 : 2 would be 4, 2, 2; the first has 1 h waiting, so 7 h are shared 3.5 : 3.5, the second has 3 h
    assert water_fill(np.array([4.0, 2, 2]), np.array([1.0, 3, 9]), 8.0) == near([1, 3, 4])


@pytest.mark.parametrize(("pull", "backlog", "hours", "out"), [
    ([1, 1], [9, 9], 8, [4, 4]), ([3, 1], [9, 9], 4, [3, 1]), ([1, 1], [0, 0], 8, [0, 0]), ([1, 1], [9, 9], 0, [0, 0])])
def test_hours_follow_pull(pull, backlog, hours, out):
    assert water_fill(np.array(pull, float), np.array(backlog, float), float(hours)) == near(out)


def test_kinds_without_pull_get_what_others_leave():
    pull = np.array([0.0, 2, 0])
    # without pull means a share of 1e-12 while others want hours
    assert water_fill(pull, np.array([9.0, 9, 9]), 8.0) == near([0, 8, 0], abs=1e-10)
    assert water_fill(pull, np.array([1.0, 5, 9]), 8.0) == near([1, 5, 2], abs=1e-10)


def test_what_pulls_most_is_done_first():
    pull = np.array([1.0, 3.0, 2.0])
    assert in_order(pull, np.array([5.0, 2.0, 4.0]), 7.0) == near([1, 2, 4])
    assert in_order(pull, np.array([5.0, 2.0, 4.0]), 99.0) == near([5, 2, 4])
    assert in_order(pull, np.array([5.0, 2.0, 4.0]), 1.5) == near([0, 1.5, 0])


@given(days(low=0.0))
@pytest.mark.parametrize("share", [water_fill, in_order], ids=["water_fill", "in_order"])
def test_nothing_is_overspent_and_nothing_held_back(share, day):
    pull, backlog, hours = day
    out = share(pull, backlog, hours)
    assert (out >= -EPS).all()
    assert (out <= backlog + EPS).all()
    np.testing.assert_allclose(out.sum(), min(hours, backlog.sum()), atol=EPS)


@given(days())
def test_it_is_the_common_level(day):
    np.testing.assert_allclose(water_fill(*day), level_fill(*day), atol=1e-7)  # bisection is the coarser of the two


@given(days())
def test_unsaturated_kinds_share_in_proportion_and_saturated_ones_have_less(day):
    pull, backlog, hours = day
    out = water_fill(pull, backlog, hours)
    open_ = out < backlog - 1e-6
    levels = out[open_] / pull[open_]
    if len(levels):
        np.testing.assert_allclose(levels, levels[0], atol=EPS / pull.min())
        assert (backlog[~open_] / pull[~open_] <= levels[0] + 1e-6 / pull.min()).all()


@given(days(backlog=0.0))
def test_no_work_is_a_day_off(day):
    assert (water_fill(*day) == 0).all()


@given(days(), st.randoms(use_true_random=False))
def test_order_of_kinds_does_not_matter(day, random):
    pull, backlog, hours = day
    kinds = list(range(len(pull)))
    random.shuffle(kinds)
    np.testing.assert_allclose(
        water_fill(pull[kinds], backlog[kinds], hours), water_fill(pull, backlog, hours)[kinds], atol=EPS)


@given(days(), st.floats(0.01, 100))
def test_only_the_proportion_of_pull_counts(day, factor):
    pull, backlog, hours = day
    np.testing.assert_allclose(water_fill(pull * factor, backlog, hours), water_fill(pull, backlog, hours), atol=EPS)


@given(days(low=0.0))
@pytest.mark.parametrize("share", [water_fill, in_order], ids=["water_fill", "in_order"])
def test_compiled_as_in_python(share, day):
    np.testing.assert_array_equal(share(*day), getattr(share, "py_func", share)(*day))


@given(days())
@pytest.mark.parametrize("share", [water_fill, in_order], ids=["water_fill", "in_order"])
def test_arguments_are_left_alone(share, day):
    before = [np.copy(a) for a in day]
    share(*day)
    for was, now in zip(before, day, strict=True):
        np.testing.assert_array_equal(now, was)


@pytest.mark.parametrize("share", [water_fill, in_order], ids=["water_fill", "in_order"])
def test_a_kind_without_its_pull_is_an_error(share):
    with pytest.raises(ValueError, match="one number a kind"):
        share(np.ones(2), np.ones(3), 8.0)
