"""What plausible worlds say, as tables and sentences for people and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
from rich.table import Table

from languages.text import Text, _, _p, listed, say
from model.errors import InputError
from model.levels import LEVELS
from model.scenario import PARAMETERS

from .. import design
from ..store import open_results
from ..table import number, or_none
from ..words import Words
from .nearest import walk
from .plausible import (
    OUTCOMES,
    Turn,
    Worlds,
    deciding,
    failure_box,
    known_outcome,
    outcome_label,
    shares,
    turning,
    worlds,
)
from .regimes import chosen
from .show import _box, _each, _ended, _json, _limits, _out, _plain, _say, _span, _table

TOP = 6
SHARES_KEY = _("A share of worlds is no probability: the ranges are ours. A world gains where the paired difference is "
               "better than 0, told apart or not. Ranges × ½ and × 2: every range drawn half and twice as wide. "
               "Filter on: only worlds where layered looks like layered. Simulated, not a forecast.")
INDEX_KEY = _("Index: share of the variance of the gain that goes with a number alone (RBD-FAST); below `chance` it "
              "cannot be told from nothing. More of it: what more of the number does to the gain.")
DISTANCE_KEY = _("Distance: the root of the sum of squares of all moves, 1 being the end of a number's own range. By a "
                 "line fitted to the gains; --check SEEDS runs the worlds on the way.")


def show_plausible(*, folder: Path, measure: str | None, regime: str | None, check: int, as_json: bool, lang: str
                   ) -> int:
    """Print the answer over plausible worlds, for every regime or that asked for."""
    results = open_results(folder)
    primary = results.plan.primary if results.plan.primary in OUTCOMES else OUTCOMES[0]
    outcome = known_outcome(measure or primary)
    found, lost = _each(chosen(results, regime), lambda r: worlds(results, r))
    if as_json:
        told = {r: {one.region: told_of(one, check, [outcome] if measure else OUTCOMES) for one in some}
                for r, some in found.items()}
        first = next(iter(told))
        return _json(results, measure=outcome, regime=first, regions=told[first], regimes=told, not_shown=lost)
    for some in found.values():
        for one in some:
            _show(one, outcome, check, lang, brief=measure is None)
    _say(SHARES_KEY, lang)
    _say(INDEX_KEY, lang)
    _say(DISTANCE_KEY, lang)
    return _ended(results, lang, lost)


def told_of(of: Worlds, check: int, outcomes: Any = OUTCOMES) -> dict[str, Any]:
    """All of one region as JSON has it; `why_not` where worlds are too few."""
    told: dict[str, Any] = {"worlds": len(of.table), "counted": int(of.table["counts"].sum()),
                            "shares": [_plain(row) for row in shares(of).to_dict("records")], "outcomes": {}}
    for outcome in outcomes:
        try:
            turn = turning(of, outcome)
            told["outcomes"][outcome] = {
                "numbers": [_plain(row) for row in deciding(of, outcome).to_dict("records")],
                "box": _box(failure_box(of, outcome)), "turn": asdict(turn),
                "walk": [_plain(row) for row in walk(of, outcome, turn, check).to_dict("records")] if check else []}
        except InputError as error:
            told["outcomes"][outcome] = {"why_not": str(error)}
    return told


def _show(of: Worlds, outcome: str, check: int, lang: str, brief: bool) -> None:
    _say(heading(of, lang), lang)
    _out(share_table(of, lang))
    for one in OUTCOMES if brief else (outcome,):
        try:
            _say(sentence(of, one), lang)
        except InputError as error:
            _say(_("Not shown: {regime}: {why}.", regime=Words(lang).region(of.region), why=error.text), lang)
            return
    _out(number_table(deciding(of, outcome).head(TOP), lang))
    box = failure_box(of, outcome)
    if len(box.limits):
        _out(_limits(box, lang))
    turn = turning(of, outcome)
    if turn.moves:
        _out(move_table(turn, lang))
    if check:
        _out(walk_table(walk(of, outcome, turn, check), lang))


def heading(of: Worlds, lang: str) -> Text:
    """How many worlds there are and count."""
    words = Words(lang)
    return _("{region}: {regime} against {base} in {n} worlds of {numbers} numbers; in {counts} of them layered looks "
             "like layered ({bands}).", region=words.region(of.region), regime=words.regime(of.regime),
             base=words.regime(of.plan.regimes[0]), n=len(of.table), numbers=of.place.shape[1],
             counts=int(of.table["counts"].sum()), bands=listed(bands(of.plan, words)))


def bands(plan: Any, words: Words) -> list[str]:
    """What layered must look like."""
    from model.measures import MEASURES

    return [f"{words.measure(MEASURES[name])} {low:g}–{high:g}" for name, (low, high) in plan.plausible.bands.items()]


def share_table(of: Worlds, lang: str) -> Table:
    """Shares of worlds that gain: a row an outcome, a column a width and filter."""
    found = shares(of)
    table = _table([_("gains in"), *(width_label(width, filtered) for width, filtered in _columns(of))], lang)
    for outcome in OUTCOMES:
        rows = found[found["outcome"] == outcome].set_index(["width", "filtered"])
        table.add_row(say(outcome_label(outcome), lang), *(share_text(rows.loc[c]) for c in _columns(of)))
    counted = found[found["outcome"] == OUTCOMES[0]].set_index(["width", "filtered"])
    table.add_row(say(_("worlds"), lang), *(str(int(counted.loc[c]["worlds"])) for c in _columns(of)))
    return table


def _columns(of: Worlds) -> list[tuple[float, bool]]:
    return [(width, filtered) for width in of.plan.plausible.widths for filtered in (True, False)]


def width_label(width: float, filtered: bool) -> Text:
    """What a column of shares is of."""
    return (_("× {width:g}, filter on", width=width) if filtered else _("× {width:g}, off", width=width))


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


def number_label(name: str, lang: str) -> str:
    """What a drawn number is called."""
    words = Words(lang)
    if name in PARAMETERS:
        return words.parameter(name)
    if name in LEVELS:
        return f"{words(LEVELS[name].label)} ({name})"
    return say(_("worth of a directive") if name == design.WORTH_OF + "value_got" else _("worth of a core job"), lang)


def number_table(found: pd.DataFrame, lang: str) -> Table:
    """The numbers that decide."""
    head = [_p("column", "number"), _p("index", "index"), _("± 95 %"), _p("index", "chance"), _("more of it")]
    table = _table(head, lang)
    for row in found.to_dict("records"):
        table.add_row(number_label(row["parameter"], lang), number(row["S1"], 2), number(or_none(row["S1_conf"]), 2),
                      number(row["chance"], 2), say(_p("more of it", "helps") if row["slope"] > 0 else
                                                    _p("more of it", "hurts"), lang))
    return table


def move_table(turn: Turn, lang: str) -> Table:
    """The largest moves to the nearest turn."""
    table = _table([_("nearest turn moves"), _p("move", "from"), _p("move", "to"), _("of its range")], lang)
    for row in turn.moves:
        table.add_row(number_label(row["parameter"], lang), f"{row['own']:.3g}", f"{row['value']:.3g}",
                      number(row["place"], 2, True))
    return table


def walk_table(found: pd.DataFrame, lang: str) -> Table:
    """The worlds on the way, as they were run."""
    table = _table([_("way to the turn"), _("distance"), _("pairs"), _("gain"), _("95 % interval"),
                    _("looks like layered")], lang)
    for row in found.to_dict("records"):
        table.add_row(f"{row['step']:.0%}", number(row["distance"], 1), str(row["pairs"]),
                      number(row["gain"], 3, True), _span(or_none(row["low"]), or_none(row["high"])),
                      say(_("yes") if row["counts"] else _("no"), lang))
    return table
