"""The comparison is honest (DESIGN §6): equal hours, world, luck and burn-in; no edge of its own; nothing vanishes."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tables import differing
from waiting import in_queues, noted, waiting

from agents.calendar import ROWS, Due, new_calendar
from agents.compiled import fields_of
from agents.work import DAY_HOURS, Act, Course, Fate, Stage
from experiments.verify.equal import NULL as PATIENT
from model.district import District
from model.governance import GovernanceModel
from model.luck import Purpose, luck_of, luck_of_turn
from model.measures import HEADLINES, MEASURES
from model.regimes import CONTROLS, REFORMS, SWITCHES, Powers, Regime, parse_regime
from model.scenario import Scenario
from model.world import draw_world

TINY = dict(streets=2, departments=8, cadres=6, residents=60, days=45, burn_in=20)
SUBSETS = [Regime.of(on) for n in range(len(SWITCHES) + 1) for on in combinations(SWITCHES, n)]
NEUTRAL_CONTROLS = [f"whistle+{name}" for name in CONTROLS if name != "more_staff"]
ARMS = ["layered", "whistle", *(f"layered+{name}" for name in SWITCHES), *NEUTRAL_CONTROLS]
REL = 1e-9
"""DESIGN §6.1: some thousand sums of doubles round by 1e-12 of their size; an hour lost a day would be 1e-3."""


@pytest.fixture(scope="module", params=["rich", "difficult"])
def arms(request):
    scenario = Scenario(region=request.param, **TINY)
    return {arm: GovernanceModel(scenario, arm, rng=11).run() for arm in ARMS}


def equal_all_over(a: GovernanceModel, b: GovernanceModel) -> None:
    """Every measure, every day of every series and every hour, to the bit."""
    assert a.measures() == b.measures()
    np.testing.assert_array_equal(a.series().to_numpy(), b.series().to_numpy())
    assert a.record.digest(a.scenario.horizon) == b.record.digest(b.scenario.horizon)


# --- 1 paid hours -----------------------------------------------------------------------------------------------


def paid_by_day(m: GovernanceModel) -> np.ndarray:
    return m.record.hours.sum(axis=2)


def declared(m: GovernanceModel) -> np.ndarray:
    """Hours a day that a regime moves between leaders, departments and cadres: nothing else may."""
    sc, powers = m.scenario, m.powers
    hours = sc.departments * sc.staff * DAY_HOURS * powers.staff
    led = sc.streets * DAY_HOURS * powers.staff if powers.first_secretary else 0.0
    sent = min(powers.sent_down, sc.departments) / sc.departments * (hours - led) * (1 - sc.stay)
    return np.array([led, -led - sent, sent])


def assert_all_hours_paid(m: GovernanceModel) -> None:
    """Every class, every day: spent + idle = paid, by the number of people."""
    sc = m.scenario
    due = np.array([sc.streets + 2, sc.departments * sc.staff, sc.streets * sc.cadres]) * DAY_HOURS
    staff = np.where(np.arange(len(m.record)) < sc.burn_in, 1.0, m.powers.staff)
    moved = np.where(np.arange(len(m.record)) < sc.burn_in, 0.0, 1.0)[:, None] * declared(m)
    np.testing.assert_allclose(paid_by_day(m), staff[:, None] * due + moved, rtol=REL)
    assert m.neutrality()["spent_plus_idle_error"] <= REL * m.powers.staff * due.max()
    assert m.record.hours.min() >= -REL * due.max()


def assert_no_diary_overspent(m: GovernanceModel) -> None:
    """No agent spends more than his own day, though classes add up."""
    for agent in m.agents:
        hours = getattr(agent, "diary", {"none": 0.0}).values()
        assert min(hours) >= -1e-9 * DAY_HOURS * m.scenario.staff


def test_paid_hours_are_equal_every_day_and_all_spent_or_idle(arms):
    base = arms["layered"]
    for model in arms.values():
        assert_all_hours_paid(model)
        assert_no_diary_overspent(model)
        np.testing.assert_allclose(paid_by_day(model), paid_by_day(base), rtol=REL)
        assert model.neutrality()["paid_hours"] == pytest.approx(base.neutrality()["paid_hours"], rel=REL)


def test_only_more_staff_pays_for_more_hours(arms):
    assert [name for name in CONTROLS if not parse_regime(f"layered+{name}").neutral] == ["more_staff"]
    base = arms["layered"]
    more = GovernanceModel(base.scenario, "layered+more_staff", rng=11).run()
    ratio = paid_by_day(more) / paid_by_day(base)
    np.testing.assert_allclose(ratio[:base.scenario.burn_in], 1.0, rtol=REL)
    np.testing.assert_allclose(ratio[base.scenario.burn_in:], 1.1, rtol=REL)


# --- 2 the world and luck ---------------------------------------------------------------------------------------


draw_anew = draw_world.__wrapped__
"""Runs of one seed share a world, so that a run that spoilt it would spoil what it is compared with."""


def test_the_world_is_equal_between_arms_and_runs_do_not_draw_it_anew(arms):
    base = arms["layered"]
    fresh, streets, residents = draw_anew(base.scenario, 11), base.scenario.streets, base.scenario.residents
    assert draw_anew(base.scenario, 12).digest != fresh.digest
    for model in arms.values():
        assert model.neutrality()["world"] == replace(model.world).digest == fresh.digest  # a copy hashes anew
        needs, drawn = slice(0, fresh.arrivals), model.district.drawn
        for name in ("born", "street", "domains", "hours", "severity", "reasonable", "cause", "voice_luck"):
            np.testing.assert_array_equal(model.problems[name][needs], fresh.problems[name][needs])
        np.testing.assert_array_equal(model.problems.resident[needs] % residents, fresh.problems["resident"][needs])
        np.testing.assert_array_equal(model.problems.resident[needs] // residents, fresh.problems["street"][needs])
        for name in ("born", "department", "hours", "severity", "luck"):
            np.testing.assert_array_equal(model.jobs[name], fresh.jobs[name])
        for name in ("born", "domain", "value", "luck"):
            np.testing.assert_array_equal(model.ideas[name], fresh.ideas[name])
        unborn = model.copies.course == Course.UNBORN  # the others have moved since
        late = np.repeat(model.ideas.born >= model.day, streets)
        assert unborn[late].all()
        np.testing.assert_array_equal(model.copies.x[late], np.repeat(fresh.x0, streets)[late])
        for name in ("items", "whims"):
            np.testing.assert_array_equal(getattr(drawn, name), getattr(fresh, name))
        np.testing.assert_array_equal(drawn.theta, fresh.theta)
        np.testing.assert_array_equal(model.emergencies.born, fresh.emergencies["born"])


def test_luck_hangs_on_seed_purpose_and_keys_alone():
    """More of it in test_luck.py."""
    d, same, other = (GovernanceModel(**TINY, rng=seed).district.handle for seed in (5, 5, 6))
    first = [luck_of_turn(d, Purpose.FIX, *keys) for keys in ((7, 0), (3, 1), (900, 0))]
    for key in range(1000):
        luck_of(same, Purpose.ADAPT, key), luck_of_turn(same, Purpose.FIX, key, 0)
    assert [luck_of_turn(same, Purpose.FIX, *keys) for keys in ((900, 0), (7, 0), (3, 1))] == [first[k] for k in (2, 0, 1)]
    for changed in (luck_of_turn(other, Purpose.FIX, 7, 0), luck_of_turn(d, Purpose.FALSE_CLOSE, 7, 0),
                    luck_of_turn(d, Purpose.FIX, 0, 7), luck_of(d, Purpose.FIX, 7)):
        assert changed != first[0]


LISTENING = """
import json, sys
from model import (cases, causes, complaints, emergencies, endings, luck, needs, own_work, patrol, requests, street,
                   supervision, volunteers)
