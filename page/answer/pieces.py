"""Parts of the answer view that the lab shows, too: the picture, and somebody's day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import solara

from languages.text import say

from ..definition import Definition
from ..words import word
from .day import person, waterfall

DRAWER = {"close": "close", "making_day": "making_day", "hours": "hours", "sum": "sum", "stands": "stands",
          "worked_on": "worked_on", "follow": "follow", "next": "next_person"}


@solara.component_vue("vue/style.vue")
def Style():
    """Colours and places of this view."""


@solara.component_vue("vue/picture.vue")
def Picture(words: dict, packet: dict, source: str, names: list, labels: dict, regimes: list, spine: list, curves: dict,
            happenings: list, chosen: dict | None, go: dict, live: bool = False, event_take: Callable | None = None,
            event_drop: Callable | None = None, event_choose: Callable | None = None,
            event_settle: Callable | None = None, event_seen: Callable | None = None):
    """Both sides day by day, drawn in the browser from a year that was sent once (`page.year.Year.packet`).

    `live`: of the last days only, which come one by one (`page.session.Session.snapshot`).
    """


@solara.component_vue("vue/drawer.vue")
def PersonsDay(words: dict, title: str, when: str, who: str, busy: bool, picked: int, person: dict | None, more: bool,
               why: dict | None, cases: list, life: dict | None, event_close: Callable, event_next: Callable,
               event_follow: Callable | None = None, event_jump: Callable | None = None):
    """Somebody's day on both sides."""


def day_of(chosen: Mapping[str, Any], made: Mapping[str, Any] | None, day: int, definition: Definition,
           lang: str) -> dict[str, Any]:
    """What somebody's day is told: `made` by `page.people.person_of`, None while it is being run."""
    grid = chosen["kind"] == "grid"
    when = word("drawer_grid", lang, grid=chosen["index"] + 1, day=day) if grid else word("drawer_day", lang, day=day)
    return {"words": {name: word(key, lang) for name, key in DRAWER.items()}, "when": when, "picked": chosen["side"],
            "title": say(made["title"], lang) if made else word("making_day", lang), "more": grid,
            "who": f"{chosen['kind']}-{chosen['index']}", "person": person(made, definition, lang),
            "why": waterfall(made.get("why") if made else None, day, lang)}
