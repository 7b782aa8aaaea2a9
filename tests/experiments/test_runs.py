import gc
import os
import subprocess
import sys
import weakref
from pathlib import Path

import pytest
from samples import SMALL

from experiments import runs
from experiments.outcome import attempt, attempt_pair
from experiments.runs import Source, Task, TimeLimitError, common_days, run_once, run_stored
from model.errors import InputError, RuleError
from model.measures import MEASURES
from model.regimes import WHISTLE
from model.rulebook import rules_from_source
from model.scenario import Event, Scenario

ROOT = Path(__file__).parents[2]
SCENARIO = Scenario(region="difficult", **SMALL)
BROKEN = Source("mine.py", "def urgency(age, due):\n    raise ValueError('not urgent')\n")


def test_a_row_is_scenario_regime_seed_and_measures():
    row = run_once(SCENARIO, "whistle-slim", 5)
    assert (row["scenario"], row["region"], row["streets"], row["regime"], row["seed"]) == (
        "difficult", "difficult", 2, "whistle-slim", 5)
    given = set(Scenario.model_fields) - {"name"}
    assert len(row) == len(given) + len(MEASURES) + 3  # nothing hides behind another of the same name
    assert row["parameter_knowledge"] == SCENARIO.knowledge
    assert row["knowledge"] != SCENARIO.knowledge


def test_regime_by_name_or_object_and_the_same_seed_give_the_same_row():
    assert run_once(SCENARIO, "whistle", 5) == run_once(SCENARIO, WHISTLE, 5)
    assert run_once(SCENARIO, "whistle", 5) != run_once(SCENARIO, "whistle", 6)


def test_a_task_gives_the_row_of_run_once_and_more():
    got = run_stored(Task(SCENARIO, "whistle", 5))
    assert set(got) == {"row", "neutrality", "ledger", "columns", "series"}
    assert got["row"] == run_once(SCENARIO, "whistle", 5)
    assert set(got["columns"]) <= {"day", *MEASURES}
    share = SCENARIO.days / (SCENARIO.days + SCENARIO.cooldown)  # the ledger is of the days counted, the proof of all
    assert sum(hours for *_, hours in got["ledger"]) == pytest.approx(share * sum(got["neutrality"]["paid_hours"].values()))


REGIMES = ("layered", "whistle", "whistle-slim", "layered+more_staff")
STRANGE = Source("strange.py", "def rating(timely, kindness):\n    return {0: 0.3}.get(0, 0.1) * kindness\n")
HOOKED = Source("hooked.py", "def each_day(model):\n    model.cadres.motivation[0] = 0.5\n")


@pytest.mark.parametrize("rules", [None, STRANGE, HOOKED], ids=["shipped", "own", "hooks"])
def test_runs_that_share_their_common_days_are_what_each_is_alone(rules, monkeypatch):
    """And the days are run once for all, but where hooks remember."""
    tasks = [Task(SCENARIO, regime, 5, rules) for regime in REGIMES]
    alone = [run_stored(task) for task in tasks]
    made, real = [], runs._model
    monkeypatch.setattr(runs, "_model", lambda *given: made.append(given[1].name) or real(*given))
    with common_days():
        assert [run_stored(task) for task in tasks] == alone
    assert made == list(REGIMES if rules is HOOKED else REGIMES[:1])


def test_other_seeds_rules_and_scenarios_share_nothing():
    tasks = [Task(SCENARIO, "whistle", 5), Task(SCENARIO, "whistle", 6), Task(SCENARIO, "whistle", 6, STRANGE),
             Task(SCENARIO.with_(load=1.5), "whistle", 6, STRANGE)]
    with common_days():
        together = [run_stored(task) for task in tasks]
    assert together == [run_stored(task) for task in tasks]


def test_one_regime_that_fails_costs_no_other():
    source = Source("whistle.py", "def rating(timely, kindness):\n    return 7.0 if kindness > 0 else 0.1\n")
    found = list(attempt_pair(run_stored, [(k, Task(SCENARIO, regime, 5, source)) for k, regime in enumerate(REGIMES)]))
    assert [o.ok for o in found] == [True, False, False, True]
    assert "rating" in found[1].error and found[1].error_zh.startswith("RuleError: ")


