"""What levels do in a run: cards, hours of rating and calling back, whistles with time, direct calls, centre, patrol."""

from dataclasses import replace

import numpy as np
import pytest

from agents.cadre import PATROL
from agents.rules import Rules
from agents.things import INJECTED
from agents.work import BINDING, PLAIN, Act, Fate, Pushed
from model.governance import GovernanceModel
from model.scenario import Scenario

TINY = dict(streets=2, departments=5, cadres=5, residents=20, days=35, burn_in=0, cooldown=0)


def district(regime, **changes):
    """A district on its first morning under a regime, before anything has happened."""
    m = GovernanceModel(Scenario(**{**TINY, **changes}), regime, rng=4)
    m._begin_day()
    return m


def waiting(m, act):
    """What waits at departments for an activity."""
    q = m.district.department_work
    return [w for w in q.fresh[:q.head[0].fresh] if w.act == act] + [
        w for k in range(len(q.start)) for w in q.work[q.start[k]:q.stop[k]] if w.act == act]


# --- cards ------------------------------------------------------------------------------------------------------------


def test_the_card_from_above_is_shares_of_its_sum():
    m = GovernanceModel(Scenario(**TINY, weigh_paperwork=0.2, weigh_execute=0.2, weigh_residents=0.1, weigh_core=0.9), rng=1)
    np.testing.assert_allclose(m.cadres.weights[0], [0.4, 0.4, 0.2])
    np.testing.assert_allclose(m.departments.weights[0], np.array([0.9, 0.45, 0.1]) / 1.45)
    np.testing.assert_allclose(m.cadres.own[0], [0.8, 1.0, 1.2, 1.0, 1.2, 1.0])


@pytest.mark.parametrize(("regime", "wanted"), [
    ("layered", [0.5, 0.35, 0.15]), ("layered+sigma_street=.25", [0.375, 0.2625, 0.3625]),
    ("layered+sigma_street=1", [0.05, 0.05, 1.0])])  # no weight falls below .05
def test_a_cadres_card_is_a_mean_of_above_and_all_on_residents(regime, wanted):
    m = GovernanceModel(Scenario(**TINY, learning_rate=1.0), regime, rng=1).run(21)
    np.testing.assert_allclose(m.cadres.weights, np.tile(wanted, (len(m.cadres), 1)))


@pytest.mark.parametrize(("regime", "kindness", "wanted"), [
    ("layered", 0.2, [0.45, 0.45, 0.1]),
    ("layered+call_back+sigma_department=.25", 0.2, [0.3375, 0.3375, 0.325]),  # .75 of .1, and .25
    # nobody asked, so half in time: with kindness .2 the rating is .6, and .25 counts as .225, in .975 in all
    ("layered+rate_departments", 0.2, [0.3375 / 0.975, 0.3375 / 0.975, 0.3 / 0.975]),
    ("layered+rate_departments", 1.0, [0.3375 / 0.875, 0.3375 / 0.875, 0.2 / 0.875])])
def test_a_departments_card_is_one_of_above_and_all_on_answering(regime, kindness, wanted):
    m = GovernanceModel(Scenario(**TINY, learning_rate=1.0, kindness=kindness, need_rate=0.0, disturb_rate=0.0),
                        regime, rng=1).run(21)
    np.testing.assert_allclose(m.departments.weights, np.tile(wanted, (len(m.departments), 1)))


def test_leaders_weigh_the_same_under_every_regime():
    for regime in ("layered", "whistle", "hotline"):
        assert (GovernanceModel(Scenario(**TINY), regime, rng=1).run().leaders.weights == [0.6, 0.2, 0.2]).all()


# --- hours of assessment from below -----------------------------------------------------------------------------------


def hours(m, act):
    return float(m.record.hours[m.scenario.burn_in:, :, act].sum())


def test_a_rating_costs_an_hour_a_department_street_and_month_on_both_sides():
    m = GovernanceModel(Scenario(**{**TINY, "burn_in": 21, "days": 42}), "layered+rating", rng=1).run()
    # asked for at a month's end: of two months the first asks for what the second does
    assert hours(m, Act.RATING) == pytest.approx(2 * 5)
    assert hours(m, Act.RATED) == pytest.approx(2 * 5)
    none = GovernanceModel(Scenario(**TINY), "layered+two_way-rating-sigma_department", rng=1).run()
    assert hours(none, Act.RATING) == hours(none, Act.RATED) == 0


