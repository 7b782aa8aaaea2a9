"""Differences with their intervals: a forest of dots, bars, a tornado, one dot a seed."""

from __future__ import annotations

import json
from collections.abc import Sequence

import altair as alt
import pandas as pd

from .look import SHORT, SIGNED, SIZE, WIDTH, palette, room, scale_of, verdict_colours, verdict_shapes

Panels = Sequence[tuple[str | list[str], pd.DataFrame]]
"""Titles (or their lines) and tables, drawn beside each other."""
Spans = Sequence[Sequence[float]] | None
STEP = 25
"""Pixels from row to row."""
COLUMNS = ("row", "place", "difference", "low", "high", "verdict", "answer", "text")
ENDS = ["difference", "low", "high"]


def rows(labels: Sequence[str], shown: bool = True) -> alt.Y:
    """The axis of rows by their numbers, which are said as `labels`; room for all of each where they are shown."""
    axis = alt.Axis(title=None, domain=False, ticks=False, labels=shown, labelPadding=6, grid=False,
                    labelExpr=f"{json.dumps(list(labels), ensure_ascii=False)}[datum.value]", labelOverlap=False,
                    minExtent=room(labels) if shown else 0)
    return alt.Y("row:O", axis=axis, scale=alt.Scale(domain=list(range(len(labels)))))


def across(scale: alt.Scale, said: str = SIGNED, ticks: int = 5) -> alt.X:
    """The axis of numbers; `at` says which column lies on it."""
    return alt.X(scale=scale, title=None, axis=alt.Axis(
        labelExpr=said, tickCount=ticks, domain=False, ticks=False, labelBound=8))


def at(x: alt.X, column: str) -> alt.X:
    """A column on an axis."""
    placed = x.copy()
    placed.shorthand = f"{column}:Q"
    return placed


def zero(at: float = 0.0, dash: Sequence[int] | None = None) -> alt.Chart:
    """A line where nothing differs, or at another value."""
    line = alt.Chart(alt.Data(values=[{"at": at}]))
    return line.mark_rule(color=palette()["ink"], strokeDash=dash or alt.Undefined).encode(x="at:Q")


def share_width(labels: Sequence[str], columns: int, gap: int, right: int = 0) -> int:
    """Pixels of a panel where so many stand beside each other after the labels of their rows."""
    return int((WIDTH - room(labels) - 16 - (columns - 1) * gap) / columns) - right


def forest(panels: Panels, labels: Sequence[str], *, columns: int = 1, spans: Spans = None, said: int = 0,
           named: bool = True, step: int = STEP, size: int = 130, ticks: int = 3) -> alt.HConcatChart:
    """Dots with intervals, a row a label.

    `panels` are tables of row (number of the label), difference, low, high, verdict and, where said, text; so many
    `columns` stand beside each other in the whole figure. `spans` are values that the axis of each panel holds besides
    its own, so that panels can share one scale; `said` the pixels for the column text at the right; the first panel
    names its rows if `named`; `step` pixels lie from row to row; `size` is a dot's.
    """
    width = share_width(labels if named else [], columns, 22, said)
    drawn = []
    for n, (title, table) in enumerate(panels):
        x = across(_scale(table, spans, n), ticks=ticks)
        base = alt.Chart(_needed(table)).encode(y=rows(labels, shown=named and n == 0))
        layers = [zero(), _interval(base, x), _dots(base, x, size)]
        if said:
            layers.append(base.mark_text(align="left", fontWeight=600).encode(
                x=alt.value(width + 8), text="text:N", color=_by_verdict()))
        drawn.append(_titled(alt.layer(*layers), title).properties(width=width, height=step * len(labels)))
    return alt.hconcat(*drawn, spacing=22 + said, bounds="flush")


def _needed(table: pd.DataFrame) -> pd.DataFrame:
    """Without columns that are not drawn: every value is copied several times on its way."""
    return table[[name for name in COLUMNS if name in table]]


def _titled(chart: alt.LayerChart, title: str | list[str]) -> alt.LayerChart:
    return chart.properties(title=title) if title else chart


