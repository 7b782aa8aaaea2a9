"""Several things of one kind on one day: none is lost, and none counts differently than on days of their own."""

import numpy as np
import pytest
from waiting import in_queues, waiting

from agents.calendar import Due, later
from agents.places import TARGETS
from agents.resident import ITEM_CIVIC, ITEM_TRUST
from agents.things import LOGGED
from agents.work import NEVER, Act, Course, Fate
from model.assign import settle
from model.directives import merge
from model.endings import close
from model.governance import GovernanceModel
from model.labour import open_desks
from model.measures import MEASURES
from model.month import look_back
from model.needs import hear_residents
from model.scenario import Scenario
from model.street import arrive, end_copy, fit_now, fresh_items
from model.structure import cut_streets
from model.supervision import look_at_copies

TINY = dict(streets=2, departments=5, cadres=5, residents=10, days=35, burn_in=0)


def district(**changes):
    """A district on its first day, before anything has happened."""
    return GovernanceModel(Scenario(**{**TINY, **changes}), rng=4)


def come_down(m, *ideas):
    """These ideas reach the cadres of all streets today."""
    arrive(m.district.handle, np.array(ideas))


def of_ideas(m, values):
    """A column of copies as ideas × streets."""
    return values.reshape(len(m.ideas), -1)


# --- directives that contradict ---------------------------------------------------------------------------------


def wasted(domains, prescribed, targets=(1.0, 1.0), one_day=True):
    """Hours wasted by each of two directives on every street (ideas × streets)."""
    m = district(items=0)
    c, pair = m.copies, [0, 1]
    m.ideas.domain[pair] = domains
    of_ideas(m, c.domain)[pair], of_ideas(m, c.x)[pair] = np.array([domains]).T, np.array([prescribed]).T
    of_ideas(m, c.target)[pair] = np.array([targets]).T
    if one_day:
        come_down(m, *pair)
    else:
        come_down(m, 0)
        m.now.day += 1
        come_down(m, 1)
    return of_ideas(m, c.total_hours - c.exec_hours)[pair]


ONCE = 4.0 * 1.3
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


# --- what happens to one resident -------------------------------------------------------------------------------

SOMEBODY = 3


def needs_of_somebody(m, *born):
    """The first needs of the world are those of one resident, arisen on these days."""
    rows, p = np.arange(len(born)), m.problems
    p.street[rows], p.resident[rows], p.born[rows] = 0, SOMEBODY, born
    p.reasonable[rows], p.fate[rows] = True, Fate.LATENT
    return rows


def looked_at(m, rows, day):
    """Somebody looks at these needs today."""
    m.now.day = day
    for row in rows:
        later(m.district.calendar.handle, Due.LOOK, day, row)
    hear_residents(m.district.handle)
    return np.flatnonzero(m.problems.fate[rows] == Fate.OPEN).tolist()


def trust(m, residents):
    """Trust of residents, today."""
    return m.streets.level[m.residents.street[residents]] + m.residents.distance[residents] * m.now.scale


def relieved(m, rows):
    """The cause of these cases was repaired today: they end solved, all at the end of the day."""
    ended = m.district.relieved
    ended.values[:len(rows)], ended.count[0] = rows, len(rows)
    close(m.district.handle)


def expired(m, rows):
    """The patience of those who wait ends today: the cases end unsolved."""
    for row in rows:
        later(m.district.calendar.handle, Due.EXPIRE, m.day, row)
    close(m.district.handle)


def after_cases(m, rows, batches, ending=relieved):
    """Trust, expectation and the satisfaction with each case once these have ended, batch by batch."""
    m.problems.fate[rows], m.problems.voiced[rows], m.now.day = Fate.OPEN, m.problems.born[rows], 10
    for batch in batches:
        ending(m, batch)
    assert (m.problems.fate[rows] == (Fate.SERVED if ending is relieved else Fate.EXPIRED)).all()
    return float(trust(m, SOMEBODY)), float(m.residents.expectation[SOMEBODY]), m.problems.satisfaction[rows]


def test_a_resident_learns_from_both_cases_of_a_day():
    m = district()
    trust, expectation, satisfaction = after_cases(m, needs_of_somebody(m, 10, 10), [[0, 1]])
    assert trust == pytest.approx(0.595)  # .5 → .55 → .595
    assert expectation == pytest.approx(0.755)  # .5 → .65 → .755
    assert list(satisfaction) == [1, 1]


