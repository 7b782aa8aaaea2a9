"""Cases closed unsolved come back; those called on pass needs on and help; a cheaper channel becomes known by use."""

import numba
import numpy as np
import pytest

from agents.calendar import Due, later
from agents.work import NEVER, Act, Fate
from model import cases, supervision
from model.endings import close
from model.governance import GovernanceModel
from model.measures import MEASURES
from model.needs import hear_residents
from model.scenario import Scenario

TINY = dict(streets=2, departments=5, cadres=2, residents=10, days=100, burn_in=0, civic_hours=10.0, civic_sd=0.0,
            voice_cost=0.0)
SOMEBODY, ROW = 3, 0
"""A resident of the first street, and their need."""
near = pytest.approx


@numba.njit
def begin_cases(d, rows):
    cases.begin_cases(d, rows)


@numba.njit
def sanction(d, copies, of):
    supervision.sanction(d, copies, of)


def voiced(**changes):
    """A district in which somebody voices a need on day 10; nothing is known there, and it can only be felt."""
    m = GovernanceModel(Scenario(**{**TINY, **changes}), rng=4)
    p = m.problems[ROW]
    p.street, p.resident, p.born, p.reasonable, p.fate = 0, SOMEBODY, 8, True, Fate.LATENT
    p.hours, p.tacit, p.cause, m.desks.knowledge, m.desks.residents_weight = 5.0, 1.0, -1, 0.0, 0.0
    look(m, 10)
    assert (p.fate, p.voiced, p.called, p.calls) == (Fate.OPEN, 10, 10, 1)
    return m, p


def look(m, day):
    m.now.day = day
    later(m.district.calendar.handle, Due.LOOK, day, ROW)
    hear_residents(m.district.handle)


def work_on_it(m, day):
    """Somebody works the case off that day, which cannot help."""
    m.now.day = day
    m.district.worked.values[0], m.district.worked.count[0] = ROW, 1
    close(m.district.handle)


def end_of(m, day):
    m.now.day = day
    close(m.district.handle)


def asked_back(m):
    return [e.act for e in m.district.errands[:m.now.errands]].count(Act.CALLBACK)


# --- closed unsolved ----------------------------------------------------------------------------------------------


def test_a_fix_that_failed_is_the_residents_to_voice_again():
    m, p = voiced()
    work_on_it(m, 12)
    assert (p.fate, p.measured, p.closed, p.attempt) == (Fate.LATENT, True, -1, 1)
    assert m.now.open_cases == 0 and m.district.died[ROW] == 12 and asked_back(m) == 0
    hear_residents(m.district.handle)  # the same day nobody looks at it
    assert p.fate == Fate.LATENT
    m.now.day = 17
    hear_residents(m.district.handle)
    assert (p.fate, p.voiced, p.called, p.calls, p.measured) == (Fate.OPEN, 10, 17, 2, False)
    assert m.district.died[ROW] == NEVER
    assert (m.district.days.voiced.sum(), m.district.days.repeats.sum()) == (2, 1)
    assert m.residents.civic_used[SOMEBODY] == near(1.0)  # the second call costs as much as the first


def test_a_call_finds_that_a_fix_failed_and_work_goes_on():
    m, p = voiced()
    m.district.powers.call_back = True
    work_on_it(m, 12)
    assert (p.fate, p.attempt, asked_back(m)) == (Fate.OPEN, 1, 1)
    assert np.isnan(p.satisfaction) and m.district.days.repeats.sum() == 0


@pytest.mark.parametrize("call_back", [False, True])
def test_a_false_closure_stands_unless_residents_are_called(call_back):
    m, p = voiced()
    m.district.powers.call_back = call_back
    m.desks.residents_weight = 2.0  # half of it a month is certain
    end_of(m, 25)
    assert p.fate == Fate.OPEN  # due on day 25
    end_of(m, 26)
    assert (p.fate == Fate.OPEN) == call_back and p.measured == (not call_back)
    assert asked_back(m) == call_back


def test_who_watches_prevents_false_closures():
    m, p = voiced()
    m.desks.residents_weight, m.streets.called_on[0] = 2.0, 1.0
    end_of(m, 26)
    assert p.fate == Fate.OPEN


