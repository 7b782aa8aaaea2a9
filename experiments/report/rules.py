"""Rules against rules, where a plan names several sets: does the reform's difference hold, and what do rules change."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from languages.text import _, _p
from model.measures import HEADLINES, MEASURES

from ..rulelist import DEFAULT
from ..rulesets import compared
from ..store import Results
from ..table import capital, signed
from ..words import Words
from .effects import MARKS
from .parts import Section, Table


def section(results: Results, words: Words, regimes: list[str]) -> Section | None:
    """A table a region and regime with a line for each set of rules, and one of what rules change of each regime."""
    found = compared(results.folder) if results.rules is not None else None
    if found is None:
        return None
    made = Section("rule-sets", words(_("Rules against rules")), [words(_(
        "The rest of this report is under the default rules. Here the same scenarios, regimes and seeds run under {n} "
        "sets of rules: first what a regime does under each, then what each set changes of a regime.",
        n=len(found.by_rules)))])
    base = results.plan.regimes[0]
    for region in found.regions:
        for regime in results.plan.regimes[1:]:
            rows = {name: found.reforms[name][region, regime] for name in found.by_rules}
            title = words.arm(region, base, regime)
            made.blocks.append(_table(capital(title), rows, words))
        for regime in results.plan.regimes:
            rows = {name: found.moved(name, region, regime) for name in found.by_rules if name != DEFAULT}
            title = words(_("{region}, {regime}: these rules against the default rules", region=words.region(region),
                            regime=words.regime(regime)))
            made.blocks.append(_table(capital(title), rows, words))
    made.blocks[0] = replace(made.blocks[0], name="rules", data=pd.DataFrame(found.rows()))  # all numbers, as CSV
    return made


def _table(title: str, rows: dict, words: Words) -> Table:
    head = [title, *(words.measure(MEASURES[m]) for m in HEADLINES)]
    return Table(head, [[words(_p("rules", "default")) if name == DEFAULT else name,
                         *((_cell(by_measure[m]), by_measure[m]["verdict"]) for m in HEADLINES)]
                        for name, by_measure in rows.items()])


def _cell(row: dict) -> str:
    if row["difference"] is None:
        return "–"
    return f"{MARKS[row['verdict']]} {signed(row['difference'])}"
