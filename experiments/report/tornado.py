"""What would have to be otherwise for the answer to flip: a bar a number, what goes most against the answer on top."""

from __future__ import annotations

from typing import Any

import pandas as pd

from languages.text import Text, _
from model.measures import MEASURES

from ..analysis.differences import OPEN
from ..analysis.robustness import robustness, tally
from ..charts.intervals import tornado
from ..charts.look import svg
from ..store import Results
from ..table import signed
from ..words import Words
from .parts import Figure, Section, tag

MOST = 20
"""So many numbers are drawn; the CSV has all."""


def section(results: Results, words: Words, regimes: list[str]) -> Section | None:
    """A tornado of the primary measure and of what it may cost, of a sweep that moved one number at a time."""
    if results.plan.design.kind != "oat":
        return None
    (regime,) = regimes
    difference = words.less(regime, results.plan.regimes[0])
    section = Section("tornado", words(_("What would have to be otherwise")), [words(_(
        "One number is moved at a time, all else as it is; the same seeds."))])
    for measure in dict.fromkeys([results.plan.primary, "served_core"]):
        table, called = robustness(results, measure, regime), words.measure(MEASURES[measure])
        base = table.attrs["base"]
        section.text.append(words(_said(base["verdict"], measure=called, moved=len(table), **tally(table),
                                        difference=f"{difference} = {signed(base['difference'])}")))
        picture = svg(_draw(table, called, words), f"{section.title}: {called}")
        section.blocks.append(Figure(f"tornado-{measure}{tag(results, regimes)}", picture, table, words(_(
            "Bars go from the difference as it is (dotted) to the difference with the number moved to the value beside "
            "it; lines: 95 % interval; solid line: no difference. Blue: the answer holds, grey: open, orange: flips. "
            "The {n} numbers that go most against the answer; the CSV has all.", n=MOST))))
    return section


def _said(verdict: str, **values: Any) -> Text:
    if verdict == OPEN:
        return _("{measure}: {difference} as it is, not told apart; in {moved} moves the answer holds (still not told "
                 "apart) in {holds}, flips (told apart) in {flips}, has too few pairs in {open}; in {same} no run "
                 "changes at all.", **values)
    return _("{measure}: {difference} as it is; in {moved} moves the answer holds in {holds}, is open in {open}, flips "
             "in {flips}; in {same} no run changes at all.", **values)


def numbers_drawn(table: pd.DataFrame) -> list[str]:
    """The numbers whose worse end goes most against the answer, in that order; the table is ranked so already."""
    return list(dict.fromkeys(table["parameter"]))[:MOST]


def _draw(table: pd.DataFrame, title: str, words: Words) -> Any:
    names = numbers_drawn(table)
    table = table[table["parameter"].isin(names)].sort_values("value")
    table = table.assign(row=table["parameter"].map(names.index), place=table.groupby("parameter").cumcount(),
                         text=[f"{value:.3g}" for value in table["value"]])
    return tornado(title, table, [words.parameter(n) for n in names], table.attrs["base"]["difference"])