from model.governance import GovernanceModel
from model.scenario import Scenario

asked = []  # (purpose, key, …, luck), of the run that goes on

def listen(name):
    throw = getattr(luck, name)
    def told(d, *keys):
        out = throw(d, *keys)
        purpose = keys[:0] if name == "luck_of_request" else keys[:1]
        asked.append([int(*purpose) if purpose else int(luck.Purpose.ACCEPT), *map(int, keys[len(purpose):]), float(out)])
        return out
    for module in (cases, causes, complaints, emergencies, endings, needs, own_work, patrol, requests, street, supervision,
                   volunteers):
        if hasattr(module, name):
            setattr(module, name, told)

for name in ("luck_of", "luck_of_turn", "luck_of_request"):
    listen(name)
runs = {}
for arm in json.loads(sys.argv[2]):
    m = GovernanceModel(Scenario(**json.loads(sys.argv[1])), arm, rng=4).run()
    at = m.district.at[0]
    runs[arm] = {"asked": list(asked), "problems": len(m.problems), "copies": len(m.copies), "none": int(at.none)}
    asked.clear()
json.dump(runs, sys.stdout)
"""
"""Compiled code has nowhere to listen, so the same source runs uncompiled."""
OF_PROBLEMS = {Purpose.RECOGNISE, Purpose.MISGROUP, Purpose.INFLATE, Purpose.PLATFORM, Purpose.REFUSE}
OF_COPIES = {Purpose.INSPECT, Purpose.ADAPT, Purpose.DISTURB, Purpose.PETITION, Purpose.CHARGE, Purpose.HOUSEHOLD}
KEYS = {**dict.fromkeys(OF_PROBLEMS | OF_COPIES, 1), Purpose.NEAREST: 1, Purpose.OWN: 1, Purpose.ACCEPT: 3,
        **dict.fromkeys((Purpose.FIX, Purpose.FALSE_CLOSE, Purpose.FIND, Purpose.DEPTH, Purpose.SATISFIED, Purpose.TELL, Purpose.PASS_ON,
                         Purpose.HELPER), 2)}


@pytest.mark.slow
def test_luck_is_keyed_by_things_never_by_offices_and_equal_between_arms(pytestconfig):
    scenario = {**TINY, "days": 35, "burn_in": 5, "departments": 4, "cadres": 3, "load": 1.5,
                "accept_base": 0, "accept_gain": 0, "request_due": 3, "bind_after": 60,  # requests come back
                "groundedness": 0.1, "theta_mean": 0.9, "emergency_rate": 20.0, "cooldown": 25}  # directives misfit
    arms = ("layered", "layered+offices=2", "whistle", "grid", "hotline", "ten_years_ago")
    told = subprocess.run([sys.executable, "-c", LISTENING, json.dumps(scenario), json.dumps(arms)], check=True,
                          capture_output=True, text=True, cwd=pytestconfig.rootpath,
                          env={**os.environ, "NUMBA_DISABLE_JIT": "1"}).stdout
    runs = json.loads(told)
    given = {arm: {purpose: {} for purpose in Purpose} for arm in arms}
    for arm in arms:
        for purpose, *keys, thrown in runs[arm]["asked"]:
            assert given[arm][purpose].setdefault(tuple(keys), thrown) == thrown
    assert set(KEYS) == set(Purpose)
    for purpose, count in KEYS.items():
        first, *others = (given[arm][purpose] for arm in arms)
        assert {len(key) for arm in (first, *others) for key in arm} == {count}, purpose
        for other in others:
            assert all(first[key] == other[key] for key in first.keys() & other.keys()), purpose
    for purpose in (Purpose.ACCEPT, Purpose.FIX, Purpose.FALSE_CLOSE):
        shared = given["layered"][purpose].keys() & given["layered+offices=2"][purpose].keys()
        assert len(shared) > 20, purpose  # the two arms meet in what they ask, so the line above says something
    base = runs["layered"]
    for purposes, size in ((OF_PROBLEMS, base["problems"]), (OF_COPIES, base["copies"])):
        for purpose in purposes:
            assert max(key for arm in arms for key, in given[arm][purpose]) < size, purpose
    thing, department, attempt = np.array(list(given["layered"][Purpose.ACCEPT])).T
    assert thing.max() < base["none"]
    assert set(department) == set(range(scenario["departments"]))
    assert set(attempt) == {1, 2, 3}
    assert np.array(list(given["layered+offices=2"][Purpose.FIX]))[:, 0].max() < base["problems"]


def test_nobody_elses_draws_change_a_run():
    plain = GovernanceModel(Scenario(**TINY), "whistle", rng=4).run()
    noisy = GovernanceModel(Scenario(**TINY), "whistle", rng=4)
    while noisy.day < noisy.scenario.horizon:
        noisy.step()
        noisy.random.random(), noisy.rng.random(3), luck_of_turn(noisy.district.handle, Purpose.FIX, noisy.day, 0)
    equal_all_over(plain, noisy)


# --- 3 what is off is absent ------------------------------------------------------------------------------------


def test_the_burn_in_is_equal_to_the_bit_and_arms_part_after_it(arms):
    base = arms["layered"]
    burn_in = base.scenario.burn_in
    for arm, model in arms.items():
        assert model.neutrality()["burn_in"] == base.neutrality()["burn_in"]
        np.testing.assert_array_equal(model.record.hours[:burn_in], base.record.hours[:burn_in])
        whole = base.scenario.horizon
        assert (model.record.digest(whole) == base.record.digest(whole)) == (arm == "layered")


class Bare(Regime):
    """A regime that knows nothing of switches: the powers of layered assessment, built directly."""

    def powers(self, scenario):
        return Powers(offices=scenario.departments)


@pytest.mark.parametrize("region", ["rich", "difficult"])
def test_no_switches_is_the_switch_code_absent(region):
    scenario = Scenario(region=region, **TINY)
    equal_all_over(*(GovernanceModel(scenario, regime, rng=5).run() for regime in (Regime(), Bare(parse_regime("whistle").pairs))))


@pytest.mark.parametrize("region", ["rich", "difficult"])
def test_direct_calls_where_none_requires_departments_are_inert(region):
    scenario = Scenario(region=region, authority_share=0, **TINY)
    equal_all_over(*(GovernanceModel(scenario, arm, rng=5).run() for arm in ("layered", "layered+direct_due=5")))


# --- 4 the null scenario ----------------------------------------------------------------------------------------

NULL = {**PATIENT, "load": 0.3}


@pytest.mark.parametrize(("region", "seed"), [("rich", 1), ("difficult", 2)])
def test_all_arms_tie_where_no_mechanism_has_anything_to_do(region, seed):
    regimes = SUBSETS if region == "rich" else SUBSETS[:6] + SUBSETS[-6:]
    for regime in regimes:
        told = GovernanceModel(Scenario(region=region, **NULL), regime, rng=seed).run().measures()
        assert told["served_need"] == pytest.approx(1.0, abs=1e-9), regime.name
        assert min(told["served_cases"], told["served_policy"], told["served_core"]) == pytest.approx(1.0, abs=1e-9)


def test_the_null_scenario_parts_the_arms_once_hours_are_short():
    """The tie above is not one of a model that always serves everything."""
    short = Scenario(**{**NULL, "load": 3})
    served = {arm: GovernanceModel(short, arm, rng=1).run().measures()["served_need"] for arm in ("layered", "whistle")}
    assert served["layered"] < 0.9
    assert abs(served["whistle"] - served["layered"]) > 1e-3


# --- 5 nothing vanishes -----------------------------------------------------------------------------------------

TERMINAL = ("served", "late", "prevented", "refused", "false", "unsolved", "expired")


def assert_accounts_add_up(m: GovernanceModel) -> None:
    """All that began is somewhere, and what began is what was drawn (and the trouble directives made)."""
    told, p = m.accounts(), m.problems
    for what in ("problems", "ideas", "jobs"):
        assert sum(told[what].values()) == told["begun"][what]
    assert told["problems"]["unborn"] == told["ideas"]["unborn"] == 0
    drawn = draw_world(m.scenario, m.seed)
    made = p.born[drawn.arrivals:] < m.day
    assert told["begun"] == {"problems": int((drawn.problems["born"] < m.day).sum()) + int(made.sum()),
                             "ideas": int((drawn.ideas["born"] < m.day).sum()),
                             "jobs": int((drawn.jobs["born"] < m.day).sum())}
    assert p.severity[drawn.arrivals:][made].sum() == pytest.approx(m.record.column("disturbed").sum())
    assert (p.cause[p.fate == Fate.PREVENTED] >= 0).all()
    assert not p.reasonable[p.fate == Fate.REFUSED].any()
    assert (p.voiced[np.isin(p.fate, (Fate.OPEN, Fate.SERVED, Fate.LATE, Fate.FALSE, Fate.UNSOLVED))] >= 0).all()
    assert m.now.open_cases == (p.fate == Fate.OPEN).sum()


def remembering(m: GovernanceModel) -> GovernanceModel:
    """The model with a calendar that also keeps what lies behind the end of its run, as this is to be counted, too."""
    parts, room = {name: getattr(m.district, name) for name in fields_of(District)}, len(m.district.calendar.slips) * ROWS
    days = m.scenario.horizon + int(m.problems.patience.max()) + 10
    m.district = District(**{**parts, "calendar": new_calendar(days, room)})
    return m


def in_use(m: GovernanceModel, queues, *acts: Act) -> np.ndarray:
    """Things that unfinished work of these kinds is about, unless tomorrow's arranging leaves it out."""
    rows = waiting(queues)
    return rows.thing[np.isin(rows.act, acts) & (m.district.died[rows.thing] >= m.day)]


