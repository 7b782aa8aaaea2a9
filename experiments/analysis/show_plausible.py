"""What plausible worlds say, as tables and sentences for people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pandas as pd
from rich.table import Table

from languages.text import Text, _, _p, listed
from model.errors import InputError
from model.levels import LEVELS
from model.measures import MEASURES
from model.scenario import PARAMETERS

from .. import design
from ..plan import SweepPlan
from ..store import open_results
from ..table import grid, number, or_none
from ..words import Words
from .plausible import (
    OUTCOMES,
    Tree,
    Turn,
    Worlds,
    deciding,
    failure_box,
    known_outcome,
    outcome_label,
    shares,
    tree,
    turning,
    worlds,
)
from .show import limits, of_regimes, put

TOP = 6
SHARES_KEY = _("A share of worlds is no probability: the ranges are ours. A world gains where the paired difference is "
               "better than 0, told apart or not. Ranges × ½ and × 2: every range drawn half and twice as wide. "
               "Filter on: only worlds where layered looks like layered. Simulated, not a forecast.")
INDEX_KEY = _("Index: share of the variance of the gain that goes with a number alone (RBD-FAST); below `chance` it "
              "cannot be told from nothing. More of it: what more of the number does to the gain.")
DISTANCE_KEY = _("Distance: the root of the sum of squares of all moves, 1 being the end of a number's own range. By a "
                 "line fitted to the gains.")


def show_plausible(*, folder: Path, measure: str | None, regime: str | None, lang: str) -> int:
    """Print the answer over plausible worlds, for every regime or that asked for."""
    results, words = open_results(folder), Words(lang)
    outcome = known_outcome(measure or primary(results.plan))

    def show(_regime: str, some: list[Worlds]) -> None:
        for one in some:
            _show(one, outcome, words, brief=measure is None)

    return of_regimes(results, regime, words, lambda r: worlds(results, r), show,
                      [SHARES_KEY, INDEX_KEY, DISTANCE_KEY])


def primary(plan: SweepPlan) -> str:
    """The plan's primary measure, if it is an outcome."""
    return plan.primary if plan.primary in OUTCOMES else OUTCOMES[0]


def _show(of: Worlds, outcome: str, words: Words, brief: bool) -> None:
    click.echo(words(heading(of, words)))
    put(grid(*share_table(of, words, share_text)))
    for one in OUTCOMES if brief else (outcome,):
        try:
            click.echo(words(sentence(of, one)))
        except InputError as error:
            click.echo(words(_("Not shown: {regime}: {why}.", regime=words.region(of.region), why=error.text)))
            return
    put(_numbers(deciding(of, outcome).head(TOP), words))
    put(grid([words(tree_sentence(found := tree(of, outcome)))], ([line] for line in tree_lines(found, words))))
    box, turn = failure_box(of, outcome), turning(of, outcome)
    if len(box.limits):
        put(limits(box, words))
    if turn.moves:
        put(_moves(turn, words))


def heading(of: Worlds, words: Words) -> Text:
    """How many worlds there are and count."""
    return _("{region}: {regime} against {base} in {n} worlds of {numbers} numbers; in {counts} of them layered looks "
             "like layered ({bands}).", region=words.region(of.region), regime=words.regime(of.regime),
             base=words.regime(of.plan.regimes[0]), n=len(of.table), numbers=of.place.shape[1],
             counts=int(of.table["counts"].sum()), bands=listed(
                 f"{words.measure(MEASURES[name])} {low:g}–{high:g}"
                 for name, (low, high) in of.plan.plausible.bands.items()))


def share_table(of: Worlds, words: Words, cell: Callable[[Any], Any]) -> tuple[list[str], list[list[Any]]]:
    """Shares of worlds that gain: heads and rows, a row an outcome, a column a width and filter; last, all worlds."""
    columns = [(width, filtered) for width in of.plan.plausible.widths for filtered in (True, False)]
    found = shares(of).set_index(["outcome", "width", "filtered"])
    rows = [[words(outcome_label(outcome)), *(cell(found.loc[(outcome, *column)]) for column in columns)]
            for outcome in OUTCOMES]
    rows.append([words(_("worlds")), *(str(int(found.loc[(OUTCOMES[0], *column)]["worlds"])) for column in columns)])
    return [words(_("gains in")), *(words(
        _("× {width:g}, filter on", width=width) if filtered else _("× {width:g}, off", width=width))
        for width, filtered in columns)], rows