def _scale(table: pd.DataFrame, spans: Spans, n: int) -> alt.Scale:
    return scale_of([*table[ENDS].to_numpy(float).ravel().tolist(), *(spans[n] if spans else ())])


def _by_verdict() -> alt.Color:
    return alt.Color("verdict:N", scale=verdict_colours(), legend=None)


def _interval(base: alt.Chart, x: alt.X) -> alt.Chart:
    return base.transform_filter("isValid(datum.low)").mark_rule(strokeWidth=2).encode(
        x=at(x, "low"), x2="high:Q", color=_by_verdict())


def _dots(base: alt.Chart, x: alt.X, size: int) -> alt.Chart:
    return base.mark_point(filled=True, opacity=1, size=size, stroke=palette()["paper"], strokeWidth=1).encode(
        x=at(x, "difference"), fill=alt.Fill("verdict:N", scale=verdict_colours(), legend=None),
        shape=alt.Shape("verdict:N", scale=verdict_shapes(), legend=None))


def bars(panels: Panels, labels: Sequence[str], *, columns: int, signed: bool = True, spans: Spans = None,
         ) -> alt.HConcatChart:
    """Bars from 0 with intervals, a row a label, coloured by verdict; the rest as in `forest`."""
    width = share_width(labels, columns, 22)
    drawn = []
    for n, (title, table) in enumerate(panels):
        x = across(_scale(table, spans, n), SIGNED if signed else SHORT, 3)
        base = alt.Chart(_needed(table)).encode(y=rows(labels, shown=n == 0))
        interval = base.transform_filter("isValid(datum.low)").mark_rule(strokeWidth=1.4, color=palette()["ink"])
        layers = [base.mark_bar(size=STEP * 0.6, opacity=0.85).encode(
                      x=at(x, "difference"), x2=alt.datum(0), color=_by_verdict()),
                  interval.encode(x=at(x, "low"), x2="high:Q"), zero()]
        drawn.append(_titled(alt.layer(*layers), title).properties(width=width, height=STEP * len(labels)))
    return alt.hconcat(*drawn, spacing=22, bounds="flush")


ANSWERS = {"holds": "B", "open": "open", "flips": "A"}


def tornado(title: str, table: pd.DataFrame, labels: Sequence[str], base: float) -> alt.LayerChart:
    """Bars from the difference as it is to that with a number moved; the value it was moved to stands beside them.

    `table` has row, place (which of the row's bars), difference, low, high, verdict, answer (holds, open, flips), text.
    """
    table = _needed(table).assign(base=base, right=table["difference"] >= base)
    table["end"] = table[ENDS].max(axis=1).where(table["right"], table[ENDS].min(axis=1))
    x = across(scale_of([base, *table[ENDS].to_numpy(float).ravel().tolist()], 0.09), ticks=7)
    colours = alt.Scale(domain=list(ANSWERS), range=[palette()[c] for c in ANSWERS.values()])
    moves = alt.Chart(table).encode(y=rows(labels), yOffset=alt.YOffset("place:O"),
                                    color=alt.Color("answer:N", scale=colours, legend=None))
    layers = [moves.mark_bar(opacity=0.35).encode(x=at(x, "difference"), x2="base:Q"),
              moves.transform_filter("isValid(datum.low)").mark_rule(strokeWidth=1.3).encode(
                  x=at(x, "low"), x2="high:Q"),
              moves.mark_point(filled=True, opacity=1, size=40).encode(
                  x=at(x, "difference"), shape=alt.Shape("verdict:N", scale=verdict_shapes(), legend=None)),
              zero(), zero(base, [2, 3])]
    for right, align, dx in ((True, "left", 5), (False, "right", -5)):
        layers.append(moves.transform_filter(alt.datum.right == right).mark_text(
            align=align, dx=dx, fontSize=SIZE - 2).encode(
                x=at(x, "end"), text="text:N", color=alt.value(palette()["ink"])))
    bars_a_row = table.groupby("row").size().max()
    return alt.layer(*layers).properties(title=title, width=share_width(labels, 1, 0),
                                         height=int(max(STEP, 15 * bars_a_row) * len(labels)))
