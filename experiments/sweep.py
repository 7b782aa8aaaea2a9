"""`chuishao run`: do what is missing of a plan, keep every result, survive whatever ends it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from languages.text import LANGUAGES, Text, _
from model.errors import InputError
from model.regimes import parse_regime
from model.scenario import Scenario

from .codehash import code_hash
from .engine import SchedulerGoneError, run_tasks, usable_cores
from .freeze import POINTS, copies, frozen_text, keep, points_text
from .installed import need
from .manifest import EDITED, MANIFEST, edited_rules, note_start, writing
from .outcome import Outcome, attempt
from .plan import SweepPlan, plan_of_text
from .progress import watched
from .runs import Source, Task, TimeLimitError, region_of, run_stored
from .store import (
    DONE,
    FAILED,
    PLAN,
    PLANNED,
    Store,
    identities,
    plan_of_folder,
    result_sets,
    rules_hash,
    scenario_of,
)

Notes = dict[str, dict[str, list[str]]]
"""Sentences on case logs, by region and language."""


class Todo(NamedTuple):
    """A run that is missing: its identity, its point, and the task."""

    key: str
    point: int
    task: Task


def run_plan(plan: SweepPlan, text: str, folder: Path, *, rules: Source | None = None, workers: int | None = None,
             scheduler: str | None = None, retry_failed: bool = False, allow_mixed: bool = False,
             ready: Callable[[], None] | None = None) -> dict[str, int]:
    """Run what is missing of a plan into a folder; the same call again goes on where it ended.

    Args:
        plan: what to run.
        text: the plan as TOML; it is frozen in the folder.
        folder: where results go; made if need be.
        rules: decision rules of one's own.
        workers: runs at a time; 1 runs here, None chooses.
        scheduler: address of a running Dask scheduler.
        retry_failed: run those again that failed.
        allow_mixed: go on though code or rules have changed since.
        ready: called before the first run, once everything has been checked.

    Returns:
        Counts: runs of the plan, done before, done now, failed in all.

    Raises:
        InputError: the folder holds something else, or cannot be written; a worker runs other code; the scheduler
            went away, and what it left undone is done by the same call.
    """
    folder, tasks = Path(folder), plan.tasks(rules)  # a plan that cannot be run leaves no trace
    keys = identities(tasks)
    notes = _notes({s: plan.seeds.root for n, s in plan.scenarios() if n == 0 and s.needs}, ready)
    _prepare(folder, plan, text)
    if ready:
        ready()
    with _alone(folder), Store(folder, write=True) as store:
        before = store.status_of()
        if not allow_mixed:
            _same_code(store, plan.sources(rules))
            _same_runs(folder, set(before) - set(keys))
        store.expect(keys)
        for name, copy in copies(plan).items():
            keep(folder / name, copy)
        note_start(folder, rules and rules.path, plan=plan.name, **({"notes": notes} if notes else {}),
                   **_edited(folder))
        settled = (DONE,) if retry_failed else (DONE, FAILED)
        todo = [Todo(key, *task) for key, task in zip(keys, tasks, strict=True) if before.get(key) not in settled]
        outcomes = run_tasks([run.task for run in todo], run_stored, workers, scheduler)
        lost = _keep(store, todo, watched(outcomes, len(todo)), allow_mixed)
        now = store.status_of()
    if lost:
        raise InputError(_("the Dask scheduler went away before {n} runs were done; give the same command a scheduler "
                           "that answers, and it goes on: what is done is kept in {folder}", n=lost, folder=folder))
    done, mine = sum(before.get(key) == DONE for key in keys), [now.get(key) for key in keys]
    return {"runs": len(mine), "before": done, "now": mine.count(DONE) - done, "failed": mine.count(FAILED)}


def _notes(logged: dict[Scenario, int], ready: Callable[[], None] | None) -> Notes:
    """What is to be said of each region's case log, told by one seed; finds a bad log before anything runs.

    Raises:
        InputError: a log that cannot be used.
    """
    if not logged:
        return {}
    if ready:
        ready()
    from model.governance import GovernanceModel

    return {region_of(scenario): {lang: model.case_notes(lang) for lang in LANGUAGES}
            for scenario, seed in logged.items() for model in [GovernanceModel(scenario, rng=seed)]}


def _edited(folder: Path) -> dict[str, list[str]]:
    """Keep default rules that somebody edited; which, for the manifest."""
    found = edited_rules()
    if found is None:
        return {}
    keep(folder / EDITED, found.kept)
    return {"edited_rules": found.names}


def _prepare(folder: Path, plan: SweepPlan, text: str) -> None:
    wanted, points = frozen_text(plan, text), points_text(plan)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        frozen, table = folder / PLAN, folder / POINTS
        begun = frozen.is_file()
        if begun and (not _same_plan(plan, wanted, frozen)
                      or points and table.is_file() and table.read_text(encoding="utf-8") != points):
            raise InputError(_("{folder} holds the results of another plan; give --out a new folder", folder=folder))
        if not begun and any(p.name not in (".lock", MANIFEST) for p in folder.iterdir()):
            raise InputError(_("{folder} is not empty and holds no results of ours; give --out a new folder",
                               folder=folder))
        if not begun:
            keep(frozen, wanted)
        if points:
            keep(table, points)


def _same_plan(plan: SweepPlan, wanted: str, frozen: Path) -> bool:
    """Whether a folder's plan is this one, however it was written."""
    text = frozen.read_text(encoding="utf-8")
    return text == wanted or plan_of_text(text, frozen) == plan


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
            raise InputError(_("another command is writing to {folder}; wait for it, or give another --out",
                               folder=folder)) from None
        yield


