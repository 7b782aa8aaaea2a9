"""Where the hours go: the ledger in a few groups."""

from __future__ import annotations

from typing import Any

import pandas as pd

from agents.work import CLASSES
from languages.text import _

from ..activities import GROUPS, NAMES, group_of
from ..charts.look import svg
from ..charts.shares import segments, stack
from ..store import Results
from ..table import capital
from ..words import Words
from .effects import drawn
from .parts import Figure, Section


def shares(results: Results) -> pd.DataFrame:
    """Share of paid hours by region, class, regime and group: over all points and seeds of a folder."""
    ledger = results.ledger()
    if ledger.empty:
        return pd.DataFrame(columns=["region", "agent_class", "regime", "group", "share"])
    grouped = ledger.assign(group=ledger["activity"].map(group_of))
    keys = ["region", "agent_class", "regime"]
    hours = grouped.groupby([*keys, "group"], sort=False)["hours"].sum()
    share = hours / hours.groupby(level=keys).transform("sum")
    return share.rename("share").reset_index()


def section(results: Results, words: Words, regimes: list[str]) -> Section | None:
    """Stacked bars: what each class of people spends its paid hours on under each regime."""
    table = shares(results)
    if table.empty:
        return None
    shown = [results.plan.regimes[0], *drawn(results)]
    found = Section("time", words(_("Where the hours go")), [words(_(
        "Shares of paid hours since the switch, in per cent; every bar adds up to 100."))])
    if len(shown) < len(results.plan.regimes):
        found.text.append(words(_("Drawn are {n} of {of} regimes; the CSV has all.", n=len(shown),
                                  of=len(results.plan.regimes))))
    picture = svg(_bars(table, results.regions, shown, words), found.title)
    found.blocks.append(Figure("time-use", picture, table, words(_(
        "Means over all points and seeds. For cadres, paper and assessment together are the measure “formalism”. "
        "Cadres of a street, staff of departments, leaders."))))
    return found


def _bars(table: pd.DataFrame, regions: list[str], regimes: list[str], words: Words) -> Any:
    regions, names = [r for r in regions if r in set(table["region"])], {group: words(NAMES[group]) for group in GROUPS}
    panels = []
    for who in (c for c in reversed(CLASSES) if c in set(table["agent_class"])):
        for region in regions:
            part = table[(table["region"] == region) & (table["agent_class"] == who)].set_index("regime")
            rows = [piece for n, regime in enumerate(regimes) if regime in part.index
                    for piece in segments(part.loc[[regime]].set_index("group")["share"], n, names)]
            panels.append((f"{capital(words.region(region))} · {words(NAMES[who])}", pd.DataFrame(rows)))
    return stack(panels, [words.regime(r) for r in regimes], names, columns=len(regions))
