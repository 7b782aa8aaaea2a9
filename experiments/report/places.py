"""A town's own streets and departments: what each gains and loses."""

from __future__ import annotations

from typing import Any

import pandas as pd

from languages.text import Text, _
from model.by_place import BY_PLACE
from model.measures import MEASURES
from model.scenario import Scenario

from ..analysis.places import by_place
from ..store import Results
from ..table import capital, number, or_none
from ..words import Words
from .parts import Section, Table, tag

HEADS: dict[str, Text] = {"street": _("Street by street"), "department": _("Department by department")}
CAUTION = _("Difference ± half of its own 95 % interval, corrected for no other place: among twenty places that do not "
            "differ, one may look as if it did.")
DIGITS = 3


def section(results: Results, words: Words, regimes: list[str]) -> Section | None:
    """A table a region and kind of place; None where no town tells its places apart."""
    (regime,) = regimes
    table = by_place(results)
    table = table[table["regime"] == regime]
    if table.empty:
        return None
    base = words.regime(results.plan.regimes[0])
    found = Section("places", words(_("Place by place: {b} against {a}", a=base, b=words.regime(regime))),
                    [words(CAUTION)])
    for (region, kind), part in table.groupby(["region", "kind"], sort=False):
        name = f"{kind}s-by-name-{region}{tag(results, regimes)}"
        caption = capital(words(_("{region}: {text}", region=words.region(region), text=words(HEADS[kind]))))
        found.blocks.append(Table(head(kind, base, words), rows(part, town_of(results, region), words), name, part,
                                  caption))
    return found


def town_of(results: Results, region: str) -> Scenario:
    """The town of a region, as its first point has it."""
    return Scenario(**{k: v for k, v in results.scenarios()[region][0].items() if v is not None})


def head(kind: str, base: str, words: Words) -> list[str]:
    """Above the columns: the place, and of each measure its level and its difference."""
    columns = [words(_("street") if kind == "street" else _("department"))]
    for name in BY_PLACE[kind]:
        label = words.measure(MEASURES[name])
        columns += [words(_("{measure}, {regime}", measure=label, regime=base)),
                    words(_("{measure}, difference", measure=label))]
    return columns


def rows(part: pd.DataFrame, town: Scenario, words: Words) -> list[list[str]]:
    """A row a place of one kind, by name."""
    found = []
    for (kind, place), some in part.groupby(["kind", "place"], sort=True):
        name_of = town.street_name if kind == "street" else town.department_name
        cells = [cell for row in some.to_dict("records") for cell in _cells(row)]
        found.append([words(name_of(place)), *cells])
    return found


def _cells(row: dict[str, Any]) -> list[str]:
    difference = number(or_none(row["difference"]), DIGITS, True)
    if or_none(row["low"]) is not None:
        difference += f" ± {number((row['high'] - row['low']) / 2, DIGITS)}"
    return [number(or_none(row["base_mean"]), DIGITS), difference]
