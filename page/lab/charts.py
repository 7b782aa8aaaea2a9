"""The lab's charts: specifications that stay while a run goes on, and the numbers they get again and again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import altair as alt

from experiments.charts import curves, shares
from experiments.charts.look import vega_lite

Numbers = list[dict[str, dict[str, list]]]
"""For each panel: columns by the name of the data they belong to."""


@lru_cache(maxsize=256)
def time_use(labels: tuple[str, ...], names: tuple[tuple[str, str], ...], dark: bool) -> list[dict[str, Any]]:
    """Stacked bars of 100 %: every class of people on both sides; `names` of the groups. Numbers: `time_numbers`."""
    chart = shares.pieces(alt.Chart(alt.NamedData("pieces")), labels, dict(names), keys=3, dark=dark)
    return [vega_lite(chart.properties(width="container", height=shares.STEP * len(labels)), dark)]


def time_numbers(shares_: Sequence[Mapping[str, Mapping[str, float]]], names: Mapping[str, str]) -> Numbers:
    """For each class the bars of both sides, from shares of paid hours by side, class and group."""
    bars = [shares_[side][who] for who in shares_[0] for side in (0, 1)]
    pieces = [piece for n, bar in enumerate(bars) for piece in shares.segments(bar, n, names)]
    return [{"pieces": {key: [piece[key] for piece in pieces] for key in pieces[0]}}]


@lru_cache(maxsize=256)
def trends(titles: tuple[str, ...], sides: tuple[str, str], days: int, dark: bool) -> list[dict[str, Any]]:
    """Small charts: A and B by day, events marked, the first with the key. Numbers: `trend_numbers`."""
    return [vega_lite(curves.trend(title, sides, days, legend=n == 0, dark=dark), dark)
            for n, title in enumerate(titles)]


def trend_numbers(series: Mapping[str, list], names: Sequence[str], marks: Sequence[Sequence[Any]]) -> Numbers:
    """Curves of measures (`series`: day, and measure → [A's, B's]) and events ([day, kind, street])."""
    days = list(dict.fromkeys(day for day, *_ in marks))
    events = ["".join(dict.fromkeys(curves.MARKS[kind] for on, kind, _ in marks if on == day)) for day in days]
    return [{"marks": {"x": days, "mark": events},
             "lines": {"x": series["day"], "A": series[name][0], "B": series[name][1]}} for name in names]
