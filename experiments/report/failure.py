"""The box of failure: between which limits of the varied numbers the reform does worse."""

from __future__ import annotations

from typing import Any

import pandas as pd

from model.measures import MEASURES

from ..analysis.failure import FEWEST, Box, failure_boxes
from ..analysis.show import box_sentence
from ..store import Results
from ..table import capital
from . import charts
from .parts import Figure, ReportWords, Section
from .source import other_regime


def fits(results: Results) -> bool:
    """Whether points are drawn all over the ranges, and enough of them for a box."""
    return results.plan.design.kind in ("lhs", "sobol") and len(results.varied) > 1 and len(
        results.plan.points()) >= FEWEST


def section(results: Results, words: ReportWords) -> Section | None:
    """The box of the primary measure and of what it may cost, in every region."""
    if not fits(results):
        return None
    regime, names = other_regime(results), dict.fromkeys([results.plan.primary, "core_quality"])
    boxes = {name: failure_boxes(results, name, regime) for name in names}
    pair = results.plan.regimes[0], regime
    said = [box_sentence(one, name, pair, words) for name, some in boxes.items() for one in some]
    section = Section("box", words("box_title"), [*said, words("box_key")])
    if any(one.worse for some in boxes.values() for one in some):
        picture = charts.svg(_draw(boxes, results, words), words("box_title"))
        section.blocks.append(Figure("box", picture, _flat(boxes), words("box_caption")))
    return section


def _flat(boxes: dict[str, list[Box]]) -> pd.DataFrame:
    """Every limit of every box, a row each; a box without limits has one row without a parameter."""
    rows = [{"measure": name, "region": one.region, "points": one.points, "worse": one.worse, "inside": one.inside,
             "coverage": one.coverage, "density": one.density, **limit}
            for name, some in boxes.items() for one in some for limit in one.limits.to_dict("records") or [{}]]
    return pd.DataFrame(rows)


def _draw(boxes: dict[str, list[Box]], results: Results, words: ReportWords) -> Any:
    """A panel a measure and region, a line a varied number: its points as ticks, the box as a bar."""
    names, regions = results.varied, len(next(iter(boxes.values())))
    labels = [words.parameter(n) for n in names]
    figure, axes = charts.panels(len(boxes), regions, left=charts.inches(labels) + 0.15, bottom=0.15, gap=0.3,
                                 height=0.46 * (len(names) + 0.45))
    for r, (measure, some) in enumerate(boxes.items()):
        for c, one in enumerate(some):
            ax = axes[r, c]
            for y, name in enumerate(results.columns[3:-2]):
                _line(ax, y, one, name)
            ax.set(xlim=(-0.03, 1.03), ylim=(len(names) - 0.5, -0.95), xticks=[])
            ax.set_yticks(range(len(names)), labels if c == 0 else [""] * len(names))
            ax.spines[:].set_visible(False)
            ax.set_title(f"{words.measure(MEASURES[measure])} · {capital(words.region(one.region))}")
    return figure


def _line(ax: Any, y: int, one: Box, name: str) -> None:
    """Every number from its least to its most value, so that all have the same length."""
    least, most = one.table[name].min(), one.table[name].max()
    place = (one.table[name] - least) / ((most - least) or 1.0)
    ax.plot([0, 1], [y, y], color=charts.PALE, linewidth=1, zorder=1)
    limit = one.limits[one.limits["parameter"] == name]
    for row in limit.to_dict("records"):
        ends = [(row[k] - least) / (most - least) for k in ("low", "high")]
        ax.barh(y, ends[1] - ends[0], left=ends[0], height=0.62, color=charts.A, alpha=0.18, zorder=1)
        for at, value, bound in zip(ends, (row["low"], row["high"]), (least, most), strict=True):
            if value != bound:
                ax.text(at, y - 0.42, f"{value:.2g}", ha="center", va="bottom", fontsize=8, color=charts.A,
                        fontweight="bold")
    worse = one.table["worse"].to_numpy()
    ax.vlines(place[~worse], y - 0.11, y + 0.11, color="#B8C0CA", linewidth=0.9, zorder=2)
    ax.vlines(place[worse], y - 0.24, y + 0.24, color=charts.A, linewidth=1.3, zorder=3)
