"""Sweeps: nothing lost, nothing doubled, whatever ends them; and results that do not depend on who computed them."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import tomllib
from contextlib import closing, contextmanager
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from samples import made_up, told_in_chinese

from agents.compiled import cache_root
from experiments import sweep
from experiments.__main__ import main
from experiments.plan import load_plan, plan_of_text
from experiments.runs import Source, run_once
from experiments.store import Store, code_hash, identity, open_results
from experiments.sweep import run_plan
from model.errors import InputError
from model.measures import MEASURES
from model.scenario import Scenario

ROOT = Path(__file__).parents[2]
TINY = """
name = "tiny"
[design]
kind = "grid"
[vary]
reach = [0.2, 0.9]
[fixed]
streets = 2
residents = 60
days = 35
burn_in = 10
[seeds]
per_point = 3
"""
HANG = '''
def rating(timely, kindness):
    """Never ends. Assumption."""
    while kindness > 0:
        pass
    return 1.0
'''


@pytest.fixture
def tiny(tmp_path):
    path = tmp_path / "tiny.toml"
    path.write_text(TINY, encoding="utf-8")
    return path


def chuishao(*words):
    return CliRunner().invoke(main, list(map(str, words)))


def go(path, folder, **how):
    return run_plan(load_plan(path), path.read_text(encoding="utf-8"), folder, **{"workers": 1, **how})


def test_a_sweep_has_a_row_for_every_point_regime_and_seed_and_each_is_what_run_once_gives(tiny, tmp_path):
    assert go(tiny, tmp_path / "out") == {"runs": 12, "before": 0, "now": 12, "failed": 0}
    table = open_results(tmp_path / "out").runs()
    assert list(table[["point", "regime", "seed"]].itertuples(index=False, name=None)) == [
        (p, g, 20260101 + s) for p in (0, 1) for s in range(3) for g in ("layered", "whistle")]
    assert list(table["reach"]) == [0.2] * 6 + [0.9] * 6
    row = table.iloc[-1]
    direct = run_once(Scenario(streets=2, residents=60, days=35, burn_in=10, reach=0.9), "whistle", row["seed"])
    assert {m: row[m] for m in MEASURES if direct[m] is not None} == {
        m: direct[m] for m in MEASURES if direct[m] is not None}


def test_the_same_call_again_does_nothing(tiny, tmp_path, monkeypatch):
    go(tiny, tmp_path / "out")
    monkeypatch.setattr(sweep, "run_stored", None)  # a run would fail
    assert go(tiny, tmp_path / "out") == {"runs": 12, "before": 12, "now": 0, "failed": 0}


def test_one_worker_two_workers_and_resumed_give_equal_tables(tiny, tmp_path):
    for name, workers in (("one", 1), ("two", 2)):
        go(tiny, tmp_path / name, workers=workers)
    go(tiny, tmp_path / "resumed")
    with Store(tmp_path / "resumed", write=True) as store:
        store.db.execute("delete from runs where seed = 20260102")
    assert go(tiny, tmp_path / "resumed")["now"] == 4
    one, two, resumed = (open_results(tmp_path / name) for name in ("one", "two", "resumed"))
    for other in (two, resumed):
        pd.testing.assert_frame_equal(one.runs(), other.runs(), check_exact=True)
        key = ["point", "seed", "regime", "day"]
        pd.testing.assert_frame_equal(*(r.series().sort_values(key, ignore_index=True) for r in (one, other)))


@pytest.mark.slow
def test_a_driver_killed_at_any_moment_loses_no_row_and_doubles_none(tiny, tmp_path):
    folder = tmp_path / "out"
    command = [sys.executable, "-m", "experiments", "run", str(tiny), "--out", str(folder), "--workers", "1"]
    seen: set[str] = set()
    for after in (2, 7):  # rows on disk when the blow falls
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while len(_ids(folder)) < after and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert seen <= _ids(folder)
        seen = _ids(folder)
        assert len(seen) >= after
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "12 of 12 runs done" in done.stdout
    assert len(open_results(folder).runs()) == len(_ids(folder)) == 12


@contextmanager
def cluster_of(code, where):
    """A scheduler and two workers, each a process of its own on loopback, as on a real cluster; its address, and they.

    Args:
        code: the checkout they work from.
        where: a file for the address.
    """
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": code,
             "env": {**os.environ, "PYTHONPATH": str(code), "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
                     "NUMBA_CACHE_DIR": str(cache_root())}}
    local = ["--scheduler-file", str(where), "--no-dashboard"]
    started = [subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1",
                                 "--port", "0", *local], **quiet)]
    started += [subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_worker", "--host", "127.0.0.1",
                                  "--nthreads", "1", "--no-nanny", *local], **quiet) for _ in range(2)]
    deadline = time.monotonic() + 60
    while not where.is_file() and time.monotonic() < deadline:
        time.sleep(0.05)
    try:
        yield json.loads(where.read_text(encoding="utf-8"))["address"], started
    finally:
        for process in started:
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path):
    with cluster_of(ROOT, tmp_path / "scheduler.json") as (address, processes):
        yield address, processes


@contextmanager
def once_there_are(rows, folder, blow):
    """Something happens elsewhere as soon as so many rows are on disk."""
    thread = threading.Thread(target=lambda: (_wait_for(folder, rows), blow()))
    thread.start()
    yield
    thread.join()


@pytest.mark.cluster
def test_a_killed_worker_changes_no_row_and_what_a_lost_scheduler_leaves_undone_is_done_by_the_same_command(
        tiny, tmp_path, cluster, monkeypatch):
    from distributed import Client

    address, (scheduler, worker, _) = cluster
    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    folder = tmp_path / "out"
    with once_there_are(3, folder, worker.kill):
        assert "12 of 12 runs done" in chuishao("run", tiny, "--out", folder, "--scheduler", address).output
    go(tiny, tmp_path / "serial")
    pd.testing.assert_frame_equal(open_results(folder).runs(), open_results(tmp_path / "serial").runs())
    folder = tmp_path / "lost"
    tiny.write_text(TINY.replace("per_point = 3", "per_point = 8"))
    monkeypatch.setattr("experiments.pool.PATIENCE", 2)
    with once_there_are(3, folder, scheduler.kill):
        result = chuishao("run", tiny, "--out", folder, "--scheduler", address)
    kept = _ids(folder)
    assert 3 <= len(kept) < 32
    assert f"before {32 - len(kept)} runs were done; give the same command" in result.stderr and result.exit_code == 2
    assert f"{32 - len(kept)} missing" in chuishao("status", folder).output
    result = chuishao("run", tiny, "--out", folder, "--workers", 1)
    assert f"32 of 32 runs done ({32 - len(kept)} now), 0 failed" in result.output and result.exit_code == 0


@pytest.mark.cluster
def test_jobs_of_a_batch_queue_give_the_same_table_though_one_is_ended(tiny, tmp_path, monkeypatch):
    """dask-jobqueue with its own kind of job that needs no queue: the command that SLURM would be given, run here."""
    from dask_jobqueue.local import LocalCluster

    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(cache_root()))
    with LocalCluster(cores=1, processes=1, memory="1GB", local_directory=str(tmp_path),
                      scheduler_options={"host": "127.0.0.1", "dashboard": False},
                      worker_extra_args=["--no-dashboard", "--host", "127.0.0.1"]) as cluster:
        cluster.scale(jobs=2)
        folder = tmp_path / "out"
        command = [sys.executable, "-m", "experiments", "run", str(tiny), "--out", str(folder), "--scheduler",
                   cluster.scheduler_address]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        _wait_for(folder, 3, process)
        cluster.scale(jobs=1)  # as a queue ends a job
        said, _ = process.communicate(timeout=90)
    assert "12 of 12 runs done" in said
    go(tiny, tmp_path / "serial")
    pd.testing.assert_frame_equal(open_results(folder).runs(), open_results(tmp_path / "serial").runs())


@pytest.fixture
def edited(tmp_path):
    """A copy of the code, and a function that edits its model, but nothing that would have to be compiled anew."""
    copy = tmp_path / "checkout"
    for package in ("agents", "languages", "model", "experiments"):
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))

    def edit(file="measures.py"):
        with (copy / "model" / file).open("a") as text:
            text.write("# edited\n")

    return copy, edit


@pytest.mark.cluster
def test_runs_of_workers_with_other_code_are_refused_or_kept_as_theirs(tiny, tmp_path, edited):
    (copy, edit), out = edited, tmp_path / "out"
    edit()
    with cluster_of(copy, tmp_path / "scheduler.json") as (address, _):
        words = ("run", tiny, "--out", out, "--scheduler", address)
        result = chuishao(*words)
        assert result.exit_code == 2 and "a worker runs other code of the model than this command" in result.stderr
        assert not _ids(out)
        told_in_chinese(chuishao(*words, "--lang", "zh"), "--allow-mixed")
        assert "12 of 12 runs done" in chuishao(*words, "--allow-mixed").output
    with Store(out) as store:
        (theirs,) = store.codes()
    assert theirs != code_hash() and theirs == hash_of(copy, "")
    assert "code has changed since" in chuishao("run", tiny, "--out", out, "--workers", 1).stderr


@pytest.mark.slow
def test_code_is_what_a_process_loaded_and_not_what_its_files_say_later(edited):
    copy, edit = edited
    later = hash_of(copy, "; (open('model/cases.py', 'a').write('# edited'))")
    assert later == code_hash() != hash_of(copy, "")


@pytest.mark.slow
def test_mended_words_make_no_result_stale(edited):
    copy, edit = edited
    before = hash_of(copy, "")
    scenario = copy / "model" / "scenario.py"
    text = scenario.read_text(encoding="utf-8")
    mended = text.replace('_("Reach")', '_("How far they reach")').replace('"""A copy', '"""One more copy')
    scenario.write_text(mended, encoding="utf-8")
    assert mended != text and hash_of(copy, "") == before
    scenario.write_text(text.replace("number(0.8, 0.05, 1.0", "number(0.9, 0.05, 1.0"), encoding="utf-8")
    assert hash_of(copy, "") != before
    scenario.write_text(text, encoding="utf-8")
    assert hash_of(copy, "") == before
    for file in ("regimes.py", "scenario.py"):
        edit(file)
        assert hash_of(copy, "") != before


def hash_of(checkout, then):
    """The hash a process there tells after it did something."""
    code = f"from experiments.codehash import code_hash{then}; print(code_hash())"
    return subprocess.run([sys.executable, "-c", code], cwd=checkout, env={**os.environ, "PYTHONPATH": str(checkout)},
                          check=True, capture_output=True, text=True).stdout.strip()


def _wait_for(folder, rows, process=None):
    deadline = time.monotonic() + 60
    while len(_ids(folder)) < rows and not (process and process.poll() is not None) and time.monotonic() < deadline:
        time.sleep(0.01)


def _ids(folder):
    try:
        with Store(folder) as store:
            return set(store.status_of())
    except InputError:
        return set()


@pytest.mark.slow
def test_ctrl_c_ends_cleanly_and_says_how_to_go_on(tiny, tmp_path):
    folder = tmp_path / "out"
    process = subprocess.Popen([sys.executable, "-m", "experiments", "run", str(tiny), "--out", str(folder), "--workers",
                                "1"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while len(_ids(folder)) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=30)[1]
    assert process.returncode == 130 and "The same command goes on" in said and "Traceback" not in said
    assert len(_ids(folder)) >= 2


@pytest.mark.slow
def test_a_full_disk_is_one_sentence_and_keeps_what_is_done(tiny, tmp_path):
    code = ("import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (90_000, 90_000));"
            "from experiments.__main__ import main; sys.argv = ['chuishao', *sys.argv[1:]]; main()")
    folder = tmp_path / "out"
    words = ["run", str(tiny), "--out", str(folder), "--workers", "1"]
    full = subprocess.run([sys.executable, "-c", code, *words], cwd=ROOT, capture_output=True, text=True)
    assert full.returncode == 2 and "make room" in full.stderr and "Traceback" not in full.stderr
    kept = _ids(folder)
    assert 0 < len(kept) < 12
    assert chuishao(*words).exit_code == 0
    assert kept < _ids(folder) and len(open_results(folder).runs()) == 12


@pytest.mark.slow
def test_an_endless_rule_costs_its_runs_and_nothing_else(tiny, tmp_path):
    tiny.write_text(TINY.replace("[design]", "[run]\nlimit_seconds = 5.0\n[design]").replace("0.2, 0.9", "0.2")
                    .replace("per_point = 3", "per_point = 1"), encoding="utf-8")
    rules = Source("hang.py", HANG)
    assert go(tiny, tmp_path / "out", rules=rules) == {"runs": 2, "before": 0, "now": 1, "failed": 1}
    failed = open_results(tmp_path / "out").failures().iloc[0]
    assert failed["regime"] == "whistle" and "time limit" in failed["error"]
    assert "hang.py" in failed["error"] and "run_once" in failed["replay"]
    assert go(tiny, tmp_path / "out", rules=rules)["now"] == 0
    result = chuishao("status", tmp_path / "out")
    assert result.exit_code == 1 and "1 of 2 runs done, 1 failed" in result.output
    assert "超过了时限" in failed["error_zh"] and failed["error_zh"] in chuishao(
        "status", tmp_path / "out", "--lang", "zh").stderr


def test_other_code_or_rules_are_refused_unless_allowed(tiny, tmp_path, monkeypatch):
    go(tiny, tmp_path / "out")
    with pytest.raises(InputError, match="other rules"):
        go(tiny, tmp_path / "out", rules=Source("r.py", "def rating(timely, kindness):\n    return 0.5\n"))
    monkeypatch.setattr("experiments.store.code_hash", lambda: "0" * 16)
    monkeypatch.setattr("experiments.sweep.code_hash", lambda: "0" * 16)
    with pytest.raises(InputError, match="code has changed"):
        go(tiny, tmp_path / "out")
    assert go(tiny, tmp_path / "out", allow_mixed=True)["now"] == 12


def test_identity_changes_with_whatever_can_change_the_numbers():
    plan = plan_of_text(TINY, Path("tiny.toml"))
    ids = [identity(task) for _, task in plan.tasks()]
    assert len(set(ids)) == 12
    own = [identity(task) for _, task in plan.tasks(Source("a.py", "x"))]
    assert not set(ids) & set(own)
    assert own == [identity(task) for _, task in plan.tasks(Source("elsewhere/a.py", "x"))]


def test_points_that_repeat_have_rows_of_their_own(tmp_path):
    """Morris designs may come back to a point; one row for both would leave a hole."""
    text = TINY.replace('kind = "grid"', 'kind = "list"').replace("[vary]\nreach = [0.2, 0.9]\n", "").replace(
        "per_point = 3", "per_point = 1") + "".join(f"[[point]]\nreach = {reach}\n" for reach in (0.2, 0.9, 0.2))
    plan = plan_of_text(text, tmp_path / "again.toml")
    assert run_plan(plan, text, tmp_path / "out", workers=1) == {"runs": 6, "before": 0, "now": 6, "failed": 0}
    table = open_results(tmp_path / "out").runs().set_index(["point", "regime"])["served_need"]
    assert len(table) == 6
    assert table[0].equals(table[2])
    assert run_plan(plan, text, tmp_path / "out", workers=1)["before"] == 6


def test_replay_proves_a_row_and_finds_a_wrong_one(tiny, tmp_path):
    go(tiny, tmp_path / "out")
    key = open_results(tmp_path / "out").runs()["id"][3]
    result = chuishao("replay", tmp_path / "out", key[:10])
    assert result.exit_code == 0 and "equal to the last bit" in result.output
    with Store(tmp_path / "out", write=True) as store:
        row = json.loads(store.db.execute("select row from runs where id = ?", (key,)).fetchone()[0])
        row["served_need"] += 1e-15
        store.db.execute("update runs set row = ? where id = ?", (json.dumps(row), key))
    result = chuishao("replay", tmp_path / "out", key)
    assert result.exit_code == 1 and "NOT equal; these differ: served_need" in result.output


def test_exported_tables_hold_every_run(tiny, tmp_path):
    tiny.write_text(TINY.replace("per_point = 3", "per_point = 1"))
    go(tiny, tmp_path / "out")
    runs = open_results(tmp_path / "out").runs()
    for form, read in (("csv", pd.read_csv), ("parquet", pd.read_parquet), ("xlsx", pd.read_excel)):
        result = chuishao("export", tmp_path / "out", "--format", form)
        assert result.exit_code == 0, result.output
        table = read(tmp_path / "out" / "export" / f"runs.{form}")
        assert {"reach", "regime", "seed", *MEASURES} <= set(table.columns) and len(table) == 4
        assert table["served_need"].tolist() == pytest.approx(runs["served_need"].tolist())
        assert len(read(tmp_path / "out" / "export" / f"series.{form}")) == 4 * (10 + 35)  # burn-in and all


@pytest.mark.parametrize("old, new, sentence", [
    ("reach", "reech", "reech is no parameter; did you mean 'reach'? (tiny.toml, line 6)"),
    ('kind = "grid"', 'kind = "gird"', "design.kind = 'gird'"),
    ("per_point", "per_pont", "per_pont is no key of a plan; did you mean 'per_point'? (tiny.toml, line 13)"),
    ("0.9]", "9.0]", "reach = 9.0 is outside 0.05–1"),
    ("[vary]", "[vary", "is not valid TOML"),
    ('name = "tiny"', 'name = "tiny"\nprimary = "served"', "primary = 'served' is no measure"),
    ("streets = 2", "streets = 2\nreach = 0.5", "reach is both fixed and varied"),
    ('kind = "grid"', 'kind = "lhs"', "points is missing"),
    ("[design]", '[compare]\nregimes = ["layered"]\n[design]', "a comparison needs two"),
    ('kind = "grid"', 'kind = "lhs"\npoints = 3', None),
    ('kind = "grid"', 'kind = "grid"\npoints = "many"', "design.points = 'many' does not fit; give a whole number"),
    ("per_point = 3", "per_point = 1.5", "seeds.per_point = 1.5 does not fit; give a whole number"),
    ("per_point = 3", "per_point = 0", "seeds.per_point = 0 does not fit; give 1 or more"),
    ("[0.2, 0.9]", "0.2", "vary.reach = 0.2 does not fit; give a list in brackets"),
    ('name = "tiny"', "name = 3", "name = 3 does not fit; give a text in quotes"),
    ('name = "tiny"', 'name = "tiny"\nscale = 0', "scale = 0 does not fit; give more than 0"),
    ('name = "tiny"', 'name = "tiny"\ndesign = 3\n[fixed]', "not valid TOML"),
    ('name = "tiny"', 'name = "tiny"\nregions = []', "regions is empty"),
    ("[vary]", "[vary]\n[vary]", "Cannot declare ('vary',) twice"),
    ('kind = "grid"', 'kind = "sobol"\npoints = 3', "points = 3 is not a power of two"),
    ('kind = "grid"', 'kind = "file"\nfile = "nowhere.csv"', "nowhere.csv'"),
    ('kind = "grid"', "", "design.kind is missing"),
])
def test_a_wrong_plan_is_one_sentence_with_its_line(tiny, old, new, sentence):
    tiny.write_text(TINY.replace(old, new), encoding="utf-8")
    result = chuishao("plan", tiny)
    if sentence is None:
        assert result.exit_code == 0 and "× 3 seeds = 18 runs" in result.output
    else:
        assert result.exit_code == 2 and sentence in result.stderr and "Traceback" not in result.output
        told_in_chinese(chuishao("plan", tiny, "--lang", "zh"), "tiny.toml", sentence.split()[0].strip("'"))


@pytest.mark.parametrize(("text", "said"), [
    ('region = "rich"\n[[street]]\nname = "Hill"\n', "is a scenario, not a plan"),
    ('label = "Ours"\n[powers]\ndiscretion = 0.5\n', "is a reform, not a plan"),
    ('[[point]]\nname = 3\n', "name is missing; see experiments/plans for examples (tiny.toml)"),
])
def test_another_kind_of_file_is_told_as_what_it_is(tiny, text, said):
    tiny.write_text(text, encoding="utf-8")
    result = chuishao("plan", tiny)
    assert result.exit_code == 2 and said in result.stderr
    told_in_chinese(chuishao("plan", tiny, "--lang", "zh"), "tiny.toml")


def test_a_table_without_points_is_refused(tiny, tmp_path):
    (tmp_path / "points.csv").write_text("reach\n")
    tiny.write_text(TINY.replace('"grid"', '"file"\nfile = "points.csv"').replace("[vary]\nreach = [0.2, 0.9]\n", ""))
    result = chuishao("plan", tiny)
    assert result.exit_code == 2 and "points.csv holds no points" in result.stderr
    told_in_chinese(chuishao("plan", tiny, "--lang", "zh"), "points.csv")


@pytest.mark.parametrize("path", sorted((ROOT / "experiments" / "plans").glob("*.toml")), ids=lambda path: path.stem)
def test_shipped_plans_are_whole(path):
    plan = load_plan(path.stem)
    assert plan.name == path.stem and plan.said("zh") != plan.said("en") and 60 <= plan.size <= 10_000
    smaller = plan.scaled(1 / 16 if plan.size > 600 else 1 / 2)
    assert smaller.size < plan.size and smaller.regimes == plan.regimes
    tasks = [task for _, task in smaller.tasks()]
    assert len({*map(identity, tasks)}) == len(tasks) == smaller.size


def test_a_folder_of_something_else_is_refused(tiny, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("x")
    assert "not empty" in chuishao("run", tiny, "--out", tmp_path / "out").stderr
    go(tiny, tmp_path / "mine")
    tiny.write_text(TINY.replace("0.9", "0.8"))
    assert "another plan" in chuishao("run", tiny, "--out", tmp_path / "mine").stderr
    assert "holds no results" in chuishao("status", tmp_path).stderr
    for words in (("run", tiny, "--out", tmp_path / "out"), ("run", tiny, "--out", tmp_path / "mine"),
                  ("status", tmp_path), ("export", tmp_path), ("replay", tmp_path, "x")):
        told_in_chinese(chuishao(*words, "--lang", "zh"), str(words[1 if words[1] == tmp_path else -1]))
    told_in_chinese(chuishao("replay", tmp_path / "mine", "zz", "--lang", "zh"), "'zz'")
    assert os.listdir(tmp_path / "out") == ["thesis.txt"]


def beside(folder, plan, **files):
    """A plan in a folder of its own with the files it names; returns its path."""
    folder.mkdir()
    for name, text in {"plan": plan, **files}.items():
        (folder / (name + (".csv" if name == "points" else ".toml"))).write_text(text, encoding="utf-8")
    return folder / "plan.toml"


OF_FILE = TINY.replace('"grid"', '"file"\nfile = "points.csv"').replace("[vary]\nreach = [0.2, 0.9]\n", "")
OF_REGIONS = TINY.replace('"tiny"', '"tiny"\nregions = ["hills.toml", "rich"]').replace("[0.2, 0.9]", "[0.2]")


def test_a_sweep_over_a_table_of_points_can_be_read_from_anywhere(tmp_path, monkeypatch):
    path, out = beside(tmp_path / "study", OF_FILE, points="reach\n0.2\n0.9\n"), tmp_path / "out"
    monkeypatch.chdir(path.parent)
    assert chuishao("run", "plan.toml", "--out", out, "--workers", 1).exit_code == 0
    monkeypatch.chdir(tmp_path)
    (path.parent / "points.csv").rename("moved.csv")
    result = chuishao("status", out)
    assert result.exit_code == 0 and "12 of 12 runs done" in result.output
    assert chuishao("compare-table", out).exit_code == 0
    assert list(open_results("out").runs()["reach"]) == [0.2] * 6 + [0.9] * 6


def test_another_table_of_points_is_another_plan(tmp_path):
    path = beside(tmp_path / "study", OF_FILE, points="reach\n0.2\n")
    assert go(path, tmp_path / "out")["now"] == go(path, tmp_path / "out")["before"] == 6
    (path.parent / "points.csv").write_text("reach\n0.2\n0.9\n")
    with pytest.raises(InputError, match="another plan"):
        go(path, tmp_path / "out")


def test_scenario_files_are_meant_beside_the_plan_and_kept_with_the_results(tmp_path, monkeypatch):
    path = beside(tmp_path / "study", OF_REGIONS, hills='region = "difficult"\n')
    monkeypatch.chdir(tmp_path)
    assert chuishao("run", path, "--out", "out", "--workers", 1).exit_code == 0
    assert go(path, tmp_path / "out")["before"] == 12
    (path.parent / "hills.toml").unlink()
    monkeypatch.chdir(path.parent)
    results = open_results(tmp_path / "out")
    assert results.regions == ["hills", "rich"] and set(results.runs()["region"]) == {"hills", "rich"}
    assert "12 of 12" in chuishao("status", tmp_path / "out").output


def test_a_folder_of_an_earlier_version_is_told_as_such(tmp_path):
    with closing(sqlite3.connect(tmp_path / "results.sqlite")) as db:
        db.executescript("create table runs (id text primary key, row text); create table planned (id text)")
    result = chuishao("status", tmp_path)
    assert result.exit_code == 2 and "was written by another version of this program" in result.stderr
    told_in_chinese(chuishao("status", tmp_path, "--lang", "zh"), "results.sqlite")


def test_a_plan_that_is_refused_leaves_the_folder_free(tiny, tmp_path):
    tiny.write_text(TINY.replace('"grid"', '"sobol"\npoints = 2').replace("[0.2, 0.9]", "[0.2, 0.9]\nknowledge = "
                                                                         "[0.2, 0.8]"))
    result = chuishao("run", tiny, "--out", tmp_path / "out", "--scale", 1.5)
    assert result.exit_code == 2 and "not a power of two" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_results_of_other_rules_are_kept_but_only_those_of_the_last_start_are_read(tiny, tmp_path):
    out, rules = tmp_path / "out", Source("r.py", "def rating(timely, kindness):\n    return 0.5\n")
    go(tiny, out)
    before = open_results(out).runs()
    assert go(tiny, out, rules=rules, allow_mixed=True)["now"] == 12
    results = open_results(out)
    assert len(results.runs()) == 12 and not set(results.runs()["id"]) & set(before["id"])
    assert results.series().groupby(["point", "seed", "regime", "day"]).size().max() == 1
    assert "12 of 12 runs done, 0 failed, 0 missing" in chuishao("status", out).output
    assert chuishao("compare-table", out).exit_code == 0
    assert go(tiny, out, allow_mixed=True)["now"] == 0
    pd.testing.assert_frame_equal(open_results(out).runs(), before)


def test_results_of_another_version_are_told_as_such(tiny, tmp_path):
    go(tiny, tmp_path / "out")
    with Store(tmp_path / "out", write=True) as store:
        store.db.execute("alter table runs drop column places")
    result = chuishao("status", tmp_path / "out")
    assert result.exit_code == 2 and "was written by another version of this program" in result.stderr


def test_a_scenario_file_that_was_edited_is_noticed(tmp_path):
    path, out = beside(tmp_path / "study", OF_REGIONS, hills='region = "difficult"\n'), tmp_path / "out"
    go(path, out)
    (path.parent / "hills.toml").write_text('region = "difficult"\nties = 0.9\n')
    result = chuishao("run", path, "--out", out)
    assert result.exit_code == 2 and "a scenario file or case log of the plan has changed" in result.stderr
    told_in_chinese(chuishao("run", path, "--out", out, "--lang", "zh"), str(out))
    assert go(path, out, allow_mixed=True) == {"runs": 12, "before": 6, "now": 6, "failed": 0}
    assert len(open_results(out).runs()) == 12 and "ties = 0.9" in (out / "scenarios" / "1.toml").read_text()


def test_a_region_given_twice_is_refused(tiny):
    tiny.write_text(TINY.replace('"tiny"', '"tiny"\nregions = ["rich", "rich"]'))
    result = chuishao("plan", tiny)
    assert result.exit_code == 2 and "two regions are called 'rich'; give each once" in result.stderr
    told_in_chinese(chuishao("plan", tiny, "--lang", "zh"), "tiny.toml", "'rich'")


def test_scale_multiplies_the_scale_a_plan_has(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(sweep, "run_stored", made_up)
    for key in ("scale", '"scale"', "'scale' "):
        tiny.write_text(f"# mine\n{key} = 2\n" + TINY.replace("per_point = 3", "per_point = 1"))
        assert "× 4 seeds" in chuishao("plan", tiny, "--scale", 2).output
    assert "16 of 16 runs" in chuishao("run", tiny, "--out", tmp_path / "out", "--scale", 2, "--workers", 1).output
    assert "16 of 16 runs" in chuishao("status", tmp_path / "out").output
    kept = tomllib.loads((tmp_path / "out" / "plan.toml").read_text())
    assert kept["scale"] == 1.0 and kept["seeds"]["per_point"] == 4  # scaled once and for all
    assert "scale = 2000" in chuishao("plan", tiny, "--scale", 1000).stderr


def test_replay_tells_a_failure_that_comes_again_from_one_that_does_not(tiny, tmp_path):
    out = tmp_path / "out"
    tiny.write_text(TINY.replace("0.2, 0.9", "0.2").replace("per_point = 3", "per_point = 1"))
    go(tiny, out, rules=Source("wrong.py", "def slack(motivation, monitored):\n    return 2.0\n"))
    failed = open_results(out).failures().iloc[-1]
    result = chuishao("replay", out, failed["id"])
    assert result.exit_code == 0 and "failed then and fails again the same way: " in result.output
    assert "现在同样失败：" in chuishao("replay", out, failed["id"], "--lang", "zh").output
    with Store(out, write=True) as store:
        store.db.execute("update runs set error = 'other', error_zh = '其他' where id = ?", (failed["id"],))
    assert "failed then: other; fails now: " in chuishao("replay", out, failed["id"]).output
    with Store(out, write=True) as store:
        store.db.execute("update rules set text = 'x = 1\n\ndef slack(motivation, monitored):\n    return 0.0\n'")
    result = chuishao("replay", out, failed["id"])
    assert result.exit_code == 1 and "failed then, ends now; failed with: other" in result.output


@pytest.mark.slow
def test_a_run_that_never_ended_is_replayed_in_its_time_limit_and_fails_the_same_way_wherever_it_is_then(tiny, tmp_path):
    out = tmp_path / "out"
    tiny.write_text(TINY.replace("[design]", "[run]\nlimit_seconds = 1\n[design]").replace("0.2, 0.9", "0.2")
                    .replace("per_point = 3", "per_point = 1"))
    go(tiny, out, rules=Source("hang.py", HANG))
    failed = open_results(out).failures().iloc[-1]
    day = re.search(r"on day (\d+)", failed["error"])[1]
    with Store(out, write=True) as store:  # as if its time had been up elsewhere
        store.db.execute(f"update runs set error = replace(error, 'on day {day}', 'on day 1{day}') where id = ?", (failed["id"],))
    assert open_results(out).failures().iloc[-1]["error"] != failed["error"]
    again = subprocess.run([sys.executable, "-m", "experiments", "replay", str(out), failed["id"]], cwd=ROOT,
                           capture_output=True, text=True, timeout=40)  # else a replay without limit would run for ever
    assert again.returncode == 0 and "failed then and fails again the same way: " in again.stdout


def test_a_case_log_that_is_gone_is_told_before_the_folder_is_begun(tmp_path):
    (tmp_path / "place.toml").write_text('days = 35\nneeds = "gone.csv"\n')
    (tmp_path / "p.toml").write_text('name = "p"\nregions = ["place.toml"]\n[compare]\nregimes = ["layered", "whistle"]\n'
                                     '[design]\nkind = "list"\n[seeds]\nper_point = 2\n')
    told_in_chinese(chuishao("run", tmp_path / "p.toml", "--out", tmp_path / "out", "--lang", "zh"), "gone.csv")
    assert not (tmp_path / "out").exists()


def test_a_plan_may_name_a_case_log_which_is_meant_beside_it(tmp_path, monkeypatch):
    days = [f"2024-{month:02}-{day:02}" for month in (3, 4) for day in range(4, 26)]
    log = "opened,closed,street,domain\n" + "".join(f"{d},{d},{'EW'[i % 2]}ast,roads\n" for i, d in enumerate(days))
    text = OF_REGIONS.replace('regions = ["hills.toml", "rich"]\n', "").replace("[fixed]", '[fixed]\nneeds = "points.csv"')
    path = beside(tmp_path / "study", text, points=log)
    monkeypatch.chdir(tmp_path)
    assert chuishao("run", path, "--out", "out", "--workers", 1).exit_code == 0
    monkeypatch.chdir("/")
    results = open_results(tmp_path / "out")
    assert len(results.cases()["rich", "whistle"]) == 3
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert "44 rows read" in manifest["notes"]["rich"]["en"][0] and "44" in manifest["notes"]["rich"]["zh"][0]
    assert chuishao("run", path, "--out", tmp_path / "out", "--workers", 1).output.startswith("tiny: 6 of 6 runs done (0 now)")
    bad = beside(tmp_path / "bad", text, points="opened,street,domain\n" + "yesterday,East,roads\n" * 9)
    assert "points.csv" in chuishao("run", bad, "--out", tmp_path / "new").stderr and not (tmp_path / "new").exists()
