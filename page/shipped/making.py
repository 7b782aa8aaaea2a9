"""Makes the files: runs every preset beforehand; what is there is gone on from."""

from __future__ import annotations

import argparse
import base64
import gzip
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from agents.compiled import prepare
from experiments.analysis.differences import FAMILY
from experiments.runs import ROOT
from model.scenario import REGIONS, load_scenario, scenario_names

from ..definition import Definition
from ..eye import LOOK
from ..outcome import MEASURED, side_of
from ..sides import begun, inject_all, part, quiet, run_to, take_over
from ..strips import SLIDERS, key_of, point_of
from ..year import year_of
from .reading import mark, path_of, read, year_to


@dataclass(frozen=True)
class Size:
    """How much is made: pairs, pairs a part of the reform is measured on, pairs a point, every how-many-th point."""

    pairs: int
    part_seeds: int
    strip_seeds: int
    every: int


WHOLE, SMALLER = Size(40, 20, 4, 1), Size(20, 12, 4, 2)
"""Of the regions; of the other presets."""


def runs_of(definition: Definition, regimes: list[str], seed: int, curves: bool = True) -> dict[str, dict[str, Any]]:
    """Some regimes from one morning of the switch."""
    start = list(begun(quiet(definition.scenario), seed))[-1]
    found = {}
    for n, regime in enumerate(regimes):
        m = take_over(start, regime) if n == len(regimes) - 1 else part(start, regime)
        inject_all(m, definition.scenario)
        for _day in run_to(m, m.scenario.horizon):
            pass
        side = side_of(m)
        found[regime] = {"measures": [side.measures[name] for name in MEASURED]}
        if curves:
            found[regime]["curves"] = base64.b64encode(side.curves.tobytes()).decode("ascii")
        vars(m).clear()
    return found


def _seed(name: str, n: int, parts: bool) -> tuple[int, dict[str, dict[str, Any]]]:
    """All that is run of a preset on one seed."""
    from ..answers import flips

    definition = Definition().with_(scenario=load_scenario(name))
    others = [spelling for _on, spelling in flips(definition).values()] if parts else []
    return ROOT + n, runs_of(definition, [*definition.regimes, *others], ROOT + n)


def _point(name: str, slider: str, x: float, seeds: int) -> dict[str, Any]:
    definition = key_of(Definition().with_(scenario=load_scenario(name)), slider, x)[0]
    pairs = []
    for n in range(seeds):
        found = runs_of(definition, list(definition.regimes), ROOT + n, curves=False)
        pairs.append(tuple(dict(zip(MEASURED, found[r]["measures"], strict=True)) for r in definition.regimes))
    return point_of(x, pairs)


def _year(name: str) -> dict[str, Any]:
    return year_to(year_of(Definition().with_(scenario=load_scenario(name))))


def _maps(name: str) -> list[Any]:
    """The runs of a preset's map of where it fails, and of the searches for what breaks it: link and measures."""
    from ..ensemble import RUNS
    from ..where.breaking import Search
    from ..where.maps import AXES, Map

    definition = Definition().with_(scenario=load_scenario(name))
    Map(definition, *AXES).fill()
    for outcome in (FAMILY[0], "worth"):
        Search(definition, outcome).look()
    found: dict[tuple[Any, int], dict[str, list[Any]]] = {}
    for (scenario, regime, seed, _source), side in RUNS.items():
        found.setdefault((scenario, seed), {})[regime] = [side.measures[one] for one in MEASURED]
    return [[definition.with_(scenario=scenario, seed=seed).to_query(), runs]
            for (scenario, seed), runs in found.items()]


def still_so(name: str, told: dict[str, Any]) -> bool:
    """Whether other code gives what a file says, to the bit: its first and last seed made anew, under every regime.

    So a change of the engine that leaves results as they are does not cost all of a file.
    """
    if told["mark"][:1] + told["mark"][2:] != mark()[:1] + mark()[2:]:
        return False
    seeds = sorted(next(iter(told["runs"].values()), {}), key=int)
    for seed in dict.fromkeys(seeds[:1] + seeds[-1:]):
        kept = {regime: runs[seed] for regime, runs in told["runs"].items() if seed in runs}
        if runs_of(Definition().with_(scenario=load_scenario(name)), list(kept), int(seed)) != kept:
            return False
    return bool(seeds)


def make(name: str, pool: ProcessPoolExecutor, strips: bool = True) -> None:
    """Make what is missing of a preset's file; it is written after every part."""
    told, size = read(name), WHOLE if name in REGIONS else SMALLER
    if told is None or (told["mark"] != mark() and not pool.submit(still_so, name, told).result()):
        told = {"mark": mark(), "runs": {}, "strips": {}}
    if told["mark"] != mark():
        told["mark"] = mark()
        _write(name, told)
    done = told["runs"].get(Definition().regimes[1], {})
    if name in REGIONS and told.get("look") != LOOK:
        told |= {"year": pool.submit(_year, name).result(), "look": LOOK}
        _write(name, told)
    missing = [n for n in range(size.pairs) if str(ROOT + n) not in done]
    for seed, found in pool.map(_seed, [name] * len(missing), missing, [n < size.part_seeds for n in missing]):
        for regime, run in found.items():
            told["runs"].setdefault(regime, {})[str(seed)] = run
    if missing:
        _write(name, told)
    for slider, at in SLIDERS.items() if strips else ():
        here = {point["x"]: point for point in told["strips"].get(slider, [])}
        new = [x for x in at.at[::size.every] if x not in here]
        here |= zip(new, pool.map(partial(_point, name, slider, seeds=size.strip_seeds), new), strict=True)
        told["strips"][slider] = [here[x] for x in sorted(here)]
        if new:
            _write(name, told)


def make_maps(name: str, pool: ProcessPoolExecutor) -> None:
    """Make what the view "where it fails" begins with, some ten minutes, unless it is there."""
    told = read(f"{name}-maps")
    if told is None or told["mark"] != mark():
        _write(f"{name}-maps", {"mark": mark(), "runs": pool.submit(_maps, name).result()})


def _write(name: str, told: dict[str, Any]) -> None:
    path = path_of(name)
    text = json.dumps(told, separators=(",", ":"), allow_nan=False)
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    unfinished.replace(path)


def main(arguments: list[str] | None = None) -> int:
    """Make the files that were asked for, or all."""
    parser = argparse.ArgumentParser(prog="python -m page.shipped", description="Run presets beforehand.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="presets; all if none is named")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--no-strips", action="store_true", help="leave the sliders' strips out")
    parser.add_argument("--maps", action="store_true", help="the regions' maps of where it fails, too")
    asked = parser.parse_args(arguments)
    wrong = [name for name in asked.names if name not in scenario_names()]
    if wrong:
        print(f"unknown: {', '.join(wrong)}; known: {', '.join(scenario_names())}", file=sys.stderr)
        return 2
    prepare()
    with ProcessPoolExecutor(asked.jobs) as pool:
        for name in asked.names or scenario_names():
            begun_at = time.perf_counter()
            make(name, pool, not asked.no_strips)
            if asked.maps and name in REGIONS:
                make_maps(name, pool)
            print(f"{name}: {path_of(name).stat().st_size} bytes, {time.perf_counter() - begun_at:.0f} s", flush=True)
    return 0
