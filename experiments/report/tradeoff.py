"""What the departments' answering costs: served need and core quality over the share of hours that answers take."""

from __future__ import annotations

from typing import Any

import pandas as pd

from model.measures import MEASURES

from ..store import Results
from ..table import capital
from . import charts
from .effects import lines, shown_regimes, single
from .parts import Figure, ReportWords, Section
from .source import other_regime

ANSWERS = ("respond", "repair")
SHOWN = {"served_need": (charts.B, "o"), "core_quality": (charts.A, "s")}


def answering(results: Results) -> pd.Series:
    """Departments' hours on requests, whistles and repairs ÷ their paid hours, by point, region and regime."""
    ledger = results.ledger()
    mine = ledger[ledger["agent_class"] == "department"]
    keys = ["point", "region", "regime"]
    answered = mine["hours"].where(mine["activity"].isin(ANSWERS), 0.0)
    return (answered.groupby([mine[k] for k in keys]).sum() / mine.groupby(keys)["hours"].sum()).rename("answering")


def curve(results: Results) -> pd.DataFrame:
    """Points of the curve: region, regime, rho where it varies, answering, measure, value, low, high.

    low and high: the paired interval about the first regime, drawn around its mean; a sweep that varies more than rho
    gives means over its points without one.
    """
    base, plain = results.plan.regimes[0], single(results) or results.varied == ["rho"]
    table = lines(results, tuple(SHOWN))
    table = table[table["regime"].isin(shown_regimes(results))]
    share = answering(results)
    rho = ["rho"] if results.varied == ["rho"] else []
    here = table[["point", "region", "regime", "measure", "mean", *rho]].rename(columns={"mean": "value"})
    if plain:
        here = here.assign(low=table["base_mean"] + table["low"], high=table["base_mean"] + table["high"])
    first = table.drop_duplicates(["point", "region", "measure"])
    there = first[["point", "region", "measure"]].assign(regime=base, value=first["base_mean"])
    both = pd.concat([there.assign(rho=0.0) if rho else there, here], ignore_index=True)
    both = both.join(share, on=["point", "region", "regime"])
    keys = ["region", "measure", "regime", *rho]
    return both.groupby(keys, sort=False).mean(numeric_only=True).drop(columns="point").reset_index()


def section(results: Results, words: ReportWords) -> Section | None:
    """The curve, or the points of it that this folder has."""
    table = curve(results)
    if table["answering"].notna().sum() < 2:
        return None
    section = Section("tradeoff", words("trade_title"), [words("trade_note")])
    if "rho" not in table:
        section.text.append(words("trade_few"))
    picture = charts.svg(_draw(table, results, words), words("trade_title"))
    section.blocks.append(Figure("trade-off", picture, table, words("trade_caption")))
    return section


def _draw(table: pd.DataFrame, results: Results, words: ReportWords) -> Any:
    regions = list(dict.fromkeys(table["region"]))
    names = [words.measure(MEASURES[m]) for m in SHOWN]
    figure, axes = charts.panels(1, len(regions), left=0.5, height=3.0, bottom=0.6, gap=charts.inches(names) + 0.5,
                                 right=charts.inches(names) + 0.25)
    for ax, region in zip(axes[0], regions, strict=True):
        ax.set(title=capital(words.region(region)), ylim=(0, 1.02), xlim=_x_limits(table))
        for measure in SHOWN:
            part = table[(table["region"] == region) & (table["measure"] == measure)]
            if len(part):  # a measure may have no value in a whole region
                _line(ax, part, measure, results, words)
        ax.set_xlabel(words("answering"))
        ax.grid(color=charts.PALE, linewidth=0.7)
        ax.set_axisbelow(True)
        ax.xaxis.set_major_formatter(lambda v, _: f"{100 * v:.0f} %")
    return figure


def _x_limits(table: pd.DataFrame) -> tuple[float, float]:
    low, high = table["answering"].min(), table["answering"].max()
    pad = 0.08 * (high - low or 0.1)
    return low - pad, high + pad


def _line(ax: Any, part: pd.DataFrame, measure: str, results: Results, words: ReportWords) -> None:
    colour, marker = SHOWN[measure]
    base = results.plan.regimes[0]
    path = "rho" in part or len(part) == 2
    part = part.sort_values(["answering"]) if path else part
    if path:
        ax.plot(part["answering"], part["value"], color=colour, linewidth=1.6, zorder=2)
    for row in part.to_dict("records"):
        first, about = row["regime"] == base, row["regime"] in (base, other_regime(results))
        if row.get("low") == row.get("low") and row.get("low") is not None:
            ax.plot([row["answering"]] * 2, [row["low"], row["high"]], color=colour, linewidth=1.2, zorder=2)
        ax.plot([row["answering"]], [row["value"]], marker, markersize=7.5 if about else 4.5, zorder=3,
                markerfacecolor="white" if first else colour, markeredgecolor=colour, markeredgewidth=1.4)
    end = part.loc[part["answering"].idxmax()]
    ax.annotate(words.measure(MEASURES[measure]), (end["answering"], end["value"]), xytext=(8, 0),
                textcoords="offset points", va="center", color=colour, fontweight="bold", annotation_clip=False)
    if measure == next(iter(SHOWN)):
        _names(ax, part, results, words)


def _names(ax: Any, part: pd.DataFrame, results: Results, words: ReportWords) -> None:
    """Which point is which: the first regime below its mark, rho or the reform above, where there is room."""
    base, room = results.plan.regimes[0], 0.09 * (ax.get_xlim()[1] - ax.get_xlim()[0])
    told = part[part["regime"].isin([base, other_regime(results)])].sort_values("answering", ascending=False)
    last: float | None = None
    for row in told.to_dict("records"):
        first = row["regime"] == base
        if not first and last is not None and last - row["answering"] < room:
            continue
        last = last if first else row["answering"]
        name = words.regime(row["regime"]) if first or "rho" not in row else f"ρ {row['rho']:g}"
        ax.annotate(name, (row["answering"], row["value"]), xytext=(0, -17 if first else 9), ha="center", fontsize=8,
                    textcoords="offset points", color=charts.GREY)
