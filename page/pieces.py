"""Small pieces the lab is put together from."""

from __future__ import annotations

from collections.abc import Callable

import solara


@solara.component_vue("vue/pick.vue")
def Pick(label: str, items: list, value: str, tabs: bool, event_pick: Callable):
    """One of a few, all in sight; as tabs or as choices."""


@solara.component_vue("vue/select.vue")
def Select(label: str, name: str, items: list, value: str, event_pick: Callable):
    """One of many, from a list."""


@solara.component_vue("vue/chart.vue")
def Chart(name: str, label: str, option: dict, height: int):
    """A chart of ECharts, drawn as SVG so that it can be taken away; `label` says in words what it shows."""
