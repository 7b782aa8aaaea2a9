import math

import numpy as np
import pytest
from scipy import stats

from experiments.paired import BETTER, OPEN, WORSE, Paired, holm, interval, mark, p_value, paired, skewness


def marked(found, direction):
    """The mark of a difference that is judged alone."""
    return mark(found.difference, direction, found.p)


def test_worked_example_by_hand():
    # differences 1, 0, 2, 1: mean 1, variance 2/3; t(.975, 3) = 3.1824
    p = paired([1, 2, 3, 4], [2, 2, 5, 5], direction=1)
    half = 3.182446305284263 * math.sqrt(2 / 3) / 2
    assert (p.pairs, p.mean_a, p.mean_b, p.difference, p.method) == (4, 2.5, 3.5, 1.0, "t")
    assert (p.low, p.high) == pytest.approx((1 - half, 1 + half), rel=1e-12)
    assert p.p_better == 3.5 / 4  # three better, one tie
    assert p.variance_ratio == pytest.approx((5 / 3 + 3) / (2 / 3))
    assert p.p == pytest.approx(stats.ttest_1samp([1, 0, 2, 1], 0).pvalue)


def test_interval_is_scipys_paired_t_interval():
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=20), rng.normal(0.3, 1, 20)
    assert abs(skewness(b - a)) < 1
    expected = stats.ttest_rel(b, a).confidence_interval(0.95)
    assert (paired(a, b, 1).low, paired(a, b, 1).high) == pytest.approx((expected.low, expected.high), rel=1e-10)


def test_skewness_is_scipys():
    d = np.random.default_rng(1).exponential(size=30)
    assert skewness(d) == pytest.approx(stats.skew(d))
    assert skewness(np.ones(5)) == 0.0


def test_less_may_be_better():
    p = paired([1, 2, 3, 4], [2, 2, 5, 5], direction=-1)
    assert p.p_better == 0.5 / 4
    assert p.difference == 1.0  # the difference itself has no direction


def test_without_direction_nothing_is_better():
    p = paired([1, 2, 3], [9, 8, 9], direction=0)
    assert p.p_better is None and marked(p, 0) == OPEN
    assert p.low < p.difference < p.high


@pytest.mark.parametrize("gap", [None, math.nan, math.inf])
def test_a_pair_with_a_gap_is_left_out_on_both_sides(gap):
    assert paired([1, gap, 3, 5], [2, 7, 5, gap], 1) == paired([1, 3], [2, 5], 1)


def test_no_pairs_is_none_everywhere():
    assert paired([None, 1], [1, None], 1) == Paired(0)


def test_one_pair_has_no_interval():
    p = paired([1], [3], 1)
    assert (p.difference, p.p_better) == (2.0, 1.0)
    assert (p.low, p.high, p.variance_ratio, p.p, marked(p, 1)) == (None, None, None, None, OPEN)


def test_constant_difference():
    p = paired([1, 2, 3], [2, 3, 4], 1)
    assert (p.low, p.difference, p.high) == (1.0, 1.0, 1.0)
    assert p.variance_ratio is None  # division by nothing is undefined, not infinite
    assert (marked(p, 1), marked(p, -1)) == (BETTER, WORSE)


def test_rounding_is_a_tie():
    p = paired([0.1 + 0.2, 1e6], [0.3, 1e6 + 1e-5], 1)
    assert (p.difference, p.p_better, marked(p, 1)) == (0.0, 0.5, OPEN)


@pytest.mark.parametrize("difference, direction, p, verdict", [
    (0.1, 1, 0.04, BETTER), (-0.1, 1, 0.04, WORSE), (0.1, -1, 0.04, WORSE), (-0.1, -1, 0.04, BETTER),
    (0.1, 1, 0.05, OPEN), (0.1, 0, 0.0, OPEN), (None, 1, None, OPEN), (0.1, 1, None, OPEN), (0.1, 1, math.nan, OPEN),
    (0.0005, 1, 0.0, BETTER), (0.00049, 1, 0.0, OPEN), (-0.00049, -1, 0.0, OPEN)])
