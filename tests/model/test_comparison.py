"""What keeps the comparison honest (DESIGN §6), on the real model."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.governance import GovernanceModel
from model.regimes import CONTROLS, SWITCHES, Powers, Regime, parse_regime
from model.scenario import Scenario

SMALL = dict(streets=3, departments=8, cadres=6, residents=60, days=60, burn_in=20, offices_slim=3)
ARMS = ["layered", "whistle", *(f"layered+{name}" for name in SWITCHES), "whistle-dispatch"]
# DESIGN §6.4: nothing is lost on the way down, nothing is needed twice, nobody errs, and there is time for all.
EASY = dict(alpha=1, supplements=0, return_rate=0, delta=0, tighten_step=0, whim_sd=0, theta_sd=0, theta_mean=0.5,
            idea_spread=0, specificity=0, v_err=0, tacit=0, reach=1, misgroup=0, inflation=0, psi=0, gaming=0,
            accept_base=1, accept_crowd=0, cause_share=0, ties=0, unreasonable=0, voice_base=2, rho=0, load=0.3,
            days=120)


@pytest.fixture(scope="module")
def arms():
    return {arm: GovernanceModel(Scenario(**SMALL), arm, rng=11).run() for arm in ARMS}


def test_world_and_burn_in_are_equal_to_the_bit(arms):
    base = arms["layered"].neutrality()
    for model in arms.values():
        assert model.neutrality()["world"] == base["world"]
        assert model.neutrality()["burn_in"] == base["burn_in"]


def test_paid_hours_are_equal_and_all_spent_or_idle(arms):
    base = arms["layered"].neutrality()["paid_hours"]
    for model in arms.values():
        told = model.neutrality()
        assert told["spent_plus_idle_error"] < 1e-6  # rounding of a few thousand sums
        assert told["paid_hours"] == pytest.approx(base, rel=1e-9)


def test_arms_do_differ_after_the_switch(arms):
    needs = {arm: model.measures()["served_need"] for arm, model in arms.items()}
    assert len({round(value, 9) for value in needs.values()}) > len(ARMS) / 2


@pytest.mark.parametrize("arm", ARMS)
def test_all_arms_tie_where_nothing_can_go_wrong(arm):
    model = GovernanceModel(Scenario(**EASY), arm, rng=3).run()
    assert model.measures()["served_need"] == pytest.approx(1.0, abs=1e-9)


def test_without_strength_two_way_assessment_is_inert():
    scenario = Scenario(**SMALL, rho=0)
    a, b = (GovernanceModel(scenario, arm, rng=5).run() for arm in ("layered", "layered+two_way"))
    assert a.measures() == b.measures()
    np.testing.assert_array_equal(a.series().to_numpy(), b.series().to_numpy())


def test_no_switches_is_the_model_without_switch_code():
    class Bare(Regime):
        """A regime that knows nothing of switches."""

        def powers(self, scenario):
            return Powers(offices=scenario.departments)

    a, b = (GovernanceModel(Scenario(**SMALL), regime, rng=5).run() for regime in (Regime(), Bare()))
    assert a.record.digest(80) == b.record.digest(80)


def test_only_more_staff_is_not_neutral():
    assert [name for name in CONTROLS if not parse_regime(f"layered+{name}").neutral] == ["more_staff"]
    model = GovernanceModel(Scenario(**SMALL), "layered+more_staff", rng=5).run()
    plain = GovernanceModel(Scenario(**SMALL), rng=5).run()
    for who, hours in plain.neutrality()["paid_hours"].items():
        assert model.neutrality()["paid_hours"][who] == pytest.approx(1.1 * hours)


def test_running_in_pieces_is_running_at_once():
    once = GovernanceModel(Scenario(**SMALL), "whistle", rng=2).run()
    pieces = GovernanceModel(Scenario(**SMALL), "whistle", rng=2)
    while pieces.day < pieces.scenario.horizon:
        pieces.run(7)
    assert once.measures() == pieces.measures()


scenarios = st.builds(
    lambda **kw: Scenario(**kw),
    region=st.sampled_from(["rich", "difficult"]), streets=st.integers(1, 4), departments=st.integers(1, 9),
    offices_slim=st.integers(1, 9), cadres=st.integers(1, 12), residents=st.integers(10, 80),
    staff=st.integers(1, 4), days=st.integers(35, 50), burn_in=st.integers(0, 25), load=st.floats(0.05, 4),
    rho=st.floats(0, 1), reach=st.floats(0.05, 1), cause_share=st.floats(0, 0.9), patience=st.integers(5, 60),
    fresh=st.integers(0, 60), items=st.integers(0, 30), unreasonable=st.floats(0, 0.35), kappa=st.floats(0.5, 4),
)
regimes = st.sets(st.sampled_from([*SWITCHES, *CONTROLS])).map(lambda on: Regime(frozenset(on)))


@settings(max_examples=25, deadline=None)
@given(scenario=scenarios, regime=regimes, seed=st.integers(0, 2**31))
def test_nothing_vanishes_and_every_measure_is_sane(scenario, regime, seed):
    model = GovernanceModel(scenario, regime, rng=seed).run()
    accounts = model.accounts()
    for what in ("problems", "ideas", "jobs"):
        assert sum(accounts[what].values()) == accounts["begun"][what]
    assert accounts["problems"]["unborn"] == accounts["ideas"]["unborn"] == 0
    assert model.neutrality()["spent_plus_idle_error"] < 1e-6
    for name in ("served_need", "true_resolution", "formalism_share", "policy_fit", "trust", "core_quality", "authority",
                 "utilisation", "voice_rate", "motivation", "clarity_at_street", "emergency_success"):
        value = model.measures()[name]
        assert value is None or -1e-9 <= value <= 1 + 1e-9, name
    for agent in model.agents:
        if hasattr(agent, "diary"):
            assert all(hours > -1e-6 for hours in agent.diary.values())
