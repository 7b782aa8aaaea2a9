"""The view `method`."""

from __future__ import annotations

import solara

from . import state
from .words import say


@solara.component
def Page():
    """What is seen."""
    solara.HTML(tag="h1", unsafe_innerHTML=say("method", state.lang.value))
