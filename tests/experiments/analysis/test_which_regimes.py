"""No regime is dropped: every analysis shows all regimes against the plan's first, or the one that is asked for."""

import json

import numpy as np
import pytest
from click.testing import CliRunner
from samples import swept, told_in_chinese

from experiments.__main__ import main
from experiments.analysis.ablation import ablation
from experiments.analysis.regimes import chosen, named
from experiments.analysis.winmap import winmap
from experiments.runs import _packed
from experiments.store import open_results
from model.measures import MEASURES

THREE = ("layered", "layered+slim", "whistle")
RANGES = "[vary]\nreach = [0.1, 1.0]\nload = [0.5, 2.0]"


def made_up(task):
    """Slim adds .1, the whole reform .5, at any point; a little noise."""
    import pandas as pd

    effect = {"layered": 0.0, "layered+slim": 0.1, "whistle": 0.5}.get(task.regime, 0.2)
    noise = np.random.default_rng([task.seed, len(task.regime)]).normal(0, 0.001)
    columns, series = _packed(pd.DataFrame({"day": [0], "trust": [0.5]}))
    given = {k: getattr(task.scenario, k) for k in ("reach", "load")}
    return {"row": {**given, "regime": task.regime, "seed": task.seed, **dict.fromkeys(MEASURES, 0.3 + effect + noise)},
            "neutrality": {}, "ledger": [], "columns": columns, "series": series}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    root = tmp_path_factory.mktemp("three")
    kinds = {"grid": RANGES, "morris": RANGES, "oat": RANGES, "lhs": RANGES, "factorial": ""}
    return {kind: swept(root / kind, kind, vary, run=made_up, regimes=THREE, points=40 if kind == "lhs" else 4)
            for kind, vary in kinds.items()}


def chuishao(*words):
    return CliRunner().invoke(main, list(map(str, words)))


SHOWN = [("map", "grid"), ("map", "lhs", "--box"), ("sensitivity", "morris"), ("robustness", "oat")]


@pytest.mark.slow
@pytest.mark.parametrize("command", SHOWN)
def test_all_regimes_are_shown_unless_one_is_asked_for(folders, command):
    name, kind, *more = command
    printed = chuishao(name, folders[kind], *more).output
    assert all(regime in printed for regime in THREE)
    one = chuishao(name, folders[kind], *more, "--regime", "whistle").output
    assert "layered+slim" not in one and "whistle" in one
    assert all(line.strip() in map(str.strip, printed.splitlines()) for line in one.splitlines())


def test_a_map_of_each_regime_has_its_own_differences(folders):
    results = open_results(folders["grid"])
    means = {regime: winmap(results, "served_need", regime=regime)[0].cells["difference"].mean() for regime in THREE[1:]}
    assert means == {"layered+slim": pytest.approx(0.1, abs=0.002), "whistle": pytest.approx(0.5, abs=0.002)}


@pytest.mark.parametrize("lang, said", [("en", "Not shown: whistle"), ("zh", "未显示：吹哨报到")])
def test_a_regime_without_a_finished_pair_is_named(tmp_path, lang, said):
    def fails(task):
        if task.regime == "whistle":
            raise RuntimeError("never")
        return made_up(task)

    folder = swept(tmp_path / "out", "grid", RANGES, run=fails, regimes=THREE)
    printed = chuishao("map", folder, "--lang", lang).output
    assert said in printed and "layered+slim" in chuishao("map", folder).output
    assert "holds no finished pair" in chuishao("map", folder, "--regime", "whistle").stderr


def test_a_table_has_every_point_and_regime_or_those_of_one(folders):
    def told(*words):
        return json.loads(chuishao("compare-table", folders["grid"], "--measure", "served_need", *words, "--json").output)

    rows = told()["rows"]
    assert {(row["point"], row["regime"]) for row in rows} == {(p, r) for p in range(4) for r in THREE[1:]}
    one = told("--regime", "layered+slim")["rows"]
    assert one == [row for row in rows if row["regime"] == "layered+slim"]
    assert "Paired differences to layered" in chuishao("compare-table", folders["grid"]).output


def test_an_ablation_takes_apart_the_regime_asked_for(folders):
    results = open_results(folders["factorial"])
    pair = ablation(results, "served_need", "layered+slim+triage")["rich"]
    assert list(pair["switches"]) == ["slim", "triage"] and pair["base"] == "layered"
    assert sum(e["shapley"].mean for e in pair["switches"].values()) == pytest.approx(pair["whole"].mean, abs=1e-12)
    assert pair["switches"]["slim"]["alone"].mean == pytest.approx(0.1, abs=0.002)
    assert "whistle − layered" in chuishao("ablation", folders["factorial"]).output
    assert "layered+slim+triage − layered" in chuishao(
        "ablation", folders["factorial"], "--regime", "layered+triage+slim").output


@pytest.mark.parametrize("command", ["map", "compare-table", "ablation", "robustness", "sensitivity"])
def test_a_regime_that_is_not_there_is_one_sentence(folders, command):
    folder = folders[{"map": "grid", "compare-table": "grid", "ablation": "factorial", "robustness": "oat"}.get(
        command, "morris")]
    for name, said in (("whistel", "did you mean 'whistle'?"), ("layered", "is what the others are compared with")):
        wrong = chuishao(command, folder, "--regime", name)
        assert wrong.exit_code == 2 and said in wrong.stderr and wrong.stderr.count("\n") == 1
        told_in_chinese(chuishao(command, folder, "--regime", name, "--lang", "zh"), name)


def test_a_regime_may_be_spelt_otherwise(folders):
    results = open_results(folders["factorial"])
    assert chosen(results, "whistle-slim-dispatch") == chosen(results, "layered+mobilise+two_way+triage")
    assert named(results) == ["layered+slim", "whistle"] and len(chosen(results)) == 31
