"""`chuishao nearest` on made-up runs whose turning points are known, and on a real small town."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from samples import made_up, sweep_text

from experiments import nearest as search
from experiments import sweep
from experiments.__main__ import main
from experiments.plan import load_plan, plan_of_text
from model.measures import WORTH
from model.scenario import PARAMETERS, Scenario

VARY = "[vary]\nreach = []\nknowledge = []\npsi = []"
"""Rich: reach .8 of .05–1, knowledge .5 of .02–.98, psi .12 of 0–.5."""


def gain(sc):
    """Gains as it is; from reach .33 down it loses, and with little knowledge and much psi, neither alone."""
    return (0.1 if sc.reach > 0.33 and not (sc.knowledge < 0.2 and sc.psi > 0.3) else -0.1) - alone(sc)


def alone(sc):
    """The little that each does alone says in which direction it pushes."""
    return 0.001 * (sc.psi - sc.knowledge)


def run(task):
    """Cases turn as `gain` says, worth never; a seed adds little to the difference."""
    luck = (task.seed % 5 - 2) * 1e-3
    other = task.regime != "layered"
    return made_up(task, 0.0, served_cases=0.5 + other * (gain(task.scenario) + luck),
                   **dict.fromkeys(WORTH, 1.0 + other * (1 + luck)))


@pytest.fixture
def plan():
    return plan_of_text(sweep_text("list", VARY, seeds=4), Path("small.toml"))


def found(plan, folder, run=run):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweep, "run_stored", run)
        told = search.nearest(plan, folder, workers=1)
    return told, {(turn.outcome, turn.sign): turn for turn in told["turns"]}


def test_the_nearest_setting_is_found_with_its_distance_and_what_never_turns_is_not(plan, tmp_path):
    told, turns = found(plan, tmp_path)
    assert (told["names"], told["seeds"], told["failed"]) == (["reach", "knowledge", "psi"], 4, 0)
    assert turns["served_cases", 1].point == {} and turns["served_cases", 1].distance == 0
    assert turns["worth", 1].point == {} and turns["worth", -1].point is None
    losing = turns["served_cases", -1]
    assert losing.point == {"reach": 0.2375}  # .8 − ¾ · .75; at a half, .425, it gains
    assert losing.distance == pytest.approx(0.5625 / 0.95)
    assert losing.high < 0 and losing.difference == pytest.approx(-0.1, abs=0.003)


def test_two_numbers_together_may_turn_what_neither_turns_alone(plan, tmp_path):
    def only_both(task):
        return run(replace(task, scenario=task.scenario.with_(reach=0.8)))

    _told, turns = found(plan, tmp_path, only_both)
    assert turns["served_cases", -1].point == {"knowledge": 0.14, "psi": 0.405}
    assert turns["served_cases", -1].distance == pytest.approx(0.36 / 0.96 + 0.285 / 0.5)


def test_what_does_not_hold_on_fresh_seeds_is_not_told(plan, tmp_path):
    def lucky(task):
        fresh = task.seed >= plan.seeds.root + search.FRESH
        return run(replace(task, scenario=task.scenario.with_(reach=0.8)) if fresh else task)

    assert found(plan, tmp_path, lucky)[1]["served_cases", -1].point != {"reach": 0.2375}


def test_the_same_call_again_runs_nothing(plan, tmp_path):
    before = found(plan, tmp_path)[0]

    def never(task):
        raise AssertionError

    assert found(plan, tmp_path, never)[0] == before


def test_settings_between_are_whole_where_numbers_are_and_leave_out_what_stays():
    base = Scenario()
    assert search.between(base, {"case_due": 60, "tacit": 0.0}, 0.25) == {"case_due": 26, "tacit": 0.375}
    assert search.between(base, {"repair_cases": 3.0}, 0.5) == {}
    assert search.distance(base, {"case_due": 26}) == pytest.approx(11 / 59)
    assert len(search.ends([*PARAMETERS])) == 1 + 2 * len(PARAMETERS)


@pytest.mark.slow
def test_on_a_small_town(tmp_path):
    file = tmp_path / "town.toml"
    file.write_text(sweep_text("list", "[vary]\nload = []", seeds=3), encoding="utf-8")
    turns = search.nearest(load_plan(file), tmp_path / "out", workers=1)["turns"]
    assert [(t.outcome, t.sign) for t in turns] == [
        (outcome, sign) for outcome in ("served_cases", "worth") for sign in (-1, 1)]
    done = CliRunner().invoke(main, ["nearest", str(file), "--out", str(tmp_path / "out"), "--workers", "1"])
    assert done.exit_code == 0, done.output
    assert "none found" in done.stdout or "as it is" in done.stdout or "load" in done.stdout
