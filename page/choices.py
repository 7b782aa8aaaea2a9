"""Small things to choose with."""

from __future__ import annotations

from collections.abc import Callable

import solara


@solara.component_vue("vue/pick.vue")
def Pick(label: str, items: list, value: str, tabs: bool, event_pick: Callable):
    """One of a few, all in sight; as tabs or as choices."""


@solara.component_vue("vue/select.vue")
def Select(label: str, name: str, items: list, value: str, event_pick: Callable):
    """One of many, from a list."""
