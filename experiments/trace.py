"""What `chuishao trace` does: one case, directive or person followed under several regimes, side by side."""

from __future__ import annotations

import json
from collections import defaultdict

import click
import numpy as np
from rich import box
from rich.table import Table

from languages.text import _
from model.errors import InputError
from model.governance import GovernanceModel
from model.history import NAMES, PEOPLE, Entry, count_of, history, place_of
from model.scenario import load_scenario

from .console import console
from .options import changed, log_of, regime_names
from .progress import get_ready
from .words import Words

SUGGESTED = 12
"""Cases that are named where nobody was asked for."""


def trace(*, region: str, regimes: str, seed: int, case: int | None, directive: int | None, person: str | None,
          changes: tuple[str, ...], needs: str | None, as_json: bool, lang: str) -> int:
    """Follow what was asked for, or name cases worth following.

    Raises:
        InputError: wrong input, found before any run starts.
    """
    words, names = Words(lang), regime_names(regimes)
    kind, index = _asked(case, directive, person)
    scenario = load_scenario(region, **changed(changes), **log_of(needs))
    get_ready()
    start = GovernanceModel(scenario, names[0], rng=seed)
    if kind is None:
        return _suggest(start.run(scenario.burn_in), names, words, as_json)
    before = history(start, kind, index, scenario.burn_in)
    sides = {name: [*before, *history(start.fork(name), kind, index)] for name in names}
    place = place_of(start, kind, index)
    if as_json:
        told = {name: [entry.plain(words) for entry in entries] for name, entries in sides.items()}
        click.echo(json.dumps({"kind": kind, "index": index, "place": words(place), "region": region,
                               "seed": seed, "regimes": told}, ensure_ascii=False, allow_nan=False))
        return 0
    out = console()
    out.print(words(_("{what} {index}, {region}, seed {seed}; days count from the switch, people from 1",
                          what=NAMES[kind], index=_("{index} ({place})", index=index, place=place) if place else index,
                          region=words.region(region), seed=seed)))
    out.print(_table(sides, words))
    return 0


def _asked(case: int | None, directive: int | None, person: str | None) -> tuple[str | None, int]:
    """Kind and number of what is to be followed; no kind where nothing was named."""
    given = [("case", case), ("directive", directive), ("person", person)]
    if sum(value is not None for _kind, value in given) > 1:
        raise InputError(_("--case, --directive and --person exclude each other; give one"))
    if person is None:
        return next(((kind, value) for kind, value in given if value is not None), (None, 0))
    kind, _sign, number = person.partition(":")
    if kind not in PEOPLE or not number.isdigit():
        raise InputError(_("--person {person!r} is not KIND:NUMBER; write e.g. --person cadre:12 (kinds: {kinds})",
                           person=person, kinds=", ".join(PEOPLE)))
    return kind, int(number)


def _table(sides: dict[str, list[Entry]], words: Words) -> Table:
    """A row a day on which something happened on any side, a column a regime."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), show_edge=False, show_lines=False)
    table.add_column(words(_("day")), justify="right", no_wrap=True)
    days: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, entries in sides.items():
        table.add_column(words.regime(name), ratio=1, overflow="fold")
        for entry in entries:
            if entry.hours is None or entry.hours >= 0.05:  # less prints as zero
                days[entry.day][name].append(_line(entry, words))
    for day in sorted(days):
        table.add_row(str(day), *("\n".join(days[day][name]) for name in sides))
    return table


def _line(entry: Entry, words: Words) -> str:
    hours = "" if entry.hours is None else words(_("{hours:.1f} h", hours=entry.hours))
    what = words(entry.what)
    if entry.who is not None:
        what = words(_("{who}: {what}", who=entry.who, what=entry.what))
    return f"{what} {hours}".rstrip()


def _suggest(start: GovernanceModel, names: tuple[str, ...], words: Words, as_json: bool) -> int:
    """Name cases whose ends differ most between the first two regimes."""
    ends = [start.fork(name).run().problems for name in names[:2]]
    born = ends[0].born[:count_of(start, "case")]
    waits = [np.where(p.closed >= 0, p.closed, start.scenario.horizon)[:len(born)] - born for p in ends]
    both = (born >= start.scenario.burn_in) & (ends[0].voiced[:len(born)] >= 0) & (ends[1].voiced[:len(born)] >= 0)
    apart = np.where(both, np.abs(waits[0] - waits[1]), -1)
    rows = [int(row) for row in np.argsort(-apart, kind="stable")[:SUGGESTED] if apart[row] > 0]
    if as_json:
        click.echo(json.dumps({"cases": rows}))
        return 0
    click.echo(words(_("Name what to follow: --case N, --directive N or --person KIND:N (kinds: {kinds}).",
                           kinds=", ".join(PEOPLE))))
    click.echo(words(_("Cases that end on the most different days: {cases}.", cases=words.list(map(str, rows)))))
    return 0
