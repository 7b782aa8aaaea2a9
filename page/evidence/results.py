"""Saved results of the view `evidence`: a folder of `chuishao run` or `compare --out` on this server."""

from __future__ import annotations

import sqlite3
import threading
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import solara
import solara.lab

from model.errors import InputError

from .. import settings, state
from ..lab.visitor import rules_of
from ..words import word
from ..words_engine import said_by
from . import downloads
from .points import picked
from .results_data import view
from .shelf import Entry, entries, entry, open_entry, open_named

WORDS = ("evidence", "results_lead", "folders", "no_folders", "no_folders_how", "reading", "kind_run", "kind_compare",
         "answer_title", "neutral_title", "effects_title", "effects_note", "map_title", "map_note", "curve_title",
         "curve_note", "ablation_title", "ablation_note", "table_title", "failures_title", "headline", "picked_title",
         "picked_seeds", "picked_same", "picked_default", "picked_close", "better_word", "worse_word", "open_word",
         "points_of_cell", "pick", "take_runs", "take_report")
_reading = threading.Lock()


@solara.component_vue("vue/results.vue")
def Found(folders: list, root: str, chosen: str, busy: bool, wrong: str, told: dict, pick: dict, words: dict, lang: str,
          file: dict | None, event_choose=None, event_take_spot=None, event_against=None, event_fetch=None):
    """The shelf, and what the chosen folder says."""


@solara.component
def Results():
    """The section."""
    lang, dark = state.lang.value, state.dark.value
    router = solara.use_router()
    chosen, choose = solara.use_state(_asked(router.search))
    spot, pick = solara.use_state(None)
    regime, against = solara.use_state("")
    file, give = solara.use_state(None)
    shelf = entries(settings.results_root())
    task = solara.lab.use_task(lambda: read(chosen, lang, regime, dark), dependencies=[chosen, lang, regime, dark],
                               prefer_threaded=True)
    told = task.value if task.finished and task.value else {}
    here = told if told.get("folder") == chosen and told.get("lang") == lang else {}
    Found(folders=[{"name": e.name, "kind": e.kind, "at": f"{datetime.fromtimestamp(e.changed):%Y-%m-%d %H:%M}"}
                   for e in shelf], root=settings.results_root().name, chosen=chosen, busy=bool(chosen and not here),
          wrong=here.get("wrong", ""), told=here.get("view", {}), pick=_pick(chosen, spot, lang),
          words={key: word(key, lang) for key in WORDS}, lang=lang, file=file,
          event_choose=lambda name: (pick(None), against(""), choose(name)), event_take_spot=pick,
          event_against=against, event_fetch=lambda what: give(_taken(chosen, what, lang)))


def _asked(search: str | None) -> str:
    from urllib.parse import parse_qs

    return parse_qs((search or "").lstrip("?")).get("folder", [""])[0]


def read(name: str, lang: str, regime: str = "", dark: bool = False) -> dict[str, Any]:
    """What the folder of a name says about a regime, or the one sentence why it cannot be read."""
    if not name:
        return {}
    told: dict[str, Any] = {"folder": name, "lang": lang}
    try:
        found = entry(settings.results_root(), name)
        return {**told, "view": _view(settings.results_root().resolve(), found, lang, regime, dark)}
    except (InputError, sqlite3.Error, OSError, ValueError) as error:  # broken, locked or gone meanwhile
        return {**told, "wrong": _cannot_read(error, lang)}


@lru_cache(maxsize=8)
def _view(root: Path, found: Entry, lang: str, regime: str, dark: bool) -> dict[str, Any]:
    with _reading:  # one after the other: large folders take memory
        return view(open_entry(root, found), lang, regime or None, dark)


def _pick(name: str, spot: dict[str, Any] | None, lang: str) -> dict[str, Any]:
    if not spot:
        return {}
    try:
        return picked(open_named(settings.results_root(), name), int(spot["point"]), str(spot["region"]),
                      str(spot["regime"]), lang, offered())
    except (InputError, sqlite3.Error, OSError, KeyError, ValueError) as error:
        return {"why_not": _cannot_read(error, lang), "seeds": [], "values": [], "old": ""}


def _taken(name: str, what: str, lang: str) -> dict[str, Any] | None:
    try:
        return downloads.of_folder(open_named(settings.results_root(), name), what, lang)
    except (InputError, sqlite3.Error, OSError, ValueError):  # gone meanwhile: the list says so at the next look
        return None


def _cannot_read(error: Exception, lang: str) -> str:
    return word("cannot_read", lang, error=said_by(error))


def offered() -> dict[str, str]:
    """Texts of the rules this server offers, by name."""
    return {name: source.text for name, source in rules_of().items()}
