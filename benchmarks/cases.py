"""What is timed. `benchmarks.race` starts this file in a process of its own, once a side and turn.

It stands on nothing but `Scenario`, `GovernanceModel(…).run().measures()` and the command line, so that it times any
checkout: the one that PYTHONPATH names, which need not have this file.
"""

from __future__ import annotations

import gc
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

WORKERS = "2"
SHORT = {"days": 35, "burn_in": 25}
"""60 days: with `--quick`, and to warm up for a run too large to do twice."""
FEW = ["--seeds", "2", "--days", "35"]
SMALL = {"streets": 1, "residents": 100, "cadres": 5, "departments": 5}
DEFAULT = 6 * 500
"""Residents of the default district."""
STATUS = Path("/proc/self/status")
IMPORT = ("from model.governance import GovernanceModel; from model.scenario import Scenario; "
          f"GovernanceModel(Scenario(**{SMALL}), 'layered', rng=1)")
PLAN = """name = "race"
[design]
kind = "list"
{fixed}
[seeds]
per_point = {seeds}
"""


@dataclass(frozen=True)
class Asked:
    """What the command line says of the cases."""

    quick: bool = False
    sweep_runs: int = 100
    """Runs of the case `sweep`; half of them a regime."""


@dataclass(frozen=True)
class Run:
    """Whole runs in this process: the world, the days, the measures."""

    about: str
    regime: str = "layered"
    changes: dict[str, Any] = field(default_factory=dict)
    reps: int = 3
    large: bool = False
    """Warm up on 60 days of the default district instead of this one."""

    def warm(self, asked: Asked) -> None:
        """A run that nobody times against another: compiles, or loads what was compiled."""
        self._go(SHORT if self.large else self._district(asked), 0)

    def rep(self, asked: Asked, n: int) -> None:
        """The n-th timed run; every one has a seed of its own, so that no side can remember a world."""
        self._go(self._district(asked), n)

    def cpu(self) -> float:
        """CPU seconds so far."""
        return time.process_time()

    def peak(self) -> float | None:
        """Most MB of memory this process held, imports included; None where /proc does not tell it."""
        # not getrusage: there a child inherits the peak of the process it was started from
        lines = STATUS.read_text().splitlines() if STATUS.exists() else []
        return next((int(line.split()[1]) * 1024e-6 for line in lines if line.startswith("VmHWM:")), None)

    def _district(self, asked: Asked) -> dict[str, Any]:
        return {**self.changes, **(SHORT if asked.quick else {})}

    def _go(self, changes: dict[str, Any], seed: int) -> None:
        from model.governance import GovernanceModel
        from model.scenario import Scenario

        GovernanceModel(Scenario(**changes), self.regime, rng=seed).run().measures()


@dataclass(frozen=True)
class Pair(Run):
    """Two regimes that share the days before the switch."""

    def _go(self, changes: dict[str, Any], seed: int) -> None:
        from model.governance import GovernanceModel
        from model.scenario import Scenario

        one = GovernanceModel(Scenario(**changes), "layered", rng=seed)
        one.run(one.scenario.burn_in)
        for model in (one.fork("whistle"), one):
            model.run().measures()


@dataclass(frozen=True)
class Command:
    """A command, from its start to its end; `words` follow `python`, `light` are what it is warmed up with."""

    about: str
    words: Callable[[Asked], list[str]]
    light: Callable[[Asked], list[str]] | None = None
    reps: int = 1

    def warm(self, asked: Asked) -> None:
        """The command once, or a light one like it."""
        _start((self.light or self.words)(asked))

    def rep(self, asked: Asked, n: int) -> None:
        """The command."""
        _start(self.words(asked))

    def cpu(self) -> float:
        """CPU seconds of commands that have ended, with their workers."""
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        return spent.ru_utime + spent.ru_stime

    def peak(self) -> None:
        """Not told of commands."""


def _start(words: list[str]) -> None:
    # -P: what is imported comes from PYTHONPATH, not from the folder one stands in
    done = subprocess.run([sys.executable, "-P", *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        sys.exit(f"`python {' '.join(words)}` ended with code {done.returncode}: {why}")


def _cli(*words: str) -> list[str]:
    return ["-m", "experiments", *words]


def _compare(asked: Asked) -> list[str]:
    return _cli("compare", *(FEW if asked.quick else ["--seeds", "20"]), "--workers", WORKERS)


def _light_compare(asked: Asked) -> list[str]:
    return _cli("compare", "--region", "rich", *FEW, "--workers", WORKERS)


def _sweep(asked: Asked) -> list[str]:
    return _planned(asked.sweep_runs, asked.quick)


def _light_sweep(asked: Asked) -> list[str]:
    return _planned(4, True)


def _planned(runs: int, short: bool) -> list[str]:
    folder = Path(tempfile.mkdtemp(dir="."))  # its parent is made for one race and removed after it
    fixed = "\n".join(["[fixed]", *(f"{name} = {value}" for name, value in SHORT.items())]) if short else ""
    (folder / "race.toml").write_text(PLAN.format(seeds=max(runs // 2, 1), fixed=fixed), encoding="utf-8")
    return _cli("run", str(folder / "race.toml"), "--out", str(folder / "results"), "--workers", WORKERS)


CASES: dict[str, Run | Command] = {
    "default": Run("the default district, layered"),
    "whistle": Run("the default district, whistle", regime="whistle"),
    "pair": Pair("layered and whistle, the days before the switch once"),
    "one-street": Run("one street of 100 residents", changes=SMALL, reps=5),
    "residents-30000": Run("30,000 residents, same needs a resident", changes={"residents": 5000}, reps=1),
    "residents-1000000": Run("1,000,000 residents, same needs a day", reps=1, large=True, changes={
        "streets": 20, "residents": 50_000, "need_rate": 0.03 * DEFAULT / 1_000_000}),
    "compare": Command("`chuishao compare`, two workers", _compare, _light_compare),
    "sweep": Command("`chuishao run` of a sweep, two workers", _sweep, _light_sweep),
    "help": Command("`chuishao --help`", lambda _: _cli("--help"), reps=5),
    "import": Command("a fresh process imports the model and builds a small one", lambda _: ["-c", IMPORT], reps=3),
}


def measured(case: Run | Command, asked: Asked) -> dict[str, Any]:
    """Wall seconds of the warm-up ("first"), CPU and wall seconds of every timed run after it, peak memory."""
    (_, first), *reps = [_spent(case, lambda n=n: case.rep(asked, n) if n else case.warm(asked))
                         for n in range(case.reps + 1)]
    cpu, wall = zip(*reps, strict=True)
    return {"first": first, "cpu": list(cpu), "wall": list(wall), "peak_MB": case.peak()}


def _spent(case: Run | Command, work: Callable[[], None]) -> tuple[float, float]:
    gc.collect()
    cpu, wall = case.cpu(), time.perf_counter()
    work()
    return case.cpu() - cpu, time.perf_counter() - wall


def main(name: str, asked: str, root: str) -> None:
    """Measure a case and print JSON, after making sure that it is the checkout in `root` that is measured."""
    found = find_spec("model.governance")
    where = Path(found.origin if found else "nothing").resolve()
    if not where.is_relative_to(Path(root).resolve()):
        sys.exit(f"what is imported is {where}, not the checkout in {root}")
    print(json.dumps(measured(CASES[name], Asked(**json.loads(asked)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
