"""Further seeds in the background: the same numbers as runs in line, shared, cancellable, and never an exception."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from pathlib import Path

import pytest
from told import in_chinese

from experiments.runs import Source, run_once
from model.errors import text_of
from model.scenario import Scenario
from page import workers
from page.definition import Definition
from page.ensemble import Ensemble
from page.outcome import MEASURED
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
    for pair, *both in zip(finished.known(), *rows, strict=True):
        assert pair.measures == tuple({name: row[name] for name in MEASURED} for row in both)


def test_who_asks_the_same_gets_it_at_once(definition, finished):
    again = Ensemble(definition, 3)
    assert again.done and [p.measures for p in again.known()] == [p.measures for p in finished.known()]


def test_a_cancelled_ensemble_stops_within_a_day(definition):
    long = Ensemble(definition.with_(days=5000), 3)
    long.cancel()
    assert long.done
    after = Ensemble(definition.with_(delta=0.1), 1)
    wait(after)
    assert after.pairs == 1 and long.pairs == 0


@pytest.mark.slow
def test_a_rule_that_fails_is_counted_and_told(definition):
    text = "def switching(open_per_cadre):\n    return 1 / 0\n"
    ensemble = Ensemble(definition.with_(rules="mine"), 2, {"mine": Source("mine.py", text)})
    wait(ensemble)
    assert ensemble.failed == 2 and ensemble.progress == 1 and ensemble.pairs == 0
    assert "switching" in ensemble.error and "规则 switching 在第" in in_chinese(ensemble.error)
    assert ensemble.known() == [] and "内存不足" in in_chinese(text_of(workers.DiedError()))
    lost = Ensemble(definition.with_(rules="lost"), 2)
    assert lost.done and "lost" in lost.error


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


def test_work_of_a_lower_rank_goes_first_and_what_fails_or_is_dropped_holds_nobody_up(capsys):
    crew, said, over = workers.Crew(hands=1), [], threading.Event()

    def work(name, steps, end=None):
        try:
            for step in range(steps):
                said.append(name)
                if name == "long" and step == 1:
                    dropped.append(crew.begin(work("dropped", 1), 3))
                    crew.begin(work("first", 2), 0)
                    crew.begin(work("broken", 1, lambda: 1 / 0), 1)
                    crew.drop(dropped)
                yield
            if end:
                end()
        finally:
            said.append(name + " over")

    dropped = []
    crew.begin(work("long", 3, over.set), 2)
    assert over.wait(10)
    wait(None, lambda: said[-1] == "long over")
    assert said == ["long", "long", "first", "first", "first over", "broken", "broken over", "long", "long over"]
    assert "ZeroDivisionError" in capsys.readouterr().err and not crew._jobs


def test_what_is_dropped_in_the_middle_gives_back_what_it_holds():
    crew, said, go = workers.Crew(hands=1), [], threading.Event()

    def work():
        try:
            said.append("begun")
            yield
            go.wait(10)
            yield
            said.append("too far")
        finally:
            said.append("given back")

    job = crew.begin(work(), 1)
    wait(None, lambda: said)
    crew.drop([job])
    go.set()
    wait(None, lambda: said[-1] == "given back")
    assert said == ["begun", "given back"]


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
