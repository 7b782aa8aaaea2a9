"""The frame round every view: name, ways to the views, language, theme."""

from __future__ import annotations

from collections.abc import Callable

import reacton.ipyvuetify as rv
import solara

from . import state
from .answer import view as answer
from .evidence import view as evidence
from .lab import view as lab
from .story import view as story
from .where import view as where
from .words import languages, word

VIEWS = {"answer": "/", "story": "/story", "where_fails": "/where", "evidence": "/evidence", "lab": "/lab"}
MOVED = {"/results": "evidence", "/method": "evidence"}
"""Addresses of before."""


@solara.component_vue("vue/bar.vue")
def Bar(words: dict, languages: list, views: list, here: str, lang: str, event_go: Callable, event_language: Callable,
        event_dark: Callable):
    """The bar at the top."""


@solara.component_vue("vue/style.vue")
def Style():
    """Colours, type and spacing of the whole page."""


def here(path: str) -> str:
    """Which view an address belongs to."""
    first = "/" + path.strip("/").partition("/")[0]
    return MOVED.get(first) or next((name for name, at in VIEWS.items() if at == first), "answer")


@solara.component
def Layout(children: list | None = None):
    """Bar, then the view."""
    router, lang = solara.use_router(), state.lang.value
    view = here(router.path)
    solara.Title(f"{word('name', lang)} · {word(view, lang)}")
    with rv.Html(tag="div", class_=f"cs cs-view-{view}"):
        Style()
        Bar(words={key: word(key, lang) for key in ("name", "claim", "to_dark", "to_light", "skip")},
            languages=languages(),
            views=[{"name": word(name, lang), "path": path} for name, path in VIEWS.items()],
            here=VIEWS[view], lang=lang, event_go=router.push, event_language=state.lang.set,
            event_dark=state.dark.set)
        with rv.Html(tag="main", attributes={"id": "main", "tabindex": "-1"}):
            solara.Column(children=children or [], gap="0", style={"width": "100%"})


routes = [
    solara.Route("/", component=answer.Page, layout=Layout, label="吹哨 Chuishao"),
    solara.Route("story", component=story.Page, label="Story"),
    solara.Route("where", component=where.Page, label="Where it fails"),
    solara.Route("evidence", component=evidence.Page, label="Evidence"),
    solara.Route("results", component=evidence.Page, label="Evidence"),
    solara.Route("method", component=evidence.Page, label="Evidence"),
    solara.Route("lab", component=lab.Page, label="Lab"),
]
