"""`chuishao nearest`: the smallest changes of the model's numbers at which a regime gains or loses.

A stated search, no proof: every number is moved alone to each end of its range; of each regime and region the numbers
that push hardest are then walked there in quarters, alone and two at a time; the nearest settings that turn the answer
are run again on fresh seeds, and only what holds there too is told. By luck alone two 95 % intervals lie on one side of
0 in one setting of 1,600.
"""

from __future__ import annotations

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
from .store import FILE, open_results
from .sweep import run_plan

QUARTERS = (0.25, 0.5, 0.75, 1.0)
STRONGEST = 4
"""Numbers of each regime, region, outcome and direction that are walked, alone and in pairs."""
CANDIDATES = 3
"""Settings of each that are run again on fresh seeds."""
OUTCOMES = ("served_cases", "worth")
"""Cases; and cases, directives and core jobs of one worth each."""
Point = dict[str, Any]
Key = tuple[str, str, str, int]
"""Region, regime, outcome and sign."""


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
    bases = {region_of(base): base for base in (load_scenario(region, **plan.fixed) for region in plan.regions)}
    first = _with_points(plan, plan.regions, plan.regimes, ends(names))
    failed = _run({"": first}, folder / "ends", how)
    failed += _run(_walks(plan, _seen(folder / "ends", bases), bases), folder / "walks", how)
    seen = pd.concat([_seen(folder / "ends", bases), _seen(folder / "walks", bases)])
    found = {key: _candidates(seen, key) for pair in _pairs(seen) for key in _searches(pair)}
    failed += _run(_fresh(plan, found), folder / "fresh", how)
    fresh = _seen(folder / "fresh", bases)
    return {"names": names, "seeds": plan.seeds.per_point, "failed": failed,
            "turns": [_turn(fresh, key, points) for key, points in found.items()]}


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


def _seen(folder: Path, bases: dict[str, Scenario]) -> pd.DataFrame:
    """Paired differences of every setting in a folder and those below it, with their 95 % intervals."""
    rows = []
    for one in sorted(path.parent for path in folder.rglob(FILE)):
        results = open_results(one)
        table, points, base = results.runs(), results.plan.points(), results.plan.regimes[0]
        sums = {"served_cases": by_regime(table, "served_cases"), "worth": sum(by_regime(table, n) for n in WORTH)}
        for outcome, wide in sums.items():
            for regime in (r for r in results.plan.regimes[1:] if r in wide and base in wide):
                for (n, region), gaps in (wide[regime] - wide[base]).groupby(level=["point", "region"]):
                    d, point = gaps.dropna().to_numpy(), points[int(n)]
                    rows.append([str(region), regime, outcome, point, distance(bases[str(region)], point),
                                 d.mean() if len(d) else np.nan, *interval(d)[:2]])
    columns = ["region", "regime", "outcome", "point", "distance", "difference", "low", "high"]
    return pd.DataFrame(rows, columns=columns).astype({"low": float, "high": float})


def _pairs(seen: pd.DataFrame) -> list[tuple[str, str]]:
    """Every region and regime."""
    return list(seen[["region", "regime"]].drop_duplicates().itertuples(index=False, name=None))


def _searches(pair: tuple[str, str]) -> list[Key]:
    return [(*pair, outcome, sign) for outcome in OUTCOMES for sign in (-1, 1)]


def _of(seen: pd.DataFrame, key: Key) -> pd.DataFrame:
    """What is seen of a region, regime and outcome, the nearest first."""
    here = (seen[["region", "regime", "outcome"]] == list(key[:3])).all(axis=1)
    return seen[here].sort_values("distance", kind="stable")


def _turned(some: pd.DataFrame, sign: int) -> pd.DataFrame:
    return some[some["low"] > 0 if sign > 0 else some["high"] < 0]


def _candidates(seen: pd.DataFrame, key: Key) -> list[Point]:
    """The nearest settings that turn."""
    return list(_turned(_of(seen, key), key[3])["point"].head(CANDIDATES))


def _turn(seen: pd.DataFrame, key: Key, points: list[Point]) -> Turn:
    """The nearest of some settings that turns."""
    for best in _turned(_of(seen, key), key[3]).to_dict("records"):
        if best["point"] in points:
            return Turn(*key, *(best[k] for k in ("point", "distance", "difference", "low", "high")))
    return Turn(*key, None, None, None, None, None)


def _strongest(seen: pd.DataFrame, key: Key) -> list[Point]:
    """Ends of single numbers that push furthest in a direction, a number once."""
    some = _of(seen, key).dropna(subset="difference")
    some = some[(some["point"].map(len) == 1) & (some["distance"] > 0)]
    some = some.assign(push=some["difference"] * key[3], name=[next(iter(point)) for point in some["point"]])
    some = some.sort_values("push", ascending=False, kind="stable").drop_duplicates("name")
    return list(some["point"].head(STRONGEST))


def _walks(plan: SweepPlan, seen: pd.DataFrame, bases: dict[str, Scenario]) -> dict[str, SweepPlan]:
    """Of each region and regime: what pushes hardest, alone and in pairs, and what turned at an end, in quarters."""
    out = {}
    for n, (region, regime) in enumerate(_pairs(seen)):
        ways: list[Point] = []
        for key in _searches((region, regime)):
            singles = _strongest(seen, key)
            ways += [*singles, *filter(None, _candidates(seen, key))]
            ways += [{**a, **b} for a, b in combinations(singles, 2)]
        points = [between(bases[region], way, share) for way in ways for share in QUARTERS]
        out[str(n)] = _with_points(plan, (_region(plan, region),), (plan.regimes[0], regime), _once(points))
    return {name: one for name, one in out.items() if one.point}


def _fresh(plan: SweepPlan, found: dict[Key, list[Point]]) -> dict[str, SweepPlan]:
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