def assert_all_that_is_open_is_waiting_somewhere(m: GovernanceModel) -> None:
    """Nothing is open on paper only: it lies in a queue, is asked of a department, or has its day."""
    d, at = m.district, m.district.at[0]
    kept = np.zeros(at.none + 1, bool)
    kept[in_use(m, d.desk_work, Act.CASEWORK, Act.RESPOND, Act.REPAIR, Act.DATA, Act.REWORK, Act.INTERPRET, Act.EXECUTE, Act.CONFLICT,
                Act.PUSHED)] = True
    kept[in_use(m, d.department_work, Act.RESPOND, Act.REPAIR, Act.CORE, Act.OWN, Act.ISSUE)] = True
    kept[d.requests.thing[:m.now.requests]] = True
    kept[noted(d.calendar, Due.BEGIN, m.day)] = True
    kept[at.ideas + d.held.values[:d.held.count[0]]] = True
    waits = {
        "case": np.flatnonzero(m.problems.fate == Fate.OPEN),
        "job": at.jobs + np.flatnonzero(m.jobs.course == Course.WAITING),
        "idea": at.ideas + np.flatnonzero(m.ideas.course == Course.WAITING),
        "copy": at.copies + np.flatnonzero(m.copies.course == Course.LIVE),
        "repair": at.causes + np.flatnonzero(np.isin(m.causes.stage, (Stage.REPAIRING, Stage.MISGROUPED))),
    }
    for what, things in waits.items():
        assert kept[things].all(), f"{what} {things[~kept[things]][:5]} waits nowhere on day {m.day}"
    latent = np.flatnonzero(m.problems.fate == Fate.LATENT)
    looked_at, expire = noted(d.calendar, Due.LOOK, m.day), noted(d.calendar, Due.EXPIRE, m.day)
    assert np.isin(latent, looked_at).all()
    assert np.isin(np.concatenate((latent, waits["case"])), expire).all()
    issued = np.setdiff1d(np.flatnonzero(m.ideas.course == Course.LIVE), d.arriving.values[:d.arriving.count[0]])
    assert (m.copies.course.reshape(len(m.ideas), -1)[issued] != Course.UNBORN).all()


