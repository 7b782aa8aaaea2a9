"""The open diary: the day of whoever was chosen in the picture; it follows the days."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reacton.ipyvuetify as rv
import solara

from languages.text import say

from .. import state
from ..diary import within_street
from ..words import word
from . import tables
from .tables import Table
from .visitor import Visitor


@solara.component_vue("vue/diary.vue")
def Head(which: str, title: str, words: dict, note: str, event_close: Callable, event_next: Callable):
    """Whose diary it is, and a way to close it."""


def person(me: Visitor, kind: str, index: int, step: int) -> tuple[str, int]:
    """Kind and index as the engine counts: a grid is shown by one of its residents, `step` further on."""
    sc = me.definition.value.scenario
    if kind != "grid":
        return kind, index
    street, grid = within_street(sc, "cadre", index)
    people, cadres = sc.by_street("residents"), sc.by_street("cadres")[street]
    first, last = (-(-g * people[street] // cadres) for g in (grid, grid + 1))
    return "resident", sum(people[:street]) + min(first + step % max(last - first, 1), people[street] - 1)


@solara.component
def Diary(me: Visitor):
    """What the chosen one did today."""
    lang, chosen = state.lang.value, me.chosen.value
    frame, _ = me.frame.value, me.pulse.value
    step, set_step = solara.use_state(0)
    if chosen is None or me.session is None:
        return
    side, kind, index = chosen
    diary = me.session.diary(side, *person(me, kind, index, step))
    if not diary:
        return
    which, title = "AB"[side], say(diary["title"], lang)
    day = max((frame["day"] if frame else 0) - 1, 0)
    with rv.Html(tag="aside", class_=f"cs-card cs-side-{which}",
                 attributes={"aria-label": title, "data-test": "diary"}):
        Head(which=which, title=title, note=_desk(diary, lang), event_close=lambda _=None: me.choose(None),
             words={"close": word("close", lang), "next": word("next_resident", lang) if kind == "grid" else ""},
             event_next=lambda _=None: set_step(step + 1))
        month = kind == "grid"
        Table(name="day-hours", caption=word("diary_month" if month else "diary_caption", lang, day=day + 1),
              rows=tables.diary_rows(diary, lang),
              head=[word(key, lang) for key in ("activity", "hours", "note")])
        _Worked(diary["items"], lang)
        Table(name="stands", caption=word("stands", lang), head=["", ""],
              rows=[{"cells": [word(key, lang), f"{value:g}"]} for key, value in diary["state"]])


def _desk(diary: dict[str, Any], lang: str) -> str:
    desk = diary.get("desk")
    return word("desk_of", lang, number=desk["number"], staff=desk["staff"]) if desk else ""


@solara.component
def _Worked(items: list[dict], lang: str):
    """What was worked on."""
    if not items:
        return
    rv.Html(tag="h3", children=[word("worked_on", lang)])
    with rv.Html(tag="ul", class_="cs-worked"):
        for item in items:
            hours = "" if item["hours"] is None else f" · {item['hours']:.2f} h"
            done = " ✓" if item["done"] else ""
            rv.Html(tag="li", children=[f"{word(item['act'], lang)}: {say(item['text'], lang)}{hours}{done}"])
