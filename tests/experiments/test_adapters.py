"""SALib and the EMA Workbench drive the model and get the numbers that `run_once` gives."""

import pickle
import subprocess
import sys

import numpy as np
import pytest

from experiments.adapters import Effect, ema_model, over
from experiments.runs import ROOT, run_once
from model.errors import InputError
from model.scenario import Scenario

SMALL = {"streets": 2, "residents": 60, "days": 35, "burn_in": 10}
EFFECT = Effect(measures=("served_need", "casework_share"), seeds=2, fixed=SMALL)


def by_hand(name, **changes):
    pairs = [[run_once(Scenario(**SMALL, **changes), regime, seed)[name] for regime in ("layered", "whistle")]
             for seed in (ROOT, ROOT + 1)]
    return np.mean([b - a for a, b in pairs])


def test_an_effect_is_the_mean_paired_difference():
    assert EFFECT(reach=0.5) == {name: by_hand(name, reach=0.5) for name in EFFECT.measures}
    assert pickle.loads(pickle.dumps(EFFECT))(reach=0.5) == EFFECT(reach=0.5)


def test_a_matrix_of_salib_is_a_row_a_sample_and_whole_numbers_stay_whole():
    found = over(EFFECT, ["reach", "case_due"], np.array([[0.5, 9.6], [0.9, 15.0]]))
    assert found.shape == (2, 2)
    assert found[0].tolist() == [by_hand(name, reach=0.5, case_due=10) for name in EFFECT.measures]


@pytest.mark.slow
def test_salib_finds_what_does_not_matter():
    pytest.importorskip("SALib")
    from SALib.analyze import morris as analyse
    from SALib.sample import morris as sample

    problem = {"num_vars": 2, "names": ["load", "find"], "bounds": [[0.5, 2.0], [0.1, 0.6]]}
    matrix = sample.sample(problem, 3, num_levels=4, seed=1)
    found = analyse.analyze(problem, matrix, over(EFFECT, problem["names"], matrix)[:, 1], num_levels=4, seed=1)
    assert found["mu_star"][0] > 0
    assert found["mu_star"][1] == 0  # no regime here patrols


@pytest.mark.slow
def test_the_workbench_drives_the_model():
    pytest.importorskip("ema_workbench")
    from ema_workbench import perform_experiments

    model = ema_model(EFFECT, {"reach": (0.1, 1.0), "case_due": (5, 30)})
    table, outcomes = perform_experiments(model, 3)
    for n, row in enumerate(table.to_dict("records")):
        given = {"reach": row["reach"], "case_due": int(row["case_due"])}
        assert outcomes["served_need"][n] == EFFECT(**given)["served_need"]


@pytest.mark.parametrize(("call", "sentence"), [
    (lambda: EFFECT(reech=0.5), "did you mean 'reach'"),
    (lambda: Effect(measures=("good",), seeds=1, fixed=SMALL)(), "there is no measure 'good'"),
    (lambda: Effect(measures=("policy_fit",), seeds=1, fixed={**SMALL, "idea_rate": 0.0})(), "is not defined"),
], ids=["parameter", "measure", "undefined"])
def test_wrong_input_is_one_sentence(call, sentence):
    with pytest.raises(InputError, match=sentence):
        call()


@pytest.mark.slow
def test_without_the_workbench_the_remedy_is_named():
    code = ("import sys; sys.modules['ema_workbench'] = None; from experiments.adapters import *\n"
            "try: ema_model(Effect(), {})\nexcept Exception as e: print(e)")
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "pip install -e '.[analysis]'" in said
