"""Closing times of real logs: quantiles that count open cases, and the page's table made from the file beside it."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))

import logs  # noqa: E402


def test_open_cases_count_as_long_as_they_were_seen():
    opened, wait = np.zeros(10, int), np.array([0, 0, 0, 0, 1, 5, np.nan, np.nan, np.nan, np.nan])
    found = logs.row("log", "all", opened, wait, 9)
    assert (found["same_day"], found["p50"], found["cases"]) == (pytest.approx(0.4), 1, 10)
    assert np.isnan(found["p90"]) and logs._days(found["p90"]) == "–"
    assert logs.row("model", "all", opened, wait, 9, 7 / 5)["p50"] == pytest.approx(1.4)


def test_a_log_is_told_by_type_and_small_types_are_left_out(tmp_path):
    rows = [{"opened": "2023-01-01", "closed": "2023-01-03", "street": "a", "domain": "noise"}] * 150
    rows += [{"opened": "2023-01-02", "closed": "", "street": "a", "domain": "rare"}] * 3
    pd.DataFrame(rows).to_csv(tmp_path / "mine.csv", index=False)
    found = list(logs.of_log(tmp_path / "mine.csv"))
    assert [(one["who"], one["type"], one["cases"]) for one in found] == [("mine", "all", 153), ("mine", "noise", 150)]
    assert found[1]["p50"] == found[1]["p99"] == 2


def test_the_page_shows_the_table_beside_it():
    table = pd.read_csv(logs.OUT)
    assert logs.shown(table) in logs.PAGE.read_text(encoding="utf-8")
    assert set(logs.LOGS[name][0] for name in logs.LOGS) < set(table["who"])
    assert not {"street", "opened", "closed"} & set(table)  # quantiles only, no case
