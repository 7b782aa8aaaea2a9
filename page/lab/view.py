"""The lab on `/lab`: two regimes side by side, played day by day."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl

import reacton.ipyvuetify as rv
import solara

from languages.text import say

from .. import state
from ..words import regime_label, word
from .controls import Controls
from .diary_panel import Diary
from .hierarchy import LEGEND, Legend, Side
from .inject import Inject
from .inputs import Inputs
from .panels import Headlines, Panels
from .pieces import Pick
from .visitor import Visitor, visitor


@solara.component_vue("vue/lab_style.vue")
def Style():
    """Colours and spacing of the lab."""


@solara.component_vue("vue/alert.vue")
def Alert(name: str, text: str, details: str, words: dict, event_dismiss: Callable):
    """One sentence, with details to copy where there are some."""


@solara.component
def Sides(me: Visitor):
    """Both sides; on a phone one at a time."""
    lang, (shown, show) = state.lang.value, solara.use_state("A")
    names = me.definition.value.regimes
    with rv.Html(tag="div", class_="cs-pick-side"):
        Pick(label=word("tabs", lang), tabs=False, value=shown, event_pick=show, items=[
            {"name": which, "label": f"{which} {regime_label(name, lang)}"}
            for which, name in zip("AB", names, strict=True)])
    with rv.Html(tag="div", class_=f"cs-sides cs-only-{shown}"):
        Side(me, 0)
        Side(me, 1)
    Legend(words={"title": word("legend", lang), **{key: word("legend_" + key, lang) for key in LEGEND}})


@solara.component
def Notices(me: Visitor):
    """What did not fit, and why a run has stopped."""
    lang, failure = state.lang.value, me.failure.value
    words = {key: word(key, lang) for key in ("copy_details", "copied_details", "dismiss")}
    if failure:
        Alert(name="failure", text=say(failure.text, lang), details=failure.details, words=words,
              event_dismiss=lambda _=None: me.failure.set(None))
    for text in me.notices.value:
        Alert(name="notice", text=say(text, lang), details="", words=words,
              event_dismiss=lambda _=None: me.notices.set(()))


@solara.component
def Page():
    """What is seen."""
    me, lang = visitor(), state.lang.value
    router = solara.use_router()

    def stay() -> Callable[[], None]:
        me.arrive(dict(parse_qsl(router.search or "")))
        return me.pause

    solara.use_effect(stay, [])
    solara.use_effect(me.rendered.set, [me.playing.value])
    Style()
    rv.Html(tag="h1", class_="cs-lab-title", children=[word("lab_title", lang)])
    Controls(me)
    Notices(me)
    with rv.Html(tag="div", class_="cs-lab"):
        Inputs(me)
        with rv.Html(tag="div", class_="cs-main-column"):
            Sides(me)
            Inject(me)
            with rv.Html(tag="div", class_="cs-below cs-two" if me.chosen.value else "cs-below"):
                with rv.Html(tag="div"):
                    Headlines(me)
                    Panels(me)
                Diary(me)
