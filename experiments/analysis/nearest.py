"""The nearest world in which the answer turns, and those on the way to it, run: does it turn where the line says?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from model.measures import HEADLINES, MEASURES, WORTH
from model.scenario import PARAMETERS, Scenario

from .. import design
from ..engine import run_tasks
from ..paired import interval
from ..runs import Task, run_stored
from .plausible import Turn, Worlds, value_at

STEPS = (0.0, 0.5, 1.0, 1.5, 2.0)
"""Shares of the way to the turn that are run; 0 is the region as it is."""


def walk(of: Worlds, outcome: str, turn: Turn, seeds: int) -> pd.DataFrame:
    """Run the worlds on the way.

    Returns:
        One row a step: step, distance, pairs, gain with low and high (95 %, paired seeds), counts (whether layered
        looks like layered there).
    """
    rows, distance = [], turn.distance or 0.0
    for step in STEPS if turn.distance is not None else ():
        place = {name: step * far for name, far in turn.place.items()}
        scenario, levels = _world(of, place)
        pairs = _pairs(of, scenario, levels, seeds)
        gains = np.array([_gain(of, outcome, place, *pair) for pair in pairs], float)
        low, high, _how = interval(gains, "t")
        base = pd.DataFrame([first for first, _other in pairs])
        counts = all(a <= base[name].mean() <= b for name, (a, b) in of.plan.plausible.bands.items())
        rows.append({"step": step, "distance": step * distance, "pairs": len(gains), "gain": float(gains.mean()),
                     "low": low, "high": high, "counts": counts})
    return pd.DataFrame(rows, columns=["step", "distance", "pairs", "gain", "low", "high", "counts"])


def _world(of: Worlds, place: dict[str, float]) -> tuple[Scenario, str]:
    numbers, levels = {}, ""
    for name, far in place.items():
        if name in PARAMETERS:
            p = PARAMETERS[name]
            value = float(np.clip(value_at(of, name, far), p.low, p.high))
            numbers[name] = round(value) if p.whole else value
        elif name in design.OF_REGIMES:
            hard = design.OF_REGIMES[name]
            levels += f"+{name}={round(float(np.clip(value_at(of, name, far), hard.low, hard.high)), 4)}"
    return of.base.with_(**numbers), levels


def _pairs(of: Worlds, scenario: Scenario, levels: str, seeds: int) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    first, root = of.plan.regimes[0], of.plan.seeds.root
    tasks = [Task(scenario, regime, root + n, series=False) for n in range(seeds)
             for regime in (first, of.regime + levels)]
    done = {outcome.index: outcome.result["row"] for outcome in run_tasks(tasks, run_stored, None, None)}
    return [(done[2 * n], done[2 * n + 1]) for n in range(seeds)]


def _gain(of: Worlds, outcome: str, place: dict[str, float], first: dict[str, Any], other: dict[str, Any]) -> float:
    if outcome in HEADLINES:
        return (other[outcome] - first[outcome]) * MEASURES[outcome].direction
    worth = {name: value_at(of, design.WORTH_OF + name, place[design.WORTH_OF + name])
             if design.WORTH_OF + name in place else 1.0 for name in WORTH}
    gained, had = (sum(worth[name] * (row[name] - less[name] if less else row[name]) for name in WORTH)
                   for row, less in ((other, first), (first, None)))
    return gained / had
