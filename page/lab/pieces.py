"""Small pieces the lab is put together from."""

from __future__ import annotations

from collections.abc import Callable

import solara

from .. import bundle


@solara.component_vue("vue/pick.vue")
def Tabs(label: str, items: list, value: str, event_pick: Callable):
    """One of a few, all in sight."""


@solara.component_vue("vue/select.vue")
def Select(label: str, name: str, items: list, value: str, event_pick: Callable):
    """One of many, from a list."""


@solara.component_vue("vue/chart.vue")
def _Drawn(name: str, label: str, specs: list, numbers: list, source: str):
    """Panels drawn by Vega."""


@solara.component
def Chart(name: str, label: str, specs: list, numbers: list):
    """A chart, drawn as SVG so that it can be taken away: panels of `page.charts` with their numbers.

    `label` says in words what it shows.
    """
    _Drawn(name=name, label=label, specs=specs, numbers=numbers, source=bundle.address())
