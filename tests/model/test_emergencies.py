"""Emergencies: who comes in the first hours, what it costs them, and what is left for the days after."""

import numpy as np
import pytest

from agents.department import KINDS, RESPOND
from agents.leader import COMMAND, DISTRICT
from agents.queues import put
from agents.work import BINDING, PLAIN, Act
from model.day import arise
from model.directives import issue_and_transmit
from model.governance import GovernanceModel
from model.scenario import Scenario

QUIET = dict(streets=2, departments=5, cadres=5, residents=10, days=35, burn_in=0, emergency_rate=0.0, idea_rate=0.0,
             h_feedback=0.0)


def logistic(x):
    return 1 / (1 + np.exp(-x))


def morning(summon=False, owed=0.0, priority=BINDING, emergencies=1, called_on=0.0, **changes):
    """A first day on which street 0 has emergencies, and nothing else to think of."""
    m = GovernanceModel(Scenario(**{**QUIET, **changes}), rng=4)
    m.district.powers[0].summon = summon
    m.streets.called_on[0] = called_on
    for _ in range(emergencies):
        m.inject("emergency", 0)
    for k in range(QUIET["departments"] if owed else 0):
        put(m.district.department_work.handle, 0, len(KINDS) * k + RESPOND, Act.RESPOND, m.district.at[0].none, k, owed,
            0, priority, 0.5)
    arise(m.district.handle)
    issue_and_transmit(m.district.handle)
    return m


def came(m):
    """The emergencies of the day."""
    return m.emergencies[m.emergencies.until >= 0]


def summoned_hours(m):
    q = m.district.department_work
    fresh = q.fresh[:q.head[0].fresh]
    return fresh["left"][fresh["act"] == Act.SUMMONED]


ALONE = -1 + 2 * 0.5 + 2 * (1 - 0) + 2 * 0.5 * 0.5
"""Knowledge .5, nothing prescribed, trust and ties .5, nobody idle yesterday: 2.5."""
THERE = 1.5 * 0.8 * (2 * 0.5 - 0.3)
"""What departments add that are there and free: .84."""


def test_a_street_that_may_summon_has_departments_there_at_once():
    m = morning(summon=True)
    assert came(m).first[0] == pytest.approx(logistic(ALONE + THERE))
    assert m.now.summon_hours == 0
    np.testing.assert_allclose(summoned_hours(m), [2 * 4 / 0.8] * 3)  # three departments, 2 h a head, ÷ reach


def test_the_leader_summons_for_an_hour_and_they_come_after_it():
    m = morning()
    assert m.district.leaders.given[DISTRICT, COMMAND] == pytest.approx(8.0)  # nothing else waits for them
    assert came(m).first[0] == pytest.approx(logistic(ALONE + 7 / 8 * THERE))
    assert m.now.summon_hours == 1 and m.now.emergency_command == pytest.approx(7.0)
    assert len(summoned_hours(m)) == 3


def test_the_second_waits_longer():
    first, second = came(morning(emergencies=2)).summoned
    assert (first, second) == (pytest.approx(7 / 8), pytest.approx(6 / 8))


def test_without_an_hour_of_command_nobody_is_summoned():
    m = morning(h_bind=8.0)
    assert came(m).first[0] == pytest.approx(logistic(ALONE))
    assert m.now.emergency_command == pytest.approx(8.0) and not len(summoned_hours(m))


@pytest.mark.parametrize(("owed", "priority", "free"), [
    (48.0, BINDING, 0.5), (500.0, BINDING, 0.0), (48.0, PLAIN, 1.0)])  # of 3 days of 4 people, 96 h
def test_departments_bound_elsewhere_help_less(owed, priority, free):
    assert came(morning(summon=True, owed=owed, priority=priority)).first[0] == pytest.approx(logistic(ALONE + free * THERE))


@pytest.mark.parametrize(("knowledge", "adds"), [(0.6, 2.0 * 0.25 * 0.5), (0.2, 2.0 * 0.25 * -0.3)])
def test_residents_called_on_help_where_the_place_is_known_and_are_in_the_way_where_not(knowledge, adds):
    with_, without = (came(morning(called_on=share, knowledge=knowledge)).first[0] for share in (0.25, 0.0))
    assert np.log(with_ / (1 - with_)) - np.log(without / (1 - without)) == pytest.approx(adds)


def test_an_emergency_concerns_the_same_departments_in_every_regime():
    sides = [morning(summon=summon).district.department_work for summon in (True, False)]
    a, b = (sorted(q.fresh["site"][:q.head[0].fresh][q.fresh["act"][:q.head[0].fresh] == Act.SUMMONED]) for q in sides)
    assert a == b and len(set(a)) == 3


def test_the_drain_of_bound_departments_shows_in_the_days_after():
    """Success ÷ first hours three days on; departments owe more than they have all the time."""
    after = []
    for drain in (0.0, 0.5):
        m = morning(summon=True, owed=5000.0, drain=drain, core_rate=0.0, need_rate=0.0)
        m.departments.core_quality = 1.0
        given = m.now.emergency_command
        m.now.day += 3
        m.now.command_given = 3 * given
        arise(m.district.handle)
        after.append(came(m).success[0] / came(m).first[0])
    assert after == [pytest.approx(logistic(-1 + 2 * given / 8 + 2 * (1 - drain))) for drain in (0.0, 0.5)]
