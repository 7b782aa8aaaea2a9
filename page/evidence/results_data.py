"""What the view `results` shows of a folder; numbers and verdicts come from `experiments.report` and `analysis`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import altair as alt
import pandas as pd

from experiments.analysis.regimes import chosen, named
from experiments.analysis.winmap import WinMap
from experiments.charts.curves import response
from experiments.charts.intervals import bars, forest
from experiments.charts.look import svg
from experiments.report import carries, maps, plausible
from experiments.report.about import failures_section, neutrality_section
from experiments.report.answer import answer
from experiments.report.build import lead
from experiments.report.effects import drawn, in_rows, label, lines, point_labels, signed, single, span, table_section
from experiments.report.parts import Section, Table
from experiments.report.response import fits, over, points
from experiments.store import Results
from experiments.table import capital, decimals, ends
from experiments.words import Words
from languages.text import _
from model.errors import InputError
from model.measures import HEADLINES, MEASURES
from model.regimes import SWITCHES

Panel = dict[str, Any]
ROW, WIDE = 34, 260
"""Pixels of a row of a table whose differences are drawn beside it, and of the drawing."""


def view(results: Results, lang: str, regime: str | None = None, dark: bool = False) -> dict[str, Any]:
    """Everything of a folder about a regime against the plan's first, as plain values.

    Args:
        results: the folder.
        lang: language.
        regime: one of the plan's; the first that it names besides the one others are compared with if None.
        dark: on dark paper.

    Returns:
        Parts by name; one that the folder does not support is empty.

    Raises:
        InputError: no such regime.
    """
    words, (regime, *_more) = Words(lang), chosen(results, regime) if regime else named(results)
    title = words(_("{b} against {a}: simulated, not a forecast", a=words.regime(results.plan.regimes[0]),
                    b=words.regime(regime)))
    told = {"title": capital(title), "lead": lead(results, words), "about": results.plan.said(words.lang),
            "regime": regime, "regime_label": capital(words(_("regime"))), "notes": [],
            "regimes": [{"name": name, "label": words.regime(name)} for name in results.plan.regimes[1:]]}
    makers = {"answer": lambda: answer(results, words, regime),
              "neutral": lambda: neutrality_section(results, words, [regime]).text,
              "panels": lambda: panels(results, words, regime, dark),
              "tables": lambda: tables(table_section(results, words, [regime])),
              "maps": lambda: planes(results, words, regime), "curves": lambda: curves(results, words, regime, dark),
              "ablation": lambda: ablation(results, words, dark), "failures": lambda: failures(results, words)}
    if results.plan.design.kind == plausible.KIND:
        makers |= {"answer": lambda: plausible.answer(results, words, regime), "panels": list, "maps": list,
                   "tables": lambda: tables(plausible.of_shares(results, words, [regime]))}
    for key, make in makers.items():
        told[key] = _part(make, told["notes"], words)
    return told


def _part(make: Any, notes: list[str], words: Words) -> Any:
    try:
        return make()
    except InputError as error:  # e.g. no finished pair: say so instead
        note = words(_("Not shown: {why}.", why=words.error(error)))
        if note not in notes:
            notes.append(note)
        return []


# --- dots with intervals ----------------------------------------------------------------------------------------


def panels(results: Results, words: Words, regime: str, dark: bool = False) -> list[Panel]:
    """Paired differences: a row a headline, or for each headline a row a regime or point."""
    one = single(results)
    regimes = drawn(results) if one else [regime]
    table = lines(results)
    table = table[table["regime"].isin(regimes)]
    if one and len(regimes) == 1:
        return [panel(part, [label(m, words) for m in part["measure"]], region, "", words, dark)
                for region, part in table.groupby("region", sort=False)]
    labels = None if one else point_labels(results.plan.points(), words)
    made = []
    table = table.sort_values("regime", key=lambda c: c.map(regimes.index), kind="stable")
    for (measure, region), part in table.groupby(["measure", "region"], sort=False):
        names = [labels[p] for p in part["point"]] if labels else [words.regime(r) for r in part["regime"]]
        made.append(panel(part, names, region, measure, words, dark))
    return made


def panel(part: pd.DataFrame, labels: list[str], region: str, measure: str, words: Words, dark: bool) -> Panel:
    """Rows of a panel, and beside them their picture."""
    part = part.assign(verdict=part["verdict"].where(part["measure"].map(lambda m: MEASURES[m].direction != 0),
                                                     "unresolved"))
    rows = [{"label": called, "text": signed(row["difference"]), "verdict": row["verdict"], "pairs": row["pairs"],
             "interval": span(row, decimals(row["difference"], 2, 4)), "difference": row["difference"],
             "pick": {"point": int(row["point"]), "region": region, "regime": row["regime"]}}
            for called, row in zip(labels, part.to_dict("records"), strict=True)]
    return _panel(region, measure, label(measure, words) if measure else "", part, rows, forest, words, dark)


def _panel(region: str, measure: str, title: str, part: pd.DataFrame, rows: list[dict[str, Any]],
           draw: Callable[..., alt.HConcatChart], words: Words, dark: bool) -> Panel:
    where = capital(words.region(region))
    numbered = in_rows(part.assign(line=range(len(part))), "line", list(range(len(part))))
    chart = draw([("", numbered)], [""] * len(part), columns=1, named=False, step=ROW, width=WIDE, dark=dark)
    return {"region": where, "measure": measure, "title": title, "rows": rows,
            "svg": svg(chart, f"{where}: {title}".rstrip(": "), dark)}


# --- tables -----------------------------------------------------------------------------------------------------


def tables(section: Section) -> list[dict[str, Any]]:
    """The tables of a section of the report as head, rows of (text, mark), and note."""
    return [{"title": block.caption, "head": block.head, "wide": block.wide, "notes": section.text,
             "rows": [[list(c) if isinstance(c, tuple) else [c, ""] for c in row] for row in block.rows]}
            for block in section.blocks if isinstance(block, Table)]


def failures(results: Results, words: Words) -> dict[str, Any]:
    """Runs that failed or are missing; empty if there are none."""
    section = failures_section(results, words, [])
    return {"text": section.text, "tables": tables(section)} if section else {}


# --- maps -------------------------------------------------------------------------------------------------------


def planes(results: Results, words: Words, regime: str) -> list[dict[str, Any]]:
    """Where a regime is better, worse or not told apart: the primary measure and core quality, every region."""
    if not maps.fits(results):
        return []
    names = dict.fromkeys([results.plan.primary, "served_core"])
    return [plane(one, measure, results, words) for measure in names
            for one in maps.by_region(results, measure, regime)]


def plane(one: WinMap, measure: str, results: Results, words: Words) -> dict[str, Any]:
    """A map as rows of cells from top to bottom, with the points of each cell."""
    values = results.runs().drop_duplicates("point").set_index("point")[[one.x, one.y]].astype(float)
    cells = {(c["i"], c["j"]): _cell(c, one, values) for c in one.cells.to_dict("records")}
    ticks = {k: one.cells.groupby(k).agg(low=(f"{n}_min", "min"), high=(f"{n}_max", "max"))
             for k, n in (("i", one.x), ("j", one.y))}
    rows = [{"label": ends(span_.low, span_.high), "cells": [cells.get((i, j)) for i in ticks["i"].index]}
            for j, span_ in reversed(list(zip(ticks["j"].index, ticks["j"].itertuples(), strict=True)))]
    return {"title": f"{label(measure, words)} · {capital(words.region(one.region))}", "region": one.region,
            "x": _name(one.x, words), "y": _name(one.y, words), "rows": rows,
            "columns": [ends(t.low, t.high) for t in ticks["i"].itertuples()]}


def _cell(cell: dict[str, Any], one: WinMap, values: pd.DataFrame) -> dict[str, Any]:
    inside = values[values[one.x].between(cell[f"{one.x}_min"], cell[f"{one.x}_max"])
                    & values[one.y].between(cell[f"{one.y}_min"], cell[f"{one.y}_max"])]
    return {"verdict": cell["verdict"], "text": signed(cell["difference"]), "points": [int(p) for p in inside.index]}


def _name(column: str, words: Words) -> str:
    return words.parameter(column.removeprefix("parameter_"))


# --- curves and ablation ----------------------------------------------------------------------------------------


def curves(results: Results, words: Words, regime: str, dark: bool = False) -> list[str]:
    """A headline's paired difference over the one number that varies, a picture each."""
    if not fits(results):
        return []
    name, table = results.varied[0], over(results, regime)
    regions, made = [capital(words.region(r)) for r in dict.fromkeys(table["region"])], []
    for measure, part in table.groupby("measure", sort=False):
        title = label(measure, words)
        chart = response([(title, points(part, name, words))], regions, _name(name, words), columns=1, width=WIDE,
                         dark=dark)
        made.append(svg(chart, title, dark))
    return made


def ablation(results: Results, words: Words, dark: bool = False) -> list[Panel]:
    """Shapley shares of the five switches: a panel a headline and region."""
    if results.plan.design.kind != "factorial":
        return []
    table = carries.shares({name: carries.ablation(results, name) for name in HEADLINES})
    made = []
    table = table.sort_values("region", key=lambda c: c.map(results.regions.index), kind="stable")
    for (measure, region), part in table.groupby(["measure", "region"], sort=False):
        part = carries.share_rows(part.set_index("switch").loc[list(SWITCHES)].reset_index(),
                                  MEASURES[measure].direction)
        rows = [{"label": words.switch(row["switch"]), "difference": row["shapley"], "text": signed(row["shapley"]),
                 "interval": span(row, decimals(row["shapley"], 2, 4)), "pairs": row["seeds"],
                 "verdict": row["verdict"],
                 "pick": {"point": 0, "region": region, "regime": f"layered+{row['switch']}"}}
                for row in part.to_dict("records")]
        title = f"{label(measure, words)}: {signed(part['whole'].iloc[0])}"
        made.append(_panel(region, measure, title, part, rows, bars, words, dark))
    return made
