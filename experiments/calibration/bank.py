"""A bank of runs: numbers drawn from wide ranges, and what the model then shows of the published figures.

Every set of numbers is drawn by itself, from a stream of its own, so that a bank can be made longer. A run is half a
year of layered assessment, from whose beginning the hotline is forked for its first three months: one bank serves
every fit. Lines are kept as they are made, so that the same command goes on where it ended.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from languages.text import _
from model.errors import InputError
from model.governance import GovernanceModel
from model.scenario import PARAMETERS, Scenario

from .. import design
from ..codehash import code_hash
from ..engine import usable_cores
from ..manifest import writing
from ..plan import load_plan
from ..progress import watched
from ..runs import ROOT
from ..threads import MOST, in_threads
from . import hotline
from .published import Published, published

HALF_YEAR = 125
RUNS = "bank.csv"
LOADS, WIDTH = ("calibrated",), 2.0
"""Numbers of these marks are drawn by their log from the value ÷ `WIDTH` to the value × it, inside their limits."""
OWN_RANGES = {"delta": (0.0, 0.5), "courtesy": (0.2, 1.0), "tolerance": (0.0, 0.6), "doubt": (0.01, 0.25)}
"""Ranges stated, where a ratio says little."""
KEPT = ("usual", "usual_outreach")
"""Read off layered assessment, so no numbers of their own."""
FIGURES = ("formalism_45", "escalation", "resolution_start", "satisfaction_start", "repeat_start", "utilisation")


@dataclass(frozen=True)
class Free:
    """A parameter of the scenario that is fitted, and the range it is drawn from."""

    name: str
    low: float
    high: float

    def value(self, u: float) -> float:
        """From 0–1 to the range; in ratios where the range has no zero, so that 2 h is midway between 1 and 4 h."""
        if self.low > 0:
            return float(self.low * (self.high / self.low) ** u)
        return float(self.low + (self.high - self.low) * u)


def numbers(scenario: Scenario, fixed: Sequence[str] = ()) -> tuple[Free, ...]:
    """What is drawn, but for `fixed`: the numbers marked calibrated and those assumed.

    Ranges lie around the scenario's own values; those of assumed ones are the ranges of the plan `plausible`.
    """
    plan = load_plan("plausible")
    assumed = design.places(plan)
    found = [_range(scenario, name, design.number_range(plan, scenario, name)[::2])
             for name, p in PARAMETERS.items() if name not in (*KEPT, *fixed, *scenario.settled)
             and (p.mark in LOADS or name in assumed)]
    return tuple(free for free in found if free is not None)


def _range(scenario: Scenario, name: str, plausible: tuple[float, float]) -> Free | None:
    p, value = PARAMETERS[name], float(getattr(scenario, name))
    low, high = plausible if p.mark not in LOADS else OWN_RANGES.get(name, (value / WIDTH, value * WIDTH))
    low, high = max(low, p.low), min(high, p.high)
    return Free(name, low, high) if low < high else None


def figures() -> dict[str, Published]:
    """What is observed in every run."""
    return {key: published()[key] for key in FIGURES}


def observe(scenario: Scenario, seed: int) -> dict[str, float]:
    """Figures of one run: layered assessment over half a year, the hotline over the days that its figures speak of."""
    known = published()
    last = max(known[key].days[1] for key in FIGURES)
    m = GovernanceModel(scenario.with_(days=HALF_YEAR, from_day=0, cooldown=0), "layered", rng=seed)
    m.run(scenario.burn_in)
    opened = m.fork(hotline.REGIME)
    m.run()
    opened.run(last)
    got, days = m.measures(), known["repeat_start"].days
    called, again, back = (opened.record.column(name)[scenario.burn_in + days[0]:scenario.burn_in + days[1]].sum()
                           for name in ("voiced", "repeats", "reopened"))
    seen = {"formalism_45": got["formalism_share"], "escalation": got["escalation_ratio"],
            "utilisation": got["utilisation"],
            "resolution_start": hotline.resolved_in_time(opened, *known["resolution_start"].days),
            "satisfaction_start": hotline.satisfaction(opened, *known["satisfaction_start"].days),
            # who is called back and finds it unsolved need not call again: the papers would count them, too
            "repeat_start": (again + back) / (called + back) if called else None}
    return {key: float("nan") if seen[key] is None else float(seen[key]) for key in FIGURES}


class Run(NamedTuple):
    """One run of a set of numbers."""

    number: int
    seed: int
    scenario: Scenario


@dataclass(frozen=True, eq=False)
class Bank:
    """Sets of numbers and what was seen under each."""

    scenario: Scenario
    free: tuple[Free, ...]
    folder: Path
    seeds: int = 2
    """Runs of a set; two tell how much is luck."""
    first: int = ROOT
    """Seeds of set n begin at first + n · seeds, so that no two runs share their luck."""

    def draw(self, n: int) -> np.ndarray:
        """Place of set n in the ranges, 0–1."""
        return np.random.default_rng([self.first, n]).random(len(self.free))

    def values(self, u: np.ndarray) -> dict[str, float]:
        """The numbers at a place, to four figures, whole where they have to be."""
        return {f.name: round(f.value(x)) if PARAMETERS[f.name].whole else float(f"{f.value(x):.4g}")
                for f, x in zip(self.free, u, strict=True)}

    def run(self, sets: int, workers: int | None = None, ready: Callable[[], None] = lambda: None) -> pd.DataFrame:
        """Run what is missing of the first so many sets.

        Returns:
            One row a run, in the order of sets and seeds: set, seed, every figure.

        Raises:
            InputError: the folder holds another bank, or cannot be written.
        """
        path = self.folder / RUNS
        _begin(path, self._about())
        there = _read(path)
        tasks = [run for run in runs_of(self.scenario, map(self.values, map(self.draw, range(sets))), self.seeds,
                                        self.first) if (run.number, run.seed) not in there.index]
        if tasks:
            ready()
            with writing(path), path.open("a", newline="", encoding="utf-8") as file:
                lines = csv.writer(file, lineterminator="\n")
                for task, seen in made(tasks, workers):
                    lines.writerow([task.number, task.seed, *(f"{value:.10g}" for value in seen.values())])
                    file.flush()
        found = _read(path)
        return found[found.index.get_level_values("set") < sets].sort_index().reset_index()

    def _about(self) -> dict[str, Any]:
        return {"scenario": self.scenario.model_dump(mode="json", exclude_none=True), "seeds": self.seeds,
                "first_seed": self.first, "code": code_hash(),
                "numbers": {f.name: [f.low, f.high] for f in self.free}}


def runs_of(scenario: Scenario, sets: Iterable[dict[str, float]], seeds: int, first: int) -> list[Run]:
    """Every set of numbers with seeds of its own."""
    return [Run(n, first + n * seeds + k, scenario.with_(**values))
            for n, values in enumerate(sets) for k in range(seeds)]


def made(tasks: list[Run], workers: int | None = None) -> Iterator[tuple[Run, dict[str, float]]]:
    """What each run shows; no numbers of one that failed."""
    def run(task: Run) -> dict[str, float]:
        return observe(task.scenario, task.seed)

    for outcome in watched(in_threads(tasks, run, workers or min(MOST, usable_cores())), len(tasks)):
        yield tasks[outcome.index], outcome.result or dict.fromkeys(FIGURES, float("nan"))


def _begin(path: Path, about: dict[str, Any]) -> None:
    beside, said = path.with_suffix(".json"), json.dumps(about, indent=1, sort_keys=True)
    with writing(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        if beside.is_file() and beside.read_text(encoding="utf-8") != said:
            raise InputError(_("{folder} holds a bank of other runs (another region, seeds, --set or code of the "
                               "model); give --bank a new folder", folder=path.parent))
        if not beside.is_file():
            beside.write_text(said, encoding="utf-8")
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        if not text:
            text = ",".join(("set", "seed", *FIGURES)) + "\n"
        path.write_text(text[:text.rfind("\n") + 1], encoding="utf-8")  # a line that was cut off is run again


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path).drop_duplicates(["set", "seed"]).set_index(["set", "seed"])
