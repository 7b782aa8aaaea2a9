"""What is drawn beforehand: how unequal cases, patience and causes are, and how ideas come."""

import numpy as np
import pytest

from model.scenario import Scenario
from model.world import LONGEST_CASE, _campaigns, _sizes, capped_moment, draw_world, effort_median

LONG = Scenario(days=1500, burn_in=0, residents=1000)


def of_needs(**changes):
    """Columns of needs that arise in some years."""
    world = draw_world(LONG.with_(**changes), 1)
    return {name: column[:world.arrivals] for name, column in world.problems.items()}


@pytest.mark.parametrize(("mean", "sd"), [(6.3, 2.5), (2.0, 2.75), (40.0, 1.0), (6.3, 0.1)])
def test_hours_have_the_mean_asked_for_though_the_longest_are_cut(mean, sd):
    sc = LONG.with_(h_case=mean, effort_sd=sd)
    hours = of_needs(h_case=mean, effort_sd=sd)["hours"]
    assert capped_moment(effort_median(sc), sd, 1.0) == pytest.approx(mean, rel=1e-6)
    assert hours.max() <= LONGEST_CASE
    assert abs(hours.mean() - mean) < 5 * hours.std() / np.sqrt(len(hours))  # 5 standard errors, seed fixed
    assert np.median(hours) == pytest.approx(effort_median(sc), rel=0.05)


def test_half_of_all_needs_are_for_the_counter_and_need_no_authority_there():
    p = of_needs()
    counter = p["hours"] <= 0.5
    assert 0.45 < counter.mean() < 0.55
    assert not p["authority"][counter].any()
    assert p["authority"][~counter].mean() == pytest.approx(0.4, abs=0.01)


@pytest.mark.parametrize("power", [0.0, 0.25, 0.5])
def test_severity_grows_with_hours_by_a_power_and_its_mean_stays_one(power):
    p = of_needs(severity_effort=power)
    assert p["severity"].mean() == pytest.approx(1, abs=0.03)
    slope = np.polyfit(np.log(p["hours"]), np.log(p["severity"]), 1)[0]
    assert slope == pytest.approx(power, abs=0.01)


def test_patience_has_its_median_and_its_bounds():
    days = of_needs()["patience"]
    assert np.median(days) == pytest.approx(60, abs=1) and (days.min(), days.max()) == (5, 250)
    assert (of_needs(patience_sd=0.0)["patience"] == 60).all()


@pytest.mark.parametrize("mean", [2.0, 6.0, 30.0])
def test_causes_have_the_mean_size_asked_for_and_a_heavy_tail(mean):
    sizes = _sizes(LONG.with_(cause_size=mean), np.random.default_rng(1), 200_000)
    assert abs(sizes.mean() - mean) < 5 * sizes.std() / np.sqrt(len(sizes))
    assert sizes.min() == 1 and sizes.max() == 60
    assert np.median(sizes) <= mean and np.quantile(sizes, 0.99) >= min(3 * mean, 59)


@pytest.mark.parametrize(("size", "span"), [(1.0, 10), (8.0, 10), (8.0, 1), (20.0, 60)])
def test_campaigns_change_when_ideas_come_and_not_how_many(size, span):
    sc = LONG.with_(campaign_size=size, campaign_span=span, days=5000, cooldown=0)
    born, domain = _campaigns(sc, np.random.default_rng(2))
    rate = sc.idea_rate * sc.departments
    error = np.sqrt(2 * size / (rate * sc.days))  # of the mean, relative: geometric numbers of them come together
    assert len(born) / sc.days == pytest.approx(rate, rel=5 * error)
    assert (np.diff(born) >= 0).all() and born[0] >= 0 and born[-1] < sc.days
    assert np.mean(born < 2500) == pytest.approx(0.5, abs=5 * error)
    beside = [np.sum((domain == d) & (np.abs(born - day) < span)) - 1 for day, d in zip(born[::50], domain[::50], strict=True)]
    alone = rate * (2 * span - 1) / sc.departments  # others of the domain, if all came singly
    assert (np.mean(beside) > alone + size / 2) == (size > 1)


def test_repairs_are_no_lottery():
    assert (draw_world(LONG, 1).causes["hours"] == LONG.h_case).all()
