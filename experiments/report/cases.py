"""A real case log beside the model: what was done with it, and how long cases wait."""

from __future__ import annotations

from languages.text import _

from ..compare import notes_of, waits_of
from ..store import Results
from ..table import capital, waiting_heads, waiting_rows
from ..words import Words
from .parts import Section, Table


def section(results: Results, words: Words, regimes: list[str]) -> Section | None:
    """Notes on the log, and its waiting times beside the model's; None where no log was used."""
    notes = notes_of(results, words.lang)
    if not notes or len(results.plan.points()) > 1:
        return None
    section = Section("cases", words(_("Real cases")))
    for region, told in notes.items():
        section.text += [words(_("{region}: {text}", region=capital(words.region(region)), text=note)) for note in told]
        if waits := waits_of(results, region):
            section.blocks.append(Table(waiting_heads(waits, words), waiting_rows(waits, words),
                                        caption=capital(words.region(region))))
    return section
