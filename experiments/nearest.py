"""`chuishao nearest`: the smallest changes of the model's numbers at which a regime gains or loses.

A stated search, no proof: every number is moved alone to each end of its range; of each regime and region the numbers
that push hardest are then walked there in quarters, alone and two at a time; the nearest settings that turn the answer
are run again on fresh seeds, and only what holds there too is told. By luck alone two 95 % intervals lie on one side of
0 in one setting of 1,600.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.measures import WORTH
from model.scenario import PARAMETERS, Scenario, load_scenario

from .analysis.differences import by_regime
from .confirm import FRESH
from .design import RUN_LENGTH, SIZES
from .freeze import text_of
from .paired import interval
from .plan import CompareTable, DesignTable, SweepPlan
from .runs import region_of
from .store import Results, open_results
from .sweep import run_plan

QUARTERS = (0.25, 0.5, 0.75, 1.0)
STRONGEST = 4
"""Numbers of each regime, region, outcome and direction that are walked, alone and in pairs."""
CANDIDATES = 3
"""Settings of each that are run again on fresh seeds."""
OUTCOMES = ("served_cases", "worth")
"""Cases; and cases, directives and core jobs of one worth each."""
Point = dict[str, Any]
Key = tuple[str, str]
"""Region and regime."""


@dataclass(frozen=True)
class Turn:
    """The nearest setting found at which a regime gains (sign 1) or loses (−1); point None: none was found."""

    region: str
    regime: str
    outcome: str
    sign: int
    point: Point | None
    distance: float | None
    """Sum over the numbers moved of the share of the range moved through; 0: as it is."""
    difference: float | None
    low: float | None
    high: float | None
    """Of the fresh seeds."""


def nearest(plan: SweepPlan, folder: Path, **how: Any) -> dict[str, Any]:
    """Search; the same call again goes on where it ended.

    Args:
        plan: regions, regimes, fixed values, seeds; under [vary] the names to move, all but sizes if there are none.
        folder: gets `ends/`, `walks/` and `fresh/`, folders like those of `chuishao run`.
        how: as of `run_plan`.

    Returns:
        names (moved), seeds, failed (runs), turns: a `Turn` for every region, regime, outcome and sign.
    """
    names = [name for name in plan.vary or PARAMETERS if name not in (*RUN_LENGTH, *SIZES, *plan.fixed)]
    bases = {region: load_scenario(region, **plan.fixed) for region in plan.regions}
    first = _with_points(plan, plan.regions, plan.regimes, ends(names))
    failed = _run({"": first}, folder / "ends", how)
    seen = _Seen(bases)
    seen.read(open_results(folder / "ends"))
    failed += _run(_walks(plan, seen), folder / "walks", how)
    seen.read_all(folder / "walks")
    found = {key: list(seen.candidates(*key)) for key in seen.searches()}
    fresh = _Seen(bases)
    failed += _run(_fresh(plan, found), folder / "fresh", how)
    fresh.read_all(folder / "fresh")
    return {"names": names, "seeds": plan.seeds.per_point, "failed": failed,
            "turns": [fresh.turn(key, points) for key, points in found.items()]}


def ends(names: list[str]) -> list[Point]:
    """As it is, then every number alone at each end of its range."""
    return [{}, *({name: end} for name in names for end in (PARAMETERS[name].low, PARAMETERS[name].high))]


def distance(base: Scenario, point: Point) -> float:
    """How far a setting is from the region's own, in shares of ranges."""
    return sum(abs(value - getattr(base, name)) / (PARAMETERS[name].high - PARAMETERS[name].low)
               for name, value in point.items())


def between(base: Scenario, end: Point, share: float) -> Point:
    """The setting a share of the way to another."""
    out = {}
    for name, value in end.items():
        start = getattr(base, name)
        out[name] = round(start + share * (value - start)) if PARAMETERS[name].whole else float(
            f"{start + share * (value - start):.6g}")
    return {name: value for name, value in out.items() if value != getattr(base, name)}


