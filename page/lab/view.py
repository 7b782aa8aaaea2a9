"""The lab on `/lab`: two regimes side by side, played day by day."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl

import reacton.ipyvuetify as rv
import solara

from languages.text import say
from model.measures import MEASURES

from .. import state, static
from ..answer import shown
from ..answer.pieces import PersonsDay, Picture, day_of
from ..answer.pieces import Style as Shared
from ..people import resident_of
from ..words import word
from .controls import Controls
from .inject import Inject
from .inputs import Inputs
from .panels import Headlines, Panels
from .regimes import RegimeOf
from .visitor import Visitor, visitor


@solara.component_vue("vue/lab_style.vue")
def Style():
    """Colours and spacing of the lab."""


@solara.component_vue("vue/alert.vue")
def Alert(name: str, text: str, details: str, words: dict, event_dismiss: Callable):
    """One sentence, with details to copy where there are some."""


@solara.component
def Sides(me: Visitor):
    """Both regimes, and the town under both today."""
    lang, frame, definition, _ = state.lang.value, me.frame.value, me.definition.value, me.pulse.value
    words = solara.use_memo(lambda: shown.stage_words(definition, lang), [definition.scenario, lang])
    with rv.Html(tag="div", class_="cs-sides"):
        for side in (0, 1):
            RegimeOf(me, side)
    if frame and frame["sides"]:
        names, so_far = list(definition.regimes), me.session.so_far(shown.SPINE_NAMES) if me.session else {}
        measures = {name: {"a": a, "b": b, "unit": MEASURES[name].unit, "better": "thin"}
                    for name, (a, b, _difference) in so_far.items()}
        with rv.Html(tag="div", class_="an an-free"):
            Picture(words=words, packet=frame, source=static.address("draw.js"), names=names, labels={}, regimes=[],
                    spine=shown.spine({"measures": measures}, lang), curves={}, happenings=[], chosen=me.chosen.value,
                    go={}, live=True, event_choose=me.chosen.set, event_seen=me.loop.seen)
    elif not me.failure.value:
        rv.Html(tag="p", class_="cs-wait", children=[waiting_for(me, lang)], attributes={"role": "status"})


def waiting_for(me: Visitor, lang: str) -> str:
    """Why there is no picture yet."""
    compiled = me.compiling.value
    return word("compiling", lang, done=compiled[0], all=compiled[1]) if compiled else word(
        "starting", lang, n=me.definition.value.scenario.burn_in)


@solara.component
def Day(me: Visitor):
    """The day of whoever was chosen in the picture; it follows the days."""
    lang, definition, chosen, _ = state.lang.value, me.definition.value, me.chosen.value, me.pulse.value
    if chosen is None or me.session is None:
        return
    kind, index = chosen["kind"], chosen["index"]
    if kind == "grid":
        kind, index = "resident", resident_of(definition.scenario, index, chosen.get("next", 0))
    day, made = me.session.day, me.session.person(kind, index)
    with rv.Html(tag="div", class_="an an-free"):
        PersonsDay(**day_of(chosen, made, day, definition, lang), busy=False, cases=[], life=None,
                   event_close=lambda _=None: me.chosen.set(None),
                   event_next=lambda _=None: me.chosen.set({**chosen, "next": chosen.get("next", 0) + 1}))


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
    Shared()
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
                Day(me)
