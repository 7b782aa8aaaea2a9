"""The fit: that it finds what is known, says what it cannot know, repeats itself, and writes presets that load."""

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from samples import told_in_chinese

from agents.work import Fate
from experiments.__main__ import main
from experiments.calibration import fit, formalism, hotline
from experiments.calibration.fit import TOLERANCE
from experiments.calibration.problem import Free, Goal, Problem, mean_of
from experiments.calibration.published import LEVELS, Published, published
from experiments.calibration.show import sentences
from experiments.runs import ROOT as ROOT_SEED
from languages.text import Text, say
from model.governance import GovernanceModel
from model.scenario import SCENARIOS, Scenario, load_scenario

ROOT = Path(__file__).parents[2]
SMALL = {"streets": 2, "departments": 8, "cadres": 8, "residents": 160, "burn_in": 21}
PRESETS = sorted(p.stem for p in SCENARIOS.glob("fitted-*.toml"))


def figure(key, value):
    return Published(key, value, "", "chosen", Text(key))


def made_up(observe, *goals, free=("h_item", "h_case", "gaming")):
    ranges = {"h_item": (0.1, 4.0), "h_case": (2.0, 15.0), "gaming": (0.0, 1.0)}
    return Problem("formalism", Scenario(), "layered", tuple(Free(n, *ranges[n]) for n in free), goals, (), observe, observe)


def linear(sc, seed):
    return {"a": np.log(sc.h_item) + 0.2 * sc.gaming, "b": np.log(sc.h_case) - 0.5 * np.log(sc.h_item)}


A, B = Goal(figure("a", 0.5), 0.05), Goal(figure("b", 1.5), 0.05)


# --- published figures ----------------------------------------------------------------------------------------------


def test_every_figure_says_where_it_is_from():
    for key, f in published().items():
        assert (f.key, f.mark) == (key, "found" if f.source else "chosen")
        assert say(f.label, "zh") != f.label and 0 < f.value < 2
    assert [published()[f"formalism_{level[2:]}"].value for level in LEVELS] == [float(level) for level in LEVELS]


def test_published_figures_live_once():
    code = [p.read_text(encoding="utf-8") for p in (ROOT / "experiments/calibration").glob("*.py")]
    for f in published().values():
        for said in (f"{f.value:.4f}".rstrip("0"), f"{100 * f.value:.4g} %", f"{f.value:.4g} is"):
            assert not any(said in text for text in code) or f.key.startswith("formalism"), (f.key, said)


# --- the search -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("free", [Free("h_item", 0.1, 4.0), Free("gaming", 0.0, 1.0)])
def test_places_and_values_are_the_same_point(free):
    for u in (0.0, 0.3, 1.0):
        assert free.place(free.value(u)) == pytest.approx(u)
    assert (free.place(free.low / 2), free.place(free.high * 2)) == (0, 1)


def test_a_goal_counts_what_is_missing():
    assert A.miss(0.6) == pytest.approx(2) and A.miss(0.4) == pytest.approx(-2)
    least = Goal(figure("u", 0.8), 0.1, least=True)
    assert (least.miss(0.9), least.miss(0.7)) == (0, pytest.approx(-1))
    assert A.miss(float("nan")) == 10


def test_the_fit_finds_what_is_known_and_spends_its_budget():
    ran = []
    found = fit.fit(made_up(linear, A, B), range(1, 4), 60, lambda: ran.append(1))
    assert (len(found.tried), len(ran)) == (60, 180)
    assert found.best.loss < 0.01 < found.start.loss
    assert found.start.values["h_item"] == Scenario().h_item
    seen = linear(Scenario(**found.best.values), 0)
    assert seen["a"] == pytest.approx(0.5, abs=0.01) and seen["b"] == pytest.approx(1.5, abs=0.01)


def test_the_same_arguments_give_the_same_fit():
    first, second = (fit.fit(made_up(linear, A, B), range(1, 2), 25) for _ in range(2))
    assert [(t.values, t.loss) for t in first.tried] == [(t.values, t.loss) for t in second.tried]


