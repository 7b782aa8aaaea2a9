"""What the view `results` shows of a folder; numbers and verdicts come from `experiments.report` and `analysis`."""

from __future__ import annotations

from typing import Any

import pandas as pd

from experiments.analysis.winmap import WinMap, winmap
from experiments.report import carries, maps, response
from experiments.report.about import failures_section, neutrality_section
from experiments.report.answer import answer
from experiments.report.effects import arrow, lines, point_labels, shown_regimes, signed, single, span, table_section
from experiments.report.parts import ReportWords, Section, Table
from experiments.report.source import other_regime
from experiments.store import Results
from experiments.table import capital, decimals, ends, known
from model.errors import InputError
from model.measures import HEADLINES, MEASURES
from model.regimes import SWITCHES

Panel = dict[str, Any]


def view(results: Results, lang: str) -> dict[str, Any]:
    """Everything of a folder, plain values; a part that the folder does not support is empty."""
    words = ReportWords(lang)
    plan, regime = results.plan, other_regime(results)
    runs = len(results.runs())
    told = {"title": capital(words("title", a=words.regime(plan.regimes[0]), b=words.regime(regime))),
            "lead": words("lead", plan=plan.name, runs=runs, points=len(plan.points()), seeds=plan.seeds.per_point,
                          regimes=len(plan.regimes), regions=words.list([words.region(r) for r in results.regions])),
            "about": plan.said(words.lang), "regime": regime, "notes": []}
    makers = {"answer": lambda: answer(results, words), "neutral": lambda: neutrality_section(results, words).text,
              "panels": lambda: panels(results, words), "tables": lambda: tables(table_section(results, words)),
              "maps": lambda: planes(results, words), "curves": lambda: curves(results, words),
              "ablation": lambda: ablation(results, words), "failures": lambda: failures(results, words)}
    for key, make in makers.items():
        told[key] = _part(make, told["notes"], words)
    return told


def _part(make: Any, notes: list[str], words: ReportWords) -> Any:
    try:
        return make()
    except InputError as error:  # e.g. no finished pair: say so instead
        note = words("not_shown", why=words.error(error))
        if note not in notes:
            notes.append(note)
        return []


# --- dots with intervals ----------------------------------------------------------------------------------------


def panels(results: Results, words: ReportWords) -> list[Panel]:
    """Paired differences: a row a headline, or for each headline a row a regime or point."""
    regimes = shown_regimes(results)
    table = lines(results)
    table = table[table["regime"].isin(regimes)]
    if single(results) and len(regimes) == 1:
        groups = [(region, "", part) for region, part in table.groupby("region", sort=False)]
        return [panel(part, [_label(m, words) for m in part["measure"]], region, measure, words)
                for region, measure, part in groups]
    labels = None if single(results) else point_labels(results.plan.points(), words)
    made = []
    table = table.sort_values("regime", key=lambda c: c.map(regimes.index), kind="stable")
    for (measure, region), part in table.groupby(["measure", "region"], sort=False):
        names = [labels[p] for p in part["point"]] if labels else [words.regime(r) for r in part["regime"]]
        made.append(panel(part, names, region, measure, words))
    return made


def _label(measure: str, words: ReportWords) -> str:
    return f"{words.measure(MEASURES[measure])} {arrow(measure)}"


def panel(part: pd.DataFrame, labels: list[str], region: str, measure: str, words: ReportWords) -> Panel:
    """Rows of a panel with its common axis."""
    low, high = limits(part)
    rows = []
    for label, row in zip(labels, part.to_dict("records"), strict=True):
        digits = decimals(row["difference"], 2, 4)
        rows.append({"label": label, "verdict": row["verdict"] if MEASURES[row["measure"]].direction else "unresolved",
                     "difference": row["difference"], "low": known(row["low"]), "high": known(row["high"]),
                     "text": signed(row["difference"]), "interval": span(row, digits), "pairs": row["pairs"],
                     "pick": {"point": int(row["point"]), "region": region, "regime": row["regime"]}})
    return {"region": capital(words.region(region)), "measure": measure,
            "title": _label(measure, words) if measure else "", "rows": rows, "low": low, "high": high}


def limits(part: pd.DataFrame, names: tuple[str, ...] = ("difference", "low", "high")) -> tuple[float, float]:
    """Ends of an axis that holds all values and 0."""
    values = part[list(names)].astype(float)
    low, high = min(values.min().min(), 0.0), max(values.max().max(), 0.0)
    pad = 0.06 * (high - low or 1.0)
    return float(low - pad), float(high + pad)


# --- tables -----------------------------------------------------------------------------------------------------


