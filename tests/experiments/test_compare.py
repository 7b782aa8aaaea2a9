"""A comparison is a sweep of one point a region: what it says, from its store."""

import json

import pytest
from samples import compared, made_up, swept

from experiments.compare import arms_of, as_dict, failures
from experiments.neutrality import paid_gap, proof_of
from experiments.runs import ROOT
from experiments.store import open_results
from model.measures import MEASURES

STATISTICS = {"difference", "low", "high", "p_better", "variance_ratio", "verdict"}
SEEDS = range(ROOT, ROOT + 4)


def test_json_of_two_regimes_is_as_specified(tmp_path):
    data = as_dict(compared(tmp_path / "out"))
    assert set(data) == {"schema", "seeds", "regimes", "neutral", "regions"}
    assert (data["schema"], data["seeds"], data["regimes"], data["neutral"]) == (2, 4, ["layered", "whistle"], True)
    assert list(data["regions"]) == ["rich", "difficult"]
    for region in data["regions"].values():
        assert set(region) == {"horizon", "measures", "worth"}
        assert list(region["measures"]) == list(MEASURES)
        for entry in region["measures"].values():
            assert set(entry) == {"layered", "whistle"} | STATISTICS
    mean = sum(seed % 7 for seed in SEEDS) / 4
    assert data["regions"]["rich"]["measures"]["served_need"] == {
        "layered": mean, "whistle": mean + 0.125, "difference": 0.125, "low": 0.125, "high": 0.125, "p_better": 1.0,
        "variance_ratio": None, "verdict": "better"}


def test_p_better_and_the_mark_follow_the_direction(tmp_path):
    measures = as_dict(compared(tmp_path / "out"))["regions"]["rich"]["measures"]
    found = {name: (entry["p_better"], entry["verdict"]) for name, entry in measures.items()}
    told = {1: (1.0, "better"), -1: (0.0, "worse"), 0: (None, "unresolved")}
    assert found == {name: told[m.direction] for name, m in MEASURES.items()}


def test_json_of_three_regimes_gives_each_against_the_first(tmp_path):
    def run(task):
        return made_up(task, bonus={"layered": 0, "whistle": 0.5, "layered+slim": 0.25}[task.regime])

    data = as_dict(compared(tmp_path / "out", run, ("layered", "layered+slim", "whistle")))
    entry = data["regions"]["difficult"]["measures"]["trust"]
    assert set(entry) == {"layered", "layered+slim", "whistle"} | STATISTICS
    assert entry["difference"] == {"layered+slim": 0.25, "whistle": 0.5}
    assert entry["p_better"] == {"layered+slim": 1.0, "whistle": 1.0}


def test_undefined_is_null_never_nan(tmp_path):
    def run(task):
        return made_up(task, trust=None, wait_p50=float("nan") if task.regime == "whistle" else 1.0)

    text = json.dumps(as_dict(compared(tmp_path / "out", run)), allow_nan=False)  # refuses NaN and infinity
    measures = json.loads(text)["regions"]["rich"]["measures"]
    for name in ("trust", "wait_p50"):
        assert {k: v for k, v in measures[name].items() if v is not None} == {"verdict": "unresolved"}


def test_a_failed_run_takes_its_pair_along_and_is_named(tmp_path):
    def run(task):
        if (task.region, task.regime, task.seed) == ("rich", "whistle", ROOT + 1):
            raise RuntimeError("no luck")
        return made_up(task)

    results = compared(tmp_path / "out", run)
    rows = arms_of(results)
    assert rows["rich", "whistle"]["trust"]["pairs"] == 3
    assert rows["difficult", "whistle"]["trust"]["pairs"] == 4
    assert rows["rich", "whistle"]["trust"]["base_mean"] == sum(s % 7 for s in SEEDS if s != ROOT + 1) / 3
    assert proof_of(results).pairs == 7
    (failed,) = as_dict(results)["failed"]
    assert (failed["region"], failed["regime"], failed["seed"], failed["error"]) == (
        "rich", "whistle", ROOT + 1, "RuntimeError: no luck")
    assert "run_once" in failed["replay"] and "no luck" in failed["traceback"]


@pytest.mark.parametrize("regimes", [("layered", "whistle"), ("layered", "whistle", "layered+slim")])
def test_where_nothing_finished_there_is_still_json(tmp_path, regimes):
    def run(task):
        raise RuntimeError("no luck")

    results = compared(tmp_path / "out", run, regimes)
    data = json.loads(json.dumps(as_dict(results), allow_nan=False))
    assert data["neutral"] is None
    assert len(data["failed"]) == len(failures(results)) == 8 * len(regimes)
    assert list(data["regions"]["rich"]["measures"]) == list(MEASURES)


