"""`chuishao run`: do what is missing of a plan, keep every result, survive whatever ends it."""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from model.errors import InputError

from .codehash import code_hash
from .engine import Outcome, attempt, run_tasks, usable_cores
from .folder import PACKAGES, git_state, version_of
from .freeze import POINTS, copy_scenarios, frozen_text, keep, points_text
from .plan import SweepPlan
from .progress import watched
from .runs import Source, Task, TimeLimitError, run_stored
from .store import DONE, FAILED, PLAN, Store, identities, open_results, rules_hash, scenario_of

MANIFEST = "manifest.json"


def run_plan(plan: SweepPlan, text: str, folder: Path, *, rules: Source | None = None, workers: int | None = None,
             scheduler: str | None = None, retry_failed: bool = False, allow_mixed: bool = False) -> dict[str, int]:
    """Run what is missing of a plan into a folder; the same call again goes on where it ended.

    Args:
        plan: what to run.
        text: the plan as TOML; it is frozen in the folder.
        folder: where results go; made if need be.
        rules: decision rules of one's own.
        workers: processes; 1 runs here, None chooses.
        scheduler: address of a running Dask scheduler.
        retry_failed: run those again that failed.
        allow_mixed: go on though code or rules have changed since.

    Returns:
        Counts: runs of the plan, done before, done now, failed in all.

    Raises:
        InputError: the folder holds something else, or cannot be written; a worker runs other code; the scheduler
            went away, and what it left undone is done by the same call.
    """
    folder, planned = Path(folder), plan.tasks(rules)  # a plan that cannot be run leaves no trace
    keys = identities(planned)
    _prepare(folder, plan, text)
    with _alone(folder), Store(folder, write=True) as store:
        tasks = [(key, *rest) for key, rest in zip(keys, planned, strict=True)]
        known = store.status_of()
        if not allow_mixed:
            _same_code(store, rules)
            _same_runs(folder, set(known) - {key for key, *_ in tasks})
        store.expect(key for key, *_ in tasks)
        settled = (DONE,) if retry_failed else (DONE, FAILED)
        todo = [t for t in tasks if known.get(t[0]) not in settled]
        copy_scenarios(plan, folder)
        _manifest(folder, plan, rules)
        outcomes = run_tasks([t[2] for t in todo], run_stored, workers, scheduler)
        lost = _keep(store, todo, watched(outcomes, len(todo)), allow_mixed)
        now = store.status_of()
    _none_lost(lost, folder)
    mine = [now.get(key) for key, _, _ in tasks]
    before = sum(known.get(key) == DONE for key, _, _ in tasks)
    return {"runs": len(tasks), "before": before, "now": mine.count(DONE) - before, "failed": mine.count(FAILED)}


