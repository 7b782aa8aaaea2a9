"""The race's arithmetic on a clock of our own, and the compiled loop's plausibility. No timing is asserted."""

import json
import shutil

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks import suite
from benchmarks.race import race, race_all
from model.scenario import Scenario


def test_a_race_gives_the_median_ratio_of_its_rounds_and_their_range():
    now, order = [0.0], []

    def work(name, seconds):
        spent = iter(seconds)

        def go():
            order.append(name)
            now[0] += next(spent)
        return name, go

    got = race("a", work("slow", [4, 12, 20]), work("fast", [2, 2, 2, 2, 1, 1]), rounds=3, clock=lambda: now[0], repeats=2)
    assert (got.median, got.low, got.high) == (6, 2, 20)
    assert got.seconds == {"slow": 12, "fast": 2}
    assert order == ["slow", "fast", "fast", "fast", "fast", "slow", "slow", "fast", "fast"]
    assert "6.00× (2.00–20.00)" in str(got)


def test_several_sides_take_turns_against_one():
    order = []
    sides = {name: lambda name=name: order.append(name) for name in ("written", "tuned")}
    got = list(race_all("a", sides, ("model", lambda: order.append("model")), 2, {"written": "≥ 5"}))
    assert [(r.slow, r.fast, r.target) for r in got] == [("written", "model", "≥ 5"), ("tuned", "model", "")]
    assert order == ["written", "tuned", "model", "model", "tuned", "written"]


@pytest.mark.parametrize(("runs", "few"), [(1, 2), (20, 4), (1000, 4)])
def test_a_sweep_of_any_length_is_told_by_the_run(runs, few, monkeypatch):
    asked = []
    monkeypatch.setattr(suite, "_batch", lambda _, first, n, tuned: asked.append((first, n)) or n * (4.0 if tuned else 10))
    monkeypatch.setattr(suite, "_sweep", lambda _, first, n: asked.append((first, n)) or n * 0.5)
    written, tuned = suite.sweeps(True, runs)
    assert (written.median, tuned.median) == (20, 8)
    assert (written.slow, tuned.slow) == tuple(suite.SLOW) and written.target and not tuned.target
    assert asked == [(1, few)] * 2 + [(1, runs)] + [(1 + runs, few)] * 2 + [(1 + runs, runs)]


def test_a_frame_is_measured_beside_its_days():
    (found,) = suite.frames(quick=True)
    assert (found.slow, found.fast, found.rounds) == ("page frame", "two model days", 2)
    assert all(seconds > 0 for seconds in found.seconds.values())
    assert 1000 < suite.picture_bytes()["bytes"] <= 8192


@pytest.mark.parametrize("words", [["--only", "nothing"], ["--runs", "0"]])
def test_wrong_input_is_refused_in_one_sentence(words):
    from benchmarks.__main__ import main

    done = CliRunner().invoke(main, words)
    assert done.exit_code == 2 and len(done.output.splitlines()) == 1 and words[0] in done.output


@pytest.mark.skipif(not shutil.which("cc"), reason="needs a C compiler")
def test_the_compiled_loop_solves_cases_and_moves_trust():
    from benchmarks.limit import Limit

    limit = Limit(Scenario(days=80, burn_in=10, residents=80, streets=3, departments=8), 1)
    solved, trust = limit.run()
    born = limit.numbers.problems
    assert 0.2 * born < solved < born
    assert ((trust >= 0) & (trust <= 1)).all()
    assert len(np.unique(trust)) > 5
    assert limit.run()[0] == solved


@pytest.mark.skipif(not shutil.which("cc"), reason="needs a C compiler")
def test_with_ten_times_the_work_a_case_the_compiled_loop_solves_fewer():
    from benchmarks.limit import Limit

    few = dict(days=40, burn_in=5, residents=80, streets=3, departments=8)
    assert Limit(Scenario(**few, h_case=40), 1).run()[0] < Limit(Scenario(**few, h_case=4), 1).run()[0]


def test_the_command_prints_its_ratios_as_json():
    from benchmarks.__main__ import main

    done = CliRunner().invoke(main, ["--only", "start_up", "--json"])
    assert done.exit_code == 0, done.output
    (ratio,) = json.loads(done.output)["ratios"]
    assert ratio["low"] <= ratio["median"] <= ratio["high"]
    assert ratio["rounds"] == 7
