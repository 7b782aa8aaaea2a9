import json

import pytest
from samples import comparison, made_up, plan

from experiments.compare import ROOT, default_seeds
from experiments.engine import run_tasks
from experiments.neutrality import paid_gap
from experiments.runs import run_task
from model.measures import MEASURES

STATISTICS = {"difference", "low", "high", "p_better", "variance_ratio"}


def test_seeds_are_the_same_every_time_and_more_seeds_contain_fewer():
    assert default_seeds(3) == (ROOT, ROOT + 1, ROOT + 2)
    assert default_seeds(20)[:3] == default_seeds(3)


def test_every_regime_gets_the_same_seeds_in_every_region():
    tasks = plan(seeds=3).tasks()
    assert len(tasks) == 2 * 2 * 3
    arms = {}
    for task in tasks:
        arms.setdefault((task.region, task.regime), []).append(task.seed)
    assert set(map(tuple, arms.values())) == {default_seeds(3)}


def test_json_of_two_regimes_is_as_specified():
    data = comparison(plan()).as_dict()
    assert set(data) == {"schema", "seeds", "regimes", "neutral", "regions"}
    assert (data["schema"], data["seeds"], data["regimes"], data["neutral"]) == (1, 4, ["layered", "whistle"], True)
    assert set(data["regions"]) == {"rich", "difficult"}
    for region in data["regions"].values():
        assert set(region) == {"measures"}
        assert list(region["measures"]) == list(MEASURES)
        for entry in region["measures"].values():
            assert set(entry) == {"layered", "whistle"} | STATISTICS
    mean = sum(seed % 7 for seed in default_seeds(4)) / 4
    assert data["regions"]["rich"]["measures"]["served_need"] == {
        "layered": mean, "whistle": mean + 0.125, "difference": 0.125, "low": 0.125, "high": 0.125, "p_better": 1.0,
        "variance_ratio": None}


def test_p_better_follows_the_direction():
    measures = comparison(plan()).as_dict()["regions"]["rich"]["measures"]
    found = {name: entry["p_better"] for name, entry in measures.items()}
    assert found == {name: {1: 1.0, -1: 0.0, 0: None}[m.direction] for name, m in MEASURES.items()}


def test_json_of_three_regimes_gives_each_against_the_first():
    def run(task):
        return made_up(task, bonus={"layered": 0, "whistle": 0.5, "layered+slim": 0.25}[task.regime])

    data = comparison(plan(("layered", "layered+slim", "whistle")), run).as_dict()
    entry = data["regions"]["difficult"]["measures"]["trust"]
    assert set(entry) == {"layered", "layered+slim", "whistle"} | STATISTICS
    assert entry["difference"] == {"layered+slim": 0.25, "whistle": 0.5}
    assert entry["p_better"] == {"layered+slim": 1.0, "whistle": 1.0}


def test_undefined_is_null_never_nan():
    def run(task):
        return made_up(task, trust=None, wait_p50=float("nan") if task.regime == "whistle" else 1.0)

    data = comparison(plan(), run).as_dict()
    text = json.dumps(data, allow_nan=False)  # refuses NaN and infinity
    measures = json.loads(text)["regions"]["rich"]["measures"]
    assert set(measures["trust"].values()) == {None}
    assert set(measures["wait_p50"].values()) == {None}


def test_order_of_outcomes_does_not_matter():
    forwards = comparison(plan()).as_dict()
    assert comparison(plan(), order=lambda outcomes: outcomes[::-1]).as_dict() == forwards


def test_a_failed_run_takes_its_pair_along_and_is_named():
    def run(task):
        if (task.region, task.regime, task.seed) == ("rich", "whistle", ROOT + 1):
            raise RuntimeError("no luck")
        return made_up(task)

    result = comparison(plan(), run)
    lines = {(line.region, line.measure): line.stats for line in result.every_line()}
    assert lines["rich", "trust"].pairs == 3
    assert lines["difficult", "trust"].pairs == 4
    assert lines["rich", "trust"].mean_a == sum(s % 7 for s in default_seeds(4) if s != ROOT + 1) / 3
    assert result.neutrality().pairs == 7
    failed = result.as_dict()["failed"]
    assert [(f["region"], f["regime"], f["seed"], f["error"]) for f in failed] == [
        ("rich", "whistle", ROOT + 1, "RuntimeError: no luck")]
    assert "run_once" in failed[0]["replay"]
    assert len(result.rows()) == 15


def test_all_runs_failed_is_still_json():
    def run(task):
        raise RuntimeError("no luck")

    data = comparison(plan(), run).as_dict()
    assert data["neutral"] is None
    assert len(data["failed"]) == 16
    json.dumps(data, allow_nan=False)


@pytest.mark.parametrize("broken, change", [
    ("world", {"world": "another"}), ("burn_in", {"burn_in": "another"}),
    ("paid_hours", {"paid_hours": {"cadre": 8.0 + 1e-7}}), ("paid_hours", {"paid_hours": {"cadre": 8.0, "new": 1.0}}),
    ("spent", {"spent_plus_idle_error": 1e-5}), ("spent", {"spent_plus_idle_error": float("nan")})])
def test_each_proof_of_neutrality_can_fail(broken, change):
    def run(task):
        return made_up(task, neutrality=change if task.regime == "whistle" else {})

    found = comparison(plan(), run).neutrality()
    assert found.neutral is False
    assert dict(found.broken) == {broken: 8}


def test_rounding_of_hours_is_neutral():
    def run(task):
        return made_up(task, neutrality={"paid_hours": {"cadre": 8.0 * (1 + 1e-13 * (task.regime == "whistle"))}})

    assert comparison(plan(), run).neutrality().neutral is True


def test_more_staff_is_never_neutral():
    found = comparison(plan(("layered", "layered+more_staff"))).neutrality()
    assert (found.neutral, found.more_hours, dict(found.broken)) == (False, ["layered+more_staff"], {})


@pytest.mark.parametrize("a, b, gap", [({"x": 10.0}, {"x": 10.0}, 0.0), ({"x": 10.0}, {"x": 8.0}, 0.2), ({}, {}, 0.0),
                                       ({"x": 1.0}, {}, 1.0), ({}, {"x": 1.0}, 1.0),
                                       ({"x": float("nan")}, {"x": 1.0}, float("inf"))])
def test_gap_of_paid_hours(a, b, gap):
    assert paid_gap(a, b) == pytest.approx(gap)


def test_waits_are_the_logs_beside_each_regimes():
    def run(task):
        wait = {"layered": 9.0, "whistle": 4.0}[task.regime]
        model = {"p50": wait + task.seed % 2, "share_closed": None}
        return {**made_up(task), "waits": {"log": {"p50": 12.0, "share_closed": 0.5}, "model": model}}

    result = comparison(plan(), run)
    result.notes = {"rich": (["12 rows read."], ["读入 12 行。"])}
    data = result.as_dict()
    assert (data["notes"], data["notes_zh"]) == ({"rich": ["12 rows read."]}, {"rich": ["读入 12 行。"]})
    assert data["waits"]["rich"] == {"log": {"p50": 12.0, "share_closed": 0.5},
                                     "layered": {"p50": 9.5, "share_closed": None},
                                     "whistle": {"p50": 4.5, "share_closed": None}}


def test_the_model_itself_gives_the_same_in_any_number_of_processes():
    small = plan(seeds=2)
    tasks = small.tasks()

    def rows(workers):
        found = {o.index: o.result for o in run_tasks(tasks, run_task, workers)}
        return [(found[i]["row"], found[i]["neutrality"]) for i in range(len(tasks))]

    assert rows(2) == rows(1)
