"""Where the hours go: the ledger in a few groups."""

from __future__ import annotations

from typing import Any

import pandas as pd

from agents.work import CLASSES
from model.regimes import CONTROLS, parse_regime

from ..activities import group_of
from ..store import Results
from ..table import capital
from . import charts
from .effects import shown_regimes
from .parts import Figure, ReportWords, Section
from .source import other_regime

COLOURS = {"for_residents": charts.RESIDENTS, "core_work": "#E0B04A", "directives": "#6CB6F5", "paper": charts.PAPER,
           "assessment": charts.INSPECTION, "steering": charts.GREY, "idle": charts.PALE}
DARK = {"for_residents", "paper", "assessment", "steering"}
MOST = 8


def shares(results: Results, regimes: list[str]) -> pd.DataFrame:
    """Share of paid hours by region, class, regime and group: over all points and seeds of a folder."""
    ledger = results.ledger()
    ledger = ledger[ledger["regime"].isin(regimes)]
    if ledger.empty:
        return pd.DataFrame(columns=["region", "agent_class", "regime", "group", "share"])
    grouped = ledger.assign(group=ledger["activity"].map(group_of))
    keys = ["region", "agent_class", "regime"]
    hours = grouped.groupby([*keys, "group"], sort=False)["hours"].sum()
    share = hours / hours.groupby(level=keys).transform("sum")
    return share.rename("share").reset_index()


def section(results: Results, words: ReportWords) -> Section | None:
    """Stacked bars: what each class of people spends its paid hours on under each regime."""
    regimes = _regimes(results)
    table = shares(results, regimes)
    if table.empty:
        return None
    found = Section("time", words("time_title"), [words("time_note")])
    picture = charts.svg(_bars(table, regimes, words), words("time_title"))
    found.blocks.append(Figure("time-use", picture, table, words("time_caption")))
    return found


def _regimes(results: Results) -> list[str]:
    """All that are few; else the first, the reform and the control arms."""
    base, others = results.plan.regimes[0], shown_regimes(results)
    if len(others) < MOST:
        return [base, *others]
    return [base, other_regime(results), *(r for r in others if parse_regime(r).on <= {*CONTROLS})]


def _bars(table: pd.DataFrame, regimes: list[str], words: ReportWords) -> Any:
    regions, classes = list(dict.fromkeys(table["region"])), [c for c in reversed(CLASSES) if c in set(
        table["agent_class"])]
    labels = [words.regime(r) for r in regimes]
    figure, axes = charts.panels(len(classes), len(regions), left=charts.inches(labels) + 0.15, top=0.32, bottom=0.14,
                                 height=0.3 * len(regimes), gap=0.3)
    for r, who in enumerate(classes):
        for c, region in enumerate(regions):
            part = table[(table["region"] == region) & (table["agent_class"] == who)]
            ax = axes[r, c]
            for y, regime in enumerate(regimes):
                _bar(ax, y, part[part["regime"] == regime].set_index("group")["share"])
            ax.set(xlim=(0, 1), ylim=(len(regimes) - 0.5, -0.5), xticks=[])
            ax.set_yticks(range(len(regimes)), labels if c == 0 else [""] * len(regimes))
            ax.spines[:].set_visible(False)
            ax.set_title(f"{capital(words.region(region))} · {words(who)}")
    _legend(figure, words)
    return figure


def _bar(ax: Any, y: int, share: pd.Series) -> None:
    start = 0.0
    for name, colour in COLOURS.items():
        width = float(share.get(name, 0.0))
        ax.barh(y, width, left=start, color=colour, height=0.78, edgecolor="white", linewidth=0.7)
        if width >= 0.055:
            ax.text(start + width / 2, y, f"{100 * width:.0f}", ha="center", va="center", fontsize=8,
                    color="white" if name in DARK else charts.INK)
        start += width


def _legend(figure: Any, words: ReportWords) -> None:
    """Coloured squares with their words, above the panels: placed by hand, as Chinese cannot be measured here."""
    width, height = figure.get_size_inches()
    figure.set_size_inches(width, height + 0.3)
    for ax in figure.axes:
        x, y, w, h = ax.get_position().bounds
        ax.set_position([x, y * height / (height + 0.3), w, h * height / (height + 0.3)])
    x = 0.1
    for name, colour in COLOURS.items():
        label = words(name)
        figure.text(x / width, 1 - 0.18 / (height + 0.3), "■", color=colour if name != "idle" else "#B8C0CA",
                    fontsize=11, va="center")
        figure.text((x + 0.17) / width, 1 - 0.18 / (height + 0.3), label, fontsize=9, va="center")
        x += charts.inches([label], 9) + 0.42
