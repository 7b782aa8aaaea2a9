"""What the views `story`, `results` and `method` share."""

from __future__ import annotations

import solara


@solara.component_vue("vue/views.vue")
def Style():
    """Tables, chips and soft words."""
