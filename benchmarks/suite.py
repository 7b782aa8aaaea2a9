"""What is raced: sizes, regimes and sides; every function returns the ratios it measured.

The per-agent version runs twice in every round: with the rules as written, which is what a Mesa modeller would write
first and what the targets mean, and tuned, the same rules with numpy's cost a number taken out, which is the strongest
per-agent version we could make. Both are told, so that nobody need ask which was chosen.
"""

from __future__ import annotations

import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from itertools import islice

import mesa

from agents.resident import Resident, ResidentColumns
from experiments.engine import run_tasks
from experiments.runs import Task, run_stored
from model.errors import InputError
from model.governance import GovernanceModel
from model.scenario import Scenario

from .baseline.batch import BatchModel
from .baseline.model import BaselineModel
from .limit import Limit
from .race import Ratio, race, race_all, ratio

DEFAULT = 3000
"""Residents of the default scenario."""
SPAN = dict(days=35, burn_in=25)
"""60 days, where the days are not what is measured, and in `--quick`."""
YEAR = dict(days=250, burn_in=60)
"""A whole run, as long as the default scenario's."""
TARGETS = {"default": "≥ 5", 10_000: "≥ 30", 100_000: "≥ 50"}
FAST = "model"
WRITTEN, TUNED = "per-agent Mesa, rules as written", "per-agent Mesa, tuned"
SLOW = {WRITTEN: False, TUNED: True}
BATCH = 4
"""Most runs that `batch_run` makes in a round: what is told is seconds a run."""