@pytest.mark.parametrize("arm", ["layered", "whistle", "layered+dispatch", "layered+triage+merge_tasks", "whistle+cut_forms"])
@pytest.mark.parametrize("region", ["rich", "difficult"])
def test_nothing_vanishes_on_the_way(region, arm):
    scenario = Scenario(region=region, **{**TINY, "residents": 150}, cause_share=0.5, load=1.5)
    model = remembering(GovernanceModel(scenario, arm, rng=8))
    stops = np.sort(np.random.default_rng(8).choice(scenario.horizon, 12, replace=False)) + 1
    ended = dict.fromkeys(TERMINAL, 0)
    for day in sorted({*stops.tolist(), scenario.burn_in + 1, scenario.horizon}):
        model.run(day - model.day)
        assert_accounts_add_up(model)
        assert_all_that_is_open_is_waiting_somewhere(model)
        now = model.accounts()["problems"]
        assert all(now[fate] >= ended[fate] for fate in TERMINAL)  # nothing that ended begins again
        ended = {fate: now[fate] for fate in TERMINAL}
    assert ended["served"] > 0
    assert ended["expired"] + ended["late"] > 0


# --- nothing is served for free ---------------------------------------------------------------------------------


def run_and_count(m: GovernanceModel) -> np.ndarray:
    """Run to the end; delivered hours by thing, as they leave the queues."""
    hours = np.zeros(m.district.at[0].none + 1)
    solves = (Act.CASEWORK, Act.RESPOND, Act.REPAIR, Act.CORE, Act.PUSHED)
    while m.day < m.scenario.horizon:
        m.step()
        for queues in (m.district.desk_work, m.district.department_work):
            rows = in_queues(queues)
            np.add.at(hours, rows.thing, np.where(np.isin(rows.act, solves), rows.given, 0.0))
    return hours


