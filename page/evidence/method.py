"""The view `method`: the essay's mechanisms, rules as code, every number with its source, limits, versions."""

from __future__ import annotations

import solara

from .. import state, views
from ..words import word
from .method_data import everything

TABS = ("mechanisms", "rules", "parameters", "measures", "switches", "limits", "versions")
MARKS = ("found", "calibrated", "unverified", "assumed")
WORDS = ("evidence", "method_lead", "filter", "all_marks", "rich_short", "difficult_short", "range", "unit", "basis",
         "source", "returns", "given", "variants", "better_way", "nothing_found", "reform_switch", "control_arm", "by",
         "simulated")


@solara.component_vue("vue/method.vue")
def Method(tables: dict, words: dict, tabs: list, marks: list):
    """Tabs with tables."""


@solara.component
def Page():
    """The whole view."""
    lang = state.lang.value
    tables = solara.use_memo(lambda: everything(lang), [lang])
    views.Style()
    Method(tables=tables, words={key: word(key, lang) for key in (*WORDS, *(f"{tab}_lead" for tab in TABS))},
           tabs=[{"key": key, "label": word(f"tab_{key}", lang)} for key in TABS],
           marks=[{"key": key, "label": word(f"mark_{key}", lang)} for key in MARKS])
