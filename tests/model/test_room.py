"""Compiled code cannot make room: what a day may put into the queues is known in the morning, and they grow before."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables import differing

from agents.cadre import CASEWORK, QUEUED
from agents.compiled import fields_of
from agents.department import KINDS
from agents.queues import new_queues
from agents.rules import Rules
from model.district import District
from model.governance import GovernanceModel
from model.regimes import CONTROLS, SWITCHES, Regime
from model.room import department_rows, desk_rows
from model.scenario import Scenario

SMALL = Scenario(streets=2, departments=6, cadres=4, residents=80, days=60, burn_in=10, load=2.0,
                 cause_share=0.5)


def rows(queues):
    """Rows in use, whether arranged or put in since."""
    return int(queues.stop[-1] - queues.start[0] + queues.head[0].fresh)


def fullest(m):
    """Run to the end; how near the queues of desks and of departments came to what was expected in the morning."""
    d, most = m.district, np.zeros(2)
    while m.running:
        expected = np.array([desk_rows(d.handle), department_rows(d.handle)])
        m.step()
        were = np.array([rows(d.desk_work), rows(d.department_work)])
        assert (were <= expected).all(), f"day {m.day}: {were} rows, {expected} expected"
        assert (expected <= [len(d.desk_work.fresh), len(d.department_work.fresh)]).all()
        for queues in (d.desk_work, d.department_work):
            assert len(queues.fresh) == len(queues.done) == len(queues.work)
        most = np.maximum(most, were / np.maximum(expected, 1))
    return most


scenarios = st.builds(
    lambda **kw: Scenario(**kw), streets=st.integers(1, 3), departments=st.integers(1, 6), cadres=st.integers(1, 6),
    residents=st.integers(10, 60), days=st.just(35), burn_in=st.integers(0, 15), cooldown=st.integers(0, 9), staff=st.sampled_from([1, 4, 100]),
    load=st.floats(0.1, 4), need_rate=st.floats(0, 0.3), idea_rate=st.floats(0, 3), core_rate=st.floats(0, 4),
    directive_due=st.integers(3, 120), h_issue=st.sampled_from([0.1, 4.0]), h_report=st.sampled_from([0.0, 8.0]),
    h_case=st.sampled_from([0.2, 40.0]), cause_share=st.floats(0, 0.9), request_due=st.integers(2, 60),
    voice_cost=st.sampled_from([0.0, 0.5]), civic_hours=st.sampled_from([2.0, 40.0]), patience=st.integers(5, 250))
regimes = st.sets(st.sampled_from([*SWITCHES, *CONTROLS])).map(lambda on: Regime.of(on))


@settings(max_examples=40, deadline=None)
@given(scenarios, regimes, st.integers(0, 2**31))
def test_a_day_puts_in_no_more_than_was_expected(scenario, regime, seed):
    fullest(GovernanceModel(scenario, regime, rng=seed))


FLOODS = {
    # reports of directives that lapse only after 240 days, on one cadre's desk
    "reports": (dict(departments=2, directive_due=120, h_report=8.0, h_exec=60.0, idea_rate=3.0, h_issue=0.1, days=90), 0),
    # every live copy is to be inspected, a hundred times on one day
    "raids": (dict(departments=2, directive_due=120, h_report=8.0, idea_rate=1.0, h_issue=0.1, h_inspect=0.1), 100),
}


@pytest.mark.parametrize("flood", FLOODS)
def test_a_flood_finds_room(flood):
    changes, raids = FLOODS[flood]
    m = GovernanceModel(**{**dict(streets=1, cadres=1, residents=10, staff=100, days=40, burn_in=20, load=4.0),
                           **changes}, rng=1)
    for _ in range(raids):
        m.inject("inspection", day=40)
    assert fullest(m).max() > 0.9  # near what was expected: that is not just any large number


def only_cases(weights, urgency, own, backlog, hours, kappa):
    """Cadres work on cases alone, and departments on answers."""
    out, kind = 0.0 * backlog, CASEWORK if len(backlog) > 3 else 2
    out[kind] = min(hours, backlog[kind])
    return out


@pytest.mark.slow
def test_cases_that_nothing_helps_find_room():
    """Each time a case is begun again the street asks once more, and nobody works that off: a flood by rules alone."""
    rules = replace(Rules(), fix_chance=lambda tacit, knowledge: 0.0, split_attention=only_cases,
                    accept_chance=lambda weight, departments, base, gain, crowd: 1.0)
    m = GovernanceModel(streets=1, departments=3, cadres=1, residents=10, staff=100, days=120, burn_in=10, load=4.0,
                        need_rate=0.3, idea_rate=0.0, core_rate=0.0, patience=250, patience_sd=0.0, spot=0.0, authority_share=1.0,
                        cross_share=1.0, h_case=0.2, reach=1.0, voice_cost=0.0, civic_hours=40.0, rng=1, rules=rules)
    before = len(m.district.desk_work.fresh)
    fullest(m)
    assert len(m.district.desk_work.fresh) > before


@pytest.mark.parametrize("way", ["run", "step", "step_by_agents"])
@pytest.mark.parametrize("regime", ["layered", "whistle"])
def test_a_run_that_begins_without_room_is_the_same_run(regime, way):
    plain, narrow = (GovernanceModel(SMALL, regime, rng=3) for _ in range(2))
    d = narrow.district
    parts = {name: getattr(d, name) for name in fields_of(District)}
    narrow.district = District(**{**parts, "desk_work": new_queues(len(d.desks), QUEUED, 1, len(d.cadres)),
                                  "department_work": new_queues(len(d.departments), len(KINDS), 1)})
    if way == "run":
        narrow.run()
    while narrow.day < narrow.scenario.horizon:
        getattr(narrow, way)()
    plain.run()
    assert narrow.district.desk_work.fresh.left.dtype == float  # still a table that is read by name
    assert len(narrow.district.desk_work.fresh) > 1  # it grew
    if way != "step_by_agents":
        assert differing(plain.district, narrow.district) == []
    assert narrow.measures() == plain.measures()
    assert narrow.neutrality() == plain.neutrality()
