"""The frame round every view: name, ways to the views, language, theme."""

from __future__ import annotations

from collections.abc import Callable

import reacton.ipyvuetify as rv
import solara

from . import lab, method, results, state, story
from .words import languages, word

VIEWS = {"lab": "/", "story": "/story", "results": "/results", "method": "/method"}


@solara.component_vue("vue/bar.vue")
def Bar(words: dict, languages: list, views: list, here: str, lang: str, event_go: Callable, event_language: Callable,
        event_dark: Callable):
    """The bar at the top."""


@solara.component_vue("vue/style.vue")
def Style():
    """Colours, type and spacing of the whole page."""


@solara.component
def Layout(children: list | None = None):
    """Bar, then the view."""
    router, lang = solara.use_router(), state.lang.value
    here = next((name for name, path in VIEWS.items() if path == router.path), "lab")
    solara.Title(f"{word('name', lang)} · {word(here, lang)}")
    with rv.Html(tag="div", class_="cs"):
        Style()
        Bar(words={key: word(key, lang) for key in ("name", "claim", "to_dark", "to_light", "skip")},
            languages=languages(),
            views=[{"name": word(name, lang), "path": path} for name, path in VIEWS.items()],
            here=VIEWS[here], lang=lang, event_go=router.push, event_language=state.lang.set, event_dark=state.dark.set)
        with rv.Html(tag="main", attributes={"id": "main", "tabindex": "-1"}):
            solara.Column(children=children or [], gap="0", style={"width": "100%"})


routes = [
    solara.Route("/", component=lab.Page, layout=Layout),
    solara.Route("story", component=story.Page),
    solara.Route("results", component=results.Page),
    solara.Route("method", component=method.Page),
]
