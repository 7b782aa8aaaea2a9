"""The main job: the same scenarios and seeds under two or more regimes, and what differs.

Every regime is compared with the first one, pair by pair: same scenario, same seed. A measure that is undefined in
one run of a pair leaves that pair out for that measure, so that difference = mean − mean holds over pairs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from model.measures import MEASURES
from model.regimes import parse_regime
from model.scenario import Scenario

from . import logfit
from .engine import Outcome
from .neutrality import Neutrality, prove
from .paired import Paired, paired
from .runs import LIMIT, Source, Task, region_of

SCHEMA = 1
ROOT = 20260101
"""The first of the seeds; n seeds are ROOT, ROOT + 1, … so that a comparison can be repeated to the bit."""


@dataclass(frozen=True)
class Plan:
    """What is to be compared."""

    scenarios: tuple[Scenario, ...]
    regimes: tuple[str, ...]
    seeds: tuple[int, ...]
    rules: Source | None = None
    detail: bool = False
    limit: float | None = LIMIT
    """Seconds after which a run is given up."""

    @property
    def regions(self) -> list[str]:
        """Names of the scenarios."""
        return [region_of(s) for s in self.scenarios]

    def tasks(self) -> list[Task]:
        """Every run; the arms of a pair are neighbours."""
        return [Task(scenario, regime, seed, self.rules, self.detail, self.limit)
                for scenario in self.scenarios for seed in self.seeds for regime in self.regimes]


def default_seeds(count: int) -> tuple[int, ...]:
    """The seeds of a comparison: the same ones every time, for every regime and region."""
    return tuple(range(ROOT, ROOT + count))


@dataclass(frozen=True)
class Line:
    """One measure of one regime against the first."""

    region: str
    measure: str
    base: str
    regime: str
    stats: Paired

    @property
    def direction(self) -> int:
        """+1 more is better, −1 less is better, 0 neither."""
        return MEASURES[self.measure].direction

    @property
    def verdict(self) -> int:
        """+1 better, −1 worse, 0 not told apart."""
        return self.stats.verdict(self.direction)


@dataclass(frozen=True)
class Failure:
    """A run that did not finish."""

    task: Task
    error: str
    error_zh: str
    trace: str

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"region": self.task.region, "regime": self.task.regime, "seed": self.task.seed, "error": self.error,
                "error_zh": self.error_zh, "traceback": self.trace, "replay": self.task.replay}


@dataclass
class Comparison:
    """Finished runs and everything computed from them; independent of the order they finished in."""

    plan: Plan
    tasks: list[Task]
    results: list[dict[str, Any] | None]
    failures: list[Failure] = field(default_factory=list)
    notes: dict[str, tuple[list[str], list[str]]] = field(default_factory=dict)
    """What is to be said of a case log, by region, in English and in Chinese."""

    @cached_property
    def arms(self) -> dict[tuple[str, str], list[dict[str, Any] | None]]:
        """Results (None if failed) by region and regime, in the order of seeds."""
        arms: dict[tuple[str, str], list] = {}
        for task, result in zip(self.tasks, self.results, strict=True):
            arms.setdefault((task.region, task.regime), []).append(result)
        return arms

    def values(self, region: str, regime: str, measure: str) -> list[float | None]:
        """A measure seed by seed."""
        return [result and result["row"][measure] for result in self.arms[region, regime]]

    def rows(self) -> list[dict[str, Any]]:
        """The flat rows of all finished runs."""
        return [result["row"] for result in self.results if result]

    def lines(self, region: str, regime: str) -> list[Line]:
        """Every measure of a regime against the first regime."""
        base = self.plan.regimes[0]
        return [Line(region, m, base, regime, paired(self.values(region, base, m), self.values(region, regime, m),
                                                     MEASURES[m].direction)) for m in MEASURES]

    def every_line(self) -> list[Line]:
        """All of them: regions × regimes but the first × measures."""
        return [line for region in self.plan.regions for regime in self.plan.regimes[1:]
                for line in self.lines(region, regime)]

    def neutrality(self, with_more_hours: bool = True) -> Neutrality:
        """What shows that only the regime differed; on request without the arms that add hours on purpose."""
        arms = [r for r in self.plan.regimes[1:] if with_more_hours or parse_regime(r).neutral]
        return prove(self._pairs(arms), [self.plan.regimes[0], *arms] if with_more_hours else [])

    def waits(self, region: str) -> dict[str, dict[str, float | None]]:
        """Waiting times of the log and of each regime's cases (means over seeds); empty without a log."""
        table = {}
        for regime in self.plan.regimes:
            found = [result["waits"] for result in self.arms[region, regime] if result and result["waits"]]
            if found:
                table["log"] = found[0]["log"]
                table[regime] = {k: _mean(f["model"][k] for f in found) for k in found[0]["model"]}
        return table

    def curves(self, region: str) -> dict[str, list[logfit.Curves]]:
        """Closing times and backlog of the log (once) and of each regime's runs; empty without a log."""
        found = {regime: [r["curves"] for r in self.arms[region, regime] if r and "curves" in r]
                 for regime in self.plan.regimes}
        log = next((some[0]["log"] for some in found.values() if some), None)
        own = {regime: [curves["model"] for curves in some] for regime, some in found.items() if some}
        return {"log": [log], **own} if log else {}

    def log_fit(self, region: str) -> dict[str, dict[str, float | None]]:
        """How near each regime comes to the log (means over seeds), and the log's own level; empty without one."""
        curves = self.curves(region)
        log = curves.pop("log", [])
        fits = {who: logfit.mean_distances([logfit.distances(log[0], one) for one in some])
                for who, some in curves.items()}
        return {"log": logfit.level(log[0]), **fits} if log else {}

    def as_dict(self) -> dict[str, Any]:
        """The JSON object of `--json`; `waits`, `notes` and `failed` are there only when there is something to say."""
        waits = {region: table for region in self.plan.regions if (table := self.waits(region))}
        fits = {region: fit for region in self.plan.regions if (fit := self.log_fit(region))}
        return {
            "schema": SCHEMA,
            "seeds": len(self.plan.seeds),
            "regimes": list(self.plan.regimes),
            "neutral": self.neutrality().neutral,
            "regions": {region: {"measures": self._measures(region)} for region in self.plan.regions},
            **({"waits": waits} if waits else {}),
            **({"log_fit": fits} if fits else {}),
            **({key: {region: said[zh] for region, said in self.notes.items()}
                for zh, key in enumerate(("notes", "notes_zh"))} if self.notes else {}),
            **({"failed": [f.as_dict() for f in self.failures]} if self.failures else {}),
        }

    def _pairs(self, arms: list[str]) -> Iterator[tuple[dict, dict]]:
        for region in self.plan.regions:
            for regime in arms:
                for a, b in zip(self.arms[region, self.plan.regimes[0]], self.arms[region, regime], strict=True):
                    if a and b:
                        yield a["neutrality"], b["neutrality"]

    def _measures(self, region: str) -> dict[str, dict[str, Any]]:
        arms = {regime: self.lines(region, regime) for regime in self.plan.regimes[1:]}
        return {m: _entry({regime: lines[i] for regime, lines in arms.items()}) for i, m in enumerate(MEASURES)}


