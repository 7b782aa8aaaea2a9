"""What gains are worth together: worked examples, limits, and a brute-force comparison."""

import numpy as np
import pandas as pd
import pytest
from samples import compared, made_up, swept
from scipy.special import stdtrit

from experiments.analysis.worth import AXIS, break_even, gains_of, hours_per_item, shares_won, sign_map, worth, worths
from experiments.compare import as_dict
from experiments.report.worth import section
from experiments.store import open_results
from experiments.table import worth_words
from experiments.words import Words


def always(*gain, pairs=5):
    """Pairs that all gain the same."""
    return np.tile(np.array(gain, float), (pairs, 1))


def drawn(means, spread, seed=1, pairs=12):
    return np.random.default_rng(seed).normal(means, spread, (pairs, 3))


@pytest.mark.parametrize("gain, value, side", [
    ((2, 0, -1), 2.0, "below"), ((2, 1, -1), 3.0, "below"), ((-2, 0, 4), 0.5, "above"), ((2, 0, 1), None, "always"),
    ((0, 0, 1), None, "always"), ((1, 0, 0), None, "always"), ((-1, -1, 0), None, "never"), ((-1, 0, -1), None, "never"),
    ((0, 0, 0), None, "never")])
def test_where_two_regimes_are_even_is_the_ratio_of_their_gains(gain, value, side):
    found = break_even(always(*gain))
    assert (found.value, found.side) == (value, side)
    if value is not None:
        assert found.low == pytest.approx(value) and found.high == pytest.approx(value)


def test_a_directive_counts_as_often_as_it_is_worth():
    assert break_even(always(2, 0.5, -1), 20.0).value == pytest.approx(12.0)


@pytest.mark.parametrize("means", [(2, 0.5, -1.5), (2, 0.5, -0.1), (0.1, 0.1, -0.1), (4, 0.1, 0.6), (-1, 0, 0.2)])
@pytest.mark.parametrize("seed", range(4))
def test_the_interval_holds_all_worths_at_which_nothing_can_be_told(means, seed):
    gains = drawn(means, (1, 2, 1), seed)
    found, x = break_even(gains), np.linspace(0, 40, 400_001)
    fixed, job, n = gains[:, 0] + gains[:, 1], gains[:, 2], len(gains)
    scores = fixed.mean() + x * job.mean()
    spread = np.sqrt((fixed.var(ddof=1) + 2 * x * np.cov(fixed, job)[0, 1] + x**2 * job.var(ddof=1)) / n)
    unsure = x[np.abs(scores) <= stdtrit(n - 1, 0.975) * spread]
    assert unsure.size == (found.low is not None) * unsure.size
    if unsure.size:
        assert unsure.min() == pytest.approx(found.low, abs=2e-4)
        assert unsure.max() == pytest.approx(40 if found.high is None else min(found.high, 40), abs=2e-4)


@pytest.mark.parametrize("gain, won", [
    ((1, 1, -1), 3 / 4), ((1, 0, -1), 1 / 2), ((-1, 2, -1), 4 / 9), ((1, 1, 1), 1.0), ((-1, -2, -3), 0.0)])
def test_the_share_of_weights_is_the_area_of_the_triangle(gain, won):
    assert shares_won(always(*gain)) == pytest.approx((won, 1 - won), abs=0.002)


def test_equal_regimes_win_and_lose_nowhere():
    assert shares_won(always(0, 0, 0)) == (0.0, 0.0)


@pytest.mark.parametrize("hours", [(1.0, 1.0, 1.0), (10.0, 206.0, 25.0)])
def test_the_share_of_weights_is_what_drawing_them_gives(hours):
    gains = drawn((2, 0.5, -1.5), (1, 2, 1))
    weights = np.random.default_rng(2).dirichlet([1, 1, 1], 200_000) * np.array(hours) / hours[0]
    scores = gains @ weights.T
    mean, half = scores.mean(axis=0), stdtrit(11, 0.975) * scores.std(axis=0, ddof=1) / np.sqrt(12)
    assert shares_won(gains, hours) == pytest.approx(((mean > half).mean(), (mean < -half).mean()), abs=0.004)


# --- from a folder --------------------------------------------------------------------------------------------------

GAIN = {"whistle": (30.0, 2.0, -16.0), "layered+slim": (-1.0, 0.0, -1.0)}
LEDGER = [["cadre", "casework", 900.0], ["cadre", "rating", 100.0], ["cadre", "execute", 1500.0], ["cadre", "data", 500.0],
          ["cadre", "polish", 77.0], ["cadre", "idle", 5.0], ["department", "core", 1200.0], ["cadre", "pushed", 50.0]]


def known(task):
    """100 cases, 10 directives and 50 core jobs are met under layered, give or take the seed."""
    sums = np.array([100.0, 10.0, 50.0]) + task.seed % 3 + np.array(GAIN.get(task.regime, (0.0, 0.0, 0.0)))
    return {**made_up(task, **dict(zip(("cases_met", "value_got", "jobs_done"), sums.tolist(), strict=True))),
            "ledger": LEDGER}


