"""Prints a fit: the numbers, the figures, how well these tell those, and the warning."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from languages.text import Listed, _, _p, listed
from languages.text import Text as Said

from ..table import capital, ends, grid, number, or_none, wrapped
from ..words import Words
from .fit import TOLERANCE, Fit
from .problem import Observed
from .published import TARGETS, warning

MISSED = 2.0
"""Scales by which a goal may be missed before the model is said not to reach it."""
EDGE = 0.005
"""Share of the range searched within which a value lies at its edge."""
MARKS = {"found": _p("figure", "found"), "chosen": _("chosen")}


def show(found: Fit, fresh: Observed, seeds: int, words: Words, out: Console) -> None:
    """Print it all."""
    problem = found.problem
    region = words.region(problem.scenario.name or problem.scenario.region)
    title = _("Fit of {target} in {region}, {regime}: simulated, not a forecast",
              target=TARGETS[problem.name], region=region, regime=words.regime(problem.regime))
    effort = _("{sets} sets of values, seeds each (the same for all): {seeds}. Latin hypercube, Gauss–Newton, "
               "Nelder–Mead, profiles of the loss.", sets=len(found.tried), seeds=seeds)
    out.print(Text(capital(words(title)), style="bold"))
    out.print(wrapped(words(effort), out.width), soft_wrap=True)
    out.print()
    out.print(_parameters(found, words))
    out.print(_figures(found, fresh, words))
    for sentence in sentences(found):
        out.print(wrapped(words(sentence), out.width), soft_wrap=True)
    out.print(wrapped(words(warning(problem.name)), out.width), style="bold", soft_wrap=True)


def sentences(found: Fit) -> list[Said]:
    """How near, how well told, and what stands in for what."""
    best, goals = found.best, found.problem.goals
    misses = found.problem.misses(best.seen)
    worst = int(abs(misses).argmax())
    name = goals[worst].figure.label
    said = [_("Loss {start:.2f} → {best:.2f}: the sum of squared misses, each in units of what counts as one off. "
              "Furthest off: {worst} ({miss:+.2f}).",
              start=found.start.loss, best=best.loss, worst=name, miss=misses[worst])]
    if abs(misses[worst]) > MISSED:
        said.append(_("The model does NOT reach these figures: the best set is still {miss:.1f} off on {worst}.",
                      miss=abs(misses[worst]), worst=name))
    said.append(_("“Fits as well”: smallest and largest value among the {n} sets whose loss is at most {tolerance:g} "
                  "above the best. Not a confidence interval. Where it covers most of the range, these figures do not "
                  "tell the number.", n=len(found.accepted()), tolerance=TOLERANCE))
    if edge := [f.name for f, u in zip(found.problem.free, best.u, strict=True) if not EDGE < u < 1 - EDGE]:
        said.append(_("At the edge of the range searched: {names}.", names=listed(edge)))
    if trade := found.trade_off():
        said.append(_("{a} and {b} stand in for each other most: correlation {r:+.2f} among these sets.",
                      a=trade[0], b=trade[1], r=trade[2]))
    for k, free in enumerate(found.problem.free):
        points = [_("{value:.3g}: {loss:.2f}", value=v, loss=loss) for v, loss in found.profile(k)]
        said.append(_("{name}: least loss found near: {points}.", name=free.name, points=Listed(points, _("; "))))
    return said


def _parameters(found: Fit, words: Words) -> Table:
    heads = [_("parameter"), _("start"), _("fitted"), _("fits as well"), _("searched"), _("of range")]
    return grid(map(words, heads), ([
        f.name, f"{found.start.values[f.name]:.4g}", f"{found.best.values[f.name]:.4g}", ends(*found.interval(f.name)),
        ends(f.low, f.high), f"{found.open_share(k):.0%}"] for k, f in enumerate(found.problem.free)), 1)


def _figures(found: Fit, fresh: Observed, words: Words) -> Table:
    rows: list[list[Any]] = []
    for head, figures in ((_("Fitted to"), [g.figure for g in found.problem.goals]),
                          (_("Held out"), found.problem.held_out)):
        rows += [[Text(words(head), style="italic")]] * bool(figures)
        for f in figures:
            mark = words(MARKS[f.mark])
            rows.append([words(f.label), f"{f.value:.3f}", f"[{f.source}] {mark}" if f.source else mark, *(
                number(or_none(seen.get(f.key)), 3) for seen in (found.start.seen, found.best.seen, fresh))])
    heads = [_("figure"), _("value"), _p("figure", "from"), _p("figure", "start"), _p("figure", "fitted"),
             _("fresh seeds")]
    return grid(map(words, heads), rows, 1)
