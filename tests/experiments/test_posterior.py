"""The fit with its uncertainty: a bank that goes on, a posterior that is right where it is known, draws that are run."""

import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from agents.work import Fate
from experiments import draws
from experiments.__main__ import main
from experiments.calibration import bank as banks
from experiments.calibration import hotline
from experiments.calibration.bank import FIGURES, Bank, Free, numbers, observe
from experiments.calibration.posterior import Posterior, goals_of, regression_abc
from experiments.calibration.published import published
from experiments.options import plan_of
from languages.text import say
from model.errors import InputError
from model.governance import GovernanceModel
from model.scenario import PARAMETERS, Scenario

SMALL = {"streets": 2, "departments": 8, "cadres": 8, "residents": 160, "burn_in": 21}
FREE = (Free("h_item", 0.6, 2.4), Free("delta", 0.0, 0.5), Free("gaming", 0.0, 1.0))


def made_up(scenario, seed):
    luck = np.random.default_rng(seed).normal(0, 0.02)
    share = 0.45 + 0.4 * np.log2(scenario.h_item / 1.2) + luck
    return {**dict.fromkeys(FIGURES, 0.5), "formalism_45": share, "escalation": 1 + 1.4 * scenario.delta + luck}


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(banks, "observe", made_up)


def runs_of(tmp_path, sets=200, free=FREE):
    bank = Bank(Scenario(), free, tmp_path)
    return bank, bank.run(sets, workers=1)


def options(**more):
    return {"region": (), "regimes": "layered,whistle", "seeds": 2, "days": None, "changes": (), "needs": None,
            "limit": None, **more}


# --- the bank -------------------------------------------------------------------------------------------------------


def test_a_bank_goes_on_where_it_ended_and_grows(tmp_path, monkeypatch, quick):
    bank, first = runs_of(tmp_path, 3)
    text = (tmp_path / "bank.csv").read_text()
    (tmp_path / "bank.csv").write_text(text[:-9])  # the last line was cut off
    ran = []
    monkeypatch.setattr(banks, "observe", lambda scenario, seed: ran.append(seed) or made_up(scenario, seed))
    again = bank.run(4, workers=1)
    assert len(ran) == 3 and len(again) == 8
    pd.testing.assert_frame_equal(again.head(6), first)
    assert bank.run(3, workers=1).equals(first)


def test_a_bank_of_other_runs_is_refused(tmp_path, quick):
    runs_of(tmp_path, 2)
    with pytest.raises(InputError, match="--bank a new folder"):
        Bank(Scenario(region="difficult"), FREE, tmp_path).run(2)


def test_a_failed_run_costs_itself_only(tmp_path, monkeypatch):
    monkeypatch.setattr(banks, "observe", lambda scenario, seed: made_up(scenario, seed) if seed % 2 else 1 / 0)
    _bank, runs = runs_of(tmp_path, 3)
    assert runs["formalism_45"].isna().sum() == 3 and len(runs) == 6


def test_what_is_drawn_lies_inside_hard_limits_and_no_target_is_a_paired_difference():
    drawn = numbers(Scenario())
    for free in drawn:
        p = PARAMETERS[free.name]
        assert p.low <= free.low < free.high <= p.high and free.name not in banks.KEPT
    assert {f.name for f in drawn} - {f.name for f in numbers(Scenario(), ("h_item",))} == {"h_item"}
    assert {g.figure.key for g in goals_of("formalism", None)} == {"formalism_45", "escalation"}
    assert goals_of("formalism", "0.67")[0].figure.value == 0.67


def test_a_run_shows_every_figure_and_the_same_again():
    first = observe(Scenario(**SMALL), 5)
    assert set(first) == set(FIGURES) and first == observe(Scenario(**SMALL), 5)
    assert all(np.isfinite(v) and 0 <= v < 3 for v in first.values())


def test_every_figure_says_where_it_is_from():
    for key, f in published().items():
        assert (f.key, f.mark) == (key, "found" if f.source else "chosen")
        assert say(f.label, "zh") != f.label and 0 < f.value < 2


