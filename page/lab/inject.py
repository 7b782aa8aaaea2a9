"""Make something happen today on both sides at once."""

from __future__ import annotations

from collections.abc import Callable

import solara

from languages.text import say

from .. import state
from ..words import word
from .panels import KINDS, kind_words
from .visitor import Visitor


@solara.component_vue("vue/inject.vue")
def Panel(words: dict, kinds: list, streets: list, departments: list, busy: bool, event_happen: Callable):
    """Buttons, one a kind, with street and department."""


@solara.component
def Inject(me: Visitor):
    """The bar at the foot of the picture."""
    lang, scenario = state.lang.value, me.definition.value.scenario
    Panel(words={key: word(key, lang) for key in ("inject", "where", "domain")}, busy=me.busy.value,
          kinds=[{"name": kind, "label": kind_words(lang)[kind]} for kind in KINDS],
          streets=[say(scenario.street_name(k), lang) for k in range(scenario.streets)],
          departments=[say(scenario.department_name(k), lang) for k in range(scenario.departments)],
          event_happen=lambda what: me.inject(what["kind"], int(what["street"]), int(what["domain"])))