MIXED = _("give --out a new folder, or `chuishao run` --allow-mixed to keep both")


def _same_code(store: Store, rules: list[Source | None]) -> None:
    if store.codes() - {code_hash()}:
        raise InputError(_("the model's code has changed since {folder} was begun; {remedy}", folder=store.folder,
                           remedy=MIXED))
    used = {r for (r,) in store.db.execute("select distinct rules from runs")}
    if used - set(map(rules_hash, rules)):
        raise InputError(_("{folder} was begun with other rules; give the same --rules, or {remedy}",
                           folder=store.folder, remedy=MIXED))


def _same_runs(folder: Path, strange: set[str]) -> None:
    """With the same plan, code and rules, runs that are not the plan's come from files that were edited."""
    if strange:
        raise InputError(_("a scenario file or case log of the plan has changed since {folder} was begun; {remedy}",
                           folder=folder, remedy=MIXED))


def _keep(store: Store, todo: list[Todo], outcomes: Iterable[Outcome], allow_mixed: bool) -> int:
    """Keep what becomes of each run as it ends; returns how many a scheduler that went away left undone."""
    left = len(todo)
    with suppress(SchedulerGoneError):
        for outcome in outcomes:
            if not allow_mixed:
                _ran_our_code(outcome)
            store.save(*todo[outcome.index], outcome)
            left -= 1
    return left


def _ran_our_code(outcome: Outcome) -> None:
    # only a dead worker has nothing to say of its code, and one older than this question
    if outcome.code != code_hash() and (outcome.ok or outcome.code):
        raise InputError(_("a worker runs other code of the model than this command, so its runs are not kept; start "
                           "both from the same files and do not edit these meanwhile, or give `chuishao run` "
                           "--allow-mixed to keep both"))


