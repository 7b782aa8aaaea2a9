"""The answer over plausible worlds: how often each outcome gains, which numbers decide, where it fails and turns."""

from __future__ import annotations

from typing import Any

import pandas as pd

from languages.text import Text, _, _p
from model.errors import InputError

from ..analysis.differences import BETTER, OPEN, WORSE
from ..analysis.plausible import OUTCOMES, Worlds, deciding, outcome_label, shares, tree, turning, worlds
from ..analysis.show_plausible import (
    DISTANCE_KEY,
    INDEX_KEY,
    SHARES_KEY,
    TOP,
    heading,
    number_label,
    sentence,
    share_table,
    share_text,
    tree_lines,
    tree_sentence,
)
from ..charts.intervals import bars
from ..charts.look import svg
from ..store import Results
from ..table import capital, number, or_none
from ..words import Words
from .parts import Figure, Section, Table, tag

KIND = "plausible"
ALONE = ("neutrality", KIND)
"""Sections of a folder of such worlds: what is about points or means over them says nothing there."""
HALF = 0.5
"""More than this share of the worlds are most of them."""


def section(results: Results, words: Words, regimes: list[str]) -> Section | None:
    """Shares of worlds by outcome, then what decides each."""
    if results.plan.design.kind != KIND:
        return None
    made = of_shares(results, words, regimes)
    for one in worlds(results, regimes[0]):
        made.blocks += _deciding(one, results, words, regimes)
    made.text += [words(INDEX_KEY), words(DISTANCE_KEY)]
    return made


def of_shares(results: Results, words: Words, regimes: list[str]) -> Section:
    """In what share of the worlds each outcome gains."""
    some = worlds(results, regimes[0])
    made = Section(KIND, words(_("Over plausible worlds")), [words(heading(one, words)) for one in some])
    made.text.append(words(SHARES_KEY))
    found = pd.concat([shares(one).assign(region=one.region) for one in some], ignore_index=True)
    made.blocks.append(Figure(f"plausible{tag(results, regimes)}", svg(_draw(found, some, words), made.title), found,
                              words(_("Share of the worlds that count in which each outcome gains, ranges as they are; "
                                      "lines: 95 % interval; blue: most surely gain, orange: most surely do not."))))
    made.blocks += [Table(*share_table(one, words, lambda row: (share_text(row), _verdict(row))),
                          caption=capital(words.region(one.region))) for one in some]
    return made


def _draw(found: pd.DataFrame, some: list[Worlds], words: Words) -> Any:
    labels, panels = [words(outcome_label(name)) for name in OUTCOMES], []
    for one in some:
        rows = found[(found["region"] == one.region) & (found["width"] == one.plan.plausible.widths[0])
                     & found["filtered"]].copy()
        rows = rows.assign(row=rows["outcome"].map(OUTCOMES.index), difference=rows["gains"],
                           verdict=[_verdict(row) for row in rows.to_dict("records")])
        rows = rows.astype(dict.fromkeys(("difference", "low", "high"), float))
        panels.append((capital(words.region(one.region)), rows))
    return bars(panels, labels, columns=len(panels), signed=False, spans=[(0.0, 1.0)] * len(panels))


def _verdict(row: dict[str, Any]) -> str:
    """What most worlds do, told apart."""
    if or_none(row["low"]) is None:
        return OPEN
    return BETTER if row["low"] > HALF else WORSE if row["high"] < HALF else OPEN


def _deciding(of: Worlds, results: Results, words: Words, regimes: list[str]) -> list[Any]:
    """The deciding numbers of every outcome as a table, the sentence on each, and the primary's tree."""
    try:
        said = [[words(sentence(of, name))] for name in OUTCOMES]
        index = pd.concat([deciding(of, name).assign(outcome=name) for name in OUTCOMES], ignore_index=True)
        moves = pd.DataFrame([{"outcome": name, **move} for name in OUTCOMES for move in turning(of, name).moves])
        primary = results.plan.primary if results.plan.primary in OUTCOMES else OUTCOMES[0]
        grown = tree(of, primary)
    except InputError as error:
        return [Table([words(_p("table", "not shown"))], [[words.error(error)]])]
    rows = [[words(outcome_label(row["outcome"])), number_label(row["parameter"], words), number(row["S1"], 2),
             number(or_none(row["S1_conf"]), 2), number(row["chance"], 2), number(row["slope"], 2, True)]
            for name in OUTCOMES for row in index[index["outcome"] == name].head(TOP).to_dict("records")]
    end = f"{tag(results, regimes)}-{of.region}"
    head = [words(_("outcome")), words(_p("column", "number")), words(_p("index", "index")), words(_("± 95 %")),
            words(_p("index", "chance")), words(_("rank correlation"))]
    return [Table([words(_("What decides, where it fails, where it turns"))], said, f"plausible-turns{end}", moves),
            Table(head, rows, f"plausible-numbers{end}", index, wide=2),
            "\n".join([f"{words(outcome_label(primary))}. {words(tree_sentence(grown))}", *tree_lines(grown, words)])]


def answer(results: Results, words: Words, regime: str) -> list[str]:
    """Three sentences: what gains in most worlds, what does not, and what is open."""
    some = worlds(results, regime)
    told: dict[str, dict[str, list[str]]] = {BETTER: {}, WORSE: {}, OPEN: {}}
    for one in some:
        found = shares(one)
        found = found[(found["width"] == one.plan.plausible.widths[0]) & found["filtered"]]
        for row in found.to_dict("records"):
            share = share_text(row)
            told[_verdict(row)].setdefault(row["outcome"], []).append(f"{words.region(one.region)} {share}")
    a, b = words.regime(results.plan.regimes[0]), words.regime(regime)
    return [words(_("Of the plausible worlds that count, {b} gains on {a} in most for: {list}.", a=a, b=b,
                    list=_claims(told[BETTER], words))),
            words(_("In most it does not for: {list}.", list=_claims(told[WORSE], words))),
            words(_("Neither told apart: {list}.", list=_claims(told[OPEN], words)))]


def _claims(found: dict[str, list[str]], words: Words) -> str | Text:
    if not found:
        return _p("claims", "nothing")
    return words(_p("between claims", "; ")).join(
        f"{words(outcome_label(name))} ({words.list(places)})" for name, places in found.items())
