"""Which switch carries the difference, which numbers move it, and what would have to be otherwise for it to flip."""

from __future__ import annotations

from typing import Any

import pandas as pd

from languages.text import Text, _
from model.measures import HEADLINES, MEASURES
from model.regimes import LAYERED, SWITCHES, WHISTLE

from ..analysis.ablation import Estimate, ablation
from ..analysis.differences import BETTER, OPEN, WORSE
from ..analysis.robustness import robustness, tally
from ..analysis.sensitivity import sensitivity
from ..analysis.show import EFFECTS, ablation_of, arm
from ..charts.intervals import bars, tornado
from ..charts.look import svg, under
from ..store import Results
from ..table import capital, number, or_none, signed
from ..words import Words
from .effects import MARKS, ends_of
from .parts import Figure, Section, Table, tag

PAIRS = 5
"""So many of the largest interactions are shown."""
NOTES: dict[str, Text] = {
    "morris": _("Morris screening of the paired difference: mu_star is the mean size of the change when a number moves "
                "across its range."),
    "sobol": _("Sobol indices of the paired difference: ST is the share of its variance in which a number takes part.")}


def ablation_section(results: Results, words: Words, regimes: list[str]) -> Section | None:
    """Shapley shares of every headline; effects, interactions and control arms of the primary measure and its price."""
    if results.plan.design.kind != "factorial":
        return None
    found = {name: ablation(results, name) for name in HEADLINES}
    section = Section("ablation", words(_("Which switch carries it")), [words(_(
        "A factorial of the five switches. The Shapley share is a switch's mean contribution over all orders of "
        "joining; the shares add up to the whole difference (beside each title)."))])
    table = shares(found)
    picture = svg(_draw(table, results.regions, words), section.title)
    section.blocks.append(Figure("ablation-shapley", picture, table, words(_(
        "Shapley shares of {whole} − {none} with 95 % intervals. Blue: for the better, orange: for the worse, grey: "
        "not told apart from 0. Each measure has its own scale.", whole=words.regime(WHISTLE.name),
        none=words.regime(LAYERED.name)))))
    for name in dict.fromkeys([results.plan.primary, "served_core"]):
        parts = found.get(name) or ablation(results, name)
        section.blocks += [_effects(name, r, parts[r], words) for r in results.regions if r in parts]
    return section


