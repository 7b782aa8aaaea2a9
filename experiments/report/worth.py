"""What the gains are worth together: a map over what a reader may hold a directive and a core job to be worth."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from languages.text import _

from ..analysis.worth import AXIS, BreakEven, Worth, break_even, gains_of, sign_map, worths
from ..charts.look import svg
from ..charts.planes import MARK, worth_map
from ..store import Results
from ..table import capital, even_words
from ..words import Words
from .effects import drawn
from .parts import Figure, Section, Table


def section(results: Results, words: Words, regimes: list[str]) -> Section | None:
    """The sign map of every region, and where each regime and the first are even."""
    found = worths(results)
    if not found:
        return None
    base = words.regime(results.plan.regimes[0])
    made = Section("worth", words(_("What the gains are worth together")), [words(_(
        "How many cases a directive or a core job is worth is for the reader to say: score = cases met + y · directive "
        "value got + x · core jobs done in time, as sums of a run (means over points). Colour: the regime of the best "
        "mean score; pale: not told apart from {base} (95 %). Marks: ● 1 : 1 : 1, ▲ the paid hours each takes under "
        "{base}.", base=base))])
    shown = drawn(results)
    cells = {region: sign_map(results, region, shown) for region in results.regions
             if any(one.region == region for one in found)}
    flat = pd.concat([part.assign(region=region) for region, part in cells.items()], ignore_index=True)
    made.blocks += [Figure("worth-map", svg(_draw(results, cells, found, words), made.title), flat, words(_(
        "Across: cases that a core job is worth (x); upwards: a directive (y). With one regime beside {base} the line "
        "is where both are even, dotted its 95 % interval.", base=base))), _table(found, words)]
    return made


def _draw(results: Results, cells: dict[str, pd.DataFrame], found: list[Worth], words: Words) -> Any:
    panels = []
    for region, table in cells.items():
        one = next(f for f in found if f.region == region)
        named = table.assign(name=[words.regime(r) for r in table["best"]])
        panels.append((capital(words.region(region)), _spans(named), _line(results, region, found), _marks(one)))
    names = [words.regime(r) for r in results.plan.regimes if any(r in set(part["best"]) for part in cells.values())]
    return worth_map(panels, names, words.regime(results.plan.regimes[0]), words(_("a core job is worth (cases)")),
                     words(_("a directive is worth (cases)")))


def _spans(table: pd.DataFrame) -> pd.DataFrame:
    """Cells of a row that look alike as one, so that the picture stays small: x, x2, y, y2, name, sure."""
    half, rows = (AXIS[1] / AXIS[0]) ** 0.5, []
    for y, row in zip(AXIS.tolist(), np.split(np.arange(len(table)), len(AXIS)), strict=True):
        looks = zip(table["name"].iloc[row], table["sure"].iloc[row], AXIS.tolist(), strict=True)
        for (name, sure), cells in groupby(looks, key=lambda cell: cell[:2]):
            xs = [x for *_look, x in cells]
            rows.append((xs[0] / half, xs[-1] * half, y / half, y * half, name, bool(sure)))
    return pd.DataFrame(rows, columns=["x", "x2", "y", "y2", "name", "sure"])


def _line(results: Results, region: str, found: list[Worth]) -> pd.DataFrame:
    """Where the one other regime and the first are even, and the ends of the interval: line, x, y."""
    rows, gains = [], [gains_of(results, region, one.regime) for one in found if one.region == region]
    for y in AXIS.tolist() if len(results.plan.regimes) == 2 else ():
        b = break_even(gains[0], y)
        rows += [{"line": name, "x": x, "y": y} for name, x in (("even", b.value), ("low", b.low), ("high", b.high))
                 if x is not None and AXIS[0] <= x <= AXIS[-1]]
    return pd.DataFrame(rows, columns=["line", "x", "y"])


def _marks(one: Worth) -> pd.DataFrame:
    places = [(1.0, 1.0, MARK["item"])]
    if one.hours:
        case, directive, job = one.hours
        places.append((job / case, directive / case, MARK["hour"]))
    return pd.DataFrame(places, columns=["x", "y", "text"])


def _table(found: list[Worth], words: Words) -> Table:
    head = [words(_("region")), words(_("regime")), words(_("wins, a directive worth 1 case")),
            words(_("wins, a directive worth its paid hours")), words(_("wins under … of all weights, given to an "
                                                                        "item")),
            words(_("loses under")), words(_("wins under … of all weights, given to an hour")), words(_("loses under"))]
    rows = [[words.region(one.region), words.regime(one.regime), *(words(text) for text in _two(one.break_even)),
             *(f"{v:.0%}" if v is not None else "–" for v in _shares(one))] for one in found]
    data = pd.DataFrame([{"region": one.region, "regime": one.regime, "pairs": one.pairs, "at_policy": b.at_policy,
                          "value": b.value, "low": b.low, "high": b.high, "side": b.side,
                          **{f"wins_{k}": v for k, v in one.won.items()},
                          **{f"loses_{k}": v for k, v in one.lost.items()}} for one in found for b in one.break_even])
    return Table(head, rows, "worth", data, words(_(
        "Paired; the interval of a break-even is Fieller's. Weights: uniform over all shares that cases, directives "
        "and core jobs can have, an item of each, or an hour paid for each; under the rest it is not told apart.")),
        wide=4)


def _two(parts: tuple[BreakEven, ...]) -> list[Any]:
    said = [even_words(b) for b in parts]
    return [*said, *["–"] * (2 - len(said))]


def _shares(one: Worth) -> tuple[float | None, ...]:
    return one.won["per_item"], one.lost["per_item"], one.won["per_hour"], one.lost["per_hour"]
