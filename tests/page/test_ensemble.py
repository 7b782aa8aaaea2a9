"""Further seeds in the background: the same numbers as runs in line, shared, cancellable, and never an exception."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from told import in_chinese

from experiments.paired import paired
from experiments.runs import Source, run_once
from model.errors import text_of
from model.scenario import Scenario
from page import ensemble as module
from page import ensemble_panel, workers
from page.definition import Definition
from page.ensemble import Ensemble, _by_day, run_pair
from page.session import Session
from page.year import Kept

ROOT = Path(__file__).parents[2]
SMALL = Scenario(streets=2, departments=4, cadres=4, residents=40, days=40, burn_in=5)
MINE = {"mine": Source("mine.py", "def switching(open_per_cadre):\n    return min(0.3 * open_per_cadre, 2.0)\n")}
"""Somebody's own rules, which run in a process of their own."""


def wait(ensemble, until=None, seconds=120):
    end = time.monotonic() + seconds
    while not (ensemble.done if until is None else until()):
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture(scope="module")
def definition():
    return Definition(SMALL, ("layered", "whistle"), 11)


@pytest.fixture(scope="module")
def finished(definition):
    ensemble = Ensemble(definition, 3)
    wait(ensemble)
    return ensemble


def test_the_end_is_that_of_runs_in_line(definition, finished):
    assert finished.pairs == 3 and finished.progress == 1 and finished.error is None
    rows = [[run_once(SMALL, regime, seed) for seed in (11, 12, 13)] for regime in definition.regimes]
    for measure, direction in (("formalism_share", -1), ("served_cases", 1), ("emergency_success", 1)):
        want = paired(*([row[measure] for row in side] for side in rows), direction)
        end = finished.band(measure)["end"]
        assert (end["pairs"], end["mean"], end["low"], end["high"]) == (want.pairs, want.difference, want.low, want.high)


def test_the_band_by_day_is_around_the_sessions_own_line(definition, finished):
    session = Session(definition)
    session.step(40)
    band = finished.band("formalism_share")
    own = session.series(["formalism_share"])
    assert band["day"] == own["day"]
    series = np.stack([run_pair(definition.with_(seed=s), None).series for s in (11, 12, 13)])
    d = (series[:, 1] - series[:, 0])[:, :, module.DAILY.index("formalism_share")]
    assert band["mean"] == pytest.approx(d.mean(axis=0).tolist(), abs=1e-4)
    assert all(lo <= m <= hi for lo, m, hi in zip(band["low"], band["mean"], band["high"], strict=True))
    ours = np.array(own["formalism_share"][1]) - np.array(own["formalism_share"][0])
    assert d[0] == pytest.approx(ours, abs=2e-4)


def test_days_intervals_are_students():
    from experiments.paired import interval

    d = np.random.default_rng(1).normal(size=(6, 4))
    d[0, 2] = np.nan
    d[1:, 3] = np.nan
    got = _by_day(d)
    for day in (0, 1, 2):
        low, high, _ = interval(d[np.isfinite(d[:, day]), day])
        assert (got["low"][day], got["high"][day]) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))
    assert got["mean"][3] is None


def test_a_measure_without_day_series_has_an_end_only(finished):
    band = finished.band("wait_p50")
    assert band["day"] == band["mean"] == [] and band["end"]["pairs"] == 3


def test_who_asks_the_same_gets_it_at_once(definition, finished):
    again = Ensemble(definition, 3)
    assert again.done and again.band("trust") == finished.band("trust")


def test_a_cancelled_ensemble_stops_within_a_day(definition):
    long = Ensemble(definition.with_(days=5000), 3)
    long.cancel()
    assert long.done
    after = Ensemble(definition.with_(delta=0.1), 1)
    wait(after)
    assert after.pairs == 1 and long.pairs == 0


def test_a_rule_that_fails_is_counted_and_told(definition):
    text = "def switching(open_per_cadre):\n    return 1 / 0\n"
    ensemble = Ensemble(definition.with_(rules="mine"), 2, {"mine": Source("mine.py", text)})
    wait(ensemble)
    assert ensemble.failed == 2 and ensemble.progress == 1 and ensemble.pairs == 0
    assert "switching" in ensemble.error and "规则 switching 在第" in in_chinese(ensemble.error)
    assert ensemble.band("trust")["end"]["pairs"] == 0
    lost = Ensemble(definition.with_(rules="lost"), 2)
    assert lost.done and "lost" in lost.error


