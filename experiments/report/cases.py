"""A real case log beside the model: what was done with it, and how long cases wait."""

from __future__ import annotations

from ..store import Results
from ..table import capital, waiting_rows
from .parts import ReportWords, Section, Table
from .source import Compared


def section(results: Results, words: ReportWords) -> Section | None:
    """Notes on the log and its waiting times; None where no log was used."""
    said = results.said if isinstance(results, Compared) else {}
    if not said.get("notes") and not said.get("waits"):
        return None
    section = Section("cases", words("cases_title"))
    for region, notes in said.get("notes", {}).items():
        section.text += [f"{capital(words.region(region))}: {note}" for note in notes]
    for region, waits in said.get("waits", {}).items():
        head = [words("waits"), *(words("log") if name == "log" else words.regime(name) for name in waits)]
        section.blocks.append(Table(head, waiting_rows(waits, words), caption=capital(words.region(region))))
    return section
