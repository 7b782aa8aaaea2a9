"""Common causes: repairs are decisions, and cases that wait for one rest; see also `agents.rules.worth_repairing`."""

import numpy as np
import pytest

from agents.queues import ENOUGH, RESTS
from agents.work import NEVER, RESTING, Act, Fate, Stage
from model.governance import GovernanceModel
from model.scenario import Scenario

MANY = Scenario(streets=2, departments=6, cadres=4, residents=150, staff=2, days=90, burn_in=20,
                cause_share=0.6, misgroup=0.3)
"""Most needs have causes, and the register often errs."""


def days_of(m):
    """Run day by day."""
    while m.day < m.scenario.horizon:
        m.step()
        yield


def pieces(m):
    """Pieces of work about cases that were arranged today."""
    for q in (m.district.desk_work, m.district.department_work):
        work = q.work[q.start[0]:q.stop[-1]]
        yield work[work.thing < m.district.at[0].copies]


@pytest.mark.parametrize("regime", ["layered", "layered+triage", "whistle"])
def test_who_waits_for_a_repair_waits_for_one_that_goes_on_and_nobody_works_on_their_case(regime):
    m, seen, wrong = GovernanceModel(MANY, regime, rng=2), 0, 0
    p, causes, died = m.problems, m.district.causes, m.district.died
    for _ in days_of(m):
        rows = np.flatnonzero((p.bundled >= 0) & (p.fate == Fate.OPEN))
        assert (died[rows] == RESTING).all()
        assert set(np.flatnonzero(died > NEVER)) == set(rows)
        assert np.isin(causes.stage[p.bundled[rows]], (Stage.REPAIRING, Stage.MISGROUPED)).all()
        assert (p.hours[rows] > m.scenario.spot).all()
        listed = m.district.register.misgrouped[:m.now.misgrouped]
        assert set(rows[p.cause[rows] != p.bundled[rows]]) <= set(listed)
        for work in pieces(m):
            assert not work.given[work.who == RESTS].any()
        seen += len(rows)
        wrong += (p.cause[rows] < 0).sum()
    assert seen > 50
    assert (wrong > 0) == (regime != "layered")


def test_open_cases_of_a_cause_under_repair_wait_and_are_solved_with_it():
    m = GovernanceModel(MANY.with_(misgroup=0.0), "layered+triage", rng=2)
    p, causes, relieved = m.problems, m.district.causes, 0
    for _ in days_of(m):
        big = (p.hours > m.scenario.spot) & (p.cause >= 0) & (p.fate == Fate.OPEN)
        rows = np.flatnonzero(big & (causes.stage[p.cause] == Stage.REPAIRING))
        assert (p.bundled[rows] == p.cause[rows]).all()
        assert not (big & (causes.stage[p.cause] == Stage.REPAIRED)).any()
        relieved += ((causes.stage[p.cause] == Stage.REPAIRED) & (p.cause >= 0) & (p.closed == m.day - 1)).sum()
    assert relieved > 5


def test_what_can_not_pay_is_not_repaired_and_what_must_is():
    """At .25 of a price of 1 ÷ .8 any two cases pay; at twice 12 ÷ .8, 30 cases, hardly any do."""
    cheap, dear = (GovernanceModel(MANY.with_(repair_cases=price, repair_margin=margin), "layered+triage", rng=2).run()
                   for price, margin in ((1.0, 0.25), (12.0, 2.0)))
    found = [one.district.days.causes_found.sum() for one in (cheap, dear)]
    assert found[0] > 20 and found[1] < found[0] / 5


def test_a_repair_costs_so_many_usual_cases_and_is_plain():
    m = GovernanceModel(MANY.with_(h_case=4.0, repair_cases=3.0, reach=0.8), "whistle", rng=2)
    costs = set()
    for _ in days_of(m):
        q = m.district.department_work
        fresh = q.fresh[:q.head[0].fresh]
        repairs = fresh[fresh.act == Act.REPAIR]
        parts = m.district.causes.parts[repairs.thing - m.district.at[0].causes]
        costs |= set(np.round(repairs.left * parts, 9))
        work = q.work[q.start[0]:q.stop[-1]]
        here = work[(work.act == Act.REPAIR) & (work.left > ENOUGH)]
        assert (here.priority == 2).all() and (here.period == m.scenario.case_due).all()
    assert costs <= {15.0}  # 3 × 4 ÷ .8
