"""Which switch carries the difference: main effects, interactions and Shapley shares of a factorial, seed by seed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import pandas as pd

from languages.text import _
from model.errors import InputError
from model.regimes import CONTROLS, SWITCHES, WHISTLE, parse_regime

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
        return _total(weight[len(s)] * (worth[frozenset(s) | {one}] - worth[frozenset(s)]) for s in _subsets(others))

    return {one: share(one) for one in players}


def _total(parts: Iterable[np.ndarray]) -> np.ndarray:
    return np.asarray(sum(parts))


def main_effect(worth: Worth, players: tuple[str, ...], one: str) -> np.ndarray:
    """What switching one on adds, averaged over all sets of the others."""
    others = _subsets([p for p in players if p != one])
    return _total(worth[frozenset(s) | {one}] - worth[frozenset(s)] for s in others) / len(others)


def interaction(worth: Worth, players: tuple[str, ...], a: str, b: str) -> np.ndarray:
    """How much more two add together than each alone, averaged over all sets of the others."""
    others = _subsets([p for p in players if p not in (a, b)])
    return _total(worth[frozenset(s) | {a, b}] - worth[frozenset(s) | {a}] - worth[frozenset(s) | {b}]
                  + worth[frozenset(s)] for s in others) / len(others)


def ablation(results: Results, measure: str, regime: str | None = None) -> dict[str, dict[str, Any]]:
    """Take the difference between a regime and the plan's first apart, region by region.

    Args:
        results: a folder that holds every set of the switches in which the two differ.
        measure: name of a measure.
        regime: what is taken apart; the whole reform if None.

    Returns:
        For each region: `regime`, `base`, `seeds`, `whole` (regime − base), `switches` (each with alone, last, main,
        shapley), `interactions` (pairs, largest first), `controls` (each arm that is no set of switches − base); all
        but the first three are `Estimate`s.

    Raises:
        InputError: a subset of the switches is missing, or not finished for any seed.
    """
    known_measure(measure)
    table = results.runs()
    first = table[table["point"] == 0]
    return {region: _region(by_regime(part, measure), results, region, regime or WHISTLE.name)
            for region, part in first.groupby("region")}


def _region(wide: pd.DataFrame, results: Results, region: str, regime: str) -> dict[str, Any]:
    named, base = {parse_regime(name).on: name for name in wide.columns}, parse_regime(results.plan.regimes[0]).on
    players = tuple(p for p in (*SWITCHES, *CONTROLS) if p in parse_regime(regime).on - base)
    sets = {frozenset(s) | base: frozenset(s) for s in _subsets(list(players))}
    missing = [on for on in sets if on not in named]
    if missing or not players:
        raise InputError(_("{folder} is not a complete factorial of the switches of {regime} in {region} ({missing} "
                           "of {sets} sets missing); run a plan with kind = \"factorial\", e.g. `chuishao run "
                           "ablation`",
                           folder=results.folder, regime=regime, region=region, missing=len(missing), sets=len(sets)))
    wide = wide.dropna()
    if wide.empty:
        raise InputError(_("{folder} has no seed finished in every regime in {region}; see `chuishao status`",
                           folder=results.folder, region=region))
    worth = {players_on: wide[named[on]].to_numpy() for on, players_on in sets.items()}
    arms = {_arm(on - base, name): wide[name].to_numpy() for on, name in named.items() if on - base - set(SWITCHES)
            and on not in sets}
    return {"regime": regime, "base": results.plan.regimes[0], "seeds": len(wide), **_apart(worth, players),
            "controls": {name: Estimate.of(values - worth[frozenset()]) for name, values in arms.items()}}


def _arm(on: frozenset[str], regime: str) -> str:
    """What an arm is called: by what it adds if that is one thing."""
    return next(iter(on)) if len(on) == 1 else regime


def _apart(worth: Worth, players: tuple[str, ...]) -> dict[str, Any]:
    none, every, parts = worth[frozenset()], worth[frozenset(players)], shapley(worth, players)
    switches = {p: {"alone": Estimate.of(worth[frozenset({p})] - none),
                    "last": Estimate.of(every - worth[frozenset(players) - {p}]),
                    "main": Estimate.of(main_effect(worth, players, p)), "shapley": Estimate.of(parts[p])}
                for p in players}
    pairs = {(a, b): Estimate.of(interaction(worth, players, a, b)) for a, b in combinations(players, 2)}
    return {"whole": Estimate.of(every - none), "switches": switches,
            "interactions": dict(sorted(pairs.items(), key=lambda item: -abs(item[1].mean)))}


def _subsets(items: list[str]) -> list[tuple[str, ...]]:
    return [s for size in range(len(items) + 1) for s in combinations(items, size)]
