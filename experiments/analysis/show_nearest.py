"""What `chuishao nearest` prints."""

from __future__ import annotations

from typing import Any

import click

from languages.text import Text, _, _p
from model.scenario import load_scenario

from ..nearest import CANDIDATES, QUARTERS, STRONGEST, Turn
from ..plan import SweepPlan
from ..runs import region_of
from ..table import grid
from ..words import Words
from .show import put, signed, span

OUTCOMES: dict[str, Text] = {"served_cases": _("cases"), "worth": _("cases + directives + core jobs, worth 1 : 1 : 1")}
SIGNS: dict[int, Text] = {-1: _p("nearest", "loses"), 1: _p("nearest", "gains")}


def show_nearest(plan: SweepPlan, found: dict[str, Any], words: Words) -> int:
    """Print the nearest settings at which each regime gains and loses; returns the exit code."""
    click.echo(words(_(
        "The nearest settings at which a regime gains or loses against {base}. {names} numbers, each alone moved to "
        "both ends of its range; then of each answer the {strongest} strongest, alone and two at a time, in {steps} "
        "steps; {seeds} paired seeds. A setting counts if the 95 % interval lies beyond 0, and if, as one of the "
        "{few} nearest, it does so again on {seeds} fresh seeds. Distance: shares of the ranges moved through, added "
        "up.", base=words.regime(plan.regimes[0]), names=len(found["names"]), strongest=STRONGEST,
        steps=len(QUARTERS), seeds=found["seeds"], few=CANDIDATES)))
    heads = [_("region"), _("regime"), _p("nearest", "outcome"), _p("nearest", "it"), _p("nearest", "at"),
             _("distance"), _("difference"), _("95 % interval")]
    bases = {region_of(one): one for one in (load_scenario(r, **plan.fixed) for r in plan.regions)}
    put(grid(map(words, heads), ([
        words.region(turn.region), words.regime(turn.regime), words(OUTCOMES[turn.outcome]), words(SIGNS[turn.sign]),
        words(_at(turn, bases[turn.region], words)), "–" if turn.distance is None else f"{turn.distance:.2f}",
        signed(turn.difference), span(turn.low, turn.high)] for turn in found["turns"])))
    if found["failed"]:
        click.echo(words(_("{n} runs failed; see `chuishao status` of the folders.", n=found["failed"])), err=True)
    return 1 if found["failed"] else 0


def _at(turn: Turn, base: Any, words: Words) -> Text | str:
    if turn.point is None:
        return _("none found")
    if not turn.point:
        return _("as it is")
    return words.list(f"{name} {getattr(base, name):g} → {value:g}" for name, value in turn.point.items())
