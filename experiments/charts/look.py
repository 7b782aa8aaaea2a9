"""How every chart looks, and how it gets out: as an SVG element that asks for nothing, or as a spec for the browser."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from math import ceil, isfinite
from typing import Any

import altair as alt
from rich.cells import cell_len

WIDTH = 930
"""Of a whole figure in pixels, as wide as the report's text."""
VERSION = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
"""Of Vega-Lite, as Altair writes it."""
SIZE = 12
"""Of letters, in pixels."""
TINY = 1e-9
"""A span below this is rounding."""
FONT = "system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
LIGHT = {"ink": "#1c2330", "soft": "#565f6d", "line": "#e0e3e8", "paper": "#ffffff", "A": "#b5451b", "B": "#0b5fa5",
         "open": "#5f6b7a", "for_residents": "#00795a", "core_work": "#e0b04a", "directives": "#6cb6f5",
         "paper_work": "#8a5a00", "assessment": "#8e4585", "steering": "#9aa5b3", "idle": "#e3e7ec",
         "pale_A": "#f6d5c8", "pale_B": "#cfe3f7", "pale_open": "#f1f3f5"}
DARK = {"ink": "#eceff4", "soft": "#a9b4c4", "line": "#34405a", "paper": "#121826", "A": "#f28a5b", "B": "#6cb6f5",
        "open": "#a9b4c4", "for_residents": "#4cc9a0", "core_work": "#f0d48a", "directives": "#3f7fb8",
        "paper_work": "#d9962e", "assessment": "#d69acf", "steering": "#7d8aa0", "idle": "#2c3750",
        "pale_A": "#5a2f20", "pale_B": "#1f4266", "pale_open": "#222c40"}
"""Orange for A and worse, blue for B and better, grey for open; told apart by those who see no red or green, too."""
VERDICTS = {"better": ("B", "triangle-up"), "unresolved": ("open", "circle"), "worse": ("A", "triangle-down")}
"""Colour and shape of a verdict; the shape says the same as the colour."""
SERIES = (("for_residents", "circle", (1, 0)), ("assessment", "diamond", (6, 3)), ("paper_work", "square", (2, 2)))
"""Colour, shape and dash of lines that are neither A nor B."""
SIGNED = "datum.value == 0 ? '0' : format(datum.value, '+~g')"
SHORT = "format(datum.value, '~g')"
PERCENT = "format(100 * datum.value, '~g') + ' %'"
"""How an axis says its numbers, as an expression of Vega."""


USELESS = (r' (?:font-family|role|aria-[a-z]+|pointer-events|class|xmlns:xlink)="[^"]*"',
           r'<path [^>]*(?:display="none"|d="M0,0h0v0h0Z"[^>]*)/>')
"""What Vega writes into an SVG element and nobody sees; the font stands once, on the whole."""


def palette(dark: bool = False) -> dict[str, str]:
    """Colours by what they stand for."""
    return DARK if dark else LIGHT


def room(labels: Iterable[str], size: int = SIZE) -> int:
    """Pixels that the widest label takes; a machine without Chinese letters cannot measure them."""
    return ceil(max((cell_len(str(label)) for label in labels), default=0) * size * 0.58) + 4


def scale_of(values: Iterable[float | None], pad: float = 0.06) -> alt.Scale:
    """An axis that holds all values and 0."""
    known = [0.0, *(v for v in values if v is not None and isfinite(v))]
    span = max(known) - min(known)
    more = pad * (span if span > TINY else 1.0)
    return alt.Scale(domain=[min(known) - more, max(known) + more], nice=False, zero=False)


def verdict_colours() -> alt.Scale:
    """Blue better, grey open, orange worse."""
    return alt.Scale(domain=list(VERDICTS), range=[palette()[colour] for colour, _ in VERDICTS.values()])


def verdict_shapes() -> alt.Scale:
    """Upwards better, downwards worse."""
    return alt.Scale(domain=list(VERDICTS), range=[shape for _, shape in VERDICTS.values()])


def under(charts: Mapping[str, alt.HConcatChart]) -> alt.VConcatChart:
    """Charts under each other, each with its title."""
    titled = [chart.properties(title=alt.TitleParams(title, fontSize=SIZE + 2)) for title, chart in charts.items()]
    return alt.vconcat(*titled, spacing=24)


def config(dark: bool = False) -> dict[str, Any]:
    """The look of all charts."""
    c = palette(dark)
    return {
        "background": "transparent", "font": FONT, "aria": False, "view": {"stroke": None},
        "padding": {"left": 4, "right": 14, "top": 4, "bottom": 4},
        "axis": {"labelColor": c["soft"], "titleColor": c["soft"], "gridColor": c["line"], "domainColor": c["soft"],
                 "tickColor": c["soft"], "labelFontSize": SIZE, "titleFontSize": SIZE, "titleFontWeight": "normal",
                 "labelLimit": 0, "titleLimit": 0, "labelOverlap": True, "labelSeparation": 8, "titlePadding": 6},
        "axisY": {"labelColor": c["ink"], "labelPadding": 8},
        "title": {"anchor": "start", "frame": "group", "fontSize": SIZE + 1, "fontWeight": 600, "color": c["ink"],
                  "offset": 8, "limit": 0},
        "legend": {"orient": "top", "direction": "horizontal", "title": None, "labelFontSize": SIZE, "labelLimit": 0,
                   "labelColor": c["ink"], "columnPadding": 24, "symbolSize": 110, "symbolOpacity": 1, "offset": 10},
        "text": {"color": c["ink"], "fontSize": SIZE - 1}, "rule": {"color": c["ink"]},
        "concat": {"spacing": 18}}


def vega_lite(chart: alt.TopLevelMixin, dark: bool = False) -> dict[str, Any]:
    """The chart as a Vega-Lite specification, in our look."""
    return {**chart.to_dict(validate=False), "config": config(dark)}


def svg(chart: alt.TopLevelMixin, title: str) -> str:
    """The chart as an SVG element, its text kept as text, with its title for those who do not see it."""
    from vl_convert import vegalite_to_svg

    text = vegalite_to_svg(vega_lite(chart), vl_version=VERSION, allowed_base_urls=[])
    for useless in USELESS:
        text = re.sub(useless, "", text)
    return text.replace("<svg", f'<svg role="img" aria-label="{html.escape(title)}" font-family="{FONT}"', 1)
