"""Where the reform is better, worse or not told apart, over two numbers."""

from __future__ import annotations

from typing import Any

import pandas as pd

from model.measures import MEASURES

from ..analysis.differences import BETTER, OPEN, WORSE
from ..analysis.winmap import WinMap, winmap
from ..store import Results
from ..table import capital, ends, known, number
from . import charts
from .effects import MARKS
from .parts import Figure, ReportWords, Section
from .source import other_regime

FILL = {BETTER: "#CFE3F7", OPEN: "#F1F3F5", WORSE: "#F6D5C8"}


def fits(results: Results) -> bool:
    """Whether two numbers vary over a plane and not one at a time."""
    return len(results.varied) > 1 and results.plan.design.kind in ("grid", "lhs", "sobol", "file")


def section(results: Results, words: ReportWords) -> Section | None:
    """Maps of the primary measure and of what it may cost, in every region."""
    if not fits(results):
        return None
    regime, names = other_regime(results), dict.fromkeys([results.plan.primary, "core_quality"])
    order = results.regions.index
    maps = {name: sorted(winmap(results, name, regime=regime), key=lambda m: order(m.region)) for name in names}
    first = maps[results.plan.primary][0]
    title = words("map_title", x=first.x, y=first.y)
    section = Section("map", title, [words("map_key")])
    section.blocks.append(Figure("map", charts.svg(_draw(maps, words), title), _flat(maps), words("map_more")))
    return section


def _flat(maps: dict[str, list[WinMap]]) -> pd.DataFrame:
    parts = [m.cells.assign(measure=name, region=m.region) for name, some in maps.items() for m in some]
    return pd.concat(parts, ignore_index=True)


def _draw(maps: dict[str, list[WinMap]], words: ReportWords) -> Any:
    regions = [m.region for m in next(iter(maps.values()))]
    figure, axes = charts.panels(len(maps), len(regions), left=0.95, height=2.3, top=0.4, bottom=0.6, gap=0.95)
    for r, (name, some) in enumerate(maps.items()):
        for c, one in enumerate(some):
            _plane(axes[r, c], one)
            axes[r, c].set_title(f"{words.measure(MEASURES[name])} · {capital(words.region(one.region))}")
    return figure


def _plane(ax: Any, one: WinMap) -> None:
    cells = one.cells
    for cell in cells.to_dict("records"):
        i, j, verdict = cell["i"], cell["j"], cell["verdict"]
        ax.add_patch(_square(i, j, verdict))
        value = number(known(cell["difference"]), 2, True)
        ax.text(i, j, f"{MARKS[verdict]} {value}", ha="center", va="center", fontsize=8.5,
                color=charts.INK if verdict == OPEN else charts.VERDICTS[verdict][1],
                fontweight="normal" if verdict == OPEN else "bold")
    for axis, k, name in ((ax.xaxis, "i", one.x), (ax.yaxis, "j", one.y)):
        spans = cells.groupby(k).agg(low=(f"{name}_min", "min"), high=(f"{name}_max", "max"))
        axis.set_ticks(list(spans.index), [ends(row.low, row.high) for row in spans.itertuples()])
        axis.set_label_text(name)
    ax.set(xlim=(cells["i"].min() - 0.5, cells["i"].max() + 0.5), ylim=(cells["j"].min() - 0.5, cells["j"].max() + 0.5))
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0, labelsize=8)


def _square(i: int, j: int, verdict: str) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((i - 0.48, j - 0.48), 0.96, 0.96, facecolor=FILL[verdict], edgecolor="none")