def test_the_hotlines_rates_are_counted_case_by_case():
    m, first, last = GovernanceModel(Scenario(**SMALL, days=100), "whistle", rng=2).run(), 21, 63
    p, sc = m.problems, m.scenario
    lift = sum(day.lift for day in m.record.days[21 + first:21 + last]) / 2
    due, content = [], []
    for i in np.flatnonzero(p.voiced >= 0):
        if first <= p.voiced[i] + sc.case_due - 21 < last:
            due.append(p.measured[i] and p.closed[i] <= p.voiced[i] + sc.case_due)
        if p.fate[i] not in (Fate.OPEN, Fate.LATENT) and first <= p.closed[i] - 21 < last:
            content += [p.satisfaction[i]] if np.isfinite(p.satisfaction[i]) else []  # all are called back

    def lifted(said):
        return np.mean(said) + (1 - np.mean(said)) * lift

    assert len(due) > 20 and len(content) > 20
    assert hotline.resolved_in_time(m, first, last) == pytest.approx(lifted(due))  # all demands count under call-back
    assert hotline.satisfaction(m, first, last) == pytest.approx(lifted(content))
    assert np.isnan(hotline.satisfaction(m, 5000, 5001))  # days without a case have no rate


# --- the posterior --------------------------------------------------------------------------------------------------


def test_regression_abc_is_the_exact_posterior_of_a_normal():
    rng = np.random.default_rng(1)
    x = rng.normal(0.0, 0.6, 4000)  # the logit of the place
    seen = x + rng.normal(0, 0.6, 4000)
    found = regression_abc(1 / (1 + np.exp(-x[:, None])), seen[:, None], np.array([0.5]))
    logit = np.log(found.u / (1 - found.u))[:, 0]
    mean = float(found.weight @ logit / found.weight.sum())
    assert mean == pytest.approx(0.25, abs=0.05)
    assert np.sqrt(found.weight @ (logit - mean) ** 2 / found.weight.sum()) == pytest.approx(0.6 / np.sqrt(2), abs=0.03)


def test_the_fit_tells_what_the_figures_tell_and_nothing_else(tmp_path, quick):
    fit = Posterior(*runs_of(tmp_path), goals_of("formalism", None))
    assert fit.told[0] == "h_item" and "gaming" not in fit.told
    k = fit.found.mean()[0]
    assert FREE[0].value(k) == pytest.approx(1.2, rel=0.15)
    assert fit.luck["formalism_45"] == pytest.approx(0.02**2, rel=0.4)
    recovery = fit.recovery.set_index("name")
    assert recovery["r"]["h_item"] > 0.7 and abs(recovery["r"]["gaming"]) < 0.25
    assert recovery["inside"].between(0.82, 0.97).all() and (recovery["p"] > 0.001).all()


def test_what_is_far_from_the_figures_is_implausible(tmp_path, quick):
    fit = Posterior(*runs_of(tmp_path, 60, (Free("h_item", 0.1, 9.0), *FREE[1:])), goals_of("formalism", None))
    shares = fit.whole.groupby("set")["formalism_45"].mean()
    assert (fit.implausibility[abs(shares - 0.45) > 0.35] > 3).all() and (fit.implausibility <= 3).any()


@pytest.mark.slow
def test_the_command_says_first_what_is_not_told_and_writes_draws(tmp_path, quick):
    words = ["calibrate", "--bank", str(tmp_path / "b"), "--budget", "80"]
    said = CliRunner().invoke(main, words)
    assert said.exit_code == 0, said.output
    _header, first = said.stdout.split("not a forecast")  # the header names the folder, so where it breaks is chance
    assert "NOT determined" in " ".join(first.split()[:9]) and "h_item" in first
    there = {p.name for p in (tmp_path / "b").iterdir()}
    assert {"posterior-formalism.csv", "predictive-formalism.svg", "ranks-formalism.svg"} <= there
    table = draws.table(str(tmp_path / "b/posterior-formalism.csv"))
    assert set(table["region"]) == {"rich"} and len(table) == 100
    told = json.loads((tmp_path / "b/posterior-formalism.json").read_text(encoding="utf-8"))
    assert told["numbers"]["h_item"]["told"] and not told["numbers"]["gaming"]["told"]
    assert told["sets"] == 80 and {f["name"] for f in told["figures"] if f["fitted"]} == {"formalism_45", "escalation"}


