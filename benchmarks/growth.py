"""`python -m benchmarks.growth`: how time and memory of a run grow with each thing that can grow.

Every number comes from a fresh process (`benchmarks.alone`). Time is CPU time of the days, without building, the median
of rounds in which all sizes take turns; memory is what Python and numpy had allocated at the peak (tracemalloc), in a
process of its own, since counting slows the run. Neither holds what importing costs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import pandas as pd

from experiments.answering import Answering
from model.scenario import Scenario

from .alone import measure
from .suite import SPAN, needs_grow, same_needs


@dataclass(frozen=True)
class Axis:
    """What grows, by which sizes, and the district of a size."""

    title: str
    unit: str
    sizes: tuple[int, ...]
    make: Callable[[int], Scenario]
    counted: bool = False
    """The size is not x: x is the mean number of items that waited, as counted."""


def waiting_longer(patience: int) -> Scenario:
    """Few hands, and times after which work lapses: as much arrives, and twice the time means twice as much waits."""
    return Scenario(cadres=5, staff=1, patience=patience, directive_due=max(patience // 2, 3),
                    core_due=max(patience // 4, 2), burn_in=0)


AXES = {
    "residents": Axis("residents, same needs a day", "residents",
                      (31_250, 62_500, 125_000, 250_000, 500_000, 1_000_000),
                      lambda n: same_needs(n, days=250, burn_in=60)),
    "needs": Axis("residents, same needs a resident", "residents", (1500, 3000, 6000, 12_000, 24_000, 48_000),
                  needs_grow),
    "cadres": Axis("cadres, same work", "cadres a street", (12, 25, 50, 100, 200, 400),
                   lambda n: Scenario(cadres=n, **SPAN)),
    "departments": Axis("departments, with their work", "departments", (4, 8, 15, 30, 60),
                        lambda n: Scenario(departments=n, **SPAN)),
    "streets": Axis("streets, with their people", "streets", (4, 8, 15, 30, 60),
                    lambda n: Scenario(streets=n, **SPAN)),
    "days": Axis("days", "days", (75, 150, 300, 600, 1200, 2400), lambda n: Scenario(days=n, burn_in=0)),
    "backlog": Axis("backlog, same arrivals", "mean items waiting", (7, 15, 30, 60, 120, 240), waiting_longer, True),
}
QUICK = 3
"""Sizes of an axis in a quick run: the smallest."""


def grow(axes: Iterable[str], sizes: int | None, rounds: int) -> pd.DataFrame:
    """A row a size: axis, size, x, waiting items, seconds of building and of the days, MB at the peak."""
    points = [(name, size) for name in axes for size in AXES[name].sizes[:sizes]]
    seconds = {point: [] for point in points}
    for turn in range(rounds):
        for name, size in points if turn % 2 == 0 else reversed(points):
            seconds[name, size].append(measure("time", AXES[name].make(size)))
    return pd.DataFrame([_row(*point, seconds[point]) for point in points])


def _row(name: str, size: int, rounds: list[dict]) -> dict:
    axis, weighed = AXES[name], measure("memory", AXES[name].make(size))
    days = [r["days_s"] for r in rounds]
    x = weighed["waiting"] if axis.counted else size
    return {"axis": name, "size": size, "x": x, "waiting": weighed["waiting"],
            "build_s": np.median([r["build_s"] for r in rounds]), "days_s": np.median(days),
            "days_low_s": min(days), "days_high_s": max(days), "peak_MB": weighed["peak_MB"], "rounds": len(days)}


def steps(table: pd.DataFrame, name: str, column: str) -> list[float]:
    """The exponent of every step from one size of an axis to the next: log of the growth ÷ log of the growth of x."""
    rows = table[table["axis"] == name]
    return (np.diff(np.log(rows[column])) / np.diff(np.log(rows["x"]))).tolist()


def told(table: pd.DataFrame) -> str:
    """The table of exponents, as Markdown."""
    lines = ["| grows | from – to | days, CPU s | peak MB | exponents of time, step by step | of memory |",
             "|---|---|---|---|---|---|"]
    for name, rows in table.groupby("axis", sort=False):
        ends = rows.iloc[[0, -1]]
        span = [" – ".join(f"{v:{form}}" for v in ends[c]) for c, form in (("x", ",.0f"), ("days_s", ".3g"),
                                                                          ("peak_MB", ",.4g"))]
        found = [" · ".join(f"{e:.2f}" for e in steps(table, name, column)) for column in ("days_s", "peak_MB")]
        lines.append("| " + " | ".join([AXES[name].title, *span, *found]) + " |")
    return "\n".join(lines)


# --- the picture ----------------------------------------------------------------------------------------------------

COLUMNS = 4


def picture(table: pd.DataFrame, path: Path) -> None:
    """Small multiples, log-log: an axis a panel, in its title the last exponents; dotted is growth in proportion."""
    from experiments.report import charts

    names = list(dict.fromkeys(table["axis"]))
    with charts.look():
        figure, axes = charts.panels(-(-len(names) // COLUMNS), COLUMNS, left=0.4, height=1.35, top=0.65, bottom=0.6,
                                     gap=0.6, right=0.35)
        for ax in axes.flat[len(names):]:
            ax.set_axis_off()
        for name, ax in zip(names, axes.flat, strict=False):
            _panel(ax, table, name, (charts.A, charts.B), charts.GREY)
        path.write_text(charts.svg(figure, "Time and memory of a run by what grows") + "\n", encoding="utf-8")


def _panel(ax, table: pd.DataFrame, name: str, colours: tuple[str, str], grey: str) -> None:
    rows, last = table[table["axis"] == name], {}
    for column, label, colour in zip(("days_s", "peak_MB"), ("s", "MB"), colours, strict=True):
        ax.loglog(rows["x"], rows[column], color=colour, marker="o", markersize=3, linewidth=1.4)
        ax.annotate(label, (rows["x"].iloc[-1], rows[column].iloc[-1]), xytext=(4, 0), textcoords="offset points",
                    va="center", color=colour, fontweight="bold", annotation_clip=False)
        last[label] = steps(table, name, column)[-1]
        ax.loglog(rows["x"], rows[column].iloc[0] * rows["x"] / rows["x"].iloc[0], color=grey, ls=":", lw=0.8, zorder=1)
    ax.set_title(f"{AXES[name].title}\ntime ^{last['s']:.2f}, memory ^{last['MB']:.2f}".replace("-", "−"), fontsize=8)
    ax.set_xlabel(AXES[name].unit, fontsize=8)
    low = min(rows["days_s"].min(), rows["peak_MB"].min()) / 2
    ax.set_ylim(low, max(rows["days_s"].max(), rows["peak_MB"].max(), low * 100) * 2)
    _thousands(ax, rows["x"].iloc[[0, -1]].tolist())
    ax.grid(axis="y", color=grey, alpha=0.2, linewidth=0.7)


def _thousands(ax, ends: list[float]) -> None:
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    ax.xaxis.set_major_locator(FixedLocator(ends))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_minor_locator(NullLocator())
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:,.0f}" if v >= 10 else f"{v:g}"))
    ax.tick_params(labelsize=8)


@click.command(cls=Answering)
@click.option("--quick", is_flag=True, help=f"The {QUICK} smallest sizes of each, one round.")
@click.option("--rounds", type=click.IntRange(1), default=3, show_default=True, help="Rounds; all sizes take turns.")
@click.option("--only", type=click.Choice(list(AXES)), multiple=True, help="Only this; can be repeated.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for growth.csv and growth.svg.")
def main(quick: bool, rounds: int, only: tuple[str, ...], out: Path | None) -> None:
    """Time and memory of a run against residents, cadres, departments, streets, days and backlog."""
    table = grow(only or AXES, QUICK if quick else None, 1 if quick else rounds)
    click.echo(told(table))
    if out:
        out.mkdir(parents=True, exist_ok=True)
        table.to_csv(out / "growth.csv", index=False, float_format="%.6g")
        picture(table, out / "growth.svg")


if __name__ == "__main__":
    main()
