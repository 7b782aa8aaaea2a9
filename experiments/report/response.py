"""The headlines over the one number that a sweep varies, such as rho."""

from __future__ import annotations

from typing import Any

import pandas as pd

from languages.text import say
from model.measures import HEADLINES, MEASURES
from model.scenario import PARAMETERS

from ..store import Results
from ..table import capital
from . import charts
from .effects import arrow, lines
from .parts import Figure, ReportWords, Section
from .source import other_regime

LOOKS = ((charts.RESIDENTS, "o", "-"), (charts.INSPECTION, "D", "--"), (charts.PAPER, "s", "-."))


def fits(results: Results) -> bool:
    """Whether one number varies, over three values or more."""
    points = results.plan.points()
    return len(results.varied) == 1 and len(points) > 2 and all(
        isinstance(next(iter(p.values()), None), int | float) for p in points)


def section(results: Results, words: ReportWords) -> Section | None:
    """Small multiples: a headline's paired difference over the number, a line a region."""
    if not fits(results):
        return None
    name = results.varied[0]
    about = PARAMETERS[name]
    column = f"parameter_{name}" if name in MEASURES else name
    title = words("over_title", name=name, label=say(about.label, words.lang) if words.zh else about.text.rstrip("."))
    table = lines(results, HEADLINES, other_regime(results)).rename(columns={column: name})
    picture = charts.svg(_draw(table, name, words), title)
    return Section("over", title, [], [Figure("over-" + name, picture, table, words("over_caption", name=name))])


def _draw(table: pd.DataFrame, name: str, words: ReportWords) -> Any:
    figure, axes = charts.panels(1, len(HEADLINES), left=0.55, height=1.9, gap=0.5, top=0.75, bottom=0.5)
    regions = list(dict.fromkeys(table["region"]))
    for ax, measure in zip(axes[0], HEADLINES, strict=True):
        for region, (colour, marker, style) in zip(regions, LOOKS * len(regions), strict=False):
            part = table[(table["measure"] == measure) & (table["region"] == region)].sort_values(name)
            x = part[name].astype(float)
            ax.fill_between(x, part["low"], part["high"], color=colour, alpha=0.15, linewidth=0)
            ax.plot(x, part["difference"], style, marker=marker, color=colour, markersize=4.5, linewidth=1.5)
        ax.axhline(0, color=charts.INK, linewidth=0.8)
        ax.set_title(f"{words.measure(MEASURES[measure])} {arrow(measure)}")
        ax.set_xlabel(name)
        ax.grid(color=charts.PALE, linewidth=0.7)
        ax.yaxis.set_major_formatter(lambda v, _: charts.tick(v, True))
    _key(figure, regions, words)
    return figure


def _key(figure: Any, regions: list[str], words: ReportWords) -> None:
    width, height = figure.get_size_inches()
    x = 0.1
    for region, (colour, marker, _) in zip(regions, LOOKS * len(regions), strict=False):
        label = capital(words.region(region))
        glyph = {"o": "●", "D": "◆", "s": "■"}[marker]
        figure.text(x / width, 1 - 0.16 / height, f"{glyph} {label}", color=colour, fontweight="bold", va="center")
        x += charts.inches([label]) + 0.6