@pytest.mark.parametrize(("words", "says"), [
    ([], "--bank"), (["--bank", "x", "--seeds", "1"], "--seeds"), (["--bank", "x", "--set", "days=90"], "days"),
    (["--bank", "x", "--region", "nowhere"], "nowhere")])
def test_wrong_input_is_refused_before_anything_runs(words, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = CliRunner().invoke(main, ["calibrate", *words])
    assert said.exit_code == 2 and says in said.stderr and not list(tmp_path.iterdir())


# --- a comparison over draws ----------------------------------------------------------------------------------------


def posterior_file(folder, rows):
    pd.DataFrame(rows).to_csv(folder / "mine.csv", index=False)
    return str(folder / "mine.csv")


def test_every_seed_has_a_draw_of_its_region_for_all_its_regimes(tmp_path):
    file = posterior_file(tmp_path, [{"region": r, "h_item": h, "repair_cases": 3} for r, h in (
        ("rich", 1.0), ("rich", 2.0), ("difficult", 3.0))])
    plan = plan_of(**options(posterior=file, seeds=3))
    seen = {(t.scenario.region, t.seed - plan.seeds.root): set() for _n, t in plan.tasks()}
    for _n, t in plan.tasks():
        seen[t.scenario.region, t.seed - plan.seeds.root].add(t.scenario.h_item)
    assert seen == {("rich", 0): {1.0}, ("rich", 1): {2.0}, ("rich", 2): {1.0}, **{("difficult", k): {3.0} for k in range(3)}}


def test_set_holds_for_every_draw(tmp_path):
    file = posterior_file(tmp_path, [{"region": "rich", "h_item": 2.0}])
    plan = plan_of(**options(posterior=file, region=("rich",), changes=("h_item=3",)))
    assert {t.scenario.h_item for _n, t in plan.tasks()} == {3.0}


@pytest.mark.parametrize(("rows", "says"), [
    ([{"region": "rich", "h_itm": 2.0}], "h_item"), ([{"h_item": 2.0}], "column “region”"),
    ([{"region": "rich", "h_item": 2.0}], "difficult"), ([{"region": r, "h_item": -1.0} for r in ("rich", "difficult")],
                                                        "h_item")])
def test_a_posterior_that_does_not_fit_is_refused(rows, says, tmp_path):
    with pytest.raises(InputError, match=says):
        plan_of(**options(posterior=posterior_file(tmp_path, rows)))


def test_a_misspelt_posterior_names_those_that_are_there():
    with pytest.raises(InputError, match="posterior"):
        plan_of(**options(posterior="nowhere"))


@pytest.mark.slow
def test_compare_over_draws_says_how_many_are_better_and_can_be_read_again(tmp_path):
    given = "".join(f"{k} = {v}\n" for k, v in SMALL.items())
    (tmp_path / "town.toml").write_text(f'region = "rich"\nname = "small"\n{given}cooldown = 0\n')
    file = posterior_file(tmp_path, [{"region": "small", "h_item": h} for h in (1.0, 2.0, 3.0)])
    words = ["compare", "--region", str(tmp_path / "town.toml"), "--posterior", file, "--seeds", "3", "--days", "35",
             "--out", str(tmp_path / "out")]
    said = CliRunner().invoke(main, words)
    assert said.exit_code == 0, said.output
    assert "draws that are better" in " ".join(said.stdout.split())
    (tmp_path / "mine.csv").unlink()  # the folder keeps it
    told = json.loads((tmp_path / "out/compare.json").read_text())["draws"]["regions"]["small"]["whistle"]
    assert 0 <= told["served_cases"]["gains"] <= 1
    table = CliRunner().invoke(main, ["compare-table", str(tmp_path / "out")])
    assert table.exit_code == 0 and "small" in table.stdout.lower()