def test_a_number_that_the_figures_do_not_tell_is_said_to_be_open():
    found = fit.fit(made_up(lambda sc, seed: {"a": np.log(sc.h_item)}, A), range(1, 2), 80)
    item, case, gaming = (found.open_share(k) for k in range(3))
    assert item < 0.1 and case > 0.6 and gaming > 0.6
    low, high = found.interval("h_case")
    assert low < 3.5 and high > 10
    assert all(t.loss <= found.best.loss + TOLERANCE for t in found.accepted())
    lowest = min(loss for _, loss in found.profile(0))
    assert lowest == found.best.loss and max(loss for _, loss in found.profile(0)) > lowest + TOLERANCE
    assert all(loss < found.best.loss + TOLERANCE for value, loss in found.profile(2))


def test_numbers_that_stand_in_for_each_other_are_named():
    product = made_up(lambda sc, seed: {"a": np.log(sc.h_item) + np.log(sc.h_case) - 1}, A, free=("h_item", "h_case"))
    found = fit.fit(product, range(1, 2), 60)
    a, b, r = found.trade_off()
    assert {a, b} == {"h_item", "h_case"} and r < -0.9
    assert any("h_case" in s and "correlation" in s for s in sentences(found))


def test_figures_out_of_reach_are_said_to_be():
    far = made_up(lambda sc, seed: {"a": 0.1 * sc.gaming}, Goal(figure("a", 0.5), 0.05))
    found = fit.fit(far, range(1, 2), 20)
    assert found.best.values["gaming"] == 1.0
    assert any("NOT reach" in s for s in sentences(found))
    assert any("edge" in s and "gaming" in s for s in sentences(found))
    assert any("达不到" in say(s, "zh") for s in sentences(found))


# --- what is observed -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whistled():
    return GovernanceModel(Scenario(**SMALL, days=100), "whistle", rng=2).run()


def test_the_hotlines_rates_are_counted_case_by_case(whistled):
    m, first, last = whistled, 21, 63
    p, sc = m.problems, m.scenario
    lift = sum(day.lift for day in m.record.days[21 + first:21 + last]) / 2
    due, ended, content = [], [], []
    for i in range(len(p.born)):
        if p.voiced[i] < 0:
            continue
        weight = 1.0  # under call-back unreasonable demands count
        if first <= p.voiced[i] + sc.case_due - 21 < last:
            due.append((weight, p.measured[i] and p.closed[i] <= p.voiced[i] + sc.case_due))
        if p.fate[i] not in (Fate.OPEN, Fate.LATENT) and first <= p.closed[i] - 21 < last:
            ended.append((weight, p.measured[i]))
            content += [p.satisfaction[i]] if np.isfinite(p.satisfaction[i]) else []  # all are called back

    def lifted(pairs):
        share = sum(w for w, good in pairs if good) / sum(w for w, _ in pairs)
        return share + (1 - share) * lift

    assert len(due) > 20 and len(ended) > 20
    assert hotline.resolved_in_time(m, first, last) == pytest.approx(lifted(due))
    assert hotline.resolved_at_last(m, first, last) == pytest.approx(lifted(ended))
    assert hotline.satisfaction(m, first, last) == pytest.approx(np.mean(content) + (1 - np.mean(content)) * lift)


def test_days_without_a_case_have_no_rate(whistled):
    assert np.isnan(hotline.resolved_at_last(whistled, 5000, 5001))
    assert np.isnan(hotline.satisfaction(whistled, 5000, 5001))


def test_the_fit_to_formalism_looks_at_the_layered_regime_alone():
    problem = formalism.problem(Scenario(**SMALL), "0.40")
    m = GovernanceModel(Scenario(**SMALL, days=formalism.HALF_YEAR), "layered", rng=3).run()
    seen = problem.observe(problem.scenario, 3)
    assert seen["formalism_40"] == m.measures()["formalism_share"]
    assert (problem.regime, set(seen)) == ("layered", {g.figure.key for g in problem.goals})


# --- the command ----------------------------------------------------------------------------------------------------


def calibrate(*words):
    small = [w for name, value in SMALL.items() for w in ("--set", f"{name}={value}")]
    return CliRunner().invoke(main, ["calibrate", *small, "--seeds", "1", *words])


def test_the_command_moves_formalism_to_its_target(monkeypatch):
    monkeypatch.setattr(formalism, "HALF_YEAR", 60)
    monkeypatch.setattr(formalism, "YEAR", 60)
    shares = {}
    for level in ("0.25", "0.67"):
        done = calibrate("--level", level, "--budget", "10", "--json")
        assert done.exit_code == 0, done.stderr
        data = json.loads(done.stdout)
        shares[level] = data["figures"][0]
        assert shares[level]["name"] == f"formalism_{level[2:]}" and shares[level]["value"] == float(level)
        assert data["loss"]["best"] < data["loss"]["start"]
        assert set(data["parameters"]) == {f.name for f in formalism.FREE}
        assert "newspapers" in data["warning"] and data["sets"] == 10
    assert shares["0.67"]["fitted"] > shares["0.25"]["fitted"] + 0.1