class _Seen:
    """Paired differences of settings by region and regime."""

    def __init__(self, bases: dict[str, Scenario]) -> None:
        self.bases = bases
        self.by_name = {region_of(base): base for base in bases.values()}
        self.points: dict[Key, list[Point]] = {}
        self.gains: dict[Key, dict[str, list[np.ndarray]]] = {}

    def read(self, results: Results) -> None:
        """Add what a folder holds."""
        table, points = results.runs(), results.plan.points()
        if table.empty:
            return
        base = results.plan.regimes[0]
        sums = {"served_cases": by_regime(table, "served_cases"), "worth": sum(by_regime(table, n) for n in WORTH)}
        for outcome, wide in sums.items():
            for regime in (r for r in results.plan.regimes[1:] if r in wide and base in wide):
                for (point, region), d in (wide[regime] - wide[base]).groupby(level=["point", "region"]):
                    key = (str(region), regime)
                    self.gains.setdefault(key, {o: [] for o in OUTCOMES})[outcome].append(d.dropna().to_numpy())
                    if outcome == OUTCOMES[0]:
                        self.points.setdefault(key, []).append(points[int(point)])

    def read_all(self, folder: Path) -> None:
        """Add what all folders below one hold."""
        for one in sorted(folder.iterdir()) if folder.is_dir() else ():
            self.read(open_results(one))

    def searches(self) -> Iterator[tuple[str, str, str, int]]:
        """Every region, regime, outcome and sign."""
        for region, regime in self.points:
            for outcome in OUTCOMES:
                for sign in (-1, 1):
                    yield region, regime, outcome, sign

    def told(self, region: str, regime: str, outcome: str) -> pd.DataFrame:
        """Settings with their distance, mean difference and 95 % interval; the nearest first."""
        base, key, rows = self.by_name[region], (region, regime), []
        for point, d in zip(self.points[key], self.gains[key][outcome], strict=True):
            low, high, _how = interval(d)
            rows.append({"point": point, "distance": distance(base, point), "difference": d.mean() if len(d) else None,
                         "low": low, "high": high})
        return pd.DataFrame(rows).sort_values("distance", kind="stable")

    def candidates(self, region: str, regime: str, outcome: str, sign: int) -> list[Point]:
        """The nearest settings that turn."""
        told = self.told(region, regime, outcome)
        return list(told[_turned(told, sign)]["point"].head(CANDIDATES))

    def turn(self, key: tuple[str, str, str, int], points: list[Point]) -> Turn:
        """The nearest of some settings that turns."""
        region, regime, outcome, sign = key
        if points and (region, regime) in self.points:
            told = self.told(region, regime, outcome)
            told = told[_turned(told, sign) & told["point"].map(lambda one: one in points)]
            if len(told):
                best = told.iloc[0]
                return Turn(*key, best["point"], *(float(best[k]) for k in ("distance", "difference", "low", "high")))
        return Turn(*key, None, None, None, None, None)

    def strongest(self, region: str, regime: str, outcome: str, sign: int) -> list[Point]:
        """Ends of single numbers that push furthest in a direction, a number once."""
        told = self.told(region, regime, outcome)
        told = told[told["point"].map(len) == 1].dropna(subset="difference")
        told = told[told["distance"] > 0].assign(push=lambda t: t["difference"] * sign, name=[
            next(iter(p)) for p in told[told["distance"] > 0]["point"]])
        told = told.sort_values("push", ascending=False, kind="stable").drop_duplicates("name")
        return list(told["point"].head(STRONGEST))


def _turned(told: pd.DataFrame, sign: int) -> pd.Series:
    low, high = told["low"].astype(float), told["high"].astype(float)
    return low > 0 if sign > 0 else high < 0


def _walks(plan: SweepPlan, seen: _Seen) -> dict[str, SweepPlan]:
    """Of each region and regime: what pushes hardest, alone and in pairs, and what turned at an end, in quarters."""
    out = {}
    for n, (region, regime) in enumerate(seen.points):
        base, ways = seen.by_name[region], []
        for outcome in OUTCOMES:
            for sign in (-1, 1):
                singles = seen.strongest(region, regime, outcome, sign)
                turned = [p for p in seen.candidates(region, regime, outcome, sign) if p]
                ways += [*singles, *turned, *({**a, **b} for a, b in combinations(singles, 2))]
        points = [between(base, way, share) for way in ways for share in QUARTERS]
        out[str(n)] = _with_points(plan, (_region(plan, region),), (plan.regimes[0], regime), _once(points))
    return {name: one for name, one in out.items() if one.point}


def _fresh(plan: SweepPlan, found: dict[tuple[str, str, str, int], list[Point]]) -> dict[str, SweepPlan]:
    """The candidates of each region and regime on fresh seeds."""
    out, keys = {}, list(dict.fromkeys(key[:2] for key in found))
    for n, (region, regime) in enumerate(keys):
        points = _once([p for key, some in found.items() if key[:2] == (region, regime) for p in some])
        if points:
            one = _with_points(plan, (_region(plan, region),), (plan.regimes[0], regime), points)
            out[str(n)] = one.model_copy(update={"seeds": plan.seeds.model_copy(
                update={"root": plan.seeds.root + FRESH})})
    return out


def _once(points: list[Point]) -> list[Point]:
    return [point for n, point in enumerate(points) if point not in points[:n]]


def _region(plan: SweepPlan, name: str) -> str:
    """A plan's spelling of a region, by its name in results."""
    return next(r for r in plan.regions if region_of(load_scenario(r, **plan.fixed)) == name)


def _with_points(plan: SweepPlan, regions: tuple[str, ...], regimes: tuple[str, ...], points: list[Point]
                 ) -> SweepPlan:
    return plan.model_copy(update={"scale": 1.0, "regions": tuple(regions), "design": DesignTable(kind="list"),
                                   "compare": CompareTable(regimes=tuple(regimes)), "vary": {},
                                   "point": tuple(points)})


def _run(plans: dict[str, SweepPlan], folder: Path, how: dict[str, Any]) -> int:
    """Run plans, each into its folder; how many runs failed."""
    return sum(run_plan(plan, text_of(plan), folder / name, **how)["failed"] for name, plan in plans.items())
