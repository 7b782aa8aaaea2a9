"""Several things of one kind on one day: none is lost, and none counts differently than on days of their own."""

import numpy as np
import pytest

from model.governance import GovernanceModel
from model.scenario import Scenario
from model.street import arrive

TINY = dict(streets=2, departments=5, cadres=5, residents=10, days=35, burn_in=0)


def district(**changes):
    """A district on its first day, before anything has happened."""
    return GovernanceModel(Scenario(**{**TINY, **changes}), rng=4)


def come_down(m, *ideas):
    """These ideas reach the cadres of all streets today."""
    ideas = np.array(ideas)
    arrive(m, ideas, np.repeat(ideas, m.scenario.streets), m.all_streets(len(ideas)))


# --- directives that contradict ---------------------------------------------------------------------------------


def wasted(domains, prescribed, targets=(1.0, 1.0), one_day=True):
    """Hours wasted by each of two directives on every street (ideas × streets)."""
    m = district(items=0)
    d, pair = m.directives, [0, 1]
    d.domain[pair], d.x[pair], d.target[pair] = domains, np.array([prescribed]).T, np.array([targets]).T
    if one_day:
        come_down(m, *pair)
    else:
        come_down(m, 0)
        m.day += 1
        come_down(m, 1)
    return (d.total_hours - d.exec_hours)[pair]


ONCE = 6.5 * 1.3
"""Hours to carry out a directive without resources, target 1."""


@pytest.mark.parametrize("one_day", [True, False])
@pytest.mark.parametrize("targets", [(1.0, 2.0), (2.0, 1.0)])
def test_opposite_directives_of_neighbours_waste_hours_also_on_one_day(one_day, targets):
    """DESIGN §4: .15 of the smaller's hours, borne by the one that comes later."""
    lost = wasted((1, 2), (0.1, 0.9), targets, one_day)
    np.testing.assert_allclose(lost, [[0, 0], [0.15 * ONCE] * 2], atol=1e-12)


@pytest.mark.parametrize(("domains", "prescribed"), [((1, 3), (0.1, 0.9)), ((1, 1), (0.1, 0.9)), ((1, 2), (0.3, 0.6))])
def test_others_waste_none(domains, prescribed):
    np.testing.assert_allclose(wasted(domains, prescribed), 0, atol=1e-12)