@pytest.mark.parametrize("ending", [relieved, expired])
@pytest.mark.parametrize("rows", [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
def test_cases_of_one_resident_count_from_the_oldest_in_whatever_order_they_end(rows, ending):
    m, one_by_one = district(), district()
    born = (7, 9, 4)
    expected = after_cases(one_by_one, needs_of_somebody(one_by_one, *born), [[2], [0], [1]], ending)
    got = after_cases(m, needs_of_somebody(m, *born), [rows], ending)
    assert got[:2] == pytest.approx(expected[:2])
    assert got[2] == pytest.approx(expected[2])


@pytest.mark.parametrize(("hours", "voiced"), [(0.0, []), (0.4, [2]), (0.5, [2]), (0.9, [0, 2]), (1.1, [0, 1, 2])])
def test_needs_are_voiced_from_the_oldest_while_any_civic_hours_are_left(hours, voiced):
    m = district(civic_hours=hours, civic_sd=0.0, voice_cost=0.0)
    assert looked_at(m, needs_of_somebody(m, 7, 9, 4), day=10) == voiced
    assert m.residents.civic_used[SOMEBODY] == pytest.approx(0.5 * len(voiced))


def test_what_a_log_says_was_voiced_is_voiced_beyond_the_hours():
    m = district(civic_hours=0.5, civic_sd=0.0, voice_cost=0.0)
    rows = needs_of_somebody(m, 7, 9, 4)
    m.problems.voice_luck[rows] = [LOGGED, 0.0, LOGGED]
    assert looked_at(m, rows, day=10) == [0, 2]


def test_a_household_asked_twice_a_day_feels_both():
    m = district(departments=25)
    come_down(m, *range(20))
    res, everybody = m.residents, np.arange(20)
    assert res.civic_used.max() > ITEM_CIVIC * m.scenario.items  # asked by more than one directive
    lost = 0.5 - trust(m, everybody)
    np.testing.assert_allclose(lost, ITEM_TRUST * res.civic_used / ITEM_CIVIC, atol=1e-7)  # single precision


# --- data asked for more than once ------------------------------------------------------------------------------


def asked_today(*ideas, fresh=10, offices=5):
    """Items collected for each of these (domain, items), and how many of them another office had fresh."""
    m = district(items=3, fresh=fresh)
    m.district = m.district.copy()  # what was drawn belongs to all runs of a seed
    cut_streets(m.district, m.scenario, offices)
    rows = np.arange(len(ideas))
    m.ideas.domain[rows], m.district.drawn.items[rows] = [d for d, _ in ideas], [items for _, items in ideas]
    collected = [fresh_items(m.district.handle, row) for row in rows]
    return collected, duplicates(m), m


def duplicates(m):
    """Of today, a street."""
    return m.district.days.duplicates[m.day] / m.scenario.streets


COMMON = [1, 2, 3]
OWN = [61, 62, 63]
"""Items from the pool of one domain (the common pool has 60)."""


@pytest.mark.parametrize("fresh", [0, 10])
def test_items_two_offices_ask_for_on_one_day_are_asked_for_twice(fresh):
    assert asked_today((0, COMMON), (3, COMMON), fresh=fresh)[:2] == ([3, 3], 3)
    assert asked_today((0, COMMON), (2, [3, 4, 5]), (4, [3, 4, 9]), fresh=fresh)[:2] == ([3, 3, 3], 1 + 2)


@pytest.mark.parametrize("fresh", [0, 10])
def test_one_office_collects_an_item_once_a_day(fresh):
    assert asked_today((0, COMMON), (3, COMMON), offices=1, fresh=fresh)[:2] == ([3, 0], 0)
    assert asked_today((2, OWN), (2, OWN), fresh=fresh)[:2] == ([3, 0], 0)
    assert asked_today((2, [7, 7, 7]), fresh=fresh)[:2] == ([1], 0)


def test_items_of_different_domains_are_different_items():
    assert asked_today((0, OWN), (3, OWN))[:2] == ([3, 3], 0)


@pytest.mark.parametrize(("later", "again"), [(9, 3), (10, 0)])
def test_asking_on_another_day_counts_while_the_first_is_fresh(later, again):
    m = asked_today((0, COMMON), (3, COMMON))[2]
    m.ideas.domain[1], m.now.day = 4, later
    assert fresh_items(m.district.handle, 1) == 3
    assert duplicates(m) == again


# --- the end of a directive -------------------------------------------------------------------------------------

@pytest.mark.parametrize(("days_late", "value"), [(0, 1.0), (1, 0.8), (2, 0.8)])
def test_what_was_done_by_the_last_day_counts_in_full_whenever_the_rest_is(days_late, value):
    """DESIGN §4: full value in time, half after; here .6 was done in time and .4 on the day the copy ends."""
    m = district(items=0, streets=1)
    d, c = m.district.handle, m.copies[0]
    come_down(m, 0)
    c.done_hours = 0.6 * c.total_hours
    m.now.day = c.deadline
    if days_late:
        look_at_copies(d, m.day, True)
        m.now.day += days_late
    c.done_hours = c.total_hours
    end_copy(d, 0, Course.DONE)
    assert c.value_got == pytest.approx(value * fit_now(d, 0, c.adapted))
    assert (m.desks.every[:, TARGETS].sum(), m.desks.good[:, TARGETS].sum()) == (1, days_late == 0)


# --- what has ended ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize("regime", ["layered", "whistle"])
def test_no_hour_goes_to_what_ended_on_an_earlier_day(regime):
    """DESIGN §6.2: queues shed what is withdrawn or expired."""
    m = GovernanceModel(Scenario(streets=2, days=40, burn_in=10, load=1.5), regime, rng=3)
    at, died = m.district.at[0], m.district.died
    for _ in range(50):
        before = died.copy()
        m.step()
        before[np.flatnonzero(m.problems.called == m.day - 1)] = NEVER  # what was closed on paper may be voiced again
        for queues in (m.district.department_work, m.district.desk_work):
            served = in_queues(queues)
            served = served[served.given > 0]
            assert len(served)
            assert (before[served.thing] == NEVER).all()
    assert (died[at.jobs:at.ideas] < NEVER).any() and (died[at.copies:at.jobs] < NEVER).any()


@pytest.mark.parametrize("act", [Act.HANDOFF, Act.REQUEST])
def test_a_request_or_hand_off_made_is_paid_though_its_case_ends(act):
    """It has acted: the hours it cost are owed."""
    m = GovernanceModel(Scenario(**{**TINY, "need_rate": 0.3, "load": 2.0, "life_share": 1.0, "spot": 0.0,
                                    "authority_share": 0.7, "h_request": 8.0}), rng=4).run(15)
    d = m.district.handle

    def waits(kind):
        return np.count_nonzero(waiting(m.district.desk_work).act == kind)

    before, cases = waits(act), waits(Act.CASEWORK)
    for row in np.flatnonzero(m.problems.fate == Fate.OPEN):
        settle(d, row, Fate.UNSOLVED)
    look_back(d)
    m.now.day += 1
    open_desks(d)
    assert waits(act) == before > 0
    assert waits(Act.CASEWORK) == 0 < cases


def test_the_register_counts_from_the_week_its_reading_is_paid_for():
    m = GovernanceModel(Scenario(**{**TINY, "burn_in": 2}), "layered+triage", rng=4)
    waits = []
    for _ in range(10):
        m.step()
        waits.append(bool(m.now.register_waits))
    assert waits == [False] * 4 + [True] * 6  # the switch is within the first week


@pytest.mark.parametrize("counted", [0, 1])
def test_of_merged_ideas_each_gets_what_their_carrier_got_whichever_arose_in_the_window(counted):
    m = GovernanceModel(Scenario(**TINY), "layered+merge_tasks", rng=4)
    ideas, pair = m.ideas, np.array([0, 1])
    ideas.domain[pair], ideas.luck[pair], ideas.course[pair] = 0, [0.1, 0.9], Course.WAITING
    assert merge(m.district.handle, pair.copy()).tolist() == [0]
    of_ideas(m, m.copies.value_got)[0] = 0.8
    ideas.born, ideas.born[counted], m.now.day = m.scenario.horizon, 0, m.scenario.horizon
    assert MEASURES["served_policy"].of(m) == pytest.approx(0.8)
