"""A pilot says how many pairs; fresh pairs say what is so."""

import math
import os

import numpy as np
import pytest
from click.testing import CliRunner
from samples import told_in_chinese
from scipy import stats

from experiments.__main__ import main
from experiments.confirm import ASSURANCE, FRESH, confirm, pairs_needed, text_of
from experiments.paired import interval
from experiments.plan import PLANS, load_plan, plan_of_text
from experiments.store import open_results
from model.errors import InputError

TINY = """
name = "tiny"
primary = "casework_share"
[design]
kind = "grid"
[vary]
reach = [0.2, 0.9]
[fixed]
streets = 2
residents = 60
days = 35
burn_in = 10
"""


@pytest.fixture
def tiny(tmp_path):
    path = tmp_path / "tiny.toml"
    path.write_text(TINY, encoding="utf-8")
    return load_plan(path)


def test_pairs_needed_is_the_smallest_number_whose_t_interval_is_narrow_enough():
    d = np.random.default_rng(1).normal(0, 1, 12)
    spread = d.std(ddof=1) * math.sqrt(11 / stats.chi2.ppf(1 - ASSURANCE, 11))

    def half(n):
        return stats.t.ppf(0.975, n - 1) * spread / math.sqrt(n)

    for wanted in (2.0, 0.5, 0.1):
        n = pairs_needed(d, wanted)
        assert half(n) <= wanted < half(n - 1)


def test_the_interval_comes_out_as_narrow_as_asked_as_often_as_promised():
    rng, narrow, tries = np.random.default_rng(2), 0, 400
    for _ in range(tries):
        n = pairs_needed(rng.normal(0, 1, 10), 0.4)
        low, high, _ = interval(rng.normal(0, 1, n))
        narrow += (high - low) / 2 <= 0.4
    # the fresh spread varies too, so a little less than the promise; three standard errors of a share are .06
    assert abs(narrow / tries - ASSURANCE) < 0.06 + 0.05


@pytest.mark.slow
def test_fresh_pairs_cover_as_they_say_where_stopping_when_narrow_does_not():
    """Skewed differences of mean exp(1/2) − 1: the rule this command replaces stops at the first narrow interval."""
    rng, truth, hits = np.random.default_rng(3), math.exp(0.5) - 1, {"confirm": 0, "stop": 0}
    tries, half = 300, 0.5
    for _ in range(tries):
        n = pairs_needed(rng.lognormal(0, 1, 10) - 1, half)
        low, high, _ = interval(rng.lognormal(0, 1, n) - 1)
        hits["confirm"] += low <= truth <= high
        draws = rng.lognormal(0, 1, 400) - 1
        m = next(m for m in range(10, 400) if stats.t.ppf(0.975, m - 1) * draws[:m].std(ddof=1) / math.sqrt(m) <= half)
        low, high = stats.t.interval(0.95, m - 1, draws[:m].mean(), draws[:m].std(ddof=1) / math.sqrt(m))
        hits["stop"] += low <= truth <= high
    assert hits["confirm"] > hits["stop"] + 0.05 * tries
    assert hits["confirm"] / tries > 0.90  # 95 % less four standard errors of a share


@pytest.mark.slow
def test_confirmation_uses_fresh_seeds_and_the_number_the_pilot_asked_for(tiny, tmp_path):
    found = confirm(tiny, tmp_path / "out", half_width=0.02, pilot=5, most=8, workers=1)
    pilot, fresh = open_results(tmp_path / "out/pilot"), open_results(tmp_path / "out/confirmation")
    assert set(pilot.runs()["seed"]) == {tiny.seeds.root + n for n in range(5)}
    assert set(fresh.runs()["seed"]) == {tiny.seeds.root + FRESH + n for n in range(found["pairs"])}
    assert found["pairs"] == min(found["wanted"], 8)
    assert [row["pairs"] for row in found["rows"]] == [found["pairs"]] * 2
    assert all(row["half_width"] == pytest.approx((row["high"] - row["low"]) / 2) for row in found["rows"])
    again = confirm(tiny, tmp_path / "out", half_width=0.02, pilot=5, most=8, workers=1)
    assert again == found


@pytest.mark.slow
def test_the_command_prints_the_answer(tiny, tmp_path):
    words = ["confirm", str(tmp_path / "tiny.toml"), "--out", str(tmp_path / "out"), "--pilot", "5", "--most", "6",
             "--half-width", "0.000001", "--workers", "1"]
    plain = CliRunner().invoke(main, words)
    assert plain.exit_code == 0
    assert "--most allows 6" in plain.stdout
    found = confirm(tiny, tmp_path / "out", half_width=0.000001, pilot=5, most=6, workers=1)
    assert (found["pairs"], found["pilot"], found["measure"]) == (6, 5, "casework_share")
    assert "试运行" in CliRunner().invoke(main, [*words, "--lang", "zh"]).stdout


@pytest.mark.parametrize("wrong", [{"half_width": 0.0}, {"half_width": math.nan}, {"pilot": 4}, {"most": 1}], ids=str)
def test_wrong_numbers_are_one_sentence(tiny, tmp_path, wrong):
    with pytest.raises(InputError, match="half width above 0"):
        confirm(tiny, tmp_path / "out", **{"half_width": 0.1, "workers": 1, **wrong})
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("words, named", [(["--pilot", "4"], "试运行"), (["--half-width", "0"], "半宽"),
                                          (["--most", "one"], "'one'"), (["--bogus"], "'--bogus'")])
def test_the_command_refuses_in_chinese_on_request(tiny, tmp_path, words, named):
    told_in_chinese(CliRunner().invoke(main, ["confirm", str(tmp_path / "tiny.toml"), "--out", str(tmp_path / "out"),
                                              *words, "--lang", "zh"]), named)


@pytest.mark.parametrize("path", sorted(PLANS.glob("*.toml")), ids=lambda p: p.stem)
def test_a_plan_survives_being_written(path, tmp_path):
    plan = load_plan(path)
    assert plan_of_text(text_of(plan.model_copy(update={"scale": 1.0})), tmp_path / "again.toml") == plan


@pytest.mark.parametrize("start", [".", "elsewhere"])
def test_a_table_of_points_can_be_confirmed_and_read_from_anywhere(tmp_path, monkeypatch, start):
    (tmp_path / "points.csv").write_text("reach\n0.2\n")
    (tmp_path / "file.toml").write_text(TINY.replace('"grid"', '"file"\nfile = "points.csv"')
                                        .replace("[vary]\nreach = [0.2, 0.9]\n", ""))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / start)
    plan = os.path.relpath(tmp_path / "file.toml")
    found = CliRunner().invoke(main, ["confirm", plan, "--half-width", "1", "--pilot", "5", "--workers", "1",
                                      "--out", str(tmp_path / "elsewhere" / "out")])
    assert found.exit_code == 0, found.output
    (tmp_path / "points.csv").unlink()
    monkeypatch.chdir(tmp_path / "elsewhere")
    for part in ("pilot", "confirmation"):
        assert open_results(f"out/{part}").runs()["reach"].unique().tolist() == [0.2]