def estimate(plan: SweepPlan, rules: Source | None, workers: int | None) -> dict[str, Any]:
    """Count the runs of a plan, time three of them, and say what all will take."""
    tasks = plan.tasks(rules)
    some = [tasks[i][1] for i in sorted({0, len(tasks) // 2, len(tasks) - 1})]
    start = time.perf_counter()
    for task in some:
        run_stored(task)
    each = (time.perf_counter() - start) / len(some)
    cores = workers or usable_cores()
    return {"plan": plan.name, "points": len(plan.points()), "regions": len(plan.regions),
            "regimes": len(plan.regimes), "seeds": plan.seeds.per_point, "runs": len(tasks),
            "seconds_a_run": round(each, 3), "workers": cores,
            "minutes": round(len(tasks) * each / cores / 60, 1)}


def status(folder: Path) -> dict[str, Any]:
    """How far a folder is; also while another process writes it."""
    plan = plan_of_folder(folder)
    total = plan.size
    with Store(folder) as store:
        kept = f"from runs where {PLANNED}"
        counts = dict(store.db.execute(f"select status, count(*) {kept} group by status"))
        (last,) = store.db.execute(f"select max(ended) {kept}").fetchone()
    done, failed = counts.get(DONE, 0), counts.get(FAILED, 0)
    return {"plan": plan.name, "runs": total, "done": done, "failed": failed,
            "missing": max(0, total - done - failed), "last": last}


def export(folder: Path, form: str) -> list[Path]:
    """Write runs and day series as csv, parquet or xlsx under `export/`.

    Raises:
        InputError: a library that the form needs is missing.
    """
    sets = result_sets(folder)
    out = folder / "export"
    out.mkdir(exist_ok=True)
    tables = {what: _together({name: getattr(results, what)() for name, results in sets.items()})
              for what in ("runs", "series", "ledger", "failures")}
    return [_written(table, out / f"{name}.{form}") for name, table in tables.items()]


def _together(tables: dict[str, Any]) -> Any:
    """Tables of several sets of rules as one, with a column that names them; that of a single set as it is."""
    import pandas as pd

    if len(tables) == 1:
        return next(iter(tables.values()))
    parts = [table.assign(rules=name) for name, table in tables.items()]
    whole = pd.concat(parts, ignore_index=True)
    return whole[["rules", *whole.columns.drop("rules")]]


LIBRARIES = {".parquet": ("parquet", "pyarrow"), ".xlsx": ("excel", "openpyxl")}
"""What forms of tables need: the optional group, and its library."""


def _written(table: Any, path: Path) -> Path:
    if path.suffix in LIBRARIES:
        need(LIBRARIES[path.suffix][0], Text(path.suffix[1:]), LIBRARIES[path.suffix][1])
    try:
        if path.suffix == ".csv":
            table.to_csv(path, index=False)
        elif path.suffix == ".parquet":
            table.to_parquet(path, index=False)
        else:
            table.to_excel(path, index=False)
    except ValueError as error:  # a sheet holds a million rows
        raise InputError(_("{file}: {error}; use --format csv or parquet", file=path.name, error=error)) from None
    return path


def replay(folder: Path, run_id: str) -> dict[str, Any]:
    """Do a stored run again, in the plan's time limit, and compare its row to the last bit, or how it failed.

    Returns:
        id, equal, same_code, differs (names in the row), and failed_before, failed_now: sentences (`_zh` in Chinese),
        None where the run finished.

    Raises:
        InputError: no such run, or more than one begins so.
    """
    limit = plan_of_folder(folder).run.limit_seconds
    with Store(folder) as store:
        found = store.begins(run_id)
        if len(found) != 1:
            raise InputError(_("{folder}: {count} {id!r}; export/runs.csv of `chuishao export` lists the ids",
                               folder=folder, id=run_id, count=_("{n} runs begin with", n=len(found)) if found
                               else _("there is no run")))
        old = found[0]
        source = store.db.execute("select path, text from rules where hash = ?", (old["rules"],)).fetchone()
    task = Task(scenario_of(old["scenario"]), old["spelt"], old["seed"],
                Source(*source) if source else None, limit=limit, own=parse_regime(old["regime"]).own,
                called=old["regime"])
    new = attempt(run_stored, 0, task)
    before = json.loads(old["row"]) if old["row"] else {}
    again = json.loads(json.dumps(new.result["row"], ensure_ascii=False)) if new.ok else {}
    return {"id": old["id"], "equal": again == before and _same_failure(old["error"], new.error),
            "same_code": old["code"] == code_hash(), "failed_before": old["error"],
            "failed_before_zh": old["error_zh"], "failed_now": new.error, "failed_now_zh": new.error_zh,
            "differs": [name for name in again if again[name] != before.get(name)] if before else []}


def _same_failure(before: str | None, now: str | None) -> bool:
    # where a run is when its time is up is chance
    late = str(TimeLimitError())
    return before == now or bool(before and now and late in before and late in now)
