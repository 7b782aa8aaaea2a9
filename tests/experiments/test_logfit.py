"""The distance between a model's cases and a log's: curves, statistics, and that open cases are handled."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from agents.work import Fate
from experiments import logfit
from experiments.__main__ import main
from experiments.compare import LogFit
from experiments.logfit import Curves, Times
from experiments.report import cases
from experiments.report.build import report
from experiments.store import open_results
from model.governance import GovernanceModel
from model.scenario import Scenario

REAL = Path(__file__).parents[3] / "shared/data/cases_2023.csv"
NAN = float("nan")


def times(opened, wait, last):
    return Times(np.array(opened, int), np.array(wait, float), last)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 40)), min_size=1, max_size=60))
def test_kaplan_meier_is_scipys(rows):
    opened, wait = (np.array(column) for column in zip(*rows, strict=True))
    last = 30
    got = logfit.kaplan_meier(times(opened, wait, last))
    seen = wait <= last - opened
    theirs = ecdf(CensoredData(uncensored=wait[seen], right=(last - opened)[~seen])).cdf
    assert got == pytest.approx(theirs.evaluate(np.arange(len(got))))


def test_an_open_case_counts_as_long_as_it_was_seen():
    # of two seen for a day one closes; the third was opened on the last day and says nothing of a day's wait
    got = logfit.kaplan_meier(times([0, 0, 1], [1, NAN, NAN], 1))
    assert got == pytest.approx([0.0, 0.5])
    assert len(logfit.kaplan_meier(times([], [], 5))) == 0


def test_where_all_are_closed_the_distance_runs_on():
    # the log's three take 4 days each, the model's none: by the fourth day the area between them is 4 days
    log, model = (logfit.curves(times([0, 0, 3], [wait] * 3, 9), 10) for wait in (4, 0))
    assert (log.closed.tolist(), model.closed.tolist()) == ([0] * 4 + [1] * 6, [1] * 10)
    found = logfit.distances(log, model)
    assert (found["wasserstein"], found["ks"], found["horizon"]) == (4, 1, 9)
    assert len(logfit.kaplan_meier(times([0, 5], [2, NAN], 9))) == 5  # nobody is seen beyond the open one's four days


def test_the_backlog_is_counted_case_by_case():
    rng = np.random.default_rng(1)
    opened, wait = rng.integers(0, 20, 200), np.where(rng.random(200) < 0.3, NAN, rng.integers(0, 9, 200))
    open_ = logfit.backlog(times(opened, wait, 19), 20)
    assert open_.tolist() == [sum(o <= d and not o + w <= d for o, w in zip(opened, wait, strict=True)) for d in range(20)]


def test_distances_say_how_far_and_where():
    log, model = Curves(np.array([0.5, 0.6, 1.0]), np.array([2, 4])), Curves(np.array([0.2, 0.6, 0.8, 0.9]), np.array([3, 9]))
    found = logfit.distances(log, model)
    assert (found["ks"], found["ks_day"], found["horizon"]) == (pytest.approx(0.3), 0, 2)
    assert found["wasserstein"] == pytest.approx(0.5)
    assert (found["ratio_p25"], found["ratio_p75"]) == (None, 1.0)  # the log's first quarter takes no day
    assert (found["open_mean"], found["open_last"], found["open_gap"]) == (6.0, 9.0, 1.0)
    assert logfit.distances(log, log)["ks"] == 0 == logfit.distances(log, log)["open_gap"]
    assert logfit.level(log) == {"open_mean": 3.0, "open_last": 4.0}


def test_the_day_of_the_largest_gap_is_one_that_a_seed_has():
    log, flat = Curves(np.array([0.5, 0.6, 1.0]), np.array([2])), Curves(np.array([0.5, 0.6, 0.6]), np.array([2]))
    early = Curves(np.array([0.0, 0.6, 1.0]), np.array([2]))
    told = [logfit.distances(log, model) for model in (flat, early, flat)]
    assert logfit.mean_distances(told)["ks_day"] == 2
    assert logfit.mean_distances(told)["ks"] == pytest.approx((0.4 + 0.5 + 0.4) / 3)
    assert logfit.mean_distances(told[:2])["ks_day"] in (0, 2)


def test_without_cases_nothing_is_claimed():
    none = logfit.curves(times([], [], 9), 5)
    found = logfit.distances(none, none)
    assert (found["open_gap"], found["ratio_p50"]) == (None, None)
    assert logfit.mean_distances([found, {**found, "open_gap": 1.0}])["open_gap"] == 1.0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.integers(1, 99))
def test_a_quantile_is_the_first_day_that_reaches_its_share(steps, percent):
    closed = np.sort(steps)
    days = [d for d, share in enumerate(closed) if share >= percent / 100 - 1e-12]
    assert logfit.quantile(closed, percent) == (days[0] if days else pytest.approx(NAN, nan_ok=True))


def compared(log, folder, *words):
    small = ["--days", "35", "--set", "residents=60", "--set", "burn_in=5", "--workers", "1"]
    words = ["compare", "--region", "rich", "--seeds", "2", "--needs", str(log), *small, *words, "--out", str(folder)]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    where = tmp_path_factory.mktemp("log")
    rows = [f"2024-03-{4 + i % 20:02},{'' if i % 5 == 0 else f'2024-04-{1 + i % 28:02}'},{'EW'[i % 2]},roads" for i in range(90)]
    (where / "log.csv").write_text("opened,closed,street,domain\n" + "\n".join(rows) + "\n")
    done = compared(where / "log.csv", where / "out", "--set", "streets=2")
    return where / "out", done.stdout


@pytest.mark.parametrize("regime", ["layered", "whistle"])
def test_prevented_cases_were_never_opened(tmp_path, regime):
    log = tmp_path / "log.csv"
    rows = [f"2024-03-{4 + i % 20:02},{'EW'[i % 2]},roads,pipe" for i in range(90)]
    log.write_text("opened,street,domain,cause\n" + "\n".join(rows) + "\n")
    m = GovernanceModel(Scenario(days=35, residents=60, burn_in=5, streets=2, needs=str(log)), regime, rng=1).run()
    logged = m.problems.fate[(m.problems.voice_luck == -1.0) & (m.problems.born >= 5) & (m.problems.born < 40)]
    prevented = (logged == Fate.PREVENTED).sum()
    model = Times(*m.case_times()["model"])
    assert prevented > 0 and len(model.opened) == 90 - prevented and model.opened.min() >= 0
    assert logfit.backlog(model, 35)[-1] == (~(model.opened + model.wait < 35)).sum()
    closed = np.isfinite(model.wait).sum()
    assert m.case_waits()["model"]["share_closed"] == pytest.approx(closed / (90 - prevented))


def test_the_waits_shown_are_of_the_cases_the_run_came_to(tmp_path):
    log, days = tmp_path / "log.csv", [d.date().isoformat() for d in pd.bdate_range("2024-03-04", periods=60)]
    rows = [f"{d},{d if i < 35 else '2024-07-01'},East,roads" for i, d in enumerate(days)]
    log.write_text("opened,closed,street,domain\n" + "\n".join(rows) + "\n")
    m = GovernanceModel(Scenario(days=35, residents=60, burn_in=5, streets=1, needs=str(log)), rng=1).run()
    assert m.case_waits()["log"]["p90"] == 0.0


def test_compare_says_how_near_the_model_comes(folder):
    where, printed = folder
    assert "Kolmogorov–Smirnov" in printed and "Kaplan–Meier" in printed
    fit = json.loads((where / "compare.json").read_text())["log_fit"]["rich"]
    assert set(fit) == {"log", "layered", "whistle"}
    table = logfit.table(LogFit(open_results(where)).curves("rich").items())
    log = table[table["who"] == "log"]
    assert fit["log"]["open_last"] == log["open"].dropna().iloc[-1]
    for regime in ("layered", "whistle"):
        assert 0 < fit[regime]["ks"] <= 1
        own = table[(table["who"] == regime) & table["closed"].notna()]
        n = min(len(own), log["closed"].notna().sum())  # seeds were observed for different waits
        assert np.abs(own["closed"].to_numpy()[:n] - log["closed"].to_numpy()[:n]).max() <= fit[regime]["ks"] + 1e-9
    assert log["closed"].is_monotonic_increasing


@pytest.mark.slow
def test_the_report_draws_it_and_says_what_was_done_with_the_log_in_both_languages(folder, tmp_path):
    for lang, word in (("en", "Quantile by quantile"), ("zh", "分位对分位")):
        text = report(folder[0], lang, tmp_path / "r.html").read_text(encoding="utf-8")
        assert word in text and "Kolmogorov" in text
        assert ("90 rows read" in text) == (lang == "en")
    assert (folder[0] / "report/cases-rich.csv").is_file()
    assert "90" in json.loads((folder[0] / "compare.json").read_text(encoding="utf-8"))["notes_zh"]["rich"][0]


def test_the_pairs_of_the_plot_are_quantiles(folder):
    table = logfit.table(LogFit(open_results(folder[0])).curves("rich").items())
    pairs = cases.quantiles(table)
    assert set(pairs["who"]) <= {"layered", "whistle"} and len(pairs)
    for row in pairs.to_dict("records"):
        closed = table[table["who"] == row["who"]]["closed"].dropna().to_numpy()
        day = int(row["model"])
        assert closed[day] >= row["percent"] / 100 - 1e-9 and (day == 0 or closed[day - 1] < row["percent"] / 100)


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_file(), reason="the shared real log is not here")
def test_the_real_log_is_compared(tmp_path):
    compared(REAL, tmp_path / "out", "--set", "needs_sample=0.05")
    fit = json.loads((tmp_path / "out/compare.json").read_text())["log_fit"]["rich"]
    log = pd.read_csv(REAL, dtype=str)
    table = logfit.table(LogFit(open_results(tmp_path / "out")).curves("rich").items())
    same_day = (log["opened"] == log["closed"]).mean()
    first = table[(table["who"] == "log") & (table["day"] == 0)]["closed"].item()
    assert first == pytest.approx(same_day, abs=0.15)  # a sample of a part of the year
    assert fit["layered"]["ks"] > 0.1