def test_hours_per_item_are_the_bases_hours_over_what_it_met(tmp_path):
    results = compared(tmp_path / "out", known)
    met = [np.mean([n + seed % 3 for seed in results.runs()["seed"].unique()]) for n in (100, 10, 50)]
    assert hours_per_item(results, "rich") == pytest.approx((1000 / met[0], 2000 / met[1], 1250 / met[2]))
    assert hours_per_item(compared(tmp_path / "none", made_up), "rich") is None  # nothing is written of their hours


def test_the_json_has_the_break_even_at_both_worths_of_a_directive(tmp_path):
    results = compared(tmp_path / "out", known, ("layered", "whistle", "layered+slim"))
    told = as_dict(results)["regions"]["difficult"]
    assert told["horizon"] == 40 and list(told["worth"]) == ["whistle", "layered+slim"]
    one, two = told["worth"]["whistle"]["break_even"]
    assert (one["of"], one["at_policy"], one["side"]) == ("core", 1.0, "below")
    assert one["value"] == pytest.approx(2.0) and one["low"] == pytest.approx(2.0)
    directive = told["worth"]["whistle"]["hours"]["directive"] / told["worth"]["whistle"]["hours"]["case"]
    assert (two["at_policy"], two["value"]) == pytest.approx((directive, (30 + 2 * directive) / 16))
    assert told["worth"]["layered+slim"]["wins_share"] == pytest.approx({"per_item": 0.0, "per_hour": 0.0})
    assert told["worth"]["layered+slim"]["break_even"][0]["side"] == "never"


def test_without_two_pairs_nothing_is_said(tmp_path):
    def run(task):
        if task.regime == "whistle" and task.seed % 4:
            raise RuntimeError("no luck")
        return known(task)

    results = compared(tmp_path / "out", run)
    assert worth(results, "rich", "whistle") is None and worths(results) == []
    assert as_dict(results)["regions"]["rich"]["worth"] == {"whistle": None}
    assert section(results, Words(), ["whistle"]) is None


def test_the_map_shows_the_best_regime_of_every_worth(tmp_path):
    results = compared(tmp_path / "out", known, ("layered", "whistle", "layered+slim"))
    cells = sign_map(results, "rich")
    assert len(cells) == len(AXIS) ** 2 and cells["sure"].all()  # no pair differs from another
    want = np.where(30 + 2 * cells["y"] - 16 * cells["x"] > 0, "whistle", "layered")
    assert (cells["best"] == want).all()
    assert np.allclose(cells["gain"], np.maximum(30 + 2 * cells["y"] - 16 * cells["x"], 0))


def test_a_gain_that_chance_could_make_is_not_sure(tmp_path):
    def run(task):
        got = known(task)
        if task.regime == "whistle":
            got["row"]["cases_met"] += 300.0 * (-1) ** task.seed
        return got

    cells = sign_map(compared(tmp_path / "out", run), "rich").set_index(["x", "y"])
    assert not cells.loc[(1.0, 1.0), "sure"] and cells.loc[(100.0, 1.0), "best"] == "layered"
    assert cells.loc[(100.0, 1.0), "sure"]


def test_points_that_are_drawn_are_units_and_others_are_averaged(tmp_path):
    vary = "[vary]\nreach = [0.1, 1.0]"
    lhs = open_results(swept(tmp_path / "lhs", "lhs", vary, run=known, points=4, seeds=3))
    grid = open_results(swept(tmp_path / "grid", "grid", vary, run=known, seeds=3))
    assert (len(gains_of(lhs, "rich", "whistle")), len(gains_of(grid, "rich", "whistle"))) == (4, 3)
    assert np.allclose(gains_of(grid, "rich", "whistle"), GAIN["whistle"])


def test_the_sentence_says_where_it_turns(tmp_path):
    found = worth(compared(tmp_path / "out", known), "rich", "whistle")
    text = worth_words(found, "layered", Words("en"))
    assert text.startswith("Rich region: whistle beats layered while a core job is worth less than 2 cases (2–2) if a "
                           "directive is worth one; while ")
    assert "if it is worth its paid hours, 18.7 (a core job's: 2.5)" in text
    assert "of all weights given to an item (loses under" in text


def test_the_report_shows_the_map_and_its_numbers(tmp_path):
    made = section(compared(tmp_path / "out", known), Words(), ["whistle"])
    figure, table = made.blocks
    assert isinstance(figure.data, pd.DataFrame) and len(figure.data) == 2 * len(AXIS) ** 2
    assert figure.svg.startswith("<svg") and len(figure.svg) < 150_000
    assert table.data["side"].unique().tolist() == ["below"]
    assert table.data.loc[0, "value"] == pytest.approx(2.0)
