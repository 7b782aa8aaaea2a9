"""What sections are made of."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from ..words import Words
from .said import SAID


@dataclass(frozen=True)
class Figure:
    """A picture and the numbers it shows."""

    name: str
    """Of its CSV file."""
    svg: str
    data: pd.DataFrame
    caption: str


@dataclass(frozen=True)
class Table:
    """Text in rows; a cell may be (text, mark), the mark being `better`, `worse` or `unresolved`."""

    head: list[str]
    rows: list[list[str | tuple[str, str]]]
    name: str = ""
    """Of its CSV file; empty: none."""
    data: pd.DataFrame | None = None
    caption: str = ""
    wide: int = 1
    """So many first columns hold words, the others numbers."""


@dataclass
class Section:
    """A chapter of the report."""

    key: str
    title: str
    text: list[str] = field(default_factory=list)
    blocks: list[Figure | Table | str] = field(default_factory=list)
    """In this order; a str is code."""


class ReportWords(Words):
    """The command line's words, and the report's own."""

    def __call__(self, key: str, **values: object) -> str:
        """The words of a key, with values filled in."""
        return SAID[key][self.zh].format(**values) if key in SAID else super().__call__(key, **values)
