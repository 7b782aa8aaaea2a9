"""What sections are made of."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from ..store import Results


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
    """A chapter of the report, or a part of the chapter before it."""

    key: str
    title: str
    text: list[str] = field(default_factory=list)
    blocks: list[Figure | Table | str] = field(default_factory=list)
    """In this order; a str is code."""
    level: int = 2
    """2: a chapter, 3: a part of one."""


def tag(results: Results, regimes: list[str]) -> str:
    """What tells the files of one regime's figures from those of others; empty where there is one other."""
    return f"-{regimes[0]}" if len(regimes) == 1 and len(results.plan.regimes) > 2 else ""
