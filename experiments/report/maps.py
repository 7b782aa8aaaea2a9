"""Where the reform is better, worse or not told apart, over two numbers."""

from __future__ import annotations

from typing import Any

import pandas as pd

from languages.text import _, _p
from model.measures import MEASURES

from ..analysis.failure import FEWEST, failure_boxes
from ..analysis.show import BOX_KEY, MAP_KEY, box_sentence
from ..analysis.winmap import WinMap, winmap
from ..charts.look import svg
from ..charts.planes import plane
from ..store import Results
from ..table import capital, ends, number, or_none
from ..words import Words
from .effects import MARKS
from .parts import Figure, Section, Table, tag


def fits(results: Results) -> bool:
    """Whether two numbers vary over a plane and not one at a time."""
    return len(results.varied) > 1 and results.plan.design.kind in ("grid", "lhs", "sobol", "file")


def section(results: Results, words: Words, regimes: list[str]) -> Section | None:
    """Maps of the primary measure and of what it may cost, in every region."""
    if not fits(results):
        return None
    (regime,), names = regimes, dict.fromkeys([results.plan.primary, "served_core"])
    maps = {name: by_region(results, name, regime) for name in names}
    first = maps[results.plan.primary][0]
    title = words(_("Where it fails: over {x} and {y}", x=first.x, y=first.y))
    said = _("Numbers: paired difference {b} − {base}. Other pairs: `chuishao map DIR --x NAME --y NAME`.",
             b=words.regime(regime), base=words.regime(results.plan.regimes[0]))
    picture = svg(_draw(maps, words), title)
    return Section("map", title, [words(MAP_KEY)], [Figure(f"map{tag(results, regimes)}", picture, _flat(maps),
                                                           words(said))])


def by_region(results: Results, measure: str, regime: str) -> list[WinMap]:
    """The maps of a measure, regions in the plan's order."""
    return sorted(winmap(results, measure, regime=regime), key=lambda m: results.regions.index(m.region))


def _flat(maps: dict[str, list[WinMap]]) -> pd.DataFrame:
    parts = [m.cells.assign(measure=name, region=m.region) for name, some in maps.items() for m in some]
    return pd.concat(parts, ignore_index=True)


def _draw(maps: dict[str, list[WinMap]], words: Words) -> Any:
    every = [(name, one) for name, some in maps.items() for one in some]
    panels = [(f"{words.measure(MEASURES[name])} · {capital(words.region(one.region))}", _cells(one))
              for name, one in every]
    first = every[0][1]
    return plane(panels, first.x, first.y, [places(one) for _, one in every], columns=len(next(iter(maps.values()))))


def _cells(one: WinMap) -> pd.DataFrame:
    text = [f"{MARKS[c['verdict']]} {number(or_none(c['difference']), 2, True)}" for c in one.cells.to_dict("records")]
    return one.cells.assign(text=text)


def places(one: WinMap) -> tuple[list[str], list[str]]:
    """What the columns and rows of a map reach over; empty where a place has no cell."""
    names = []
    for k, name in (("i", one.x), ("j", one.y)):
        spans = one.cells.groupby(k).agg(low=(f"{name}_min", "min"), high=(f"{name}_max", "max"))
        said = {row.Index: ends(row.low, row.high) for row in spans.itertuples()}
        names.append([said.get(n, "") for n in range(max(said) + 1)])
    return names[0], names[1]


def box_section(results: Results, words: Words, regimes: list[str]) -> Section | None:
    """The box of failure of the primary measure and of what it may cost, in every region.

    Points must be drawn all over the ranges, and be enough for a box.
    """
    if results.plan.design.kind not in ("lhs", "sobol") or len(results.varied) < 2 or len(
            results.plan.points()) < FEWEST:
        return None
    (regime,), names = regimes, dict.fromkeys([results.plan.primary, "served_core"])
    boxes = [(name, one) for name in names for one in failure_boxes(results, name, regime)]
    pair = results.plan.regimes[0], regime
    section = Section("box", words(_("Between which limits it fails")), [
        *(words(box_sentence(one, name, pair, words)) for name, one in boxes), words(BOX_KEY)])
    flat = pd.DataFrame([{"measure": name, "region": one.region, "points": one.points, "worse": one.worse,
                          "inside": one.inside, "coverage": one.coverage, "density": one.density, **limit}
                         for name, one in boxes for limit in one.limits.to_dict("records") or [{}]])
    if any(one.worse for _name, one in boxes):
        rows = [[words.measure(MEASURES[name]), words.region(one.region), words.parameter(limit["parameter"]),
                 f"{limit['low']:.3g}", f"{limit['high']:.3g}", ends(limit["least"], limit["most"]),
                 f"{limit['quasi_p']:.2g}"] for name, one in boxes for limit in one.limits.to_dict("records")]
        heads = [_("measure"), _("region"), _("name"), _p("limit", "from"), _p("limit", "to"), _("points reach"),
                 _("quasi-p")]
        section.blocks.append(Table([words(head) for head in heads], rows, f"box{tag(results, regimes)}", flat, wide=3))
    return section