def share_text(row: Any) -> str:
    """A share with its interval, in percent."""
    if not row["worlds"]:
        return "–"
    return f"{row['gains']:.0%} ({100 * row['low']:.0f}–{100 * row['high']:.0f})"


def sentence(of: Worlds, outcome: str) -> Text:
    """What decides an outcome, where it fails, and how near it turns, in a line."""
    return _("{outcome}: {numbers}; {failure}; {turn}.", outcome=outcome_label(outcome), numbers=_decided(of, outcome),
             failure=_failure(of, outcome), turn=_turn(of, outcome))


def _decided(of: Worlds, outcome: str) -> Text:
    index = deciding(of, outcome)
    told = index[index["S1"] > index["chance"]].head(3).to_dict("records")
    if not told:
        return _("no number alone decides more than chance")
    return _("most decided by {list}", list=listed([f"{row['parameter']} {row['S1']:.2f}" for row in told]))


def _failure(of: Worlds, outcome: str) -> Text:
    box = failure_box(of, outcome)
    told = {"worse": box.worse, "points": box.points}
    if box.worse == 0:
        return _("worse in none of {points} worlds", **told)
    if not len(box.limits):
        return _("worse in {worse} of {points} worlds, which no limits set apart", **told)
    limits = listed([f"{row['parameter']} {limit_text(row)}" for row in box.limits.to_dict("records")])
    return _("worse in {worse} of {points} worlds, {coverage:.0%} of them with {limits}, where {density:.0%} are worse",
             **told, coverage=box.coverage, density=box.density, limits=limits)


def _turn(of: Worlds, outcome: str) -> Text:
    turn = turning(of, outcome)
    if turn.distance is None:
        return _("by the fitted line it turns nowhere within the doubled ranges")
    return _("by the fitted line (R² {fit:.2f}) it turns {distance:.1f} away, a drawn world lying {typical:.1f}",
             distance=turn.distance, typical=turn.typical, fit=turn.fit)


def limit_text(row: dict[str, Any]) -> str:
    """A limit of a box: one-sided where it is."""
    low, high = row["low"] > row["least"] + 1e-9, row["high"] < row["most"] - 1e-9
    if low and high:
        return f"{row['low']:.3g}–{row['high']:.3g}"
    return f"> {row['low']:.3g}" if low else f"< {row['high']:.3g}"


def number_label(name: str, words: Words) -> str:
    """What a drawn number is called."""
    if name in PARAMETERS:
        return words.parameter(name)
    if name in LEVELS:
        return f"{words(LEVELS[name].label)} ({name})"
    return words(_("worth of a directive") if name == design.WORTH_OF + "value_got" else _("worth of a core job"))


def _numbers(found: pd.DataFrame, words: Words) -> Table:
    """The numbers that decide."""
    heads = [_p("column", "number"), _p("index", "index"), _("± 95 %"), _p("index", "chance"), _("more of it")]
    return grid(map(words, heads), ([
        number_label(row["parameter"], words), number(row["S1"], 2), number(or_none(row["S1_conf"]), 2),
        number(row["chance"], 2), words(_p("more of it", "helps") if row["slope"] > 0 else _p("more of it", "hurts"))]
        for row in found.to_dict("records")))


def tree_lines(found: Tree, words: Words) -> list[str]:
    """The tree, a line a branch."""
    lines = []
    for row in found.lines:
        gains = words(_("{share:.0%} of {n} gain", share=row["gains"], n=row["worlds"]))
        if row["parameter"] is None:
            lines.append(words(_("all worlds that count: {gains}", gains=gains)))
        else:
            side = ">" if row["above"] else "≤"
            lines.append(f"{'  ' * row['depth']}{row['parameter']} {side} {row['value']:.3g}: {gains}")
    return lines


def tree_sentence(found: Tree) -> Text:
    """How good the tree is."""
    return _("A tree of at most three questions gets {right:.0%} right (cross-validated); the commoner sign alone "
             "{most:.0%}.", right=found.right, most=found.most)


def _moves(turn: Turn, words: Words) -> Table:
    """The largest moves to the nearest turn."""
    heads = [_("nearest turn moves"), _p("move", "from"), _p("move", "to"), _("of its range")]
    return grid(map(words, heads), ([
        number_label(row["parameter"], words), f"{row['own']:.3g}", f"{row['value']:.3g}",
        number(row["place"], 2, True)] for row in turn.moves))
