"""What holds for every rule slot."""

import inspect

import numpy as np
import pytest

from agents.rules import SLOTS, Rules, contract

ARRAYS_ONLY = {"split_attention"}
WORDS = {"transmission_mode"}


def sample(slot, size, rng):
    """Plausible arguments: shares, and days or hours where the name says so."""
    big = {"age", "due", "hours", "wait", "contact", "monitored", "polish", "outreach", "waiting", "known", "parts",
           "departments", "ideas", "days_of_work", "items", "command", "idle", "open_per_cadre", "backlog_days"}
    return [rng.integers(1, 9, size).astype(float) if name in big else rng.uniform(0.05, 0.95, size)
            for name in contract(slot).arguments]


@pytest.mark.parametrize("slot", SLOTS)
def test_a_rule_says_if_then_and_where_from(slot):
    doc = inspect.getdoc(SLOTS[slot].default)
    assert doc.startswith("If ")
    assert "Source:" in doc or "Assumption" in doc


@pytest.mark.parametrize("slot", sorted(set(SLOTS) - ARRAYS_ONLY - WORDS))
def test_a_rule_is_the_same_for_one_and_for_many(slot):
    rule, rng = getattr(Rules(), slot), np.random.default_rng(1)
    args = sample(slot, 50, rng)
    kept = [a.copy() for a in args]
    if slot == "inspection_finds":
        args[-1] = kept[-1] = args[-1] > 0.5
    many = rule(*args)
    one = [rule(*(a[i] for a in args)) for i in range(50)]
    np.testing.assert_allclose(np.asarray(many, float), np.asarray(one, float))
    for before, after in zip(kept, args, strict=True):
        np.testing.assert_array_equal(before, after)
    low, high = SLOTS[slot].metadata["low"], SLOTS[slot].metadata["high"]
    assert np.asarray(many, float).min() >= low - 1e-9
    assert np.asarray(many, float).max() <= high + 1e-9


def test_discretion_is_better_exactly_when_the_order_errs_more():
    fit = Rules().fit
    for error, k in ((0.2, 0.5), (0.1, 0.5), (0.29, 0.0), (0.31, 0.0)):
        discretion, order = fit(0.5 + error, 0.5, 0.0, 0.3, k), fit(0.5 + error, 0.5, 1.0, 0.3, k)
        assert (discretion > order) == (error > 0.3 * (1 - k))


def test_data_hours_follow_the_expected_redoing():
    assert Rules().data_hours(1, 9, 0.8, 0.25, 0.15) == pytest.approx(12.70588, abs=1e-4)  # FACTS T11


@pytest.mark.parametrize("kappa", [0.5, 1.0, 2.0, 4.0])
def test_attention_is_the_best_split_of_bounded_hours(kappa):
    from scipy.optimize import minimize

    w, hours = np.array([0.5, 0.35, 0.15]), 8.0

    def loss(e):
        value = np.log(e) if kappa == 1 else kappa / (kappa - 1) * e ** ((kappa - 1) / kappa)
        return -(w * value).sum()

    best = minimize(loss, np.full(3, hours / 3), bounds=[(1e-6, hours)] * 3, method="SLSQP",
                    constraints={"type": "eq", "fun": lambda e: e.sum() - hours}, options={"ftol": 1e-12}).x
    ones = np.ones((1, 3))
    ours = Rules().split_attention(w[None], ones, ones, 100 * ones, np.array([hours]), kappa)[0]
    np.testing.assert_allclose(ours, best, rtol=2e-3)
    np.testing.assert_allclose(ours, hours * w**kappa / (w**kappa).sum())


@pytest.mark.parametrize(("pressure", "left", "mode"), [
    (0.6, 1.0, "tighten"), (0.6, 0.1, "relay"), (0.4, 1.0, "translate"), (0.4, 0.9, "relay")])
def test_transmission_mode(pressure, left, mode):
    assert Rules().transmission_mode(left, pressure, 0.5) == mode
