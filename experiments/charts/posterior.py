"""A fit with its uncertainty: what was seen before and after it, numbers found again, ranks."""

from __future__ import annotations

import altair as alt
import pandas as pd

from languages.text import _

from ..words import Words
from .look import SHORT, palette

SMALL, HIGH = 250, 150


def _x(column: str, title: str | None = None, **more: object) -> alt.X:
    return alt.X(column, title=title, axis=alt.Axis(labelExpr=SHORT, tickCount=5, grid=False), **more)


def predictive(table: pd.DataFrame, words: Words) -> alt.ConcatChart:
    """What the model shows of every figure, before and after the fit; the published value and how far it may be off.

    Table: figure, who, value, target, scale.
    """
    c = palette()
    names = list(dict.fromkeys(table["who"]))
    colour = alt.Color("who:N", scale=alt.Scale(domain=names, range=[c["open"], c["B"]]))
    drawn = []
    for figure, here in table.groupby("figure", sort=False):
        curves = alt.Chart(here[["who", "value"]]).transform_density("value", as_=["value", "density"], groupby=["who"]
                                                                     ).mark_area(opacity=0.35, line=True).encode(
            x=_x("value:Q"), y=alt.Y("density:Q", title=None, axis=None, stack=None), color=colour)
        layers, target = [curves], here["target"].iloc[0]
        if target == target and target is not None:
            off = here["scale"].iloc[0]
            rule = alt.Chart(alt.Data(values=[{"low": target - off, "high": target + off, "at": target}]))
            layers += [rule.mark_rect(color=c["A"], opacity=0.12).encode(x="low:Q", x2="high:Q"),
                       rule.mark_rule(color=c["A"], strokeWidth=2).encode(x="at:Q")]
        drawn.append(alt.layer(*layers).properties(title=_lines(str(figure)), width=SMALL, height=HIGH))
    return alt.concat(*drawn, columns=3, spacing={"row": 40, "column": 40})


def recovery(table: pd.DataFrame, words: Words) -> alt.ConcatChart:
    """Posterior mean over truth, a panel a number, places in their ranges. Table: name, truth, mean."""
    c, drawn = palette(), []
    line = alt.Chart(alt.Data(values=[{"truth": 0, "mean": 0}, {"truth": 1, "mean": 1}])).mark_line(
        color=c["soft"], strokeWidth=1).encode(x="truth:Q", y="mean:Q")
    for name, here in table.groupby("name", sort=False):
        dots = alt.Chart(here[["truth", "mean"]]).mark_point(filled=True, size=20, color=c["B"], opacity=0.6).encode(
            x=_x("truth:Q", words(_("true place in the range"))),
            y=alt.Y("mean:Q", title=words(_("posterior mean")), axis=alt.Axis(labelExpr=SHORT, tickCount=5),
                    scale=alt.Scale(domain=[0, 1])))
        drawn.append(alt.layer(line, dots).properties(title=str(name), width=SMALL, height=HIGH))
    return alt.concat(*drawn, columns=3, spacing={"row": 40, "column": 40})


def ranks(table: pd.DataFrame, words: Words) -> alt.ConcatChart:
    """Ranks of the truth in its posterior, uniform where the method is right. Table: name, rank."""
    c, drawn = palette(), []
    for name, here in table.groupby("name", sort=False):
        drawn.append(alt.Chart(here[["rank"]]).mark_bar(color=c["open"]).encode(
            x=alt.X("rank:Q", bin=alt.Bin(extent=[0, 1], step=0.1), title=words(_("rank of the truth"))),
            y=alt.Y("count():Q", title=None)).properties(title=str(name), width=SMALL, height=HIGH))
    return alt.concat(*drawn, columns=3, spacing={"row": 40, "column": 40})


def _lines(text: str, most: int = 40) -> list[str]:
    """A title in lines; Chinese, which has no blanks, as it is."""
    import textwrap

    return textwrap.wrap(text, most) or [text]
