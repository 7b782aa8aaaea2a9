import gc
import os
import subprocess
import sys
import weakref
from pathlib import Path

import pytest
from samples import SMALL

from experiments import runs
from experiments.engine import attempt
from experiments.runs import Source, Task, run_once, run_task
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


def test_a_task_gives_the_row_of_run_once_and_more_on_demand():
    plain, full = run_task(Task(SCENARIO, "whistle", 5)), run_task(Task(SCENARIO, "whistle", 5, detail=True))
    assert plain["row"] == full["row"] == run_once(SCENARIO, "whistle", 5)
    assert set(plain) == {"row", "neutrality", "waits"}
    assert set(full["series"].columns) <= set(MEASURES)
    assert full["ledger"]["hours"].sum() == pytest.approx(sum(full["neutrality"]["paid_hours"].values()))


def test_rules_travel_as_text():
    with pytest.raises(RuleError, match="urgency"):
        run_task(Task(SCENARIO, "layered", 5, BROKEN))
    with pytest.raises(InputError, match="mine.py"):
        run_task(Task(SCENARIO, "layered", 5, Source("mine.py", "def urgency(:")))


def again(command):
    return subprocess.run(command, shell=True, capture_output=True, text=True, cwd=ROOT, timeout=60, env={
        **os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"})


def test_the_replay_line_does_the_same_run_again():
    events = (Event(day=3, kind="emergency", street=1),)
    scenario = Scenario(**{**SMALL, "name": "it's", "theta_by_street": [0.2, 0.8], "events": events})
    task = Task(scenario, "layered+slim", 11)
    done = again(task.replay)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == str(run_task(task)["row"])


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
    lambda rules: run_once(SCENARIO, "whistle", 1, LOADED[rules])],
    ids=["stored", "once"])
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
    run_task(Task(scenario, "whistle", 1, detail=True))
    gc.collect()
    assert alive() == before
