"""Lines: over a number that varies, over days, over what answering takes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from .look import PERCENT, SERIES, SHORT, SIGNED, SIZE, WIDTH, palette, room

TALL = 260
"""Pixels of the trade-off's panels."""
TOP = 1.05
"""Where shares end, with room for a text."""

MARKS = {"emergency": "▲", "inspection": "■", "whistle": "●", "central_work": "◆"}
"""Kinds of events, as they stand over the curves."""


def _looks(names: Sequence[str], first: Sequence[tuple[str, str, tuple[int, int]]] = (),
           points: bool = True) -> dict[str, Any]:
    """Colour, shape and dash of lines by name, as encodings with one legend, of points or of lines."""
    looks = [*first, *SERIES * (len(names) // len(SERIES) + 1)][:len(names)]
    c = palette()
    key = {"symbolStrokeWidth": 0} if points else {"symbolType": "stroke", "symbolStrokeWidth": 2}
    legend = alt.Legend(symbolSize=140, columns=len(names), **key) if len(names) > 1 else None
    colours, shapes, dashes = ([c[k] for k, _, _ in looks], [s for _, s, _ in looks], [list(d) for _, _, d in looks])
    return {key: kind("name:N", legend=legend, scale=alt.Scale(domain=list(names), range=range_))
            for key, kind, range_ in (("color", alt.Color, colours), ("shape", alt.Shape, shapes),
                                      ("strokeDash", alt.StrokeDash, dashes))}


def _x(title: str, said: str = SHORT, **scale: Any) -> alt.X:
    return alt.X("x:Q", title=title, scale=alt.Scale(nice=False, zero=False, **scale),
                 axis=alt.Axis(labelExpr=said, tickCount=5, grid=False))


def _y(said: str = SIGNED, **scale: Any) -> alt.Y:
    return alt.Y("y:Q", title=None, scale=alt.Scale(**scale), axis=alt.Axis(
        labelExpr=said, tickCount=5, domain=False, ticks=False))


def _level() -> alt.Chart:
    return alt.Chart(alt.Data(values=[{"y": 0}])).mark_rule(color=palette()["ink"]).encode(y="y:Q")


def response(panels: Sequence[tuple[str, pd.DataFrame]], names: Sequence[str], x: str, *, columns: int = 3
             ) -> alt.ConcatChart:
    """Differences over a number with their intervals, a line a name.

    `panels` are titles and tables of x, y, low, high, name.
    """
    looks = _looks(names)
    width = (WIDTH - columns * 68) // columns
    drawn = []
    for title, table in panels:
        base = alt.Chart(table).encode(x=_x(x))
        drawn.append(alt.layer(
            base.mark_area(opacity=0.15).encode(y=alt.Y("low:Q", title=None), y2="high:Q",
                                                color=looks["color"].copy(deep=False)),
            _level(), base.mark_line(strokeWidth=1.8).encode(y=_y(), color=looks["color"],
                                                                 strokeDash=looks["strokeDash"]),
            base.mark_point(filled=True, opacity=1, size=55).encode(y=_y(), color=looks["color"], shape=looks["shape"])
        ).properties(title=title, width=width, height=150))
    return alt.concat(*drawn, columns=columns, spacing={"row": 86, "column": 66}, bounds="flush")


def tradeoff(panels: Sequence[tuple[str, pd.DataFrame]], names: Sequence[str], x: str) -> alt.HConcatChart:
    """Two measures over the share of hours that answering takes, a panel a region.

    `panels` are titles and tables of x, y, low, high, name (of the measure), first (whether the plan's first regime),
    line (points of one are joined), text (written beside the point); `names` are the measures', B's colour first.
    """
    c = palette()
    looks = _looks(names, (("B", "circle", (1, 0)), ("A", "square", (1, 0))))
    shares = pd.concat([table["x"] for _, table in panels])
    pad = 0.1 * (shares.max() - shares.min() or 0.1)
    x_ = _x(x, PERCENT, domain=[shares.min() - pad, shares.max() + pad])
    drawn, width = [], (WIDTH - 60 * len(panels)) // max(2, len(panels))
    for title, table in panels:
        table = table.assign(at=_heights(table, width / (shares.max() - shares.min() + 2 * pad)))
        base = alt.Chart(table).encode(x=x_, color=looks["color"])
        points = base.encode(y=_y(SHORT, domain=[0, TOP]), shape=looks["shape"])
        layers = [base.transform_filter("isValid(datum.line)").mark_line(strokeWidth=1.8).encode(
                      y=_y(SHORT, domain=[0, TOP]), detail="line:N"),
                  base.transform_filter("isValid(datum.low)").mark_rule(strokeWidth=1.4).encode(
                      y=alt.Y("low:Q", title=None), y2="high:Q"),
                  points.transform_filter("!datum.first").mark_point(filled=True, opacity=1, size=80),
                  points.transform_filter("datum.first").mark_point(fill=c["paper"], opacity=1, size=80),
                  alt.Chart(table).transform_filter("datum.text").mark_text(
                      fontSize=SIZE - 1, color=c["soft"]).encode(x=x_, y="at:Q", text="text:N")]
        drawn.append(alt.layer(*layers).properties(title=title, height=TALL, width=width))
    return alt.hconcat(*drawn, spacing=30)


def _heights(table: pd.DataFrame, scale: float) -> pd.Series:
    """Where each point's text stands: over its bar (the first regime's under its point), where none stands yet.

    `scale`: pixels a unit of x.
    """
    line, top, taken, out = 13 * TOP / TALL, TOP, [], pd.Series(float("nan"), table.index)
    for index, row in table[table["text"] != ""].sort_values("x").iterrows():
        half = room([row["text"]], SIZE - 1) / scale / 2
        y, step = (row["y"] - line, -line) if row["first"] else (min(max(row["y"], row["high"]) + line, top), line)
        while any(abs(y - there) < 0.9 * line and abs(row["x"] - x) < half + other for x, there, other in taken):
            y += step
        taken.append((row["x"], y, half))
        out[index] = y
    return out


def waits(table: pd.DataFrame, pairs: pd.DataFrame, names: Mapping[str, str],
          words: Mapping[str, str]) -> alt.HConcatChart:
    """How long cases wait: share closed within so many days, quantile against quantile, open cases by day.

    `table` has who, day, closed, open; `pairs` who, log, model: days within which the same share was closed. `names`
    says what each `who` is called, the log first; `words` the titles (closed, qq, open) and axes (days, log_days,
    model_days, since).
    """
    looks = _looks(list(names.values()), (("ink", "circle", (1, 0)),), points=False)
    table, pairs = (t.assign(name=t["who"].map(names)) for t in (table, pairs))
    width = (WIDTH - 3 * 62) // 3
    most = max([1.0, *pairs["log"], *pairs["model"]])
    agree = alt.Chart(alt.Data(values=[{"x": 0, "y": 0}, {"x": most, "y": most}])).mark_line(
        color=palette()["soft"], strokeWidth=1).encode(x=_x(words["log_days"]), y="y:Q")

    def line(data: pd.DataFrame, x: str, column: str, title: str, **marks: Any) -> alt.Chart:
        return alt.Chart(data.rename(columns={x: "x", column: "y"}).dropna(subset=["x", "y"])).mark_line(
            strokeWidth=1.8, **marks).encode(x=_x(title), y=_y(SHORT), color=looks["color"],
                                             strokeDash=looks["strokeDash"])

    two = alt.layer(agree, line(pairs, "log", "model", words["log_days"], point={"size": 18}).encode(
        y=_y(SHORT).title(words["model_days"])))
    drawn = (line(table, "day", "closed", words["days"]), two, line(table, "day", "open", words["since"]))
    return alt.hconcat(*(one.properties(title=words[key], width=width, height=190)
                         for key, one in zip(("closed", "qq", "open"), drawn, strict=True)))


def trend(title: str, sides: Sequence[str], days: int, legend: bool, dark: bool = False) -> alt.LayerChart:
    """A measure of A and B by day, events marked. Data: `lines` of x, A, B; `marks` of x, mark.

    `sides` is what A and B are called in the key, which stands over the chart if `legend`.
    """
    c = palette(dark)
    x = alt.X("x:Q", title=None, scale=alt.Scale(domain=[0, days], nice=False),
              axis=alt.Axis(labelExpr=SHORT, grid=False, tickMinStep=1, tickCount=6))
    called = "datum.label == 'A' ? {} : {}".format(*map(json.dumps, sides))
    key = alt.Legend(symbolType="stroke", symbolStrokeWidth=2.5, columns=2, labelExpr=called) if legend else None
    events = alt.Chart(alt.NamedData("marks")).encode(x=x)
    lines = alt.Chart(alt.NamedData("lines")).transform_fold(["A", "B"], as_=["side", "y"]).mark_line(strokeWidth=2)
    return alt.layer(
        events.mark_rule(color=c["soft"], strokeDash=[1, 3]),
        events.mark_text(baseline="bottom", dy=-2, color=c["ink"]).encode(y=alt.value(0), text="mark:N"),
        lines.encode(
            x=x, y=_y(SHORT, zero=False),
            color=alt.Color("side:N", legend=key, scale=alt.Scale(domain=["A", "B"], range=[c["A"], c["B"]])),
            strokeDash=alt.StrokeDash("side:N", legend=key, scale=alt.Scale(domain=["A", "B"], range=[[6, 3], [1, 0]])))
    ).properties(title=alt.TitleParams(title, offset=16), width="container", height=130)
