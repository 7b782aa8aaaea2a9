"""A real case log beside the model: what was done with it, how long cases wait, and how many stay open."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .. import logfit
from ..compare import LogFit, notes_of
from ..store import Results
from ..table import capital, waiting_rows
from . import charts
from .parts import Figure, ReportWords, Section, Table
from .response import LOOKS

LOG = "log"


def section(results: Results, words: ReportWords) -> Section | None:
    """Notes on the log, its waiting times, and how near the model comes; None where no log was used."""
    notes, logs = notes_of(results, words.lang), LogFit(results)
    if not notes or len(results.plan.points()) > 1:
        return None
    section = Section("cases", words("cases_title"))
    for region, told in notes.items():
        section.text += [f"{capital(words.region(region))}: {note}" for note in told]
    for region in notes:
        if waits := logs.waits(region):
            head = [words("waits"), *(_name(name, words) for name in waits)]
            section.blocks.append(Table(head, waiting_rows(waits, words), caption=capital(words.region(region))))
    for region in notes:
        if curves := logs.curves(region):
            _add_fit(section, region, logfit.table(curves.items()), logs.fit(region), words)
    return section


def quantiles(table: pd.DataFrame) -> pd.DataFrame:
    """Whole per cents that both the log and a regime reached: region, who, percent, days in the log, days in the model.

    `table` has `who`, `day`, `closed` of one region, as `logfit.table` makes it.
    """
    closed = {who: part["closed"].dropna().to_numpy() for who, part in table.groupby("who", sort=False)}
    rows = [{"who": who, "percent": q, "log": logfit.quantile(closed[LOG], q), "model": logfit.quantile(curve, q)}
            for who, curve in closed.items() if who != LOG for q in range(1, 100)]
    return pd.DataFrame(rows).dropna()


def _add_fit(section: Section, region: str, table: pd.DataFrame, fit: dict[str, Any], words: ReportWords) -> None:
    section.text += [f"{capital(words.region(region))}: {line}"
                     for line in logfit.sentences(fit.pop(LOG, {}), fit, words)]
    title = words("cases_fit", region=words.region(region))
    caption = capital(title) + words("stop") + words("then") + words("cases_caption")
    section.blocks.append(Figure(f"cases-{region}", charts.svg(_draw(table, words), title), table, caption))


def _draw(table: pd.DataFrame, words: ReportWords) -> Any:
    figure, axes = charts.panels(1, 3, left=0.6, height=2.5, gap=0.65, top=0.8, bottom=0.6)
    looks = {LOG: (charts.INK, "-"), **{who: (look[0], look[2]) for who, look in zip(
        [w for w in dict.fromkeys(table["who"]) if w != LOG], LOOKS * len(table), strict=False)}}
    _lines(axes[0, 0], table, "closed", looks)
    _qq(axes[0, 1], quantiles(table), looks)
    _lines(axes[0, 2], table, "open", looks)
    for ax, key in zip(axes[0], ("cases_closed", "cases_qq", "cases_open"), strict=True):
        ax.set_title(words(key))
        ax.grid(color=charts.PALE, linewidth=0.7)
    axes[0, 0].set(xlabel=words("cases_days"), ylim=(0, 1.02))
    axes[0, 1].set(xlabel=words("cases_log_days"), ylabel=words("cases_model_days"))
    axes[0, 2].set(xlabel=words("cases_since"), ylim=(0, None))
    _key(figure, {_name(who, words): look for who, look in looks.items()})
    return figure


def _lines(ax: Any, table: pd.DataFrame, column: str, looks: dict[str, tuple[str, str]]) -> None:
    for who, (colour, style) in looks.items():
        part = table[(table["who"] == who) & table[column].notna()]
        ax.plot(part["day"], part[column], style, color=colour, linewidth=2.0 if who == LOG else 1.5)


def _qq(ax: Any, pairs: pd.DataFrame, looks: dict[str, tuple[str, str]]) -> None:
    most = float(np.nanmax([*pairs["log"], *pairs["model"], 1.0]))
    ax.plot([0, most], [0, most], color=charts.GREY, linewidth=0.9)
    for who, part in pairs.groupby("who", sort=False):
        colour, style = looks[who]
        ax.plot(part["log"], part["model"], style, color=colour, marker="o", markersize=3, linewidth=0.8)


def _key(figure: Any, looks: dict[str, tuple[str, str]]) -> None:
    width, height = figure.get_size_inches()
    x = 0.1
    for label, (colour, style) in looks.items():
        line = {"-": "━━", "--": "╍╍", "-.": "━·━"}[style]
        figure.text(x / width, 1 - 0.16 / height, f"{line} {capital(label)}", color=colour, fontweight="bold",
                    va="center")
        x += charts.inches([label]) + 0.8


def _name(who: str, words: ReportWords) -> str:
    return words(LOG) if who == LOG else words.regime(who)
