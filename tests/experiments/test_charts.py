"""What all charts share: that axes hold their numbers, names stay whole, and colours can be told apart by everyone."""

import re

import altair as alt
import numpy as np
import pandas as pd
import pytest

from experiments.charts.intervals import bars, forest, tornado
from experiments.charts.look import DARK, LIGHT, VERDICTS, config, room, scale_of, svg, vega_lite
from experiments.charts.shares import GROUPS, TOLD, segments, stack

ROWS = pd.DataFrame({"row": [0, 1], "difference": [0.1, -0.2], "low": [0.05, np.nan], "high": [0.15, np.nan],
                     "verdict": ["better", "worse"], "text": ["+0.10", "−0.20"]})
COLOUR_BLIND = {  # Machado, Oliveira and Fernandes 2009, severity 1, of linear light
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]}


def light(colour):
    """Linear light of a colour written #rrggbb."""
    value = np.array([int(colour[k:k + 2], 16) for k in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def lab(linear):
    """CIE L*a*b* of linear light, white at D65."""
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ linear
    x, y, z = np.cbrt(np.maximum(xyz / [0.9505, 1.0, 1.089], 1e-4))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(one, other, seen_by):
    matrix = np.array(COLOUR_BLIND[seen_by])
    return float(np.linalg.norm(lab(np.clip(matrix @ light(one), 0, 1)) - lab(np.clip(matrix @ light(other), 0, 1))))


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("seen_by", COLOUR_BLIND)
def test_neighbours_can_be_told_apart_without_red_or_green(colours, seen_by):
    told = [colours[name] for name, _ in VERDICTS.values()]
    stacked = [colours[name] for name in GROUPS.values()]
    for one, other in [(told[0], told[2]), *zip(stacked, stacked[1:], strict=False)]:
        assert distance(one, other, seen_by) > 12, (one, other)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["ink", "soft", "A", "B", "open"])
def test_letters_and_marks_stand_out_from_the_paper(colours, name):
    y = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (light(colours[name]), light(colours["paper"])))
    assert (y[1] + 0.05) / (y[0] + 0.05) > 4.5


def test_an_axis_holds_all_values_and_zero_and_does_not_show_rounding():
    low, high = scale_of([0.2, 0.5, float("nan"), None]).domain
    assert low < 0.0 and high > 0.5
    low, high = scale_of([0.0, 3e-18]).domain
    assert high - low > 0.01


def test_chinese_names_get_twice_the_room_of_letters():
    assert room(["需求满足"]) - room([]) == pytest.approx(2 * (room(["need"]) - room([])), abs=2)


def test_names_are_said_as_they_are_and_in_order():
    names = ['a "quoted" name', "需求 <b> & more"]
    picture = svg(forest([("Title", ROWS)], names, said=40), 'a "title" & more')
    assert picture.startswith('<svg role="img" aria-label="a &quot;title&quot; &amp; more"')
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", picture)
    assert [t for t in texts if t in ("a &quot;quoted&quot; name", 'a "quoted" name', "需求 &lt;b&gt; &amp; more")] == [
        texts[texts.index("需求 &lt;b&gt; &amp; more") - 1], "需求 &lt;b&gt; &amp; more"]
    assert {"+0.10", "−0.20", "Title"} <= set(texts)


def test_a_difference_without_an_interval_has_a_dot_only():
    alone = svg(forest([("", ROWS.iloc[1:])], ["a", "b"]), "x")
    both = svg(forest([("", ROWS)], ["a", "b"]), "x")
    assert (alone.count('stroke-width="2"'), both.count('stroke-width="2"')) == (0, 1) and "NaN" not in alone + both


@pytest.mark.parametrize("draw", [
    lambda: forest([("a", ROWS)], ["x", "y"]), lambda: bars([("a", ROWS)], ["x", "y"], columns=1),
    lambda: tornado("a", ROWS.assign(place=0, answer="holds"), ["x", "y"], 0.0),
    lambda: stack([("a", pd.DataFrame(segments({"idle": 1.0}, 0, {g: g for g in GROUPS})))], ["x"], {g: g for g in GROUPS},
                  columns=1)], ids=["forest", "bars", "tornado", "stack"])
def test_a_chart_is_what_vega_lite_allows(draw):
    chart = draw()
    alt.Chart.from_dict({**chart.to_dict(), "config": config()})  # checks it against the schema
    assert vega_lite(chart, dark=True)["config"]["axis"]["labelColor"] == DARK["soft"]


def test_a_bar_is_a_whole_and_names_no_sliver():
    pieces = segments({"for_residents": 0.6, "paper": TOLD - 0.01, "idle": 0.41 - TOLD}, 2, {g: g.upper() for g in GROUPS})
    assert [p["group"] for p in pieces] == list(GROUPS) and pieces[-1]["end"] == pytest.approx(1.0)
    assert [p["text"] for p in pieces if p["text"]] == ["60", "36"] and {p["row"] for p in pieces} == {2}
