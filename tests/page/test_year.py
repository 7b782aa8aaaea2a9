"""A year that is sent once: its pictures are the model's, every day, and its end is that of runs in line."""

import json

import numpy as np
import pytest
from pictures import days_of

from agents.cadre import OVERHEADS, PAPERWORK, POLISH
from agents.compiled import PLAIN
from agents.department import RESPOND
from agents.work import Fate
from experiments.runs import run_once
from model.errors import InputError
from model.governance import GovernanceModel
from model.scenario import Event, Scenario
from model.structure import grid_of
from page import sides
from page.definition import Definition
from page.eye import Eye
from page.looking import trust, waiting
from page.year import YEARS, CancelError, year_of

SMALL = Scenario(streets=3, departments=5, cadres=7, residents=60, days=40, burn_in=12, cooldown=10, events=(
    Event(day=5, kind="whistle", street=1, domain=2), Event(day=6, kind="inspection", street=2),
    Event(day=7, kind="central_work", domain=3), Event(day=7, kind="emergency", street=0)))
DEFINITION = Definition(SMALL, ("layered", "whistle"), 11)


@pytest.fixture(scope="module")
def year():
    return year_of(DEFINITION)


def seen(m):
    """Fields as numpy has them from the model's tables."""
    dep, cad = m.departments, m.cadres
    grid = grid_of(m.scenario, np.arange(len(m.residents)))
    people = np.maximum(np.bincount(grid, minlength=len(cad)), 1)
    overheads = cad.overhead[:, [OVERHEADS.index("inspection"), OVERHEADS.index("rating")]].sum(axis=1)
    passed = m.district.passed[:m.now.passed]
    cases = passed[(passed.answered == 0) & (passed.thing < m.district.at[0].causes)]
    return {"dep_core": 100 * dep.core_quality, "dep_respond": 100 * dep.given[:, RESPOND] / dep.hours,
            "dep_wait": waiting(m, m.district.department_work).sum(axis=1) / dep.hours,
            "leader_load": 100 * m.leaders.given.sum(axis=1) / m.leaders.hours,
            "cadre_paper": 100 * (cad.given[:, PAPERWORK] + cad.given[:, POLISH] + overheads) / cad.hours,
            "grid_trust": 100 * np.bincount(grid, trust(m), len(cad)) / people,
            "asked": np.bincount(m.problems.street[cases.thing], minlength=m.scenario.streets)
            + np.bincount(m.causes.street[passed[(passed.answered == 0) & (passed.thing >= m.district.at[0].causes)].thing
                                          - m.district.at[0].causes], minlength=m.scenario.streets)}


def test_every_day_is_the_models(year):
    for side, m in enumerate(sides.build(DEFINITION)):
        for day in range(SMALL.days):
            for name, theirs in seen(m).items():
                ours = read_all[side][name][day].astype(int)
                off = np.abs(ours - np.minimum(theirs, 255 if name == "asked" else 99)).max(initial=0)
                assert off <= (2.1 if name == "cadre_paper" else 1), (day, name)
            m.run(1)


@pytest.fixture(scope="module", autouse=True)
def fields(year):
    global read_all
    packet = json.loads(json.dumps(year.packet()))
    read_all = [{name: days_of(packet, side, name) for name, _at, _count in packet["sides"][side]["fields"]}
                for side in (0, 1)]


def test_no_need_that_waits_is_overlooked():
    troubled = SMALL.with_(events=(), fit_threshold=1.0, disturb_rate=1.0, days=80)
    m = GovernanceModel(troubled, "whistle", rng=3).run(SMALL.burn_in)
    sides.inject_all(m, SMALL)
    eye = Eye(m)
    out = np.zeros(eye.width, np.uint8)
    seen = 0
    at = eye.places["grid_open"][0]
    while m.day < troubled.horizon:
        eye.look(out)
        for n, fate in enumerate((Fate.OPEN, Fate.LATENT)):
            want = np.bincount(grid_of(SMALL, m.problems.resident[m.problems.fate == fate]), minlength=len(m.cadres))
            got = out[at + n * len(want):at + (n + 1) * len(want)]
            assert got.tolist() == np.minimum(want, 255).tolist(), (m.day, fate)
            seen += want.sum()
        m.run(1)
    assert seen > 1000
    assert (m.problems.fate[m.world.arrivals:] != Fate.UNBORN).any()


def test_the_end_is_that_of_runs_in_line(year):
    for side, regime in enumerate(DEFINITION.regimes):
        row = run_once(SMALL, regime, 11)
        assert all(row[name] == value for name, value in year.measures[side].items())


def test_looking_changes_nothing_and_a_kept_morning_serves_every_regime():
    start = list(sides.begun(sides.quiet(SMALL), 11))[-1]
    runs = []
    for regime in ("whistle", "layered", "whistle"):
        m = sides.part(start, regime)
        sides.inject_all(m, SMALL)
        runs.append(m.run().measures())
    assert runs[0] == runs[2] == {name: run_once(SMALL, "whistle", 11)[name] for name in runs[0]}
    last = sides.take_over(start, "layered")
    sides.inject_all(last, SMALL)
    assert last.run().measures() == runs[1]


@pytest.mark.parametrize("regime, said", [("first_secretary", "first_secretary"), ("mine@0123abcd:whistle", "mine")])
def test_a_regime_that_a_district_cannot_have_is_refused_on_either_side(regime, said):
    few = SMALL.with_(streets=3, departments=2, staff=1, events=())
    for both in (("layered", regime), (regime, "layered")):
        with pytest.raises(InputError, match=said):
            year_of(Definition(few, both, 11))


def test_a_year_is_kept_and_can_be_cancelled(year):
    assert year_of(DEFINITION) is year and YEARS.get(DEFINITION) is year
    with pytest.raises(CancelError):
        year_of(DEFINITION.with_(seed=12), cancelled=lambda: True)


def test_cases_worth_following_are_voiced_on_both_sides(year):
    apart = np.abs(np.where(year.cases["closed_a"] < 0, 999, year.cases["closed_a"]).astype(int)
                   - np.where(year.cases["closed_b"] < 0, 999, year.cases["closed_b"]))
    assert len(year.cases) > 10 and apart[0] >= np.median(apart)


@pytest.mark.skipif(PLAIN, reason="takes long uncompiled")
@pytest.mark.slow
def test_a_years_packet_is_small():
    assert len(json.dumps(year_of(Definition()).packet())) < 500_000
