"""Rows of the lab's tables: pure functions of numbers and words, drawn by `vue/table.vue`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import solara

from agents.work import CLASSES
from languages.text import say
from model.measures import MEASURES

from ..words import measure_label, word

Row = dict[str, Any]
UNIT_INTERVAL = ("0–1", "probability", "Gini")


@solara.component_vue("vue/table.vue")
def Table(name: str, caption: str, head: list, rows: list):
    """A table with a caption; the first cell of a row is its head."""


def number(value: float | None, unit: str, *, signed: bool = False) -> str:
    """A value as people read it: shares in per cent, the rest with few digits; a true minus sign."""
    if value is None:
        return "–"
    if unit == "share":
        text = f"{100 * value:{'+' if signed else ''}.1f} %"
    else:
        text = f"{value:{'+' if signed else ''}.{_digits(value, unit)}f}"
    return text.replace("-", "−")


def _digits(value: float, unit: str) -> int:
    return 0 if abs(value) >= 1000 else 3 if unit in UNIT_INTERVAL else 2


def headline_rows(values: dict[str, list[float | None]], lang: str) -> list[Row]:
    """A, B, B − A of this run: one seed, so nothing is called better or worse."""
    return [_headline(name, three, lang) for name, three in values.items()]


def _headline(name: str, three: list[float | None], lang: str) -> Row:
    unit = MEASURES[name].unit
    return {"name": name, "cells": [measure_label(name, lang), number(three[0], unit), number(three[1], unit),
                                    number(three[2], unit, signed=True)]}


SIGNS = {1: "▲ ", -1: "▼ ", 0: ""}


def ledger_rows(ledger: Sequence[Sequence[Any]], lang: str) -> list[Row]:
    """Hours by class and activity, with a sum for each class."""
    rows: list[Row] = []
    for who in CLASSES:
        mine = [row for row in ledger if row[0] == who]
        rows += [_hours([f"{word(who, lang)} · {word('act_' + act, lang)}"], a, b, d) for _, act, a, b, d in mine]
        if mine:
            sums = [sum(row[n] for row in mine) for n in (2, 3, 4)]
            rows.append({**_hours([f"{word(who, lang)} · {word('sum', lang)}"], *sums), "strong": True,
                         "name": f"sum-{who}"})
    return rows


def _hours(names: list[str], a: float, b: float, d: float) -> Row:
    return {"cells": [*names, f"{a:,.0f}", f"{b:,.0f}", "0" if abs(d) < 0.5 else f"{d:+,.0f}".replace("-", "−")]}


def time_rows(shares: Sequence[dict[str, dict[str, float]]], lang: str) -> list[Row]:
    """Per cent of paid hours by class and side, one column a group; the last column is the sum."""
    return [{"name": f"{who}-{'AB'[side]}",
             "cells": [f"{word(who, lang)} {'AB'[side]}",
                       *(f"{100 * max(v, 0.0):.1f}" for v in shares[side][who].values()),
                       f"{100 * sum(shares[side][who].values()):.1f}"]}
            for who in shares[0] for side in (0, 1)]


def why_rows(rows: Sequence[Sequence[Any]], lang: str) -> list[Row]:
    """Figures that a link of the chain rests on."""
    out: list[Row] = []
    for *names, a, b, d in rows:
        said = " · ".join(say(name, lang) for name in names)
        out.append({"cells": [said, *(_figure(v) for v in (a, b)), _figure(d, "+")]})
    return out


def _figure(value: float, sign: str = "") -> str:
    return f"{value:{sign},.{0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 3}f}".replace("-", "−")
