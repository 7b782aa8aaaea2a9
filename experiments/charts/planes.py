"""Where over several numbers: a map of two, and one of worths."""

from __future__ import annotations

import json
from collections.abc import Sequence

import altair as alt
import pandas as pd

from .look import SERIES, SHORT, SIZE, VERDICTS, palette

CELL = (88, 46)
"""Pixels of a map's cell."""
PALE = " ~"
"""Behind a regime's name where it is not told apart."""
MARK = {"item": "●", "hour": "▲"}
"""Of the worths that count each item alike, and each paid hour."""


def plane(panels: Sequence[tuple[str, pd.DataFrame]], x: str, y: str, ends: Sequence[tuple[list[str], list[str]]],
          columns: int) -> alt.ConcatChart:
    """Cells coloured by verdict.

    `panels` are titles and tables of i, j (the cell's place), verdict, text; `ends` says for each what the places
    across and upwards are called.
    """
    drawn = []
    for (title, table), (across, up) in zip(panels, ends, strict=True):
        base = alt.Chart(table[["i", "j", "verdict", "text"]]).encode(x=_places("i", x, across), y=_places("j", y, up))
        drawn.append(alt.layer(
            base.mark_rect(stroke=palette()["paper"], strokeWidth=3).encode(color=_fill("pale_")),
            base.mark_text(fontSize=SIZE, fontWeight=600).encode(text="text:N", color=_fill(""))
        ).resolve_scale(color="independent").properties(
            title=title, width=CELL[0] * len(across), height=CELL[1] * len(up)))
    return alt.concat(*drawn, columns=columns, spacing=26)


def _fill(shade: str) -> alt.Color:
    colours = [palette()[shade + colour] for colour, _ in VERDICTS.values()]
    return alt.Color("verdict:N", legend=None, scale=alt.Scale(domain=list(VERDICTS), range=colours))


def _places(name: str, title: str, labels: list[str]) -> alt.X | alt.Y:
    axis = alt.Axis(title=title, domain=False, ticks=False, grid=False, labelAngle=0, labelOverlap=False,
                    labelExpr=f"{json.dumps(labels, ensure_ascii=False)}[datum.value]")
    kind, order = (alt.X, 1) if name == "i" else (alt.Y, -1)
    return kind(f"{name}:O", axis=axis, scale=alt.Scale(domain=list(range(len(labels)))[::order]))


def worth_map(panels: Sequence[tuple[str, pd.DataFrame, pd.DataFrame, pd.DataFrame]], names: Sequence[str], base: str,
              x: str, y: str) -> alt.ConcatChart:
    """Which regime is best over two worths, both on logarithmic axes.

    `panels` are titles; tables of x, x2, y, y2, name, sure; of the even line and its interval: line (even, low, high),
    x, y; of marks: x, y, text. `names` are the regimes that are best somewhere, `base` which of them is the first.
    """
    c, others = palette(), iter(["B", *(colour for colour, *_ in SERIES), "core_work", "directives", "A"] * 9)
    full = [c["idle"] if n == base else c[next(others)] for n in names]
    # Opaque, and each cell reaches under the one above it: pale or touching ones would show the paper as hairlines.
    colours = alt.Scale(domain=[*names, *(n + PALE for n in names)],
                        range=[_mixed(f, c["paper"], share) for share in (0.8, 0.35) for f in full])
    scale = alt.Scale(type="log", nice=False, domain=[0.1, 100])
    axis = alt.Axis(labelExpr=SHORT, values=[0.1, 0.3, 1, 3, 10, 30, 100], grid=False)
    across, up = alt.X("x:Q", title=x, scale=scale, axis=axis), alt.Y("y:Q", title=y, scale=scale, axis=axis)
    drawn = []
    for title, cells, lines, marks in panels:
        shown = cells.assign(name=cells["name"].where(cells["sure"], cells["name"] + PALE), y2=cells["y2"] * 1.02)
        even = alt.Chart(lines).encode(x=across, y=up, detail="line:N", order="y:Q")
        drawn.append(alt.layer(
            alt.Chart(shown).mark_rect(clip=True, opacity=1).encode(
                x=across, x2="x2:Q", y=up, y2="y2:Q",
                color=alt.Color("name:N", scale=colours, legend=alt.Legend(values=list(names)))),
            even.transform_filter("datum.line == 'even'").mark_line(color=c["ink"], strokeWidth=1.8, clip=True),
            even.transform_filter("datum.line != 'even'").mark_line(color=c["ink"], strokeWidth=1, strokeDash=[2, 3],
                                                                    clip=True),
            alt.Chart(marks).mark_text(fontSize=SIZE + 4, color=c["ink"], clip=True).encode(
                x=across, y=up, text="text:N")).properties(title=title, width=330, height=300))
    return alt.concat(*drawn, columns=2, spacing=40)


def _mixed(colour: str, other: str, share: float) -> str:
    """A colour that is by this share the first, else the other; all as #rrggbb."""
    parts = (round(share * int(colour[i:i + 2], 16) + (1 - share) * int(other[i:i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{part:02x}" for part in parts)
