"""The race's arithmetic on a clock of our own, and the compiled loop's plausibility. No timing is asserted."""

import json
import shutil

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks.race import race
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
