"""Discretion: a street sets part of the how aside where the order seems further off than its own way would be."""

import numpy as np
import pytest

from agents.leader import BY_STREET
from model.governance import GovernanceModel
from model.scenario import Scenario
from model.street import arrive


def specificity(x, belief, knowledge=0.5, discretion=0.5, **changes):
    """Specificity of a copy on arrival, .6 as it comes."""
    m = GovernanceModel(Scenario(streets=2, departments=5, cadres=5, residents=10, days=35, burn_in=0, items=0,
                                 knowledge=knowledge, **changes), rng=4)
    m.district.powers[0].discretion = discretion
    m.beliefs[BY_STREET][:] = belief
    m.copies.x[:2], m.copies.s[:2] = x, 0.6
    arrive(m.district.handle, np.array([0]))
    used = m.district.days[0].set_aside
    assert used == 2 * (m.copies.s[0] < 0.6)
    return m.copies.s[0]


def test_it_is_used_where_the_order_seems_further_off_than_the_street_would_be():
    """v_err .15, over .2: the street expects to err by .15 × (1 − .7) = .045."""
    assert specificity(0.5, 0.56) == pytest.approx(0.3)
    assert specificity(0.5, 0.54) == pytest.approx(0.6)
    assert specificity(0.5, 0.54, over=0.4) == pytest.approx(0.3)  # expects .015
    assert specificity(0.5, 0.56, knowledge=0.1) == pytest.approx(0.6)  # expects .105
    assert specificity(0.5, 0.9, discretion=0.8) == pytest.approx(0.12)


def test_without_the_power_nothing_is_set_aside():
    assert specificity(0.5, 0.9, discretion=0.0) == pytest.approx(0.6)


def test_a_street_that_overrates_itself_can_be_worse_off():
    """Order right, belief wrong, knowledge little: misfit grows from 0 to the street's own error."""
    assert specificity(0.5, 0.8, knowledge=0.05, over=0.4, v_err=0.5) == pytest.approx(0.3)
