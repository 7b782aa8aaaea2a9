import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections import deque
from pathlib import Path

import fake_runs
import psutil
import pytest
from fake_runs import Ours
from samples import SMALL

from experiments.codehash import code_hash
from experiments.engine import DEATHS, SchedulerGoneError, _Flight, default_workers, run_tasks, usable_cores
from experiments.outcome import attempt
from experiments.runs import Source, Task, run_stored
from model.errors import InputError
from model.scenario import Scenario

ROOT = Path(__file__).parents[2]


def by_index(outcomes):
    return {o.index: o for o in outcomes}


def test_in_this_process_results_come_in_order_of_tasks():
    assert [(o.index, o.result) for o in run_tasks([1, 2, 4], fake_runs.square, workers=1)] == [(0, 1), (1, 4), (2, 16)]


@pytest.mark.parametrize("run, text", [
    (fake_runs.raise_on_three, "ValueError: three is refused"), (fake_runs.exit_on_three, "SystemExit: 5")])
def test_a_run_that_raises_costs_itself_only(run, text):
    outcomes = by_index(run_tasks(range(6), run, workers=1))
    assert {i: o.result for i, o in outcomes.items() if o.ok} == {0: 0, 1: 1, 2: 4, 4: 16, 5: 25}
    assert outcomes[3].error == outcomes[3].error_zh == text  # what others raise has one language
    assert "fake_runs.py" in outcomes[3].trace
    assert {o.code for o in outcomes.values()} == {code_hash()}