def tables(section: Section) -> list[dict[str, Any]]:
    """The tables of a section of the report as head, rows of (text, mark), and note."""
    return [{"title": block.caption, "head": block.head, "wide": block.wide, "notes": section.text,
             "rows": [[list(c) if isinstance(c, tuple) else [c, ""] for c in row] for row in block.rows]}
            for block in section.blocks if isinstance(block, Table)]


def failures(results: Results, words: ReportWords) -> dict[str, Any]:
    """Runs that failed or are missing; empty if there are none."""
    section = failures_section(results, words)
    return {"text": section.text, "tables": tables(section)} if section else {}


# --- maps -------------------------------------------------------------------------------------------------------


def planes(results: Results, words: ReportWords) -> list[dict[str, Any]]:
    """Where the reform is better, worse or not told apart: the primary measure and core quality, every region."""
    if not maps.fits(results):
        return []
    regime, names = other_regime(results), dict.fromkeys([results.plan.primary, "core_quality"])
    return [plane(one, measure, results, words) for measure in names
            for one in winmap(results, measure, regime=regime)]


def plane(one: WinMap, measure: str, results: Results, words: ReportWords) -> dict[str, Any]:
    """A map as rows of cells from top to bottom, with the points of each cell."""
    values = results.runs().drop_duplicates("point").set_index("point")[[one.x, one.y]].astype(float)
    cells = {(c["i"], c["j"]): _cell(c, one, values) for c in one.cells.to_dict("records")}
    ticks = {k: one.cells.groupby(k).agg(low=(f"{n}_min", "min"), high=(f"{n}_max", "max"))
             for k, n in (("i", one.x), ("j", one.y))}
    rows = [{"label": ends(span_.low, span_.high), "cells": [cells.get((i, j)) for i in ticks["i"].index]}
            for j, span_ in reversed(list(zip(ticks["j"].index, ticks["j"].itertuples(), strict=True)))]
    return {"title": f"{_label(measure, words)} · {capital(words.region(one.region))}", "region": one.region,
            "x": _name(one.x, words), "y": _name(one.y, words), "rows": rows,
            "columns": [ends(t.low, t.high) for t in ticks["i"].itertuples()]}


def _cell(cell: dict[str, Any], one: WinMap, values: pd.DataFrame) -> dict[str, Any]:
    inside = values[values[one.x].between(cell[f"{one.x}_min"], cell[f"{one.x}_max"])
                    & values[one.y].between(cell[f"{one.y}_min"], cell[f"{one.y}_max"])]
    return {"verdict": cell["verdict"], "text": signed(cell["difference"]), "points": [int(p) for p in inside.index]}


def _name(column: str, words: ReportWords) -> str:
    return words.parameter(column.removeprefix("parameter_"))


# --- curves and ablation ----------------------------------------------------------------------------------------


def curves(results: Results, words: ReportWords) -> list[dict[str, Any]]:
    """A headline's paired difference over the one number that varies: for each a list of lines, one a region."""
    if not response.fits(results):
        return []
    name = results.varied[0]
    column = f"parameter_{name}" if name in MEASURES else name
    table = lines(results, HEADLINES, other_regime(results))
    made = []
    for measure, part in table.groupby("measure", sort=False):
        made.append({"title": _label(measure, words), "x": _name(name, words), "lines": [
            {"region": region, "label": capital(words.region(region)),
             "points": [[float(r[column]), r["difference"], known(r["low"]), known(r["high"]), int(r["point"]),
                         r["verdict"]] for r in some.sort_values(column).to_dict("records")]}
            for region, some in part.groupby("region", sort=False)]})
    return made


def ablation(results: Results, words: ReportWords) -> list[Panel]:
    """Shapley shares of the five switches: a panel a headline and region."""
    if results.plan.design.kind != "factorial":
        return []
    table = carries.shares({name: carries.ablation(results, name) for name in HEADLINES})
    made = []
    for (measure, region), part in table.groupby(["measure", "region"], sort=False):
        low, high = limits(part, ("shapley", "low", "high"))
        rows = [{"label": words.switch(s), "difference": row["shapley"], "low": known(row["low"]),
                 "high": known(row["high"]), "text": signed(row["shapley"]),
                 "interval": span(row, decimals(row["shapley"], 2, 4)), "pairs": row["seeds"],
                 "verdict": carries.side(known(row["low"]), known(row["high"]), MEASURES[measure].direction),
                 "pick": {"point": 0, "region": region, "regime": f"layered+{s}"}}
                for s, row in part.set_index("switch").loc[list(SWITCHES)].iterrows()]
        made.append({"region": capital(words.region(region)), "measure": measure, "low": low, "high": high,
                     "rows": rows, "title": f"{_label(measure, words)}: {signed(part['whole'].iloc[0])}"})
    return made