def test_a_call_back_costs_its_hours_for_every_case_that_ends_and_every_fix_that_failed():
    m = GovernanceModel(Scenario(**TINY, h_callback=0.2, need_rate=0.1), "layered+call_back", rng=1)
    asked = 0
    for _ in range(15):  # before anything is overdue, and might be closed on paper
        m.step()
        asked += sum(m.district.errands[k]["act"] == Act.CALLBACK for k in range(m.now.errands))
        assert all(m.district.errands[k]["hours"] == 0.2 for k in range(m.now.errands)
                   if m.district.errands[k]["act"] == Act.CALLBACK)
    p = m.problems
    ended = (p.voiced >= 0) & np.isin(p.fate, (Fate.SERVED, Fate.LATE, Fate.FALSE, Fate.UNSOLVED, Fate.EXPIRED))
    assert asked == ended.sum() + p.attempt.sum()
    assert ended.sum() > 5 and p.attempt.sum() > 0
    assert hours(GovernanceModel(Scenario(**TINY), "layered+sigma_street=.5", rng=1).run(), Act.CALLBACK) == 0


@pytest.mark.parametrize(("regime", "refused"), [("layered", 1.0), ("layered+refuse=0", 0.0)])
def test_the_chance_to_refuse_is_the_regimes(regime, refused):
    m = GovernanceModel(Scenario(**TINY, unreasonable=0.35, need_rate=0.2), regime, rng=1).run()
    p = m.problems
    voiced = (p.voiced >= 0) & ~p.reasonable
    assert voiced.sum() > 3 and (p.fate[voiced] == Fate.REFUSED).mean() == refused


# --- whistles and direct calls ----------------------------------------------------------------------------------------


def whistled(regime):
    """A case of one department, whistled for on the first day; what then waits at the department in the evening."""
    m = district(regime, reach=0.5, staff=1, weigh_respond=0.01, weigh_core=1.0, core_rate=20.0)
    m.inject("whistle", street=0, domain=2)
    m.step()
    return waiting(m, Act.RESPOND)


@pytest.mark.parametrize(("regime", "period", "priority"), [
    ("layered+dispatch", 0, BINDING), ("layered+whistle_due=5", 5, PLAIN),
    ("layered+whistle_due=5+priority=first", 5, BINDING)])
def test_a_whistle_has_its_time_and_its_rank_and_is_not_to_be_accepted(regime, period, priority):
    found = whistled(regime)
    assert found and {(w.period, w.priority) for w in found} == {(period, priority)}


def test_a_whistle_that_somebody_made_happen_is_never_settled_at_the_counter():
    m = district("layered+dispatch", need_rate=0.0, inflation=0.0, disturb_rate=0.0, idea_rate=0.0)
    for k in range(20):
        m.inject("whistle", k % 2, k % 5)
    drawn = m.world.problems
    m.step()
    rows = np.flatnonzero(m.problems.voice_luck == INJECTED)
    assert m.record.column("whistles")[0] == len(rows) == 20
    assert (drawn["hours"][rows] < m.scenario.spot).any()  # some would have been
    np.testing.assert_allclose(m.problems.hours[rows], drawn["hours"][rows] + m.scenario.spot)
    grown = (m.problems.hours[rows] / drawn["hours"][rows]) ** m.scenario.severity_effort
    np.testing.assert_allclose(m.problems.severity[rows], drawn["severity"][rows] * grown)


@pytest.mark.parametrize(("regime", "priority"), [
    ("layered+send_back", PLAIN), ("layered+send_back+priority=first", BINDING)])
def test_a_job_sent_back_has_the_rank_of_what_streets_whistle_for(regime, priority):
    always = replace(Rules(), push_chance=lambda core, supervise: 1.0, sends_back=lambda days_of_work: True)
    m = GovernanceModel(Scenario(**{**TINY, "core_rate": 20.0, "staff": 1}), regime, rng=4, rules=always).run(8)
    back = np.flatnonzero(m.jobs.pushed == Pushed.BACK) + m.district.at[0].jobs
    ranks = {int(w.thing): int(w.priority) for w in waiting(m, Act.CORE)}
    sent, kept = ([ranks[one] for one in ranks if (one in back) == so] for so in (True, False))
    assert sent and kept and set(sent) == {priority} and set(kept) == {PLAIN}