def _prepare(folder: Path, plan: SweepPlan, text: str) -> None:
    wanted, points = frozen_text(plan, text), points_text(plan)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        frozen, table = folder / PLAN, folder / POINTS
        begun = frozen.is_file()
        # folders begun before files were copied hold the text as it was given
        if begun and (frozen.read_text(encoding="utf-8") not in (wanted, text)
                      or points and table.is_file() and table.read_text(encoding="utf-8") != points):
            raise InputError(f"{folder} holds the results of another plan; give --out a new folder",
                             f"{folder} 中是另一计划的结果；请给 --out 一个新文件夹")
        if not begun and any(p.name not in (".lock", MANIFEST) for p in folder.iterdir()):
            raise InputError(f"{folder} is not empty and holds no results of ours; give --out a new folder",
                             f"{folder} 不是空的，也不是我们的结果；请给 --out 一个新文件夹")
        keep(frozen, wanted)
        if points:
            keep(table, points)
    except OSError as error:
        raise InputError(f"cannot write to {folder} ({error.strerror}); give --out a folder you may write to",
                         f"无法写入 {folder}（{error.strerror}）；请给 --out 一个可写的文件夹") from None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Only one driver writes to a folder."""
    try:
        import fcntl
    except ImportError:  # Windows: SQLite's own lock is all there is
        yield
        return
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InputError(f"another `chuishao run` is writing to {folder}; wait for it, or give another --out",
                             f"另一个 `chuishao run` 正在写入 {folder}；请等它结束，或另给 --out") from None
        yield


def _same_code(store: Store, rules: Source | None) -> None:
    if store.codes() - {code_hash()}:
        raise InputError(f"the model's code has changed since {store.folder} was begun; give --out a new folder, or "
                         "--allow-mixed to keep both",
                         f"{store.folder} 开始之后模型代码已变；请给 --out 一个新文件夹，或用 --allow-mixed 兼收并存")
    used = {r for (r,) in store.db.execute("select distinct rules from runs")}
    if used - {rules_hash(rules)}:
        raise InputError(f"{store.folder} was begun with other rules; give the same --rules, a new --out, or "
                         "--allow-mixed to keep both",
                         f"{store.folder} 开始时用的是其他规则；请给同样的 --rules、新的 --out，"
                         "或用 --allow-mixed 兼收并存")


def _keep(store: Store, todo: list[tuple[str, int, Task]], outcomes: Iterable[Outcome], allow_mixed: bool) -> int:
    """Keep what becomes of each run as it ends; returns how many were left undone."""
    lost = 0
    for outcome in outcomes:
        if not allow_mixed:
            _ran_our_code(outcome)
        if outcome.lost:
            lost += 1
        else:
            store.save(*todo[outcome.index], outcome)
    return lost


def _none_lost(lost: int, folder: Path) -> None:
    if lost:
        raise InputError(f"the Dask scheduler went away before {lost} runs were done; give the same command a "
                         f"scheduler that answers, and it goes on: what is done is kept in {folder}",
                         f"Dask 调度器已不在，尚有 {lost} 次运行没有完成；请让同一命令连上有应答的调度器，即可继续："
                         f"已完成的都在 {folder}")


def _ran_our_code(outcome: Outcome) -> None:
    # only a dead worker has nothing to say of its code, and one older than this question
    if outcome.code != code_hash() and (outcome.ok or outcome.code):
        raise InputError("a worker runs other code of the model than this command, so its runs are not kept; start "
                         "both from the same files and do not edit these meanwhile, or give --allow-mixed to keep both",
                         "有工作进程运行的模型代码与本命令不同，其结果未予保留；请用相同的文件启动二者，其间不要改动，"
                         "或用 --allow-mixed 兼收并存")


def _same_runs(folder: Path, strange: set[str]) -> None:
    """With the same plan, code and rules, runs that are not the plan's come from files that were edited."""
    if strange:
        raise InputError(f"a scenario file or case log of the plan has changed since {folder} was begun; give --out a "
                         "new folder, or --allow-mixed to keep both",
                         f"{folder} 开始之后计划所用的情景文件或案件日志已变；请给 --out 一个新文件夹，"
                         "或用 --allow-mixed 兼收并存")


def _manifest(folder: Path, plan: SweepPlan, rules: Source | None) -> None:
    """Versions, command, commit, times: one entry each time the plan is run."""
    path, old = folder / MANIFEST, []
    with suppress(OSError, ValueError, KeyError):
        old = json.loads(path.read_text(encoding="utf-8"))["starts"]
    start = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "argv": sys.argv, "git": git_state(),
             "code": code_hash(), "rules": rules and rules.path, "python": platform.python_version(),
             "system": platform.platform(), "versions": {name: version_of(name) for name in PACKAGES}}
    data = {"kind": "chuishao run", "plan": plan.name, "starts": [*old, start]}
    part = path.with_suffix(".part")
    part.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(part, path)


# --- looking at a folder ----------------------------------------------------------------------------------------


