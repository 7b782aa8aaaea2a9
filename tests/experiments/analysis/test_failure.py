"""A planted box of failure is found with its limits, and nothing where nothing is planted."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from samples import told_in_chinese

from experiments.__main__ import main
from experiments.analysis import failure
from experiments.analysis.failure import failure_boxes
from experiments.plan import plan_of_text
from experiments.store import Results
from model.errors import InputError
from model.measures import MEASURES

PLAN = """
name = "planted"
[design]
kind = "lhs"
points = {points}
[vary]
reach = [0.2, 1.0]
load = [0.5, 1.5]
depth = [0.0, 1.0]
inflation = [0.0, 0.5]
[seeds]
per_point = 2
"""
INSIDE = {"served_cases": lambda p: p["reach"] < 0.5 and p["load"] > 1.0, "served_core": lambda p: True,
          "trust": lambda p: False, "formalism_share": lambda p: p["depth"] < 0.3}
"""Where whistle is .1 worse, .1 better elsewhere; noise .02."""


class Planted(Results):
    def __init__(self, folder, plan, other=None):
        super().__init__(folder, plan)
        self.other = other or {}
        """Measures that every run has in common."""

    def runs(self):
        luck, rows = np.random.default_rng(20260101), []
        for n, point in enumerate(self.plan.points()):
            for seed in (1, 2):
                noise = luck.normal(0, 0.02)
                b = {m: 0.5 + noise + 0.1 * MEASURES[m].direction * (1 - 2 * INSIDE[m](point)) for m in INSIDE}
                same = {"point": n, "region": "rich", **point, "seed": seed}
                rows += [{**dict.fromkeys(MEASURES, 0.5), **extra, **self.other, "id": str(len(rows)), "regime": regime, **same}
                         for regime, extra in (("layered", {}), ("whistle", b))]
        return pd.DataFrame(rows)


def planted(points=200):
    return Planted(Path("planted"), plan_of_text(PLAN.format(points=points), Path("planted.toml")))


@pytest.mark.slow
@pytest.mark.parametrize("points", [60, 200])
def test_the_planted_box_is_found(points):
    (found,) = failure_boxes(planted(points), "served_cases")
    limits = found.limits.set_index("parameter")
    assert set(limits.index) == {"reach", "load"}
    near = 3 / points  # neighbours of a Latin hypercube are a share of 1 / points apart
    assert limits.loc["reach", "high"] == pytest.approx(0.5, abs=near) and limits.loc["load", "low"] == pytest.approx(1, abs=2 * near)
    assert (limits.loc["reach", "low"], limits.loc["load", "high"]) == (limits.loc["reach", "least"], limits.loc["load", "most"])
    assert found.coverage >= 0.9 and found.density >= 0.9
    assert (limits["quasi_p"] <= failure.CHANCE).all()
    truth = (found.table["reach"] < 0.5) & (found.table["load"] > 1)
    assert found.worse == truth.sum() and (found.table["inside"] == truth).mean() > 0.97


@pytest.mark.slow
def test_a_measure_that_should_fall_fails_where_it_rises():
    (found,) = failure_boxes(planted(), "formalism_share")
    assert list(found.limits["parameter"]) == ["depth"]
    assert found.limits["high"][0] == pytest.approx(0.3, abs=0.02)


@pytest.mark.parametrize("measure, worse", [("served_core", 200), ("trust", 0)])
def test_where_all_or_none_fail_there_is_no_box(measure, worse):
    (found,) = failure_boxes(planted(), measure)
    assert found.limits.empty and found.worse == worse
    assert (found.coverage, found.density) == ((1.0, 1.0) if worse else (None, None))


def test_what_rounding_alone_moves_is_not_worse():
    class Rounded(Planted):
        def runs(self):
            table = super().runs()
            return table.assign(satisfaction=0.5 - 1e-16 * (table["regime"] == "whistle"))

    (found,) = failure_boxes(Rounded(Path("planted"), planted(30).plan), "satisfaction")
    assert (found.table["difference"] < 0).all() and found.worse == 0


@pytest.mark.parametrize("words", [("--x", "reach"), ("--y", "load"), ("--bins", "4")])
def test_what_belongs_to_a_map_is_refused_for_a_box(words):
    done = CliRunner().invoke(main, ["map", "planted", "--box", *words])
    assert (done.exit_code, done.stdout) == (2, "") and f"leave out {words[0]} or --box" in done.stderr
    told_in_chinese(CliRunner().invoke(main, ["map", "planted", "--box", *words, "--lang", "zh"]), words[0])


def test_what_cannot_have_a_box_is_refused(monkeypatch):
    with pytest.raises(InputError, match="30 finished points in rich, not 20"):
        failure_boxes(planted(20), "served_cases")
    with pytest.raises(InputError, match="no pair has a value of slack"):
        failure_boxes(Planted(Path("planted"), planted(30).plan, {"slack": None}), "slack")
    with pytest.raises(InputError, match="of which more or less is better"):
        failure_boxes(planted(), "paid_hours")
    monkeypatch.setitem(sys.modules, "ema_workbench.analysis", None)
    with pytest.raises(InputError, match=r"pip install -e '\.\[analysis\]'"):
        failure_boxes(planted(), "served_cases")


@pytest.mark.slow
def test_the_box_is_printed(monkeypatch):
    monkeypatch.setattr("experiments.analysis.show.open_results", lambda folder, rules=None: planted(60))
    result = CliRunner().invoke(main, ["map", "planted", "--box", "--lang", "zh"])
    assert result.exit_code == 0 and "失效区域" in result.output and "reach" in result.output and "depth" not in result.output
    none = CliRunner().invoke(main, ["map", "planted", "--box", "--measure", "trust", "--lang", "zh"])
    assert none.exit_code == 0 and "60" in none.output