def test_a_direct_case_goes_past_the_desk_on_the_day_it_is_voiced():
    m = district("layered+direct_due=7+causes", need_rate=0.0, idea_rate=0.0, core_rate=0.0, staff=1, reach=0.5)
    m.inject("whistle", street=1, domain=2)
    p = m.problems
    (row,) = np.flatnonzero(p.born == m.day)
    p.domains[row], p.parts[row], p.hours[row] = [2, 4, -1], 2, 60.0
    m._run_at_once(1)
    found = waiting(m, Act.RESPOND)
    assert p.voiced[row] == 0
    assert sorted((int(w.site), int(w.period), int(w.priority)) for w in found) == [(2, 7, PLAIN), (4, 7, PLAIN)]
    assert hours(m, Act.RESPOND) > 0  # begun on the same day
    for act in (Act.REQUEST, Act.HANDOFF, Act.TRIAGE):
        assert hours(m, act) == 0 and not m.now.errands


def test_departments_answer_direct_cases_with_a_share_of_what_cadres_know():
    """With all of full knowledge they solve tacit cases at once; with none they begin again and again."""
    again = {}
    for share in (0.0, 1.0):
        m = GovernanceModel(Scenario(**{**TINY, "days": 60}, authority_share=1.0, tacit=0.9, life_share=1.0, direct_knowledge=share,
                                     knowledge=0.98, learn_rate=0.0), "layered+direct_due=5", rng=2)
        m.run()
        again[share] = int(m.problems.attempt.sum())
    assert again[1.0] < again[0.0] / 3


def test_a_call_centre_is_paid_by_departments_in_equal_parts():
    m = GovernanceModel(Scenario(**TINY, need_rate=0.2), "layered+centre_hours=.5", rng=1)
    for _ in range(30):
        m.step()
        owed = 0.5 * m.record.column("voiced").sum() / len(m.departments)
        paid = m.record.hours[:, 1, Act.CENTRE].sum() / len(m.departments)
        np.testing.assert_allclose(m.departments.centre_due, owed - paid, atol=1e-9)
    assert owed > 5 and paid == pytest.approx(owed)
    assert m.neutrality()["spent_plus_idle_error"] < 1e-9


def test_what_the_centre_costs_beyond_a_day_waits():
    m = district("layered+centre_hours=.5", staff=1)
    m.departments.centre_due = 20.0
    m.step()
    assert (m.departments.centre_today == 8).all() and (m.departments.centre_due >= 12).all()
    assert all(abs(sum(d.diary.values()) - 8) < 1e-9 for d in m.agents if type(d).__name__ == "Department")


# --- patrol -----------------------------------------------------------------------------------------------------------


def test_patrol_is_spent_first_and_counts_as_contact():
    plain, patrolled = (GovernanceModel(Scenario(**TINY, find=0.0), regime, rng=1).run(20)
                        for regime in ("layered", "layered+patrol=2"))
    assert (patrolled.cadres.overhead[:, PATROL] == 2).all() and (plain.cadres.overhead[:, PATROL] == 0).all()
    assert hours(patrolled, Act.PATROL) == 2 * 10 * 20
    assert (patrolled.cadres.contact >= 40).all()


def test_a_patrol_notices_needs_that_nobody_voices():
    """Nobody voices anything: of needs four weeks old, 1 − (exp(−.5 · 2))^4 = 98 % were found at 2 h a day and .5."""
    m = GovernanceModel(Scenario(**{**TINY, "residents": 200, "days": 60}, civic_hours=0.0, find=0.5, unreasonable=0.0,
                                 cause_share=0.0), "layered+patrol=2", rng=1).run()
    p = m.problems
    old = (p.born > 5) & (p.born < 35) & (p.fate != Fate.UNBORN)
    assert old.sum() > 200
    assert (p.voiced[old] >= 0).mean() > 0.93
    first = p.voiced[old & (p.voiced >= 0)] - p.born[old & (p.voiced >= 0)]
    assert (first < 5).mean() == pytest.approx(1 - np.exp(-1), abs=0.06)
    assert m.record.column("voiced").sum() == 0  # found, not called
    none = GovernanceModel(Scenario(**TINY, civic_hours=0.0, find=0.0), "layered+patrol=2", rng=1).run()
    assert (none.problems.voiced < 0).all()


def test_what_is_found_is_the_same_whatever_else_a_regime_does():
    scenario = Scenario(**TINY, civic_hours=0.0, find=0.3, cause_share=0.0, disturb_rate=0.0)
    one, other = (GovernanceModel(scenario, regime, rng=3).run() for regime in ("layered+patrol=1", "layered+patrol=1+slim+causes"))
    assert np.array_equal(one.problems.voiced, other.problems.voiced)
