"""What would have to be otherwise for the answer to flip: a bar a number, what goes most against the answer on top."""

from __future__ import annotations

from typing import Any

import pandas as pd

from model.measures import MEASURES

from ..analysis.differences import OPEN
from ..analysis.robustness import robustness, tally
from ..store import Results
from ..table import known
from . import charts
from .effects import signed
from .parts import Figure, ReportWords, Section
from .source import other_regime

MOST = 20
"""So many numbers are drawn; the CSV has all."""
ANSWERS = {"holds": charts.B, "open": charts.GREY, "flips": charts.A}


def section(results: Results, words: ReportWords) -> Section | None:
    """A tornado of the primary measure and of what it may cost, of a sweep that moved one number at a time."""
    if results.plan.design.kind != "oat":
        return None
    section = Section("tornado", words("tornado_title"), [words("tornado_note")])
    for measure in dict.fromkeys([results.plan.primary, "core_quality"]):
        table = robustness(results, measure, other_regime(results))
        base = table.attrs["base"]
        key = "tornado_open" if base["verdict"] == OPEN else "tornado_of"
        section.text.append(words(key, measure=words.measure(MEASURES[measure]), moved=len(table), **tally(table),
                                  difference=signed(base["difference"])))
        title = f"{words('tornado_title')}: {words.measure(MEASURES[measure])}"
        picture = charts.svg(_draw(table, measure, words), title)
        section.blocks.append(Figure(f"tornado-{measure}", picture, table, words("tornado_caption", n=MOST)))
    return section


def numbers_drawn(table: pd.DataFrame) -> list[str]:
    """The numbers whose worse end goes most against the answer, in that order; the table is ranked so already."""
    return list(dict.fromkeys(table["parameter"]))[:MOST]


def _draw(table: pd.DataFrame, measure: str, words: ReportWords) -> Any:
    names, base = numbers_drawn(table), table.attrs["base"]
    labels = [words.parameter(n) for n in names]
    figure, axes = charts.panels(1, 1, left=charts.inches(labels) + 0.15, height=0.36 * len(names), bottom=0.35)
    ax = axes[0, 0]
    for y, name in enumerate(names):
        ends = table[table["parameter"] == name].sort_values("value")
        for k, row in enumerate(ends.to_dict("records")):
            _end(ax, y - 0.38 + 0.76 * (k + 0.5) / len(ends), 0.7 / len(ends), row, base["difference"])
    charts.zero_line(ax)
    ax.axvline(base["difference"], color=charts.GREY, linewidth=0.9, linestyle=":", zorder=1)
    charts.plain_x(ax, ticks=6)
    shown = table[table["parameter"].isin(names)][["difference", "low", "high"]].astype(float)
    low, high = min(shown.min().min(), 0.0), max(shown.max().max(), 0.0)
    pad = 0.09 * (high - low or 1.0)
    ax.set(xlim=(low - pad, high + pad), ylim=(len(names) - 0.5, -0.5), title=words.measure(MEASURES[measure]))
    ax.set_yticks(range(len(names)), labels)
    return figure


def _end(ax: Any, y: float, height: float, row: dict[str, Any], base: float) -> None:
    """From the difference as it is to that with the number moved, whose value stands beside it."""
    colour = ANSWERS[row["answer"]]
    ax.barh(y, row["difference"] - base, left=base, height=height, color=colour, alpha=0.35)
    if known(row["low"]) is not None:
        ax.plot([row["low"], row["high"]], [y, y], color=colour, linewidth=1.1)
    ax.plot([row["difference"]], [y], charts.VERDICTS[row["verdict"]][0], color=colour, markersize=4.5,
            markeredgecolor="white", markeredgewidth=0.5)
    ends = [row["difference"], *(v for v in (known(row["low"]), known(row["high"])) if v is not None)]
    right = row["difference"] >= base
    ax.annotate(f"{row['value']:.3g}", (max(ends) if right else min(ends), y), xytext=(4 if right else -4, 0),
                textcoords="offset points", ha="left" if right else "right", va="center", fontsize=7.5,
                color=charts.INK)
