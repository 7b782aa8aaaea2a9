"""Drawing: one look for every figure; text stays text, so that the reader's own fonts show it, Chinese too."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterable
from contextlib import AbstractContextManager

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from rich.cells import cell_len

from ..analysis.differences import BETTER, OPEN, WORSE

A, B, GREY, PALE = "#B5451B", "#0B5FA5", "#5F6B7A", "#E3E7EC"
INK = "#1C2430"
RESIDENTS, PAPER, INSPECTION = "#00795A", "#8A5A00", "#8E4585"
VERDICTS = {BETTER: ("^", B), OPEN: ("o", GREY), WORSE: ("v", A)}
"""Marker and colour; the shape says the same as the colour."""
WIDTH, SIZE = 9.6, 9.5
LOOK = {"svg.fonttype": "none", "svg.hashsalt": "chuishao", "font.size": SIZE, "axes.edgecolor": "#B8C0CA",
        "axes.labelcolor": INK, "text.color": INK, "xtick.color": GREY, "ytick.color": INK, "axes.linewidth": 0.8,
        "axes.spines.top": False, "axes.spines.right": False, "axes.titlesize": SIZE + 0.5, "axes.titleweight": "bold",
        "axes.titlelocation": "left", "axes.unicode_minus": True, "xtick.major.size": 3, "ytick.major.size": 0}
ORNAMENT = re.compile(r' id="(?:figure|axes|patch|text|line2d|matplotlib\.axis|xtick|ytick|LineCollection|legend|'
                      r'PathCollection|FillBetweenPolyCollection|PolyCollection|QuadMesh)_\d+"')


def inches(labels: Iterable[str], size: float = SIZE) -> float:
    """The width of the widest label; matplotlib cannot measure glyphs that this machine lacks."""
    return max((cell_len(label) for label in labels), default=0) * size * 0.57 / 72


def look() -> AbstractContextManager[None]:
    """Within this everything is drawn alike."""
    return rc_context(LOOK)


def panels(rows: int, columns: int, *, left: float, height: float, top: float = 0.45, bottom: float = 0.5,
           gap: float = 0.25, right: float = 0.15) -> tuple[Figure, np.ndarray]:
    """A figure of rows × columns axes; all lengths in inches, `height` that of one panel."""
    total = rows * (height + top + bottom)
    figure = Figure((WIDTH, total))
    FigureCanvasSVG(figure)
    width = (WIDTH - left - right - gap * (columns - 1)) / columns
    axes = np.empty((rows, columns), dtype=object)
    for r in range(rows):
        for c in range(columns):
            y = total - (r + 1) * (height + top) - r * bottom
            place = [(left + c * (width + gap)) / WIDTH, y / total, width / WIDTH, height / total]
            axes[r, c] = figure.add_axes(place)
    return figure, axes


def svg(figure: Figure, title: str) -> str:
    """The figure as an SVG element that asks for nothing, with its title for those who do not see it."""
    out = io.StringIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = out.getvalue()
    text = re.sub(r"<metadata>.*?</metadata>", "", text[text.index("<svg"):], flags=re.S)
    label = title.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return ORNAMENT.sub("", text).replace("<svg", f'<svg role="img" aria-label="{label}"', 1)


def zero_line(ax: Axes) -> None:
    """Where nothing differs."""
    ax.axvline(0, color=INK, linewidth=0.8, zorder=1)


def dot(ax: Axes, y: float, x: float, low: float | None, high: float | None, verdict: str, size: float = 6) -> None:
    """A difference with its interval."""
    marker, colour = VERDICTS[verdict]
    if low is not None and low == low:
        ax.plot([low, high], [y, y], color=colour, linewidth=1.8, solid_capstyle="butt", zorder=2)
    ax.plot([x], [y], marker, color=colour, markersize=size, markeredgecolor="white", markeredgewidth=0.6, zorder=3)


def plain_x(ax: Axes, signed: bool = True, ticks: int = 3) -> None:
    """Few ticks with a typographic minus."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(ticks, min_n_ticks=2))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: tick(v, signed)))
    ax.grid(axis="x", color=PALE, linewidth=0.7, zorder=0)
    ax.tick_params(axis="x", labelsize=8)
    ax.set_axisbelow(True)


def tick(value: float, signed: bool = False) -> str:
    """A short number."""
    value = 0.0 if abs(value) < 1e-12 else value
    return f"{value:{'+' if signed and value else ''}.3g}".replace("-", "−")
