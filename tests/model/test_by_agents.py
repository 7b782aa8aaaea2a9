"""A day done by calling agents' steps from Python is the compiled day."""

import numpy as np
import pytest
from tables import differing, tables
from waiting import chain_of

from agents.cadre import Cadre
from agents.calendar import Due
from agents.work import Fate
from model import labour
from model.governance import GovernanceModel
from model.scenario import Scenario

SMALL = Scenario(streets=2, departments=8, cadres=5, residents=60, staff=2, days=40, burn_in=17,
                 load=2.0, cause_share=0.4, emergency_rate=20.0, platform_base=0.8)
"""Short of hours, so that who comes first could matter; a month and a week end in it, and the regime starts."""


ORDER = {"calendar.first", "calendar.last", "calendar.slips.rows", "calendar.slips.next", "calendar.head.free"}
"""Compiled, needs are looked at by age; residents asked one by one look in the order of their rows, and what they note
for a later day stands in that order. Each phase that reads notes puts them in an order of its own."""


def notes(m):
    """What is noted for every day and purpose, in no order."""
    calendar = m.district.calendar
    return {(day, what): sorted(chain_of(calendar, day, what)) for day in range(len(calendar.first))
            for what in Due}


def assert_same(one, other):
    """All tables are equal to the bit; notes, but for their order."""
    assert set(differing(one.district, other.district)) <= ORDER
    assert notes(one) == notes(other)


def pair(regime, **events):
    return [GovernanceModel(SMALL.with_(**events), regime, rng=3) for _ in range(2)]


def test_the_comparison_sees_every_table():
    m, other = pair("layered")
    names = [name for name, _ in tables(m.district)]
    assert len(names) > 50 and {"cadres", "desk_work.work", "calendar.slips", "drawn.theta", "hours"} <= set(names)
    assert differing(m.district, other.district) == []
    m.run(20)
    other.run(20)
    assert differing(m.district, other.district) == []
    empty = [name for name, table in tables(m.district) if not table.size]
    assert len(empty) < 12, empty
    other.district.calendar.slips.next[5] += 1
    other.cadres.given[1, 2] = np.nextafter(other.cadres.given[1, 2], 1)
    other.district.desk_work.work.luck[other.district.desk_work.start[0] + 3] += 1
    other.district.live.values[2] += 1
    assert differing(m.district, other.district) == ["cadres.given", "calendar.slips.next", "desk_work.work.luck",
                                                     "live.values"]


@pytest.mark.parametrize("regime", ["layered", "whistle", "layered+triage+merge_tasks+train", "whistle+cut_forms+more_staff"])
def test_a_day_by_agents_is_the_compiled_day_to_the_bit(regime):
    compiled, by_agents = pair(regime, events=[{"day": 6, "kind": "whistle"}, {"day": 8, "kind": "inspection", "street": 1},
                                               {"day": 9, "kind": "central_work"}, {"day": 9, "kind": "emergency"}])
    for _ in range(25):  # over the switch on day 17, a month's end on 20 and weeks' ends
        compiled.step()
        by_agents.step_by_agents()
        assert_same(compiled, by_agents)
    compiled.run()
    by_agents.run()  # and then compiled again
    assert_same(compiled, by_agents)
    assert compiled.measures() == by_agents.measures()
    assert compiled.neutrality() == by_agents.neutrality()


@pytest.mark.parametrize("regime", ["layered", "layered+dispatch+two_way"])
def test_in_whatever_order_agents_act_the_hours_are_the_same_where_each_cadre_has_a_desk(regime, monkeypatch):
    """Departments do not meet, nor do cadres at desks of their own; so order changes rounding only."""
    compiled, shuffled = pair(regime)
    shuffles = []
    monkeypatch.setattr(type(shuffled.agents), "do", lambda agents, step: shuffles.append(agents.shuffle_do(step)))
    for _ in range(40):
        compiled.step()
        shuffled.step_by_agents()
        np.testing.assert_allclose(shuffled.record.hours[-1], compiled.record.hours[-1], atol=1e-9)
        np.testing.assert_allclose(shuffled.cadres.given, compiled.cadres.given, atol=1e-9)
        np.testing.assert_allclose(shuffled.departments.given, compiled.departments.given, atol=1e-9)
        assert (shuffled.problems.fate == compiled.problems.fate).all()
    assert len(shuffles) == 40 * 4
    assert shuffled.measures() == pytest.approx(compiled.measures(), abs=1e-9)


def test_who_comes_first_at_a_desk_takes_the_first_piece_and_no_hour_is_lost(monkeypatch):
    """Cadres who share a desk take whole pieces in the order in which they act."""
    compiled, shuffled = pair("whistle+offices=2")
    monkeypatch.setattr(type(shuffled.agents), "do", lambda agents, step: agents.shuffle_do(step))
    for _ in range(57):
        compiled.step()
        shuffled.step_by_agents()
    paid = [m.district.hours.sum(axis=2) for m in (compiled, shuffled)]
    np.testing.assert_allclose(*paid, atol=1e-9)
    assert (shuffled.district.desk_work.hand != compiled.district.desk_work.hand).any()
    assert shuffled.measures()["served_need"] == pytest.approx(compiled.measures()["served_need"], abs=0.05)


def test_who_does_not_act_does_nothing(monkeypatch):
    """The steps are the agents' own: without them nobody works and no need is voiced."""
    compiled, idle = pair("layered")
    compiled.run(10)
    monkeypatch.setattr(type(idle.agents), "do", lambda agents, step: None)
    for _ in range(10):
        idle.step_by_agents()
    assert idle.desks.paid.sum() == idle.departments.given.sum() == 0 < compiled.departments.given.sum()
    assert (idle.problems.fate == Fate.OPEN).sum() == 0 < (compiled.problems.fate == Fate.OPEN).sum()


def test_one_agent_may_be_asked_alone():
    m = pair("layered")[0].run(10)
    d, row = m.district, 3
    labour.open_desks(d.handle)
    before = m.cadres.copy()
    m.agents_by_type[Cadre][row].step()
    changed = [k for k in range(len(before)) if before[k] != m.cadres[k]]
    assert changed == [row]
    assert sum(m.agents_by_type[Cadre][row].diary.values()) == pytest.approx(m.paid)