def test_why_seeds_failed_stands_by_their_buttons_in_the_language_of_the_page(monkeypatch):
    shown, died = [], SimpleNamespace(**dict.fromkeys(("total", "pairs", "progress", "done"), 1))
    died.error = text_of(workers.DiedError())
    monkeypatch.setattr(ensemble_panel, "Seeds", lambda **told: shown.append(told["error"]))
    me = SimpleNamespace(pulse=SimpleNamespace(value=0), ensemble=died)
    for lang in ("en", "zh"):
        monkeypatch.setattr(ensemble_panel.state, "lang", SimpleNamespace(value=lang))
        ensemble_panel.EnsembleButtons.f(me)
    assert shown == [died.error, in_chinese(died.error)] and "内存不足" in shown[1]


@pytest.mark.slow
def test_a_process_that_dies_is_started_anew(definition):
    ensemble = Ensemble(definition.with_(delta=0.2, days=100, rules="mine"), 2, MINE)
    wait(ensemble, lambda: workers.WORKERS.pid)
    os.kill(workers.WORKERS.pid, signal.SIGKILL)
    wait(ensemble)
    assert ensemble.pairs == 2 and ensemble.failed == 0


def test_own_rules_run_in_a_process_and_the_models_own_in_a_thread_of_the_server(definition, monkeypatch):
    asked = []
    with monkeypatch.context() as patch:
        patch.setattr(workers.WORKERS, "submit", lambda *_: asked.append("WORKERS") or Future())
        patch.setattr(workers.CREW, "begin", lambda *_: asked.append("CREW"))
        Ensemble(definition.with_(delta=0.3), 2), Ensemble(definition.with_(delta=0.3, rules="mine"), 2, MINE)
    assert asked == ["CREW", "CREW", "WORKERS"]
    assert workers.WORKERS.submit(os.getpid).result(60) != os.getpid()


def test_work_of_a_lower_rank_goes_first_and_what_fails_or_is_stopped_holds_nobody_up(capsys):
    crew, said, over = workers.Crew(hands=1), [], threading.Event()

    def work(name, steps, end=None):
        try:
            for step in range(steps):
                said.append(name)
                if name == "long" and step == 1:
                    crew.begin(work("first", 2), 0)
                    crew.begin(work("broken", 1, lambda: 1 / 0), 1)
                    stopped.stop()
                yield
            if end:
                end()
        finally:
            said.append(name + " over")

    stopped = workers.Job(iter(()), (0,), 0)
    held = crew.begin(work("long", 3, over.set), 2)
    assert over.wait(10)
    wait(None, lambda: said[-1] == "long over")
    assert said == ["long", "long", "first", "first", "first over", "broken", "broken over", "long", "long over"]
    assert "ZeroDivisionError" in capsys.readouterr().err
    held.stop()
    assert not stopped.step()


def test_what_is_kept_is_bounded():
    kept = Kept(3)
    for n in range(5):
        kept.put(n, n)
    assert [kept.get(n) for n in range(5)] == [None, None, 2, 3, 4]


def test_an_idle_process_ends_and_is_started_anew(monkeypatch):
    pool = workers.Workers()
    monkeypatch.setattr(workers, "IDLE", 0.05)
    first = pool.submit(os.getpid).result(60)
    wait(None, lambda: pool.pid is None)
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    assert pool.submit(os.getpid).result(60) not in (first, os.getpid())


@pytest.mark.slow
def test_a_server_that_ends_does_not_wait_for_runs_under_way(tmp_path):
    script = tmp_path / "server.py"
    script.write_text("""
import os, time
from experiments.runs import Source
from page.definition import Definition
from page.ensemble import Ensemble
from page.workers import WORKERS

RULES = "def switching(open_per_cadre): return min(0.3 * open_per_cadre, 2.0)"

if __name__ == "__main__":
    assert WORKERS.submit(os.getpid).result(60) == WORKERS.pid
    runs = [Ensemble(Definition().with_(days=5000, rules=rules), 500, {"mine": Source("mine.py", RULES)})
            for rules in (None, "mine")]
    time.sleep(3)
    assert not any(run.done or run.failed for run in runs)
    print(WORKERS.pid, time.monotonic())
""")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=100, cwd=ROOT,
                          env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.returncode == 0 and "Traceback" not in done.stderr
    with pytest.raises(ProcessLookupError):
        os.kill(int(done.stdout.split()[0]), 0)
