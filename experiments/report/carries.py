"""Which switch carries the difference, and which numbers move it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from model.measures import HEADLINES, MEASURES
from model.regimes import SWITCHES

from ..analysis.ablation import Estimate, ablation
from ..analysis.differences import BETTER, OPEN, WORSE
from ..analysis.sensitivity import sensitivity
from ..store import Results
from ..table import capital, number
from . import charts
from .effects import MARKS, signed
from .parts import Figure, ReportWords, Section, Table
from .source import other_regime

PAIRS = 5
"""So many of the largest interactions are shown."""


def ablation_section(results: Results, words: ReportWords) -> Section | None:
    """Shapley shares of every headline; effects, interactions and control arms of the primary measure and its price."""
    if results.plan.design.kind != "factorial":
        return None
    found = {name: ablation(results, name) for name in HEADLINES}
    section = Section("ablation", words("ablation_title"), [words("ablation_note")])
    table = shares(found)
    picture = charts.svg(_draw(table, results.regions, words), words("ablation_title"))
    section.blocks.append(Figure("ablation-shapley", picture, table, words("ablation_caption")))
    for name in dict.fromkeys([results.plan.primary, "core_quality"]):
        parts = found.get(name) or ablation(results, name)
        section.blocks += [_effects(name, r, parts[r], words) for r in results.regions if r in parts]
    return section


def shares(found: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """Shapley shares: a row a measure, region and switch."""
    return pd.DataFrame([
        {"measure": name, "region": region, "switch": switch, "shapley": e["shapley"].mean, "low": e["shapley"].low,
         "high": e["shapley"].high, "whole": one["whole"].mean, "seeds": one["seeds"]}
        for name, regions in found.items() for region, one in regions.items() for switch, e in one["switches"].items()])


def _draw(table: pd.DataFrame, regions: list[str], words: ReportWords) -> Any:
    labels = [words.switch(s) for s in SWITCHES]
    figure, axes = charts.panels(len(regions), len(HEADLINES), left=charts.inches(labels) + 0.15, height=1.35,
                                 top=0.78, bottom=0.35, gap=0.18)
    for r, region in enumerate(regions):
        for c, measure in enumerate(HEADLINES):
            part = table[(table["region"] == region) & (table["measure"] == measure)].set_index("switch")
            _bars(axes[r, c], part, MEASURES[measure].direction)
            both = table.loc[table["measure"] == measure, ["shapley", "low", "high"]].astype(float)
            low, high = min(both.min().min(), 0), max(both.max().max(), 0)
            pad = 0.06 * (high - low or 1)
            axes[r, c].set_xlim(low - pad, high + pad)
            axes[r, c].set_title(f"{words.measure(MEASURES[measure])}\n{signed(part['whole'].iloc[0])}")
        axes[r, 0].set_yticks(range(len(labels)), labels)
        axes[r, 0].annotate(capital(words.region(region)), (0, 1), xycoords=("figure fraction", "axes fraction"),
                            xytext=(4, 38), textcoords="offset points", fontweight="bold", fontsize=10.5)
    return figure


def _bars(ax: Any, part: pd.DataFrame, direction: int) -> None:
    for y, switch in enumerate(SWITCHES):
        row = part.loc[switch]
        colour = charts.VERDICTS[side(row["low"], row["high"], direction)][1]
        ax.barh(y, row["shapley"], color=colour, height=0.62, alpha=0.9)
        if row["low"] is not None:
            ax.plot([row["low"], row["high"]], [y, y], color=charts.INK, linewidth=1.1)
    charts.zero_line(ax)
    charts.plain_x(ax)
    ax.set_ylim(len(SWITCHES) - 0.5, -0.5)
    ax.set_yticks(range(len(SWITCHES)), [""] * len(SWITCHES))


def side(low: float | None, high: float | None, direction: int) -> str:
    """The side of 0 an interval lies on: better, worse or unresolved."""
    if low is None or high is None or low <= 0 <= high:
        return OPEN
    return BETTER if direction * low > 0 else WORSE


def _effects(name: str, region: str, one: dict[str, Any], words: ReportWords) -> Table:
    direction, kinds = MEASURES[name].direction, ("alone", "last", "main", "shapley")
    rows = [[words.switch(s), *(_cell(e[k], direction) for k in kinds)] for s, e in one["switches"].items()]
    rows += [[f"{words.switch(a)} × {words.switch(b)} {words('interaction')}", "", "", _cell(e, direction), ""]
             for (a, b), e in list(one["interactions"].items())[:PAIRS]]
    rows += [[f"{words.switch(c)} {words('control')}", _cell(e, direction), "", "", ""]
             for c, e in one["controls"].items()]
    caption = words("ablation_of", measure=words.measure(MEASURES[name]), region=words.region(region),
                    seeds=one["seeds"], whole=_text(one["whole"]))
    return Table([words("switch"), *map(words, kinds)], rows, f"ablation-{name}-{region}", _numbers(one), caption)


def _cell(e: Estimate, direction: int) -> tuple[str, str]:
    which = side(e.low, e.high, direction)
    return f"{MARKS[which]} {_text(e)}", which


def _text(e: Estimate) -> str:
    if e.low is None:
        return number(e.mean, 3, True)
    return f"{number(e.mean, 3, True)} ({number(e.low, 3, True)} … {number(e.high, 3, True)})"


def _numbers(one: dict[str, Any]) -> pd.DataFrame:
    rows = [(s, kind, e) for s, effects in one["switches"].items() for kind, e in effects.items()]
    rows += [(f"{a} × {b}", "interaction", e) for (a, b), e in one["interactions"].items()]
    rows += [(c, "alone", e) for c, e in one["controls"].items()] + [("all", "whole", one["whole"])]
    return pd.DataFrame([{"part": part, "effect": kind, "mean": e.mean, "low": e.low, "high": e.high}
                         for part, kind, e in rows])


# --- sensitivity ------------------------------------------------------------------------------------------------


def sensitivity_section(results: Results, words: ReportWords) -> Section | None:
    """Bars of the importance of every number varied, for the primary measure and its price."""
    if results.plan.design.kind not in ("morris", "sobol") or len(results.plan.regions) != 1:
        return None
    names = list(dict.fromkeys([results.plan.primary, "core_quality"]))
    tables = {name: sensitivity(results, name, other_regime(results)) for name in names}
    kind = results.plan.design.kind
    section = Section("sensitivity", words("sensitivity_title"), [words(f"note_{kind}")])
    flat = pd.concat([t.assign(measure=name) for name, t in tables.items()], ignore_index=True)
    picture = charts.svg(_importance(tables, words), words("sensitivity_title"))
    section.blocks.append(Figure("sensitivity", picture, flat, words("sensitivity_caption")))
    return section


def _importance(tables: dict[str, pd.DataFrame], words: ReportWords) -> Any:
    first = next(iter(tables.values()))
    order = list(first["parameter"])
    labels = [words.parameter(p) for p in order]
    figure, axes = charts.panels(1, len(tables), left=charts.inches(labels) + 0.15, height=0.27 * len(order), gap=0.4)
    for ax, (name, table) in zip(axes[0], tables.items(), strict=True):
        what = table.columns[1]
        rows = table.set_index("parameter")
        for y, parameter in enumerate(order):
            value, half = rows.loc[parameter, what], rows.loc[parameter, f"{what}_conf"]
            ax.barh(y, value, color=charts.B, height=0.6, alpha=0.85)
            ax.plot([max(value - half, 0), value + half], [y, y], color=charts.INK, linewidth=1.1)
        charts.plain_x(ax, signed=False)
        ax.set_ylim(len(order) - 0.5, -0.5)
        ax.set_yticks(range(len(order)), labels if ax is axes[0, 0] else [""] * len(order))
        ax.set_title(f"{words.measure(MEASURES[name])} ({what})")
    return figure