@pytest.mark.parametrize("arm", ["layered", *(f"layered+{name}" for name in SWITCHES), "whistle", *NEUTRAL_CONTROLS])
def test_nothing_is_served_without_its_hours(arm):
    """The tie of the null scenario, where all is served, could not tell an arm that serves something for free.

    A case takes half its hours at least: 1.5 − k of them from cadres, half in each of its domains from departments,
    and again each time it did not help. Volunteers may take over what is not tacit, repairs solve all of a cause.
    """
    model = GovernanceModel(Scenario(**{**TINY, "residents": 150}, cause_share=0.4, load=1.5), arm, rng=9)
    sc, p, at, worked = model.scenario, model.problems, model.district.at[0], run_and_count(model)
    repaired = np.append(model.causes.stage == Stage.REPAIRED, False)[p.cause]
    solved = np.isin(p.fate, (Fate.SERVED, Fate.LATE))
    helped = (p.tacit <= 0.5) & model.powers.volunteers
    by_hours = np.flatnonzero(solved & ~repaired & ~helped)
    assert len(by_hours) > 50
    assert (worked[by_hours] >= 0.5 * p.hours[by_hours] * (p.attempt[by_hours] + 1) - 1e-6).all()
    assert repaired[p.fate == Fate.PREVENTED].all()
    cause = np.flatnonzero(model.causes.stage == Stage.REPAIRED)
    assert len(cause) > 0
    cost = sc.repair_cases * model.causes.hours[cause] / sc.reach
    assert (worked[at.causes + cause] >= cost - 1e-6).all()
    jobs = np.flatnonzero(model.jobs.course == Course.DONE)
    assert (worked[at.jobs + jobs] >= model.jobs.hours[jobs] - 1e-6).all()


