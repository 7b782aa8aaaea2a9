"""What a comparison says street by street and department by department: a town's own, pair by pair."""

from __future__ import annotations

from typing import Any

import pandas as pd

from model.by_place import BY_PLACE
from model.measures import MEASURES

from ..paired import paired
from ..store import Results

COLUMNS = ["region", "regime", "kind", "place", "measure", "pairs", "base_mean", "mean", "difference", "low", "high"]


def by_place(results: Results) -> pd.DataFrame:
    """The paired difference of every regime to the first in every street and department of a town.

    Returns:
        A row a region, regime, kind ("street", "department"), place (from 0) and measure, with the mean of both, the
        difference and its own 95 % interval, which no other place corrects; empty where no scenario names its places.
        Points of a plan are taken together, as seeds are.
    """
    kept = results.places()
    base, *others = results.plan.regimes
    rows = []
    for region in results.regions:
        first = kept.get((region, base), {})
        for regime in others:
            other = kept.get((region, regime), {})
            runs = [(first[key], other[key]) for key in first if key in other]
            rows += [{"region": region, "regime": regime, **row} for row in _rows(runs)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _rows(runs: list[tuple[dict[str, Any], dict[str, Any]]]) -> list[dict[str, Any]]:
    found = []
    for kind, measures in BY_PLACE.items() if runs else ():
        for place in range(len(runs[0][0][kind][measures[0]])):
            for name in measures:
                s = paired(*([run[side][kind][name][place] for run in runs] for side in (0, 1)),
                           MEASURES[name].direction)
                found.append({"kind": kind, "place": place, "measure": name, "pairs": s.pairs, "base_mean": s.mean_a,
                              "mean": s.mean_b, "difference": s.difference, "low": s.low, "high": s.high})
    return found