def test_the_time_allowed_counts_from_the_last_call():
    m, p = voiced()
    m.desks.residents_weight = 2.0
    work_on_it(m, 12)
    m.now.day = 17
    hear_residents(m.district.handle)
    end_of(m, 26)
    assert p.fate == Fate.OPEN  # of the first call
    end_of(m, 33)
    assert p.fate == Fate.LATENT  # 17 + 15 + 1


def test_what_ends_closed_on_paper_is_false():
    m, p = voiced()
    work_on_it(m, 12)
    later(m.district.calendar.handle, Due.EXPIRE, 14, ROW)
    end_of(m, 14)
    assert (p.fate, p.closed) == (Fate.FALSE, 14)
    assert sum(m.accounts()["problems"].values()) == m.accounts()["begun"]["problems"]


def test_satisfaction_on_paper_exists_only_where_residents_are_called():
    small = Scenario(streets=2, departments=6, cadres=6, residents=60, days=60, burn_in=20)
    layered, whistle = (GovernanceModel(small, regime, rng=1).run().measures() for regime in ("layered", "whistle"))
    assert layered["measured_satisfaction"] is None and layered["satisfaction"] > 0
    assert whistle["measured_satisfaction"] > 0
    assert layered["repeat_share"] > whistle["repeat_share"]


# --- those called on ----------------------------------------------------------------------------------------------


def unvoiced(rows=200, **changes):
    """A district of needs nobody voices by themselves, where all are called on."""
    m = GovernanceModel(Scenario(**{**TINY, "voice_cost": 2.0, "inform": 2.0, **changes}), rng=4)
    p, m.now.day = m.problems, 11
    p.fate[:rows], p.voice_luck[:rows], p.born[:rows] = Fate.LATENT, 1.0, 1
    m.streets.called_on, m.streets.volunteer_hours = 1.0, 60.0
    for row in range(rows):
        later(m.district.calendar.handle, Due.LOOK, 11, row)
    return m


def test_needs_passed_on_cost_those_who_pass_them_on():
    m = unvoiced()
    hear_residents(m.district.handle)
    p, today = m.problems, m.district.days[11]
    opened = (p.fate[:200] == Fate.OPEN).sum()
    assert 100 < opened == today.passed_on == today.voiced < 200  # of 200, 1 − exp(−2) = .86 at most
    assert m.residents.civic_used.sum() == near(0.5 * opened)
    assert m.streets.volunteers_used.sum() == near(0.5 * opened) == near(today.volunteer_hours)
    assert (m.residents.civic_used <= 10.5).all()
    assert m.cadres.outreach_due.sum() == near(m.scenario.h_outreach * 4 + 0.1 * 0.5 * opened)


@pytest.mark.parametrize("changes", [{"inform": 0.0}, {"civic_hours": 0.0}])
def test_nobody_passes_on_without_readiness_or_hours(changes):
    m = unvoiced(**changes)
    hear_residents(m.district.handle)
    assert m.district.days[11].passed_on == 0
    later(m.district.calendar.handle, Due.LOOK, 15, 0)
    assert (m.problems.fate[:200] == Fate.LATENT).all()


def test_volunteers_pass_on_no_more_than_they_have_hours_for():
    m = unvoiced()
    m.streets.volunteer_hours = 4.9
    hear_residents(m.district.handle)
    assert m.district.days[11].passed_on == 2 * 9  # half an hour each, on two streets


@pytest.mark.parametrize(("ties", "tacit", "left"), [(1.0, 0.5, 7.6), (0.5, 0.5, 8.8), (0.0, 0.5, 10.0), (1.0, 0.6, 10.0)])
def test_neighbours_save_work_by_their_ties_on_plain_cases(ties, tacit, left):
    """Four neighbours with an hour each; an hour saves .6 h where ties are full."""
    m, p = voiced(civic_hours=1.0, h_errand=0.0, psi=0.0)
    m.district.powers.volunteers, m.now.day = True, 10
    p.hours, p.tacit, p.authority, p.parts, m.cadres.ties, m.desks.knowledge = 10.0, tacit, False, 1, ties, 0.5
    m.streets.volunteer_hours = 5 * 99.0
    begin_cases(m.district.handle, np.array([ROW]))
    d = m.district
    work = d.desk_work.fresh[d.desk_work.head[0].fresh - 1]
    assert (work.act, work.thing, work.left) == (Act.CASEWORK, ROW, near(left))
    assert p.given == near(m.residents.civic_used.sum() - 0.5, abs=1e-6)
    assert p.given == near((10 - left) / 0.6 / ties if left < 10 else 0, abs=1e-6)
    if left < 10:
        grid = np.arange(5)
        helpers = np.setdiff1d(grid, [SOMEBODY])
        assert m.residents.civic_used[helpers] == near(1.0)


