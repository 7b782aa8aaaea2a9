"""Prints a fit: the numbers, the figures, how well these tell those, and the warning."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..table import capital, ends, wrapped
from .fit import TOLERANCE, Fit
from .problem import Observed
from .published import Published
from .said import FitWords

MISSED = 2.0
"""Scales by which a goal may be missed before the model is said not to reach it."""
EDGE = 0.005
"""Share of the range searched within which a value lies at its edge."""


def show(found: Fit, fresh: Observed, seeds: int, words: FitWords, out: Console) -> None:
    """Print it all."""
    problem = found.problem
    region = words.region(problem.scenario.name or problem.scenario.region)
    out.print(Text(capital(words("fit_title", target=words(problem.name), region=region,
                                 regime=words.regime(problem.regime))), style="bold"))
    out.print(wrapped(words("effort", sets=len(found.tried), seeds=seeds), out.width), soft_wrap=True)
    out.print()
    out.print(_parameters(found, words))
    out.print(_figures(found, fresh, words))
    for sentence in sentences(found, words):
        out.print(wrapped(sentence, out.width), soft_wrap=True)
    out.print(wrapped(words.warning(problem.name), out.width), style="bold", soft_wrap=True)


def sentences(found: Fit, words: FitWords) -> list[str]:
    """How near, how well told, and what stands in for what."""
    best, goals = found.best, found.problem.goals
    misses = found.problem.misses(best.seen)
    worst = int(abs(misses).argmax())
    name = label(goals[worst].figure, words)
    said = [words("loss", start=found.start.loss, best=best.loss, worst=name, miss=misses[worst])]
    if abs(misses[worst]) > MISSED:
        said.append(words("missed", miss=abs(misses[worst]), worst=name))
    said.append(words("accepted", n=len(found.accepted()), tolerance=TOLERANCE))
    if edge := [f.name for f, u in zip(found.problem.free, best.u, strict=True) if not EDGE < u < 1 - EDGE]:
        said.append(words("edge", names=words.list(edge)))
    if trade := found.trade_off():
        said.append(words("trade", a=trade[0], b=trade[1], r=trade[2]))
    for k, free in enumerate(found.problem.free):
        points = words("between").join(words("at", value=v, loss=loss) for v, loss in found.profile(k))
        said.append(words("profile", name=free.name, points=points))
    return said


def label(figure: Published, words: FitWords) -> str:
    """A figure's name."""
    return figure.zh if words.zh else figure.en


def _parameters(found: Fit, words: FitWords) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for key in ("parameter", "start", "fitted", "as_good", "searched", "covers"):
        table.add_column(words(key), justify="left" if key == "parameter" else "right")
    for k, f in enumerate(found.problem.free):
        table.add_row(f.name, f"{found.start.values[f.name]:.4g}", f"{found.best.values[f.name]:.4g}",
                      ends(*found.interval(f.name)), ends(f.low, f.high), f"{found.open_share(k):.0%}")
    return table


def _figures(found: Fit, fresh: Observed, words: FitWords) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(words("figure"), overflow="fold")
    for key in ("value", "origin", "before", "after", "fresh"):
        table.add_column(words(key), justify="right", no_wrap=True)
    groups = {"goals": [g.figure for g in found.problem.goals], "held": list(found.problem.held_out)}
    for key, figures in groups.items():
        if figures:
            table.add_row(Text(words(key), style="italic"))
        for f in figures:
            origin = f"[{f.source}] {words(f.mark)}" if f.source else words(f.mark)
            table.add_row(label(f, words), f"{f.value:.3f}", origin, *(
                _number(seen.get(f.key)) for seen in (found.start.seen, found.best.seen, fresh)))
        table.add_section()
    return table


def _number(value: float | None) -> str:
    return "–" if value is None or value != value else f"{value:.3f}"
