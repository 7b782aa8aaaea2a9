"""The box of failure: between which limits of the varied numbers the reform does worse."""

from __future__ import annotations

from typing import Any

import pandas as pd

from languages.text import _
from model.measures import MEASURES

from ..analysis.failure import FEWEST, Box, failure_boxes
from ..analysis.show import BOX_KEY, box_sentence
from ..charts.look import svg
from ..charts.planes import box
from ..store import Results
from ..table import capital
from ..words import Words
from .parts import Figure, Section, tag


def fits(results: Results) -> bool:
    """Whether points are drawn all over the ranges, and enough of them for a box."""
    return results.plan.design.kind in ("lhs", "sobol") and len(results.varied) > 1 and len(
        results.plan.points()) >= FEWEST


def section(results: Results, words: Words, regimes: list[str]) -> Section | None:
    """The box of the primary measure and of what it may cost, in every region."""
    if not fits(results):
        return None
    (regime,), names = regimes, dict.fromkeys([results.plan.primary, "served_core"])
    boxes = {name: failure_boxes(results, name, regime) for name in names}
    pair = results.plan.regimes[0], regime
    said = [box_sentence(one, name, pair, words) for name, some in boxes.items() for one in some]
    section = Section("box", words(_("Between which limits it fails")), [*map(words, said), words(BOX_KEY)])
    if any(one.worse for some in boxes.values() for one in some):
        picture = svg(_draw(boxes, results, words), section.title)
        section.blocks.append(Figure(f"box{tag(results, regimes)}", picture, _flat(boxes), words(_(
            "Every tick is a point of the sweep, from the least to the greatest value of a number; long and orange: "
            "the reform is worse there. Orange band: the limits of the box; no band: the number is not limited."))))
    return section


def _flat(boxes: dict[str, list[Box]]) -> pd.DataFrame:
    """Every limit of every box, a row each; a box without limits has one row without a parameter."""
    rows = [{"measure": name, "region": one.region, "points": one.points, "worse": one.worse, "inside": one.inside,
             "coverage": one.coverage, "density": one.density, **limit}
            for name, some in boxes.items() for one in some for limit in one.limits.to_dict("records") or [{}]]
    return pd.DataFrame(rows)


def _draw(boxes: dict[str, list[Box]], results: Results, words: Words) -> Any:
    columns = results.columns[3:-2]
    panels = [(f"{words.measure(MEASURES[name])} · {capital(words.region(one.region))}", _points(one, columns),
               _limits(one, columns)) for name, some in boxes.items() for one in some]
    return box(panels, [words.parameter(n) for n in results.varied], columns=len(next(iter(boxes.values()))))


def _points(one: Box, names: list[str]) -> pd.DataFrame:
    """Every number from its least to its greatest value, so that all have the same length."""
    x = one.table[names]
    at = (x - x.min()) / (x.max() - x.min()).where(lambda span: span > 0, 1.0)
    return pd.concat([pd.DataFrame({"row": n, "at": at[name], "worse": one.table["worse"]})
                      for n, name in enumerate(names)], ignore_index=True)


def _limits(one: Box, names: list[str]) -> pd.DataFrame:
    rows = []
    for limit in one.limits.to_dict("records"):
        span = limit["most"] - limit["least"]
        low, high, least, most = (limit[k] for k in ("low", "high", "least", "most"))
        rows.append({"row": names.index(limit["parameter"]), "start": (low - least) / span,
                     "end": (high - least) / span, "low": f"{low:.2g}" if low != least else "",
                     "high": f"{high:.2g}" if high != most else ""})
    return pd.DataFrame(rows, columns=["row", "start", "end", "low", "high"])