def _entry(arms: dict[str, Line]) -> dict[str, Any]:
    # two regimes: plain numbers; more: each statistic is a dict by regime, every one against the first
    first = next(iter(arms.values()))
    means = {first.base: first.stats.mean_a, **{regime: line.stats.mean_b for regime, line in arms.items()}}
    names = ("difference", "low", "high", "p_better", "variance_ratio")
    if len(arms) == 1:
        return {**means, **{name: getattr(first.stats, name) for name in names}}
    return {**means, **{name: {regime: getattr(line.stats, name) for regime, line in arms.items()} for name in names}}


def gather(plan: Plan, tasks: list[Task], outcomes: Iterable[Outcome]) -> Comparison:
    """Put outcomes back in the order of their tasks."""
    results: list[dict[str, Any] | None] = [None] * len(tasks)
    failed = {}
    for outcome in outcomes:
        results[outcome.index] = outcome.result
        if not outcome.ok:
            failed[outcome.index] = Failure(tasks[outcome.index], outcome.error or "", outcome.error_zh or "",
                                            outcome.trace)
    return Comparison(plan, tasks, results, [failed[i] for i in sorted(failed)])


def case_notes(plan: Plan) -> dict[str, tuple[list[str], list[str]]]:
    """What is to be said of each scenario's case log, in English and Chinese; finds a bad log before anything runs.

    Raises:
        InputError: a log that cannot be used.
    """
    from model.governance import GovernanceModel

    models = {region_of(s): GovernanceModel(s, rng=plan.seeds[0]) for s in plan.scenarios if s.needs}
    return {region: (model.case_notes(), model.case_notes("zh")) for region, model in models.items()}


def _mean(values: Iterable[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return sum(known) / len(known) if known else None
