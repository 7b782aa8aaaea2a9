"""The window that results tell of: what counts, what the cool-down is for, and what waits at its end."""

import numpy as np
import pytest

from agents.work import CLASSES, DAY_HOURS, NEVER, Act, Course, Fate
from model.governance import GovernanceModel
from model.measures import HEADLINES, MEASURES, WORTH, case_parts
from model.scenario import Scenario

TINY = dict(streets=2, departments=5, cadres=5, residents=60, days=40, burn_in=5)
KINDS = ("served_cases", "served_policy", "served_core")


@pytest.fixture(scope="module")
def whole():
    return GovernanceModel(Scenario(**TINY), "whistle", rng=3).run()


def values(m, names=(*HEADLINES, *WORTH, "served_need", "unsettled", "voice_rate", "wait_p50")):
    return {name: MEASURES[name].of(m) for name in names}


def test_what_is_born_in_the_cool_down_changes_no_result(whole):
    m = GovernanceModel(Scenario(**TINY), "whistle", rng=3).run()
    before, late = values(m), {}
    for table in (m.problems, m.ideas, m.jobs, m.emergencies):
        late[len(late)] = (table.born >= 45) & (table.born < NEVER)
    assert all(rows.sum() > 10 for rows in (late[0], late[1], late[2]))
    m.problems.fate[late[0]], m.jobs.course[late[2]] = Fate.FALSE, Course.OVERDUE
    m.copies.value_got.reshape(len(m.ideas), -1)[late[1]] = 0.0
    m.emergencies.success[late[3]] = 0.0
    m.record.hours[45:, CLASSES.index("cadre"), Act.DATA] += 5.0
    m.record.days.disturbed[45:] += 7.0
    assert values(m) == before == values(whole)


def test_what_is_born_within_counts_once_for_all_three_kinds(whole):
    m, rows = whole, {}
    for name, table in (("problems", whole.problems), ("ideas", whole.ideas), ("jobs", whole.jobs)):
        rows[name] = (table.born >= 5) & (table.born < 45)
    mine = rows["problems"] & m.problems.reasonable
    met = np.isin(m.problems.fate, (Fate.SERVED, Fate.LATE, Fate.PREVENTED))
    severity = m.problems.severity
    assert MEASURES["served_cases"].of(m) == pytest.approx(severity[mine & met].sum() / severity[mine].sum())
    done = m.jobs.course == Course.DONE
    size = m.jobs.severity
    assert MEASURES["served_core"].of(m) == pytest.approx(size[rows["jobs"] & done].sum() / size[rows["jobs"]].sum())
    assert MEASURES["jobs_done"].of(m) == pytest.approx(size[rows["jobs"] & done].sum())
    disturbed = m.record.column("disturbed")[5:45].sum()
    assert MEASURES["cases_met"].of(m) == pytest.approx(severity[mine & met].sum() - disturbed)


def test_hours_are_those_of_the_days_counted(whole):
    m = GovernanceModel(Scenario(**TINY, from_day=30), rng=3).run()
    people = 2 + 2 + 5 * m.scenario.staff + 2 * 5
    assert MEASURES["paid_hours"].of(m) == pytest.approx(10 * people * DAY_HOURS)
    assert MEASURES["paid_hours"].of(whole) == pytest.approx(40 * people * DAY_HOURS)
    assert m.ledger()["hours"].sum() == pytest.approx(10 * people * DAY_HOURS)
    assert MEASURES["trust"].of(m) == pytest.approx(m.record.column("trust")[35:45].mean())


def test_series_end_with_the_days_and_the_run_with_the_cool_down(whole):
    assert whole.day == 5 + 40 + 120
    assert (whole.series().index[0], whole.series().index[-1]) == (-5, 39)


@pytest.mark.parametrize("regime", ["layered", "whistle"])
def test_nothing_is_left_waiting_where_nobody_has_more_patience_than_the_cool_down_has_days(regime):
    m = GovernanceModel(Scenario(**TINY, load=2.0, patience_sd=0.0), regime, rng=3).run()
    assert MEASURES["unsettled"].of(m) == 0.0


def test_without_a_cool_down_what_waits_is_unmet_and_said():
    m = GovernanceModel(Scenario(**TINY, cooldown=0), rng=3).run()
    waits = np.isin(m.problems.fate, (Fate.LATENT, Fate.OPEN)) & m.problems.reasonable & (m.problems.born >= 5)
    assert waits.sum() > 20
    share = MEASURES["unsettled"].of(m)
    parts = m.problems.severity[waits].sum() + m.jobs.severity[(m.jobs.born >= 5) & (m.jobs.course == Course.WAITING)].sum()
    every = (m.problems.severity[(m.problems.born >= 5) & (m.problems.born < 45) & m.problems.reasonable].sum()
             + m.ideas.value[(m.ideas.born >= 5) & (m.ideas.born < 45)].sum() + m.jobs.severity[m.jobs.born >= 5].sum())
    assert parts / every <= share <= 1.0
    longer = GovernanceModel(Scenario(**TINY, cooldown=10), rng=3).run()
    assert MEASURES["unsettled"].of(longer) < share


