"""The lab on `/`: two regimes side by side, played day by day."""

from __future__ import annotations

from urllib.parse import parse_qsl

import reacton.ipyvuetify as rv
import solara

from . import state
from .controls import Controls
from .hierarchy import LEGEND, Legend, Side
from .visitor import Visitor, visitor
from .words import regime_label, say


@solara.component_vue("vue/lab_style.vue")
def Style():
    """Colours and spacing of the lab."""


@solara.component_vue("vue/pick.vue")
def Pick(label: str, items: list, value: str, tabs: bool, event_pick):
    """One of several; as tabs or as choices."""


@solara.component
def Sides(me: Visitor):
    """Both sides; on a phone one at a time."""
    lang, (shown, show) = state.lang.value, solara.use_state("A")
    names = me.definition.value.regimes
    with rv.Html(tag="div", class_="cs-pick-side"):
        Pick(label=say("tabs", lang), tabs=False, value=shown, event_pick=show, items=[
            {"name": which, "label": f"{which} {regime_label(name, lang)}"} for which, name in zip("AB", names, strict=True)])
    with rv.Html(tag="div", class_=f"cs-sides cs-only-{shown}"):
        Side(me, 0)
        Side(me, 1)
    Legend(words={"title": say("legend", lang), **{key: say("legend_" + key, lang) for key in LEGEND}})


@solara.component
def Page():
    """What is seen."""
    me, lang = visitor(), state.lang.value
    router = solara.use_router()
    solara.use_effect(lambda: me.begin(dict(parse_qsl(router.search or ""))) if me.session is None else None, [])
    rendered = me.playing.value
    solara.use_effect(me.rendered.set, [rendered])
    Style()
    rv.Html(tag="h1", children=[say("lab_title", lang)])
    Controls(me)
    with rv.Html(tag="div", class_="cs-lab"):
        rv.Html(tag="div", children=[])
        with rv.Html(tag="div"):
            Sides(me)