def test_ctrl_c_is_not_a_failed_run():
    def interrupted(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        attempt(interrupted, 0, None)


# --- threads --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 3])
def test_threads_give_the_same_as_one_run_after_the_other_whatever_the_order(workers):
    outcomes = list(run_tasks([Ours(x, x // 4) for x in range(40)], fake_runs.square_of_ours, workers))
    found = by_index(outcomes)
    assert {i: o.result for i, o in found.items() if o.ok} == {i: i * i for i in range(40) if i != 3}
    assert found[3].error == "ValueError: three is refused" and "fake_runs.py" in found[3].trace
    assert {o.code for o in outcomes} == {code_hash()}
    assert workers == 1 or [o.index for o in outcomes] != sorted(found)


@pytest.mark.cluster
def test_shipped_rules_run_on_threads_here_and_ones_own_in_processes():
    """Neighbours of one pair on one thread: they share their world."""
    ours = by_index(run_tasks([Ours(x, x // 2) for x in range(20)], fake_runs.where, workers=2))
    assert {o.result[1] for o in ours.values()} == {os.getpid()}
    assert threading.get_ident() not in {o.result[0] for o in ours.values()}
    assert all(ours[i].result == ours[i + 1].result for i in range(0, 20, 2))
    others = list(run_tasks([Ours(x, ours=False) for x in range(20)], fake_runs.where, workers=2))
    assert os.getpid() not in {o.result[1] for o in others}
    scenario = Scenario(**SMALL)
    assert Task(scenario, "whistle", 1).ours and not Task(scenario, "whistle", 1, Source("a.py", "")).ours
    assert Task(scenario, "whistle", 1).pair == Task(scenario, "layered", 1).pair != Task(scenario, "layered", 2).pair


def test_many_runs_on_many_cores_go_to_processes(monkeypatch):
    """More than four threads are of no use, since a quarter of a run holds Python's lock."""
    asked = []
    monkeypatch.setattr("experiments.pool.connect", lambda count, scheduler: asked.append(count) or [None] * 3)
    for workers, runs in ((4, 5000), (16, 499), (16, 500)):
        run_tasks([Ours(0)] * runs, fake_runs.where, workers)
    assert asked == [16]


def test_what_is_not_wanted_any_more_ends_at_once_and_leaves_no_thread():
    before = set(threading.enumerate())
    outcomes = run_tasks([Ours(0)] + [Ours(60.0, x) for x in range(1, 4)], fake_runs.napping, workers=2)
    assert next(outcomes).result == "slept"
    outcomes.close()  # or the last would sleep for a minute, and its thread still be there
    assert set(threading.enumerate()) == before


def test_results_that_nobody_takes_do_not_pile_up():
    done = []
    outcomes = run_tasks([Ours(x, x) for x in range(200)], done.append, workers=2)
    next(outcomes)
    time.sleep(0.3)
    assert len(done) <= 1 + 2 * 2 + 2  # taken, waiting to be taken, in hand
    assert len(list(outcomes)) == 199


def test_ctrl_c_in_a_run_on_a_thread_reaches_who_waits_for_it():
    def interrupted(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(run_tasks([Ours(0)] * 5, interrupted, workers=2))


def test_a_time_limit_ends_a_run_on_a_thread_and_no_other():
    tasks = [Task(Scenario(**{**SMALL, "days": days}), "whistle", 1, limit=limit) for days, limit in ((5000, 0.05), (40, None))]
    outcomes = by_index(run_tasks(tasks, run_stored, workers=2))
    assert "TimeLimitError" in outcomes[0].error and outcomes[1].ok


# --- processes ------------------------------------------------------------------------------------------------------


@pytest.mark.cluster
def test_dask_workers_give_the_same_as_this_process_whatever_the_order():
    tasks = list(range(60))
    here = by_index(run_tasks(tasks, fake_runs.raise_on_three, workers=1))
    there = by_index(run_tasks(tasks, fake_runs.raise_on_three, workers=2))
    assert {i: (o.result, o.error) for i, o in there.items()} == {i: (o.result, o.error) for i, o in here.items()}
    assert "three is refused" in there[3].trace


@pytest.mark.cluster
def test_a_run_that_kills_its_worker_is_found_and_the_others_finish():
    outcomes = list(run_tasks(range(40), fake_runs.kill_on_three, workers=2))
    assert len(outcomes) == 40
    found = by_index(outcomes)
    assert {i: o.result for i, o in found.items() if o.ok} == {i: i * i for i in range(40) if i != 3}
    assert "killed by signal 9" in found[3].error
    assert found[3].error_zh == "其工作进程被终止，信号 9，3 次都是如此"


@pytest.mark.cluster
def test_a_worker_killed_from_outside_loses_nothing(tmp_path):
    outcomes = list(run_tasks([None, str(tmp_path / "mark"), None], fake_runs.die_once, workers=2))
    assert sorted((o.index, o.result) for o in outcomes) == [(0, "done"), (1, "done"), (2, "done")]


def test_a_missing_scheduler_is_wrong_input(monkeypatch):
    from experiments import pool

    monkeypatch.setattr(pool, "PATIENCE", 0.2)
    with pytest.raises(InputError, match="no Dask scheduler answers at 'tcp://127.0.0.1:9'"):
        run_tasks([1], fake_runs.square, scheduler="tcp://127.0.0.1:9")


@pytest.mark.cluster
def test_a_scheduler_that_runs_already_is_used():
    from distributed import LocalCluster

    with LocalCluster(n_workers=1, threads_per_worker=2, host="127.0.0.1", processes=False, protocol="tcp",
                      dashboard_address="127.0.0.1:0", scheduler_kwargs={"dashboard": False}) as cluster:
        outcomes = list(run_tasks(range(9), fake_runs.square, scheduler=cluster.scheduler_address))
    assert {o.index: o.result for o in outcomes} == {i: i * i for i in range(9)}


@pytest.mark.cluster
def test_a_scheduler_that_goes_away_leaves_the_rest_undone(monkeypatch):
    from distributed import LocalCluster

    from experiments import pool

    monkeypatch.setattr(pool, "PATIENCE", 0.5)
    cluster = LocalCluster(n_workers=1, threads_per_worker=1, processes=False, host="127.0.0.1", protocol="tcp",
                           dashboard_address="127.0.0.1:0", scheduler_kwargs={"dashboard": False})
    outcomes = run_tasks([0.0, 0.0] + [0.5] * 4, time.sleep, scheduler=cluster.scheduler_address)
    first = next(outcomes)
    cluster.close()
    assert first.ok
    with pytest.raises(SchedulerGoneError):
        list(outcomes)


@pytest.mark.cluster
def test_a_local_scheduler_keeps_no_long_log_of_what_it_did():
    """It lives in the driver, where its usual logs would grow by 30 kB a pair."""
    from experiments.pool import connect

    client, _, close = connect(1, None)
    try:
        for _ in range(30):
            client.submit(fake_runs.square, 2, pure=False).result()
        assert 0 < len(client.cluster.scheduler.transition_log) <= 10
    finally:
        close()


def test_a_dead_pair_is_split_then_its_runs_are_counted():
    flight = _Flight(None, None, None, deque())
    assert list(flight._after_death([(0, "a"), (1, "b")], "killed")) == []
    assert list(flight.waiting) == [[(0, "a")], [(1, "b")]] and not flight.alone
    outcomes = [list(flight._after_death([(1, "b")], "killed")) for _ in range(DEATHS)]
    assert outcomes[:-1] == [[]] * (DEATHS - 1) and outcomes[-1][0].error == "killed, 3 times out of 3"


def test_few_runs_start_no_workers():
    assert default_workers(4) == 1
    assert 1 <= default_workers(10_000) == usable_cores()


INTERRUPTED = """
    import sys, time
    from fake_runs import Ours, napping
    from experiments.engine import run_tasks

    if __name__ == "__main__":
        outcomes = run_tasks({tasks}, {run}, workers=2)
        try:
            next(outcomes)
            print("one done", flush=True)
            list(outcomes)
        except KeyboardInterrupt:
            sys.exit(130)
"""


@pytest.mark.parametrize("tasks, run", [
    pytest.param("[0.0] + [60.0] * 3", "time.sleep", marks=pytest.mark.cluster),
    ("[Ours(0.0), *(Ours(60.0, x) for x in (1, 2, 3))]", "napping"),
    ("[Ours(0.0), *(Ours(60.0, x) for x in (1, 2, 3))]", "lambda task: time.sleep(task.x)")],
    ids=["processes", "threads", "threads that cannot be interrupted"])
def test_ctrl_c_ends_workers_too(tmp_path, tasks, run):
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(INTERRUPTED).format(tasks=tasks, run=run))
    path = os.pathsep.join((str(ROOT), str(Path(__file__).parent)))
    process = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               start_new_session=True, env={**os.environ, "PYTHONPATH": path})
    assert process.stdout.readline() == "one done\n"
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the whole group
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (130, "")
    assert group_is_gone(process.pid)


def group_is_gone(group):
    deadline = time.monotonic() + 10
    while (left := [p.pid for p in psutil.process_iter() if alive_in(p, group)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not left


def alive_in(process, group):
    try:
        return os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE
    except (ProcessLookupError, psutil.NoSuchProcess):
        return False