def shares(found: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """Shapley shares: a row a measure, region and switch."""
    return pd.DataFrame([
        {"measure": name, "region": region, "switch": switch, "shapley": e["shapley"].mean, "low": e["shapley"].low,
         "high": e["shapley"].high, "whole": one["whole"].mean, "seeds": one["seeds"]}
        for name, regions in found.items() for region, one in regions.items() for switch, e in one["switches"].items()])


def _draw(table: pd.DataFrame, regions: list[str], words: Words) -> Any:
    labels, drawn = [words.switch(s) for s in SWITCHES], {}
    spans = [ends_of(part, ("shapley", "low", "high")) for _m, part in table.groupby("measure", sort=False)]
    for region in regions:
        part = table[table["region"] == region]
        panels = []
        for measure, some in part.groupby("measure", sort=False):
            title = [words.measure(MEASURES[measure]), signed(some["whole"].iloc[0])]
            panels.append((title, share_rows(some, MEASURES[measure].direction)))
        drawn[capital(words.region(region))] = bars(panels, labels, columns=len(panels), spans=spans)
    return under(drawn)


def share_rows(part: pd.DataFrame, direction: int) -> pd.DataFrame:
    """A measure's Shapley shares as bars."""
    sides = [side(or_none(row.low), or_none(row.high), direction) for row in part.itertuples()]
    return part.assign(row=part["switch"].map(list(SWITCHES).index), difference=part["shapley"], verdict=sides).astype(
        {"low": float, "high": float})


def side(low: float | None, high: float | None, direction: int) -> str:
    """The side of 0 an interval lies on: better, worse or unresolved."""
    if low is None or high is None or low <= 0 <= high:
        return OPEN
    return BETTER if direction * low > 0 else WORSE


def _effects(name: str, region: str, one: dict[str, Any], words: Words) -> Table:
    direction = MEASURES[name].direction
    rows = [[words.switch(s), *(_cell(e[k], direction) for k in EFFECTS)] for s, e in one["switches"].items()]
    rows += [[words(_("{a} × {b} (interaction)", a=words.switch(a), b=words.switch(b))), "", "", _cell(e, direction),
              ""] for (a, b), e in list(one["interactions"].items())[:PAIRS]]
    rows += [[words(_("{arm} (control arm)", arm=arm(c, words))), _cell(e, direction), "", "", ""]
             for c, e in one["controls"].items()]
    return Table([words(_("switch")), *map(words, EFFECTS.values())], rows, f"ablation-{name}-{region}", _numbers(one),
                 ablation_of(name, region, one, words))


def _cell(e: Estimate, direction: int) -> tuple[str, str]:
    which = side(e.low, e.high, direction)
    return f"{MARKS[which]} {_text(e)}", which


def _text(e: Estimate) -> str:
    if e.low is None:
        return number(e.mean, 3, True)
    return f"{number(e.mean, 3, True)} ({number(e.low, 3, True)} … {number(e.high, 3, True)})"


def _numbers(one: dict[str, Any]) -> pd.DataFrame:
    rows = [(s, kind, e) for s, effects in one["switches"].items() for kind, e in effects.items()]
    rows += [(f"{a} × {b}", "interaction", e) for (a, b), e in one["interactions"].items()]
    rows += [(c, "alone", e) for c, e in one["controls"].items()] + [("all", "whole", one["whole"])]
    return pd.DataFrame([{"part": part, "effect": kind, "mean": e.mean, "low": e.low, "high": e.high}
                         for part, kind, e in rows])


def sensitivity_section(results: Results, words: Words, regimes: list[str]) -> Section | None:
    """Bars of the importance of every number varied, for the primary measure and its price."""
    kind, (regime,) = results.plan.design.kind, regimes
    if kind not in NOTES or len(results.plan.regions) != 1:
        return None
    names = list(dict.fromkeys([results.plan.primary, "served_core"]))
    tables = {name: sensitivity(results, name, regime) for name in names}
    section = Section("sensitivity", words(_("Which numbers decide")), [words(NOTES[kind])])
    flat = pd.concat([t.assign(measure=name) for name, t in tables.items()], ignore_index=True)
    section.blocks.append(Figure(f"sensitivity{tag(results, regimes)}", svg(_importance(tables, words), section.title),
                                 flat, words(_("Of the difference {difference}; bars with 95 % intervals, most "
                                               "important for the primary measure first.",
                                               difference=words.less(regime, results.plan.regimes[0])))))
    return section


def _importance(tables: dict[str, pd.DataFrame], words: Words) -> Any:
    order = list(next(iter(tables.values()))["parameter"])
    panels = []
    for name, table in tables.items():
        what = table.columns[1]
        value, half = table[what], table[f"{what}_conf"]
        panels.append((f"{words.measure(MEASURES[name])} ({what})", table.assign(
            row=table["parameter"].map(order.index), difference=value, low=(value - half).clip(lower=0.0),
            high=value + half, verdict=BETTER)))
    return bars(panels, [words.parameter(p) for p in order], columns=len(tables), signed=False)


MOST = 20
"""So many numbers are drawn; the CSV has all."""


def tornado_section(results: Results, words: Words, regimes: list[str]) -> Section | None:
    """A tornado of the primary measure and of what it may cost, of a sweep that moved one number at a time."""
    if results.plan.design.kind != "oat":
        return None
    (regime,) = regimes
    difference = words.less(regime, results.plan.regimes[0])
    section = Section("tornado", words(_("Which changes would reverse the answer")), [words(_(
        "One number is moved at a time, all else as it is; the same seeds."))])
    for measure in dict.fromkeys([results.plan.primary, "served_core"]):
        table, called = robustness(results, measure, regime), words.measure(MEASURES[measure])
        base = table.attrs["base"]
        section.text.append(words(_said(base["verdict"], measure=called, moved=len(table), **tally(table),
                                        difference=f"{difference} = {signed(base['difference'])}")))
        picture = svg(_tornado(table, called, words), f"{section.title}: {called}")
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


def _tornado(table: pd.DataFrame, title: str, words: Words) -> Any:
    names = list(dict.fromkeys(table["parameter"]))[:MOST]  # ranked already by what goes most against the answer
    table = table[table["parameter"].isin(names)].sort_values("value")
    table = table.assign(row=table["parameter"].map(names.index), place=table.groupby("parameter").cumcount(),
                         text=[f"{value:.3g}" for value in table["value"]])
    return tornado(title, table, [words.parameter(n) for n in names], table.attrs["base"]["difference"])
