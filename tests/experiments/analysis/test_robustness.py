"""Planted flips are found and come first; nothing else is called one."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from samples import swept

from experiments.__main__ import main
from experiments.analysis.robustness import robustness, tally
from experiments.design import RUN_LENGTH
from experiments.plan import load_plan, plan_of_text
from experiments.report import carries
from experiments.store import Results, open_results
from experiments.words import Words
from model.errors import InputError
from model.measures import MEASURES
from model.scenario import PARAMETERS, REGIONS, Scenario

PLAN = """
name = "planted"
regions = ["difficult"]
[design]
kind = "oat"
[seeds]
per_point = 6
"""
PLANTED = {("reach", 0.175): -0.1, ("ties", 0.1): 0.0, ("load", 1.5): 0.3}


class Planted(Results):
    """Whistle gains .1; loses .1 at half the reach, nothing changes at half the ties, gains .3 at more load; noise."""

    def runs(self):
        luck, rows = np.random.default_rng(7), []
        for n, point in enumerate(self.plan.points()):
            effect = next((PLANTED[item] for item in point.items() if item in PLANTED), 0.1)
            for seed in range(6):
                for regime in ("layered", "whistle"):
                    value = 0.5 + (effect + luck.normal(0, 0.02)) * (regime == "whistle")
                    rows.append({"id": str(len(rows)), "point": n, "region": "difficult", "regime": regime,
                                 "seed": seed, **dict.fromkeys(MEASURES, value)})
        return pd.DataFrame(rows)


@pytest.fixture
def planted():
    return Planted(Path("planted"), plan_of_text(PLAN, Path("planted.toml")))


def test_every_number_is_halved_and_half_as_much_again_inside_its_range():
    points = load_plan("robustness-difficult").points()
    assert points[0] == {}
    base = Scenario(region="difficult")
    moved = {(name, value) for point in points[1:] for name, value in point.items()}
    assert {name for name, _ in moved} == set(PARAMETERS) - set(RUN_LENGTH)
    assert ("reach", 0.175) in moved and ("reach", 0.525) in moved
    assert ("voice_cost", 0.75) in moved and ("alpha", 1.0) in moved and ("alpha", 0.6) in moved
    for name, value in moved:
        p = PARAMETERS[name]
        assert p.low <= value <= p.high
        assert value != getattr(base, name)


def test_the_way_from_rich_to_difficult_ends_there_and_knows_every_difference():
    points = load_plan("rich-to-difficult").points()
    steps = len(REGIONS["difficult"]) - 1  # cadres and residents go together
    assert {name: value for point in points[1:-steps] for name, value in point.items()} == REGIONS["difficult"]
    assert points[-1] == REGIONS["difficult"] and [len(point) for point in points[-steps:]] == list(range(2, steps + 2))


def test_planted_flips_are_found_and_come_first(planted):
    found = robustness(planted, "served_cases")
    assert found.attrs["base"]["verdict"] == "better"
    first = found.iloc[0]
    assert (first["parameter"], first["value"], first["answer"]) == ("reach", 0.175, "flips")
    assert first["change"] == pytest.approx(-0.2, abs=0.03)
    assert (found.iloc[1]["parameter"], found.iloc[1]["answer"]) == ("ties", "open")
    assert set(found.iloc[2:]["answer"]) == {"holds"}
    assert found.iloc[-1]["parameter"] == "load"


def test_where_less_is_better_the_same_effect_is_a_loss(planted):
    found = robustness(planted, "formalism_share")
    assert found.attrs["base"]["verdict"] == "worse"
    assert (found.iloc[0]["parameter"], found.iloc[0]["answer"]) == ("reach", "flips")


class Open(Planted):
    """Whistle gains nothing but where the reach is halved (−.1) or the load is raised (.3)."""

    def runs(self):
        table = super().runs()
        moved = table["point"].map({n: next(iter(point.items()), None) in PLANTED
                                    for n, point in enumerate(self.plan.points())})
        still = ~moved & (table["regime"] == "whistle")
        return table.assign(served_cases=table["served_cases"] - 0.1 * still)


@pytest.mark.slow
def test_an_open_answer_holds_where_it_stays_open_and_flips_where_the_reform_is_told_apart(monkeypatch):
    results = Open(Path("open"), plan_of_text(PLAN, Path("open.toml")))
    found = robustness(results, "served_cases")
    assert found.attrs["base"]["verdict"] == "unresolved"
    first = found.iloc[:2]
    assert set(zip(first["parameter"], first["verdict"], strict=True)) == {("reach", "worse"), ("load", "better")}
    assert set(first["answer"]) == {"flips"}
    assert (found.iloc[2:]["answer"] == "holds").mean() > 0.88  # each point is judged alone: one in twenty errs

    monkeypatch.setattr("experiments.analysis.show.open_results", lambda folder, rules=None: results)
    flips = tally(found)["flips"]
    for lang, said in (("en", ("as it is: not told apart", f"flips (told apart) in {flips}")),
                       ("zh", ("，无法区分。每次", f"反转（变为可区分）{flips} 例"))):
        printed = CliRunner().invoke(main, ["robustness", "open", "--lang", lang]).stdout
        assert all(part in printed for part in said), printed
        text = carries.tornado_section(results, Words(lang), ["whistle"]).text[1]
        assert {"en": "not told apart; in", "zh": "，无法区分；"}[lang] in text


class Idle(Planted):
    """Moving any of three numbers changes nothing, but for the last bits of one measure of one run."""

    def runs(self):
        table, names = super().runs(), list(MEASURES)
        still = [n for n, point in enumerate(self.plan.points()) if {*point} & {"needs_sample", "find", "civic_hours"}]
        for n in still:
            table.loc[table["point"] == n, names] = table.loc[table["point"] == 0, names].to_numpy()
        table.loc[table.index[table["point"] == still[-1]][-1], names[-1]] += 1e-12
        return table


@pytest.mark.slow
@pytest.mark.parametrize("lang, said", [("en", "in {} no run changes at all"), ("zh", "另有 {} 例各次运行毫无变化")])
def test_moves_that_change_no_run_are_not_counted_as_holding(monkeypatch, lang, said):
    results = Idle(Path("idle"), plan_of_text(PLAN, Path("idle.toml")))
    found = robustness(results, "served_cases")
    touched = found["parameter"].isin(["needs_sample", "find", "civic_hours"])
    same = int(touched.sum()) - 1
    assert same > 2 and found["same"].sum() == same and set(found[touched]["answer"]) == {"holds"}
    assert tally(found) == {"holds": len(found) - 2 - same, "open": 1, "flips": 1, "same": same}
    monkeypatch.setattr("experiments.analysis.show.open_results", lambda folder, rules=None: results)
    printed = CliRunner().invoke(main, ["robustness", "idle", "--lang", lang, "--top", "500"]).stdout
    assert said.format(same) in printed
    assert said.format(same).replace("例", "次") in carries.tornado_section(results, Words(lang), ["whistle"]).text[1]


def test_a_number_that_nothing_in_the_plan_uses_changes_no_run(tmp_path):
    swept(tmp_path / "out", "oat", "[vary]\nreach = [0.2]\nfind = [0.9]\nneeds_sample = [0.5]")
    words = ["robustness", str(tmp_path / "out"), "--measure", "casework_share"]
    found = robustness(open_results(tmp_path / "out"), "casework_share")
    assert dict(zip(found["parameter"], found["same"], strict=True)) == {"reach": False, "find": True, "needs_sample": True}
    assert CliRunner().invoke(main, words).stdout.count("no change") == 2


def test_the_command_on_a_real_folder(tmp_path):
    swept(tmp_path / "out", "oat", "[vary]\nreach = [0.2, 1.0]")
    words = ["robustness", str(tmp_path / "out"), "--measure", "casework_share"]
    found = robustness(open_results(tmp_path / "out"), "casework_share")
    assert [(r.parameter, r.default, r.mark) for r in found.itertuples()] == [("reach", 0.8, "assumed")] * 2
    assert found["change"].tolist() == pytest.approx(found["difference"] - found.attrs["base"]["difference"])
    assert "reach" in CliRunner().invoke(main, words).stdout
    assert "反转" in CliRunner().invoke(main, [*words, "--lang", "zh"]).stdout


def test_wrong_input_is_one_sentence(planted):
    with pytest.raises(InputError, match="not a measure of which more or less is better"):
        robustness(planted, "utilisation")
    with pytest.raises(InputError, match="there is no measure 'served_casesx'; did you mean 'served_cases'"):
        robustness(planted, "served_casesx")
    grid = plan_of_text('name = "g"\n[design]\nkind = "grid"\n[vary]\nreach = [0.1, 0.2]', Path("g.toml"))
    with pytest.raises(InputError, match="grid design; this needs kind = \"oat\""):
        robustness(Planted(Path("g"), grid), "served_cases")
    with pytest.raises(InputError, match="starts from one region"):
        plan_of_text(PLAN.replace('["difficult"]', '["rich", "difficult"]'), Path("p.toml")).points()