# --- the same over random scenarios -----------------------------------------------------------------------------

scenarios = st.builds(
    lambda **kw: Scenario(**kw),
    region=st.sampled_from(["rich", "difficult"]), streets=st.integers(1, 4), departments=st.integers(2, 10),
    cadres=st.integers(2, 8), residents=st.integers(30, 80), days=st.integers(35, 50), burn_in=st.integers(5, 20),
    cooldown=st.integers(0, 20),
    staff=st.integers(1, 4), load=st.floats(0.05, 4),
    reach=st.floats(0.05, 1), cause_share=st.floats(0, 0.9), patience=st.integers(5, 60), fresh=st.integers(0, 60),
    items=st.integers(0, 30), unreasonable=st.floats(0, 0.35), kappa=st.floats(0.5, 4), depth=st.floats(0, 1),
    ties=st.floats(0, 1), inflation=st.floats(0, 0.5), emergency_rate=st.floats(0, 20), voice_cost=st.floats(0, 2),
    groundedness=st.floats(0.02, 0.98), theta_mean=st.floats(0.05, 0.95), request_due=st.integers(2, 60))
regimes = st.one_of(st.sets(st.sampled_from([*SWITCHES, *CONTROLS]), min_size=1).map(Regime.of),
                    st.sampled_from([*REFORMS, "whistle+hotline", "hotline+centre_hours=1", "grid+patrol=3", "layered+sent_down=10",
                                     "whistle+sent_down=2+own_policy=1+platform", "hotline+ten_years_ago+sent_down=1"]
                                    ).map(parse_regime))
