"""Saved results of the view `evidence`: a folder of `chuishao run` or `compare --out` on this server, as its report."""

from __future__ import annotations

import sqlite3
import threading
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import solara
import solara.lab

from experiments.report.build import page, sections
from experiments.report.effects import point_labels
from experiments.words import Words
from model.errors import InputError

from .. import settings, state
from ..lab.visitor import rules_of
from ..words import word
from ..words_engine import said_by
from . import downloads
from .points import picked
from .shelf import Entry, entries, entry, open_entry, open_named

WORDS = ("folders", "no_folders", "no_folders_how", "reading", "kind_run", "kind_compare", "take_runs",
         "take_report", "report_of", "pick_title", "pick_point", "pick_region", "pick_regime", "picked_seeds",
         "picked_same", "picked_default")
_reading = threading.Lock()


@solara.component_vue("vue/results.vue")
def Found(folders: list, root: str, chosen: str, busy: bool, wrong: str, report: str, choices: dict, pick: dict,
          words: dict, file: dict | None, event_choose=None, event_take_spot=None, event_fetch=None):
    """The shelf, and what the chosen folder says."""


@solara.component
def Results():
    """The section."""
    lang = state.lang.value
    router = solara.use_router()
    chosen, choose = solara.use_state(parse_qs((router.search or "").lstrip("?")).get("folder", [""])[0])
    spot, pick = solara.use_state(None)
    file, give = solara.use_state(None)
    shelf = entries(settings.results_root())
    task = solara.lab.use_task(lambda: read(chosen, lang), dependencies=[chosen, lang], prefer_threaded=True)
    told = task.value if task.finished and task.value else {}
    here = told if told.get("folder") == chosen and told.get("lang") == lang else {}
    Found(folders=[{"name": e.name, "kind": e.kind, "at": f"{datetime.fromtimestamp(e.changed):%Y-%m-%d %H:%M}"}
                   for e in shelf], root=settings.results_root().name, chosen=chosen, busy=bool(chosen and not here),
          wrong=here.get("wrong", ""), report=here.get("report", ""), choices=here.get("choices", {}),
          pick=_pick(chosen, spot, lang), words={key: word(key, lang) for key in WORDS}, file=file,
          event_choose=lambda name: (pick(None), choose(name)), event_take_spot=pick,
          event_fetch=lambda what: give(_taken(chosen, what, lang)))


def read(name: str, lang: str) -> dict[str, Any]:
    """The report of a folder and what of it the lab can open, or the one sentence why it cannot be read."""
    if not name:
        return {}
    told: dict[str, Any] = {"folder": name, "lang": lang}
    try:
        found = entry(settings.results_root(), name)
        return {**told, **_read(settings.results_root().resolve(), found, lang)}
    except (InputError, sqlite3.Error, OSError, ValueError) as error:  # broken, locked or gone meanwhile
        return {**told, "wrong": _cannot_read(error, lang)}


@lru_cache(maxsize=8)
def _read(root: Path, found: Entry, lang: str) -> dict[str, Any]:
    with _reading:  # one after the other: large folders take memory
        results, words = open_entry(root, found), Words(lang)
        plan = results.plan
        return {"report": page(results, sections(results, words), words), "choices": {
            "points": point_labels(plan.points(), words),
            "regions": [{"name": name, "label": words.region(name)} for name in results.regions],
            "regimes": [{"name": name, "label": words.regime(name)} for name in plan.regimes[1:]]}}


def _pick(name: str, spot: dict[str, Any] | None, lang: str) -> dict[str, Any]:
    if not spot:
        return {}
    try:
        return picked(open_named(settings.results_root(), name), int(spot["point"]), str(spot["region"]),
                      str(spot["regime"]), lang, {name: source.text for name, source in rules_of().items()})
    except (InputError, sqlite3.Error, OSError, KeyError, ValueError) as error:
        return {"why_not": _cannot_read(error, lang), "seeds": [], "values": [], "old": ""}


def _taken(name: str, what: str, lang: str) -> dict[str, Any] | None:
    try:
        return downloads.of_folder(open_named(settings.results_root(), name), what, lang)
    except (InputError, sqlite3.Error, OSError, ValueError):  # gone meanwhile: the list says so at the next look
        return None


def _cannot_read(error: Exception, lang: str) -> str:
    return word("cannot_read", lang, error=said_by(error))
