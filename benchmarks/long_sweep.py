"""`python -m benchmarks.long_sweep`: whether memory and throughput of a sweep stay flat over thousands of runs.

The sweep is `chuishao run` itself in a process of its own, watched from outside: rows kept, resident memory of the
driver and of its largest worker. Then what distribution and storage add to a run.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd
import psutil

from experiments.answering import Answering
from experiments.engine import run_tasks
from experiments.outcome import Outcome
from experiments.plan import load_plan
from experiments.runs import run_stored
from experiments.store import Store, identities
from model.errors import InputError

TINY = """name = "long-sweep"
[design]
kind = "list"
[fixed]
days = 35
burn_in = 0
streets = 1
departments = 3
cadres = 2
residents = 20
staff = 1
[seeds]
per_point = {seeds}
"""
"""Runs so short that what is around them shows."""
POLL = 0.5  # seconds
HOLLOW = ("import sys; from benchmarks import long_sweep; from experiments import sweep; from experiments.__main__ "
          "import main; sweep.run_stored = long_sweep.as_before; main(sys.argv[1:])")
"""`chuishao` whose runs hand out a result made before: the driver, Dask and the store alone."""


def watch(folder: Path, runs: int, workers: int, every: int, minutes: float, hollow: bool) -> Iterator[dict[str, Any]]:
    """Start the sweep and tell its memory and pace each time so many more rows are kept; MB and runs a second."""
    plan = folder / "long-sweep.toml"
    plan.write_text(TINY.format(seeds=max(runs // 2, 1)), encoding="utf-8")
    how = ["-c", HOLLOW] if hollow else ["-m", "experiments"]
    command = [sys.executable, *how, "run", str(plan), "--out", str(folder / "results"), "--workers", str(workers)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    driver, start, last, mark = psutil.Process(process.pid), time.monotonic(), (0.0, 0), 0
    while process.poll() is None:
        time.sleep(POLL)
        rows, now = _rows(folder / "results"), time.monotonic() - start
        if mark + every <= rows < runs and (memory := _memory(driver)):  # at the end workers are gone already
            yield {"runs": rows, "seconds": round(now, 1), **memory,
                   "runs_per_s": round((rows - last[1]) / (now - last[0]), 3)}
            mark, last = rows - rows % every, (now, rows)
        if now > 60 * minutes:
            _end(driver)


def _end(driver: psutil.Process) -> None:
    """The driver and its workers; SIGINT would not reach a driver that was itself started in the background."""
    for process in [*driver.children(recursive=True), driver]:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def _rows(folder: Path) -> int:
    try:
        with Store(folder) as store:
            return store.db.execute("select count(*) from runs where status = 'done'").fetchone()[0]
    except InputError:
        return 0


def _memory(driver: psutil.Process) -> dict[str, float]:
    """Resident MB of the driver and its largest worker (itself where runs are threads); empty once it has ended."""
    try:
        own = driver.memory_info().rss
        children = [child.memory_info().rss for child in driver.children(recursive=True)]
        return {"driver_MB": round(own / 1e6, 1), "worker_MB": round(max(children, default=own) / 1e6, 1)}
    except psutil.NoSuchProcess:
        return {}


def slopes(table: pd.DataFrame) -> dict[str, float]:
    """MB a thousand runs after the first tenth, and the pace of the last third over that of the first."""
    late = table[table["runs"] > table["runs"].max() / 10]
    third = max(len(table) // 3, 1)
    fits = {f"{who}_MB_per_1000": float(np.polyfit(late["runs"] / 1000, late[f"{who}_MB"], 1)[0])
            for who in ("driver", "worker") if len(late) > 2}
    pace = table["runs_per_s"]
    return {**fits, "pace_last_over_first": float(pace.tail(third).mean() / pace.head(third).mean())}


# --- what is around a run ---------------------------------------------------------------------------------------------

_RESULT: dict[str, Any] = {}


def as_before(task: Any) -> dict[str, Any]:
    """A stored result made once by each process and then handed out again: a run that takes no time."""
    if not _RESULT:
        _RESULT.update(run_stored(task))
    return _RESULT


def overheads(folder: Path, tasks: int = 2000, workers: int = 2) -> dict[str, float]:
    """Milliseconds a run that identity, transport by Dask (in pairs) and storing cost, measured alone."""
    (folder / "few.toml").write_text(TINY.format(seeds=tasks // 2), encoding="utf-8")
    plan = load_plan(folder / "few.toml")
    start = time.process_time()
    planned = plan.tasks()
    keys = identities(planned)
    made = time.process_time() - start
    sent = [task for _, task in planned]
    flight = run_tasks(sent, as_before, workers)
    for _ in range(tasks // 4):  # workers have started, results are made
        next(flight)
    clocks = [(time.perf_counter(), time.process_time()) for _ in flight]  # the last is before workers are ended
    wall, driver = (end - begin for begin, end in zip(clocks[0], clocks[-1], strict=True))
    rest = len(clocks) - 1
    folder.joinpath("store").mkdir()
    with Store(folder / "store", write=True) as store:
        outcome = Outcome(0, as_before(sent[0]))
        start = time.perf_counter()
        for key, (point, task) in zip(keys, planned, strict=True):
            store.save(key, point, task, outcome)
        stored = time.perf_counter() - start
    return {"plan_and_identity_ms": 1e3 * made / len(keys), "dask_ms": 1e3 * wall / rest,
            "dask_driver_cpu_ms": 1e3 * driver / rest, "store_ms": 1e3 * stored / len(keys)}


def picture(table: pd.DataFrame, path: Path) -> None:
    """Memory and pace over runs, as a small SVG."""
    import altair as alt

    from experiments.charts.look import palette, svg

    c = palette()

    def panel(title: str, **colours: str) -> alt.Chart:
        colour = alt.Color("name:N", legend=alt.Legend() if len(colours) > 1 else None,
                           scale=alt.Scale(domain=list(colours), range=list(colours.values())))
        tall = table.melt("runs", list(colours), "name", "value")
        return alt.Chart(tall).mark_line(point=True).encode(
            x=alt.X("runs:Q", title="runs kept"), y=alt.Y("value:Q", title=None), color=colour,
        ).properties(title=title, width=380, height=150)

    memory = panel("resident memory, MB", driver_MB=c["A"], worker_MB=c["B"])
    both = alt.hconcat(memory, panel("runs a second", runs_per_s=c["open"])).resolve_scale(color="independent")
    path.write_text(svg(both, "A long sweep") + "\n", encoding="utf-8")


@click.command(cls=Answering)
@click.option("--runs", type=click.IntRange(1), default=10_000, show_default=True, help="Runs of the sweep.")
@click.option("--every", type=click.IntRange(1), default=500, show_default=True, help="Look after so many more.")
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True, help="Worker processes.")
@click.option("--minutes", default=120.0, show_default=True, help="Interrupt it then; what is done counts.")
@click.option("--hollow", is_flag=True, help="Runs that take no time: the driver, Dask and the store alone.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for long-sweep.csv, .svg and .json.")
def main(runs: int, every: int, workers: int, minutes: float, hollow: bool, out: Path | None) -> None:
    """Watch a long sweep of tiny runs, and measure what is around a run."""
    with tempfile.TemporaryDirectory() as place:
        rows = []
        for row in watch(Path(place), runs, workers, every, minutes, hollow):
            rows.append(row)
            click.echo(json.dumps(row))
        around = overheads(Path(place), min(runs, 2000), workers)
    if not rows:
        raise click.ClickException(f"fewer than {every} runs were kept; give a smaller --every or more --minutes")
    table = pd.DataFrame(rows)
    found = {"runs": int(table["runs"].iloc[-1]), **slopes(table), **around}
    click.echo(json.dumps(found, indent=1))
    if out:
        out.mkdir(parents=True, exist_ok=True)
        table.to_csv(out / "long-sweep.csv", index=False)
        picture(table, out / "long-sweep.svg")
        (out / "long-sweep.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