def test_the_hotline_fit_shows_what_is_held_out_warns_and_writes_a_preset(tmp_path, monkeypatch):
    monkeypatch.setattr(hotline, "HELD_OUT", ("resolution_2019",))  # 2024 takes six years of days
    done = calibrate("--target", "hotline", "--budget", "5", "--out", str(tmp_path / "mine.toml"))
    assert done.exit_code == 0, done.stderr
    assert "disputed" in done.stdout and "Held out" in done.stdout and "[F25] found" in done.stdout
    written = (tmp_path / "mine.toml").read_text(encoding="utf-8")
    assert written.startswith("# A fitted preset, never a default") and "chuishao calibrate --target hotline" in written
    scenario = load_scenario(tmp_path / "mine.toml")
    assert (scenario.streets, scenario.name) == (2, "mine")
    assert all(free.low <= getattr(scenario, free.name) <= free.high for free in hotline.FREE)


OWN = """region = "difficult"
h_item = 0.05
knowledge_by_street = [0.9, 0.2]
events = [{ day = 2, kind = "emergency", street = 0 }]
"""


def test_a_preset_of_a_scenario_file_has_all_of_it_and_the_command_that_made_it(tmp_path, monkeypatch):
    monkeypatch.setattr(formalism, "HALF_YEAR", 35)
    monkeypatch.setattr(formalism, "YEAR", 35)
    own, out = tmp_path / "my own.toml", tmp_path / "fit.toml"
    own.write_text(OWN + "\n".join(f"{name} = {value}" for name, value in SMALL.items()), encoding="utf-8")
    words = ["calibrate", "--target", "formalism", "--level", "0.45", "--region", str(own), "--set", "reach=0.5",
             "--seeds", "1", "--budget", "5"]
    done = CliRunner().invoke(main, [*words, "--json", "--out", str(out)])
    assert done.exit_code == 0, done.stderr
    assert shlex.split(re.search("`(.*)`", out.read_text(encoding="utf-8"))[1]) == ["chuishao", *words]
    free, data = {f.name for f in formalism.FREE}, json.loads(done.stdout)
    assert data["parameters"]["h_item"]["start"] == 0.1  # what was run, not the .05 below the range searched
    fitted = {name: one["fitted"] for name, one in data["parameters"].items()}
    assert set(fitted) == free
    assert load_scenario(out, name="") == load_scenario(own, name="", reach=0.5, **fitted)


@pytest.mark.parametrize("words, said", [
    (["--target", "hotline", "--level", "0.40"], "--level 0.40"), (["--count", "due"], "--count due"),
    (["--set", "days=90"], "days"), (["--set", "h_item=1"], "h_item is fitted"), (["--out", "a.txt"], ".toml"),
    (["--region", "nowhere"], "nowhere"), (["--budget", "2"], "2"), (["--out", "/proc/none/a.toml"], "/proc/none")])
def test_wrong_input_is_one_sentence(words, said):
    done = calibrate(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr and done.stderr.count("\n") == 1
    told_in_chinese(calibrate(*words, "--lang", "zh"), said.split()[0])


# --- the shipped presets --------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_says_what_it_is_and_is_nearer_to_its_figures_than_the_defaults(name):
    """On the seeds it was fitted with; on one other seed the luck of few leaders outweighs a fit to escalation."""
    text = (SCENARIOS / f"{name}.toml").read_text(encoding="utf-8")
    assert text.startswith("# A fitted preset, never a default")
    made = re.search(r"--target (\w+) --(?:level|count) (\S+) --region (\w+)", text)
    scenario, base = load_scenario(name), Scenario(region=made[3])
    problem = hotline.problem(base, made[2]) if made[1] == "hotline" else formalism.problem(base, made[2])
    assert set(scenario.changed()) - {"name"} <= {f.name for f in problem.free}
    off = [float((problem.misses(mean_of(problem.observe, sc, range(ROOT_SEED, ROOT_SEED + 2))) ** 2).sum())
           for sc in (base, scenario)]
    assert off[1] < off[0]


def test_there_are_two_presets_at_most():
    assert 1 <= len(PRESETS) <= 2