def test_a_lapsed_idea_is_settled_and_a_living_copy_is_not(whole):
    m = GovernanceModel(Scenario(**TINY), rng=3).run()
    m.problems.fate[:], m.jobs.course[:] = Fate.EXPIRED, Course.DONE
    row = int(np.flatnonzero((m.ideas.born >= 5) & (m.ideas.born < 45))[0])
    m.ideas.carrier[row] = row
    copies = m.copies.course.reshape(len(m.ideas), -1)
    for course, ends, left in ((Course.LAPSED, (Course.UNBORN, Course.UNBORN), 0.0),
                               (Course.LIVE, (Course.DONE, Course.LIVE), 0.5), (Course.LIVE, (Course.DONE, Course.DONE), 0.0)):
        m.ideas.course[row], copies[row] = course, ends
        every = sum(table.severity[(table.born >= 5) & (table.born < 45)].sum() for table in (
            m.problems[m.problems.reasonable], m.jobs)) + (value := m.ideas.value[(m.ideas.born >= 5) & (m.ideas.born < 45)]).sum()
        assert MEASURES["unsettled"].of(m) == pytest.approx(left * value[0] / every)


# --- three kinds of cases -------------------------------------------------------------------------------------------


def test_the_kinds_of_cases_add_up_to_all_cases(whole):
    parts = case_parts(whole)
    met, every = (sum(part[n] for part in parts.values()) for n in (0, 1))
    assert met / every == pytest.approx(MEASURES["served_cases"].of(whole))
    assert MEASURES["counter_share"].of(whole) == pytest.approx(parts["counter_share"][0] / every)


def test_a_case_belongs_to_one_kind_by_its_hours_and_who_can_meet_it(whole):
    m = GovernanceModel(Scenario(**TINY), rng=3).run()
    p = m.problems
    mine = np.flatnonzero((p.born >= 5) & (p.born < 45) & p.reasonable)
    p.fate[mine], p.hours[mine], p.authority[mine], p.severity[mine] = Fate.EXPIRED, 2.0, False, 1.0
    small, above = mine[:3], mine[3:7]
    p.hours[small], p.authority[small[0]], p.authority[above] = m.scenario.spot, True, True
    p.fate[[small[0], above[0], mine[7]]] = Fate.SERVED, Fate.PREVENTED, Fate.LATE
    assert case_parts(m) == {"counter_share": (1, 3), "served_street": (1, len(mine) - 7), "served_departments": (1, 4)}
    assert MEASURES["served_departments"].of(m) == 0.25
    assert MEASURES["counter_share"].of(m) == pytest.approx(1 / len(mine))


def test_the_worst_tenth_is_chosen_before_the_regimes_part():
    m = GovernanceModel(Scenario(**{**TINY, "burn_in": 20}), rng=3).run()
    p, grid = m.problems, m.residents.grid[m.problems.resident]
    early, late = p.reasonable & (p.born < 20), p.reasonable & (p.born >= 20) & (p.born < 60)
    assert all((early & (grid == g)).any() and (late & (grid == g)).any() for g in range(10))
    p.fate[early], p.closed[early], p.fate[late] = Fate.SERVED, 19, Fate.SERVED
    p.closed[early & (grid == 7)] = 20  # one grid of ten: served too late to be known at the switch
    mine = np.flatnonzero(late & (grid == 7))
    p.fate[mine[0]] = Fate.EXPIRED
    assert MEASURES["worst_tenth"].of(m) == pytest.approx(1 - p.severity[mine[0]] / p.severity[mine].sum())


def test_without_a_burn_in_no_grid_is_known_to_be_worst():
    assert MEASURES["worst_tenth"].of(GovernanceModel(Scenario(**{**TINY, "burn_in": 0}), rng=3).run()) is None


# --- authority ------------------------------------------------------------------------------------------------------


ONE_CASE = {**TINY, "burn_in": 0, "need_rate": 0.0, "case_due": 5, "request_due": 2, "bind_after": 60,
            "events": [{"day": 3, "kind": "whistle", "street": 0, "domain": 2}]}
"""Nobody needs anything but for one case that its department alone can meet, voiced on day 3."""


@pytest.mark.parametrize("willing, answered", [({"accept_base": 1.0}, 1), ({"accept_base": 0.0, "accept_gain": 0.0}, 0)])
def test_a_request_counts_once_on_the_day_its_answer_is_due(willing, answered):
    m = GovernanceModel(Scenario(**ONE_CASE, **willing), rng=4).run()
    asked = m.record.column("asked")
    assert (asked[3 + 5], asked.sum()) == (1, 1)  # though it is asked again twice where nobody accepts
    assert m.record.column("returned").sum() == (0 if answered else 3)
    assert (m.record.column("answered")[3 + 5], m.record.column("answered").sum()) == (answered, answered)
    assert MEASURES["authority"].of(m) == answered


def test_an_answer_after_the_time_is_none():
    m = GovernanceModel(Scenario(**{**ONE_CASE, "case_due": 1}, accept_base=1.0, reach=0.05, staff=1), rng=4).run()
    assert (m.record.column("asked").sum(), m.record.column("answered").sum()) == (1, 0)


@pytest.mark.parametrize("regime", ["layered", "whistle"])
def test_no_more_is_answered_in_time_than_was_asked(regime):
    m = GovernanceModel(Scenario(**TINY), regime, rng=3).run()
    days = m.district.days
    assert (days.answered <= days.asked).all() and 0 < days.answered.sum() < days.asked.sum()
