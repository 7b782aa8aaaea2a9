"""Plausible worlds: drawn as the plan says, counted as the bands say, and told apart by what was put in."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import samples
from click.testing import CliRunner

from experiments import design, sweep
from experiments.__main__ import main
from experiments.analysis.plausible import OUTCOMES, deciding, failure_box, shares, tree, turning, worlds
from experiments.plan import load_plan, plan_of_text
from experiments.report import build
from experiments.store import open_results
from model.errors import InputError
from model.measures import MEASURES
from model.scenario import PARAMETERS

PLAN = """
name = "worlds"
regions = ["rich"]
[compare]
regimes = ["layered", "whistle"]
[design]
kind = "plausible"
points = {points}
[vary]
repair_cases = [1.0, 12.0]
[fixed]
{fixed}
[plausible.levels]
sigma_street = [0.0, 0.5]
[plausible.worths]
value_got = [0.5, 41.0]
jobs_done = [0.5, 5.0]
[plausible.bands]
trust = [0.2, 0.9]
[seeds]
per_point = {seeds}
own = true
[run]
series = false
"""


KEPT = ("load", "ties", "reach", "voice_cost", "repair_cases", "knowledge", "psi", "tacit", "gaming", "inflation")
"""Drawn here; all other assumed numbers are fixed, so that these tests take their time for what they test."""
FIXED = {n: p.default for n, p in PARAMETERS.items()
         if p.mark == "assumed" and n not in (*KEPT, *design.SIZES, *design.RUN_LENGTH)}


def text_of(points=160, seeds=2):
    fixed = {**FIXED, **samples.SMALL}
    return PLAN.format(points=points, seeds=seeds, fixed="\n".join(f"{k} = {v}" for k, v in fixed.items()))


def made_up(task):
    """Cases gain by load and ties and lose beyond: the line 0.2 − 0.4·load's place − 0.2·ties' place, and some luck."""
    s, on = task.scenario, task.arm != "layered"
    luck = np.random.default_rng([task.seed, on]).normal(0, 0.005)
    gain = 0.2 - 0.4 * (s.load - 1) / 0.5 - 0.2 * (s.ties - 0.5) / 0.25
    row = {**dict.fromkeys(MEASURES, 0.5 + luck), "trust": s.voice_cost, "cases_met": 100 + 10 * on, "value_got": 50.0,
           "jobs_done": 20 - 5 * on}
    row["served_cases"] += on * gain
    row["served_core"] -= 0.1 * on
    numbers = {f"parameter_{n}" if n in MEASURES else n: getattr(s, n) for n in PARAMETERS}
    neutrality = {"world": f"w{task.seed}", "burn_in": "b", "paid_hours": {"cadre": 1.0}, "spent_plus_idle_error": 0.0}
    return {"row": {**numbers, "regime": task.arm, "seed": task.seed, **row}, "neutrality": neutrality, "ledger": []}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out, text = tmp_path_factory.mktemp("worlds") / "made", text_of()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweep, "run_stored", made_up)
        sweep.run_plan(plan_of_text(text, Path("worlds.toml")), text, out, workers=1)
    return out


@pytest.fixture(scope="module")
def rich(folder):
    (one,) = worlds(open_results(folder), "whistle")
    return one


def test_the_shipped_plan_draws_every_assumed_number_that_is_no_size():
    plan = load_plan("plausible")
    assert plan.size == 10_000
    drawn = {n for n in design.places(plan) if n in PARAMETERS}
    assumed = {n for n, p in PARAMETERS.items() if p.mark == "assumed"}
    assert assumed - drawn == {*design.SIZES, *design.RUN_LENGTH} & assumed and drawn - assumed == set()
    assert {"sigma_street", "sigma_department", "worth_value_got", "worth_jobs_done"} < set(design.places(plan))


def test_numbers_lie_in_ranges_widened_inside_hard_limits():
    plan = plan_of_text(text_of(200), Path("worlds.toml"))
    of_width = {}
    for (n, scenario), point in zip(plan.scenarios(), plan.points(), strict=True):
        of_width.setdefault(point["width"], []).append((scenario.load, scenario.repair_cases, scenario.reach, n))
    assert {w: len(v) for w, v in of_width.items()} == {1.0: 100, 0.5: 50, 2.0: 50}
    for width, found in of_width.items():
        load, repair, reach, _n = map(np.array, zip(*found, strict=True))
        assert 1 - 0.5 * width - 1e-9 <= load.min() < 1 - 0.45 * width and load.max() > 1 + 0.45 * width
        assert repair.min() >= max(1, 3 - 2 * width) - 1e-9 and repair.max() <= min(12, 3 + 9 * width) + 1e-9
        assert abs((load < 1).mean() - 0.5) < 0.02 and abs((repair < 3).mean() - 0.5) < 0.02  # as likely below as above
        assert reach.max() <= 1.0


def test_every_world_has_its_own_seeds_and_levels_only_where_the_regime_has_them():
    plan = plan_of_text(text_of(8), Path("worlds.toml"))
    tasks = [task for _n, task in plan.tasks()]
    assert len({task.seed for task in tasks}) == 16 and tasks[0].seed == tasks[1].seed
    assert tasks[0].regime == tasks[0].arm == "layered"
    assert tasks[1].arm == "whistle" and tasks[1].regime.startswith("whistle+sigma_street=")


def test_shares_are_of_worlds_that_gain_with_wilsons_interval(rich):
    place = rich.place
    gains = 0.2 - 0.4 * place["load"] - 0.2 * place["ties"]
    assert np.allclose(rich.table["served_cases"], gains, atol=0.03)
    counts = (rich.table["counts"]).to_numpy()
    voice = [s.voice_cost for _n, s in rich.plan.scenarios()]
    assert (counts == [0.2 <= v <= 0.9 for v in voice]).all() and not counts.all()
    row = shares(rich).query("outcome == 'served_cases' and width == 1 and filtered").iloc[0]
    inside = (rich.table["width"] == 1) & rich.table["counts"]
    assert row["worlds"] == inside.sum() and row["gains"] == (rich.table.loc[inside, "served_cases"] > 0).mean()
    assert row["low"] < row["gains"] < row["high"]
    core = shares(rich).query("outcome == 'served_core' and width == 1 and not filtered").iloc[0]
    assert core["gains"] == 0 and core["loses"] == 1 and core["low"] == 0 and 0 < core["high"] < 0.06


def test_the_score_weighs_at_the_worlds_own_worths(rich):
    y, x = (np.exp(np.log(r[0] * r[1]) / 2 + rich.place[f"worth_{n}"] * np.log(r[1] / r[0]) / 2)
            for n, r in rich.plan.plausible.worths.items())
    assert np.allclose(rich.table["score"], (10 - 5 * x) / (100 + 50 * y + 20 * x))


def test_the_numbers_put_in_are_found_and_those_that_do_nothing_are_not(rich):
    found = deciding(rich, "served_cases")
    assert list(found["parameter"].head(2)) == ["load", "ties"] and (found["slope"].head(2) < 0).all()
    assert found["S1"][0] > found["S1"][1] > found["chance"][0] > found["S1"][8]
    assert found["S1_conf"][0] > 0
    assert deciding(rich, "score")["parameter"][0] == "worth_jobs_done"


def test_the_tree_asks_for_load_first_and_beats_the_commoner_sign(rich):
    grown = tree(rich, "served_cases")
    assert grown.lines[1]["parameter"] == "load" and grown.lines[1]["above"] is False
    assert 1.0 < grown.lines[1]["value"] < 1.5 and grown.right > grown.most + 0.1
    first, second = (row for row in grown.lines if row["depth"] == 1)
    assert first["gains"] > second["gains"] and first["worlds"] + second["worlds"] == grown.lines[0]["worlds"]


@pytest.mark.slow
def test_the_box_of_failure_is_of_high_load(rich, monkeypatch):
    monkeypatch.setattr("experiments.analysis.plausible.BOXED", 4)  # each number more takes its time
    box = failure_box(rich, "served_cases")
    load = box.limits.set_index("parameter").loc["load"]
    assert 1.0 < load["low"] < 1.5 and box.density > box.worse / box.points + 0.25 and box.coverage > 0.8


def test_the_nearest_turn_is_the_shortest_way_to_the_line(rich):
    turn = turning(rich, "served_cases")
    # 0.2 = 0.4 a + 0.2 b: nearest at a = .4, b = .2, √.2 away; the doubled ranges bend no line here
    assert abs(turn.distance - np.sqrt(0.2)) < 0.08 and turn.fit > 0.9 and turn.typical > turn.distance
    assert [m["parameter"] for m in turn.moves[:2]] == ["load", "ties"]
    assert abs(turn.moves[0]["value"] - 1.2) < 0.05
    assert turning(rich, "served_core").distance is None  # the same everywhere: turns nowhere


@pytest.mark.slow
def test_real_runs_draw_and_replay(tmp_path):
    text = text_of(4, 1)
    sweep.run_plan(plan_of_text(text, Path("worlds.toml")), text, tmp_path / "real", workers=1)
    results = open_results(tmp_path / "real")
    runs = results.runs()
    assert set(runs["regime"]) == {"layered", "whistle"} and len(runs) == 8 and runs["sigma_street"].nunique() == 4
    (one,) = worlds(results, "whistle")
    assert len(one.table) == 4 and results.series().empty
    last = runs[runs["regime"] == "whistle"]["id"].iloc[-1]
    assert sweep.replay(tmp_path / "real", last)["equal"]
    with pytest.raises(InputError, match="only . worlds count"):
        deciding(one, "served_cases")


@pytest.mark.slow
def test_the_command_and_the_report_say_it(folder):
    got = CliRunner().invoke(main, ["plausible", str(folder), "--lang", "zh"])
    assert got.exit_code == 0 and "load" in got.output
    page = build.report(folder, "zh", folder / "zh.html").read_text(encoding="utf-8")
    assert 'id="plausible"' in page and 'id="effects"' not in page
    table = pd.read_csv(folder / "report" / "plausible.csv")
    assert set(table["outcome"]) == set(OUTCOMES)


@pytest.mark.parametrize(("change", "said"), [
    (("trust = [0.2, 0.9]", "trsut = [0.2, 0.9]"), "trust"),
    (("sigma_street = [0.0, 0.5]", "rating = [0.0, 0.5]"), "rating"),
    (("sigma_street = [0.0, 0.5]", "sigma_street = [0.0, 1.5]"), "goes beyond 0–1"),
    (("value_got = [0.5, 41.0]", "value_got = [0.0, 41.0]"), "is not a range"),
    (('kind = "plausible"', 'kind = "lhs"'), "plausible"),
])
def test_what_does_not_fit_is_refused(change, said):
    with pytest.raises(InputError, match=said):
        plan_of_text(text_of(8).replace(*change), Path("worlds.toml"))


def test_other_folders_are_refused(tmp_path):
    samples.swept(tmp_path / "list", "list", run=samples.made_up)
    got = CliRunner().invoke(main, ["plausible", str(tmp_path / "list")])
    assert got.exit_code == 2 and "chuishao run plausible" in got.stderr


def test_run_takes_other_regimes_and_freezes_them(tmp_path, monkeypatch):
    monkeypatch.setattr(sweep, "run_stored", samples.made_up)
    path, out = tmp_path / "mine.toml", str(tmp_path / "out")
    path.write_text(samples.sweep_text("list", seeds=2))
    words = ["run", str(path), "--out", out, "--workers", "1", "--regimes", "layered,hotline,grid"]
    for _again in range(2):  # the second goes on with what is frozen
        got = CliRunner().invoke(main, words)
        assert got.exit_code == 0, got.output
    assert set(open_results(out).runs()["regime"]) == {"layered", "hotline", "grid"}
    assert CliRunner().invoke(main, [*words[:-1], "layered,"]).exit_code == 2
