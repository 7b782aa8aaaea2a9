"""Differences and ablation of a sweep's folder, in Python and on the command line."""

import json

import numpy as np
import pytest
from click.testing import CliRunner
from samples import made_up, swept, told_in_chinese

from experiments.__main__ import main
from experiments.analysis.ablation import ablation
from experiments.analysis.differences import OPEN, by_regime, differences
from experiments.store import Store, open_results
from model.measures import HEADLINES, MEASURES


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return {kind: swept(tmp_path_factory.mktemp(kind) / "out", kind, vary, regimes=["layered", "layered+merge_tasks"])
            for kind, vary in (("factorial", ""), ("grid", "[vary]\nreach = [0.2, 0.9]"))}


def chuishao(*words):
    return CliRunner().invoke(main, list(map(str, words)))


@pytest.mark.slow
def test_shares_of_a_real_factorial_add_up_to_the_paired_difference(folders):
    results = open_results(folders["factorial"])
    found = ablation(results, "served_need")["rich"]
    wide = by_regime(results.runs(), "served_need")
    whole = (wide["whistle"] - wide["layered"]).mean()
    assert found["seeds"] == 3 and found["whole"].mean == pytest.approx(whole)
    assert sum(s["shapley"].mean for s in found["switches"].values()) == pytest.approx(whole, abs=1e-12)
    slim = (wide["layered+slim"] - wide["layered"]).mean()
    assert found["switches"]["slim"]["alone"].mean == pytest.approx(slim)
    assert set(found["controls"]) == {"merge_tasks"}


def test_differences_are_paired_by_seed_and_point(folders):
    results = open_results(folders["grid"])
    table = differences(results, "served_need")
    assert table["reach"].tolist() == [0.2, 0.9] and table["pairs"].tolist() == [3, 3]
    wide = by_regime(results.runs(), "served_need")
    by_hand = (wide["layered+merge_tasks"] - wide["layered"]).groupby("point").mean()
    assert table["difference"].tolist() == pytest.approx(by_hand.tolist())


def test_headlines_are_judged_together_within_a_point_and_another_measure_as_if_it_joined_them(tmp_path):
    def run(task):
        rng = np.random.default_rng([task.seed, int(10 * task.scenario.reach), *map(ord, task.regime)])
        got = made_up(task, reach=task.scenario.reach)
        moved = task.regime != "layered"
        return {**got, "row": {**got["row"], **{m: 1.0 + moved * rng.normal(0.1 * (k % 3), 0.2)
                                               for k, m in enumerate(MEASURES)}}}

    folder = swept(tmp_path / "out", "grid", "[vary]\nreach = [0.2, 0.9]", run=run, seeds=9,
                   regimes=["layered", "whistle", "layered+slim"])
    results = open_results(folder)
    tables = {m: differences(results, m).set_index(["point", "regime"]) for m in MEASURES}
    marks = 0
    for point, regime in tables["trust"].index:
        family = {(m, r): tables[m].loc[(point, r), "p"] for m in HEADLINES for r in ("whistle", "layered+slim")}
        for m, table in tables.items():
            row, others = table.loc[(point, regime)], [p for key, p in family.items() if key != (m, regime)]
            adjusted = multipletests([row["p"], *others])
            assert (row["verdict"] != OPEN) == (adjusted < 0.05 and MEASURES[m].direction != 0), (m, regime)
            marks += (row["p"] < 0.05 <= adjusted) and MEASURES[m].direction != 0
    assert marks > 3  # what alone would have been marked


def multipletests(ps):
    """Holm's adjusted p of the first, the plain way: step down through the sorted ones."""
    order = np.argsort(ps)
    adjusted = np.maximum.accumulate([(len(ps) - n) * ps[i] for n, i in enumerate(order)])
    return adjusted[list(order).index(0)]


@pytest.mark.parametrize("lang, word", [("en", "Shapley share"), ("zh", "沙普利份额")])
def test_the_ablation_is_printed_in_both_languages(folders, lang, word):
    result = chuishao("ablation", folders["factorial"], "--lang", lang)
    assert result.exit_code == 0 and word in result.output


@pytest.mark.parametrize("lang, word", [("en", "difference"), ("zh", "差异")])
def test_the_table_of_differences_is_printed_in_both_languages(folders, lang, word):
    result = chuishao("compare-table", folders["grid"], "--lang", lang, "--measure", "served_need,core_quality")
    assert result.exit_code == 0 and word in result.output and "reach" in result.output
    blanks = chuishao("compare-table", folders["grid"], "--lang", lang, "--measure", " served_need , core_quality")
    assert blanks.output == result.output
    rows = json.loads(chuishao("compare-table", folders["grid"], "--json").output)["rows"]
    assert len(rows) == 2 * 5 and {r["measure"] for r in rows} <= set(MEASURES)


@pytest.mark.parametrize("lang, column, line", [
    ("en", "pairs", "Of the plan's 12 runs failed: 2, missing: 1;"),
    ("zh", "配对数", "方案的 12 次运行中，失败 2 次，尚缺 1 次；")])
def test_runs_left_out_are_counted(tmp_path, lang, column, line):
    def fails(task):
        if task.regime == "whistle" and task.seed % 3 and task.scenario.reach > 0.5:
            raise RuntimeError("no")
        got = made_up(task)
        return {**got, "row": {**got["row"], "reach": task.scenario.reach}}

    folder = swept(tmp_path / "out", "grid", "[vary]\nreach = [0.2, 1.0]", run=fails)
    with Store(folder, write=True) as store:
        store.db.execute("delete from runs where rowid = (select min(rowid) from runs where status = 'done')")
    printed = chuishao("compare-table", folder, "--lang", lang, "--measure", "served_need").output
    assert column in printed.splitlines()[0] and line in printed
    whole = chuishao("compare-table", swept(tmp_path / "whole", "grid", "[vary]\nreach = [0.2, 1.0]"), "--lang", lang)
    assert line[:8] not in whole.output


def test_wrong_folders_and_measures_are_one_sentence(folders, tmp_path):
    assert "is not a complete factorial" in chuishao("ablation", folders["grid"]).stderr
    for command in ("ablation", "compare-table"):
        assert "holds no results" in chuishao(command, tmp_path).stderr
        wrong = chuishao(command, folders["factorial"], "--measure", "served")
        assert wrong.exit_code == 2 and "there is no measure 'served'" in wrong.stderr
        near = chuishao(command, folders["factorial"], "--measure", "core_quality, served_needs")
        assert near.exit_code == 2 and "'served_needs'; did you mean 'served_need'?" in near.stderr
        for empty in ("served_need,,trust", "served_need,", ""):
            wrong = chuishao(command, folders["factorial"], "--measure", empty)
            assert wrong.exit_code == 2 and "has an empty item" in wrong.stderr and wrong.stderr.count("\n") == 1
        for measure, named in (("served", "'served'"), ("served_needs", "'served_need'"), ("", "--measure ''")):
            told_in_chinese(chuishao(command, folders["factorial"], "--measure", measure, "--lang", "zh"), named)
    for command in ("ablation", "sensitivity", "robustness"):
        told_in_chinese(chuishao(command, folders["grid"], "--lang", "zh"), str(folders["grid"]))
    told_in_chinese(chuishao("map", folders["grid"], "--x", "depth", "--lang", "zh"), "'depth'")
