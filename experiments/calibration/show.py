"""Prints a fit: the numbers, the figures, how well these tell those, and the warning."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from languages.text import Listed, _, _p, listed, say
from languages.text import Text as Said

from ..table import capital, ends, wrapped
from ..words import Words
from .fit import TOLERANCE, Fit
from .problem import Observed
from .said import TARGETS, warning

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
    out.print(Text(capital(say(title, words.lang)), style="bold"))
    out.print(wrapped(say(effort, words.lang), out.width), soft_wrap=True)
    out.print()
    out.print(_parameters(found, words))
    out.print(_figures(found, fresh, words))
    for sentence in sentences(found):
        out.print(wrapped(say(sentence, words.lang), out.width), soft_wrap=True)
    out.print(wrapped(say(warning(problem.name), words.lang), out.width), style="bold", soft_wrap=True)


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
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(say(_("parameter"), words.lang))
    for head in (_("start"), _("fitted"), _("fits as well"), _("searched"), _("of range")):
        table.add_column(say(head, words.lang), justify="right")
    for k, f in enumerate(found.problem.free):
        table.add_row(f.name, f"{found.start.values[f.name]:.4g}", f"{found.best.values[f.name]:.4g}",
                      ends(*found.interval(f.name)), ends(f.low, f.high), f"{found.open_share(k):.0%}")
    return table


def _figures(found: Fit, fresh: Observed, words: Words) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(say(_("figure"), words.lang), overflow="fold")
    for head in (_("value"), _p("figure", "from"), _p("figure", "start"), _p("figure", "fitted"), _("fresh seeds")):
        table.add_column(say(head, words.lang), justify="right", no_wrap=True)
    groups = ((_("Fitted to"), [g.figure for g in found.problem.goals]), (_("Held out"), found.problem.held_out))
    for head, figures in groups:
        if figures:
            table.add_row(Text(say(head, words.lang), style="italic"))
        for f in figures:
            mark = say(MARKS[f.mark], words.lang)
            table.add_row(say(f.label, words.lang), f"{f.value:.3f}", f"[{f.source}] {mark}" if f.source else mark, *(
                _number(seen.get(f.key)) for seen in (found.start.seen, found.best.seen, fresh)))
        table.add_section()
    return table


def _number(value: float | None) -> str:
    return "–" if value is None or value != value else f"{value:.3f}"
