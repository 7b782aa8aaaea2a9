"""Charts as plain options of ECharts; pure functions of numbers and words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

LIGHT = {"ink": "#1c2330", "soft": "#565f6d", "line": "#d9d4c7", "paper": "#ffffff", "A": "#b5451b", "B": "#0b5fa5",
         "for_residents": "#00795a", "core_work": "#7a6a00", "directives": "#4d8fc4", "paper_work": "#8a5a00",
         "assessment": "#8e4585", "steering": "#5f6b7a", "idle": "#e4e0d6"}
DARK = {"ink": "#eceff4", "soft": "#a9b4c4", "line": "#34405a", "paper": "#121826", "A": "#f28a5b", "B": "#6cb6f5",
        "for_residents": "#4cc9a0", "core_work": "#d8cc6a", "directives": "#6cb6f5", "paper_work": "#e0b04a",
        "assessment": "#d69acf", "steering": "#a9b4c4", "idle": "#2c3750"}
FONT = 'system-ui, -apple-system, "Segoe UI", "Noto Sans", "PingFang SC", "Noto Sans CJK SC", sans-serif'
HATCH = {"paper": 0.8, "assessment": 2.4, "steering": 1.6}
"""Groups whose bars are hatched at this angle, so that nobody needs the colours."""
MARKS = {"emergency": "▲", "inspection": "■", "whistle": "●", "central_work": "◆"}
PANEL, ROW = 190, 46


def palette(dark: bool) -> dict[str, str]:
    """Colours by what they stand for."""
    return DARK if dark else LIGHT


def _base(colours: dict[str, str]) -> dict[str, Any]:
    return {"animation": False, "textStyle": {"fontFamily": FONT, "color": colours["ink"]}, "aria": {"enabled": False},
            "tooltip": {"trigger": "axis", "backgroundColor": colours["paper"], "borderColor": colours["line"],
                        "textStyle": {"color": colours["ink"]}, "confine": True}}


def _axis(colours: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"axisLabel": {"color": colours["soft"], "hideOverlap": True},
            "axisLine": {"lineStyle": {"color": colours["soft"]}},
            "splitLine": {"lineStyle": {"color": colours["line"]}}, **more}


def time_use(shares: Sequence[dict[str, dict[str, float]]], names: dict[str, str], sides: Sequence[str],
             dark: bool) -> dict[str, Any]:
    """Stacked bars of 100 %: every class of people on both sides.

    Args:
        shares: for each side, class → group → share of paid hours.
        names: words for classes and groups.
        sides: what the sides are called.
        dark: dark theme.
    """
    colours = palette(dark)
    rows = [(who, side) for who in reversed(list(shares[0])) for side in (1, 0)]
    groups = list(next(iter(shares[0].values())))
    return {**_base(colours), "grid": {"left": 150, "right": 20, "top": 44, "bottom": 26},
            "legend": {"type": "scroll", "top": 0, "left": 0, "pageIconColor": colours["ink"], "itemWidth": 14,
                       "pageTextStyle": {"color": colours["ink"]}, "textStyle": {"color": colours["ink"]}},
            "xAxis": _axis(colours, type="value", max=100,
                           axisLabel={"color": colours["soft"], "formatter": "{value} %"}),
            "yAxis": _axis(colours, type="category", data=[f"{names[who]} {sides[side]}" for who, side in rows],
                           axisLabel={"color": colours["ink"]}),
            "series": [_stack(group, names[group], [round(100 * shares[side][who][group], 2) for who, side in rows],
                              colours) for group in groups]}


def _stack(group: str, name: str, values: list[float], colours: dict[str, str]) -> dict[str, Any]:
    colour = colours["paper_work" if group == "paper" else group] if group in (*LIGHT, "paper") else colours["soft"]
    style: dict[str, Any] = {"color": colour, "borderColor": colours["paper"], "borderWidth": 1}
    if group in HATCH:
        style["decal"] = {"symbol": "rect", "dashArrayX": [1, 0], "dashArrayY": [2, 4], "rotation": HATCH[group],
                          "color": "rgba(255,255,255,.45)"}
    return {"type": "bar", "stack": "all", "name": name, "data": values, "itemStyle": style, "barWidth": "62%"}


def trends(series: dict[str, list], panels: Sequence[tuple[str, str]], sides: Sequence[str], days: int,
           marks: Sequence[Sequence[Any]], words: dict[str, str], dark: bool) -> dict[str, Any]:
    """Small charts one under the other or two abreast: A and B by day, events marked.

    Args:
        series: `day`, and measure → [A's, B's].
        panels: measures with their titles.
        sides: what the sides are called.
        days: how many the run has.
        marks: [day, kind, street] of events.
        words: what kinds of events are called.
        dark: dark theme.
    """
    colours = palette(dark)
    legend = {"top": 0, "right": 0, "data": list(sides), "textStyle": {"color": colours["ink"]}}
    option: dict[str, Any] = {**_base(colours), "legend": legend, "title": [], "grid": [], "xAxis": [], "yAxis": [],
                              "series": []}
    for n, (name, title) in enumerate(panels):
        left, top = ("1%", "51%")[n % 2], 52 + n // 2 * PANEL
        option["title"].append({"text": title, "left": left, "top": top - 26,
                                "textStyle": {"fontSize": 13, "color": colours["ink"], "fontWeight": 600}})
        option["grid"].append({"left": left, "top": top, "width": "46%", "height": PANEL - 54, "containLabel": True})
        option["xAxis"].append(_axis(colours, type="value", min=0, max=days, gridIndex=n, minInterval=1))
        option["yAxis"].append(_axis(colours, type="value", scale=True, gridIndex=n))
        option["series"] += [_line(series, name, side, called, n, colours) for side, called in enumerate(sides)]
        option["series"][-1]["markLine"] = _marks(marks, words, colours)
    return option


def _line(series: dict[str, list], name: str, side: int, called: str, panel: int, colours: dict[str, str]) -> dict:
    colour = colours["AB"[side]]
    return {"type": "line", "name": called, "xAxisIndex": panel, "yAxisIndex": panel, "showSymbol": False,
            "data": [list(point) for point in zip(series["day"], series[name][side], strict=True)],
            "itemStyle": {"color": colour},
            "lineStyle": {"color": colour, "width": 2, "type": "solid" if side else [6, 3]}}


def _marks(marks: Sequence[Sequence[Any]], words: dict[str, str], colours: dict[str, str]) -> dict[str, Any]:
    return {"symbol": "none", "silent": True, "lineStyle": {"color": colours["soft"], "type": "dotted"},
            "label": {"color": colours["ink"], "formatter": "{b}"},
            "data": [{"xAxis": day, "name": MARKS[kind], "value": words[kind]} for day, kind, _ in marks]}


def band(by_day: dict[str, list], title: str, dark: bool) -> dict[str, Any]:
    """B − A by day: mean and 95 % band over seeds, with a line at 0.

    Args:
        by_day: `day`, `mean`, `low`, `high`; None where undefined.
        title: of the chart.
        dark: dark theme.
    """
    colours = palette(dark)
    width = [None if None in pair else pair[1] - pair[0] for pair in zip(by_day["low"], by_day["high"], strict=True)]
    quiet = {"type": "line", "showSymbol": False, "stack": "band", "stackStrategy": "all", "lineStyle": {"opacity": 0}}
    zero = {"symbol": "none", "silent": True, "label": {"show": False}, "data": [{"yAxis": 0}],
            "lineStyle": {"color": colours["ink"], "type": "solid", "width": 1}}
    return {**_base(colours), **_titled(title, colours), "tooltip": {"show": False},
            "grid": {"left": 60, "right": 20, "top": 40, "bottom": 30},
            "xAxis": _axis(colours, type="category", data=by_day["day"], boundaryGap=False),
            "yAxis": _axis(colours, type="value"),
            "series": [{**quiet, "name": "low", "data": by_day["low"]},
                       {**quiet, "name": "high", "data": width, "areaStyle": {"color": colours["B"], "opacity": 0.22}},
                       {"type": "line", "name": "B − A", "showSymbol": False, "data": by_day["mean"], "markLine": zero,
                        "itemStyle": {"color": colours["B"]}, "lineStyle": {"color": colours["B"], "width": 2}}]}


def _titled(title: str, colours: dict[str, str]) -> dict[str, Any]:
    return {"title": {"text": title, "left": 0,
                      "textStyle": {"fontSize": 13, "color": colours["ink"], "fontWeight": 600}}}


def strip(values: Sequence[float], mean: float | None, low: float | None, high: float | None, title: str,
          dark: bool) -> dict[str, Any]:
    """One dot a seed of B − A, and the interval of their mean under them; 0 is always in sight."""
    colours = palette(dark)
    ends = [0.0, *values, *(v for v in (low, high) if v is not None)]
    room = 0.06 * (max(ends) - min(ends) or 1.0)
    still = {"symbol": "none", "silent": True, "label": {"show": False}}
    interval = [] if low is None else [[{"coord": [low, -0.5]}, {"coord": [high, -0.5]}]]
    return {**_base(colours), **_titled(title, colours), "tooltip": {"show": False},
            "grid": {"left": 24, "right": 24, "top": 30, "bottom": 28},
            "xAxis": _axis(colours, type="value", min=_digits(min(ends) - room), max=_digits(max(ends) + room)),
            "yAxis": {"type": "value", "show": False, "min": -1, "max": 1},
            "series": [{"type": "scatter", "symbolSize": 10, "data": [[v, 0.4] for v in values],
                        "itemStyle": {"color": colours["B"], "opacity": 0.7},
                        "markLine": {**still, "lineStyle": {"color": colours["soft"], "type": "dashed"},
                                     "data": [{"xAxis": 0}]}},
                       {"type": "scatter", "symbol": "diamond", "symbolSize": 13,
                        "itemStyle": {"color": colours["ink"]},
                        "data": [] if mean is None else [[mean, -0.5]],
                        "markLine": {**still, "lineStyle": {"color": colours["ink"], "width": 3, "type": "solid"},
                                     "data": interval}}]}


def _digits(value: float) -> float:
    return float(f"{value:.2g}")