def same_needs(residents: int, **changes) -> Scenario:
    """A district of so many residents who together have as many needs as the default's."""
    rate = min(Scenario().need_rate * DEFAULT / residents, 0.3)
    return Scenario(residents=residents // 6, need_rate=rate, **{**SPAN, **changes})


def needs_grow(residents: int, **changes) -> Scenario:
    """A district whose needs, cadres, department staff and (up to 60) streets grow with its residents."""
    streets = min(max(residents // 500, 1), 60)
    per_street = residents // streets
    return Scenario(streets=streets, residents=per_street, cadres=min(per_street // 20, 400),
                    staff=min(max(4 * residents // DEFAULT, 1), 100), **{**SPAN, **changes})


MODES = {"same needs a day": same_needs, "same needs a resident": needs_grow}


def single_runs(quick: bool) -> Iterator[Ratio]:
    """One run against the per-agent version: the default scale, then by size."""
    scenario = Scenario(**SPAN) if quick else Scenario()
    for regime in ("layered", "whistle"):
        yield from _against_baseline(f"default scale, {regime}", scenario, regime, 2 if quick else 3,
                                     TARGETS["default"])
    for mode, make in MODES.items():
        for size in (1000, 10_000) if quick else (1000, 10_000, 100_000):
            rounds = 1 if quick or size > 10_000 else 2
            yield from _against_baseline(f"{size:,} residents, {mode}", make(size, **(SPAN if quick else YEAR)),
                                         "whistle", rounds, TARGETS.get(size, ""))


def _against_baseline(name: str, scenario: Scenario, regime: str, rounds: int, target: str) -> Iterator[Ratio]:
    slow = {label: lambda tuned=tuned: BaselineModel(scenario, regime, rng=1, tuned=tuned).run()
            for label, tuned in SLOW.items()}
    return race_all(name, slow, (FAST, lambda: GovernanceModel(scenario, regime, rng=1).run()), rounds,
                    {WRITTEN: target})


def growth(quick: bool) -> Iterator[Ratio]:
    """More residents with the same needs a day: the days of a run, without building it."""
    small, large = (10_000, 80_000) if quick else (50_000, 400_000)
    yield race("8 times the residents, same needs a day", (f"{large:,}", _days(same_needs(large))),
               (f"{small:,}", _days(same_needs(small))), 3 if quick else 5, "≤ 1.1")


def _days(scenario: Scenario):
    # built beforehand, once a round: what is timed is the days alone
    models = iter([GovernanceModel(scenario, "whistle", rng=1) for _ in range(5)])
    return lambda: next(models).run()


def limits(quick: bool) -> Iterator[Ratio]:
    """The model against the compiled loop of the reduced rules, over a whole year (quick: 60 days)."""
    span = SPAN if quick else YEAR
    grown = {f"{size:,} residents": needs_grow(size, **span) for size in ((30_000,) if quick else (30_000, 1_000_000))}
    for name, scenario in {"default scale": Scenario(**span), **grown}.items():
        limit = Limit(scenario, 1)
        yield race(f"model against compiled loop, {name}", (FAST, lambda s=scenario: GovernanceModel(s, rng=1).run()),
                   ("compiled reduced rules", limit.run), 2, "≤ 20", repeats=5)


def sweeps(quick: bool, runs: int) -> Iterator[Ratio]:
    """A sweep on two workers against `mesa.batch_run` of the baseline; wall time a run, start of workers included."""
    scenario = Scenario(**SPAN) if quick else Scenario()
    few = min(max(runs // 5, 2), BATCH)
    times: dict[str, list[float]] = {label: [] for label in (*SLOW, FAST)}
    for first in (1, 1 + runs):
        for label, tuned in SLOW.items():
            times[label].append(_batch(scenario, first, few, tuned) / few)
        times[FAST].append(_sweep(scenario, first, runs) / runs)
    for label in SLOW:
        yield ratio(f"seconds a run, two workers ({few} runs by batch_run, {runs:,} of a sweep)",
                    {label: times[label], FAST: times[FAST]}, "≥ single run; 20 the mark" if label == WRITTEN else "")


def _batch(scenario: Scenario, first: int, runs: int, tuned: bool) -> float:
    given = {"days": scenario.days, "burn_in": scenario.burn_in, "tuned": tuned,
             "rng": list(range(first, first + runs))}
    start = time.perf_counter()
    mesa.batch_run(BatchModel, given, number_processes=2, max_steps=scenario.horizon, display_progress=False)
    return time.perf_counter() - start


def _sweep(scenario: Scenario, first: int, runs: int) -> float:
    tasks = [Task(scenario, "whistle", seed) for seed in range(first, first + runs)]
    start = time.perf_counter()
    failed = [outcome.error for outcome in run_tasks(tasks, run_stored, 2) if not outcome.ok]
    spent = time.perf_counter() - start
    if failed:
        raise InputError(f"{len(failed)} of {runs} runs failed: {failed[0]}; mend that first",
                         f"{runs} 次运行中 {len(failed)} 次失败（{failed[0]}）；请先解决")
    return spent


# --- the page ---------------------------------------------------------------------------------------------------------


def frames(quick: bool) -> Iterator[Ratio]:
    """What the server spends on a picture of both sides, against the two model days before it; some days a round."""
    days, rounds = (10, 2) if quick else (40, 5)
    times: dict[str, list[float]] = {"page frame": [], "two model days": []}
    turns = _day_and_picture()
    for _ in range(rounds):
        spent = [(day, picture) for day, picture, _ in islice(turns, days)]
        for label, column in zip(reversed(times), zip(*spent, strict=True), strict=True):
            times[label].append(sum(column) / days)
    yield ratio("page frame against two model days", times)


def picture_bytes() -> dict[str, int]:
    """The largest picture of both sides, as it goes to the browser, of twenty days at the default scale."""
    return {"bytes": max(size for *_, size in islice(_day_and_picture(), 20))}


def _day_and_picture() -> Iterator[tuple[float, float, int]]:
    """Day by day since the switch: CPU seconds of the two model days, of the picture, and its bytes."""
    from page.definition import Definition
    from page.frame import wire
    from page.hierarchy import pack
    from page.session import Session

    session = Session(Definition())
    session.step(session.definition.scenario.burn_in)
    while not session.ended:
        start = time.process_time()
        session.step()
        between = time.process_time()
        frame = session.snapshot()
        sent = wire({**frame, "sides": [pack(side) for side in frame["sides"]]})
        yield between - start, time.process_time() - between, len(sent.encode())


# --- start and memory -------------------------------------------------------------------------------------------------


def start_up() -> Iterator[Ratio]:
    """`chuishao --help` against an empty Python."""
    def of(*words: str):
        return lambda: subprocess.run([sys.executable, *words], capture_output=True, check=True)
    yield race("start-up of --help", ("--help", of("-m", "experiments", "--help")), ("python", of("-c", "pass")), 7,
               "--help < .3 s", time.perf_counter)


def bytes_per_resident() -> dict[str, float]:
    """Bytes a resident costs: in all, of which the Mesa view, and the columns."""
    small, large = (_built(same_needs(n)) for n in (10_000, 100_000))
    columns = ResidentColumns(6, 10_000)
    held = sum(v.nbytes for v in vars(columns).values() if hasattr(v, "nbytes") and v.size == 60_000)
    return {"in all": (large - small) / 90_000, "Mesa view": _views(50_000) / 50_000, "columns": held / 60_000}


def large_run(quick: bool) -> dict[str, float | None]:
    """A million residents (quick: 100,000) for a year in a fresh process: seconds to build, of the days, MB."""
    from .alone import measure

    residents = 100_000 if quick else 1_000_000
    return {"residents": residents, **measure("time", same_needs(residents, days=250, burn_in=60))}


def _built(scenario: Scenario) -> int:
    tracemalloc.start()
    model = GovernanceModel(scenario, rng=1)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert model.day == 0
    return held


def _views(n: int) -> int:
    tracemalloc.start()
    model = mesa.Model(rng=1)
    Resident.create_agents(model, n, list(range(n)))
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(model.agents) == n
    return held
