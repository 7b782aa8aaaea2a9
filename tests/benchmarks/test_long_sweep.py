"""The benchmark of long sweeps watches a real one and counts right."""

import json

import pandas as pd
import pytest
from click.testing import CliRunner

from benchmarks import long_sweep


def test_slopes_are_megabytes_a_thousand_runs_and_pace_late_over_early():
    table = pd.DataFrame({"runs": [100, 200, 300, 400, 500, 600]})
    table = table.assign(driver_MB=50 + table["runs"] * 0.002, worker_MB=80.0, runs_per_s=[4.0, 4, 2, 2, 2, 2])
    found = long_sweep.slopes(table)
    assert found == {"driver_MB_per_1000": pytest.approx(2.0), "worker_MB_per_1000": pytest.approx(0, abs=1e-9),
                     "pace_last_over_first": 0.5}


@pytest.mark.cluster
def test_a_sweep_is_watched_to_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr(long_sweep, "POLL", 0.01)
    monkeypatch.setattr(long_sweep, "overheads", lambda *given: {"store_ms": 0.1})
    done = CliRunner().invoke(long_sweep.main, ["--runs", "300", "--every", "20", "--hollow", "--workers", "2", "--out",
                                                str(tmp_path)])
    assert done.exit_code == 0, done.output
    table = pd.read_csv(tmp_path / "long-sweep.csv")
    assert table["runs"].is_monotonic_increasing and table["runs"].iloc[-1] <= 300
    assert (table[["driver_MB", "worker_MB"]] > 10).all(axis=None)
    assert json.loads((tmp_path / "long-sweep.json").read_text())["runs"] == table["runs"].iloc[-1]
    assert "<svg" in (tmp_path / "long-sweep.svg").read_text()


def test_too_little_to_see_is_said(monkeypatch):
    monkeypatch.setattr(long_sweep, "watch", lambda *given: iter(()))
    monkeypatch.setattr(long_sweep, "overheads", lambda *given: {})
    done = CliRunner().invoke(long_sweep.main, ["--runs", "2"])
    assert done.exit_code == 2 and "--every" in done.output


@pytest.mark.cluster
def test_storing_and_sending_are_measured_alone(tmp_path):
    found = long_sweep.overheads(tmp_path, tasks=80, workers=1)
    assert set(found) == {"plan_and_identity_ms", "dask_ms", "dask_driver_cpu_ms", "store_ms"}
    assert all(value > 0 for value in found.values())
