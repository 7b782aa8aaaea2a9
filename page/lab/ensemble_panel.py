"""More seeds of the same comparison, run in the background: buttons, and what came out."""

from __future__ import annotations

from collections.abc import Callable

import reacton.ipyvuetify as rv
import solara

from languages.text import say
from model.measures import HEADLINES, MEASURES

from .. import state
from ..words import measure_label, word
from . import charts, tables
from .pieces import Chart, Select
from .visitor import Visitor

SEEDS = 10


@solara.component_vue("vue/seeds.vue")
def Seeds(words: dict, progress: float, done: int, running: bool, error: str, event_run: Callable,
          event_stop: Callable):
    """Buttons and progress."""


@solara.component
def EnsembleButtons(me: Visitor):
    """Start, more, stop; how far it is."""
    lang, _ = state.lang.value, me.pulse.value
    run = me.ensemble
    total = run.total if run else 0
    words = {"run": word("more_seeds" if run else "run_seeds", lang, n=SEEDS), "stop": word("stop", lang),
             "done": word("seeds_done", lang, done=run.pairs if run else 0, n=total)}
    error = say(run.error, lang) if run and run.error else ""
    Seeds(words=words, progress=run.progress if run else 0.0, done=run.pairs if run else 0, error=error,
          running=bool(run and not run.done), event_run=lambda _=None: me.run_seeds(SEEDS),
          event_stop=lambda _=None: me.stop_seeds())


@solara.component
def NoCurve(names: list[str]):
    """Which measures have no curve by day, if any."""
    lang = state.lang.value
    listed = ", ".join(measure_label(name, lang) for name in names)
    if names:
        rv.Html(tag="p", class_="cs-soft", attributes={"data-test": "no-curve"},
                children=[word("no_curve", lang, list=listed)])


@solara.component
def EnsemblePanel(me: Visitor):
    """The band of B − A by day, one dot a seed, and a table of all measures."""
    lang, dark, _ = state.lang.value, state.dark.value, me.pulse.value
    measure, set_measure = solara.use_state(HEADLINES[0])
    rv.Html(tag="p", children=[word("ensemble_text", lang)])
    EnsembleButtons(me)
    run = me.ensemble
    if not run or not run.pairs:
        return
    Select(label=word("measure", lang), name="ensemble", value=measure, event_pick=set_measure,
           items=[{"name": name, "label": measure_label(name, lang)} for name in MEASURES])
    found, title = run.band(measure), f"{measure_label(measure, lang)}: B − A"
    end = found["end"]
    said = tables.band_text(end, MEASURES[measure].unit, lang)
    if found["day"]:
        Chart(name="band-chart", specs=charts.band(f"{title} · {word('by_day', lang)}", dark),
              numbers=charts.band_numbers(found), label=f"{title}. {said}")
    NoCurve([name for name in [measure] if not MEASURES[name].daily])
    Chart(name="strip-chart", specs=charts.strip(f"{title} · {word('whole_run', lang)}", dark),
          numbers=charts.strip_numbers(run.differences(measure), end), label=f"{title}. {said}")
    rows = [_row(name, run.band(name)["end"], lang) for name in MEASURES]
    tables.Table(name="ensemble", caption=word("band", lang, n=run.pairs), rows=rows,
                 head=[word("measure", lang), "A", "B", word("band", lang, n=run.pairs)])


def _row(name: str, end: dict, lang: str) -> tables.Row:
    unit = MEASURES[name].unit
    return {"name": name, "looks": ["", "", tables.LOOKS[end["verdict"]]],
            "cells": [measure_label(name, lang), tables.number(end["a"], unit), tables.number(end["b"], unit),
                      tables.band_text(end, unit, lang)]}
