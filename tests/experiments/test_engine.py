import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import fake_runs
import psutil
import pytest

from experiments.codehash import code_hash
from experiments.engine import BUNDLE_MOST, Bundle, Outcome, _Flight, attempt, default_workers, run_tasks, usable_cores
from model.errors import InputError

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


def test_dask_workers_give_the_same_as_this_process_whatever_the_order():
    tasks = list(range(60))
    here = by_index(run_tasks(tasks, fake_runs.raise_on_three, workers=1))
    there = by_index(run_tasks(tasks, fake_runs.raise_on_three, workers=2))
    assert {i: (o.result, o.error) for i, o in there.items()} == {i: (o.result, o.error) for i, o in here.items()}
    assert "three is refused" in there[3].trace


def test_a_run_that_kills_its_worker_is_found_and_the_others_finish():
    outcomes = list(run_tasks(range(40), fake_runs.kill_on_three, workers=2))
    assert len(outcomes) == 40
    found = by_index(outcomes)
    assert {i: o.result for i, o in found.items() if o.ok} == {i: i * i for i in range(40) if i != 3}
    assert "killed by signal 9" in found[3].error
    assert found[3].error_zh == "其工作进程被终止，信号 9，3 次都是如此"


def test_a_worker_killed_from_outside_loses_nothing(tmp_path):
    outcomes = list(run_tasks([None, str(tmp_path / "mark"), None], fake_runs.die_once, workers=2))
    assert sorted((o.index, o.result) for o in outcomes) == [(0, "done"), (1, "done"), (2, "done")]


def test_a_missing_scheduler_is_wrong_input(monkeypatch):
    from experiments import pool

    monkeypatch.setattr(pool, "PATIENCE", 0.2)
    with pytest.raises(InputError, match="no Dask scheduler answers at 'tcp://127.0.0.1:9'"):
        run_tasks([1], fake_runs.square, scheduler="tcp://127.0.0.1:9")


def test_a_scheduler_that_runs_already_is_used():
    from distributed import LocalCluster

    with LocalCluster(n_workers=1, threads_per_worker=2, host="127.0.0.1", processes=False, protocol="tcp",
                      dashboard_address="127.0.0.1:0", scheduler_kwargs={"dashboard": False}) as cluster:
        outcomes = list(run_tasks(range(9), fake_runs.square, scheduler=cluster.scheduler_address))
    assert {o.index: o.result for o in outcomes} == {i: i * i for i in range(9)}


def test_a_scheduler_that_goes_away_leaves_the_rest_as_lost_runs(monkeypatch):
    from distributed import LocalCluster

    from experiments import pool

    monkeypatch.setattr(pool, "PATIENCE", 0.5)
    cluster = LocalCluster(n_workers=1, threads_per_worker=1, processes=False, host="127.0.0.1", protocol="tcp",
                           dashboard_address="127.0.0.1:0", scheduler_kwargs={"dashboard": False})
    outcomes = run_tasks([0.0, 0.0] + [0.5] * 4, time.sleep, scheduler=cluster.scheduler_address)
    first = next(outcomes)
    cluster.close()
    rest = list(outcomes)
    assert first.ok
    assert sorted(o.index for o in [first, *rest]) == list(range(6))
    assert {o.error for o in rest if not o.ok} == {"the Dask scheduler went away before this run was done"}
    assert all("调度器已不在" in o.error_zh and o.lost for o in rest if not o.ok)


def test_a_local_scheduler_keeps_no_long_log_of_what_it_did():
    """It lives in the driver, where its usual logs would grow by 30 kB a bundle."""
    from experiments.pool import connect

    client, _, close = connect(1, None)
    try:
        for _ in range(30):
            client.submit(fake_runs.square, 2, pure=False).result()
        assert 0 < len(client.cluster.scheduler.transition_log) <= 10
    finally:
        close()


def test_a_dead_bundle_is_split_then_counted():
    split = Bundle([(0, "a"), (1, "b")]).again()
    assert [(b.tasks, b.deaths) for b in split] == [([(0, "a")], 0), ([(1, "b")], 0)]
    assert [b.deaths for b in split[0].again()] == [1]


@pytest.mark.parametrize("seconds, size", [(0.0001, BUNDLE_MOST), (0.1, 10), (2.5, 1)])
def test_short_runs_go_in_bundles(seconds, size):
    flight = _Flight(None, None, None, None)
    flight._learn([Outcome(0, seconds=seconds), Outcome(1, seconds=seconds)])
    assert flight.size == size


def test_few_runs_start_no_workers():
    assert default_workers(4) == 1
    assert 1 <= default_workers(10_000) == usable_cores()


INTERRUPTED = """
    import sys, time
    from experiments.engine import run_tasks

    if __name__ == "__main__":
        outcomes = run_tasks([0.0] + [60.0] * 3, time.sleep, workers=2)
        try:
            next(outcomes)
            print("one done", flush=True)
            list(outcomes)
        except KeyboardInterrupt:
            sys.exit(130)
"""


def test_ctrl_c_ends_workers_too(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(INTERRUPTED))
    process = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               start_new_session=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
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