def test_common_days_that_fail_fail_every_run_as_alone():
    tasks = [Task(SCENARIO, regime, 5, BROKEN) for regime in REGIMES[:2]]
    together = [o.error for o in attempt_pair(run_stored, enumerate(tasks))]
    assert together == [attempt(run_stored, 0, task).error for task in tasks] and "urgency" in together[0]


def test_days_run_for_others_count_in_a_runs_time_limit(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(runs.time, "perf_counter", lambda: clock.__setitem__(0, clock[0] + 3.0) or clock[0])
    given = []
    real = runs.time_limit
    monkeypatch.setattr(runs, "time_limit", lambda seconds: given.append(seconds) or real(seconds))
    with common_days():
        for regime in REGIMES[:2]:
            run_stored(Task(SCENARIO, regime, 5, limit=10.0))
    run_stored(Task(SCENARIO, "layered", 5, limit=10.0))
    assert given == [10.0, 7.0, 10.0]


def test_an_endless_rule_ends_in_its_limit_also_before_the_switch():
    source = Source("hang.py", "def switching(open_per_cadre):\n    while True:\n        pass\n")
    found = list(attempt_pair(run_stored, [(0, Task(SCENARIO, "layered", 5, source, limit=1.0))]))
    assert TimeLimitError.__name__ in found[0].error


def test_rules_travel_as_text():
    with pytest.raises(RuleError, match="urgency"):
        run_stored(Task(SCENARIO, "layered", 5, BROKEN))
    with pytest.raises(InputError, match="mine.py"):
        run_stored(Task(SCENARIO, "layered", 5, Source("mine.py", "def urgency(:")))


def again(command):
    return subprocess.run(command, shell=True, capture_output=True, text=True, cwd=ROOT, timeout=60, env={
        **os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"})


@pytest.mark.slow
def test_the_replay_line_does_the_same_run_again():
    events = (Event(day=3, kind="emergency", street=1),)
    scenario = Scenario(**{**SMALL, "name": "it's", "theta_by_street": [0.2, 0.8], "events": events})
    task = Task(scenario, "layered+slim", 11)
    done = again(task.replay)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == str(run_stored(task)["row"])


@pytest.mark.slow
def test_the_replay_line_takes_the_rules_along(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(BROKEN.text)
    done = again(Task(SCENARIO, "layered", 5, Source(str(path), BROKEN.text)).replay)
    assert done.returncode == 1
    assert "not urgent" in done.stderr


LOADED = {None: None, BROKEN: rules_from_source(BROKEN.text, BROKEN.path)}


@pytest.mark.parametrize("rules", [None, BROKEN], ids=["done", "failed"])
@pytest.mark.parametrize("run", [
    lambda rules: runs.run_stored(Task(SCENARIO, "whistle", 1, rules)),
    lambda rules: list(attempt_pair(runs.run_stored, [(0, Task(SCENARIO, "whistle", 1, rules))]))[0].ok or 1 / 0,
    lambda rules: run_once(SCENARIO, "whistle", 1, LOADED[rules])],
    ids=["stored", "forked", "once"])
def test_a_run_leaves_no_model_behind_even_before_garbage_is_collected(run, rules, monkeypatch):
    """But the first under a rule that the compiler refuses: that keeps the error, and where it was, until then."""
    attempt(run, 0, rules)
    kept, real = [], runs._model
    monkeypatch.setattr(runs, "_model", lambda *given: kept.append(real(*given)) or kept[-1])
    gc.collect()
    gc.disable()
    try:
        assert attempt(run, 0, rules).ok == (rules is None)
        watch = weakref.ref(kept.pop())
        assert watch() is None
    finally:
        gc.enable()


def test_a_finished_run_leaves_no_model_behind():
    from model.governance import GovernanceModel

    def alive():
        return sum(type(thing) is GovernanceModel for thing in gc.get_objects())  # a dead proxy refuses isinstance

    gc.collect()
    before = alive()
    scenario = Scenario(streets=2, residents=30, days=35, burn_in=2)
    run_once(scenario, "layered", 1)
    run_stored(Task(scenario, "whistle", 1))
    gc.collect()
    assert alive() == before
