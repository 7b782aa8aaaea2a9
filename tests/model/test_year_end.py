"""The last days of a year, when everything is assessed, and what they ask for beyond the paid hours."""

import numpy as np
import pytest

from agents.cadre import QUEUED
from agents.queues import put
from agents.work import YEAR, Act
from model.governance import GovernanceModel
from model.labour import cadres_work
from model.scenario import Scenario
from model.street import arrive
from model.supervision import look_at_copies

TINY = dict(streets=2, departments=5, cadres=5, residents=10, days=YEAR + 20, burn_in=0, emergency_rate=0.0)


def reports_of_a_week(rush, from_day):
    """Periods of the reports of one idea's two copies, by the day of the copies' second week they are asked for."""
    m = GovernanceModel(Scenario(**TINY, rush=rush), rng=4)
    m.now.day = from_day
    arrive(m.district.handle, np.array([0]))
    q, asked = m.district.desk_work, {}
    for age in range(6, 11):
        m.now.day, before = from_day + age, q.head[0].fresh
        look_at_copies(m.district.handle, m.day, True)
        new = q.fresh[before:q.head[0].fresh]
        asked.update({age: new["period"].tolist()} if len(new) else {})
    return asked


def test_reports_are_due_once_a_week_and_in_the_rush_twice():
    assert reports_of_a_week(20, 100) == {10: [5, 5]} == reports_of_a_week(0, YEAR - 15)
    assert reports_of_a_week(20, YEAR - 15) == {8: [3, 3], 10: [3, 3]}
    assert reports_of_a_week(6, YEAR - 15) == {10: [3, 3]}  # the rush begins on the ninth day
    assert reports_of_a_week(20, YEAR - 5) == {10: [5, 5]}  # the year is over


def wanted(*hours, inspection=0.0, born=0):
    """Overtime wanted of a day on which so many hours of reports, 5 days' time each, wait at a desk of one cadre."""
    m = GovernanceModel(Scenario(**TINY), rng=4)
    for k, hour in enumerate(hours):
        put(m.district.desk_work.handle, born, QUEUED * 0, Act.REPORT, m.district.at[0].copies, 0, hour, 5, 1, k / 10)
    m.now.day = 5
    m.cadres.inspection_due[0] = inspection
    cadres_work(m.district.handle)
    return m.district.days[5].overtime_wanted * len(m.cadres)


def test_overtime_is_what_overheads_and_work_due_today_would_take_beyond_the_paid_hours():
    assert wanted(5.0, 15.0) == pytest.approx(12.0)
    assert wanted(5.0, 15.0, inspection=3.0) == pytest.approx(15.0)
    assert wanted(7.0) == 0  # others' free hours do not count against it
    assert wanted(5.0, 15.0, born=1) == 0  # due tomorrow
    assert wanted(inspection=10.0) == pytest.approx(2.0)


def test_wanted_is_never_worked():
    m = GovernanceModel(Scenario(**{**TINY, "days": YEAR + 10}, load=3.0, rush=60), rng=2).run()
    assert m.record.column("overtime_wanted").max() > 0
    assert m.neutrality()["spent_plus_idle_error"] < 1e-6
