"""A planted region is found where it is, and nowhere else."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from experiments.__main__ import main
from experiments.analysis.winmap import winmap
from experiments.plan import plan_of_text
from experiments.store import Results
from model.errors import InputError
from model.measures import MEASURES

PLAN = """
name = "planted"
[design]
kind = "lhs"
points = 200
[vary]
reach = [0.2, 1.0]
load = [0.5, 1.5]
[seeds]
per_point = 2
"""


class Planted(Results):
    """Whistle gains .1 where reach is above .6, loses .1 where it is below .4, and nothing between; noise .02."""

    def runs(self):
        luck, rows = np.random.default_rng(20260101), []
        for n, point in enumerate(self.plan.points()):
            effect = 0.1 * (int(point["reach"] > 0.6) - int(point["reach"] < 0.4))
            for seed in (1, 2):
                for regime in ("layered", "whistle"):
                    value = 0.5 + (effect + luck.normal(0, 0.02)) * (regime == "whistle")
                    rows.append({"id": str(len(rows)), "point": n, "region": "rich", **point, "regime": regime,
                                 "seed": seed, **dict.fromkeys(MEASURES, value)})
        return pd.DataFrame(rows)


@pytest.fixture
def planted():
    return Planted(Path("planted"), plan_of_text(PLAN, Path("planted.toml")))


def test_the_planted_region_is_found(planted):
    """Columns of cells end near .4, .6 and .8. Of the four without an effect one may err (two at 5 %: p < .02)."""
    (found,) = winmap(planted, "served_need", bins=4)
    by_column = found.cells.groupby("i")["verdict"].agg(list)
    assert (found.x, found.y, len(found.cells)) == ("reach", "load", 16)
    assert by_column[0] == ["worse"] * 4 and by_column[2] == by_column[3] == ["better"] * 4
    assert by_column[1].count("unresolved") >= 3
    assert found.cells["points"].sum() == 200


def test_a_measure_that_should_fall_is_judged_the_other_way(planted):
    (found,) = winmap(planted, "formalism_share", bins=4)
    assert MEASURES["formalism_share"].direction == -1
    assert set(found.cells[found.cells["i"] == 0]["verdict"]) == {"better"}


class Holes(Results):
    """Whistle gains about .1; seed 2 lifts both arms by 1. Its whistle run fails at point 0, both fail at point 3."""

    def runs(self):
        rows = []
        for n, point in enumerate(self.plan.points()):
            for seed in (1, 2):
                for regime in ("layered", "whistle"):
                    if regime == "whistle" and (n == 3 or (n == 0 and seed == 2)):
                        continue
                    value = (seed == 2) + 0.1 * (regime == "whistle") + 0.001 * n * seed * (regime == "whistle")
                    rows.append({"id": str(len(rows)), "point": n, "region": "rich", **point, "regime": regime,
                                 "seed": seed, **dict.fromkeys(MEASURES, value)})
        return pd.DataFrame(rows)


def test_a_cell_compares_whole_pairs_only_and_an_empty_one_keeps_its_row():
    plan = plan_of_text(PLAN.replace('"lhs"', '"grid"'), Path("grid.toml"))
    (found,) = winmap(Holes(Path("holes"), plan), "served_need", x="reach", y="load")
    cells = found.cells.set_index(["i", "j"])
    assert cells.loc[(0, 0), "difference"] == pytest.approx(0.1)
    empty = cells.loc[(1, 1)]
    assert (empty["points"], empty["verdict"]) == (0, "unresolved") and pd.isna(empty["difference"])
    assert (empty["reach_min"], empty["load_min"]) == (1.0, 1.5)


def test_one_name_is_enough(planted):
    assert [(m.x, m.y) for m in winmap(planted, "served_need", x="load")] == [("load", "reach")]
    assert [(m.x, m.y) for m in winmap(planted, "served_need", y="reach")] == [("load", "reach")]


def test_names_that_are_not_varied_are_refused(planted):
    with pytest.raises(InputError, match="varied: reach, load"):
        winmap(planted, "served_need", x="depth")


@pytest.mark.parametrize("lang, word, warning", [
    ("en", "unresolved", "those of a sobol design are not"), ("zh", "无法区分", "sobol 设计的点并不独立")])
def test_the_map_is_printed(planted, monkeypatch, lang, word, warning):
    monkeypatch.setattr("experiments.analysis.show.open_results", lambda folder, rules=None: planted)
    result = CliRunner().invoke(main, ["map", "planted", "--lang", lang])
    assert result.exit_code == 0 and word in result.output and warning in result.output
    worse = (winmap(planted, "served_need")[0].cells["verdict"] == "worse").sum()
    assert result.output.count("▼") == worse + 1  # and the key