def test_a_regime_that_never_finished_is_blank_and_the_others_are_not(tmp_path):
    def run(task):
        if task.regime == "whistle":
            raise RuntimeError("no luck")
        return made_up(task)

    entry = as_dict(compared(tmp_path / "out", run, ("layered", "whistle", "layered+slim")))
    entry = entry["regions"]["rich"]["measures"]["trust"]
    assert entry["difference"] == {"whistle": None, "layered+slim": 0.125}


# --- neutrality -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("broken, change", [
    ("world", {"world": "another"}), ("burn_in", {"burn_in": "another"}),
    ("paid_hours", {"paid_hours": {"cadre": 8.0 + 1e-7}}), ("paid_hours", {"paid_hours": {"cadre": 8.0, "new": 1.0}}),
    ("spent", {"spent_plus_idle_error": 1e-5}), ("spent", {"spent_plus_idle_error": float("nan")})])
def test_each_proof_of_neutrality_can_fail(tmp_path, broken, change):
    def run(task):
        return made_up(task, neutrality=change if task.regime == "whistle" else {})

    found = proof_of(compared(tmp_path / "out", run))
    assert found.neutral is False
    assert dict(found.broken) == {broken: 8}


def test_rounding_of_hours_is_neutral(tmp_path):
    def run(task):
        return made_up(task, neutrality={"paid_hours": {"cadre": 8.0 * (1 + 1e-13 * (task.regime == "whistle"))}})

    assert proof_of(compared(tmp_path / "out", run)).neutral is True


def test_more_staff_is_never_neutral_and_can_be_left_out_of_the_proof(tmp_path):
    def run(task):
        return made_up(task, neutrality={"paid_hours": {"cadre": 9.0 if "more_staff" in task.regime else 8.0}})

    results = compared(tmp_path / "out", run, ("layered", "whistle", "layered+more_staff"))
    found, without = proof_of(results), proof_of(results, with_more_hours=False)
    assert (found.neutral, found.more_hours, dict(found.broken)) == (False, ["layered+more_staff"], {"paid_hours": 8})
    assert (without.neutral, without.pairs, without.more_hours) == (True, 8, [])


def test_each_point_of_a_sweep_is_proved_by_itself(tmp_path):
    def run(task):
        moved = task.regime == "whistle" and task.scenario.reach > 0.5
        return made_up(task, reach=task.scenario.reach, neutrality={"world": f"{task.scenario.reach} {moved}"})

    results = open_results(swept(tmp_path / "out", "grid", "[vary]\nreach = [0.2, 0.9]", run=run))
    assert dict(proof_of(results).broken) == {"world": 3} and proof_of(results).pairs == 6


@pytest.mark.parametrize("a, b, gap", [({"x": 10.0}, {"x": 10.0}, 0.0), ({"x": 10.0}, {"x": 8.0}, 0.2), ({}, {}, 0.0),
                                       ({"x": 1.0}, {}, 1.0), ({}, {"x": 1.0}, 1.0),
                                       ({"x": float("nan")}, {"x": 1.0}, float("inf"))])
def test_gap_of_paid_hours(a, b, gap):
    assert paid_gap(a, b) == pytest.approx(gap)


# --- a case log -----------------------------------------------------------------------------------------------------


def logged(task):
    """As of a log whose cases take 12 days; the model's take 9 or 4, a day more in odd years."""
    wait = {"layered": 9.0, "whistle": 4.0}[task.regime]
    model = {"p50": wait + task.seed % 2, "share_closed": None}
    curves = {"log": [[0.0, 0.5], [2.0, 1.0]], "model": [[0.0, 0.25], [2.0, 2.0]]}
    return {**made_up(task), "cases": {"waits": {"log": {"p50": 12.0, "share_closed": 0.5}, "model": model},
                                       "curves": curves}}


def test_waits_and_fit_are_the_logs_beside_each_regimes(tmp_path):
    data = as_dict(compared(tmp_path / "out", logged))
    assert data["waits"]["rich"] == {"log": {"p50": 12.0, "share_closed": 0.5},
                                     "layered": {"p50": 9.5, "share_closed": None},
                                     "whistle": {"p50": 4.5, "share_closed": None}}
    assert data["log_fit"]["difficult"]["whistle"]["ks"] == 0.25
    assert data["log_fit"]["difficult"]["log"] == {"open_mean": 1.5, "open_last": 1.0}
