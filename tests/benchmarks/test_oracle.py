"""The model against the same model written a second time, every agent stepping (benchmarks/baseline).

Both draw the same world and the same keyed luck, so they must agree run by run, not only on average: what differs is
rounding (trust in closed form against day by day, expectation in 32 bits). A rounding error can tip a chance only if
luck falls within about 1e-8 of it, which in these runs' some 10,000 chances happens once in 10,000 runs.
"""

from dataclasses import replace

import numpy as np
import pytest

from agents.rules import Rules, water_fill
from agents.work import ACTS
from benchmarks.baseline.model import BaselineModel
from benchmarks.baseline.plain import PlainLuck, plain_rules, split_day
from model.errors import InputError
from model.governance import GovernanceModel
from model.labour import CLASSES
from model.luck import Luck
from model.scenario import Scenario

ROUNDING = 1e-6
"""Far above the rounding of 32-bit expectation (6e-8 a case), far below one case, one hour or one share more."""
SMALL = dict(streets=3, departments=8, cadres=10, residents=80, days=50, burn_in=24)
CASES = {
    "layered": ({}, "layered"),
    "whistle": ({}, "whistle"),
    "difficult": (dict(region="difficult", residents=60, cadres=6), "whistle"),
    "one street, gaming off": (dict(streets=1, gaming=0, rho=1.0), "whistle"),
    "without dispatch": (dict(accept_base=0.2, load=1.5), "whistle-dispatch"),
    "without slimming": (dict(misgroup=0.3, cause_share=0.6, cadres=3), "whistle-slim"),
    "control arms": ({}, "layered+merge_tasks+cut_forms+train"),
    "misfits": (dict(fit_threshold=0.95, ties=0.9, theta_sd=0.25, knowledge=0.7), "layered+train"),
    "many needs, little time": (dict(residents=15, need_rate=0.15, civic_hours=0.75), "whistle"),
    "more staff": (dict(kappa=2.0), "layered+two_way+more_staff"),
}


RUNS = {}


def both(case, seed=3, rules=None):
    """A run of the model and one of the oracle, made once."""
    key = (str(case), seed, rules)
    if key not in RUNS:
        RUNS[key] = made(*case, seed, rules)
    return RUNS[key]


def made(changes, regime, seed, rules):
    scenario = Scenario(**{**SMALL, **changes})
    return (GovernanceModel(scenario, regime, rng=seed, rules=rules).run(),
            BaselineModel(scenario, regime, rng=seed, rules=rules).run())


def same(a, b):
    return a == b or (a is not None and b is not None and abs(a - b) <= ROUNDING * max(1.0, abs(a)))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_both_give_the_same_measures_counts_and_hours(case):
    model, oracle = both(case)
    mine, theirs = model.measures(), oracle.measures()
    assert {k: (mine[k], theirs[k]) for k in mine if not same(mine[k], theirs[k])} == {}
    hours = np.array([[day[who] for who in CLASSES] for day in oracle.ledger])
    assert hours.shape == model.record.hours.shape == (oracle.day, len(CLASSES), len(ACTS))
    assert np.abs(hours - model.record.hours).max() < ROUNDING
    days = zip(model.record._days, oracle.record, strict=True)
    unlike = [(n, k) for n, (a, b) in enumerate(days) for k in b if not same(a.get(k, 0.0), b[k])]
    assert unlike == []


def test_the_cases_use_what_the_model_can_do():
    happened = {name for case in CASES.values() for day in both(case)[1].record for name, n in day.items() if n}
    assert happened >= {"platform", "uniform_corrections", "bound", "accepted", "returned", "whistles", "reopened",
                        "repairs", "causes_misgrouped", "prevented", "sanctions", "petitions", "faults", "disturbed",
                        "duplicates", "pushed_hours", "volunteer_hours", "lift", "feedback_reach"}


def test_both_obey_a_rule_of_ones_own():
    def fit(x, theta, specificity, v_err, knowledge):
        return 0.4 + 0 * x

    mine, theirs = both(CASES["layered"], rules=replace(Rules(), fit=fit))
    assert mine.measures()["policy_fit"] == pytest.approx(0.4)
    assert theirs.measures()["policy_fit"] == pytest.approx(0.4)
    assert same(mine.measures()["served_need"], theirs.measures()["served_need"])


def test_no_order_of_agents_matters():
    scenario = Scenario(**SMALL)
    one, two = BaselineModel(scenario, "whistle", rng=3), BaselineModel(scenario, "whistle", rng=3)
    two.random.seed(99)
    one.run(), two.run()
    mine, theirs = one.measures(), two.measures()
    assert {k: (mine[k], theirs[k]) for k in mine if not same(mine[k], theirs[k])} == {}


def test_another_seed_is_told_apart():
    a, b = both(CASES["layered"], seed=3)[0].measures(), both(CASES["layered"], seed=4)[1].measures()
    assert sum(not same(a[k], b[k]) for k in a) > 20


@pytest.mark.parametrize("case", ["layered", "whistle"])
def test_rules_as_written_and_tuned_ones_give_the_same(case):
    changes, regime = CASES[case]
    tuned = both(CASES[case])[1]
    written = BaselineModel(Scenario(**{**SMALL, **changes}), regime, rng=3, tuned=False)
    assert written.rules.urgency is Rules().urgency and written.rules.fit is Rules().fit
    mine, theirs = written.run().measures(), tuned.measures()
    assert {k: v for k, v in mine.items() if v is not None} == pytest.approx(
        {k: v for k, v in theirs.items() if v is not None}, rel=1e-9, abs=1e-9)
    assert mine.keys() == theirs.keys()


# --- the parts written anew -----------------------------------------------------------------------------------------


def test_the_split_of_one_agent_is_that_of_arrays():
    rng = np.random.default_rng(5)
    pull, backlog = rng.random((200, 4)) * (rng.random((200, 4)) < 0.8), rng.gamma(1, 3, (200, 4))
    backlog[rng.random((200, 4)) < 0.2] = 0
    ones = [1.0] * 4
    expected = water_fill(pull, backlog, np.full(200, 8.0))
    got = [split_day(p.tolist(), ones, ones, b.tolist(), 8.0, 1.0) for p, b in zip(pull, backlog, strict=True)]
    assert np.allclose(got, expected, atol=1e-12)


def test_plain_luck_is_the_model_s_luck():
    keys = [(0, 0), (5, 3), (123456, 7)]
    for seed in (0, 7, 2**40):
        plain = [PlainLuck(seed)("fix", *key) for key in keys]
        assert plain == Luck(seed)("fix", *np.array(keys).T).tolist()


def test_plain_rules_are_the_rules_on_single_numbers():
    plain, rules = plain_rules(Rules()), Rules()
    for slot, args in (("fit", (0.9, 0.2, 0.6, 0.3, 0.5)), ("switching", (20.0,)), ("first_hours", (0.5, 0.6, 0.5, 0.4, 2.0)),
                       ("urgency", (3, 0.0)), ("inspection_finds", (0.9, 0.7, 0.5, 1.4, False))):
        assert getattr(plain, slot)(*args) == pytest.approx(float(getattr(rules, slot)(*args)), abs=1e-15)
        assert isinstance(getattr(plain, slot)(*args), (float, int, bool))


def test_the_baseline_refuses_what_it_cannot_do():
    scenario = Scenario(**SMALL, events=[dict(day=3, kind="emergency")])
    with pytest.raises(InputError, match="leave out"):
        BaselineModel(scenario)