def estimate(plan: SweepPlan, rules: Source | None, workers: int | None) -> dict[str, Any]:
    """Count the runs of a plan, time three of them, and say what all will take."""
    tasks = plan.tasks(rules)
    some = [tasks[i][1] for i in sorted({0, len(tasks) // 2, len(tasks) - 1})]
    start = time.perf_counter()
    for task in some:
        run_stored(task)
    each = (time.perf_counter() - start) / len(some)
    cores = workers or usable_cores()
    return {"plan": plan.name, "points": len(plan.points()), "regions": list(plan.regions),
            "regimes": list(plan.regimes), "seeds": plan.seeds.per_point, "runs": len(tasks),
            "seconds_a_run": round(each, 3), "workers": cores, "minutes": round(len(tasks) * each / cores / 60, 1)}


def status(folder: Path) -> dict[str, Any]:
    """How far a folder is; also while another process writes it."""
    results = open_results(folder)
    total = results.plan.size
    with Store(folder) as store:
        kept = f"from runs where {store.current}"
        counts = dict(store.db.execute(f"select status, count(*) {kept} group by status"))
        last, seconds = store.db.execute(f"select max(ended), avg(seconds) {kept}").fetchone()
    done, failed = counts.get(DONE, 0), counts.get(FAILED, 0)
    return {"plan": results.plan.name, "runs": total, "done": done, "failed": failed,
            "missing": max(0, total - done - failed), "seconds_a_run": seconds and round(seconds, 3), "last": last}


def export(folder: Path, form: str) -> list[Path]:
    """Write runs and day series as csv, parquet or xlsx under `export/`.

    Raises:
        InputError: a library that the form needs is missing.
    """
    results = open_results(folder)
    out = folder / "export"
    out.mkdir(exist_ok=True)
    tables = {"runs": results.runs(), "series": results.series(), "ledger": results.ledger(),
              "failures": results.failures()}
    return [_written(table, out / f"{name}.{form}") for name, table in tables.items()]


def _written(table: Any, path: Path) -> Path:
    try:
        if path.suffix == ".csv":
            table.to_csv(path, index=False)
        elif path.suffix == ".parquet":
            table.to_parquet(path, index=False)
        else:
            table.to_excel(path, index=False)
    except ImportError:
        raise InputError(f"{path.suffix[1:]} needs a library that is not installed; install it with: pip install -e "
                         "'.[parquet,excel]'",
                         f"{path.suffix[1:]} 所需的库没有安装；请运行 pip install -e '.[parquet,excel]'") from None
    except ValueError as error:  # a sheet holds a million rows
        raise InputError(f"{path.name}: {error}; use --format csv or parquet",
                         f"{path.name}：{error}；请用 --format csv 或 parquet") from None
    return path


def replay(folder: Path, run_id: str) -> dict[str, Any]:
    """Do a stored run again, in the plan's time limit, and compare its row to the last bit, or how it failed.

    Returns:
        id, equal, same_code, differs (names in the row), and failed_before, failed_now: sentences (`_zh` in Chinese),
        None where the run finished.

    Raises:
        InputError: no such run, or more than one begins so.
    """
    limit = open_results(folder).plan.run.limit_seconds
    with Store(folder) as store:
        found = store.frame("select * from runs where id like ?", run_id.replace("%", "") + "%").to_dict("records")
        if len(found) != 1:
            en, zh = (f"{len(found)} runs begin with", f"有 {len(found)} 次运行以此开头：") if found else (
                "there is no run", "没有运行 ")
            raise InputError(f"{folder}: {en} {run_id!r}; export/runs.csv of `chuishao export` lists the ids",
                             f"{folder}：{zh}{run_id!r}；编号见 `chuishao export` 的 export/runs.csv")
        old = found[0]
        source = store.db.execute("select path, text from rules where hash = ?", (old["rules"],)).fetchone()
    task = Task(scenario_of(old["scenario"]), old["regime"], old["seed"], Source(*source) if source else None,
                limit=limit)
    new = attempt(run_stored, 0, task)
    before = json.loads(old["row"]) if old["row"] else {}
    again = json.loads(json.dumps(new.result["row"], ensure_ascii=False)) if new.ok else {}
    return {"id": old["id"], "equal": again == before and _same_failure(old["error"], new.error),
            "same_code": old["code"] == code_hash(), "failed_before": old["error"],
            "failed_before_zh": old.get("error_zh"), "failed_now": new.error, "failed_now_zh": new.error_zh,
            "differs": [name for name in again if again[name] != before.get(name)] if before else []}


def _same_failure(before: str | None, now: str | None) -> bool:
    # where a run is when its time is up is chance
    late = str(TimeLimitError())
    return before == now or bool(before and now and late in before and late in now)