def test_a_mark_needs_a_direction_a_small_p_and_a_difference_that_prints(difference, direction, p, verdict):
    assert mark(difference, direction, p) == verdict


@pytest.mark.parametrize("p, others, adjusted", [
    (0.01, [], 0.01), (0.01, [0.04, 0.03], 0.03), (0.03, [0.04, 0.01], 0.06), (0.04, [0.03, 0.01], 0.06),
    (0.01, [None, math.nan, 0.9], 0.02), (0.6, [0.9], 1.0), (0.02, [0.02, 0.02], 0.06), (0.001, [0.04, 0.9], 0.003)])
def test_holm_multiplies_from_the_smallest_on_and_never_goes_down(p, others, adjusted):
    """By hand, from Holm 1979: the smallest of n by n, the next by n − 1, and no less than the one before."""
    assert holm(p, others) == pytest.approx(adjusted)


def test_holm_errs_in_five_of_a_hundred_families_without_any_effect():
    rng = np.random.default_rng(4)
    draws = rng.uniform(size=(4000, 5))
    wrong = np.mean([any(mark(0.1, 1, p, np.delete(family, k)) == BETTER for k, p in enumerate(family)) for family in draws])
    assert wrong == pytest.approx(0.05, abs=0.014)  # four standard errors of a share


def test_a_mark_and_an_interval_of_one_difference_agree():
    rng = np.random.default_rng(6)
    for scale in (0.2, 0.5, 1.0):
        p = paired(np.zeros(12), rng.normal(0.3, scale, 12), 1)
        assert (marked(p, 1) == BETTER) == (p.low > 0)


def test_skewed_differences_get_a_bootstrap_that_is_the_same_every_time():
    d = np.random.default_rng(5).lognormal(0, 1, 20)
    low, high, method = interval(d)
    assert method == "bootstrap"
    assert interval(d) == (low, high, method)
    assert high - d.mean() > d.mean() - low  # the long tail is on the right


def test_bootstrap_covers_better_than_t_where_it_is_used():
    rng = np.random.default_rng(11)
    hits = {"t": 0, "bootstrap": 0}
    for _ in range(250):
        d = rng.lognormal(0, 1, 20)
        low, high, method = interval(d)
        t = stats.t.interval(0.95, 19, d.mean(), stats.sem(d))
        if method == "bootstrap":
            hits["bootstrap"] += low <= math.exp(0.5) <= high
            hits["t"] += t[0] <= math.exp(0.5) <= t[1]
    assert hits["bootstrap"] > hits["t"] > 0


def test_p_of_differences_that_do_not_vary():
    assert p_value(np.array([0.0, 0.0, np.nan])) == 1.0
    assert p_value(np.array([0.5, 0.5])) == 0.0
    assert np.isnan(p_value(np.array([0.5])))


def test_p_is_scipys_where_the_interval_is_a_t_interval():
    d = np.random.default_rng(3).normal(0.3, 1, 20)
    assert interval(d)[2] == "t"
    assert p_value(d) == pytest.approx(stats.ttest_1samp(d, 0.0).pvalue, rel=1e-9)


def test_p_and_interval_say_the_same_of_skewed_differences():
    rng, said = np.random.default_rng(4), set()
    for shift in np.linspace(0, 2, 60):
        d = rng.lognormal(0, 1, 20) - shift
        low, high, method = interval(d)
        p = p_value(d)
        if method == "bootstrap" and abs(p - 0.05) > 0.002:  # two draws of 2,000 at the edge may fall either way
            assert (p < 0.05) == (low > 0 or high < 0)
            said.add(p < 0.05)
    assert said == {True, False}


def test_what_does_not_vary_has_a_point_for_an_interval():
    assert interval(np.ones(9)) == (1.0, 1.0, "t") and p_value(np.ones(9)) == 0.0