def test_a_petition_takes_the_time_of_the_grid_and_fails_without():
    for hours, petitions in ((10.0, 1), (0.0, 0)):
        m = GovernanceModel(Scenario(**{**TINY, "civic_hours": hours}), rng=4)
        m.streets.level, m.cadres.ties, m.streets.called_on = 1.0, 1.0, 1.0
        sanction(m.district.handle, np.array([0]), np.array([1]))
        assert (m.district.days[0].petitions, m.district.days[0].sanctions) == (petitions, 1 - petitions)
        assert m.residents.civic_used == near([0.0] * 5 + [0.1 * petitions] * 5 + [0.0] * 10)


# --- a cheaper channel ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("knows", "contact", "speaks"), [(False, 0.5, False), (True, 0.5, True), (True, 1.0, False)])
def test_a_cheaper_channel_helps_who_knows_of_it(knows, contact, speaks):
    m = GovernanceModel(Scenario(**{**TINY, "voice_cost": 0.5}), rng=4)
    p = m.problems[ROW]
    p.resident, p.street, p.fate, p.severity, p.voice_luck = SOMEBODY, 0, Fate.LATENT, 0.5, 0.3
    m.residents.knows[SOMEBODY], m.district.powers.contact = knows, contact
    look(m, 10)
    assert (p.fate == Fate.OPEN) == speaks  # worth .25: a chance of .2 at a cost of .5, and of .5 at .25


@pytest.mark.parametrize(("tell", "contact", "known"), [(1.0, 0.5, [0, 1, 2, 3, 4]), (0.0, 0.5, [3]), (1.0, 1.0, [])])
def test_callers_know_of_it_and_tell_their_neighbours(tell, contact, known):
    m = GovernanceModel(Scenario(**{**TINY, "tell": tell}), rng=4)
    p = m.problems[ROW]
    p.resident, p.street, p.fate = SOMEBODY, 0, Fate.LATENT
    m.district.powers.contact = contact
    look(m, 10)
    assert p.fate == Fate.OPEN
    assert np.flatnonzero(m.residents.knows).tolist() == known


def test_announcements_reach_the_same_residents_whoever_calls():
    m = GovernanceModel(Scenario(streets=1, departments=3, cadres=3, residents=2000, days=35, burn_in=1, ads=0.1),
                        "layered+contact=.5", rng=3)
    m.run(1)
    assert not m.residents.knows.any()
    m._switch()
    assert m.residents.knows.mean() == near(0.1, abs=0.03)
    assert (m.residents.knows == (m.world.hears < 0.1)).all()


# --- measures -------------------------------------------------------------------------------------------------------


def test_hours_for_the_loudest_tenth_by_hand():
    m = GovernanceModel(Scenario(**TINY), rng=4)  # 20 residents: the loudest two
    p, m.now.day = m.problems, 90
    p.born[:], p.calls[:] = NEVER, 0
    for row, (who, calls, hours) in enumerate([(7, 3, 5.0), (7, 1, 1.0), (2, 2, 3.0), (9, 2, 1.0), (4, 1, 2.0)]):
        p.born[row], p.resident[row], p.calls[row], p.given[row] = 20, who, calls, hours
    # resident 7 called four times and had 6 h; 2 and 9 share the second place, 2 h each on average; of 12 h
    assert MEASURES["loudest_tenth"].of(m) == near(8 / 12)


def test_demand_is_against_the_two_months_before():
    m = GovernanceModel(Scenario(**{**TINY, "burn_in": 60}), rng=4)
    m.now.day = 100
    voiced = m.district.days.voiced
    voiced[:18], voiced[18:60], voiced[60:100] = 99, 4, 6
    assert MEASURES["demand"].of(m) == near(1.5)
