"""Paired differences: dots with intervals, and the table of every measure."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from model.measures import HEADLINES, MEASURES
from model.regimes import CONTROLS, SWITCHES, parse_regime

from ..analysis.differences import BETTER, OPEN, WORSE, differences
from ..store import Results
from ..table import capital, decimals, known, number
from ..words import MARKED
from . import charts
from .parts import Figure, ReportWords, Section, Table
from .source import other_regime

MARKS = {BETTER: "▲", OPEN: "·", WORSE: "▼"}
MOST_LABELS, WIDEST_LABEL = 32, 3.2
"""More points, or names wider than so many inches: points are sorted and not named."""
ARMS = 12
"""More regimes than this are left to the ablation; the rest are the whole, single switches and control arms."""


@lru_cache(maxsize=256)
def all_lines(results: Results, measure: str) -> pd.DataFrame:
    """Differences of one measure, also where there is no value."""
    numbers = ["base_mean", "mean", "difference", "low", "high"]  # None where there is no value
    table = differences(results, measure).astype(dict.fromkeys(numbers, float))
    return table.assign(measure=measure)


def lines(results: Results, measures: tuple[str, ...] = HEADLINES, regime: str | None = None) -> pd.DataFrame:
    """Differences of several measures, of one regime or all, where there is a value."""
    table = pd.concat([all_lines(results, measure) for measure in measures], ignore_index=True)
    rank = {region: n for n, region in enumerate(results.regions)}
    table = table[table["difference"].notna()].sort_values("region", key=lambda c: c.map(rank), kind="stable")
    return table if regime is None else table[table["regime"] == regime]


def single(results: Results) -> bool:
    """Whether there is one point only."""
    return len(results.plan.points()) == 1


def score(table: pd.DataFrame) -> pd.Series:
    """Difference in the good direction over the width of its interval: how clear it is."""
    direction = table["measure"].map(lambda m: MEASURES[m].direction)
    return direction * table["difference"] / (table["high"] - table["low"]).clip(lower=1e-12)


def signed(value: float) -> str:
    """Two figures, with the sign; – where there is no value."""
    return "–" if known(value) is None else number(value, decimals(value, 2, 4), True)


# --- the table --------------------------------------------------------------------------------------------------


def table_section(results: Results, words: ReportWords) -> Section:
    """Every measure."""
    regime = other_regime(results)
    table = lines(results, tuple(MEASURES), regime)
    section = Section("table", words("table_title", a=words.regime(results.plan.regimes[0]), b=words.regime(regime)))
    section.text = [words("table_note" if single(results) else "table_points_note"),
                    words.say(MARKED)]
    make = _region_table if single(results) else _points_table
    for region, part in table.groupby("region", sort=False):
        section.blocks.append(make(part, region, results, words))
    return section


def _ordered(part: pd.DataFrame) -> pd.DataFrame:
    """Headlines first, the others worst first, those without a direction last."""
    head = part["measure"].map({m: n for n, m in enumerate(HEADLINES)})
    neither = part["measure"].map(lambda m: MEASURES[m].direction == 0)
    keys = part.assign(_head=head.fillna(99), _neither=neither, _score=score(part))
    by = ["_head", "_neither", "_score"]
    return keys.sort_values(by, kind="stable").drop(columns=by)


def _region_table(part: pd.DataFrame, region: str, results: Results, words: ReportWords) -> Table:
    a, b = words.regime(results.plan.regimes[0]), words.regime(part["regime"].iloc[0])
    head = [words("measure"), words("unit"), a, b, words("difference"), words("interval"), words("p_better"),
            words("variance_ratio"), words("pairs")]
    rows = [_row(row, words) for row in _ordered(part).to_dict("records")]
    return Table(head, rows, f"table-{region}", _ordered(part), capital(words.region(region)), wide=2)


def _row(row: dict[str, Any], words: ReportWords) -> list[Any]:
    measure = MEASURES[row["measure"]]
    size = max(abs(row["base_mean"]), abs(row["mean"]))
    digits = max(decimals(size, 3, 3), decimals(row["difference"], 2, 4))
    mark = row["verdict"] if measure.direction else OPEN
    return [words.measure(measure), words.unit(measure.unit), number(row["base_mean"], digits),
            number(row["mean"], digits), (f"{MARKS[mark]} {number(row['difference'], digits, True)}", mark),
            span(row, digits), number(known(row["p_better"]), 2), number(known(row["variance_ratio"]), 1),
            str(row["pairs"])]


def span(row: dict[str, Any], digits: int) -> str:
    """Low … high."""
    if known(row["low"]) is None:
        return "–"
    return f"{number(row['low'], digits, True)} … {number(row['high'], digits, True)}"


def _points_table(part: pd.DataFrame, region: str, results: Results, words: ReportWords) -> Table:
    head = [words("measure"), words("unit"), words("better"), words("unresolved"), words("worse"), words("smallest"),
            words("median"), words("largest")]
    rows = []
    for measure, some in _by_measure(part):
        d, counts = some["difference"], some["verdict"].value_counts()
        about = MEASURES[measure]
        shown = [counts.get(v, 0) if about.direction else "–" for v in (BETTER, OPEN, WORSE)]
        cells = [(str(n), v if n and n != "–" else OPEN) for n, v in zip(shown, (BETTER, OPEN, WORSE), strict=True)]
        rows.append([words.measure(about), words.unit(about.unit), *cells,
                     *(signed(v) for v in (d.min(), d.median(), d.max()))])
    return Table(head, rows, f"points-{region}", part, capital(words.region(region)), wide=2)


def _by_measure(part: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    order = [*HEADLINES, *(m for m in MEASURES if m not in HEADLINES)]
    return [(m, part[part["measure"] == m]) for m in order if (part["measure"] == m).any()]


# --- dots -------------------------------------------------------------------------------------------------------


def dots_section(results: Results, words: ReportWords) -> Section:
    """Dots with intervals, by region: of the headlines, or of every regime or point for each headline."""
    section = Section("effects", words("dots_title"))
    regimes = shown_regimes(results)
    table = lines(results)
    table = table[table["regime"].isin(regimes)]
    if single(results) and len(regimes) == 1:
        section.blocks.append(_headline_dots(table, words))
    else:
        section.blocks.append(_many_dots(table, results, regimes, words))
        if len(results.plan.regimes) > ARMS:
            section.text.append(words("dots_left_out", n=len(results.plan.regimes) - 1 - len(regimes)))
    return section


def shown_regimes(results: Results) -> list[str]:
    """The regimes to draw: all, or of a factorial the whole, single switches and control arms."""
    others = list(results.plan.regimes[1:])
    if not single(results):
        return [other_regime(results)]
    if len(others) <= ARMS:
        return others
    alone = {frozenset({name}) for name in (*SWITCHES, *CONTROLS)}
    return ["whistle", *(r for r in others if parse_regime(r).on in alone)]


def arrow(measure: str) -> str:
    """Which way is better."""
    return {1: "↑", -1: "↓", 0: ""}[MEASURES[measure].direction]


def _headline_dots(table: pd.DataFrame, words: ReportWords) -> Figure:
    regions = list(dict.fromkeys(table["region"]))
    labels = {m: f"{words.measure(MEASURES[m])} {arrow(m)}" for m in HEADLINES}
    left = charts.inches(labels.values()) + 0.2
    figure, axes = charts.panels(1, len(regions), left=left, height=0.34 * len(HEADLINES), gap=0.75,
                                 right=0.6)
    for ax, region in zip(axes[0], regions, strict=True):
        rows = table[table["region"] == region].set_index("measure")
        for y, measure in enumerate(HEADLINES):
            if measure in rows.index:
                row = rows.loc[measure]
                charts.dot(ax, y, row["difference"], known(row["low"]), row["high"], row["verdict"], 8)
                ax.annotate(signed(row["difference"]), (1, y), xycoords=("axes fraction", "data"), va="center",
                            xytext=(4, 0), textcoords="offset points", fontsize=8.5,
                            color=charts.VERDICTS[row["verdict"]][1])
        _frame(ax, len(HEADLINES), capital(words.region(region)), ticks=5)
    for ax in axes[0]:
        ax.set_xlim(_limits(table))
    axes[0, 0].set_yticklabels(list(labels.values()))
    return Figure("effects", charts.svg(figure, words("dots_title")), table, words("dots_caption"))


def _limits(table: pd.DataFrame) -> tuple[float, float]:
    values = table[["difference", "low", "high"]].to_numpy(float)
    low, high = np.nanmin(values, initial=0.0), np.nanmax(values, initial=0.0)  # a headline may have no value at all
    pad = 0.06 * (high - low or 1.0)
    return low - pad, high + pad


def _frame(ax: Any, rows: int, title: str, ticks: int = 3) -> None:
    charts.zero_line(ax)
    charts.plain_x(ax, ticks=ticks)
    ax.set_ylim(max(rows, 1) - 0.5, -0.5)
    ax.set_yticks(range(rows), [""] * rows)
    ax.set_title(title)


def _many_dots(table: pd.DataFrame, results: Results, regimes: list[str], words: ReportWords) -> Figure:
    """A column a headline, a panel a region; a line a regime or point. Many points: sorted, without names."""
    keys, labels = _keys(results, regimes, words)
    sort = len(keys) > MOST_LABELS or charts.inches(labels) > WIDEST_LABEL
    regions = list(dict.fromkeys(table["region"]))
    by = "regime" if single(results) else "point"
    left = 0.35 if sort else charts.inches(labels) + 0.15
    height = 2.2 if sort else 0.21 * len(keys)
    figure, axes = charts.panels(len(regions), len(HEADLINES), left=left, height=height, top=0.5, gap=0.3)
    drawn = []
    for r, region in enumerate(regions):
        for c, measure in enumerate(HEADLINES):
            rows = table[(table["region"] == region) & (table["measure"] == measure)].set_index(by)
            order = list(rows["difference"].sort_values(ascending=False).index) if sort else keys
            for y, key in enumerate(order):
                if key in rows.index:
                    row = rows.loc[key]
                    charts.dot(axes[r, c], y, row["difference"], known(row["low"]), row["high"], row["verdict"],
                               3.5 if sort else 6)
            drawn.append(rows.reset_index())
            _frame(axes[r, c], len(order), f"{words.measure(MEASURES[measure])} {arrow(measure)}")
            axes[r, c].set_xlim(_limits(table[table["measure"] == measure]))
        axes[r, 0].set_yticks(range(len(keys)), labels) if not sort else axes[r, 0].set_yticks([])
        axes[r, 0].annotate(capital(words.region(region)), (0, 1), xycoords=("figure fraction", "axes fraction"),
                            xytext=(4, 22), textcoords="offset points", fontweight="bold", fontsize=10.5)
        for ax in axes[r, 1:] if sort else ():
            ax.set_yticks([])
    caption = words("dots_caption") + words("then") + words("dots_sorted" if sort else "dots_scale")
    return Figure("effects", charts.svg(figure, words("dots_title")), pd.concat(drawn, ignore_index=True), caption)


def _keys(results: Results, regimes: list[str], words: ReportWords) -> tuple[list[Any], list[str]]:
    if single(results):
        return regimes, [words.regime(r) for r in regimes]
    points = results.plan.points()
    return list(range(len(points))), point_labels(points, words)


def point_labels(points: list[dict[str, Any]], words: ReportWords) -> list[str]:
    """What each point changes; where it goes on from the one before, only what is new."""
    labels, before = [], {}
    for point in points:
        goes_on = len(before) > 1 and before.items() <= point.items() and len(point) > len(before)
        new = {k: v for k, v in point.items() if k not in before} if goes_on else point
        text = ", ".join(f"{k} = {v:.3g}" if isinstance(v, float) else f"{k} = {v}" for k, v in new.items())
        labels.append(("… + " if goes_on else "") + (text or words("as_it_is")))
        before = point
    return labels
