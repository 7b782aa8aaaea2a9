"""Shares of a whole: stacked bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from .intervals import rows, share_width
from .look import palette

GROUPS = {"for_residents": "for_residents", "core_work": "core_work", "directives": "directives", "paper": "paper_work",
          "assessment": "assessment", "steering": "steering", "idle": "idle"}
"""Groups of activities with their colours, in the order in which they are stacked."""
ON_DARK = {"for_residents", "paper", "assessment"}
"""Groups whose colour on white paper asks for white letters; on dark paper all ask for dark ones but these."""
ON_BRIGHT = {"directives", "idle"}
TOLD, STEP = 0.05, 27
"""A narrower share is not written into its bar. Pixels from bar to bar."""


def segments(shares: Mapping[str, float], row: int, names: Mapping[str, str]) -> list[dict[str, float | int | str]]:
    """A bar's pieces from left to right: row, group, name, start, end, middle, text."""
    pieces, start = [], 0.0
    for group in GROUPS:
        share = float(shares.get(group, 0.0))
        pieces.append({"row": row, "group": group, "name": names[group], "start": start, "end": start + share,
                       "middle": start + share / 2, "text": f"{100 * share:.0f}" if share >= TOLD else ""})
        start += share
    return pieces


def stack(panels: Sequence[tuple[str, pd.DataFrame]], labels: Sequence[str], names: Mapping[str, str], *,
          columns: int) -> alt.ConcatChart:
    """Bars of 100 %, panels in rows of `columns`; the first panel of each row names its bars.

    `panels` are titles and tables of `segments`; `labels` are the bars', `names` the groups'.
    """
    width = share_width(labels, columns, 18)
    drawn = [pieces(alt.Chart(table), labels, names, named=n % columns == 0).properties(
        title=title, width=width, height=STEP * len(labels)) for n, (title, table) in enumerate(panels)]
    return alt.concat(*drawn, columns=columns)


def pieces(base: alt.Chart, labels: Sequence[str], names: Mapping[str, str], *, named: bool = True,
           keys: int = len(GROUPS), dark: bool = False) -> alt.LayerChart:
    """The bars of one panel: coloured pieces, and how many per cent each is; `keys` of the colours a line."""
    c, y = palette(dark), rows(labels, shown=named)
    colour = alt.Color("name:N", legend=alt.Legend(symbolType="square", columns=keys), scale=alt.Scale(
        domain=[names[g] for g in GROUPS], range=[c[name] for name in GROUPS.values()]))
    x = alt.X("start:Q", axis=None, scale=alt.Scale(domain=[0, 1], nice=False))
    letters = {"value": c["ink"]} if not dark else {"value": c["paper"]}
    light = [g for g in GROUPS if (g in ON_BRIGHT if dark else g in ON_DARK)]
    when = " || ".join(f"datum.group == '{group}'" for group in light)
    return alt.layer(
        base.mark_bar(stroke=c["paper"], strokeWidth=1.2).encode(x=x, x2="end:Q", y=y, color=colour),
        base.mark_text(baseline="middle").encode(
            x=alt.X("middle:Q", axis=None), y=y, text="text:N",
            color={"condition": {"test": when, "value": c["ink"] if dark else c["paper"]}, **letters}))