BOUNDED = [name for name, measure in MEASURES.items()
           if measure.unit in ("share", "0–1", "probability", "Gini") and name != "resolution_gap"]


def test_the_bounded_measures_are_most_of_them():
    assert len(BOUNDED) > 20
    assert set(BOUNDED) >= {*HEADLINES, "served_need", "core_quality", "policy_fit"}


@settings(max_examples=30, deadline=None)
@given(scenario=scenarios, regime=regimes, seed=st.integers(0, 2**31), stop=st.integers(1, 50))
def test_any_scenario_is_compared_honestly(scenario, regime, seed, stop):
    assume("first_secretary" not in regime.levels or 2 * scenario.streets <= scenario.departments * scenario.staff)
    base, model = GovernanceModel(scenario, rng=seed).run(), remembering(GovernanceModel(scenario, regime, rng=seed))
    for day in (min(stop, scenario.horizon), scenario.horizon):
        model.run(day - model.day)
        assert_accounts_add_up(model)
        assert_all_that_is_open_is_waiting_somewhere(model)
        assert_no_diary_overspent(model)
    assert_all_hours_paid(model)
    assert model.neutrality()["world"] == base.neutrality()["world"]
    assert model.neutrality()["burn_in"] == base.neutrality()["burn_in"]
    if regime.neutral:
        np.testing.assert_allclose(paid_by_day(model).sum(axis=1), paid_by_day(base).sum(axis=1), rtol=REL)
        told = np.array(list(model.neutrality()["moved"].values()))
        np.testing.assert_allclose(told, declared(model) * (scenario.horizon - scenario.burn_in), atol=1e-6)
    assert_sane(model)


def assert_sane(m: GovernanceModel) -> None:
    """No measure is infinite or not a number (`measures()` would hide that as None), and shares are shares."""
    for name, measure in MEASURES.items():
        value = measure.of(m)
        assert value is None or np.isfinite(value), name
        if name in BOUNDED and value is not None:
            assert -1e-9 <= value <= 1 + 1e-9, name
    gap = m.measures()["resolution_gap"]
    assert gap is None or -1 <= gap <= 1
    assert not np.isinf(m.series().to_numpy(float)).any()


def test_running_in_pieces_is_running_at_once():
    once = GovernanceModel(Scenario(**TINY), "whistle", rng=2).run()
    pieces, days = (GovernanceModel(Scenario(**TINY), "whistle", rng=2) for _ in range(2))
    while pieces.day < pieces.scenario.horizon:
        pieces.run(7)
    while days.day < days.scenario.horizon:
        days.step()
    for other in (pieces, days):
        equal_all_over(once, other)
        assert differing(once.district, other.district) == []
