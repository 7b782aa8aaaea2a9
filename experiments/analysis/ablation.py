"""Which switch carries the difference: main effects, interactions and Shapley shares of a factorial, seed by seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np

from model.errors import InputError
from model.regimes import CONTROLS, SWITCHES, parse_regime

from ..paired import interval
from ..store import Results
from .differences import by_regime, known_measure

Worth = Mapping[frozenset, np.ndarray]
"""What every set of switches is worth: an array over seeds."""


@dataclass(frozen=True)
class Estimate:
    """A mean over seeds with its 95 % interval (None with one seed)."""

    mean: float
    low: float | None
    high: float | None

    @classmethod
    def of(cls, values: np.ndarray) -> Estimate:
        """From one value a seed."""
        low, high, _ = interval(values)
        return cls(float(values.mean()), low, high)


def shapley(worth: Worth, players: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Every player's mean contribution over all orders of joining; they sum to the worth of all less that of none.

    Source: Shapley 1953.
    """
    n = len(players)

    def share(one: str) -> np.ndarray:
        others = [p for p in players if p != one]
        weight = {size: factorial(size) * factorial(n - size - 1) / factorial(n) for size in range(n)}
        return sum(weight[len(s)] * (worth[frozenset(s) | {one}] - worth[frozenset(s)]) for s in _subsets(others))

    return {one: share(one) for one in players}


def main_effect(worth: Worth, players: tuple[str, ...], one: str) -> np.ndarray:
    """What switching one on adds, averaged over all sets of the others."""
    others = _subsets([p for p in players if p != one])
    return sum(worth[frozenset(s) | {one}] - worth[frozenset(s)] for s in others) / len(others)


def interaction(worth: Worth, players: tuple[str, ...], a: str, b: str) -> np.ndarray:
    """How much more two add together than each alone, averaged over all sets of the others."""
    others = _subsets([p for p in players if p not in (a, b)])
    return sum(worth[frozenset(s) | {a, b}] - worth[frozenset(s) | {a}] - worth[frozenset(s) | {b}]
               + worth[frozenset(s)] for s in others) / len(others)


def ablation(results: Results, measure: str) -> dict[str, dict[str, Any]]:
    """Take a factorial sweep apart, region by region.

    Returns:
        For each region: `whole` (all switches − none), `switches` (each with alone, last, main, shapley),
        `interactions` (pairs, largest first), `controls` (each control arm − layered); all are `Estimate`s.

    Raises:
        InputError: a subset of the switches is missing, or not finished for any seed.
    """
    known_measure(measure)
    table = results.runs()
    first = table[table["point"] == 0]
    return {region: _region(by_regime(part, measure), results, region) for region, part in first.groupby("region")}


def _region(wide: Any, results: Results, region: str) -> dict[str, Any]:
    players, named = tuple(SWITCHES), {parse_regime(name).on: name for name in wide.columns}
    missing = [s for s in map(frozenset, _subsets(list(players))) if s not in named]
    if missing:
        raise InputError(f"{results.folder} is no whole factorial of the switches in {region} ({len(missing)} of 32 "
                         "sets missing); run a plan with kind = \"factorial\", e.g. `chuishao run ablation`",
                         f"{results.folder} 在 {region} 中不是各开关的完整析因设计（32 组中缺 {len(missing)} 组）；"
                         "请运行 kind = \"factorial\" 的计划，如 `chuishao run ablation`")
    wide = wide.dropna()
    if wide.empty:
        raise InputError(f"{results.folder} has no seed finished in every regime in {region}; see `chuishao status`",
                         f"{results.folder} 在 {region} 中没有一个种子完成了所有制度；请看 `chuishao status`")
    worth = {on: wide[name].to_numpy() for on, name in named.items()}
    none, every, parts = worth[frozenset()], worth[frozenset(players)], shapley(worth, players)
    switches = {p: {"alone": Estimate.of(worth[frozenset({p})] - none),
                    "last": Estimate.of(every - worth[frozenset(players) - {p}]),
                    "main": Estimate.of(main_effect(worth, players, p)), "shapley": Estimate.of(parts[p])}
                for p in players}
    pairs = {(a, b): Estimate.of(interaction(worth, players, a, b)) for a, b in combinations(players, 2)}
    controls = {c: Estimate.of(worth[frozenset({c})] - none) for c in CONTROLS if frozenset({c}) in worth}
    return {"seeds": len(wide), "whole": Estimate.of(every - none), "switches": switches,
            "interactions": dict(sorted(pairs.items(), key=lambda item: -abs(item[1].mean))), "controls": controls}


def _subsets(items: list[str]) -> list[tuple[str, ...]]:
    return [s for size in range(len(items) + 1) for s in combinations(items, size)]
