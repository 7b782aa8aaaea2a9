"""Published figures with year, source and mark, read from published.toml, where they live once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from languages.text import Text

LEVELS = ("0.25", "0.40", "0.45", "0.67")
"""Formalism shares that can be fitted to."""


@dataclass(frozen=True)
class Published:
    """A figure: a share or a ratio."""

    key: str
    value: float
    source: str
    """Number in the list of facts; empty: chosen by us."""
    mark: str
    """found or chosen."""
    label: Text
    days: tuple[int, int] = (0, 0)
    """First and last day since the switch of the time it speaks of, the last excluded; (0, 0): the whole run."""

    @property
    def rate(self) -> str:
        """What is measured: the key without its time."""
        return self.key.rpartition("_")[0] or self.key


@cache
def published() -> dict[str, Published]:
    """All figures by key."""
    table = tomllib.loads((Path(__file__).parent / "published.toml").read_text(encoding="utf-8"))
    return {key: Published(key, row["value"], row["source"], row["mark"], Text(row["label"]),
                           (row.get("from", 0), row.get("to", 0))) for key, row in table.items()}
