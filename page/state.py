"""What one visitor's page remembers while he goes from view to view; one of each per visitor."""

from __future__ import annotations

import solara

from .settings import language

lang = solara.reactive(language())
"""Language of all words, one of `languages.text.LANGUAGES`."""
dark = solara.reactive(False)
"""Dark theme; the browser decides, Python follows since charts are coloured here."""
