"""A comparison over the draws of a posterior: each pair has numbers of its own, so that not luck alone differs."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.measures import HEADLINES, MEASURES

from ..paired import TIE
from ..store import Results
from .differences import by_regime

Spread = dict[str, dict[str, dict[str, dict[str, float | None]]]]
"""By region, regime and measure: low and high (95 % of the draws), gains (share of draws that are better)."""


def over_draws(results: Results) -> Spread:
    """What the draws say one by one; empty where all pairs have the same numbers."""
    if results.plan.posterior is None:
        return {}
    base, *others = results.plan.regimes
    found: Spread = {}
    for measure in HEADLINES:
        wide = by_regime(results.runs(), measure)
        for region in results.regions:
            for regime in others:
                if base in wide and regime in wide and region in wide.index.get_level_values("region"):
                    gap = (wide[regime] - wide[base]).xs(region, level="region").dropna().to_numpy()
                    found.setdefault(region, {}).setdefault(regime, {})[measure] = _spread(measure, gap)
    return found


def _spread(measure: str, gap: np.ndarray) -> dict[str, float | None]:
    if not len(gap):
        return dict.fromkeys(("low", "high", "gains"))
    low, high = np.quantile(gap, [0.025, 0.975])
    better = gap * (MEASURES[measure].direction or 1) > TIE
    return {"low": float(low), "high": float(high), "gains": float(better.mean())}


def as_json(results: Results) -> dict[str, Any]:
    """The posterior's name and what its draws say."""
    return {"posterior": results.plan.posterior, "regions": over_draws(results)}
