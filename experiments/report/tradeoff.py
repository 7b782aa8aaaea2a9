"""What the departments' answering costs: cases and core work served over the share of hours that answers take."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from languages.text import _
from model.measures import MEASURES
from model.regimes import parse_regime

from ..analysis.differences import lines, single
from ..charts.curves import tradeoff
from ..charts.look import svg
from ..store import Results
from ..table import capital
from ..words import Words
from .effects import drawn
from .parts import Figure, Section, tag

ANSWERS = ("respond", "repair")
SHOWN = ("served_cases", "served_core")


def answering(results: Results) -> pd.Series:
    """Departments' hours on requests, whistles and repairs ÷ their paid hours, by point, region and regime."""
    ledger = results.ledger()
    mine = ledger[ledger["agent_class"] == "department"]
    keys = ["point", "region", "regime"]
    answered = mine["hours"].where(mine["activity"].isin(ANSWERS), 0.0)
    return (answered.groupby([mine[k] for k in keys]).sum() / mine.groupby(keys)["hours"].sum()).rename("answering")


def curve(results: Results, regimes: list[str]) -> pd.DataFrame:
    """Points of the curve: region, regime, answering, measure, value, low, high.

    low and high: the paired interval about the first regime, drawn around its mean; a sweep gives means over its points
    without one.
    """
    base, plain = results.plan.regimes[0], single(results)
    table = lines(results, SHOWN)
    table = table[table["regime"].isin(regimes)]
    share = answering(results)
    here = table[["point", "region", "regime", "measure", "mean"]].rename(columns={"mean": "value"})
    if plain:
        here = here.assign(low=table["base_mean"] + table["low"], high=table["base_mean"] + table["high"])
    first = table.drop_duplicates(["point", "region", "measure"])
    there = first[["point", "region", "measure"]].assign(regime=base, value=first["base_mean"])
    both = pd.concat([there, here], ignore_index=True)
    both = both.join(share, on=["point", "region", "regime"])
    keys = ["region", "measure", "regime"]
    return both.groupby(keys, sort=False).mean(numeric_only=True).drop(columns="point").reset_index()


def shares(regimes: Sequence[str]) -> dict[str, str]:
    """Names of regimes that differ only in the shares of assessment from below; empty if others are among them."""
    levels = {name: parse_regime(name).levels for name in regimes}
    both = {name: (own.pop("sigma_street", 0.0), own.pop("sigma_department", 0.0)) for name, own in levels.items()}
    if len(both) < 2 or any(own != next(iter(levels.values())) for own in levels.values()):
        return {}
    return {name: f"σ {street:g}/{department:g}" for name, (street, department) in both.items()}


def section(results: Results, words: Words, regimes: list[str]) -> Section | None:
    """The curve, or the points of it that this folder has."""
    table = curve(results, drawn(results) if single(results) else regimes)
    if table["answering"].notna().sum() < 2:
        return None
    section = Section("tradeoff", words(_("What answering costs: cases served against core work")), [words(_(
        "The share of departments' hours that goes to streets' requests, whistles and repairs is not set: it comes out "
        "of attention and of what is assessed."))])
    if not shares(results.plan.regimes[1:]):
        section.text.append(words(_("`chuishao run sigma` gives the whole curve, over the shares of assessment from "
                                    "below.")))
    names = [words.measure(MEASURES[m]) for m in SHOWN]
    panels = [(capital(words.region(region)), _points(part, results.plan.regimes[0], words))
              for region, part in table.groupby("region", sort=False)]
    chart = tradeoff(panels, names, words(_("departments' hours that answer streets")))
    section.blocks.append(Figure("trade-off" + tag(results, regimes), svg(chart, section.title), table, words(_(
        "Hollow: {base}. σ: share of assessment from below, of streets / of departments. Bars: 95 % interval of the "
        "paired difference, drawn at the mean.", base=words.regime(results.plan.regimes[0])))))
    return section


def _points(part: pd.DataFrame, base: str, words: Words) -> pd.DataFrame:
    """Points as the chart wants them; joined where they are one curve, named on the first measure."""
    one_curve, names = part["regime"].nunique() == 2, shares([r for r in part["regime"].unique() if r != base])
    table = part.assign(x=part["answering"], y=part["value"], first=part["regime"] == base,
                        name=part["measure"].map(lambda m: words.measure(MEASURES[m])), text="")
    table["line"] = table["name"] if one_curve else None
    for column in ("low", "high"):
        table[column] = table[column] if column in table else float("nan")
    told = table["measure"] == SHOWN[0]
    table.loc[told, "text"] = [names.get(regime, words.regime(regime)) for regime in table.loc[told, "regime"]]
    return table[["x", "y", "low", "high", "name", "first", "line", "text"]].sort_values("x")
